from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "jiyue.console"
    label = "console"
