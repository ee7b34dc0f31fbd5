"""Addresses of 检索: promoted answers, synonyms, what visitors asked. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.search import views

urlpatterns = [
    path("promoted/", views.promoted, name="console_promoted"),
    path("sites/<int:site>/promoted/new/", views.add_promoted, name="console_promoted_new"),
    path("promoted/<int:answer>/end/", views.end_promoted, name="console_promoted_end"),
    path("asked/", views.asked, name="console_asked"),
    path("synonyms/", views.synonyms, name="console_synonyms"),
    path("synonyms/<int:group>/end/", views.end_group, name="console_synonyms_end"),
]
