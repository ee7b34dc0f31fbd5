"""Who signed a document and when, and the other dates its text states.

A document that forwards or attaches others holds several signatures: the one of its own issuer counts, else the first.
"""

import re
from dataclasses import dataclass
from datetime import date

from jiyue.domain.chinese_numerals import ANY_DATE, DateMention, dates_in
from jiyue.domain.official_document import HEAD_CHARACTERS, LABELS, Document, Found, same_body
from jiyue.domain.official_lines import Line, is_post, is_signature, only_date, organisations_in
from jiyue.domain.official_note import noted_day

_EFFECT = re.compile(
    r"(?:本[\u4e00-\u9fff]{1,12}|现予(?:公布|发布)[，,]|现(?:予以?)?(?:公布|发布)[^。\n]{0,80}[，,])\s*(?:《[^》]*》)?"
    rf"(?:从|自|于)\s*({ANY_DATE.pattern})\s*(?:之?日)?起?[^。；\n]{{0,6}}(?:施行|实施|执行|生效|起效)"
)
_EFFECT_AT_ISSUE = re.compile(
    r"(?:本[\u4e00-\u9fff]{1,12}|现(?:予以?)?(?:公布|发布)[^。\n]{0,80}[，,])(?:自|从)\s*(?:公布|发布|印发|颁布|下发)之?日起[^。；\n]{0,12}(?:施行|实施|执行|生效)"
)


@dataclass(frozen=True)
class SignatureBlock:
    """Lines of signature and the date that closes them."""

    signers: tuple[Line, ...]
    date: DateMention


def signature_blocks(document: Document) -> list[SignatureBlock]:
    blocks = []
    for index, line in enumerate(document.lines):
        if len(line.text) > 60 or line.start < document.head_end:
            continue
        block = _block_ending(document, index, _broken_date(document, index) or line)
        if block:
            blocks.append(block)
    return blocks


def _broken_date(document: Document, index: int) -> Line | None:
    """A date that lost markup spread over short lines (二〇〇四年 / 八月十二日), as one line."""
    for last in range(index + 1, min(index + 5, len(document.lines))):
        line = Line(
            document.text[document.lines[index].start : document.lines[last].end],
            document.lines[index].start,
            document.lines[last].end,
        )
        if len(line.text) > 24:
            return None
        if only_date(line):
            return line
    return None


def _block_ending(document: Document, index: int, line: Line) -> SignatureBlock | None:
    if only_date(line):
        signers = _signers_before(document.lines, index)
        return SignatureBlock(signers, next(dates_in(document.text, line.start, line.end))) if signers else None
    mention = next(dates_in(document.text, line.start, line.end), None)
    if mention is None or document.text[mention.end : line.end].strip(" \u3000\u00a0）)"):
        return None
    before = Line(document.text[line.start : mention.start].strip(" \u3000\u00a0（("), line.start, mention.start)
    return SignatureBlock((before,), mention) if before.text and is_signature(before) else None


def _signers_before(lines: list[Line], index: int) -> tuple[Line, ...]:
    signers: list[Line] = []
    for line in reversed(lines[max(0, index - 12) : index]):
        if not is_signature(line):
            break
        signers.insert(0, line)
    return tuple(signers) or _wrapped_signer(lines, index)


def _wrapped_signer(lines: list[Line], index: int) -> tuple[Line, ...]:
    """A name too long for its line: 湖北省…马鬃山村 / 地质险情调查专家组."""
    if index < 2:
        return ()
    upper, lower = lines[index - 2], lines[index - 1]
    joined = Line(upper.text + lower.text, upper.start, lower.end)
    return (joined,) if len(joined.text) <= 40 and is_signature(joined) else ()


def chosen_block(blocks: list[SignatureBlock], issuers: Found[tuple[str, ...]] | None) -> SignatureBlock | None:
    """The signature of the document itself: what it forwards or attaches is signed further down, by others."""
    if issuers is not None:
        for block in blocks:
            if any(is_post(line) for line in block.signers) or _signed_by(block, issuers.value):
                return block
    return blocks[0] if blocks else None


def _signed_by(block: SignatureBlock, issuers: tuple[str, ...]) -> bool:
    bodies = [body for line in block.signers for body in organisations_in(line.text)]
    return any(same_body(body, issuer) for body in bodies for issuer in issuers)


def signed(block: SignatureBlock | None) -> Found[tuple[str, ...]] | None:
    if block is None:
        return None
    names = tuple(
        name for line in block.signers for name in (organisations_in(line.text) or [" ".join(line.text.split())])
    )
    return Found(names, "found", "signature", block.signers[0].start, block.signers[-1].end)


def read_written(
    document: Document, number: Found[str] | None, block: SignatureBlock | None, issuers: Found[tuple[str, ...]] | None
) -> Found[date] | None:
    label = LABELS["written_on"].search(document.text, 0, HEAD_CHARACTERS)
    labelled = next(dates_in(document.text, *label.span(1)), None) if label else None
    if block is None:
        if labelled:
            return _date_found(document, "written_on", labelled, "found", "labelled")
        return _written_elsewhere(document, number)
    if labelled and labelled.day and block.date.day and labelled.day != block.date.day:
        return _date_found(document, "written_on", block.date, "doubtful", "label_differs")
    own = issuers is None or issuers.why == "signature" or any(map(is_post, block.signers))
    sure = own or _signed_by(block, issuers.value if issuers else ())
    confidence, why = ("found", "signature") if sure else ("doubtful", "signed_by_another")
    return _date_found(document, "written_on", block.date, confidence, why)


def _written_elsewhere(document: Document, number: Found[str] | None) -> Found[date] | None:
    """Without a signature: a bracketed date under the title, beside the number, or alone as the last words."""
    for line in document.head:
        if only_date(line) and line.text.startswith(("（", "(")):
            below = next(dates_in(document.text, line.start, line.end))
            return _date_found(document, "written_on", below, "found", "below_title")
    if number and number.why != "title_note":
        mention = next(dates_in(document.text, number.end, number.end + 30), None)
        if mention and re.fullmatch(r"[\s（(\u3000]*", document.text[number.end : mention.start]):
            return _date_found(document, "written_on", mention, "found", "beside_number")
    for line in document.lines[-6:]:
        if only_date(line) and line.start > document.head_end:
            last = next(dates_in(document.text, line.start, line.end))
            return _date_found(document, "written_on", last, "doubtful", "unsigned")
    return _written_in_note(document)


def _written_in_note(document: Document) -> Found[date] | None:
    mention = noted_day(document)
    if mention:
        return _date_found(document, "written_on", mention, "doubtful", "title_note")
    document.absent.setdefault("written_on", "none")
    return None


def _date_found(document: Document, name: str, mention: DateMention, confidence: str, why: str) -> Found[date] | None:
    if mention.day is None:
        document.absent[name] = mention.why
        return None
    return Found(mention.day, confidence, why, mention.start, mention.end)


def read_published(document: Document) -> Found[date] | None:
    for label in LABELS["published_on"].finditer(document.text, 0, HEAD_CHARACTERS):
        mention = next(dates_in(document.text, *label.span(1)), None)
        if mention:
            return _date_found(document, "published_on", mention, "found", "labelled")
    document.absent["published_on"] = "none"
    return None


def read_effect(document: Document) -> Found[date] | None:
    matches = list(_EFFECT.finditer(document.text))
    mentions = [(match, mention) for match in matches if (mention := next(dates_in(match[0]), None))]
    if not mentions:
        at_issue = _EFFECT_AT_ISSUE.search(document.text)
        document.absent["effective_on"] = "from_issue" if at_issue else "none"
        return None
    match, mention = mentions[-1]
    differs = len({other.day for _, other in mentions}) > 1
    placed = DateMention(mention.day, mention.why, match.start() + mention.start, match.start() + mention.end)
    confidence, why = ("doubtful", "several_dates") if differs else ("found", "clause")
    return _date_found(document, "effective_on", placed, confidence, why)
