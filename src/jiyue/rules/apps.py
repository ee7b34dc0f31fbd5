from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "jiyue.rules"
    label = "rules"
