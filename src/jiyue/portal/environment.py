"""The Jinja2 environment of public pages, and the renderer that the baker is handed.

No request, no session, no Django: a page is a function of its data. Templates are compiled once per process.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import replace
from functools import cache
from gettext import NullTranslations, translation
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from jiyue.portal.assets import site_files
from jiyue.portal.structured import graph
from jiyue.portal.wording import FILTERS
from jiyue.publishing.frame import Assets, Fragments, SiteFrame
from jiyue.publishing.pages import AnyPage, AssetFile, HomePage, Page, template_for

TEMPLATES = Path(__file__).parent / "jinja2"
LOCALE = Path(__file__).parents[1] / "locale"
HOME = "home"


_MESSAGE = ("name", "lparen", "string", "rparen")


class ConstantMessages(Extension):
    """Translates `_('…')` without arguments while a template is compiled; an environment speaks one language."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        waiting: list[Token] = []
        for token in stream:
            waiting.append(token)
            if len(waiting) == len(_MESSAGE):
                yield from self._folded(waiting)
        yield from waiting

    def _folded(self, waiting: list[Token]) -> Iterator[Token]:
        if tuple(token.type for token in waiting) == _MESSAGE and waiting[0].value == "_":
            message = waiting[2]
            waiting.clear()
            translate = cast(Callable[[str], str], self.environment.globals["gettext_constant"])
            yield Token(message.lineno, "string", translate(message.value))
        else:
            yield waiting.pop(0)


class FrameNotPrepared(ValueError):
    """A page was given a frame without its common parts; call `with_fragments` once per frame first."""


class FlatEnvironment(Environment):
    """Gives each template a plain dictionary of names; Jinja's chain of mappings costs a tenth of a page's rendering.

    Names must be in `globals` before the first template is loaded, and none are given to `get_template`.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


def build_environment(translations: NullTranslations | None = None) -> Environment:
    """An environment that escapes everything, refuses unknown names and reads templates of this folder only.

    `translations` is a catalogue whose message ids are Chinese; without one the pages are Chinese.
    """
    environment = FlatEnvironment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n", ConstantMessages],
    )
    catalogue = translations or NullTranslations()
    environment.install_gettext_translations(catalogue, newstyle=True)  # type: ignore[attr-defined]
    environment.globals["gettext_constant"] = catalogue.gettext
    environment.filters.update(FILTERS)
    environment.globals["graph"] = graph
    return environment


def _header_keys(frame: SiteFrame) -> Iterable[str]:
    return "", HOME, *(channel.key for channel in frame.channels)


def _header_of(page: Page, fragments: Fragments) -> str:
    if isinstance(page, HomePage):
        return fragments.header[HOME]
    channel = page.column.channel if page.column else ""
    return fragments.header[channel if channel in fragments.header else ""]


def shipped_catalogue(language: str) -> NullTranslations:
    """What the program says on pages in this language; Chinese where no catalogue was compiled for it."""
    return translation("django", LOCALE, languages=[language], fallback=True)


class PortalRenderer:
    """Renders every public page. `catalogues` maps a language of SiteFrame.language to translations of its own."""

    def __init__(self, catalogues: Mapping[str, NullTranslations] | None = None) -> None:
        self._catalogues = catalogues or {}
        self._environments: dict[str, Environment] = {}

    def _environment(self, language: str) -> Environment:
        if language not in self._environments:
            given = self._catalogues.get(language)
            self._environments[language] = build_environment(given or shipped_catalogue(language))
        return self._environments[language]

    def with_fragments(self, frame: SiteFrame) -> SiteFrame:
        """The frame with head, headers and footer rendered; call it once, then use the frame for all pages."""
        get = self._environment(frame.language).get_template
        header = get("fragments/header.html")
        fragments = Fragments(
            head=Markup(get("fragments/head.html").render(frame=frame)),  # noqa: S704 - escaped by the template
            header={key: Markup(header.render(frame=frame, here=key)) for key in _header_keys(frame)},  # noqa: S704
            footer=Markup(get("fragments/footer.html").render(frame=frame)),  # noqa: S704
        )
        return replace(frame, fragments=fragments)

    @property
    def edition(self) -> str:
        """A digest of all templates."""
        return _edition()

    def render(self, page: AnyPage) -> str:
        """The whole text of a page, feed, site map or robots.txt. Raises FrameNotPrepared."""
        if not isinstance(page, Page):
            return self._environment("zh-CN").get_template(template_for(page)).render(page=page)
        fragments = page.frame.fragments
        if fragments is None:
            raise FrameNotPrepared(page.address)
        template = self._environment(page.frame.language).get_template(template_for(page))
        return template.render(page=page, frame=page.frame, fragments=fragments, header=_header_of(page, fragments))

    def template(self, name: str, language: str) -> Template:
        """A template by itself, for what is put into a page that was baked before."""
        return self._environment(language).get_template(name)

    def said(self, message: str, language: str) -> str:
        """A message of ours as it is said in a language."""
        translate = cast(Callable[[str], str], self._environment(language).globals["gettext_constant"])
        return translate(message)

    def assets(self, colour: str) -> tuple[Assets, tuple[AssetFile, ...]]:
        """Addresses for SiteFrame.assets and the files behind them. Raises ColourRefused."""
        return site_files(colour)


@cache
def _edition() -> str:
    digest = sha256()
    for file in sorted(TEMPLATES.rglob("*")):
        if file.is_file():
            digest.update(file.read_bytes())
    return digest.hexdigest()


@cache
def portal_renderer() -> PortalRenderer:
    """The renderer of this process."""
    return PortalRenderer()
