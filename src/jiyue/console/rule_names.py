"""What is regulated, by its name in the reader's language. Texts of rules stay as they were issued, in Chinese."""

from django.utils.translation import get_language

from jiyue.domain.rulesets import Parameter
from jiyue.rules.library import shipped


def name_of(parameter: Parameter) -> str:
    """Both names stand in `rulepacks/parameters.yaml`."""
    return parameter.english if reads_english() and parameter.english else parameter.title


def named(code: str) -> str:
    """The name behind a code; a parameter that a later version knew is shown by its code."""
    known = shipped().parameters.get(code)
    return name_of(known) if known else code


def reads_english() -> bool:
    """Is the console shown in English now?"""
    return (get_language() or "").startswith("en")
