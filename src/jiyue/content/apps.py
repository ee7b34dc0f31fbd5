from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "jiyue.content"
    label = "content"
