"""The lock that a review puts on a record: nobody edits what reviewers are reading."""

from django.utils.translation import gettext as _
from wagtail.locks import BaseLock


class UnderReviewLock(BaseLock):
    """Holds for everybody, the author included; returning or recalling the record opens it again."""

    def for_user(self, user) -> bool:
        return True

    def get_message(self, user) -> str:
        return _("这篇稿件正在审核，内容已锁定；撤回送审或被退回后可以继续修改。")

    def get_icon(self, user) -> str:
        return "lock"

    def get_locked_by(self, user) -> str:
        return _("审核流程")

    def get_description(self, user) -> str:
        return self.get_message(user)


def lock_of(record) -> UnderReviewLock | None:
    """The lock of a record, or None when it may be edited."""
    return UnderReviewLock(record) if record.state in {"secrecy", "first", "second", "final", "together"} else None
