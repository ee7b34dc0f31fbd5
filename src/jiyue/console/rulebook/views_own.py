"""自有规则包: a government submits the files of its own pack; they are read line by line before anybody is asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiyue.console.office.frame import attempt, page
from jiyue.console.rulebook.forms import Day, Grounds
from jiyue.console.rulebook.views_changes import FOLDER, sent
from jiyue.domain.rulesets import Pack
from jiyue.identity.models import Organisation
from jiyue.rules.actions import install_pack
from jiyue.rules.library import shipped, yaml_files
from jiyue.rules.models import LocalPack
from jiyue.rules.packfiles import NAME, PACK_FILE, PackReader
from jiyue.rules.plain_yaml import MOST_BYTES, Scalar, read_mapping
from jiyue.rules.policies import may_propose, proposable_units
from jiyue.rules.problem_wording import sentence
from jiyue.rules.problems import PackRefused, Problem, Problems

MOST_FILES = 20
NOT_NAMED = "own"  # the folder of a pack whose own file does not name it


@dataclass(frozen=True)
class Written:
    """One file in its field, with what is wrong in it."""

    number: int
    name: str
    text: str
    problems: tuple[tuple[int, str], ...] = ()

    @property
    def lines(self) -> int:
        return min(max(self.text.count("\n") + 2, 8), 28)


class PackForm(Grounds):
    organisation = forms.ModelChoiceField(
        label=gettext_lazy("所属单位"), queryset=Organisation.objects.none(), required=False,
        help_text=gettext_lazy("谁的规则包，由这个单位的督办人员批准"),
    )  # fmt: skip
    in_force_on = Day(label=gettext_lazy("起用日期"), help_text=gettext_lazy("这一天起开始的事项按这一版"))
    field_order = ("organisation", "in_force_on", "grounds")

    def __init__(self, *args: Any, units: QuerySet[Organisation], everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = units
        self.fields["organisation"].required = not everywhere
        self.fields["organisation"].empty_label = _("全平台") if everywhere else _("请选择")


def own_pack(request: HttpRequest) -> HttpResponse:
    """Write or bring the files; all that is wrong is shown with its line, and nothing written is lost."""
    units = proposable_units(request.user).order_by("lineage")
    form = PackForm(request.POST or None, units=units, everywhere=may_propose(request.user, None))
    files = _files_of(request)
    refused: tuple[str, ...] = ()
    if request.method == "POST":
        files, refused = _brought(request, files)
        problems = _problems_of(files)
        usable = form.is_valid() and not problems and not refused and "check" not in request.POST
        if usable and (row := _installed(request, form, files)):
            return sent(request, row)
        return _screen(request, form, files, refused=refused, problems=problems)
    return _screen(request, form, files or _sample(request.GET.get("like", "")))


def _installed(request: HttpRequest, form: PackForm, files: Mapping[str, str]) -> LocalPack | None:
    made: list[LocalPack] = []
    act = {"name": _name_of(files), "files": dict(files), "by": request.user, "now": timezone.now()}
    attempt(form, lambda: made.append(install_pack(**form.cleaned_data, **act)))
    return made[0] if made else None


def _screen(
    request: HttpRequest, form: PackForm, files: Mapping[str, str], *, refused: tuple[str, ...] = (),
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:  # fmt: skip
    samples = [shipped().pack(name) for name in shipped().names]
    checked = request.method == "POST" and not problems and not refused
    context: dict[str, Any] = {"files": list(_fields(files, problems)), "refused": refused, "samples": samples}
    if checked:
        context["pack"] = _read(files)
    answer = page(request, "own_pack.html", folder=FOLDER, form=form, total=len(problems), checked=checked, **context)
    if problems or refused:
        answer.status_code = 422
    return answer


def _fields(files: Mapping[str, str], problems: tuple[Problem, ...]) -> Iterator[Written]:
    """The files as fields, and one empty field more."""
    told: dict[str, list[tuple[int, str]]] = {}
    for problem in problems:
        told.setdefault(problem.file.partition("/")[2] or problem.file, []).append((problem.line, sentence(problem)))
    shown = dict(files) or {PACK_FILE: ""}
    for number, (name, text) in enumerate(shown.items()):
        yield Written(number, name, text, tuple(told.pop(name, ())))
    rest = tuple(each for found in told.values() for each in found)
    yield Written(len(shown), "", "", rest)


def _files_of(request: HttpRequest) -> dict[str, str]:
    """What stands in the fields, by the name above each."""
    files = {}
    for number in range(MOST_FILES):
        name = request.POST.get(f"name-{number}", "").strip()
        text = request.POST.get(f"text-{number}", "").replace("\r\n", "\n")
        if text.strip():
            files[name or f"rules-{number}.yaml"] = text
    return files


def _brought(request: HttpRequest, files: dict[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The same with the uploaded files, and why some were not taken."""
    refused = []
    for upload in request.FILES.getlist("uploads")[:MOST_FILES]:
        text = _text_of(upload)
        if text is None:
            refused.append(_("“%(name)s”不是 UTF-8 文本，或者太大") % {"name": upload.name})
        else:
            files[(upload.name or "").rpartition("/")[2]] = text
    return files, tuple(refused)


def _text_of(upload: UploadedFile) -> str | None:
    if upload.size is None or upload.size > MOST_BYTES:
        return None
    try:
        return upload.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _name_of(files: Mapping[str, str]) -> str:
    """What the pack calls itself in its own file."""
    node = read_mapping(files.get(PACK_FILE, "").encode(), file=PACK_FILE, problems=Problems())
    named = node.entries.get("pack") if node else None
    return named.text if isinstance(named, Scalar) and NAME.fullmatch(named.text) else NOT_NAMED


def _problems_of(files: Mapping[str, str]) -> tuple[Problem, ...]:
    """All that is wrong, by the reader behind `jiyue rules check`."""
    problems = Problems()
    try:
        PackReader(_name_of(files), shipped().parameters, problems).read(_encoded(files))
    except PackRefused as refused:
        return refused.problems
    return tuple(sorted(problems.found, key=lambda problem: (problem.file, problem.line, problem.code)))


def _read(files: Mapping[str, str]) -> Pack:
    return PackReader(_name_of(files), shipped().parameters, Problems()).read(_encoded(files))


def _encoded(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode() for name, text in files.items()}


def _sample(name: str) -> dict[str, str]:
    """The files of a shipped pack to begin with."""
    library = shipped()
    if name not in library.names:
        return {}
    return {file: content.decode() for file, content in yaml_files(library.folder / name)}
