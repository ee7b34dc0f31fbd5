from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "jiyue.review"
    label = "review"
