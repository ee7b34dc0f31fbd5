"""Addresses of 数据标准. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.standards import views

urlpatterns = [
    path("", views.standards, name="console_standards"),
    path("nonconforming/", views.nonconforming, name="console_nonconforming_all"),
    path("nonconforming/<int:site>/", views.nonconforming, name="console_nonconforming"),
    path("<str:standard>/", views.standard, name="console_standard"),
    path("<str:standard>/schema/", views.schema, name="console_standard_schema"),
    path("<str:standard>/demand/", views.demand, name="console_standard_new"),
]
