"""How the index stands, and building it anew, for the command line."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from jiyue.estate.models import Site
from jiyue.foundation.home import Home
from jiyue.search.engines.base import Engine
from jiyue.search.indexing import Indexer
from jiyue.search.queries import standing


def status(options: argparse.Namespace) -> dict[str, Any]:
    """How the index stands. Raises LookupError for an unknown site."""
    site = Site.objects.filter(host=options.site).first() if options.site else None
    if options.site and site is None:
        raise LookupError(options.site)
    return asdict(standing(site))


def rebuild(home: Home, engine: Engine) -> dict[str, Any]:
    """Build the index anew: here, or where the running indexer is, by asking it. Raises EngineDown."""
    return {"indexed": Indexer(engine, home).rebuild_or_ask(now=datetime.now(UTC))}
