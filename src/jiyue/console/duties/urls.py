"""Addresses of duties: lists, calendar, boards, files. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.duties import acting, boards, months, posts, proofs, views

urlpatterns = [
    path("", views.duties, name="console_duties"),
    path("export/", views.export, name="console_duty_export"),
    path("month/", months.month, name="console_duty_month"),
    path("board/", boards.board, name="console_duty_board"),
    path("wall/", boards.wall, name="console_duty_wall"),
    path("post/", posts.post, name="console_duty_post"),
    path("post/feed/", posts.make_feed, name="console_feed_make"),
    path("post/feed/revoke/", posts.revoke_feed, name="console_feed_revoke"),
    path("<int:duty>/", acting.duty, name="console_duty"),
    path("<int:duty>/meet/", acting.meet, name="console_duty_meet"),
    path("<int:duty>/proofs/<int:number>/", proofs.proof, name="console_duty_proof"),
    path("<int:duty>/step/", acting.step, name="console_duty_step"),
    path("<int:duty>/waiver/", acting.ask, name="console_duty_ask"),
    path("<int:duty>/person/", acting.name, name="console_duty_name"),
    path("waivers/<int:waiver>/", acting.waiver, name="console_waiver"),
]
