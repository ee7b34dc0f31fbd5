from dataclasses import dataclass
from typing import ClassVar

from jiyue.domain.events import Event


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(Event):
    code: ClassVar[str] = "identity.organisation_changed"
    before: dict
    after: dict


@dataclass(frozen=True, kw_only=True)
class AccountOpened(Event):
    code: ClassVar[str] = "identity.account_opened"
    username: str
    name: str
    duty: str


@dataclass(frozen=True, kw_only=True)
class AccountChanged(Event):
    code: ClassVar[str] = "identity.account_changed"
    before: dict
    after: dict


@dataclass(frozen=True, kw_only=True)
class MembershipGiven(Event):
    code: ClassVar[str] = "identity.membership_given"
    role: str
    organisation: str


@dataclass(frozen=True, kw_only=True)
class MembershipTaken(Event):
    code: ClassVar[str] = "identity.membership_taken"
    role: str
    organisation: str


@dataclass(frozen=True, kw_only=True)
class PasswordReset(Event):
    """Someone had a temporary password issued; the password itself is nowhere in the trace."""

    code: ClassVar[str] = "identity.password_reset"
    username: str
    until: str


@dataclass(frozen=True, kw_only=True)
class PasswordChosen(Event):
    """A person set her own password; `first` when it took the place of a temporary one."""

    code: ClassVar[str] = "identity.password_chosen"
    username: str
    first: bool


@dataclass(frozen=True, kw_only=True)
class AccountReleased(Event):
    """A second administering person vouched that the person herself uses the account again."""

    code: ClassVar[str] = "identity.account_released"
    username: str
    held_by: str


@dataclass(frozen=True, kw_only=True)
class AccountSwitched(Event):
    """An account was deactivated or activated again."""

    code: ClassVar[str] = "identity.account_switched"
    username: str
    active: bool
    reason: str


@dataclass(frozen=True, kw_only=True)
class SignInClosed(Event):
    """Somebody guessed at an account's password so often that signing in was closed for a while."""

    code: ClassVar[str] = "identity.sign_in_closed"
    username: str
    until: str
