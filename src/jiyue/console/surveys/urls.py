"""Addresses of 调查征集: the list, what came in, texts and opinions, groups, exports. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.surveys import views, views_opinions, views_texts

urlpatterns = [
    path("", views.surveys, name="console_surveys"),
    path("about-site/", views.about_site, name="console_survey_about_site"),
    path("<int:survey>/", views.survey, name="console_survey"),
    path("<int:survey>/export/", views.export, name="console_survey_export"),
    path("<int:survey>/texts/", views_texts.texts, name="console_survey_texts"),
    path("texts/<int:survey_text>/", views_texts.text, name="console_survey_text"),
    path("<int:call>/opinions/", views_opinions.opinions, name="console_opinions"),
    path("groups/<int:opinion_group>/", views_opinions.group, name="console_opinion_group"),
]
