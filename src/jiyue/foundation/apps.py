from django.apps import AppConfig


class FoundationConfig(AppConfig):
    name = "jiyue.foundation"
    label = "foundation"
