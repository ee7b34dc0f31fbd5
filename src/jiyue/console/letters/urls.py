"""Addresses of 信件: the inbox, one letter, its attachments, its print. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.letters import (
    bulk,
    inbox,
    views,
    views_aside,
    views_blocks,
    views_errors,
    views_leader,
    views_mailboxes,
    views_public,
    views_statistics,
)

urlpatterns = [
    path("", inbox.letters, name="console_letters"),
    path("several/", bulk.several, name="console_letters_bulk"),
    path("several/print/", views.whole_files, name="console_letters_print"),
    path("several/<int:bulk_step>/", bulk.progress, name="console_letters_bulk_done"),
    path("sites/<int:site>/register/", views.register, name="console_letter_register"),
    path("sites/<int:site>/errors/", views_errors.reports, name="console_error_reports"),
    path("errors/blank/", views_errors.blank, name="console_error_blank"),
    path("errors/files/<int:error_file>/", views_errors.error_file, name="console_error_file"),
    path("errors/handouts/<int:error_handout>/", views_errors.handout, name="console_error_handout"),
    path("errors/handouts/<int:error_handout>/file/", views_errors.handout_file, name="console_error_handout_file"),
    path("<int:letter>/", views.letter, name="console_letter"),
    path("<int:letter>/print/", views.whole_file, name="console_letter_print"),
    path("<int:letter>/public/", views_public.public_version, name="console_letter_public"),
    path("blocks/", views_blocks.blocks, name="console_text_blocks"),
    path("blocks/new/", views_blocks.block_new, name="console_text_block_new"),
    path("blocks/<int:text_block>/", views_blocks.block, name="console_text_block"),
    path("sites/<int:site>/mailboxes/", views_mailboxes.mailboxes, name="console_mailboxes"),
    path("mailboxes/<int:mailbox>/close/", views_mailboxes.close, name="console_mailbox_close"),
    path("statistics/", views_statistics.statistics, name="console_letter_statistics"),
    path("statistics/export/", views_statistics.statistics_export, name="console_letter_statistics_export"),
    path("to-me/", views_leader.letters, name="console_led_letters"),
    path("to-me/<int:led>/", views_leader.letter, name="console_led_letter"),
    path("files/<int:letter_file>/", views.file, name="console_letter_file"),
    path("set-aside/", views_aside.set_aside, name="console_letters_aside"),
    path("set-aside/<int:aside>/", views_aside.settle, name="console_letter_aside"),
]
