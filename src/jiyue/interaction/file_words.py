"""Why a file that staff brought is not taken, in words."""

from django.utils.translation import gettext as _

from jiyue.domain.letter_files import FileRefused


def refused(refusal: FileRefused) -> str:
    """The sentence of a refusal."""
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
