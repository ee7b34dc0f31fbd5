"""The checks beside the field: what stands in the editor's form now, and the form after one button was pressed."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, JsonResponse, QueryDict
from django.utils import timezone
from django.views.decorators.http import require_POST

from jiyue.console.checks.shown import as_json, shown_all, told
from jiyue.console.writing.panels import OWN_FACTS
from jiyue.content.guides import typed_words
from jiyue.content.models import Article, Column
from jiyue.content.policies import may_write_in
from jiyue.estate.models import Site
from jiyue.review.checking import engine_for, waived_keys
from jiyue.review.drafts import Draft, Placed, mend, placed
from jiyue.review.matters import CODES, COMMON
from jiyue.review.models import Version

NAMES = (*COMMON, "keywords", "cover_alt")
EVERY = "every:"  # "every:<detector>" mends all findings of a kind


@require_POST
def check_typing(request: HttpRequest) -> JsonResponse:
    """Findings for an unsaved form, each with its place there. With `mend`, also what the form holds afterwards.

    Nothing is saved. 404 where the person may not write in the column, 400 for a body no editor sends.
    """
    column = _column(request)
    draft, engine = typed(request.POST, column), engine_for(column.site, now=timezone.now())
    rows = typed_words(request.POST)
    found = placed(draft, engine)
    wanted = request.POST.getlist("mend")
    if not wanted:
        return JsonResponse(_answer(found, column.site, _waived(request), rows))
    after = mend(draft, chosen(found, wanted))
    changed = _changed(draft, after, rows)
    return JsonResponse(changed | _answer(placed(after, engine), column.site, _waived(request), rows))


def typed(data: QueryDict, column: Column) -> Draft:
    """The words of a form as the editor's page of this column sends it. Raises BadRequest for blocks that are not whole."""
    names = (*NAMES, *(name for facts in OWN_FACTS.values() for name in facts if name not in CODES))
    fields = {name: data[name] for name in dict.fromkeys(names) if data.get(name)}
    fields |= {name: data[typed_name] for name, typed_name in typed_words(data).items()}
    fields["columns"] = column.name
    body = Article._meta.get_field("body").formfield()
    try:
        value = body.widget.value_from_datadict(data, {}, "body")
        return Draft(fields, list(value.get_prep_value()))
    except (LookupError, ValueError, TypeError, AttributeError) as broken:
        raise BadRequest("body") from broken


def chosen(found: list[Placed], wanted: list[str]) -> list[Placed]:
    """The findings a button speaks of: by number, or all of one kind."""
    kinds = {name.removeprefix(EVERY) for name in wanted if name.startswith(EVERY)}
    numbers = {int(name) for name in wanted if name.isdecimal() and len(name) < 7}
    return [one for index, one in enumerate(found) if index in numbers or one.found.detector in kinds]


def _answer(found: list[Placed], site: Site, waived: set[str], rows: dict[str, str]) -> dict[str, Any]:
    """`rows` are the names that the parts of a guide's rows have in the form."""
    listed = shown_all(found, site=site, waived=waived)
    stopping = [one for one in listed if one.found.blocks and not one.waived]
    warning = [one for one in listed if one.found.severity == "warn" and not one.waived]
    places = [replace(place, field=rows.get(place.field, place.field)) for place in found]
    return {
        "findings": [as_json(one, places[one.index]) for one in listed], "blocks": len(stopping), "warns": len(warning),
        "told": told(len(stopping), len(warning)),
    }  # fmt: skip


def _changed(before: Draft, after: Draft, rows: dict[str, str]) -> dict[str, Any]:
    """The blocks and fields that are other than before, as the form's script takes them."""
    stream = Article._meta.get_field("body").stream_block
    pairs = enumerate(zip(before.blocks, after.blocks, strict=True))
    blocks = [(index, new) for index, (old, new) in pairs if old != new]
    state = stream.get_form_state(stream.to_python([block for _index, block in blocks]))
    return {
        "mended_blocks": [{"at": index, "state": one} for (index, _block), one in zip(blocks, state, strict=True)],
        "mended_fields": {
            rows.get(name, name): value for name, value in after.fields.items() if before.fields.get(name) != value
        },
    }  # fmt: skip


def _waived(request: HttpRequest) -> set[str]:
    """What reviewers let stand in this record; the record is looked for only among what belongs to the column's site."""
    given = request.POST.get("record", "")
    if not given.isdecimal() or len(given) > 18:
        return set()
    column = request.POST.get("column", "")
    version = Version.objects.filter(record=given, record__site__columns=column).order_by("-number").first()
    return waived_keys(version) if version else set()


def _column(request: HttpRequest) -> Column:
    given = request.POST.get("column", "")
    found = Column.objects.filter(pk=given).select_related("site__owner").first() if given.isdecimal() else None
    if found is None or not may_write_in(request.user, found):
        raise Http404
    return found
