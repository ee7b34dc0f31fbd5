"""The program, loaded once: what every part with a database needs stands in memory before the parts are forked from it.

A page of memory that nobody writes to is held once for all of them. So whatever a part would build at its first use is
built here: addresses, screens, catalogues, rules, word lists, the words of the segmenter.
"""

import gc
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from threading import active_count

# What the parts import when they start.
MODULES = (
    "jiyue.config.duties",
    "jiyue.config.schedule",
    "jiyue.config.searching",
    "jiyue.config.console_server",
    "jiyue.config.subscribers",
    "jiyue.config.urls",
    "jiyue.config.wsgi",
    "jiyue.console.duties.digests",
    "jiyue.content.uploads",
    "jiyue.publishing.page_rules.keeping",
    "jiyue.publishing.reconciling",
    "jiyue.publishing.remembering",
    "jiyue.publishing.worker",
    "jiyue.review.examining",
    "jiyue.search.indexing",
)


class NotForkable(RuntimeError):
    """Something was opened while the program was loaded that two processes must not share."""


def load() -> None:
    """Load everything. Raises NotForkable (`refuse_open`)."""
    gc.disable()  # nearly all of it is kept: to look through it for garbage again and again was a twelfth of the time
    try:
        _load()
        # What stands now is looked at by no later collection: that writes into every object, and so into every page.
        gc.collect()
        gc.freeze()
    finally:
        gc.enable()


def _load() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiyue.config.settings.base")
    import django

    django.setup()
    for module in MODULES:
        import_module(module)
    _speak()
    _resolve()
    _relate_models()
    _compile_screens()
    _read_rules()
    _read_words()
    refuse_open()


def _speak() -> None:
    from django.conf import settings
    from django.utils import translation

    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("公开")


def _resolve() -> None:
    from django.urls import get_resolver
    from django.utils import translation

    with translation.override("zh-hans"):
        get_resolver().reverse_dict  # noqa: B018 - asking builds it


def _relate_models() -> None:
    """Django finds out how all models hang together when the first question is written as SQL, 7 MB of it in each part."""
    from django.apps import apps

    for model in apps.get_models(include_auto_created=True):
        str(model._default_manager.all().query)  # writes the question; nothing is asked


def _compile_screens() -> None:
    from django.template import engines

    from jiyue.portal.environment import TEMPLATES, portal_renderer

    for name in _names(Path(import_module("jiyue.console").__file__ or "").parent / "templates"):
        engines["django"].get_template(name)
    for name in _names(TEMPLATES):
        portal_renderer().template(name, "zh-CN")


def _names(folder: Path) -> Iterator[str]:
    return (str(file.relative_to(folder)) for file in sorted(folder.rglob("*")) if file.is_file())


def _read_rules() -> None:
    from jiyue.rules.library import shipped

    shipped().parameters  # noqa: B018 - asking reads them
    for name in shipped().names:
        shipped().ruleset(name)


def _read_words() -> None:
    from jiyue.checks.reading import matter_of_text
    from jiyue.checks.running import check
    from jiyue.checks.settings import Settings
    from jiyue.search.entries import terms_of

    check(matter_of_text("关于做好营商环境工作的通知"), Settings(now=datetime.now(UTC).date()))
    terms_of("关于做好营商环境工作的通知")


def refuse_open() -> None:
    """Raises NotForkable when this process has a thread or a connection, which no child may inherit."""
    from django.db import connections

    tasks = len(list(Path("/proc/self/task").iterdir())) if Path("/proc/self/task").is_dir() else active_count()
    reasons = [f"{tasks} threads"] if tasks > 1 else []
    if any(connection.connection is not None for connection in connections.all(initialized_only=True)):
        reasons.append("a database connection")
    if reasons:
        raise NotForkable(", ".join(reasons))
