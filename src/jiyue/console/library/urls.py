"""Addresses of the 资源库. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.library import answering, offering, relating, taking

urlpatterns = [
    path("library/", taking.shelf, name="console_library"),
    path("library/<int:pk>/take/", taking.take, name="console_take"),
    path("placements/", answering.placements, name="console_placements"),
    path("placements/<uuid:identity>/", answering.placement, name="console_placement"),
    path("placements/<uuid:identity>/answer/", answering.answer, name="console_answer"),
    path("records/<int:pk>/related/", relating.related, name="console_related"),
    path("records/<int:pk>/offer/", offering.offer_record, name="console_offer"),
]
