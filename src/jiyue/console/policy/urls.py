"""Addresses of 政策解读: cases of document and interpretation. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.policy import views_cases

urlpatterns = [
    path("cases/", views_cases.cases, name="console_cases"),
    path("cases/open/<int:pk>/", views_cases.open_for, name="console_case_new"),
    path("cases/<int:case>/", views_cases.case, name="console_case"),
]
