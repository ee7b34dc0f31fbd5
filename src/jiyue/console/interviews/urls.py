"""Addresses of 在线访谈: the list, the desk of one, its questions and words. Who may open them: `offers`."""

from django.urls import path

from jiyue.console.interviews import views

urlpatterns = [
    path("", views.interviews, name="console_interviews"),
    path("<int:interview>/", views.desk, name="console_interview"),
    path("questions/<int:interview_question>/", views.question, name="console_interview_question"),
    path("words/<int:live_word>/", views.word, name="console_live_word"),
]
