"""What is wrong with a field that staff typed for an applicant, in words."""

from django.utils.translation import gettext as _

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
