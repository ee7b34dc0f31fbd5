"""Addresses of our own screens. They stand before Wagtail's; what a person may open is in `offers` (the gate)."""

from django.urls import include, path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.chooser import ExternalLinkView
from wagtail.utils.urlpatterns import decorate_urlpatterns

from jiyue.console import account, previews, records, reviewing, sites, submitting, versions
from jiyue.console import path as the_way
from jiyue.console.duties import feeds, mine
from jiyue.console.writing import bodies, files, look, pasting, start, views

urlpatterns = [
    path("", mine.my_work, name="wagtailadmin_home"),
    path("account/", account.AccountView.as_view(), name="wagtailadmin_account"),
    path("account/password/", account.new_password, name="console_new_password"),
    path("sites/choose/", sites.choose_site, name="console_choose_site"),
    path("sites/", sites.sites, name="console_sites"),
    path("records/", records.records, name="console_records"),
    path("records/submit/", submitting.submit_many, name="console_submit_many"),
    path("records/<int:pk>/", the_way.path, name="console_path"),
    path("records/<int:pk>/edit/", views.edit, name="console_edit"),
    path("records/<int:pk>/body/", bodies.bring_body, name="console_bring_body"),
    path("records/<int:pk>/submit/", submitting.submit_record, name="console_submit"),
    path("records/<int:pk>/withdraw/", submitting.withdraw, name="console_withdraw"),
    path("records/<int:pk>/delete/", start.delete, name="console_delete"),
    path("reviews/<int:pk>/", reviewing.review, name="console_review"),
    path("reviews/<int:pk>/waive/", reviewing.waive_finding, name="console_waive"),
    path("reviews/<int:pk>/decide/", reviewing.decide, name="console_decide"),
    path("versions/<int:pk>/files/<str:digest>/<str:name>", versions.version_file, name="console_version_file"),
    path("versions/<int:pk>/page/", previews.version_page, name="console_version_page"),
    path("versions/<int:pk>/preview/", previews.preview_frame, name="console_preview"),
    path("preview/<int:site>/<path:path>", previews.preview_part, name="console_preview_part"),
    path("write/", start.write, name="console_write"),
    path("write/look/", look.look, name="console_look"),
    path("write/begin/", start.begin, name="console_begin"),
    path("write/paste/", pasting.paste, name="console_paste"),
    path("private/<path:path>", files.private_file, name="console_private_file"),
    # Wagtail's link dialogue opens with its page chooser; ours opens with an address, because there are no pages.
    path("choose-page/", ExternalLinkView.as_view(), name="console_choose_link"),
    path("office/", include("jiyue.console.office.urls")),
    path("exchange/", include("jiyue.console.exchange.urls")),
    path("files/", include("jiyue.console.files.urls")),
    path("standards/", include("jiyue.console.standards.urls")),
    path("rules/", include("jiyue.console.rulebook.urls")),
    path("policy/", include("jiyue.console.policy.urls")),
    path("reports/", include("jiyue.console.reports.urls")),
    path("stewardship/", include("jiyue.console.stewardship.urls")),
    path("services/", include("jiyue.console.services.urls")),
    path("service-items/", include("jiyue.console.service_items.urls")),
    path("", include("jiyue.console.checks.urls")),
    path("", include("jiyue.console.library.urls")),
    path("", include("jiyue.console.takings.urls")),
    path("", include("jiyue.console.reprinting.urls")),
    path("search-words/", include("jiyue.console.search.urls")),
    path("concerns/", include("jiyue.console.concerns.urls")),
    path("letters/", include("jiyue.console.letters.urls")),
    path("disclosure/", include("jiyue.console.disclosure.urls")),
    path("surveys/", include("jiyue.console.surveys.urls")),
    path("enquiries/", include("jiyue.console.enquiries.urls")),
    path("interviews/", include("jiyue.console.interviews.urls")),
    path("comments/", include("jiyue.console.comments.urls")),
    path("duties/", include("jiyue.console.duties.urls")),
]

urlpatterns = decorate_urlpatterns(urlpatterns, require_admin_access)
urlpatterns = decorate_urlpatterns(urlpatterns, never_cache)
# Outside what asks for a sign-in: the way in, and what a secret opens.
urlpatterns += [path("login/", account.SignInView.as_view(), name="wagtailadmin_login")]
urlpatterns += [path("feed/<str:secret>.ics", feeds.feed, name="console_feed")]
