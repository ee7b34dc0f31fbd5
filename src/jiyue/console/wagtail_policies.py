"""What Wagtail asks before it shows or changes something, answered from our policies. Groups and superusers give nothing."""

from collections.abc import Callable
from typing import ClassVar

from django.db.models import QuerySet
from wagtail.models import Collection
from wagtail.permission_policies.base import BasePermissionPolicy

from jiyue.console import rules
from jiyue.content.models import PublicAnswer
from jiyue.content.policies import may_delete, may_write, usable_attachments, usable_pictures, writable_records
from jiyue.identity.models import User


class OurPolicy(BasePermissionPolicy):
    """Closed: every question not answered below is answered with no."""

    def user_has_permission(self, user, action) -> bool:
        return False

    def user_has_any_permission(self, user, actions) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions) -> QuerySet:
        return User.objects.none()

    def user_has_permission_for_instance(self, user, action, instance) -> bool:
        return False

    def user_has_any_permission_for_instance(self, user, actions, instance) -> bool:
        return any(self.user_has_permission_for_instance(user, action, instance) for action in actions)

    def instances_user_has_any_permission_for(self, user, actions) -> QuerySet:
        return self.model._default_manager.none()

    def instances_user_has_permission_for(self, user, action) -> QuerySet:
        return self.instances_user_has_any_permission_for(user, [action])

    def users_with_any_permission_for_instance(self, actions, instance) -> QuerySet:
        return User.objects.none()

    def users_with_permission_for_instance(self, action, instance) -> QuerySet:
        return User.objects.none()


class RecordPolicy(OurPolicy):
    """Records of one type: editors write what `content.policies` says is theirs. Nobody publishes, locks or unlocks."""

    def user_has_permission(self, user, action) -> bool:
        if action == "add" and self.model is PublicAnswer:  # made from a letter, never typed in
            return False
        return action in {"add", "change", "delete", "view"} and rules.writes(user)

    def user_has_permission_for_instance(self, user, action, instance) -> bool:
        if action == "delete":
            return may_delete(user, instance)
        return action in {"change", "view"} and may_write(user, instance)

    def instances_user_has_any_permission_for(self, user, actions) -> QuerySet:
        return self.model._default_manager.filter(pk__in=writable_records(user).values("pk"))


class FilePolicy(OurPolicy):
    """Pictures and attachments: chosen from and added to one's sites; never changed, because versions rely on them."""

    usable: ClassVar[dict[str, Callable[[User], QuerySet]]] = {
        "picture": usable_pictures,
        "attachment": usable_attachments,
    }

    def user_has_permission(self, user, action) -> bool:
        return action in {"add", "choose", "view"} and rules.writes(user)

    def user_has_permission_for_instance(self, user, action, instance) -> bool:
        return self.instances_user_has_any_permission_for(user, [action]).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user, actions) -> QuerySet:
        if not set(actions) & {"choose", "view"}:
            return self.model._default_manager.none()
        return self.usable[self.model._meta.model_name](user)

    def collections_user_has_any_permission_for(self, user, actions) -> QuerySet:
        return Collection.objects.none()

    def collections_user_has_permission_for(self, user, action) -> QuerySet:
        return Collection.objects.none()
