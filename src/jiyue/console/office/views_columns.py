"""栏目: the tree of a site, and the responsibility table (COL-01, COL-03)."""

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiyue.console.office.forms import ColumnForm, ReasonForm
from jiyue.console.office.frame import attempt, page
from jiyue.console.office.spreadsheets import as_csv
from jiyue.content.actions import close_column, reopen_column, save_column, shift_column
from jiyue.content.models import Column, ColumnLimit, EditorialPlan, Record
from jiyue.content.plan_policies import carriable_plans
from jiyue.content.planning import open_planned_column
from jiyue.content.policies import fetch_column_for
from jiyue.content.reusing import propose_column, similar_columns
from jiyue.estate.models import Site
from jiyue.estate.policies import fetch_site_for
from jiyue.identity.models import Organisation
from jiyue.identity.queries import subordinates_of
from jiyue.identity.roles import Permission

MANAGE = Permission.MANAGE_SITE
READ = Permission.READ_CONTENT


def columns(request: HttpRequest, site: int) -> HttpResponse:
    """The column tree in the order readers see it, with how much stands in each."""
    found = fetch_site_for(request.user, site, READ)
    return page(request, "columns.html", site=found, rows=_in_order(found))


def responsibility(request: HttpRequest, site: int) -> HttpResponse:
    """栏目责任表: column, unit, people, update requirement; as a table or as CSV."""
    found = fetch_site_for(request.user, site, READ)
    people = _people_of(found)
    rows = [(column, depth, people.get(column.pk, [])) for column, depth in _in_order(found) if not column.closed_at]
    if request.GET.get("format") == "csv":
        head = [_("栏目"), _("网址"), _("类型"), _("责任单位"), _("责任人"), _("更新要求"), _("稿件数")]
        lines = ([c.name, f"/{c.path}/", c.get_kind_display(), c.responsible or "", "、".join(names),
                  c.get_update_class_display(), c.amount] for c, _depth, names in rows)  # fmt: skip
        return as_csv(f"columns-{found.host}", [head, *lines])
    return page(request, "responsibility.html", site=found, rows=rows)


def add_column(request: HttpRequest, site: int) -> HttpResponse:
    found = fetch_site_for(request.user, site, MANAGE)
    last = Column.objects.filter(site=found).order_by("-position").values_list("position", flat=True).first()
    parent = Column.objects.filter(site=found, pk=_number(request.GET.get("parent"))).first()
    fresh = Column(
        site=found, parent=parent, position=(last or 0) + 1, responsible=found.owner, kind=Column.Kind.GENERAL
    )
    plan = _plan_for(request, found)
    if plan is not None:
        parent = fresh.parent = plan.column
        fresh.name, fresh.description = plan.title, plan.what[:200]
        fresh.kind, fresh.responsible = plan.column_kind, plan.unit
    fresh.channel = parent.channel if parent else Column.Channel.NEWS
    return _edit(request, found, fresh, plan)


def change_column(request: HttpRequest, column: int) -> HttpResponse:
    found = fetch_column_for(request.user, column, permission=MANAGE)
    return _edit(request, found.site, found)


@require_POST
def move_column(request: HttpRequest, column: int) -> HttpResponse:
    """One place up or down among its neighbours."""
    found = fetch_column_for(request.user, column, permission=MANAGE)
    up = request.POST.get("direction") == "up"
    shift_column(column=found, up=up, by=request.user.actor(), now=timezone.now())
    messages.success(request, _("“%(name)s”已移动") % {"name": found.name})
    return redirect("console_columns", found.site_id)


def end_column(request: HttpRequest, column: int) -> HttpResponse:
    """Close a column, with a reason; what is published there stays."""
    found = fetch_column_for(request.user, column, permission=MANAGE)
    form = ReasonForm(request.POST or None)
    act = {"column": found, "by": request.user.actor(), "now": timezone.now()}
    asked = request.method == "POST" and form.is_valid()
    if asked and attempt(form, lambda: close_column(reason=form.cleaned_data["reason"], **act)):
        messages.success(request, _("“%(name)s”已关闭，里面已发布的稿件仍然可以看") % {"name": found.name})
        return redirect("console_columns", found.site_id)
    return page(request, "column_close.html", site=found.site, column=found, form=form)


@require_POST
def resume_column(request: HttpRequest, column: int) -> HttpResponse:
    found = fetch_column_for(request.user, column, permission=MANAGE)
    form = ReasonForm(request.POST)
    if attempt(form, lambda: reopen_column(column=found, by=request.user.actor(), now=timezone.now())):
        messages.success(request, _("“%(name)s”已恢复") % {"name": found.name})
    else:
        messages.error(request, "；".join(form.non_field_errors()))
    return redirect("console_columns", found.site_id)


def _edit(request: HttpRequest, site: Site, column: Column, plan: EditorialPlan | None = None) -> HttpResponse:
    form = ColumnForm(request.POST or None, instance=column, units=units_of(site))
    if request.method == "POST" and form.is_valid() and attempt(form, lambda: _save(request, column, plan)):
        messages.success(request, _("栏目“%(name)s”已保存；送审并签发后对外生效") % {"name": column.name})
        return redirect("console_columns", site.pk)
    asked = request.POST.get("name", "") or request.GET.get("name", "") or (plan.title if plan else "")
    similar = similar_columns(site=site, name=asked[:60]) if column._state.adding else []
    reason = request.POST.get("reuse_reason", plan.reuse_reason if plan else "")[:300]
    context = {"similar": similar, "reuse_reason": reason, "plan": plan}
    return page(request, "column_form.html", site=site, column=column, form=form, **context)


def _save(request: HttpRequest, column: Column, plan: EditorialPlan | None) -> None:
    now, reason = timezone.now(), request.POST.get("reuse_reason", "")[:300]
    if plan is not None:
        open_planned_column(plan=plan, column=column, reason=reason, by=request.user, now=now)
    elif column._state.adding:
        propose_column(column=column, reason=reason, by=request.user.actor(), now=now)
    else:
        save_column(column=column, by=request.user.actor(), now=now)


def _plan_for(request: HttpRequest, site: Site) -> EditorialPlan | None:
    """The approved plan that the column is opened for; one that is not this person's to carry out counts for nothing."""
    plans = carriable_plans(request.user).filter(site=site, kind=EditorialPlan.Kind.COLUMN)
    return plans.select_related("column__site", "unit").filter(pk=_number(request.GET.get("plan"))).first()


def _in_order(site: Site) -> list[tuple[Column, int]]:
    """Every column with its depth, parents before children; two queries for the whole tree."""
    amounts = dict(Record.objects.filter(site=site).values_list("column").annotate(Count("pk")).order_by())
    below: dict[int | None, list[Column]] = {}
    for column in Column.objects.filter(site=site).select_related("responsible").order_by("position", "pk"):
        column.amount = amounts.get(column.pk, 0)
        below.setdefault(column.parent_id, []).append(column)
    drawn: list[tuple[Column, int]] = []
    waiting = [(column, 0) for column in reversed(below.get(None, []))]
    while waiting:
        column, depth = waiting.pop()
        drawn.append((column, depth))
        waiting += [(child, depth + 1) for child in reversed(below.get(column.pk, []))]
    return drawn


def _people_of(site: Site) -> dict[int, list[str]]:
    limits = ColumnLimit.objects.filter(appointment__site=site, appointment__user__is_active=True)
    people: dict[int, list[str]] = {}
    for column, name in limits.values_list("column", "appointment__user__name").order_by("pk"):
        people.setdefault(column, []).append(name)
    return people


def units_of(site: Site) -> QuerySet[Organisation]:
    """Units that may keep a column: at or below the owner; for a department also its government and its fellows."""
    owner, units = site.owner, subordinates_of(site.owner)
    if owner.superior and owner.superior.level == owner.level:
        units = units | subordinates_of(owner.superior).filter(level=owner.level)
    if site.operator_id:
        units = units | Organisation.objects.filter(pk=site.operator_id)
    return units.order_by("code")


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None
