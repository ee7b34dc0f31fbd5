from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "jiyue.identity"
    label = "identity"
