"""Addresses of 办事服务质量: lists of faults, how far one gets online, comparisons. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.services import views_differences, views_exchange, views_lists

urlpatterns = [
    path("quality/", views_lists.services, name="console_services"),
    path("quality/export/", views_lists.services_export, name="console_services_export"),
    path("depths/", views_lists.depths, name="console_service_depths"),
    path("depths/export/", views_lists.depths_export, name="console_service_depths_export"),
    path("differences/", views_differences.differences, name="console_differences"),
    path("differences/<int:difference>/take/", views_differences.take, name="console_difference_take"),
    path("differences/<int:difference>/keep/", views_differences.keep, name="console_difference_keep"),
    path("synchronisations/", views_exchange.synchronisations, name="console_synchronisations"),
    path("synchronisations/file/", views_exchange.service_file, name="console_service_file"),
    path("synchronisations/<int:synchronisation>/", views_exchange.synchronisation, name="console_synchronisation"),
    path("sites/<int:site>/differences/", views_differences.of_site, name="console_site_differences"),
    path("sites/<int:site>/synchronisations/", views_exchange.of_site, name="console_site_synchronisations"),
    path("sites/<int:site>/compare/", views_exchange.compare, name="console_services_compare"),
    path("sites/<int:site>/source/", views_exchange.source, name="console_service_source"),
    path("sites/<int:site>/compare-again/", views_exchange.again, name="console_services_again"),
]
