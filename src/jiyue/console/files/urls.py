"""Addresses of 文件库: the pictures and attachments of a site. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.files import views

urlpatterns = [
    path("", views.files, name="console_files"),
    path("remove/", views.remove, name="console_files_remove"),
    path("<str:kind>/<int:file>/", views.file, name="console_file"),
]
