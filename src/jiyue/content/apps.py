from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "jiyue.content"
    label = "content"

    def ready(self) -> None:
        # Models can be imported only now that every app is there.
        from jiyue.content.areas import narrowed  # noqa: PLC0415
        from jiyue.obligations.policies import narrow_with  # noqa: PLC0415

        narrow_with(narrowed)
