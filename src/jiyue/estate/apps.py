from django.apps import AppConfig


class EstateConfig(AppConfig):
    name = "jiyue.estate"
    label = "estate"

    def ready(self) -> None:
        # Only now are there models to ask.
        from jiyue.checks.policies import keepers_with  # noqa: PLC0415
        from jiyue.estate.policies import managed_units  # noqa: PLC0415

        keepers_with(managed_units)
