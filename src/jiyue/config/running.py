"""The parts of `jiyue up`, each run in a process of its own."""

import os
import signal
import sys
from pathlib import Path

from jiyue.config import environment as env
from jiyue.foundation.home import Home

CONSOLE_WORKERS = 2
REQUESTS = 4_000  # after about so many a process of the console makes way for a fresh one
SEARCH_SOCKET, COUNTER_SOCKET = "search.sock", "counter.sock"


def portal() -> int:
    """The embedded portal server. Needs no Django and no database."""
    from jiyue.publishing.serving import TreeDigests, serve

    home = Home.from_environment().prepare()
    serve(
        home.path,
        bind=env.text("JIYUE_PORTAL_BIND", "127.0.0.1"),
        port=env.number("JIYUE_PORTAL_PORT", 8080),
        workers=env.number("JIYUE_PORTAL_WORKERS", 1),
        access_log=home.logs / "portal-access.log",
        expected_digest=TreeDigests(home.path),
        live={"/search/": home.run / SEARCH_SOCKET, "/hudong/": home.run / COUNTER_SOCKET},
        taking=("/hudong/",),
    )
    return 0


def nginx() -> int:
    """Keeps an nginx in front on the newest trees (`deploy/nginx/README.md`). Needs no Django and no database."""
    from jiyue.publishing.serving import nginx_following

    home = Home.from_environment().prepare()
    nginx_following.run(
        home.path, Path(env.text("JIYUE_NGINX_DIRECTORY")), listen=env.text("JIYUE_NGINX_LISTEN", "80"),
        workers=env.text("JIYUE_NGINX_WORKERS", "auto"), user=env.text("JIYUE_NGINX_USER"),
    )  # fmt: skip
    return 0


def search() -> int:
    """Answers /search/ for the portal, on a socket in JIYUE_HOME. Needs no Django and no database."""
    from jiyue.config.searching import chosen_engine
    from jiyue.portal.environment import portal_renderer
    from jiyue.portal.searching import SearchPortal
    from jiyue.publishing.serving import Limits, TreeDigests, listen_privately, serve_privately
    from jiyue.search.commanding import answering
    from jiyue.search.counting import Counting

    home = Home.from_environment().prepare()
    limits = Limits(connections=400, connections_per_address=400)  # all of them come from one proxy
    portal = SearchPortal(
        home.path, limits, expected_digest=TreeDigests(home.path), renderer=portal_renderer(),
        service=answering(home, chosen_engine(home)), counting=Counting(home.index),
    )  # fmt: skip
    workers = max(1, env.number("JIYUE_SEARCH_WORKERS", 1))
    serve_privately(listen_privately(home.run / SEARCH_SOCKET), portal, limits, workers)
    portal.counting.write()
    return 0


def counter() -> int:
    """Takes letters at /hudong/ for the portal and shows how they stand. Needs no Django and no database."""
    from jiyue.interaction.letterbox import LetterBox
    from jiyue.interaction.letterbox.talks import TalkBox
    from jiyue.portal.counter.answering import CounterPortal
    from jiyue.portal.counter.guards import Guard
    from jiyue.portal.environment import portal_renderer
    from jiyue.publishing.serving import Limits, TreeDigests, listen_privately, serve_privately

    home = Home.from_environment().prepare()
    # All of them come from one proxy, which has counted them by their address.
    # Behind an nginx, readers of live words stay on the line here.
    limits = Limits(connections=2400, connections_per_address=2400, bodies_per_address=400, readers=2000)
    portal = CounterPortal(
        home.path, limits, expected_digest=TreeDigests(home.path), renderer=portal_renderer(), box=LetterBox(home),
        talks=TalkBox(home), guard=Guard(home), mails=bool(env.text("JIYUE_SMTP_HOST")),
    )  # fmt: skip
    workers = max(1, env.number("JIYUE_COUNTER_WORKERS", 1))
    serve_privately(listen_privately(home.run / COUNTER_SOCKET), portal, limits, workers)
    return 0


def worker() -> int:
    """Publishing, the exact second, outbox and timers."""
    _django()
    from jiyue.config import subscribers
    from jiyue.config.beside import Beside
    from jiyue.config.schedule import timers
    from jiyue.publishing.publisher import Publisher
    from jiyue.publishing.worker import Worker

    beside = Beside(lambda part: PARTS[part](), on_gone=lambda: work.stop())
    subscribers.connect()
    publisher = Publisher()
    work = Worker(publisher, timers(publisher, beside))
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_args: work.stop())
    work.run()
    beside.close()
    return 0


def indexer() -> int:
    """Keeps the search index as the sites are."""
    _django()
    from jiyue.config.freeing import give_back
    from jiyue.config.searching import chosen_engine
    from jiyue.search.indexing import Indexer

    home = Home.from_environment().prepare()
    work = Indexer(chosen_engine(home), home, at_rest=give_back)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_args: work.stop())
    work.run()
    return 0


def console() -> int:
    """The console under gunicorn: processes, because two of them share SQLite better than threads do."""
    _django()
    from jiyue.config.console_server import ConsoleServer

    bind = f"{env.text('JIYUE_CONSOLE_BIND', '127.0.0.1')}:{env.number('JIYUE_CONSOLE_PORT', 8000)}"
    options = {
        "bind": bind, "workers": env.number("JIYUE_CONSOLE_WORKERS", CONSOLE_WORKERS), "preload_app": True, "timeout": 120,
        "control_socket_disable": True, "max_requests": REQUESTS, "max_requests_jitter": REQUESTS // 4,
    }  # fmt: skip
    ConsoleServer(options).run()
    return 0


def setup() -> int:
    """Database, catalogues and static files brought up to this program's version; safe to run at every start."""
    Home.from_environment().prepare()
    from jiyue.console.catalogues import compile_catalogues

    compile_catalogues()
    _django()
    from django.core.management import call_command

    from jiyue.config.migrating import migrate

    migrate()
    call_command("collectstatic", verbosity=0, interactive=False)
    return 0


def demo_loader() -> int:
    """Load the demo city if it is absent, and write down what to tell the person who started it."""
    _django()
    from jiyue.demo.loading import addresses, load_if_absent

    load_if_absent(say=lambda line: sys.stderr.write(line + "\n"))
    (Home.from_environment().prepare().logs / "demo.txt").write_text(addresses())
    return 0


def reconcile() -> int:
    """对账: what should be public against what is; what differs is told by the incidents it opens."""
    _django()
    from django.utils import timezone

    from jiyue.publishing import reconciling

    reconciling.reconcile(now=timezone.now())
    return 0


def reads() -> int:
    """What each page was made of, noted anew for sites whose notes are not those of their pages."""
    _django()
    from django.utils import timezone

    from jiyue.publishing.remembering import mend_reads

    mend_reads(now=timezone.now())
    return 0


def facts() -> int:
    """All facts of all sources once: duties, and items to be taken, that an event may have missed."""
    _django()
    from django.utils import timezone

    from jiyue.config.duties import sweep
    from jiyue.review.taking import catch_up_all

    sweep(now=timezone.now())
    catch_up_all(now=timezone.now())
    return 0


def feeds() -> int:
    """The watched portals whose turn it is."""
    _django()
    from django.utils import timezone

    from jiyue.content.feeds.watching import read_due

    read_due(now=timezone.now())
    return 0


def mails() -> int:
    """The daily mails that are due now, and the notices to senders of letters."""
    _django()
    from django.utils import timezone

    from jiyue.console.duties import digests
    from jiyue.disclosure import notices as disclosure_notices
    from jiyue.interaction import notices

    notices.send_waiting(now=timezone.now())
    disclosure_notices.send_waiting(now=timezone.now())
    digests.send_waiting(now=timezone.now())
    return 0


def analyses() -> int:
    """The reports on letters that somebody waits for (INT-19)."""
    _django()
    from django.utils import timezone

    from jiyue.interaction.analyses import work_off

    work_off(timezone.now())
    return 0


def examination() -> int:
    """Check everything public again, as far as it or the checks changed (PRIV-04, COL-16), and the templates (PAGE-04)."""
    _django()
    from django.utils import timezone

    from jiyue.interaction.comments import examining as comments
    from jiyue.publishing.page_rules import keeping
    from jiyue.review.examining import examine_all

    examine_all(now=timezone.now())
    comments.examine_all(now=timezone.now())
    keeping.examine_all(now=timezone.now())
    return 0


def services() -> int:
    """Compare services with the addresses of the service platforms, where that is wanted (SERV-05)."""
    _django()
    from django.utils import timezone

    from jiyue.publishing.service_rounds import compare_wanted

    compare_wanted(now=timezone.now())
    return 0


def uploads() -> int:
    """Set aside what killed processes left among the uploads."""
    _django()
    from django.utils import timezone

    from jiyue.content.uploads import clear_uploads

    clear_uploads(Home.from_environment().prepare().uploads, now=timezone.now())
    return 0


def standards() -> int:
    """Compare what is public with the data standards that came into force since (PLAT-08)."""
    _django()
    from django.utils import timezone

    from jiyue.publishing.conformity import look_at_all

    look_at_all(now=timezone.now())
    return 0


def exchange() -> int:
    """Read the change feeds of other installations that are due."""
    _django()
    from django.utils import timezone

    from jiyue.content.exchanging import receive_all

    receive_all(now=timezone.now())
    return 0


PARTS = {
    "console": console, "portal": portal, "worker": worker, "setup": setup, "demo-loader": demo_loader,
    "indexer": indexer, "search": search, "counter": counter, "facts": facts, "feeds": feeds, "mails": mails, "uploads": uploads,
    "examination": examination, "reconcile": reconcile, "reads": reads, "nginx": nginx,
    "services": services, "analyses": analyses,
    "standards": standards, "exchange": exchange,
}  # fmt: skip


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiyue.config.settings.base")
    import django

    django.setup()
