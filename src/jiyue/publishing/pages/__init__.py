"""Every public page as plain data: what the baker fills in and what the portal's templates may read.

Nothing here knows a database, a request or a template engine. Every moment is an aware `datetime`; every day is a
`date`. Addresses inside the site are root-relative (`/zwgk/…`); only `canonical` and links to other hosts are absolute.
`body` and the other fields named `*_html` or `body` hold HTML that the review sanitised at submission; the templates
escape every other string.
"""

from jiyue.publishing.pages.bodies import (
    InnerOffice,
    InstitutionGroup,
    InstitutionLine,
    InstitutionPage,
    InstitutionsPage,
    LeaderCard,
    LeaderGroup,
    LeaderPage,
    LeadersPage,
)
from jiyue.publishing.pages.common import ColumnFacts, Crumb, ListBlock, ListItem, Page
from jiyue.publishing.pages.documents import (
    ArticlePage,
    Correction,
    DocumentPage,
    DocumentTie,
    GalleryPage,
    InterpretationLink,
    InterpretationPage,
    NoticePage,
    OutlineItem,
    PlainPage,
    PolicyDocumentPage,
    PolicyLink,
    TopicPage,
)
from jiyue.publishing.pages.lists import (
    ColumnPage,
    HomePage,
    LibraryLine,
    LibraryPage,
    SearchPage,
    SiteMapPage,
    TopicCard,
    YearPage,
)
from jiyue.publishing.pages.machines import Feed, Robots, SiteMapEntry, SiteMapXml
from jiyue.publishing.pages.refusals import GonePage, MovedPage, NotFoundPage, PlatformNotFound, UnavailablePage
from jiyue.publishing.pages.rendering import AnyPage, AssetFile, Renderer, template_for

__all__ = [
    "AnyPage",
    "ArticlePage",
    "AssetFile",
    "ColumnFacts",
    "ColumnPage",
    "Correction",
    "Crumb",
    "DocumentPage",
    "DocumentTie",
    "Feed",
    "GalleryPage",
    "GonePage",
    "HomePage",
    "InnerOffice",
    "InstitutionGroup",
    "InstitutionLine",
    "InstitutionPage",
    "InstitutionsPage",
    "InterpretationLink",
    "InterpretationPage",
    "LeaderCard",
    "LeaderGroup",
    "LeaderPage",
    "LeadersPage",
    "LibraryLine",
    "LibraryPage",
    "ListBlock",
    "ListItem",
    "MovedPage",
    "NotFoundPage",
    "NoticePage",
    "OutlineItem",
    "Page",
    "PlainPage",
    "PlatformNotFound",
    "PolicyDocumentPage",
    "PolicyLink",
    "Renderer",
    "Robots",
    "SearchPage",
    "SiteMapEntry",
    "SiteMapPage",
    "SiteMapXml",
    "TopicCard",
    "TopicPage",
    "UnavailablePage",
    "YearPage",
    "template_for",
]
