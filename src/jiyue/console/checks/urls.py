from django.urls import path

from jiyue.console.checks import consents, drafts, examined, leaks, lists, rectifying, waiving, while_typing

urlpatterns = [
    path("checks/typing/", while_typing.check_typing, name="console_check_typing"),
    path("checks/findings/", examined.findings, name="console_findings"),
    path("checks/findings/<int:pk>/", examined.finding, name="console_finding"),
    path("checks/rectifications/", rectifying.rectifications, name="console_rectifications"),
    path("checks/rectifications/export/", rectifying.export, name="console_rectifications_export"),
    path("checks/rectifications/<int:pk>/", rectifying.rectification, name="console_rectification"),
    path("checks/rectifications/<int:pk>/person/", rectifying.charge, name="console_rectification_person"),
    path("checks/examinations/", examined.examinations, name="console_examinations"),
    path("checks/waivers/", waiving.waivers, name="console_check_waivers"),
    path("checks/waivers/<int:pk>/", waiving.waiver, name="console_check_waiver"),
    path("checks/lists/", lists.lists, name="console_check_lists"),
    path("checks/lists/<str:matter>/<int:pk>/end/", lists.end, name="console_check_end"),
    path("checks/try/", lists.try_text, name="console_check_try"),
    path("leaks/", leaks.leaks, name="console_leaks"),
    path("leaks/<int:pk>/", leaks.leak, name="console_leak"),
    path("leaks/<int:pk>/report/", leaks.leak_report, name="console_leak_report"),
    path("records/<int:pk>/checks/", drafts.check_record, name="console_checks"),
    path("records/<int:pk>/leak/", leaks.report_leak, name="console_open_leak"),
    path("records/<int:pk>/consents/", consents.ask, name="console_ask_consent"),
    path("consents/<int:pk>/", consents.answer, name="console_consent"),
]
