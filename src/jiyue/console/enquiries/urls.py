"""Addresses of 在线咨询: the duty desk, one conversation, past ones, a site's desk. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.enquiries import files, views, views_desk, views_statistics

urlpatterns = [
    path("", views.duty, name="console_enquiries"),
    path("past/", views.past, name="console_enquiry_past"),
    path("news/", views.news, name="console_enquiry_news"),
    path("<int:enquiry>/", views.enquiry, name="console_enquiry"),
    path("files/<int:enquiry_file>/", files.file, name="console_enquiry_file"),
    path("sites/<int:site>/desk/", views_desk.desk, name="console_enquiry_desk"),
    path("statistics/", views_statistics.statistics, name="console_enquiry_statistics"),
    path("statistics/export/", views_statistics.statistics_export, name="console_enquiry_statistics_export"),
]
