"""What is wrong with a field that staff typed for an applicant, in words."""

from django.utils.translation import gettext as _

from jiyue.domain.letter_files import FileRefused
from jiyue.domain.letters import Problem


def said(problem: Problem) -> str:
    """The sentence of a problem."""
    sentences = {
        "missing": _("请填写"), "not_a_choice": _("请从列出的选项里选一个"), "not_a_phone": _("这不像电话号码"),
        "not_an_email": _("这不像邮箱地址"), "no_contact": _("电话和邮箱至少填一样"),
        "missing_for_post": _("选了邮寄，请填写通信地址"), "missing_for_mail": _("选了电子邮件，请填写邮箱"),
        "not_an_id_card": _("这不是有效的居民身份证号码"), "not_a_credit_code": _("这不是有效的统一社会信用代码"),
        "too_short": _("太短了，至少 %(n)s 个字") % {"n": problem.limit},
        "too_long": _("太长了，最多 %(n)s 个字") % {"n": problem.limit},
    }  # fmt: skip
    return sentences[problem.code]


def refused(refusal: FileRefused) -> str:
    """Why a file cannot go with an answer."""
    sentences = {
        "empty": _("“%(name)s”是空文件，没有收下"), "too_large": _("“%(name)s”超过 5 MB，没有收下，请压缩后再选"),
        "program": _("“%(name)s”其实是程序，不能接收"),
        "wrong_type": _("“%(name)s”的类型不接收，请用照片、PDF、docx 或 xlsx"),
        "disguised": _("“%(name)s”的内容和扩展名不符，请确认没有改过文件名"),
        "damaged": _("“%(name)s”已损坏，打不开"), "macros": _("“%(name)s”含有宏，请另存为不含宏的文件再选"),
        "locked": _("“%(name)s”加了密码或者是旧格式，请去掉密码、另存为新格式再选"),
        "bomb": _("“%(name)s”解开后太大，不能接收"), "too_many": _("最多 %(limit)s 个附件，“%(name)s”没有收下"),
        "whole_too_large": _("附件合计超过 10 MB，“%(name)s”没有收下"),
    }  # fmt: skip
    return sentences[refusal.code] % {"name": refusal.name, "limit": refusal.limit}
