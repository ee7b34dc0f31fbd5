"""What people fill in about units, sites and columns. Shape only: whether it is allowed is for the actions to say."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiyue.console.office.trail_areas import by_area
from jiyue.content.models import Column
from jiyue.content.site_templates import Template
from jiyue.estate.models import HOST, Block, FloatingWindow, Notice, Site
from jiyue.estate.policies import visible_organisations
from jiyue.identity.models import Organisation, User


class Moment(forms.DateTimeField):
    """Date and time to the minute, as the browser's own field gives it."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(
            widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs
        )


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of uploads; how many and how large they may be, the action says."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(FilesField, self).clean(one, initial) for one in given]


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ["name", "short_name", "code", "level", "kind", "division_code", "superior", "vertical_superior"]
        help_texts = {
            "name": _("写公文用的全称，例如“澄湖市水利和湖泊局”"),
            "superior": _("本级人民政府或上一级人民政府；最高一级留空"),
            "vertical_superior": _("实行全系统垂直管理的单位填写，例如海关、税务；其他单位留空"),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("superior", "vertical_superior"):
            self.fields[name].queryset = visible_organisations(user).exclude(pk=self.instance.pk)
            self.fields[name].empty_label = _("没有")

    def _post_clean(self) -> None:
        # The action validates the whole unit, with words of its own; here only the fields are put on the instance.
        super()._post_clean()


class SiteFromTemplateForm(forms.Form):
    """One screen for a whole site."""

    template = forms.ChoiceField(label=_("站点模板"), choices=Template.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("网站名称"), max_length=80, help_text=_("以机构全称命名，例如“澄湖市人民政府”"))
    host = forms.CharField(
        label=_("域名"), max_length=120, help_text=_("小写的完整域名，例如 www.example.gov.cn；定下以后不能改")
    )
    owner = forms.ModelChoiceField(label=_("主办单位"), queryset=Organisation.objects.none(), empty_label=_("请选择"))
    operator = forms.ModelChoiceField(
        label=_("承办单位"), queryset=Organisation.objects.none(), required=False, empty_label=_("与主办单位相同"),
    )  # fmt: skip
    superior_site = forms.ModelChoiceField(
        label=_("上级网站"), queryset=Site.objects.none(), required=False, empty_label=_("没有"),
    )  # fmt: skip
    identification_code = forms.CharField(
        label=_("网站标识码"), max_length=20, required=False, help_text=_("10 位数字，开通前必须有")
    )
    icp_number = forms.CharField(label=_("ICP备案号"), max_length=40, required=False)
    police_number = forms.CharField(label=_("公安备案号"), max_length=40, required=False)
    party_mark = forms.CharField(label=_("党政机关网站标识"), max_length=60, required=False, help_text=_("标识编号"))
    contact = forms.CharField(label=_("联系方式"), max_length=120, required=False)
    serves_public = forms.BooleanField(
        label=_("提供办事服务"), required=False, help_text=_("部门网站提供办事服务时，“办事服务”功能必须开通")
    )
    manager = forms.CharField(
        label=_("网站管理员"), required=False, max_length=150, help_text=_("填写账号名，可以以后再任命"),
    )  # fmt: skip

    def __init__(self, *args: Any, user: User, sites: QuerySet[Site], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = visible_organisations(user)
        self.fields["owner"].queryset = self.fields["operator"].queryset = units
        self.fields["superior_site"].queryset = sites

    def clean_host(self) -> str:
        host = self.cleaned_data["host"].strip().lower()
        if not HOST.match(host):
            raise forms.ValidationError(_("请填写小写的完整域名，例如 www.example.gov.cn"))
        if Site.objects.filter(host=host).exists():
            raise forms.ValidationError(_("这个域名已经属于平台上的另一个网站"))
        return host

    def clean_manager(self) -> User | None:
        name = self.cleaned_data["manager"].strip()
        if not name:
            return None
        found = User.objects.filter(username=name, is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("没有名为“%(name)s”的有效账号") % {"name": name})
        return found

    def profile(self) -> dict[str, Any]:
        """The fields of the site, ready for the action."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"template", "manager"}}


class ProfileForm(forms.ModelForm):
    blocks = forms.MultipleChoiceField(
        label=_("功能"), choices=Block.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    error_report_url = forms.URLField(
        label=_("网站找错入口"), required=False, max_length=300, assume_scheme="https",
        help_text=_("“我为政府网站找错”的链接地址"),
    )  # fmt: skip
    approval_url = forms.URLField(
        label=_("网上审批入口"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_("在线审批系统的地址；空着就不出现在办事服务页上"),
    )
    mailbox_url = forms.URLField(
        label=_("领导信箱入口"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_("市长、县长、区长信箱的地址；页面上的叫法随主办单位（例如“区长信箱”）"),
    )
    agency_url = forms.URLField(
        label=_("全程代办入口"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_("代办、帮办怎么找、怎么约的页面地址"),
    )
    mourning_from = Moment(label=_("哀悼模式开始"), required=False)
    mourning_until = Moment(label=_("哀悼模式结束"), required=False)

    class Meta:
        model = Site
        fields = [
            "name", "operator", "identification_code", "icp_number", "police_number", "party_mark", "contact", "email", "address",
            "error_report_url", "approval_url", "mailbox_url", "call_centre", "agency_url",
            "ideology_officer", "serves_public", "colour", "blocks", "mourning_from", "mourning_until",
        ]  # fmt: skip
        widgets = {"colour": forms.TextInput(attrs={"data-contrast": "", "size": 9, "spellcheck": "false"})}
        help_texts = {"colour": _("写成 #rrggbb；在白底上的对比度要达到 7:1")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = {self.instance.owner_id, self.instance.operator_id} - {None}
        self.fields["operator"].queryset = Organisation.objects.filter(pk__in=own) | Organisation.objects.filter(
            superior=self.instance.owner_id
        )
        self.fields["operator"].empty_label = _("与主办单位相同")

    def clean_colour(self) -> str:
        return self.cleaned_data["colour"].strip().lower()

    def clean_blocks(self) -> list[str]:
        """Compulsory blocks stay on whatever was sent: their boxes are locked, and a locked box sends nothing."""
        chosen = {*self.cleaned_data["blocks"], *self.instance.compulsory_blocks}
        return [code for code in Block.values if code in chosen]

    def optional_blocks(self) -> list[tuple[str, Any, bool]]:
        return [(code, label, code in self._on()) for code, label in Block.choices if code not in self._locked()]

    def locked_blocks(self) -> list[Any]:
        return [Block(code).label for code in Block.values if code in self._locked()]

    def _locked(self) -> frozenset[str]:
        return self.instance.compulsory_blocks

    def _on(self) -> set[str]:
        return set(self.data.getlist("blocks") if self.is_bound else self.instance.blocks)


class NoticeForm(forms.Form):
    kind = forms.ChoiceField(label=_("类型"), choices=Notice.Kind.choices)
    text = forms.CharField(
        label=_("内容"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("说清楚什么时候、什么事、读者该怎么办"),
    )  # fmt: skip
    starts_at = Moment(label=_("开始时间"))
    until = Moment(label=_("结束时间"), help_text=_("到时自动撤下；在此之前谁也不能撤"))


class NoticeWordsForm(forms.Form):
    text = forms.CharField(label=_("内容"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(label=_("更正的原因"), max_length=200)


class WindowForm(forms.ModelForm):
    starts_at = Moment(label=_("开始时间"))
    until = Moment(label=_("结束时间"), help_text=_("到时自动撤下"))

    class Meta:
        model = FloatingWindow
        fields = ["title", "address", "starts_at", "until"]

    def _post_clean(self) -> None:
        # The action validates the whole window, with words of its own.
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields, self._meta.exclude)


class ColumnForm(forms.ModelForm):
    class Meta:
        model = Column
        fields = [
            "parent",
            "name",
            "slug",
            "kind",
            "channel",
            "update_class",
            "serves",
            "publishes_figures",
            "responsible",
            "description",
            "keywords",
        ]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "slug": _("地址里的一段，用小写字母、数字和短横线，例如 zcwj"),
            "channel": _("下级栏目跟随上级栏目的频道"),
            "description": _("一句话：这里有什么，由谁维护；读者会看到"),
        }

    def __init__(self, *args: Any, units: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = Column.objects.filter(site=self.instance.site, closed_at__isnull=True).order_by("path")
        self.fields["parent"].queryset = columns.exclude(pk=self.instance.pk)
        self.fields["parent"].empty_label = _("没有（作为频道）")
        self.fields["parent"].label_from_instance = lambda column: f"{column.name}　/{column.path}/"
        self.fields["responsible"].queryset = units
        self.fields["responsible"].empty_label = _("请选择")


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    knowingly = forms.BooleanField(required=False, widget=forms.HiddenInput)


class LooksFilter(forms.Form):
    """Whose looks at data of citizens to show, and of which days."""

    q = forms.CharField(label=_("人员或单位"), required=False, max_length=60)
    since = forms.DateField(label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        """A period that ends before it begins is told, and the usual one is shown."""
        given = super().clean() or {}
        since, until = given.get("since"), given.get("until")
        if since and until and until < since:
            self.add_error("until", _("结束日期不能早于开始日期"))
            given.pop("since", None)
        return given


class TrailFilter(forms.Form):
    """What to look for in the audit trail. Wrong values are told and ignored."""

    q = forms.CharField(label=_("人员"), required=False, max_length=60)
    kind = forms.ChoiceField(label=_("事项"), required=False)
    site = forms.CharField(label=_("网站域名"), required=False, max_length=120)
    since = forms.DateField(label=_("从"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("全部")), *by_area(kinds)]
