"""What a comment's keeper, a reviewer of answers and a site's manager fill in. Shape only; the verbs say what is missing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiyue.console.office.forms import Moment
from jiyue.content.models import Column, Record
from jiyue.content.models.comments import LONGEST_NAMED
from jiyue.domain.comments import KINDS, LONGEST, LONGEST_REASON, LONGEST_REPLY
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.interaction.mailboxes import keepers_at
from jiyue.interaction.models import GROUNDS
from jiyue.publishing.models import LISTED, PublicItem


class ShowForm(forms.Form):
    words = forms.CharField(
        label=_("显示的文字"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("照原文，或者用“×××”盖住涉及个人的地方；不能改写、增加文字"),
    )  # fmt: skip
    looked = forms.BooleanField(label=_("看过了，不是个人信息，照样显示"), required=False)


class RefuseForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("不显示的原因，评论人会看到"), choices=list(GROUNDS.items()), widget=forms.RadioSelect
    )
    article = forms.CharField(
        label=_("违反法律的，写明哪部法律哪一条"), max_length=LONGEST_REASON, required=False,
        help_text=_("例如《中华人民共和国民法典》第一千零二十四条；评论人会看到"),
    )  # fmt: skip


class HideForm(forms.Form):
    reason = forms.CharField(
        label=_("为什么隐藏，评论人会看到"), max_length=LONGEST_REASON, help_text=_("评论和这个原因都留存，不删除")
    )


class ReplyForm(forms.Form):
    text = forms.CharField(
        label=_("回应"), max_length=LONGEST_REPLY, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("以单位名义；由另一人（答复审核人）审核后公开"),
    )  # fmt: skip


class ReturnForm(forms.Form):
    reason = forms.CharField(label=_("退回的原因，起草人会看到"), max_length=LONGEST_REASON)


class BulkForm(forms.Form):
    """Ticked comments and one act for all of them; each is asked for itself."""

    act = forms.ChoiceField(choices=[("show", _("照原文显示")), ("refuse", _("不显示"))])
    ground = forms.ChoiceField(
        label=_("不显示的原因"), required=False,
        choices=[("", _("请选择原因")), *((code, label) for code, label in GROUNDS.items() if code != "law")],
    )  # fmt: skip


class OrderForm(forms.Form):
    """Where people may comment or vote, until when, and who answers for it."""

    column = forms.ModelChoiceField(
        label=_("栏目（连同下级栏目）"), queryset=Column.objects.none(), required=False, empty_label=_("整个网站"),
    )  # fmt: skip
    record = forms.CharField(
        label=_("或者单个网页的地址"), max_length=200, required=False, help_text=_("例如 /zwdt/tzgg/2026/1101/7.html")
    )
    takes_comments = forms.BooleanField(label=_("可以评论（先审后显示）"), required=False)
    takes_votes = forms.BooleanField(label=_("可以评价有用、没用"), required=False)
    opens_at = Moment(label=_("开始时间"), required=False)
    closes_at = Moment(label=_("结束时间"), required=False, help_text=_("到时不再收；已经显示的还在"))
    named = forms.CharField(
        label=_("公布的评论管理员"), max_length=LONGEST_NAMED, required=False,
        help_text=_("网页上写明由谁负责，例如 市教育局办公室 王某某"),
    )  # fmt: skip
    keeper = forms.ModelChoiceField(
        label=_("评论管理员账号"), queryset=User.objects.none(), required=False, empty_label=_("请选择"),
        help_text=_("要先是本网站的信件受理人或者承办人"),
    )  # fmt: skip
    deputy = forms.ModelChoiceField(
        label=_("代理账号"), queryset=User.objects.none(), required=False, empty_label=_("没有代理"),
    )  # fmt: skip

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site
        columns = Column.objects.filter(site=site, closed_at__isnull=True).order_by("path")
        self.fields["column"].queryset = columns
        self.fields["column"].label_from_instance = lambda column: f"{column.name}　/{column.path}/"
        for name in ("keeper", "deputy"):
            self.fields[name].queryset = keepers_at(site)
            self.fields[name].label_from_instance = lambda user: f"{user.name}（{user.username}）"

    def clean_record(self) -> Record | None:
        path = self.cleaned_data["record"].strip()
        if not path:
            return None
        path = path[path.find("/", path.find("://") + 3) :] if "://" in path else path
        item = PublicItem.objects.filter(site=self.site, address=path, state__in=LISTED, placed_by=None).first()
        record = Record.objects.filter(identity=item.identity).first() if item else None
        if record is None or record.kind not in KINDS:
            raise forms.ValidationError(_("没有找到这个网页；要是本网站已经公开的，调查、征集和访谈有自己的参与方式"))
        return record
