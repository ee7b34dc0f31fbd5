"""Who asked: names, documents and ways to reach them, locked with a key that is not in the database."""

from collections.abc import Mapping

from jiyue.domain.letters import DISCLOSURE, KINDS
from jiyue.interaction.sealed import mark_of, opened, sealed

PURPOSE = "applicant"
PRIVATE = tuple(field.name for field in KINDS[DISCLOSURE].fields if field.private)
DOCUMENTS = ("id_number", "credit_code")


def kept(number: str, fields: Mapping[str, str]) -> str:
    """The private ones of these fields as a text that only this home reads, bound to the request's number."""
    return sealed(PURPOSE, number, {name: fields[name] for name in PRIVATE if fields.get(name)})


def known(number: str, text: str) -> dict[str, str]:
    """What `kept` locked. Raises sealed.NotOurs."""
    return opened(PURPOSE, number, text)


def mark_of_applicant(fields: Mapping[str, str]) -> str:
    """Stands for the document that was shown, so that repeated requests of one applicant are found."""
    document = next((fields[name] for name in DOCUMENTS if fields.get(name)), "")
    return mark_of({"phone": document.upper()})
