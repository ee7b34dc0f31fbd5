"""Addresses of 栏目保障: column table, decisions, filings, catalogue, promises. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.stewardship import (
    views_catalogue,
    views_columns,
    views_deciding,
    views_outdated,
    views_plans,
    views_promises,
    views_reprints,
)

urlpatterns = [
    path("columns/", views_columns.table, name="console_column_table"),
    path("columns/export/", views_columns.export, name="console_column_table_export"),
    path("columns/reference/", views_columns.reference, name="console_reference_table"),
    path("columns/<int:column>/decision/", views_deciding.add_decision, name="console_decision_new"),
    path("plans/", views_plans.plans, name="console_plans"),
    path("plans/new/", views_plans.add_plan, name="console_plan_new"),
    path("plans/<int:plan>/", views_plans.plan, name="console_plan"),
    path("decisions/", views_deciding.decisions, name="console_decisions"),
    path("decisions/<int:decision>/", views_deciding.decision, name="console_decision"),
    path("filings/", views_deciding.filings, name="console_filings"),
    path("filings/<int:filing>/", views_deciding.filing, name="console_filing"),
    path("catalogue/", views_catalogue.catalogue, name="console_catalogue"),
    path("catalogue/export/", views_catalogue.export, name="console_catalogue_export"),
    path("sites/<int:site>/catalogue/new/", views_catalogue.add_item, name="console_item_new"),
    path("sites/<int:site>/catalogue/import/", views_catalogue.import_items, name="console_catalogue_import"),
    path("catalogue/<int:item>/", views_catalogue.item, name="console_item"),
    path("catalogue/<int:item>/remove/", views_catalogue.remove, name="console_item_remove"),
    path("catalogue/<int:item>/withhold/", views_catalogue.withhold, name="console_item_withhold"),
    path("withholdings/<int:withholding>/", views_catalogue.withholding, name="console_withholding"),
    path("commitments/", views_promises.commitments, name="console_commitments"),
    path("sites/<int:site>/commitments/new/", views_promises.add_commitment, name="console_commitment_new"),
    path("commitments/<int:commitment>/", views_promises.commitment, name="console_commitment"),
    path("reprints/", views_reprints.reprints, name="console_reprints"),
    path("reprints/new/", views_reprints.add_reprint, name="console_reprint_new"),
    path("reprints/<int:reprint>/", views_reprints.reprint, name="console_reprint"),
    path("outdated/", views_outdated.records, name="console_outdated"),
    path("outdated/<int:record>/", views_outdated.looked_at, name="console_looked_at"),
    path("notifications/", views_promises.notifications, name="console_notifications"),
    path("sites/<int:site>/notifications/new/", views_promises.add_notification, name="console_notification_new"),
    path("notifications/<int:notification>/", views_promises.notification, name="console_notification"),
]
