"""The console under gunicorn, in processes forked from the loaded program."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from gunicorn.app.base import BaseApplication


class ConsoleServer(BaseApplication):
    """gunicorn without a command line and without files of its own; `options` are its settings by name."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, loaded when the settings are known."""
        return import_module("jiyue.config.wsgi").application
