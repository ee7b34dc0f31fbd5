"""Addresses of 办事事项. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.service_items import views

urlpatterns = [
    path("", views.items, name="console_service_items"),
    path("new/", views.add_item, name="console_service_item_new"),
    path("<int:service_item>/", views.item, name="console_service_item"),
    path("<int:service_item>/change/", views.change_item, name="console_service_item_change"),
    path("<int:service_item>/end/", views.end, name="console_service_item_end"),
]
