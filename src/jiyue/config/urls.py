"""Addresses of the console. The portal has no address here, and the console none there."""

from django.urls import include, path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("", include("jiyue.console.urls")),
    path("documents/", include(wagtaildocs_urls)),
    path("", include(wagtailadmin_urls)),
]

handler400 = "jiyue.console.gate.bad_request"
handler404 = "jiyue.console.gate.not_found"
handler500 = "jiyue.console.faults.failed"
