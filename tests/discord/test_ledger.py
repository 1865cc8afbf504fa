"""What the bot remembers, in real files."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.discord.card import Card, Reply, Source
from bot.discord.feedback import Feedback, Reason
from bot.discord.ledger import FILE_NAME, LEDGER, Ledger
from bot.discord.settings import ServerSettings, collection_name
from index.errors import PullquoteError, StoreError

SOURCE = Source(
    article_id="a1",
    digest="d1",
    title="The “harbour”\n\x1b[31m closes",
    publisher="Gull Post",
    authors=("Ann Lee", "Bo Ek"),
    published=date(2024, 1, 30),
    url="https://gull.example/harbour",
    path=None,
    deep_link="https://gull.example/harbour#:~:text=storm",
    quote="It closed after the storm.",
    start=10,
    end=36,
    answer_start=26,
    answer_end=35,
    resolved_date="2024-01-29",
)
REPLY = Reply(
    question="why?",
    understood="why? (the harbour)",
    answered=True,
    text="the storm",
    confidence=0.87654321,
    reason=None,
    as_of=date(2024, 1, 31),
    sources=(SOURCE, replace(SOURCE, article_id="a2", published=None, answer_start=None, answer_end=None)),
    agreeing=2,
    current_to=date(2024, 1, 30),
)
SETTINGS = ServerSettings(
    channels=(11, 12),
    private_elsewhere=False,
    since=date(2024, 1, 1),
    until=date(2024, 2, 1),
    publisher="Gull Post",
    min_confidence=0.7,
    feedback_channel=13,
    manager_role=14,
    collection="local-news",
    blocked_users=(2**62,),
    blocked_channels=(15,),
)


def card(id_: str = "c1", *, server: int | None = 1, asked: str = "2024-01-31T10:00:00+00:00") -> Card:
    return Card(id_, server, 21, 31, None, asked, "local-news", REPLY)


def verdict(card_id: str = "c1", user: int = 41, *, good: bool = True, comment: str = "") -> Feedback:
    reason = None if good else Reason.WRONG_SPAN
    return Feedback(card_id, user, good, reason, comment, "2024-01-31T11:00:00+00:00")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path) as made:
        yield made


def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger.change_settings(1, lambda _: SETTINGS)
        ledger.add_card(card())
        ledger.set_message("c1", 22, 2**62 + 1)
        ledger.put_feedback(verdict(good=False, comment="  “the first words” \ud800 "))
        ledger.note("commands", "hash")
    with Ledger(tmp_path) as ledger:
        assert ledger.settings(1) == SETTINGS
        sent = replace(card(), channel_id=22, message_id=2**62 + 1)
        assert ledger.card("c1") == ledger.card_of_message(2**62 + 1) == ledger.latest_card(22) == sent
        assert list(ledger.feedback()) == [(sent, verdict(good=False, comment="“the first words” ?"))]
        assert ledger.noted("commands") == "hash"


def test_what_is_not_known_is_nothing(ledger: Ledger) -> None:
    assert ledger.settings(1) == ServerSettings()
    assert ledger.card("c1") is ledger.card_of_message(1) is ledger.latest_card(21) is None
    assert ledger.noted("commands") is None
    assert ledger.feedback_of("c1", 41) is None
    ledger.set_message("c1", 1, 1)
    assert ledger.put_feedback(verdict()) is False
    assert list(ledger.feedback()) == []


def test_a_users_later_verdict_replaces_the_earlier_and_nobody_elses(ledger: Ledger) -> None:
    ledger.add_card(card())
    for each in (verdict(), verdict(user=42), verdict(good=False)):
        assert ledger.put_feedback(each)
    assert [each for _, each in ledger.feedback()] == [verdict(good=False), verdict(user=42)]
    assert ledger.feedback_of("c1", 41) == verdict(good=False)


def test_the_card_that_was_sent_last_is_the_latest(ledger: Ledger) -> None:
    for id_ in ("c1", "c2", "c3"):
        ledger.add_card(card(id_))
    ledger.set_message("c1", 21, 102)
    ledger.set_message("c2", 21, 101)
    found = ledger.latest_card(21)
    assert found is not None
    assert found.id == "c1"


def test_old_cards_are_forgotten_but_not_those_that_were_judged(ledger: Ledger) -> None:
    for id_, day in (("old", "01-01"), ("judged", "01-01"), ("new", "03-01")):
        ledger.add_card(card(id_, asked=f"2024-{day}T00:00:00+00:00"))
    ledger.put_feedback(verdict("judged"))
    assert ledger.forget_cards("2024-02-01T00:00:00+00:00") == 1
    assert [id_ for id_ in ("old", "judged", "new") if ledger.card(id_)] == ["judged", "new"]


def test_a_server_that_is_forgotten_leaves_nothing_and_others_stay(ledger: Ledger) -> None:
    for server in (1, 2):
        ledger.change_settings(server, lambda _: SETTINGS)
        ledger.add_card(card(f"c{server}", server=server))
        ledger.put_feedback(verdict(f"c{server}"))
    ledger.forget_server(1)
    assert (ledger.settings(1), ledger.card("c1")) == (ServerSettings(), None)
    assert ledger.settings(2) == SETTINGS
    assert [each.id for each, _ in ledger.feedback()] == ["c2"]


def test_changes_from_many_threads_and_connections_are_none_of_them_lost(
    ledger: Ledger, tmp_path: Path
) -> None:
    def block(user: int) -> None:
        def change(before: ServerSettings) -> ServerSettings:
            return replace(before, blocked_users=(*before.blocked_users, user))

        (ledger if user % 2 else other).change_settings(1, change)
        ledger.add_card(card(f"c{user}"))
        ledger.put_feedback(verdict(f"c{user}"))

    with Ledger(tmp_path) as other, ThreadPoolExecutor(8) as pool:
        list(pool.map(block, range(100)))
    assert sorted(ledger.settings(1).blocked_users) == list(range(100))
    assert len(list(ledger.feedback())) == 100


def test_a_change_that_fails_changes_nothing_and_the_ledger_goes_on(ledger: Ledger) -> None:
    ledger.change_settings(1, lambda _: SETTINGS)
    with pytest.raises(PullquoteError, match="both since 2024-01-01 and until 2023-05-01"):
        ledger.change_settings(1, lambda before: replace(before, until=date(2023, 5, 1)))
    assert ledger.settings(1) == SETTINGS
    assert ledger.change_settings(1, lambda _: ServerSettings()) == ServerSettings()


def test_reading_makes_no_file_and_says_that_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"^no feedback yet: `pullquote discord`"):
        Ledger(tmp_path, create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_sees_what_a_running_bot_has_written_and_cannot_write(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.add_card(card())
    ledger.put_feedback(verdict())
    with Ledger(tmp_path, create=False) as reader:
        assert list(reader.feedback()) == [(card(), verdict())]
        with pytest.raises(StoreError, match="cannot be written"):
            reader.note("commands", "hash")


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda path: path.write_bytes(b"no database, but long enough to be read" * 40), "not a database"),
        (
            lambda path: sqlite3.connect(path).execute("CREATE TABLE theirs (x)").connection.close(),
            "belongs to another program",
        ),
        (
            lambda path: sqlite3.connect(path).executescript(
                f"PRAGMA application_id = {LEDGER.application_id}; PRAGMA user_version = 99;"
                "CREATE TABLE t (x)"
            ).connection.close(),
            "made by a newer version",
        ),
        (lambda path: path.mkdir(), "cannot be opened"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_named_and_left_alone(
    tmp_path: Path, spoil: Callable[[Path], object], problem: str
) -> None:
    path = tmp_path / FILE_NAME
    spoil(path)
    before = path.read_bytes() if path.is_file() else b""
    for create in (True, False):
        with pytest.raises(StoreError, match=f"{FILE_NAME}.*{problem}"):
            Ledger(tmp_path, create=create)
    assert (path.read_bytes() if path.is_file() else b"") == before


def test_an_index_is_no_ledger(tmp_path: Path) -> None:
    with Ledger(tmp_path):
        pass
    (tmp_path / FILE_NAME).rename(tmp_path / "pullquote.db")
    from index.store import Store

    with pytest.raises(StoreError, match="belongs to another program"), Store(tmp_path):
        pass


def test_settings_of_a_newer_version_are_read_as_far_as_they_are_known() -> None:
    assert ServerSettings.from_json(SETTINGS.to_json() | {"colour": "red"}) == SETTINGS
    assert ServerSettings.from_json({"publisher": "Gull Post"}) == ServerSettings(publisher="Gull Post")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("channels", 11),
        ("channels", ["11"]),
        ("blocked_users", [True]),
        ("private_elsewhere", 1),
        ("since", "yesterday"),
        ("until", 20240101),
        ("publisher", 3),
        ("min_confidence", True),
        ("min_confidence", "0.5"),
        ("min_confidence", 7),
        ("manager_role", 1.5),
        ("collection", "../others"),
    ],
)
def test_damaged_settings_are_refused_by_key(key: str, value: object) -> None:
    with pytest.raises(StoreError, match=f"damaged: .*{key.split('_')[-1]}"):
        ServerSettings.from_json({key: value})


@pytest.mark.parametrize("confidence", [-0.1, 1.1, float("nan")])
def test_a_confidence_out_of_range_cannot_be_set(confidence: float) -> None:
    with pytest.raises(PullquoteError, match="must be from 0 to 1"):
        ServerSettings(min_confidence=confidence)


@pytest.mark.parametrize("name", ["a", "local-news", "2024_wire", "x" * 32, "  spaced  "])
def test_good_collection_names_are_taken(name: str) -> None:
    assert collection_name(name) == name.strip()


@pytest.mark.parametrize(
    "name", ["", " ", "Local", "local news", "..", "a/b", "a\\b", "a.b", "ü", "a\n\nb", "a\0", "²", "x" * 33]
)
def test_bad_collection_names_are_refused_with_what_is_allowed(name: str) -> None:
    with pytest.raises(PullquoteError, match="use 1 to 32 of the lower-case letters") as error:
        collection_name(name)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 250
