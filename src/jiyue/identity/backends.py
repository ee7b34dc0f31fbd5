"""Sign-in for the console. Django's permission tables give nothing here: roles are code (identity.roles)."""

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

CONSOLE_ACCESS = "wagtailadmin.access_admin"


class AccountBackend(ModelBackend):
    """Checks the password; then answers one question only, "may this account enter the console?".

    Everything else is asked of the policies. Groups, permission rows and `is_superuser` therefore open no door, whoever
    writes them.
    """

    def user_can_authenticate(self, user) -> bool:
        """Asked at sign-in and with every request of a session: a temporary password ends with its time."""
        until = getattr(user, "temporary_until", None)
        return super().user_can_authenticate(user) and (until is None or timezone.now() < until)

    def has_perm(self, user_obj, perm, obj=None) -> bool:
        return perm == CONSOLE_ACCESS and user_obj.is_active and bool(user_obj.duty)

    def has_module_perms(self, user_obj, app_label) -> bool:
        return False

    def get_all_permissions(self, user_obj, obj=None) -> set[str]:
        return {CONSOLE_ACCESS} if self.has_perm(user_obj, CONSOLE_ACCESS) else set()
