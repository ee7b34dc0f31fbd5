"""Roles and what they may do, as readable text (requirement REV-04, PLAT-05; Ningxia 2.3.1).

An account has one duty. Administering, editing and reviewing cannot meet in one account, and what each duty may hold
is written here, not in a table that somebody could edit.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Duty(models.TextChoices):
    """职责类别: the one kind of work an account is for."""

    ADMINISTERING = "administering", _("系统管理")
    EDITING = "editing", _("内容编辑")
    REVIEWING = "reviewing", _("内容审核")
    SUPERVISING = "supervising", _("监督")


class Role(models.TextChoices):
    """角色. Supervisor, auditor, overseer and operator are for the platform or a part of the tree, all others per site."""

    EDITOR = "editor", _("编辑")
    FIRST_REVIEWER = "first_reviewer", _("初审人")
    SECOND_REVIEWER = "second_reviewer", _("复审人")
    FINAL_REVIEWER = "final_reviewer", _("终审人")
    SECRECY_REVIEWER = "secrecy_reviewer", _("保密审查人")
    SITE_MANAGER = "site_manager", _("网站管理员")
    OPERATOR = "operator", _("平台运维")
    SUPERVISOR = "supervisor", _("监管人员")
    AUDITOR = "auditor", _("审计人员")
    OVERSEER = "overseer", _("督办人员")
    LETTER_CLERK = "letter_clerk", _("信件受理人")
    LETTER_HANDLER = "letter_handler", _("信件承办人")
    REPLY_REVIEWER = "reply_reviewer", _("答复审核人")


class Permission(StrEnum):
    """权限: what an act asks for."""

    READ_CONTENT = "read_content"
    WRITE_CONTENT = "write_content"
    REVIEW_CONTENT = "review_content"
    MANAGE_SITE = "manage_site"
    OPERATE_PLATFORM = "operate_platform"
    READ_AUDIT = "read_audit"
    OVERSEE = "oversee"
    READ_LETTERS = "read_letters"
    RECEIVE_LETTERS = "receive_letters"
    HANDLE_LETTERS = "handle_letters"
    REVIEW_REPLIES = "review_replies"


@dataclass(frozen=True)
class Entitlement:
    duty: Duty
    permissions: frozenset[Permission]
    per_site: bool


def _entitles(duty: Duty, *permissions: Permission, per_site: bool = True) -> Entitlement:
    return Entitlement(duty, frozenset(permissions), per_site)


ENTITLEMENTS: dict[str, Entitlement] = {
    Role.EDITOR: _entitles(Duty.EDITING, Permission.READ_CONTENT, Permission.WRITE_CONTENT),
    Role.FIRST_REVIEWER: _entitles(Duty.REVIEWING, Permission.READ_CONTENT, Permission.REVIEW_CONTENT),
    Role.SECOND_REVIEWER: _entitles(Duty.REVIEWING, Permission.READ_CONTENT, Permission.REVIEW_CONTENT),
    Role.FINAL_REVIEWER: _entitles(Duty.REVIEWING, Permission.READ_CONTENT, Permission.REVIEW_CONTENT),
    Role.SECRECY_REVIEWER: _entitles(Duty.REVIEWING, Permission.READ_CONTENT, Permission.REVIEW_CONTENT),
    Role.SITE_MANAGER: _entitles(Duty.ADMINISTERING, Permission.READ_CONTENT, Permission.MANAGE_SITE),
    Role.OPERATOR: _entitles(Duty.ADMINISTERING, Permission.OPERATE_PLATFORM, per_site=False),
    Role.SUPERVISOR: _entitles(Duty.SUPERVISING, Permission.READ_CONTENT, Permission.READ_LETTERS, per_site=False),
    Role.AUDITOR: _entitles(Duty.SUPERVISING, Permission.READ_AUDIT, per_site=False),
    Role.OVERSEER: _entitles(Duty.ADMINISTERING, Permission.READ_CONTENT, Permission.OVERSEE, per_site=False),
    # Letters are private: whoever reads a site's drafts does not therefore read what citizens wrote to it.
    Role.LETTER_CLERK: _entitles(Duty.EDITING, Permission.READ_LETTERS, Permission.RECEIVE_LETTERS),
    Role.LETTER_HANDLER: _entitles(Duty.EDITING, Permission.READ_LETTERS, Permission.HANDLE_LETTERS),
    Role.REPLY_REVIEWER: _entitles(Duty.REVIEWING, Permission.READ_LETTERS, Permission.REVIEW_REPLIES),
}

SITE_ROLES = frozenset(role for role, given in ENTITLEMENTS.items() if given.per_site)
PLATFORM_ROLES = frozenset(ENTITLEMENTS) - SITE_ROLES
REVIEW_ROLES = frozenset(role for role, given in ENTITLEMENTS.items() if Permission.REVIEW_CONTENT in given.permissions)


def duty_of(role: str) -> Duty:
    """The duty that an account must have to hold `role`. Raises KeyError for a role that does not exist."""
    return ENTITLEMENTS[role].duty


def roles_with(permission: Permission) -> frozenset[str]:
    """All roles that carry `permission`."""
    return frozenset(role for role, given in ENTITLEMENTS.items() if permission in given.permissions)
