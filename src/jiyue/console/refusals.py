"""What an action refused, as sentences for the person."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _


def sentences(refusal: PermissionDenied | ValidationError) -> list[str]:
    """Every reason of a refusal, in words; never empty."""
    if isinstance(refusal, ValidationError):
        return refusal.messages
    return list(getattr(refusal, "reasons", None) or [str(refusal) or _("这一步现在不能做")])
