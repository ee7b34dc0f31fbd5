from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "jiyue.disclosure"
    label = "disclosure"
