"""Addresses of 政策解读: cases, questions of the public, campaigns, shares. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.policy import views_campaigns, views_cases, views_questions, views_shares

urlpatterns = [
    path("cases/", views_cases.cases, name="console_cases"),
    path("cases/open/<int:pk>/", views_cases.open_for, name="console_case_new"),
    path("cases/<int:case>/", views_cases.case, name="console_case"),
    path("questions/", views_questions.questions, name="console_questions"),
    path("questions/export/", views_questions.export, name="console_questions_export"),
    path("questions/new/<int:site>/", views_questions.add, name="console_question_new"),
    path("questions/about/<int:pk>/", views_questions.about, name="console_questions_about"),
    path("questions/<int:question>/", views_questions.question, name="console_question"),
    path("campaigns/", views_campaigns.campaigns, name="console_campaigns"),
    path("campaigns/export/", views_campaigns.export, name="console_campaigns_export"),
    path("campaigns/new/<int:site>/", views_campaigns.add, name="console_campaign_new"),
    path("campaigns/<int:campaign>/", views_campaigns.campaign, name="console_campaign"),
    path("shares/", views_shares.shares, name="console_interpreted"),
    path("shares/export/", views_shares.export, name="console_interpreted_export"),
]
