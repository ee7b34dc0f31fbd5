"""Addresses of 评论和评价: the queue, one comment, votes in numbers, and where a site takes them. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.comments import views, views_orders, views_votes

urlpatterns = [
    path("", views.comments, name="console_comments"),
    path("<int:comment>/", views.comment, name="console_comment"),
    path("votes/", views_votes.votes, name="console_page_votes"),
    path("votes/export/", views_votes.export, name="console_page_votes_export"),
    path("votes/<int:voted>/", views_votes.reasons, name="console_page_votes_of"),
    path("sites/<int:site>/orders/", views_orders.orders, name="console_comment_orders"),
    path("orders/<int:comment_order>/end/", views_orders.end, name="console_comment_order_end"),
]
