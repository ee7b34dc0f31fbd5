"""Addresses of the reports. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.reports import views, views_letters

urlpatterns = [
    path("counts/", views.show_counts, name="console_counts"),
    path("counts/export/", views.export_counts, name="console_counts_export"),
    path("events/", views.show_events, name="console_events_told"),
    path("events/export/", views.export_events, name="console_events_told_export"),
    path("accounts/", views.show_accounts, name="console_accountability"),
    path("accounts/export/", views.export_accounts, name="console_accountability_export"),
    path("letters/", views_letters.show, name="console_letters_watched"),
    path("letters/export/", views_letters.export, name="console_letters_watched_export"),
]
