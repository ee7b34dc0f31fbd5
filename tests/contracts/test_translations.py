"""Nothing on a screen of the staff is half English, and nothing of ours lacks its English."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import polib
import pytest

from jiyue.console import catalogues

SOURCE = Path(catalogues.__file__).parents[1]
OURS = sorted(catalogues.PROJECT.glob("*/LC_MESSAGES/*.po"))
ENGLISH = catalogues.PROJECT / "en" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sdr]|\{\w*\}")
MARKUP = re.compile(r"</?\w+")
HAN = re.compile(r"[\u4e00-\u9fff]")
FORMS = {"zh_Hans": 1, "en": 2}


def entries():
    return [(path, entry) for path in OURS for entry in polib.pofile(str(path))]


def versions(entry):
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def faults_of(path, entry):
    """What is wrong with a translation, in words; its plural may name a number that its singular leaves out."""
    one, many = set(PLACEHOLDER.findall(entry.msgid)), set(PLACEHOLDER.findall(entry.msgid_plural))
    if entry.fuzzy:
        yield "doubtful"
    if len(versions(entry)) != (FORMS[path.parts[-3]] if entry.msgid_plural else 1):
        yield "wrong number of plural forms"
    for text in filter(None, versions(entry)):
        if not (one & many if many else one) <= set(PLACEHOLDER.findall(text)) <= one | many:
            yield "placeholders differ"
        if sorted(MARKUP.findall(text)) != sorted(MARKUP.findall(entry.msgid)):
            yield "markup differs"


def test_there_is_a_catalogue_for_each_language_and_for_the_scripts():
    names = [str(path.relative_to(catalogues.PROJECT)) for path in OURS]
    assert names == [
        "en/LC_MESSAGES/django.po",
        "zh_Hans/LC_MESSAGES/django.po",
        "zh_Hans/LC_MESSAGES/djangojs.po",
    ]


def test_every_word_of_wagtail_and_django_has_its_chinese():
    assert catalogues.untranslated("zh-hans") == {}


def test_the_count_is_taken_against_the_whole_list():
    """A count inside the Chinese file would hide what was left out of it."""
    counted = catalogues.coverage("zh-hans")
    assert counted["wagtail.admin/django"][1] > 850
    assert counted["wagtail.admin/djangojs"][1] > 80
    assert {
        "wagtail/django",
        "wagtail.images/django",
        "wagtail.documents/django",
        "wagtail.users/django",
        "wagtail.snippets/django",
        "wagtail.contrib.table_block/django",
    } <= set(counted)
    assert all(translated == total for translated, total in counted.values())


def test_a_language_without_catalogues_is_not_covered():
    translated, total = catalogues.coverage("tlh")["wagtail.admin/django"]
    assert (translated, total > 0) == (0, True)


def test_translations_keep_placeholders_markup_and_plural_forms():
    assert [(entry.msgid, *faults_of(path, entry)) for path, entry in entries() if any(faults_of(path, entry))] == []


def test_faulty_translations_are_told():
    def faults(**fields):
        return list(faults_of(ENGLISH, polib.POEntry(**fields)))

    assert faults(msgid="第 %(n)s 页", msgstr="page %(m)s") == ["placeholders differ"]
    assert faults(msgid="<b>急件</b>", msgstr="urgent") == ["markup differs"]
    assert faults(msgid="件", msgid_plural="件", msgstr_plural={0: "item"}) == ["wrong number of plural forms"]
    assert faults(msgid="栏目", msgstr="column", flags=["fuzzy"]) == ["doubtful"]
    assert faults(msgid="第 %(n)s 页", msgstr="page %(n)s") == []


def test_every_chinese_entry_says_something():
    for path in OURS:
        empty = [entry.msgid for entry in polib.pofile(str(path)) if not entry.translated()]
        assert empty == [] or path == ENGLISH


def test_no_entry_stands_twice_in_a_catalogue():
    for path in OURS:
        keys = [(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(path))]
        assert len(keys) == len(set(keys))


def test_every_message_of_ours_has_its_english():
    """`append_missing(src)` lists the new ones in the catalogue; a person writes the English."""
    assert [f"{message.where} {message.text}" for message in catalogues.missing(SOURCE)] == []


def test_our_own_messages_are_chinese():
    """An English message in the source shows up as English, unless the catalogue knows it as Wagtail's."""
    foreign = {entry.msgid for path in OURS for entry in polib.pofile(str(path)) if path != ENGLISH}
    english = [
        f"{message.where} {message.text}"
        for message in catalogues.extract(SOURCE)
        if re.search(r"[a-z]{3}", PLACEHOLDER.sub("", message.text))
        and not HAN.search(message.text)
        and message.text not in foreign
    ]
    assert english == []


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "app" / "jinja2").mkdir()
    (tmp_path / "app" / "views.py").write_text(
        'title = _("栏目")\nlabel = pgettext_lazy("按钮", "签发")\nwhole = _("还有 "\n    "%(n)s 天")\n'
        'count = ngettext("%(n)s 件", "%(n)s 件稿件", 3)\nplain = print("不译")\ncomputed = _(title)\n',
        "utf-8",
    )
    (tmp_path / "app" / "templates" / "a.html").write_text(
        '{% load i18n %}<b title="{% translate "退回原因" %}">{% blocktranslate trimmed with n=1 %}\n'
        ' 共 {{ n }} 项\n{% endblocktranslate %}{{ _("待办") }}',
        "utf-8",
    )
    (tmp_path / "app" / "jinja2" / "b.html").write_text(
        "<p>{{ _('发布日期') }}</p>\n{% trans n=3 %}第 {{ n }} 页{% endtrans %}", "utf-8"
    )
    return tmp_path


def test_messages_are_found_in_code_and_in_both_kinds_of_templates(tree):
    found = {(message.context, message.text, message.plural) for message in catalogues.extract(tree)}
    assert found == {
        ("", "栏目", ""),
        ("按钮", "签发", ""),
        ("", "还有 %(n)s 天", ""),
        ("", "%(n)s 件", "%(n)s 件稿件"),
        ("", "退回原因", ""),
        ("", "共 %(n)s 项", ""),
        ("", "待办", ""),
        ("", "发布日期", ""),
        ("", "第 %(n)s 页", ""),
    }


def test_a_message_names_where_it_is_said(tree):
    where = {message.text: message.where for message in catalogues.extract(tree)}
    assert where["签发"] == "app/views.py:2"
    assert where["发布日期"] == "app/jinja2/b.html:1"


@pytest.fixture
def own_catalogues(tmp_path, monkeypatch):
    folder = tmp_path / "locale" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "栏目"\nmsgstr "column"\n\nmsgid "没人再说"\nmsgstr "gone"\n',
        "utf-8",
    )
    monkeypatch.setattr(catalogues, "PROJECT", tmp_path / "locale")
    return folder / "django.po"


def test_new_messages_are_appended_once_and_old_ones_dropped(tree, own_catalogues):
    assert catalogues.append_missing(tree) == 8
    assert catalogues.append_missing(tree) == 0
    written = {entry.msgid: entry.msgstr for entry in polib.pofile(str(own_catalogues))}
    assert (written["栏目"], written["发布日期"], "没人再说" in written) == ("column", "", False)
    assert len(catalogues.missing(tree)) == 8


def test_compiling_leaves_a_file_that_gettext_reads(own_catalogues):
    (compiled,) = catalogues.compile_catalogues(own_catalogues.parents[2])
    assert compiled == own_catalogues.with_suffix(".mo")
    assert polib.mofile(str(compiled)).find("栏目").msgstr == "column"
    assert {path.name for path in compiled.parent.iterdir()} == {"django.mo", "django.po"}


SPEAK = """
import django, json, re, sys
django.setup()
from django.test import RequestFactory
from django.utils.translation import gettext, ngettext, override
from wagtail.admin.views.i18n import js_catalog

said = {}
for language in ("zh-hans", "en"):
    with override(language):
        scripts = js_catalog(RequestFactory().get("/")).content.decode()
        catalogue = re.search(r"const newcatalog = (\\{.*?\\});\\n", scripts, re.DOTALL)
        said[language] = {
            "words": [gettext(word) for word in ("Promote", "Live", "Never", "没有收录的字")],
            "plural": ngettext("Moved up 1 place.", "Moved up %(counter)s places.", 3),
            "scripts": json.loads(catalogue[1]).get("Dashboard") if catalogue else None,
        }
json.dump(said, sys.stdout)
"""


@pytest.mark.slow
def test_our_words_come_before_those_of_wagtail_in_pages_and_in_scripts():
    """In a process of its own: gettext keeps what it read first, perhaps before the catalogues were compiled."""
    catalogues.compile_catalogues()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "jiyue.config.settings.test",
        "PYTHONPATH": str(SOURCE.parent),
    }
    run = subprocess.run([sys.executable, "-c", SPEAK], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == {
        "zh-hans": {
            "words": ["检索信息", "已发布", "从未", "没有收录的字"],
            "plural": "已上移 %(counter)s 位。",
            "scripts": "工作台",
        },
        "en": {
            "words": ["Promote", "Live", "Never", "没有收录的字"],
            "plural": "Moved up %(counter)s places.",
            "scripts": None,
        },
    }
