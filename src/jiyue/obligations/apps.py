from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    name = "jiyue.obligations"
    label = "obligations"
