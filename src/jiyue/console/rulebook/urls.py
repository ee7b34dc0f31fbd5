"""Addresses of the rules: packs, parameters, changes, calendars. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.rulebook import views_calendar, views_changes, views_notices, views_own, views_packs

urlpatterns = [
    path("", views_packs.packs, name="console_packs"),
    path("packs/<str:pack>/", views_packs.pack, name="console_pack"),
    path("parameters/", views_packs.parameters, name="console_parameters"),
    path("parameters/<str:parameter>/", views_packs.parameter, name="console_parameter"),
    path("parameters/<str:parameter>/override/", views_changes.add_override, name="console_override_new"),
    path("compare/", views_packs.comparison, name="console_compare"),
    path("changes/", views_changes.changes, name="console_changes"),
    path("changes/<str:matter>/<int:change>/", views_changes.change, name="console_change"),
    path("notices/", views_notices.notices, name="console_rule_notices"),
    path("notices/<str:matter>/<int:change>/", views_notices.notice, name="console_rule_notice"),
    path("assign/", views_changes.add_assignment, name="console_assign"),
    path("own/", views_own.own_pack, name="console_own_pack"),
    path("calendars/", views_calendar.this_year, name="console_calendars"),
    path("calendars/<int:year>/", views_calendar.year, name="console_calendar"),
    path("calendars/<int:year>/regional/", views_calendar.regional, name="console_calendar_regional"),
    path("calendars/<int:year>/revise/", views_calendar.revise, name="console_calendar_revise"),
]
