"""Detectors and severities in words, for people who never read a detector's name."""

from django.utils.translation import gettext_lazy as _

from jiyue.review.checking import Found

FAMILIES = {
    "personal-data": _("个人信息"), "secrecy": _("保密"), "hidden-link": _("隐藏链接"), "spam": _("垃圾信息"),
    "advertisement": _("商业推广"), "document": _("公文要素"), "wording": _("文字"), "link": _("链接"), "map": _("地图"),
    "emblem": _("国徽国旗"), "accessibility": _("无障碍"), "picture": _("图片"), "commercial": _("商业秘密"),
    "reprint": _("转载"),
}  # fmt: skip
DETECTORS = {
    "personal-data.id-number": _("身份证号"), "personal-data.mobile": _("手机号"), "personal-data.landline": _("固定电话"),
    "personal-data.bank-card": _("银行卡号"), "personal-data.passport": _("护照号"), "personal-data.e-mail": _("电子邮箱"),
    "personal-data.plate": _("车牌号"), "personal-data.address": _("家庭住址"), "personal-data.birth-date": _("出生日期"),
    "personal-data.sensitive": _("敏感个人情况"), "personal-data.account": _("账号"), "personal-data.minor": _("未成年人信息"),
    "personal-data.aggregation": _("个人信息汇聚"), "secrecy.mark": _("密级标志"), "secrecy.internal": _("内部标志"),
    "secrecy.work-secret": _("工作秘密"), "document.unreadable": _("无法读取的文件"), "document.number": _("发文字号"),
    "document.date": _("日期"), "document.index-number": _("索引号"), "document.articles": _("条款序号"),
    "document.issuer": _("发文机关"), "document.attachment": _("附件"), "document.metadata": _("公文信息"),
    "wording.confused": _("易混字词"), "wording.traditional": _("繁简转换"), "wording.name": _("姓名与职务"),
    "wording.punctuation": _("标点"),
    "advertisement.commercial": _("商业广告"), "advertisement.link": _("广告链接"), "reprint.altered": _("与原文不符"),
    "wording.doubled": _("重复字词"),
}  # fmt: skip


def detector_word(detector: str) -> str:
    """What a detector looks for, in a few characters; its family where it has no name of its own."""
    family = detector.partition(".")[0]
    return str(DETECTORS.get(detector) or FAMILIES.get(family) or detector)


def groups(found: list[Found]) -> list[tuple[str, int]]:
    """How often each kind was found, the most frequent first."""
    counts: dict[str, int] = {}
    for one in found:
        word = detector_word(one.detector)
        counts[word] = counts.get(word, 0) + 1
    return sorted(counts.items(), key=lambda each: -each[1])
