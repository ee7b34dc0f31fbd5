"""Addresses of 自动取用 and of who shares. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.takings import views

urlpatterns = [
    path("takings/", views.rules, name="console_takings"),
    path("takings/new/", views.add_rule, name="console_taking_new"),
    path("takings/<uuid:identity>/", views.rule, name="console_taking"),
    path("takings/<uuid:identity>/change/", views.change_rule, name="console_taking_change"),
    path("sharing/", views.sharing, name="console_sharing"),
]
