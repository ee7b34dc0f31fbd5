from django.apps import AppConfig


class ChecksConfig(AppConfig):
    name = "jiyue.checks"
    label = "checks"
