"""Addresses of our own screens. They stand before Wagtail's; what a person may open is in `offers` (the gate)."""

from django.urls import path
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.utils.urlpatterns import decorate_urlpatterns

from jiyue.console import account, sites, work

urlpatterns = [
    path("", work.my_work, name="wagtailadmin_home"),
    path("account/", account.AccountView.as_view(), name="wagtailadmin_account"),
    path("sites/choose/", sites.choose_site, name="console_choose_site"),
    path("sites/", sites.sites, name="console_sites"),
]

urlpatterns = decorate_urlpatterns(urlpatterns, require_admin_access)
urlpatterns = decorate_urlpatterns(urlpatterns, never_cache)
