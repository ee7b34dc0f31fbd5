"""Create and edit: Wagtail's screens, our objects, our saves."""

from typing import Any

from django.contrib import messages
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import PreviewSidePanel
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views import snippets

from jiyue.console import faults
from jiyue.console.previews import draft_page
from jiyue.console.sites import SESSION_KEY, current_site
from jiyue.console.writing.checks_panel import ChecksPanel
from jiyue.console.writing.side import ReadinessPanel
from jiyue.content.actions import keep_new, save_draft
from jiyue.content.models import RECORD_TYPES, Column, Record
from jiyue.content.policies import editor_sites, may_delete, may_write_in, writable_columns, writable_records
from jiyue.content.snapshots import NAMING
from jiyue.review.queries import return_of

SEND = "send"
CHECK = "check"
LONGEST_TITLE = 200


class Ours:
    """What both screens share: no index, history, usage or lock pages of Wagtail's."""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            {"url": reverse("wagtailadmin_home"), "label": _("我的工作")},
            {"url": reverse("console_records"), "label": _("稿件")},
            {"url": "", "label": self.get_page_subtitle()},
        ]

    def get_available_actions(self) -> list[str]:
        return [*super().get_available_actions(), SEND, CHECK]

    def get_success_url(self) -> str:
        if self.action == SEND:
            return reverse("console_submit", args=[self.object.pk])
        if self.action == CHECK:
            return reverse("console_checks", args=[self.object.pk])
        return self.get_edit_url()

    def get_success_message(self, instance=None) -> str | None:
        return None if self.action in {SEND, CHECK} else _("已保存。")

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except (OSError, OperationalError) as error:
            if not faults.tell_if_full(error):
                raise
        return self._shown_again()

    def _shown_again(self) -> HttpResponse:
        # Read anew from what was sent: the form that failed holds an object that was never stored.
        form = self.get_form()
        form.is_valid()
        # Of the codes that Wagtail's autosave knows, the one whose sentence it shows and after which it goes on trying.
        self.produced_error_code, self.produced_error_message = "validation_error", faults.full_sentence()
        answer = self.form_invalid(form)
        answer.status_code = faults.INSUFFICIENT_STORAGE
        return answer

    def get_success_buttons(self) -> list:
        return []

    def get_error_message(self) -> str:
        if self.expects_json_response:
            return _("有填写问题，点“保存”可以看到具体位置。")
        return _("没有保存：请按下面的提示修改，已填写的内容都还在。")

    def get_usage_url(self) -> None:
        return None

    def get_copy_url(self) -> None:
        return None

    def get_inspect_url(self) -> None:
        return None

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        # Wagtail's snippet header has a place for the page's only h1 and nobody to fill it.
        return {**super().get_context_data(**kwargs), "title": self.get_page_subtitle()}

    def get_side_panels(self) -> MediaContainer:
        record = self.object if getattr(self, "object", None) and self.object.pk else self.form.instance
        panels = [ReadinessPanel(record, self.request)]
        if not self.expects_json_response:
            # The script writes into this one; an autosave that drew it anew would empty it.
            panels.insert(0, ChecksPanel(record, self.request))
            panels.append(PreviewSidePanel(record, self.request, preview_url=self.get_preview_url()))
        return MediaContainer(panels)


class CreateRecord(Ours, snippets.CreateView):
    """A new draft in a column that was chosen before."""

    def dispatch(self, request, *args, **kwargs):
        self.column = column_of(request)
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return _("新稿件：%(kind)s") % {"kind": self.model._meta.verbose_name}

    def get_add_url(self) -> str:
        return f"{super().get_add_url()}?column={self.column.pk}"

    def get_preview_url(self) -> str | None:
        return f"{super().get_preview_url()}?column={self.column.pk}"

    def get_initial_form_instance(self) -> Record:
        record = blank(self.model, self.column)
        record.title = self.request.GET.get("title", "")[:LONGEST_TITLE]
        return record

    def get_form_kwargs(self) -> dict[str, Any]:
        self.object = None
        kwargs = super().get_form_kwargs()
        self.object = None
        return kwargs

    def save_instance(self) -> Record:
        record = self.form.save(commit=False)
        if not may_write_in(self.request.user, record.column):
            raise Http404
        record.site = record.column.site
        keep_new(record=record, by=self.request.user, now=timezone.now())
        self.form.save_m2m()
        self.new_revision = record.latest_revision
        return record


class EditRecord(Ours, snippets.EditView):
    """A draft the person may write; locked while a review reads it."""

    def get_queryset(self):
        mine = writable_records(self.request.user).values("pk")
        return self.model.objects.filter(pk__in=mine).select_related("site__owner", "column", "latest_revision")

    def get(self, request, *args, **kwargs):
        # Choosers and previews belong to the site in hand; opening a record takes its site in hand.
        if request.session.get(SESSION_KEY) != self.object.site_id:
            request.session[SESSION_KEY] = self.object.site_id
        if returned := return_of(self.object):
            values = {"name": returned.reviewer_name, "reason": returned.reason}
            messages.warning(request, _("已退回，%(name)s：%(reason)s") % values)
        return super().get(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        return self.object.title

    def get_history_url(self) -> str:
        return reverse("console_path", args=[self.object.pk])

    def get_delete_url(self) -> str:
        return reverse("console_delete", args=[self.object.pk])

    @property
    def header_more_buttons(self) -> list[Button]:
        buttons = [] if self.locked_for_user else [self._import_button()]
        if may_delete(self.request.user, self.object):
            buttons.append(Button(_("删除草稿"), url=self.get_delete_url(), icon_name="bin", priority=90))
        return buttons

    def _import_button(self) -> Button:
        address = reverse("console_bring_body", args=[self.object.pk])
        return Button(_("从 Word 粘贴或导入正文"), url=address, icon_name="upload", priority=10)

    def save_instance(self) -> Record:
        record = self.form.save(commit=False)
        save_draft(record=record, by=self.request.user, now=timezone.now(), overwrite=self.overwrite_revision)
        self.form.save_m2m()
        self.has_content_changes = self.form.has_changed()
        self.new_revision = record.latest_revision
        return record


class OurPreview:
    """What was typed last, in the public page it would have; Wagtail keeps the typing, we draw the page."""

    def get(self, request, *args, **kwargs):
        form = self.get_form(self._get_form_data(self._get_form_state()))
        if not self.validate_form(form):
            return self.error_response()
        form.save(commit=False)
        names = NAMING.get(form.instance.kind, ())
        return draft_page(form.instance, named={name: form.cleaned_data[name] for name in names})


class PreviewNew(OurPreview, snippets.PreviewOnCreateView):
    def get_object(self) -> Record:
        return blank(self.model, column_of(self.request))


class PreviewDraft(OurPreview, snippets.PreviewOnEditView):
    def get_object(self) -> Record:
        record = self.model.objects.filter(pk__in=writable_records(self.request.user), pk=self.kwargs["pk"]).first()
        if record is None:
            raise Http404
        return record


def blank(model: type[Record], column: Column) -> Record:
    """An unsaved record of the column's site, with the unit that keeps the column."""
    return model(
        site=column.site, column=column, responsible=column.responsible or column.site.owner,
        source=column.site.owner.name, kind=kind_of_model(model),
    )  # fmt: skip


def kind_of_model(model: type[Record]) -> str:
    """The stored code of a record class."""
    return next(kind for kind, found in RECORD_TYPES.items() if found is model)


def column_of(request) -> Column:
    """The column of `?column=`, or the first one the person may write in on the site in hand. Http404 when there is none."""
    given = request.GET.get("column", "")
    if given.isdecimal():
        column = Column.objects.filter(pk=given).select_related("site__owner", "responsible").first()
        if column is None or not may_write_in(request.user, column):
            raise Http404
        return column
    site = current_site(request) or editor_sites(request.user).first()
    column = writable_columns(request.user, site).select_related("site__owner", "responsible").first() if site else None
    if column is None:
        raise Http404
    return column


def edit(request, pk: int):
    """The editor of a record, whatever its type."""
    record = writable_records(request.user).filter(pk=pk).only("kind").first()
    if record is None:
        raise Http404
    return redirect(f"console_{record.kind}:edit", pk)
