"""A desk for live enquiries, its officers and visitors, for the tests' city."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings

from jiyue.foundation.home import Home
from jiyue.interaction.enquiries.desks import set_desk
from jiyue.interaction.enquiries.taking import empty_box
from jiyue.interaction.letterbox import StoredFile, new_token
from jiyue.interaction.letterbox import talks as box_of
from jiyue.interaction.letterbox.talks import Said, TalkBox, key_of, room_of
from jiyue.interaction.models import Enquiry, EnquiryDesk
from tests.cast import Tenant

ALWAYS = "0:00-23:59"


def talk_box() -> TalkBox:
    return TalkBox(Home(settings.JIYUE_HOME).prepare())


def desk_of(tenant: Tenant, *, now: datetime, **more: Any) -> EnquiryDesk:
    given = {"is_on": True, "hours": ALWAYS, "title": "值班员", "idle_minutes": 15, "most_each": 3, "most_waiting": 20}
    return set_desk(site=tenant.site, by=tenant.manager, now=now, **{**given, **more})


@dataclass
class Visitor:
    """Somebody at the counter: what she says lies in the box, what she reads is her file."""

    host: str
    secret: str = field(default_factory=new_token)

    def say(
        self, text: str, *, now: datetime, act: str = box_of.SAY, token: str = "", files: dict[str, bytes] | None = None,
        **fields: str,
    ) -> Said:  # fmt: skip
        given = {"text": text, **fields} if text else fields
        form, box = new_token(), talk_box()
        kept = [box.drafts.keep(form, name, data) for name, data in (files or {}).items()]
        first = act == box_of.OPEN
        said = Said(
            token or new_token(), room_of(self.secret), act, self.host, now.isoformat(), "zh-CN", given,
            key=key_of(self.secret).hex() if first else "",
            files=tuple(StoredFile(n, one.name, one.size, one.digest, one.type) for n, one in enumerate(kept, 1)),
        )  # fmt: skip
        said = said if first else said.proved(key_of(self.secret))
        box.drop(said, [box.drafts.path(form, one) for one in kept])
        return said

    def begin(self, text: str, *, now: datetime) -> Enquiry:
        self.say(text, now=now, act=box_of.OPEN)
        empty_box(now=now)
        return self.enquiry

    @property
    def enquiry(self) -> Enquiry:
        return Enquiry.objects.get(room=room_of(self.secret))

    @property
    def page(self) -> dict[str, Any]:
        found = talk_box().read(self.secret)
        assert found is not None
        return found

    @property
    def texts(self) -> list[str]:
        return [word["text"] for word in self.page["words"]]
