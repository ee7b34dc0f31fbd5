"""`jiyue search query`: the answer that a visitor would get. Needs no database."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Any

from jiyue.foundation.home import Home
from jiyue.search.answering import Answer, Answering, Result
from jiyue.search.asking import Question
from jiyue.search.deployed import stands
from jiyue.search.engines.base import Engine
from jiyue.search.lexicon import LexiconFile


def answering(home: Home, engine: Engine) -> Answering:
    """What answers questions about this home."""
    return Answering(engine, LexiconFile(home.index), partial(stands, home))


def query(options: argparse.Namespace, home: Home, engine: Engine) -> dict[str, Any]:
    """The answer that a visitor would get, as JSON can hold it. Raises EngineDown, LookupError for an unknown site."""
    service = answering(home, engine)
    host = options.site or ""
    if host and service.file.lexicon.site_of(host) is None:
        raise LookupError(host)
    question = Question.read({"q": [options.text], "s": ["" if host else "all"], "p": [str(options.page)]})
    answer = service.answer(question, host=host or None, now=datetime.now(UTC))
    return {"query": question.query, "site": host or None, **_facts(answer)}


def _facts(answer: Answer) -> dict[str, Any]:
    return {
        "total": answer.total,
        "strictness": answer.strictness,
        "results": [_line(result) for result in answer.results],
        "promoted": [asdict(one) for one in answer.promoted],
        "corrections": list(answer.corrections),
        "facets": {
            facet: [{"value": one.value, "name": one.name, "count": one.count} for one in choices]
            for facet, choices in answer.facets
        },
    }


def _line(result: Result) -> dict[str, Any]:
    facts = asdict(result) | {"published_at": result.published_at.isoformat()}
    facts["title"], facts["excerpt"] = result.title.striptags(), result.excerpt.striptags()
    return facts
