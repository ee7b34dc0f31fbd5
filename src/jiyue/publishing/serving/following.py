"""One reader of live words: what changed is sent as it comes, until it ends, the reader leaves or the server stops."""

from pathlib import Path
from typing import TYPE_CHECKING

from jiyue.interaction.letterbox.talks import note_seen
from jiyue.publishing.serving.answers import Answer
from jiyue.publishing.serving.feeds import alive
from jiyue.publishing.serving.requests import Request

if TYPE_CHECKING:
    from jiyue.publishing.serving.connection import Connection

CLOSES = b"Connection: close\r\n\r\n"


async def follow(connection: "Connection", request: Request, answer: Answer, path: Path) -> None:
    """Runs as the task of a connection and ends it."""
    server = connection.server
    feed, since, state, sent = server.feeds.join(path, answer.secret), answer.since, "", 0
    opening = server.openings.get(answer.status) or server.opening(answer.status)
    connection.write(opening + answer.headers + CLOSES)
    try:
        while not connection.transport.is_closing() and not server.feeds.is_stopping:
            turn = feed.turn
            if (feed.seq, feed.page["state"]) != (since, state):
                data = feed.message(since)
                since, state = feed.seq, feed.page["state"]
                connection.write(data)
                sent += len(data)
            if feed.has_ended:
                break
            if answer.secret:
                note_seen(path)
            await connection.drain()
            if feed.turn == turn and not await feed.wait():
                connection.write(alive())
    finally:
        server.feeds.leave(feed)
        connection.task = None
        connection.log(request, answer.status, sent)
    if not connection.transport.is_closing():
        connection.transport.close()
