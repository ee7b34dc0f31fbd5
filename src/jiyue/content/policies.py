"""Who may see and change which record, column and file. Staff reach content only through these functions."""

from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from jiyue.content.models import (
    Attachment,
    CatalogueItem,
    ChangeNotice,
    Column,
    ColumnDecision,
    ColumnFiling,
    ColumnLimit,
    Commitment,
    ExchangedItem,
    ExchangeSource,
    Feed,
    ItemDifference,
    PermittedSource,
    Picture,
    Placement,
    PolicyCampaign,
    PolicyCase,
    PolicyDocument,
    PublicQuestion,
    Record,
    ReprintTask,
    ServiceItem,
    Synchronisation,
    TakingRule,
    Withholding,
)
from jiyue.content.models.records import UNDER_REVIEW, State
from jiyue.estate.models import Site
from jiyue.estate.policies import appointments_of, may, may_manage, sites_with
from jiyue.identity.models import Membership, Organisation, User
from jiyue.identity.policies import below, oversees, within_reach
from jiyue.identity.roles import Permission, Role, roles_with

Found = TypeVar("Found", bound=Model)
Stewarded = TypeVar("Stewarded", Commitment, ChangeNotice, CatalogueItem)
LETTER_WRITERS = roles_with(Permission.RECEIVE_LETTERS) | roles_with(Permission.HANDLE_LETTERS)


def visible_records(user: User) -> QuerySet[Record]:
    """Records of all sites whose content the person may read."""
    return Record.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def writable_records(user: User) -> QuerySet[Record]:
    """Records the person may edit: of their sites, within their columns."""
    own = within_columns(user, roles=roles_with(Permission.WRITE_CONTENT))
    # Who answers a site's letters makes their public versions; other records of the site are not theirs.
    answering = appointments_of(user).filter(role__in=LETTER_WRITERS).values("site")
    return Record.objects.filter(own | Q(kind=Record.Kind.PUBLIC_ANSWER, site__in=answering))


def within_columns(user: User, *, roles: frozenset[str] | set[str], prefix: str = "") -> Q:
    """Condition: in a site where the person holds one of `roles`, and inside the columns this is limited to.

    `prefix` leads from the queried model to the record (`version__record__`). One term per kind of limit, however many
    sites the person serves, so the statement does not grow.
    """
    appointments = appointments_of(user).filter(role__in=roles)
    limited = ColumnLimit.objects.filter(appointment__in=appointments)
    if not (limits := _paths(limited)):  # as for nearly everybody: the statement needs to ask for none
        return Q(**{f"{prefix}site__in": appointments.values("site")})
    free = appointments.exclude(pk__in=limited.values("appointment"))
    condition = Q(**{f"{prefix}site__in": free.values("site")})
    columns = _keys_below(limits)
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
    return columns.filter(pk__in=columns_below(limited))


def writers_of(site: Site) -> QuerySet[User]:
    """Active people who write for a site, in any of its columns."""
    writing = roles_with(Permission.WRITE_CONTENT)
    serving = User.objects.filter(is_active=True, appointments__site=site, appointments__role__in=writing)
    return serving.distinct().order_by("name", "pk")


def changeable_documents(document: Record) -> QuerySet[PolicyDocument]:
    """What a policy document may amend or repeal: its own site's documents, and public ones of units below its owner.

    Not itself. A unit never ends what its superior issued.
    """
    own = Q(site=document.site_id)
    below_it = below(document.site.owner, chain=Membership.Chain.TERRITORIAL, prefix="site__owner__")
    public = below_it & Q(state=State.PUBLISHED)
    return PolicyDocument.objects.filter(own | public).exclude(identity=document.identity)


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


def may_propose_taking(user: User, column: Column) -> bool:
    """May the person say what a column takes by itself? Who writes in it, and who manages its site."""
    return column.closed_at is None and (may_write_in(user, column) or may_manage(user, column.site))


def may_stop_taking(user: User, rule: TakingRule) -> bool:
    """Who may propose such a rule may stop it; the site's manager also when its column is closed."""
    return may_manage(user, rule.site) or may_propose_taking(user, rule.column)


def may_arrange_columns(user: User, site: Site) -> bool:
    return may_manage(user, site)


def may_steward(user: User, site: Site) -> bool:
    """May the person record promises and changed facts of a site? Its editors and its manager may."""
    return may(user, Permission.WRITE_CONTENT, site) or may_manage(user, site)


def may_keep_catalogue(user: User, site: Site) -> bool:
    """May the person write the openness catalogue of a site, and ask for an item to stay unpublished?"""
    return may_manage(user, site)


def may_decide_columns(user: User, site: Site) -> bool:
    """May the person decide over columns of a site and put their changes on file? Overseers of its owner may."""
    return may(user, Permission.OVERSEE, site)


def may_decide_withholding(user: User, item: CatalogueItem) -> bool:
    return may(user, Permission.OVERSEE, item.site)


def may_order_reprints(user: User, organisation: Organisation) -> bool:
    """May the person order reprints for everything at or below this unit?"""
    return Organisation.objects.filter(within_reach(user, Role.OVERSEER), pk=organisation.pk).exists()


def may_keep_items(user: User, organisation: Organisation) -> bool:
    """May the person keep the service items of a unit's catalogue? Its overseers may: an item speaks on every site."""
    return oversees(user, organisation)


def kept_catalogues(user: User) -> QuerySet[Organisation]:
    """Units in whose catalogues of service items the person writes."""
    return Organisation.objects.filter(within_reach(user, Role.OVERSEER))


def may_exchange_services(user: User, site: Site) -> bool:
    """May the person compare a file with a site's services, or bring one in? Who writes, manages or keeps its items."""
    return may_steward(user, site) or may_keep_items(user, site.owner)


def visible_differences(user: User) -> QuerySet[ItemDifference]:
    """Where services differ from another source, on sites whose content the person may read."""
    return ItemDifference.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def visible_synchronisations(user: User) -> QuerySet[Synchronisation]:
    return Synchronisation.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def visible_items(user: User) -> QuerySet[ServiceItem]:
    """Service items that concern a person: those they keep, and those in the catalogues above the sites they read."""
    owners = Organisation.objects.filter(sites__in=sites_with(user, Permission.READ_CONTENT))
    lineages = [line for pair in owners.values_list("lineage", "vertical_lineage") for line in pair]
    above = {int(key) for lineage in lineages for key in lineage.split("/") if key}
    return ServiceItem.objects.filter(
        Q(organisation__in=owners) | Q(organisation__in=above) | Q(organisation__in=kept_catalogues(user))
    )


def fetch_item_for(user: User, ref: int) -> ServiceItem:
    """Raises Http404 for an item in a catalogue that concerns no site of the person."""
    return _only(visible_items(user).select_related("organisation"), ref)


def may_propose_source(user: User, organisation: Organisation) -> bool:
    """May the person ask for a source of reprints for a unit? Who manages a site of it, and its overseers."""
    managed = sites_with(user, Permission.MANAGE_SITE).filter(owner=organisation)
    return managed.exists() or may_order_reprints(user, organisation)


def may_decide_source(user: User, source: PermittedSource) -> bool:
    """Overseers of the unit decide, never on what they proposed themselves."""
    return source.proposed_by_id != user.pk and may_order_reprints(user, source.organisation)


def visible_sources(user: User) -> QuerySet[PermittedSource]:
    """Lists that bind the sites whose content the person reads, and those that she oversees.

    What was asked for one draft alone is shown to who may read that draft, and to who decides.
    """
    ordered = Organisation.objects.filter(within_reach(user, Role.OVERSEER))
    about_drafts = Q(only_for__site__in=sites_with(user, Permission.READ_CONTENT)) | Q(organisation__in=ordered)
    return PermittedSource.objects.filter(_binding(user)).filter(Q(only_for=None) | about_drafts)


def visible_feeds(user: User) -> QuerySet[Feed]:
    """Watched portals of units that bind the sites whose content the person reads, or that she oversees."""
    return Feed.objects.filter(_binding(user))


def _binding(user: User) -> Q:
    """Rows of units at or above the owners of one's sites, or within what one oversees."""
    owners = Organisation.objects.filter(sites__in=sites_with(user, Permission.READ_CONTENT))
    lineages = [line for pair in owners.values_list("lineage", "vertical_lineage") for line in pair]
    above = {int(key) for lineage in lineages for key in lineage.split("/") if key}
    ordered = Organisation.objects.filter(within_reach(user, Role.OVERSEER))
    return Q(organisation__in=owners) | Q(organisation__in=above) | Q(organisation__in=ordered)


def fetch_permit_for(user: User, ref: int) -> PermittedSource:
    """Raises Http404 for a source of a list that binds no site of the person."""
    return _only(visible_sources(user).select_related("organisation", "only_for__site", "proposed_by"), ref)


def fetch_feed_for(user: User, ref: int) -> Feed:
    """Raises Http404 for a watched portal that concerns no site of the person."""
    return _only(visible_feeds(user).select_related("organisation"), ref)


def may_set_review_date(user: User, record: Record) -> bool:
    """Who may write it, and who manages its site, may say that it was looked at again."""
    return may_write(user, record) or may_manage(user, record.site)


def visible_stewardship(user: User, model: type[Stewarded]) -> QuerySet[Stewarded]:
    """Rows of promises, change notices and catalogue items of sites whose content the person may read."""
    return model._default_manager.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def visible_taking_rules(user: User) -> QuerySet[TakingRule]:
    """Rules of sites whose content the person may read: of the taker, and of the site that is taken from."""
    sites = sites_with(user, Permission.READ_CONTENT)
    return TakingRule.objects.filter(Q(site__in=sites) | Q(origin__in=sites, state=TakingRule.State.IN_FORCE))


def visible_cases(user: User) -> QuerySet[PolicyCase]:
    """Cases of document and interpretation on sites whose content the person may read."""
    return PolicyCase.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def fetch_case_for(user: User, ref: int) -> PolicyCase:
    """The case with this key if the person may read it. Raises Http404 otherwise."""
    return _only(visible_cases(user).select_related("site", "document__site", "document__created_by", "unit"), ref)


def visible_questions(user: User) -> QuerySet[PublicQuestion]:
    """Questions of the public gathered for sites whose content the person may read."""
    return PublicQuestion.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def fetch_question_for(user: User, ref: int) -> PublicQuestion:
    """The question with this key if the person may read it. Raises Http404 otherwise."""
    rows = visible_questions(user).select_related("site", "document", "interpretation", "created_by")
    return _only(rows, ref)


def visible_campaigns(user: User) -> QuerySet[PolicyCampaign]:
    """Campaigns of sites whose content the person may read."""
    return PolicyCampaign.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def fetch_campaign_for(user: User, ref: int) -> PolicyCampaign:
    """The campaign with this key if the person may read it. Raises Http404 otherwise."""
    return _only(visible_campaigns(user).select_related("site", "unit", "created_by"), ref)


def visible_decisions(user: User) -> QuerySet[ColumnDecision]:
    return ColumnDecision.objects.filter(column__site__in=sites_with(user, Permission.READ_CONTENT))


def visible_filings(user: User) -> QuerySet[ColumnFiling]:
    return ColumnFiling.objects.filter(column__site__in=sites_with(user, Permission.READ_CONTENT))


def visible_withholdings(user: User) -> QuerySet[Withholding]:
    return Withholding.objects.filter(item__site__in=sites_with(user, Permission.READ_CONTENT))


def visible_reprints(user: User) -> QuerySet[ReprintTask]:
    """Tasks that a person may see: those they may order, and those that bind a site whose content they read."""
    return ReprintTask.objects.filter(_binding(user))


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


def fetch_taking_rule_for(user: User, identity: UUID) -> TakingRule:
    """The taker's rule with this identity. Raises Http404 for a rule of a site whose content the person may not read."""
    rules = TakingRule.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT), identity=identity)
    rule = rules.select_related("site", "column__site", "origin", "origin_column", "unit", "proposed_by").first()
    if rule is None:
        raise Http404
    return rule


def fetch_stewarded_for(user: User, model: type[Stewarded], ref: int) -> Stewarded:
    """The promise, change notice or catalogue item with this key if the person may read it. Raises Http404 otherwise."""
    return _only(visible_stewardship(user, model).select_related("site"), ref)


def fetch_decision_for(user: User, ref: int) -> ColumnDecision:
    """Raises Http404 for a decision about a column of a site that the person may not read."""
    return _only(visible_decisions(user).select_related("column__site"), ref)


def fetch_filing_for(user: User, ref: int) -> ColumnFiling:
    """Raises Http404 for a filing about a column of a site that the person may not read."""
    return _only(visible_filings(user).select_related("column__site"), ref)


def fetch_withholding_for(user: User, ref: int) -> Withholding:
    """Raises Http404 for an item of a site that the person may not read."""
    return _only(visible_withholdings(user).select_related("item__site"), ref)


def fetch_difference_for(user: User, ref: int) -> ItemDifference:
    """Raises Http404 for a difference of a site that the person may not read."""
    return _only(visible_differences(user).select_related("site", "guide"), ref)


def fetch_synchronisation_for(user: User, ref: int) -> Synchronisation:
    """Raises Http404 for a comparison of a site that the person may not read."""
    return _only(visible_synchronisations(user).select_related("site__owner", "by"), ref)


def fetch_reprint_for(user: User, ref: int) -> ReprintTask:
    """Raises Http404 for a task that concerns no site of the person."""
    return _only(visible_reprints(user).select_related("organisation"), ref)


def usable_pictures(user: User) -> QuerySet[Picture]:
    return Picture.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def usable_attachments(user: User) -> QuerySet[Attachment]:
    return Attachment.objects.filter(site__in=sites_with(user, Permission.READ_CONTENT))


def fetch_file_for(user: User, kind: str, ref: int) -> Picture | Attachment:
    """The picture or attachment with this key on a site whose content the person reads. Raises Http404 otherwise."""
    if kind == "picture":
        return _only(usable_pictures(user).select_related("site", "uploaded_by_user"), ref)
    if kind == "attachment":
        return _only(usable_attachments(user).select_related("site", "uploaded_by_user"), ref)
    raise Http404


def fetch_source_for(user: User, ref: int) -> ExchangeSource:
    """The exchange source with this key on a site whose content the person reads. Raises Http404 otherwise."""
    sites = sites_with(user, Permission.READ_CONTENT)
    return _only(ExchangeSource.objects.filter(site__in=sites).select_related("site", "column"), ref)


def fetch_exchanged_for(user: User, ref: int) -> ExchangedItem:
    """The exchanged item with this key, in a column in which the person may write. Raises Http404 otherwise."""
    found = ExchangedItem.objects.filter(pk=ref).select_related("source__column__site").first()
    if found is None or not may_write_in(user, found.source.column):
        raise Http404
    return found


def editor_sites(user: User) -> QuerySet[Site]:
    """Sites for which the person writes."""
    return Site.objects.filter(pk__in=appointments_of(user).filter(role=Role.EDITOR).values("site"))


def _only(rows: QuerySet[Found], ref: int) -> Found:
    row = rows.filter(pk=ref).first()
    if row is None:
        raise Http404
    return row


def columns_below(limits: QuerySet[ColumnLimit]) -> list[int]:
    """Keys of the columns that these limits name, and of everything below them."""
    return _keys_below(_paths(limits))


def _paths(limits: QuerySet[ColumnLimit]) -> list[tuple[int, str]]:
    """Site and path of the columns that these limits name."""
    return list(limits.values_list("column__site", "column__path"))


def _keys_below(paths: list[tuple[int, str]]) -> list[int]:
    condition = Q(pk__in=[])  # of which Django knows, without asking, that nothing is below it
    for site, path in paths:
        condition |= Q(site=site) & (Q(path=path) | Q(path__startswith=f"{path}/"))
    return list(Column.objects.filter(condition).values_list("pk", flat=True))
