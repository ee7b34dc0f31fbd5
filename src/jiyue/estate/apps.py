from django.apps import AppConfig


class EstateConfig(AppConfig):
    name = "jiyue.estate"
    label = "estate"
