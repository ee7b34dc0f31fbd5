"""Read the identifying fields of a Chinese official document out of its own text.

Every field is found, doubtful or absent, with a code that says why; places are offsets into the text given. Nothing is
guessed from today's date or invented: a date that does not exist is reported and left out. Basis of the parts and their
order: GB/T 9704—2012 (党政机关公文格式), 党政机关公文处理工作条例 第三章.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from jiyue.domain.chinese_numerals import number_of
from jiyue.domain.document_numbers import NumberMention, numbers_in
from jiyue.domain.official_document import (
    HEAD_CHARACTERS,
    HEAD_LINES,
    LABELS,
    Document,
    Found,
    is_addressee,
    same_body,
    stands_alone,
    title_note,
)
from jiyue.domain.official_lines import (
    KIND_END,
    Line,
    is_furniture,
    only_date,
    organisations_in,
)
from jiyue.domain.official_note import noted_bodies
from jiyue.domain.official_signature import (
    SignatureBlock,
    chosen_block,
    read_effect,
    read_published,
    read_written,
    signature_blocks,
    signed,
)

__all__ = ["Found", "Heading", "Reading", "article_number", "heading_kinds", "heading_of", "read_official_text"]

_INDEX = re.compile(r"(?<![0-9A-Za-z/])(?:[0-9A-Z]{9}|[0-9A-Z]{18})/\d{4}-\d{5}(?![\d-])")
_FROM_TITLE = re.compile(r"\A(?:[（(]转载[)）])?(?P<issuers>.{2,80}?)(?:关于|印发|转发|批转|对|公布|发布|令|公告|通告)")
_DECREED = re.compile(
    r"(?:现公布|现予公布|公布|发布|颁布)(?:修订后的|修改后的|新修订的)?《(?P<title>[^《》\n]{3,80})》"
    r"|《(?P<other>[^《》\n]{3,80})》[^。《]{0,120}(?:现予|予以)(?:公布|发布)"
)
_ARTICLE = re.compile(r"第([〇零一二三四五六七八九十百千\d]{1,9})条")
_HEADINGS = (
    ("part", 1, re.compile(r"第[一二三四五六七八九十百\d]+[编篇]")),
    ("chapter", 2, re.compile(r"第[一二三四五六七八九十百\d]+章")),
    ("section", 3, re.compile(r"第[一二三四五六七八九十百\d]+节")),
    ("first", 2, re.compile(r"[一二三四五六七八九十]{1,3}、")),
    ("second", 3, re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]")),
    ("third", 4, re.compile(r"\d{1,2}[.．、](?!\d)")),
)
_ATTACHMENT = re.compile(r"附\s*件\s*(?P<number>\d{1,2}|[一二三四五六七八九十]{1,2})?\s*[:：]\s*(?P<name>.*)\Z")
_NEXT_ATTACHMENT = re.compile(r"(?:\d{1,2}\s*[.．、]|附件\s*\d{1,2}\s*[:：])\s*(?P<name>.+)\Z")


@dataclass(frozen=True)
class Heading:
    text: str
    level: int  # 1 to 4
    kind: str  # part | chapter | section | first | second | third
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """What a document's text says of the document. An absent field is None, its reason stands in `absent`."""

    title: Found[str] | None = None
    issuers: Found[tuple[str, ...]] | None = None
    document_number: Found[str] | None = None
    written_on: Found[date] | None = None
    published_on: Found[date] | None = None
    effective_on: Found[date] | None = None
    index_number: Found[str] | None = None
    addressee: Found[str] | None = None
    signature: Found[tuple[str, ...]] | None = None
    headings: tuple[Heading, ...] = ()
    articles: int = 0
    attachments: tuple[Found[str], ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> object | None:
        """The value of a field, or None."""
        found = getattr(self, name)
        return None if found is None else found.value


def read_official_text(text: str) -> Reading:
    """All fields of an official document, from its text alone. Never raises on any text."""
    document = Document(text)
    number, decree = _read_number(document)
    blocks = signature_blocks(document)
    title = _read_title(document, number, decree)
    issuers = _read_issuers(document, title, decree, blocks)
    signature = chosen_block(blocks, issuers)
    written = read_written(document, number, signature, issuers)
    attachments = tuple(_attachments(document.lines))
    listed = {found.start for found in attachments}
    return Reading(
        title=title,
        issuers=issuers,
        document_number=number,
        written_on=written,
        published_on=read_published(document),
        effective_on=read_effect(document),
        index_number=_read_index(document),
        addressee=_read_addressee(document, title),
        signature=signed(signature),
        headings=tuple(found for found in _headings(document.lines) if found.start not in listed),
        articles=sum(1 for line in document.lines if _ARTICLE.match(line.text)),
        attachments=attachments,
        absent=document.absent,
    )


def article_number(label: str) -> int | None:
    """The number in 第十二条; None if the label is no article."""
    found = _ARTICLE.fullmatch(label)
    return number_of(found[1]) if found else None


def heading_kinds(lines: Sequence[str]) -> list[tuple[str, int] | None]:
    """For each line its kind and level as a heading, or None, with regard to what follows it.

    （一） and 一、 also number the items of a list: what heads something is followed by text, not by the next number.
    """
    found = [heading_of(line) if len(line) <= 60 else None for line in lines]
    for place, kind in enumerate(found):
        if kind and kind[0] in ("first", "second") and not _heads(lines, place, kind[0]):
            found[place] = None
    return found


def _heads(lines: Sequence[str], place: int, kind: str) -> bool:
    following = lines[place + 1] if place + 1 < len(lines) else ""
    if not following or re.match(r"第[一二三四五六七八九十百千\d]+[条章节]", following):
        return False
    same = {
        "first": r"[一二三四五六七八九十]{1,3}、",
        "second": r"[（(][一二三四五六七八九十]{1,3}[)）]|[一二三四五六七八九十]{1,3}、",
    }
    return not re.match(same[kind], following)


def heading_of(text: str) -> tuple[str, int] | None:
    """Kind and level if a whole line is a heading by its numbering (第一章, 一、, （一）, 1.), else None.

    A numbered sentence is no heading: headings are short and hold no full stop but one at their end.
    """
    for kind, level, pattern in _HEADINGS:
        if pattern.match(text):
            return (kind, level) if _reads_as_heading(text, kind) else None
    return None


def _reads_as_heading(text: str, kind: str) -> bool:
    longest = 30 if kind == "third" else 60
    inner = text.rstrip("。")
    return (
        len(text) <= longest
        and not re.search(r"[。；;：:！？]", inner)
        and not (kind == "third" and text.endswith("。"))
    )


# -- document number -----------------------------------------------------------------------------------------------


def _read_number(document: Document) -> tuple[Found[str] | None, str]:
    """The number and, for decrees and announcements, the body that issued them."""
    labelled = LABELS["document_number"].search(document.text, 0, HEAD_CHARACTERS)
    if labelled and (mention := next(numbers_in(document.text, *labelled.span(1)), None)):
        return _number_found(document, mention, "found", "labelled"), mention.body
    mentions = list(numbers_in(document.text, 0, document.head_end))
    alone = [mention for mention in mentions if stands_alone(document.text, mention)]
    if alone:
        several = len({mention.value for mention in alone}) > 1
        confidence, why = ("doubtful", "several_numbers") if several else ("found", "own_line")
        return _number_found(document, alone[0], confidence, why), alone[0].body
    return _run_on_number(document)


def _run_on_number(document: Document) -> tuple[Found[str] | None, str]:
    first = document.lines[0] if document.lines else None
    stop = min(first.start + 400, first.end) if first else 0
    note = title_note(document)
    for mention in numbers_in(document.text, 0, document.head_end):
        line_end = (document.text + "\n").find("\n", mention.end)
        closes = not document.text[mention.end : line_end].strip()
        if closes and not mention.body and not _cited(document.text, mention):
            return _number_found(document, mention, "doubtful", "run_on"), ""
    for mention in numbers_in(document.text, first.start if first else 0, stop):
        before = document.text[max(0, mention.start - 1) : mention.start]
        if before and before not in "（(〔[“" and not _cited(document.text, mention) and not mention.body:
            return _number_found(document, mention, "doubtful", "run_on"), ""
    noted = next(numbers_in(document.text, note.start + 1, note.end), None) if note else None
    if noted and noted.body:
        return _note_number(document, noted)
    document.absent["document_number"] = "only_cited" if _cites_any(document) else "none"
    return None, ""


def _note_number(document: Document, mention: NumberMention) -> tuple[Found[str], str]:
    # （1994年1月28日中华人民共和国国务院令第142号发布）: the date before the body is not part of it.
    text = re.sub(r"\A.*[日经由]", "", document.text[mention.start : mention.end])
    exact = next(numbers_in(text), mention)
    start = mention.end - len(text)
    found = Found(exact.value, "doubtful", "title_note", start, mention.end)
    return found, exact.body


def _number_found(document: Document, mention: NumberMention, confidence: str, why: str) -> Found[str]:
    printed = re.sub(r"\s+", "", document.text[mention.start : mention.end])
    if why == "own_line" and printed != mention.value and not mention.body:
        why = "normalised"
    return Found(mention.value, confidence, why, mention.start, mention.end)


def _cited(text: str, mention: NumberMention) -> bool:
    before = text[max(0, mention.start - 2) : mention.start]
    return bool(re.search(r"[》（(，、和及]\s*\Z", before))


def _cites_any(document: Document) -> bool:
    return next(numbers_in(document.text, 0, min(len(document.text), 6000)), None) is not None


# -- title and issuers ---------------------------------------------------------------------------------------------


def _read_title(document: Document, number: Found[str] | None, decree: str) -> Found[str] | None:
    labelled = LABELS["title"].search(document.text, 0, HEAD_CHARACTERS)
    if labelled:
        return Found(_title_text([labelled[1]]), "found", "labelled", labelled.start(1), labelled.end(1))
    if decree and (found := _decreed_title(document)):
        return found
    groups = _title_groups(document)
    chosen = _nearest_group(groups, number)
    if not chosen:
        return _run_on_title(document, number)
    # 某市某局 / 某市某局关于…的通知: a letterhead above the title, not its beginning.
    while len(chosen) > 1 and chosen[1].text.startswith(chosen[0].text):
        chosen = chosen[1:]
    value = _title_text([line.text for line in chosen])
    sure = bool(KIND_END.search(value)) and len(value) >= 4
    why = "before_number" if number and chosen[-1].end <= number.start else "head"
    return Found(value, "found" if sure else "doubtful", why if sure else "no_kind", chosen[0].start, chosen[-1].end)


def _run_on_title(document: Document, number: Found[str] | None) -> Found[str] | None:
    first = document.lines[0] if document.lines else None
    if first and number and number.why == "run_on" and number.start > first.start:
        value = _title_text([document.text[first.start : number.start]])
        return Found(value, "doubtful", "run_on", first.start, number.start)
    document.absent["title"] = "starts_with_body"
    return None


def _decreed_title(document: Document) -> Found[str] | None:
    found = _DECREED.search(document.text, 0, HEAD_CHARACTERS)
    if found is None:
        return None
    name = "title" if found["title"] else "other"
    return Found(found[name], "found", "decreed", found.start(name), found.end(name))


def _title_groups(document: Document) -> list[list[Line]]:
    """Runs of head lines that can be titles; a finished title (…的通知) ends its run."""
    groups: list[list[Line]] = [[]]
    for line in document.head:
        if not _may_be_title(document.text, line):
            groups.append([])
            continue
        # A second line that is itself complete begins a new title rather than lengthening the last.
        if groups[-1] and KIND_END.search(groups[-1][-1].compact) and not _goes_on(groups[-1], line):
            groups.append([])
        groups[-1].append(line)
    return [group for group in groups if group]


def _goes_on(group: list[Line], line: Line) -> bool:
    """关于印发某某办法 / 实施细则的通知: the first line ends in a kind of document and still is not the whole title."""
    begun = _title_text([part.text for part in group])
    return bool(
        re.search(r"(?:关于|印发|转发|公布|发布)", begun)
        and not re.search(r"的.{1,6}\Z", begun[-7:])
        and re.search(r"的(?:通知|意见|决定|批复|复函|函|通报|公告|通告|报告)\Z", line.compact)
        and not line.text.startswith("关于")
    )


def _may_be_title(text: str, line: Line) -> bool:
    if is_furniture(line) or only_date(line) or any(label.search(line.text) for label in LABELS.values()):
        return False
    if (
        _INDEX.search(line.text)
        or re.match(r"[（(].*[)）]\Z|——|[A-Z]+\d|附件|总\s*则|目\s*[录次]|.*[|｜>＞]", line.text)
        or line.text.endswith(("：", ":"))
    ):
        return False
    if re.fullmatch(r"[\s〔〕\[\]\d号年第-]+", line.text):
        return False
    # A number may be broken over lines (国函〔/2006/〕38号), so the search looks beyond the line for its end.
    mentions = numbers_in(text, line.start, min(line.end + 20, len(text)))
    return not any(mention.start < line.end and stands_alone(text, mention) for mention in mentions)


def _nearest_group(groups: list[list[Line]], number: Found[str] | None) -> list[Line]:
    finished = [group for group in groups if KIND_END.search(_title_text([line.text for line in group]))]
    if number:
        before = [group for group in finished if group[-1].end <= number.start]
        if before:
            return before[-1]
        if finished:
            return finished[0]
        earlier = [group for group in groups if group[-1].end <= number.start]
        return earlier[-1] if earlier else []
    named = [group for group in finished if not organisations_in(group[0].text) or len(group) > 1]
    return (named or finished or groups or [[]])[0]


def _title_text(parts: list[str]) -> str:
    cleaned = []
    for part in parts:
        words = part.split()
        spread = len(words) > 3 and sum(len(word) == 1 for word in words) > len(words) / 2
        cleaned.append("".join(words) if spread else _kept_apart(words))
    joined = "".join(cleaned)
    return re.sub(r"\A[（(]转载[)）]", "", joined).strip()


def _kept_apart(words: list[str]) -> str:
    """A space stays between two issuers (财政部 税务总局关于…) and beside Latin letters, nowhere else."""
    joined = words[0] if words else ""
    for before, word in pairwise(words):
        apart = before[-1].isascii() or word[0].isascii()
        issuers = bool(organisations_in(before)) and not word.startswith(("关于", "印发", "转发", "的"))
        joined += f" {word}" if apart or issuers else word
    return joined


def _read_issuers(
    document: Document, title: Found[str] | None, decree: str, blocks: list[SignatureBlock]
) -> Found[tuple[str, ...]] | None:
    labelled = LABELS["issuers"].search(document.text, 0, HEAD_CHARACTERS)
    if labelled and (bodies := organisations_in(labelled[1])):
        return Found(tuple(bodies), "found", "labelled", labelled.start(1), labelled.end(1))
    if decree:
        place = document.text.find(decree[:4])
        return Found(tuple(decree.split("、")), "found", "decree", max(place, 0), max(place, 0) + len(decree))
    from_title = _issuers_of_title(title)
    signed = {body for block in blocks for line in block.signers for body in organisations_in(line.text)}
    if from_title and title:
        agrees = not signed or any(same_body(body, signer) for body in from_title for signer in signed)
        confidence, why = ("found", "title") if agrees else ("doubtful", "signature_differs")
        return Found(from_title, confidence, why, title.start, title.end)
    if noted := noted_bodies(document):
        several, start, end = noted
        return Found(several, "doubtful", "title_note", start, end)
    return _issuers_of_signature(document, blocks)


def _issuers_of_signature(document: Document, blocks: list[SignatureBlock]) -> Found[tuple[str, ...]] | None:
    for block in blocks:
        bodies = tuple(body for line in block.signers for body in organisations_in(line.text))
        if bodies:
            return Found(bodies, "found", "signature", block.signers[0].start, block.signers[-1].end)
    document.absent["issuers"] = "none"
    return None


def _issuers_of_title(title: Found[str] | None) -> tuple[str, ...]:
    match = _FROM_TITLE.match(title.value) if title else None
    return tuple(organisations_in(match["issuers"])) if match else ()


# -- the rest ------------------------------------------------------------------------------------------------------


def _read_index(document: Document) -> Found[str] | None:
    label = LABELS["index_number"].search(document.text, 0, HEAD_CHARACTERS)
    if label:
        # 20 places with an agency code of 9, 29 with a unified social credit code of 18.
        sure = bool(_INDEX.fullmatch(label[1]))
        confidence, why = ("found", "labelled") if sure else ("doubtful", "odd_length")
        return Found(label[1], confidence, why, label.start(1), label.end(1))
    alone = _INDEX.search(document.text, 0, document.head_end)
    if alone:
        return Found(alone[0], "found", "head", alone.start(), alone.end())
    document.absent["index_number"] = "none"
    return None


def _read_addressee(document: Document, title: Found[str] | None) -> Found[str] | None:
    after = title.end if title else 0
    for line in document.lines[: HEAD_LINES + 1]:
        if line.start >= after and is_addressee(line):
            return Found(line.text.rstrip("：:").strip(), "found", "own_line", line.start, line.end)
        if line.start > max(document.head_end, after) + 1:
            break
    document.absent["addressee"] = "none"
    return None


def _headings(lines: list[Line]) -> Iterator[Heading]:
    kinds = heading_kinds([line.text for line in lines])
    for line, kind in zip(lines, kinds, strict=True):
        if kind:
            # 第六章 附 则: two signs spread over the line are one word.
            text = re.sub(r"(?<=\s)([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])\Z", r"\1\2", line.text)
            yield Heading(text, kind[1], kind[0], line.start, line.end)


def _attachments(lines: list[Line]) -> list[Found[str]]:
    found: dict[str, Found[str]] = {}
    inside = False
    for line in lines:
        match = _ATTACHMENT.match(line.text) or (inside and _NEXT_ATTACHMENT.match(line.text)) or None
        inside = bool(match) and len(line.text) <= 120
        name = re.sub(r"\A\d{1,2}\s*[.．、]\s*", "", match["name"]).strip() if match else ""
        if inside and name and not name.endswith("。"):
            found.setdefault(name, Found(name, "found", "listed", line.start, line.end))
    return list(found.values())
