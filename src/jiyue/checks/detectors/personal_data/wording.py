"""What is said of each kind of personal data. Message ids; `Finding.values` fills them."""

from collections.abc import Mapping
from types import MappingProxyType

from jiyue.checks.findings import marked as _

ONE: Mapping[str, str] = MappingProxyType({
    "id-number": _("出现公民身份号码"),
    "mobile": _("出现手机号码"),
    "landline": _("出现住宅电话"),
    "bank-card": _("出现银行卡号"),
    "account": _("出现个人账号"),
    "passport": _("出现护照或其他证件号码"),
    "e-mail": _("出现个人电子邮箱"),
    "plate": _("出现车牌号"),
    "address": _("出现家庭住址，具体到门牌号"),
    "birth-date": _("出现完整的出生日期"),
    "sensitive": _("姓名与敏感信息（%(fact)s）一起出现"),
    "minor": _("姓名与未成年人信息一起出现"),
})  # fmt: skip
MANY: Mapping[str, str] = MappingProxyType({
    "id-number": _("%(place)s 有 %(count)s 个公民身份号码"),
    "mobile": _("%(place)s 有 %(count)s 个手机号码"),
    "landline": _("%(place)s 有 %(count)s 个电话号码"),
    "bank-card": _("%(place)s 有 %(count)s 个银行卡号"),
    "account": _("%(place)s 有 %(count)s 个账号"),
    "passport": _("%(place)s 有 %(count)s 个证件号码"),
    "e-mail": _("%(place)s 有 %(count)s 个电子邮箱"),
    "plate": _("%(place)s 有 %(count)s 个车牌号"),
    "address": _("%(place)s 有 %(count)s 个家庭住址"),
    "birth-date": _("%(place)s 有 %(count)s 个出生日期"),
})  # fmt: skip
DOUBTS: Mapping[tuple[str, str], str] = MappingProxyType({
    ("id-number", "check-digit"): _("疑似公民身份号码，但校验码不对：可能抄错，也可能是示例"),
    ("id-number", "form"): _("注明是身份证号，但号码的日期、地区或位数不对"),
    ("id-number", "old"): _("疑似 15 位的旧身份证号"),
    ("mobile", "contact"): _("公开的联系电话是手机号码，请确认本人同意，或者改用办公电话"),
    ("bank-card", "no-word"): _("疑似银行卡号"),
    ("landline", "unsaid"): _("出现没有说明用途的电话号码，请确认不是住宅电话"),
})  # fmt: skip
RUN = frozenset(MANY)
OWN = _("出现本单位敏感个人信息词表中的词")
LOOK = _("删去，或者确认可以公开")
MASK = _("改为“%(masked)s”，或者删去")
MASK_ALL = _("全部打码（共 %(count)s 处），或者删去这一列")
ILL = _("%(place)s 把姓名与疾病、残疾信息（%(head)s）列在一起，共 %(count)s 人")
POOR = _("%(place)s 把姓名与救助、补贴信息（%(head)s）列在一起，共 %(count)s 人，请核对是否应当公示、公示到哪些项目")
YOUNG = _("%(place)s 是未成年人的名单（%(head)s），共 %(count)s 人，须按未成年人信息从严审查")
YOUNG_ID = _("%(count)s 个公民身份号码属于未成年人，须按未成年人信息从严审查")
BULK = _("一次公开 %(count)s 人的资料，每人有 %(kinds)s，汇聚后容易识别到个人")
DROP_NAMES = _("姓名打码，或者不公开这一项")
ASK_MINOR = _("删去或打码能识别未成年人的内容；确需公开的，取得监护人同意并写明依据")
LESS = _("只公开必要的项目，去掉能直接识别个人的列")
KINDS: Mapping[str, str] = MappingProxyType({
    "name": _("姓名"), "id-number": _("身份证号"), "mobile": _("手机号"), "landline": _("电话"), "bank-card": _("银行卡号"),
    "account": _("账号"), "passport": _("证件号"), "e-mail": _("电子邮箱"), "plate": _("车牌号"), "address": _("住址"),
    "birth-date": _("出生日期"),
})  # fmt: skip
