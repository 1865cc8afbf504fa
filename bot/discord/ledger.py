"""What the Discord bot remembers, in an SQLite file beside the index: settings, cards, feedback."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Self

from bot.discord.card import Card, Reply
from bot.discord.feedback import Feedback, Reason
from bot.discord.settings import ServerSettings
from bot.shared import clean
from index.database import Schema, connect, explained, script, transaction

FILE_NAME = "discord.db"
LEDGER = Schema(
    application_id=0x50_51_44_31,  # "PQD1"
    migrations=(script("bot.discord", "ledger.sql"),),
    missing="no feedback yet: `pullquote discord`, which keeps it, has not run with the data folder {folder}",
    update="start `pullquote discord` once",
    afresh="start `pullquote discord` again, which makes an empty one",
)
_CARD = "id, server_id, channel_id, user_id, message_id, asked_at, collection, reply"
_FEEDBACK = "card_id, judge_id, good, reason, comment, given_at"


class Ledger:
    """The bot's file in a data folder. Any thread may call it: one connection, one call at a time.

    With ``create`` false nothing is written and a missing file is an error. Every method
    raises StoreError where the disk is full or the file is locked, damaged or not accessible.

    Raises:
        StoreError: it is missing, foreign, damaged, unreadable or made by a newer version.
    """

    def __init__(self, data_dir: Path, *, create: bool = True) -> None:
        self.path = data_dir.absolute() / FILE_NAME
        self._lock = Lock()
        self._connection = connect(self.path, LEDGER, create=create)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; again is no error, any other call after it is."""
        with self._lock:
            self._connection.close()

    def settings(self, server_id: int) -> ServerSettings:
        """What a server has decided; the defaults where it has decided nothing."""
        with self._using() as db:
            return _settings(db, server_id)

    def change_settings(
        self, server_id: int, change: Callable[[ServerSettings], ServerSettings]
    ) -> ServerSettings:
        """The settings after ``change``, which no other change can come between; it may not use the ledger.

        Whatever ``change`` raises comes through, and nothing is changed.
        """
        with self._using() as db, transaction(db):
            settings = change(_settings(db, server_id))
            db.execute(
                "INSERT INTO servers VALUES (?, ?) ON CONFLICT DO UPDATE SET settings = excluded.settings",
                (server_id, json.dumps(settings.to_json())),
            )
            return settings

    def forget_server(self, server_id: int) -> None:
        """Drop all that is known of a server: its settings, its cards and the feedback on them."""
        with self._using() as db, transaction(db):
            db.execute("DELETE FROM servers WHERE server_id = ?", (server_id,))
            db.execute("DELETE FROM cards WHERE server_id = ?", (server_id,))

    def add_card(self, card: Card) -> None:
        """Keep a card. Its id is new."""
        reply = json.dumps(card.reply.to_json())
        place = (card.server_id, card.channel_id, card.user_id, card.message_id)
        with self._using() as db:
            db.execute(
                f"INSERT INTO cards ({_CARD}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (card.id, *place, card.asked_at, card.collection, reply),
            )

    def set_message(self, card_id: str, channel_id: int, message_id: int) -> None:
        """Note the message in which a card was sent; nothing happens if the card is forgotten."""
        with self._using() as db:
            db.execute(
                "UPDATE cards SET channel_id = ?, message_id = ? WHERE id = ?",
                (channel_id, message_id, card_id),
            )

    def card(self, card_id: str) -> Card | None:
        """The card of this id, None if it is not known or forgotten."""
        with self._using() as db:
            row = db.execute(f"SELECT {_CARD} FROM cards WHERE id = ?", (card_id,)).fetchone()
        return row and _card(*row)

    def card_of_message(self, message_id: int) -> Card | None:
        """The newest card that was sent in a message, None if there is none."""
        with self._using() as db:
            row = db.execute(
                f"SELECT {_CARD} FROM cards WHERE message_id = ? ORDER BY key DESC LIMIT 1", (message_id,)
            ).fetchone()
        return row and _card(*row)

    def latest_card(self, channel_id: int) -> Card | None:
        """The card that was sent last in a channel or thread, None if there is none."""
        with self._using() as db:
            row = db.execute(
                f"SELECT {_CARD} FROM cards WHERE channel_id = ? AND message_id IS NOT NULL"
                " ORDER BY message_id DESC LIMIT 1",
                (channel_id,),
            ).fetchone()
        return row and _card(*row)

    def forget_cards(self, before: str) -> int:
        """Drop the cards that were asked for before a time (UTC, ISO 8601) and that nobody has judged.

        Returns how many.
        """
        with self._using() as db:
            return db.execute(
                "DELETE FROM cards WHERE asked_at < ? AND id NOT IN (SELECT card_id FROM feedback)", (before,)
            ).rowcount

    def put_feedback(self, feedback: Feedback) -> bool:
        """Keep a verdict in place of the same user's earlier one; False if the card is forgotten."""
        values = (feedback.user_id, feedback.good, feedback.reason, clean(feedback.comment))
        with self._using() as db:
            return bool(
                db.execute(
                    "INSERT OR REPLACE INTO feedback SELECT id, ?, ?, ?, ?, ? FROM cards WHERE id = ?",
                    (*values, feedback.given_at, feedback.card_id),
                ).rowcount
            )

    def feedback_of(self, card_id: str, user_id: int) -> Feedback | None:
        """One user's verdict on a card, None if there is none."""
        with self._using() as db:
            row = db.execute(
                f"SELECT {_FEEDBACK} FROM feedback WHERE card_id = ? AND judge_id = ?", (card_id, user_id)
            ).fetchone()
        return row and _feedback(*row)

    def feedback(self) -> Iterator[tuple[Card, Feedback]]:
        """All verdicts with what they are about, in the order in which it was asked and judged."""
        with self._using() as db:
            rows = db.execute(
                f"SELECT {_CARD}, {_FEEDBACK} FROM feedback JOIN cards ON id = card_id"
                " ORDER BY asked_at, key, given_at, judge_id"
            ).fetchall()
        for row in rows:
            yield _card(*row[:8]), _feedback(*row[8:])

    def note(self, key: str, value: str) -> None:
        """Keep a small fact in place of the earlier one of this key."""
        with self._using() as db:
            db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (key, value))

    def noted(self, key: str) -> str | None:
        """The fact of this key, None if there is none."""
        with self._using() as db:
            row = db.execute("SELECT value FROM notes WHERE key = ?", (key,)).fetchone()
        return row and str(row[0])

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock, explained(self.path, LEDGER):
            yield self._connection


def _settings(db: sqlite3.Connection, server_id: int) -> ServerSettings:
    row = db.execute("SELECT settings FROM servers WHERE server_id = ?", (server_id,)).fetchone()
    return ServerSettings.from_json(json.loads(row[0])) if row else ServerSettings()


def _card(
    id_: str,
    server_id: int | None,
    channel_id: int,
    user_id: int,
    message_id: int | None,
    asked_at: str,
    collection: str | None,
    reply: str,
) -> Card:
    shown = Reply.from_json(json.loads(reply))
    return Card(id_, server_id, channel_id, user_id, message_id, asked_at, collection, shown)


def _feedback(card_id: str, user_id: int, good: int, reason: str | None, comment: str, at: str) -> Feedback:
    return Feedback(card_id, user_id, bool(good), Reason(reason) if reason else None, comment, at)
