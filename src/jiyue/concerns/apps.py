from django.apps import AppConfig


class ConcernsConfig(AppConfig):
    name = "jiyue.concerns"
    label = "concerns"
