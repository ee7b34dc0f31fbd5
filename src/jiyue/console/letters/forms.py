"""What staff fill in about a letter. Shape only: table, part and reason are for the actions to say."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.office.forms import Moment
from jiyue.domain.cases import Act, Kind, State
from jiyue.estate.models import Site
from jiyue.identity.models import Organisation, User
from jiyue.interaction.classing import classes_for
from jiyue.interaction.instructions import To
from jiyue.interaction.models import Case, ReplyMark
from jiyue.interaction.policies import desks_of, handlers_at, takes_letters
from jiyue.interaction.reported import units_of
from jiyue.interaction.stepping import LONGEST_REASON
from jiyue.interaction.telling import LONGEST_LINK, LONGEST_NOTE, LONGEST_PERSON, Way, ways_for
from jiyue.interaction.words import GATES, KINDS
from jiyue.rules.wording import class_limit as said_of

REASONS = {
    Act.RETURN: gettext_lazy("不予受理的原因，来信人会看到"), Act.ASK: gettext_lazy("请来信人补充什么，来信人会看到"),
    Act.GO_ON: gettext_lazy("为什么不再等待"), Act.TRANSFER: gettext_lazy("转办的原因，来信人会看到"),
    Act.EXTEND: gettext_lazy("延期的原因，来信人会看到"), Act.MERGE: gettext_lazy("并案的原因，来信人会看到"),
    Act.SPLIT: gettext_lazy("拆分的原因，来信人会看到"), Act.UPHOLD: gettext_lazy("维持答复的理由，来信人会看到"),
    Act.REDO: gettext_lazy("重新办理的原因，来信人会看到"), Act.SEND_BACK: gettext_lazy("退回的原因，起草人会看到"),
    Act.DETACH: gettext_lazy("为什么撤销并案，来信人会看到"),
    Act.CLASSIFY: gettext_lazy("为什么属于这一类，来信人会看到"),
    Act.IDENTIFY: gettext_lazy("核定的依据，举报人看不到"),
    Act.PRESENT: gettext_lazy("请领导看什么，来信人看不到"), Act.CARRY_OUT: gettext_lazy("批示怎么落实的，来信人看不到"),
    Act.HELP: gettext_lazy("请对方单位说明什么"), Act.OPINION: gettext_lazy("本单位的意见"),
}  # fmt: skip


class ActForm(forms.Form):
    """A button, and the version that was read: what somebody else did meanwhile is not overwritten."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, case: Case, act: Act, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.act = case, act
        self.fields["version"].initial = case.version
        if act in REASONS:
            self.fields["reason"] = _lines(REASONS[act], LONGEST_REASON)


class DeskForm(ActForm):
    """Where it goes: a unit of the group."""

    desk = forms.ModelChoiceField(label=gettext_lazy("单位"), queryset=Site.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["desk"]
        field.queryset = _group(self.case)
        field.label_from_instance = lambda site: site.owner.name
        if self.act == Act.TRANSFER:
            field.queryset = field.queryset.exclude(pk=self.case.desk_id)
        if self.act == Act.SPLIT:
            self.fields["title"] = forms.CharField(label=_("另一件事的标题"), max_length=60)
            self.fields["text"] = _lines(_("另一件事的内容"), 5000)
        self.order_fields(["version", "title", "text", "desk", "reason"])


class AssignForm(DeskForm):
    """The unit, and its handler where it is this one."""

    handler = forms.ModelChoiceField(
        label=gettext_lazy("承办人"), queryset=User.objects.none(), required=False,
        empty_label=gettext_lazy("由承办单位指定"), help_text=gettext_lazy("本单位办理时可以直接指定"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.case.fields.get("about")
        named = self.fields["desk"].queryset.filter(host=about).first() if about else None
        self.fields["desk"].initial = named.pk if named else self.case.desk_id
        self.fields["handler"].queryset = handlers_at(self.case.desk)
        if keeps_mailbox(self.case):
            self.fields["handler"].initial = self.case.mailbox.keeper_id


class NameForm(ActForm):
    handler = forms.ModelChoiceField(label=gettext_lazy("承办人"), queryset=User.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = handlers_at(self.case.desk)


class IdentifyForm(ActForm):
    """Which unit a report is about; it will neither see nor handle it."""

    accused = forms.ModelChoiceField(
        label=gettext_lazy("被举报的单位"), queryset=Organisation.objects.none(), required=False,
        empty_label=gettext_lazy("不是本级政府和所属单位"),
        help_text=gettext_lazy("举报个人的，选他所在的单位。核定后这个单位和它的下属单位看不到这件举报，也不能办理。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["accused"].queryset = Organisation.objects.filter(pk__in=[u.pk for u in units_of(self.case)])
        self.fields["accused"].label_from_instance = lambda unit: unit.name
        self.fields["accused"].initial = self.case.accused_id
        self.order_fields(["version", "accused", "reason"])


class ClassForm(ActForm):
    """Of which class of the rule the letter is; each is named with its limit."""

    of_class = forms.ChoiceField(
        label=gettext_lazy("办理类别"),
        help_text=gettext_lazy("期限从收信时算起，不从现在算起；原来的期限已过的，改类别不改期限，超期照记。"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(each.name, f"{each.name}，{said_of(each)}") for each in classes_for(self.case)]
        others = [choice for choice in named if choice[0] != self.case.reply_class]
        self.fields["of_class"].choices = [("", _("请选择")), *others]
        self.order_fields(["version", "of_class", "reason"])


class HelpForm(ActForm):
    helper = forms.ModelChoiceField(label=gettext_lazy("协办单位"), queryset=Site.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = self.case.helps.values("helper")
        self.fields["helper"].queryset = _group(self.case).exclude(pk=self.case.desk_id).exclude(pk__in=asked)
        self.fields["helper"].label_from_instance = lambda site: site.owner.name
        self.order_fields(["version", "helper", "reason"])


class MergeForm(ActForm):
    into = forms.CharField(
        label=gettext_lazy("并入哪一封"), max_length=24, help_text=gettext_lazy("编号，例如 20261122-483920")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["version", "into", "reason"])


class ReplyForm(ActForm):
    text = forms.CharField(
        label=gettext_lazy("答复"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=gettext_lazy("先回答问的是什么，再说依据和办法；办不了的说明为什么。不写来信人的姓名和电话。"),
    )  # fmt: skip


class ApproveForm(ActForm):
    """Each gate that the rules ask for, and the reviewer's remark."""

    opinion = forms.CharField(
        label=gettext_lazy("审核意见"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, gates: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if gates:
            self.fields["gates"] = forms.MultipleChoiceField(
                label=_("逐项确认"), choices=[(gate, GATES[gate]) for gate in gates],
                widget=forms.CheckboxSelectMultiple,
            )  # fmt: skip
        self.order_fields(["version", "gates", "opinion"])


class SendBackForm(ActForm):
    """Why, and what is wanting in it where it is empty, evasive or beside the point; that is counted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.case.state == State.REVIEWING:
            choices = [("", _("不属于下列问题")), *ReplyMark.Fault.choices]
            self.fields["fault"] = forms.ChoiceField(label=_("答复质量"), choices=choices, required=False)
        self.order_fields(["version", "fault", "reason"])


class MarkForm(forms.Form):
    """What a checker finds wanting in a reply that was sent."""

    reply = forms.IntegerField(widget=forms.HiddenInput)
    fault = forms.ChoiceField(label=gettext_lazy("答复质量"), choices=ReplyMark.Fault.choices)
    reason = forms.CharField(label=gettext_lazy("说明"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class LevelForm(ActForm):
    opinion = forms.CharField(
        label=gettext_lazy("意见"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("上级单位不在本平台时必须写明它何时、以什么方式同意"),
    )  # fmt: skip


class InstructForm(ActForm):
    """A leader's word: what, to whom, and whether its sender reads it.

    No `max_length`: a browser would cut what is pasted without a word; the action says how long it may be.
    """

    text = forms.CharField(
        label=gettext_lazy("批示"), widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("请写批示")},
        help_text=gettext_lazy("不超过 500 字，写给办理这封信的人。批示不改变办理期限，也不对外公开。"),
    )  # fmt: skip
    to = forms.ChoiceField(label=gettext_lazy("批给"), choices=To.choices)
    told = forms.BooleanField(
        label=gettext_lazy("让来信人也看到这条批示"), required=False,
        help_text=gettext_lazy("不勾选，只有办理的人看到"),
    )  # fmt: skip


class RegisterForm(forms.Form):
    """A letter that a superior handed down."""

    handed_by = forms.CharField(label=gettext_lazy("转办单位"), max_length=120)
    outer_number = forms.CharField(label=gettext_lazy("上级编号"), max_length=60)
    received_at = Moment(label=gettext_lazy("收到时间"), help_text=gettext_lazy("答复的期限从这时算起"))
    superior_limit = forms.CharField(
        label=gettext_lazy("上级要求的办理期限"), max_length=20, required=False,
        help_text=gettext_lazy("另有要求的才填：日期，或者“7个工作日”“10日”；比适用的规定长的，按规定"),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=[(kind.value, label) for kind, label in KINDS.items() if kind != Kind.LEADER_LETTER],
    )
    title = forms.CharField(label=gettext_lazy("标题"), max_length=60)
    text = forms.CharField(label=gettext_lazy("内容"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
    name = forms.CharField(label=gettext_lazy("来信人姓名"), max_length=40, required=False)
    phone = forms.CharField(label=gettext_lazy("来信人电话"), max_length=40, required=False)
    email = forms.EmailField(label=gettext_lazy("来信人邮箱"), max_length=120, required=False)


class CallForm(forms.Form):
    """A call, a visit or a paper letter, as one tells it. What is asked first stands first."""

    token = forms.CharField(widget=forms.HiddenInput)
    source = forms.ChoiceField(
        label=gettext_lazy("怎么来的"),
        choices=[(one.value, one.label) for one in (Case.Source.HOTLINE, Case.Source.PAPER)],
    )
    received_at = Moment(
        label=gettext_lazy("来电、来访或者收信时间"),
        help_text=gettext_lazy("答复的期限从这时算起；事后补录的，填当时的时间"),
    )
    handed_by = forms.CharField(
        label=gettext_lazy("热线或者呼叫中心"), max_length=120, required=False,
        help_text=gettext_lazy("例如“12345政务服务便民热线”；不填算打到本单位的电话；来访、来信不填"),
    )  # fmt: skip
    outer_number = forms.CharField(
        label=gettext_lazy("工单号"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("同一条热线的同一个工单只登记一次"),
    )
    superior_limit = forms.CharField(
        label=gettext_lazy("热线或者上级要求的办理期限"), max_length=20, required=False,
        help_text=gettext_lazy("另有要求的才填：日期，或者“7个工作日”“10日”；比适用的规定长的，按规定"),
    )  # fmt: skip
    phone = forms.CharField(
        label=gettext_lazy("回复电话"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("加密保存，只给办理的人看"),
    )
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=[(kind.value, label) for kind, label in KINDS.items() if kind != Kind.LEADER_LETTER],
    )
    text = forms.CharField(
        label=gettext_lazy("说了什么"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("照来电人的话写；姓名和电话填在上面，不要写在这里"),
    )  # fmt: skip
    title = forms.CharField(
        label=gettext_lazy("标题"), max_length=60, required=False, help_text=gettext_lazy("不填时用内容的开头")
    )
    consents = forms.BooleanField(label=gettext_lazy("来信人同意隐去个人信息后公开"), required=False)


class CommentForm(forms.Form):
    """A comment under an account of the unit, copied by hand."""

    account = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=120,
        help_text=gettext_lazy("平台和账号名称，例如“微博 澄湖发布”，每次写法要一样"),
    )
    link = forms.CharField(label=gettext_lazy("评论所在的网址"), max_length=500)
    received_at = Moment(label=gettext_lazy("评论时间"), help_text=gettext_lazy("答复的期限从这时算起"))
    kind = forms.ChoiceField(
        label=gettext_lazy("类别"),
        choices=[(kind.value, label) for kind, label in KINDS.items() if kind != Kind.LEADER_LETTER],
    )
    text = forms.CharField(
        label=gettext_lazy("评论内容"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("网友写的原文"),
    )  # fmt: skip
    title = forms.CharField(
        label=gettext_lazy("标题"), max_length=60, required=False, help_text=gettext_lazy("不填时用内容的开头")
    )
    name = forms.CharField(
        label=gettext_lazy("网名"), max_length=40, required=False, help_text=gettext_lazy("加密保存，只给办理的人看")
    )
    outer_number = forms.CharField(
        label=gettext_lazy("评论编号"), max_length=60, required=False,
        help_text=gettext_lazy("账号平台给的编号；不填时按账号、链接、时间和内容认，同一条只登记一次"),
    )  # fmt: skip


class CallWordForm(ActForm):
    """What somebody said later by telephone or at the desk about a letter that is there."""

    received_at = Moment(label=gettext_lazy("来电、来访时间"))
    handed_by = forms.CharField(label=gettext_lazy("热线或者呼叫中心"), max_length=120, required=False)
    outer_number = forms.CharField(label=gettext_lazy("工单号"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"] = _lines(_("说了什么"), LONGEST_REASON)
        self.fields["received_at"].initial = timezone.localtime()


class TellForm(ActForm):
    """How the result was told to whoever did not write on the site. Nothing is asked of other letters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = ways_for(self.case)
        if not ways:
            return
        self.fields["way"] = forms.ChoiceField(label=_("怎么答复的"), choices=[(way.value, way.label) for way in ways])
        self.fields["told_at"] = Moment(
            label=_("答复时间"),
            initial=timezone.localtime(),
            help_text=_("按期与否看登记的时间：打完电话或者发出后请马上登记"),
        )
        self.fields["person"] = forms.CharField(label=_("由谁答复的"), max_length=LONGEST_PERSON)
        if Way.ACCOUNT in ways:
            self.fields["link"] = forms.CharField(
                label=_("回复的链接"),
                max_length=LONGEST_LINK,
                help_text=_("平台不代发：请先在账号上发出，再把链接填在这里"),
            )
        self.fields["note"] = _lines(_("说明"), LONGEST_NOTE)
        self.fields["note"].required = False


class LetterFileForm(forms.Form):
    """A file of letters that others took down."""

    file = forms.FileField(
        label=gettext_lazy("文件"), help_text=gettext_lazy("XLSX 或者 JSONL（每行一条），最多 20 MB、300 条"),
        widget=forms.FileInput(attrs={"accept": ".jsonl,.ndjson,.json,.txt,.xlsx"}), allow_empty_file=True,
    )  # fmt: skip


class HandOutForm(forms.Form):
    """What is to be handed out: without days what was not yet."""

    since = forms.DateField(
        label=gettext_lazy("从哪天"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("两个日期都不填时，只列还没有给过的"),
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("到哪天"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("填了日期时，那几天里形成、现在仍有效的全部列入，给过的也在内"),
    )  # fmt: skip

    def __init__(self, *args: Any, to: Sequence[str] = (), **kwargs: Any) -> None:
        """`to` are the superiors who handed letters down: what one of them gets is no other's to read."""
        super().__init__(*args, **kwargs)
        if to:
            chosen = [("", _("请选择")), *((name, name) for name in to)] if len(to) > 1 else [(to[0], to[0])]
            self.fields["to"] = forms.ChoiceField(label=_("给哪个上级单位"), choices=chosen)
            self.order_fields(["to", "since", "until"])


class OutcomeForm(forms.Form):
    outcome = forms.CharField(label=gettext_lazy("处理结果"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


def keeps_mailbox(case: Case) -> bool:
    """Has the leader's mailbox to which it was written a keeper who may handle it here?"""
    mailbox = case.mailbox
    return mailbox is not None and mailbox.desk_id == case.desk_id and mailbox.keeper_id is not None


def _lines(label: Any, longest: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": 3}))


def _group(case: Case) -> QuerySet[Site]:
    # Which functions a site has is a list in JSON, which SQLite cannot be asked for its members.
    group = desks_of(case.site).select_related("owner")
    own = {case.site_id, case.desk_id}
    return group.filter(pk__in=[site.pk for site in group if site.pk in own or takes_letters(site)])
