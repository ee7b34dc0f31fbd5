"""What staff fill in about a request. Shape only: table, part and reason are for the actions to say."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from jiyue.console.office.forms import FilesField, ManyFiles, Moment
from jiyue.console.rulebook.forms import Day
from jiyue.disclosure.charging import MOST
from jiyue.disclosure.grounds import is_confirmed_needed, payment_until
from jiyue.disclosure.models import AnswerFile, Consultation, Contest, Draft, Request
from jiyue.disclosure.stepping import LONGEST_REASON
from jiyue.disclosure.words import APPLICANTS, DECISIONS, DELIVERIES, FORMS, METHODS, REMEDIES, VERDICTS
from jiyue.domain.disclosure import Act
from jiyue.domain.disclosure_outcomes import BY_ITSELF, Verdict
from jiyue.domain.letters import IDENTITIES
from jiyue.estate.models import Site
from jiyue.interaction.policies import desks_of, takes_letters

REASONS = {
    Act.TRANSFER: gettext_lazy("转办的原因，申请人会看到"), Act.NOTIFY: gettext_lazy("请申请人补正什么，申请人会看到"),
    Act.LAPSE: gettext_lazy("情况说明，申请人会看到"), Act.ASK_TIME: gettext_lazy("延长的理由，批准后写进告知书"),
    Act.DENY_TIME: gettext_lazy("不同意的原因"), Act.WAIVE: gettext_lazy("撤销的原因，申请人会看到"),
    Act.DENY_FEE: gettext_lazy("不同意的原因，起草人会看到"),
    Act.SEND_BACK: gettext_lazy("退回的原因，起草人会看到"),
}  # fmt: skip
IDENTITY_NAMES = {
    "id_card": gettext_lazy("居民身份证"), "passport": gettext_lazy("护照"),
    "permit": gettext_lazy("港澳台居民居住证或者通行证"), "other": gettext_lazy("其他有效证件"),
}  # fmt: skip


class ActForm(forms.Form):
    """A button, and the version that was read: what somebody else did meanwhile is not overwritten."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, about: Request, act: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about, self.act = about, act
        self.fields["version"].initial = about.version
        if act in REASONS:
            self.fields["reason"] = lines(REASONS[Act(act)], LONGEST_REASON)


class TransferForm(ActForm):
    desk = forms.ModelChoiceField(label=gettext_lazy("单位"), queryset=Site.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group = desks_of(self.about.site).select_related("owner").exclude(pk=self.about.desk_id)
        field = self.fields["desk"]
        field.queryset = group.filter(pk__in=[site.pk for site in group if takes_letters(site)])
        field.label_from_instance = lambda site: site.owner.name
        self.order_fields(["version", "desk", "reason"])


class NotifyForm(ActForm):
    until = Day(label=gettext_lazy("补正期限"), help_text=gettext_lazy("规定要求留出合理的时间，没有写天数"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["version", "reason", "until"])


class CorrectForm(ActForm):
    text = forms.CharField(
        label=gettext_lazy("补正的内容"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )  # fmt: skip
    arrived_at = Moment(label=gettext_lazy("收到时间"), help_text=gettext_lazy("答复期限从这一天起算"))


class ConsultForm(ActForm):
    kind = forms.ChoiceField(label=gettext_lazy("征求谁的意见"), choices=Consultation.Kind.choices)
    party = forms.CharField(label=gettext_lazy("名称"), max_length=120)
    question = forms.CharField(
        label=gettext_lazy("征求什么意见"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写进征求意见书；不写申请人是谁"),
    )  # fmt: skip
    asked_at = Moment(
        label=gettext_lazy("对方收到时间"), help_text=gettext_lazy("从第二天起到收到意见，不计入答复期限")
    )


class OpinionForm(ActForm):
    consultation = forms.ModelChoiceField(
        label=gettext_lazy("谁的意见"), queryset=Consultation.objects.none(), empty_label=None
    )
    stance = forms.ChoiceField(label=gettext_lazy("意见"), choices=Consultation.Stance.choices)
    opinion = forms.CharField(
        label=gettext_lazy("意见内容"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    answered_at = Moment(label=gettext_lazy("收到意见时间"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["consultation"]
        field.queryset = self.about.consultations.filter(answered_at=None).select_related("request")
        field.label_from_instance = lambda one: one.party
        self.fields["answered_at"].initial = timezone.localtime()


class DraftForm(ActForm):
    """The decision with its grounds; where nobody has seen an article, the drafter vouches for it."""

    decision = forms.ChoiceField(
        label=gettext_lazy("答复类型"),
        choices=[(one.value, label) for one, label in DECISIONS.items() if one not in BY_ITSELF],
    )
    text = forms.CharField(
        label=gettext_lazy("理由和具体情况"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("开头、依据条文和救济途径由系统写好；不写申请人的姓名和证件"),
    )  # fmt: skip
    place = forms.CharField(
        label=gettext_lazy("获取途径，或者负责的机关和联系方式"), required=False, max_length=500,
        help_text=gettext_lazy("已经主动公开的、不属于本机关的必须写"),
    )  # fmt: skip
    keep = forms.ModelMultipleChoiceField(
        label=gettext_lazy("退回稿的附件，留下哪些"), queryset=AnswerFile.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    brought = FilesField(
        label=gettext_lazy("随答复提供的文件"), required=False, allow_empty_file=True,
        widget=ManyFiles(attrs={"accept": ".pdf,.docx,.xlsx,.jpg,.jpeg,.png,.webp"}),
        help_text=gettext_lazy(
            "申请人凭编号和查询码下载。PDF、docx、xlsx 或照片；最多 5 个，每个不超过 5 MB，"
            "合计不超过 10 MB。不应当公开的内容先遮去"
        ),
    )  # fmt: skip
    confirmed = forms.BooleanField(
        label=gettext_lazy("已核对条文和救济期限"), required=False,
        help_text=gettext_lazy("下面标着“出处未见”的，规则包没有见过原文，发出前由您核对现行法律"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        last = Draft.objects.filter(request=self.about, state=Draft.State.RETURNED).last()
        if last is not None:
            for name in ("decision", "text", "place"):
                self.fields[name].initial = getattr(last, name)
        brought = AnswerFile.objects.filter(draft=last).select_related("draft") if last else AnswerFile.objects.none()
        if brought:
            field = self.fields["keep"]
            field.queryset, field.initial = brought, [one.pk for one in brought]
            field.label_from_instance = lambda one: one.name
        else:
            del self.fields["keep"]


class ApproveForm(ActForm):
    opinion = forms.CharField(
        label=gettext_lazy("审核意见"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ChargeForm(ActForm):
    """The amount is computed; where the rules name no time to pay, the unit names a day and its grounds."""

    method = forms.ChoiceField(
        label=gettext_lazy("计费方式"), choices=[(one.value, label) for one, label in METHODS.items()],
        help_text=gettext_lazy("按件或者按量只选一种；金额由系统按收费标准算出"),
    )  # fmt: skip
    count = forms.IntegerField(label=gettext_lazy("件数或者页数"), min_value=1, max_value=MOST)
    before = forms.IntegerField(
        label=gettext_lazy("本月此前已计的件数"), min_value=0, max_value=MOST, initial=0,
        help_text=gettext_lazy("同一申请人一个自然月内，按件时填；按量不用"),
    )  # fmt: skip
    how = forms.CharField(
        label=gettext_lazy("怎么缴费"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("写进收费通知：缴到哪里、用什么方式、找谁"),
    )  # fmt: skip
    until = Day(label=gettext_lazy("缴费期限"))
    until_basis = forms.CharField(label=gettext_lazy("期限的依据"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if payment_until(self.about, timezone.now()):
            del self.fields["until"], self.fields["until_basis"]
            return
        hint = gettext_lazy("规则包没有写缴费期限（出处未见），由本单位确定并写明依据；本单位可以在规则包里补上")
        self.fields["until"].help_text = hint


class PayForm(ActForm):
    paid_on = Day(label=gettext_lazy("缴费日期"))
    receipt = forms.CharField(label=gettext_lazy("票据号"), max_length=80, required=False)


class DeliverForm(ActForm):
    means = forms.ChoiceField(label=gettext_lazy("送达方式"), choices=list(DELIVERIES.items()))
    on = Day(label=gettext_lazy("送达日期"))
    note = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["means"].initial = self.about.delivery
        self.fields["on"].initial = timezone.localdate()


class ContestForm(ActForm):
    remedy = forms.ChoiceField(
        label=gettext_lazy("种类"), choices=[(one.value, label) for one, label in REMEDIES.items()]
    )
    body = forms.CharField(label=gettext_lazy("受理机关"), max_length=120)
    begun_on = Day(label=gettext_lazy("受理日期"))


class SettleForm(ActForm):
    contest = forms.ModelChoiceField(label=gettext_lazy("哪一件"), queryset=Contest.objects.none(), empty_label=None)
    verdict = forms.ChoiceField(
        label=gettext_lazy("结果"),
        choices=[(one.value, label) for one, label in VERDICTS.items() if one != Verdict.PENDING],
    )
    ended_on = Day(label=gettext_lazy("审结日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["contest"]
        field.queryset = self.about.contests.filter(verdict=Verdict.PENDING)
        field.label_from_instance = lambda one: f"{one.get_remedy_display()} {one.body}"


class RegisterForm(forms.Form):
    """A request that came by hand, post or fax."""

    source = forms.ChoiceField(
        label=gettext_lazy("收件方式"), choices=[one for one in Request.Source.choices if one[0] != Request.Source.WEB]
    )
    received_at = Moment(
        label=gettext_lazy("收到时间"),
        help_text=gettext_lazy("当面的是提交之日，邮寄的是签收之日，传真的是双方确认之日"),
    )
    title = forms.CharField(label=gettext_lazy("信息名称"), max_length=100)
    document_number = forms.CharField(label=gettext_lazy("文号"), max_length=60, required=False)
    text = forms.CharField(
        label=gettext_lazy("其他特征描述"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )  # fmt: skip
    form = forms.ChoiceField(label=gettext_lazy("提供形式"), choices=list(FORMS.items()))
    delivery = forms.ChoiceField(label=gettext_lazy("获取方式"), choices=list(DELIVERIES.items()))
    applicant = forms.ChoiceField(
        label=gettext_lazy("申请人类别"), choices=[(one.value, label) for one, label in APPLICANTS.items()]
    )
    name = forms.CharField(label=gettext_lazy("姓名或者单位名称"), max_length=60)
    id_kind = forms.ChoiceField(
        label=gettext_lazy("证件（自然人）"), required=False,
        choices=[("", gettext_lazy("不是自然人")), *((one, IDENTITY_NAMES[one]) for one in IDENTITIES)],
    )  # fmt: skip
    id_number = forms.CharField(label=gettext_lazy("证件号码（自然人）"), max_length=40, required=False)
    credit_code = forms.CharField(label=gettext_lazy("统一社会信用代码（单位）"), max_length=24, required=False)
    representative = forms.CharField(label=gettext_lazy("法定代表人或者负责人（单位）"), max_length=40, required=False)
    agent = forms.CharField(label=gettext_lazy("联系人（单位）"), max_length=40, required=False)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=40, required=False)
    email = forms.CharField(label=gettext_lazy("电子邮箱"), max_length=120, required=False)
    address = forms.CharField(label=gettext_lazy("通信地址"), max_length=120, required=False)


def lines(label: Any, longest: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": 3}))


def unsourced(about: Request) -> list[str]:
    """The decisions whose article or remedies nobody has seen, for the note under the form."""
    return [str(label) for one, label in DECISIONS.items() if one not in BY_ITSELF and is_confirmed_needed(about, one)]
