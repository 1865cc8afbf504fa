"""Cards as people see them, and that no article and no question can break one."""

from dataclasses import replace
from datetime import UTC, date, datetime

import discord
import pytest

from bot.discord.card import Reply, Source
from bot.discord.cards import CHANGED, NOT_ANSWERED, answer_card, context_card
from bot.discord.text import size
from tests.discord.hostile import COUNT, hostile_strings
from tests.discord.markup import pings, previews, read
from tests.discord.rendering import rendered

TEXT = (
    "The ferry sailed again on Monday after a week in port, the harbour master, Ann Lee, told reporters.\n\n"
    "Nobody was hurt in the storm. It was late when the lights came back."
)


def source(answer: str | None = "on Monday", **changes: object) -> Source:
    begin = TEXT.index(answer) if answer else None
    first = Source(
        article_id="a1",
        digest="d1",
        title="Ferry sails again",
        publisher="Meridian Wire",
        authors=("Ann Lee", "Bo Ek"),
        published=date(2024, 1, 30),
        url="https://news.example/ferry",
        path=None,
        deep_link="https://news.example/ferry#:~:text=The%20ferry,reporters.",
        quote=TEXT.partition("\n")[0],
        start=0,
        end=TEXT.index("\n"),
        answer_start=begin,
        answer_end=None if begin is None or answer is None else begin + len(answer),
        resolved_date="2024-01-29" if answer else None,
    )
    return replace(first, **changes)  # type: ignore[arg-type]


LOCAL = source(
    article_id="a2",
    title="Storm log",
    publisher="",
    authors=(),
    published=None,
    url=None,
    path="/srv/secret/news/storm-log.txt",
    deep_link="/srv/secret/news/storm-log.txt:12",
    quote="Since Monday the ferry has sailed.",
    start=40,
    end=74,
    answer_start=40,
    answer_end=52,
    resolved_date=None,
)
REPLY = Reply(
    question="When did it sail again?",
    understood="When did it sail again?",
    answered=True,
    text="on Monday",
    confidence=0.71,
    reason=None,
    as_of=date(2024, 2, 1),
    sources=(source(), LOCAL),
    agreeing=2,
    current_to=date(2024, 1, 30),
)
NEAR = replace(
    REPLY,
    answered=False,
    text=None,
    confidence=0.31,
    reason="the nearest passages do not answer this",
    sources=(
        source(None),
        replace(LOCAL, answer_start=None, answer_end=None),
        source(None, title="Ferry timetable", quote="Ferries leave hourly. " * 20),
        source(None, title="A fourth"),
    ),
    agreeing=0,
)
ID = "k7m2p9qrst"


def test_an_answer() -> None:
    assert rendered(answer_card(REPLY, card_id=ID)) == (
        "[on Monday]\n\n"
        "> The ferry sailed again **on Monday** after a week in port, the harbour master, Ann Lee, told"
        " reporters.\n\n"
        "Meridian Wire · Ann Lee, Bo Ek · <t:1706608800:D> · [Ferry sails again]"
        "(https://news.example/ferry#:~:text=The%20ferry,reporters.)\n"
        "Derived from the article’s date: 29 January 2024\n\n"
        "(likely (0.71) · 2 independent sources agree · source 1 of 2 · index current to 30 January 2024"
        " · #k7m2p9qrst)\n"
    )


def test_another_source_that_says_it_in_other_words() -> None:
    card = rendered(answer_card(REPLY, 1, card_id=ID))
    assert card == (
        "[on Monday]\n\n"
        "> **Since Monday** the ferry has sailed.\n\n"
        "Storm log (storm-log.txt, line 12)\n"
        "This source says: Since Monday\n\n"
        "(likely (0.71) · 2 independent sources agree · source 2 of 2 · index current to 30 January 2024"
        " · #k7m2p9qrst)\n"
    )


def test_no_answer() -> None:
    assert rendered(answer_card(NEAR, card_id=ID)) == (
        "[The articles do not say]\n\n"
        "The nearest passages do not answer this.\n\n"
        "**Nearest passages**\n\n"
        "> The ferry sailed again on Monday after a week in port, the harbour master, Ann Lee, told"
        " reporters.\n"
        "Meridian Wire · Ann Lee, Bo Ek · <t:1706608800:D> · [Ferry sails again]"
        "(https://news.example/ferry#:~:text=The%20ferry,reporters.)\n\n"
        "> Since Monday the ferry has sailed.\n"
        "Storm log (storm-log.txt, line 12)\n\n"
        f"> {'Ferries leave hourly. ' * 8}Ferries leave…\n"
        "Meridian Wire · Ann Lee, Bo Ek · <t:1706608800:D> · [Ferry timetable]"
        "(https://news.example/ferry#:~:text=The%20ferry,reporters.)\n\n"
        "(confidence 0.31 · index current to 30 January 2024 · #k7m2p9qrst)\n"
    )


def test_no_answer_and_nothing_near() -> None:
    nothing = replace(NEAR, sources=(), reason=None, current_to=None, confidence=0.0)
    assert rendered(answer_card(nothing, card_id=ID)) == f"[{NOT_ANSWERED}]\n\n(confidence 0.00 · #{ID})\n"


@pytest.mark.parametrize(
    ("confidence", "words"),
    [
        (1.0, "sure (1.00)"),
        (0.85, "sure (0.85)"),
        (0.84, "likely (0.84)"),
        (0.62, "likely (0.62)"),
        (0.3, "unsure (0.30)"),
    ],
)
def test_confidence_in_words(confidence: float, words: str) -> None:
    assert footer(replace(REPLY, confidence=confidence)).startswith(f"{words} · ")


def test_each_sureness_has_its_own_colour() -> None:
    replies = [replace(REPLY, confidence=each) for each in (0.9, 0.7, 0.3)]
    assert len({answer_card(each, card_id=ID).colour for each in [*replies, NEAR]}) == 4


def test_the_footer_says_only_what_is_known() -> None:
    alone = replace(REPLY, sources=(source(),), agreeing=1)
    assert footer(alone) == f"likely (0.71) · 1 source says so · index current to 30 January 2024 · #{ID}"
    assert footer(replace(alone, agreeing=0, current_to=None)) == f"likely (0.71) · #{ID}"
    assert "3 independent sources agree" in footer(replace(REPLY, agreeing=3))


def footer(reply: Reply) -> str:
    return answer_card(reply, card_id=ID).footer.text or ""


def description(reply: Reply, **given: bool) -> str:
    return answer_card(reply, card_id=ID, **given).description or ""


def test_a_follow_up_says_how_it_was_understood() -> None:
    assert "Understood as" not in description(REPLY)
    followed = replace(REPLY, understood="When did the *ferry* sail again?")
    assert "\nUnderstood as: When did the \\*ferry\\* sail again?" in description(followed)
    assert "\nUnderstood as: When did it sink?\n" in description(
        replace(NEAR, understood="When did it sink?")
    )


def test_a_change_of_the_article_is_said() -> None:
    assert CHANGED not in description(REPLY)
    assert description(REPLY, changed=True).endswith(f"\n{CHANGED}")
    assert description(NEAR, changed=True).endswith(f"\n{CHANGED}")


def test_a_date_is_not_derived_from_itself() -> None:
    said = source(quote="It was on 29 January 2024.", start=0, end=26, answer_start=10, answer_end=25)
    assert "Derived" not in description(replace(REPLY, sources=(said,)))
    period = replace(REPLY, sources=(source(resolved_date="2024-01-22/2024-01-28"),))
    assert "Derived from the article’s date: 22 January 2024 to 28 January 2024" in description(period)


def test_more_than_three_authors_are_counted() -> None:
    many = replace(REPLY, sources=(source(authors=("Ann", "Bo", "Cy", "Di", "Ed")),))
    assert " · Ann, Bo, Cy and 2 more · " in description(many)


@pytest.mark.parametrize("hours", [-10, -5, 0, 5.5, 9, 12, 13])
def test_the_day_is_the_same_wherever_it_is_read(hours: float) -> None:
    stamp = int(description(REPLY).partition("<t:")[2].partition(":")[0])
    assert datetime.fromtimestamp(stamp + hours * 3600, UTC).date() == date(2024, 1, 30)


def test_a_name_from_right_to_left_keeps_its_place() -> None:
    hebrew = replace(REPLY, sources=(source(publisher="עיתון הים", authors=("דנה לוי",)),))
    assert "\n\u2068עיתון הים\u2069 · \u2068דנה לוי\u2069 · <t:" in description(hebrew)


def test_a_link_too_long_for_the_card_leads_to_the_page() -> None:
    page = "https://news.example/ferry"
    long = source(deep_link=f"{page}#:~:text={'%D0%BF' * 400}")
    assert f"[Ferry sails again]({page})" in description(replace(REPLY, sources=(long,)))


def test_where_an_article_lies_on_the_server_is_not_told() -> None:
    for reply in (REPLY, NEAR):
        for page in range(len(reply.sources)):
            assert "/srv" not in rendered(answer_card(reply, page, card_id=ID))


def test_a_page_out_of_range_is_the_nearest() -> None:
    assert answer_card(REPLY, 99, card_id=ID) == answer_card(REPLY, 1, card_id=ID)
    assert answer_card(REPLY, -1, card_id=ID) == answer_card(REPLY, 0, card_id=ID)


def test_the_context_shows_the_paragraphs_around_the_quote() -> None:
    assert rendered(context_card(source(), TEXT)) == (
        "[Context]\n\n"
        "> The ferry sailed again **on Monday** after a week in port, the harbour master, Ann Lee, told"
        " reporters.\n> \n"
        "> Nobody was hurt in the storm. It was late when the lights came back.\n\n"
        "Meridian Wire · Ann Lee, Bo Ek · <t:1706608800:D> · [Ferry sails again]"
        "(https://news.example/ferry#:~:text=The%20ferry,reporters.)\n"
    )


def test_the_context_of_a_near_passage_shows_the_passage_in_bold() -> None:
    near = source(None, quote="Nobody was hurt in the storm.", start=101, end=130)
    card = context_card(near, TEXT, changed=True).description or ""
    assert card.startswith("> **Nobody was hurt in the storm.** It was late when the lights came back.\n\n")
    assert card.endswith(f"\n{CHANGED}")


def test_the_context_is_refused_in_another_text() -> None:
    with pytest.raises(ValueError, match="not in this text"):
        context_card(source(), "Another text.")


@pytest.mark.parametrize("text", hostile_strings(), ids=range(COUNT))
def test_no_hostile_string_breaks_a_card(text: str) -> None:
    body = f"{text}\n\nBefore. {text} after.\n\n{text}"
    begin = body.index("Before.")
    answer = (begin + 8, begin + 8 + len(text)) if text.strip() else (begin, begin + 7)
    bad = source(
        title=text,
        publisher=text,
        authors=(text,) * 5,
        url=f"https://news.example/{text}",
        path=text,
        deep_link=f"https://news.example/{text}#:~:text={text}",
        quote=body[begin : begin + 15 + len(text)],
        start=begin,
        end=begin + 15 + len(text),
        answer_start=answer[0],
        answer_end=answer[1],
    )
    sources = (bad, replace(bad, url=None, deep_link=f"{text}:3"), replace(bad, url=text), source())
    reply = replace(REPLY, question="who?", understood=text, text=text, reason=text, sources=sources)
    for page in range(len(sources)):
        check(answer_card(reply, page, card_id=ID, changed=True))
    check(answer_card(replace(reply, answered=False), card_id=ID))
    check(context_card(bad, body, changed=True))


def check(embed: discord.Embed) -> None:
    """A card that Discord accepts, and in which only what we put there works."""
    title, words, foot = embed.title or "", embed.description or "", embed.footer.text or ""
    assert 0 < size(title) <= 256
    assert size(words) <= 4096
    assert size(foot) <= 2048
    assert size(title) + size(words) + size(foot) <= 6000
    assert len(embed) <= 6000
    for text in (title, words, foot):
        assert not pings(text)
        assert text.encode().decode() == text
    assert not read(title).parts
    assert not previews(title)
    reading = read(words)
    assert reading.kinds <= {"quote", "bold", "time", "link"}
    for link in reading.of("link"):
        assert link.rpartition(" -> ")[2].startswith("https://news.example/")
