"""Addresses of 数据交换. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.exchange import views

urlpatterns = [
    path("", views.exchanges, name="console_exchanges"),
    path("new/<int:site>/", views.add, name="console_exchange_new"),
    path("sources/<int:source>/", views.source, name="console_exchange_source"),
    path("items/<int:exchanged>/seen/", views.seen, name="console_exchange_seen"),
]
