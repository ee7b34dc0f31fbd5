"""When a screen fails: a full disk is said as such, and nothing that was typed is lost; anything else is said plainly."""

import logging
import sys
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from jiyue.foundation.home import Home
from jiyue.publishing import full_disk

logger = logging.getLogger(__name__)
INSUFFICIENT_STORAGE: Final = 507
SECRET: Final = ("password", "csrfmiddlewaretoken")


def failed(request: HttpRequest) -> HttpResponse:
    """Django's handler of status 500; called while the exception is still in flight."""
    error = sys.exception()
    if error is not None and tell_if_full(error):
        typed = _typed(request)
        given = {"typed": typed, "address": request.get_full_path(), "sentence": full_sentence()}
        return render(request, "console/507.html", given, status=INSUFFICIENT_STORAGE)
    return HttpResponse(render_to_string("console/500.html"), status=500)  # asks no database: that may be what failed


def tell_if_full(error: BaseException) -> bool:
    """Is a full disk what stopped this? Then the operator is told, too. Outside any transaction of the request."""
    if not full_disk.is_full(error):
        return False
    what = _("磁盘空间不足，后台刚才没能保存；已签发和已发布的内容不受影响")
    logger.error("the disk is full: a person could not save")
    full_disk.tell(Home(settings.JIYUE_HOME), now=timezone.now(), what=what)
    return True


def full_sentence() -> str:
    """What the person at the screen reads."""
    return _("没有保存：服务器的磁盘空间不足。平台运维人员已经收到提醒，请过几分钟再保存一次，已填写的内容都还在。")


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What the form held, to be sent once more; nothing where it held a password or could not be read."""
    if request.method != "POST" or not hasattr(request, "_post"):
        return []
    if any("password" in name for name in request.POST):
        return []
    return [(name, value) for name, values in request.POST.lists() if name not in SECRET for value in values]
