"""JSON-LD for search engines: what a page is, said with the words of schema.org.

The blocks are data, not scripts: a policy of `default-src 'self'` neither runs nor blocks them.
"""

from functools import singledispatch
from typing import Any

from jiyue.portal.wording import day, machine
from jiyue.publishing.frame import SiteFrame
from jiyue.publishing.pages import (
    DocumentPage,
    HomePage,
    InstitutionPage,
    Page,
    PolicyDocumentPage,
    ServiceGuidePage,
)

Thing = dict[str, Any]
_FORCE = {"valid": "InForce", "amended": "PartiallyInForce", "not_yet": "NotInForce", "repealed": "NotInForce"}


def organization(frame: SiteFrame) -> Thing:
    thing: Thing = {"@type": "GovernmentOrganization", "name": frame.name, "url": f"{frame.origin}/"}
    if frame.contact.phone:
        thing["telephone"] = frame.contact.phone
    if frame.contact.address:
        thing["address"] = frame.contact.address
    return thing


def breadcrumbs(page: Page) -> Thing:
    steps = [
        {"@type": "ListItem", "position": n, "name": name, "item": page.frame.origin + address}
        for n, (name, address) in enumerate([(page.frame.name, "/"), *((c.title, c.address) for c in page.crumbs)], 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": steps}


def _document(page: DocumentPage) -> Thing:
    thing: Thing = {
        "headline": page.title,
        "datePublished": machine(page.published_at) if page.hour_known else day(page.published_at),
        "mainEntityOfPage": page.canonical,
        "publisher": {"@type": "GovernmentOrganization", "name": page.frame.owner},
    }
    if page.corrections:
        thing["dateModified"] = machine(page.corrections[-1].at)
    if page.description:
        thing["description"] = page.description
    if page.source:
        thing["author"] = {"@type": "Organization", "name": page.source}
    if page.images:
        thing["image"] = [page.frame.origin + address for address in page.images]
    return thing


@singledispatch
def describe(page: Page) -> Thing | None:
    """What this page is; None when it is nothing more than a page."""
    return None


@describe.register
def _(page: HomePage) -> Thing:
    return organization(page.frame)


@describe.register
def _(page: DocumentPage) -> Thing:
    return {"@type": "NewsArticle"} | _document(page)


@describe.register
def _(page: PolicyDocumentPage) -> Thing:
    thing: Thing = {"@type": "Legislation", "name": page.title} | _document(page)
    if page.document_number:
        thing["legislationIdentifier"] = page.document_number
    if page.issuers:
        thing["legislationPassedBy"] = [{"@type": "GovernmentOrganization", "name": name} for name in page.issuers]
    if page.written_on:
        thing["legislationDate"] = day(page.written_on)
    if page.effective_on:
        thing["legislationDateOfApplicability"] = day(page.effective_on)
    if page.validity in _FORCE:
        thing["legislationLegalForce"] = f"https://schema.org/{_FORCE[page.validity]}"
    return thing


@describe.register
def _(page: ServiceGuidePage) -> Thing:
    thing: Thing = {
        "@type": "GovernmentService",
        "name": page.title,
        "url": page.canonical,
        "serviceOperator": {"@type": "GovernmentOrganization", "name": page.operator},
    }
    if page.audiences:
        thing["audience"] = [{"@type": "Audience", "audienceType": name} for name in page.audiences]
    channel: Thing = {"@type": "ServiceChannel"}
    if page.online:
        channel["serviceUrl"] = page.online.address
    if page.telephone:
        channel["servicePhone"] = page.telephone
    if page.place:
        channel["serviceLocation"] = page.place
    return thing | ({"availableChannel": channel} if len(channel) > 1 else {})


@describe.register
def _(page: InstitutionPage) -> Thing:
    thing: Thing = {"@type": "GovernmentOrganization", "name": page.name, "url": page.canonical}
    if page.phone:
        thing["telephone"] = page.phone
    if page.office_address:
        thing["address"] = page.office_address
    return thing


def graph(page: Page) -> Thing | None:
    """The whole block of a page; None when there is nothing worth saying."""
    thing = describe(page)
    things = [thing] if thing else []
    if page.crumbs:
        things.append(breadcrumbs(page))
    return {"@context": "https://schema.org", "@graph": things} if things else None
