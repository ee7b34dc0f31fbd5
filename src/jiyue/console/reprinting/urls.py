"""Addresses of 转载: watched portals, permitted sources, originals. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.reprinting import views_feeds, views_originals, views_sources

urlpatterns = [
    path("stewardship/feeds/", views_feeds.feeds, name="console_feeds"),
    path("stewardship/feeds/new/", views_feeds.add_feed, name="console_feed_new"),
    path("stewardship/feeds/<int:feed>/", views_feeds.change_feed, name="console_feed_change"),
    path("stewardship/feeds/<int:feed>/tend/", views_feeds.tend_feed, name="console_feed_tend"),
    path("stewardship/entries/<int:entry>/order/", views_feeds.order_from_entry, name="console_entry_order"),
    path("stewardship/entries/<int:entry>/pass/", views_feeds.pass_over, name="console_entry_pass"),
    path("stewardship/sources/", views_sources.sources, name="console_sources"),
    path("stewardship/sources/new/", views_sources.add_source, name="console_source_new"),
    path("stewardship/sources/<int:permit>/", views_sources.source, name="console_source"),
    path("stewardship/reprints/<int:reprint>/draft/", views_originals.prepare, name="console_reprint_draft"),
    path("records/<int:pk>/originals/", views_originals.originals, name="console_originals"),
]
