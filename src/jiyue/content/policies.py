"""Who may see and change which record, column and file. Staff reach content only through these functions."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from jiyue.content.models import Attachment, Column, ColumnLimit, Picture, Placement, Record
from jiyue.content.models.records import UNDER_REVIEW
from jiyue.estate.models import Site
from jiyue.estate.policies import appointments_of, may, may_manage, sites_with
from jiyue.identity.models import User
from jiyue.identity.roles import Permission, Role, roles_with


def visible_records(user: User) -> QuerySet[Record]:
    """Records of all sites whose content the person may read."""
    return Record.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def writable_records(user: User) -> QuerySet[Record]:
    """Records the person may edit: of their sites, within their columns."""
    return Record.objects.filter(within_columns(user, roles=roles_with(Permission.WRITE_CONTENT)))


def within_columns(user: User, *, roles: frozenset[str] | set[str], prefix: str = "") -> Q:
    """Condition: in a site where the person holds one of `roles`, and inside the columns this is limited to.

    `prefix` leads from the queried model to the record (`version__record__`). One term per kind of limit, however many
    sites the person serves, so the statement does not grow.
    """
    appointments = appointments_of(user).filter(role__in=roles)
    limited = ColumnLimit.objects.filter(appointment__in=appointments)
    free = appointments.exclude(pk__in=limited.values("appointment"))
    condition = Q(**{f"{prefix}site__in": free.values("site")})
    columns = _columns_below(limited)
    return condition | Q(**{f"{prefix}column__in": columns}) if columns else condition


def writable_columns(user: User, site: Site) -> QuerySet[Column]:
    """Open columns of a site in which the person may write."""
    appointments = appointments_of(user).filter(role__in=roles_with(Permission.WRITE_CONTENT), site=site)
    if not appointments.exists():
        return Column.objects.none()
    limited = ColumnLimit.objects.filter(appointment__in=appointments)
    columns = Column.objects.filter(site=site, closed_at__isnull=True).exclude(kind=Column.Kind.CHANNEL)
    if appointments.exclude(pk__in=limited.values("appointment")).exists():
        return columns
    return columns.filter(pk__in=_columns_below(limited))


def may_read(user: User, record: Record) -> bool:
    return may(user, Permission.READ_CONTENT, record.site)


def may_write(user: User, record: Record) -> bool:
    """May the person edit this record at all? Whether it is locked by a review is another question (`may_edit_now`)."""
    return writable_records(user).filter(pk=record.pk).exists()


def may_edit_now(user: User, record: Record) -> bool:
    return record.state not in UNDER_REVIEW and may_write(user, record)


def may_write_in(user: User, column: Column) -> bool:
    return writable_columns(user, column.site).filter(pk=column.pk).exists()


def may_delete(user: User, record: Record) -> bool:
    """Only a record that was never submitted can be deleted; everything else is history."""
    return may_edit_now(user, record) and not record.versions.exists()


def may_arrange_columns(user: User, site: Site) -> bool:
    return may_manage(user, site)


def fetch_record_for(user: User, ref: int | str, *, writable: bool = False) -> Record:
    """The record with this key or identity if the person may read (or write) it. Raises Http404 otherwise."""
    records = writable_records(user) if writable else visible_records(user)
    by = {"pk": int(ref)} if str(ref).isdecimal() else {"identity": ref}
    record = records.filter(**by).select_related("site", "column", "responsible").first()
    if record is None:
        raise Http404
    return record


def fetch_column_for(user: User, ref: int, *, permission: Permission = Permission.READ_CONTENT) -> Column:
    """The column with this key on a site where the person has `permission`. Raises Http404 otherwise."""
    column = Column.objects.filter(pk=ref, site__in=sites_with(user, permission)).select_related("site").first()
    if column is None:
        raise Http404
    return column


def fetch_placement_for(user: User, identity: UUID) -> Placement:
    """The placement with this identity on a site for which the person writes. Raises Http404 otherwise."""
    found = Placement.objects.filter(identity=identity, site__in=sites_with(user, Permission.WRITE_CONTENT))
    placement = found.select_related("record__site", "site", "column", "offered_by__organisation").first()
    if placement is None:
        raise Http404
    return placement


def usable_pictures(user: User) -> QuerySet[Picture]:
    return Picture.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def usable_attachments(user: User) -> QuerySet[Attachment]:
    return Attachment.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def editor_sites(user: User) -> QuerySet[Site]:
    """Sites for which the person writes."""
    return Site.objects.filter(pk__in=appointments_of(user).filter(role=Role.EDITOR).values("site"))


def _columns_below(limits: QuerySet[ColumnLimit]) -> list[int]:
    condition = Q(pk__in=[])
    for site, path in limits.values_list("column__site", "column__path"):
        condition |= Q(site=site) & (Q(path=path) | Q(path__startswith=f"{path}/"))
    return list(Column.objects.filter(condition).values_list("pk", flat=True)) if limits.exists() else []
