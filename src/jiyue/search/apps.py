from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "jiyue.search"
    verbose_name = "检索"
