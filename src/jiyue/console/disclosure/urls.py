"""Addresses of 公开申请: the inbox, one request, its letters and attachments, the annual tables. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.disclosure import views, views_annual, views_report

urlpatterns = [
    path("", views.requests, name="console_disclosures"),
    path("sites/<int:site>/register/", views.register, name="console_disclosure_register"),
    path("<int:disclosure>/", views.request_page, name="console_disclosure"),
    path("letters/<int:paper>/docx/", views.letter_docx, name="console_disclosure_docx"),
    path("letters/<int:paper>/pdf/", views.letter_pdf, name="console_disclosure_pdf"),
    path("files/<int:disclosure_file>/", views.file, name="console_disclosure_file"),
    path("answer-files/<int:answer_file>/", views.answer_file, name="console_disclosure_answer_file"),
    path("report/", views_report.report, name="console_disclosure_report"),
    path("annual/", views_annual.annual, name="console_disclosure_annual"),
    path("annual/export/", views_annual.annual_export, name="console_disclosure_annual_export"),
    path("report/export/", views_report.export, name="console_disclosure_report_export"),
]
