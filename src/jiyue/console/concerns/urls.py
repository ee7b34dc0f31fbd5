"""Addresses of 回应关切: the register, one concern, its steps, the contacts. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.concerns import views, views_contacts

urlpatterns = [
    path("", views.concerns, name="console_concerns"),
    path("export/", views.export, name="console_concern_export"),
    path("sites/<int:site>/new/", views.add_concern, name="console_concern_new"),
    path("<int:concern>/", views.concern, name="console_concern"),
    path("steps/<int:step>/strike/", views.strike, name="console_concern_strike"),
    path("contacts/", views_contacts.contacts, name="console_contacts"),
    path("contacts/new/", views_contacts.add_contact, name="console_contact_new"),
    path("contacts/<int:contact>/", views_contacts.contact, name="console_contact"),
]
