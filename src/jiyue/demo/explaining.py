"""How the demo city explains its policies: one case on its way, what people ask, and where a policy was carried.

Imperfect on purpose: the document passed every level and waits for an interpretation that nobody has submitted.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jiyue.content import asking, binding
from jiyue.content.actions import create_record, save_draft
from jiyue.content.headings import headings_of
from jiyue.content.models import Column, Interpretation, PolicyCampaign, PolicyDocument, Record
from jiyue.demo.places import FOLDER, read_yaml
from jiyue.estate.models import Site
from jiyue.identity.models import User
from jiyue.identity.roles import Role
from jiyue.review.actions import submit
from jiyue.review.models import Review

SITE = "portal"
Sign = Callable[[Review, str, datetime], Review]


@dataclass(frozen=True)
class Explainer:
    """What the stories need of the loaded city."""

    sites: dict[str, Site]
    columns: dict[tuple[str, str], Column]
    person: Callable[[str, str], User]
    sign: Sign
    now: datetime

    def tell(self) -> None:
        """All stories of explaining.yaml."""
        rows = read_yaml(FOLDER / "explaining.yaml")
        document = self._case(rows["case"])
        for row in rows["questions"]:
            self._question(document, row)
        self._answered(rows["answered"])
        for row in rows["campaigns"]:
            self._campaign(document, row)

    @property
    def _editor(self) -> User:
        return self.person(SITE, Role.EDITOR)

    def _case(self, row: dict[str, Any]) -> PolicyDocument:
        at, editor = self.now - timedelta(days=row["days_ago"]), self._editor
        paragraph = {"type": "paragraph", "value": f"<p>{row['text']}</p>"}
        document = self._written(
            Record.Kind.POLICY_DOCUMENT, Column.Kind.POLICY_DOCUMENTS, [paragraph], at=at, title=row["title"],
            issuer=row["issuer"], written_on=at.date(), public_effect=PolicyDocument.Effect.VITAL,
        )  # fmt: skip
        material = self._material(row["material"], at)
        case = binding.open_case(document=PolicyDocument.objects.get(pk=document.pk), by=editor, now=at)
        binding.add_material(case=case, interpretation=material, by=editor, now=at)
        binding.save_plan(
            case=case, unit=case.document.responsible, forms=[Interpretation.Form.TEXT], points=row["points"],
            audience=row["audience"], ready_on=(self.now + timedelta(days=4)).date(), by=editor, now=at,
        )  # fmt: skip
        self.sign(submit(record=document, by=editor, now=at), SITE, at)
        return case.document

    def _material(self, row: dict[str, Any], at: datetime) -> Interpretation:
        blocks = [block for heading in row["headings"] for block in _section(heading, row["text"])]
        record = self._written(
            Record.Kind.INTERPRETATION, Column.Kind.INTERPRETATIONS, blocks, at=at, title=row["title"]
        )
        return Interpretation.objects.get(pk=record.pk)

    def _written(self, kind: str, where: str, blocks: list[dict[str, Any]], *, at: datetime, **facts: Any) -> Record:
        column = next(found for (site, _path), found in self.columns.items() if site == SITE and found.kind == where)
        unit = column.responsible or self.sites[SITE].owner
        record = create_record(
            kind=kind, column=column, by=self._editor, now=at, source=unit.name, responsible=unit, **facts
        ).typed
        record.body = record.body.stream_block.to_python([{"id": str(uuid.uuid4()), **block} for block in blocks])
        return save_draft(record=record, by=self._editor, now=at)

    def _question(self, document: PolicyDocument, row: dict[str, Any]) -> None:
        at = self.now - timedelta(days=row["days_ago"])
        question = asking.gather_question(
            document=document, words=row["words"], source=row["source"], asked_on=at.date(), times=row["times"],
            by=self._editor, now=at,
        )  # fmt: skip
        if row["state"] == "chosen":
            asking.choose_question(question=question, by=self._editor, now=at)
        elif row["state"] == "declined":
            asking.decline_question(question=question, reason=row["reason"], by=self._editor, now=at)

    def _answered(self, row: dict[str, Any]) -> None:
        """A question that an interpretation answers in public: it passed review again for it."""
        signed = Interpretation.objects.filter(site=self.sites[SITE], state="signed_off", documents__isnull=False)
        material = next(found for found in signed.order_by("pk") if headings_of(found))
        at = self.now - timedelta(days=row["days_ago"])
        question = asking.gather_question(
            document=material.documents.order_by("pk")[0], words=row["words"], source=row["source"],
            asked_on=at.date(), times=row["times"], by=self._editor, now=at,
        )  # fmt: skip
        section = headings_of(material)[0]
        asking.answer_question(question=question, interpretation=material, section=section, by=self._editor, now=at)
        told = {"reason": "补充回答公众关心的问题"}
        self.sign(submit(record=material, by=self._editor, now=at, instruction=told), SITE, at)

    def _campaign(self, document: PolicyDocument, row: dict[str, Any]) -> None:
        site = self.sites[SITE]
        campaign = PolicyCampaign(
            site=site, unit=site.owner, title=row["title"], place_kind=row["place_kind"], place=row["place"],
            audience=row["audience"], held_on=(self.now - timedelta(days=row["days_ago"])).date(),
            people=row["people"], material=row["material"],
        )  # fmt: skip
        asking.save_campaign(campaign=campaign, documents=[document], interpretations=[], by=self._editor, now=self.now)


def _section(heading: str, text: str) -> list[dict[str, Any]]:
    return [
        {"type": "heading", "value": {"text": heading, "level": "2"}},
        {"type": "paragraph", "value": f"<p>{text}</p>"},
    ]
