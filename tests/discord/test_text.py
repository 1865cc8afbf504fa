"""Words of strangers: shown as they are, obeyed in nothing, cut only where a word or a mark ends."""

import re
import unicodedata

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord.quote import around, quote_block
from bot.discord.text import cut, escaped, fitted, isolated, link, one_line, plain, size
from tests.discord.hostile import COUNT, hostile_strings
from tests.discord.markup import pings, previews, read

HOSTILE = hostile_strings()
TOKENS = [
    *"\\*_~`|<>[]()@#-+.:!/ \n\r\t1aE",
    *("@everyone", "@here", "<@1234>", "<@&5>", "<#5>", "<t:5:R>", "</a:5>", ":smile:"),
    *("https://", "example.com", "discord.gg/", "](", "](https://a.example)", "-# ", "1. ", "> "),
    *("\u200b", "\u200d", "\u202e", "\u0301", "\ud800", "😀", "👍🏽", "🇬🇧", "שלום", "每", "é", "word"),
]
TRICKS = st.lists(st.sampled_from(TOKENS), max_size=40).map("".join)
TEXTS = st.one_of(TRICKS, st.text(st.characters(), max_size=60))
ZERO_WIDTH_SPACE = "\u200b"


def seen(text: str) -> str:
    """Without the one thing that ``escaped`` adds to what is shown."""
    return text.replace(ZERO_WIDTH_SPACE, "")


def test_there_are_as_many_hostile_strings_as_promised() -> None:
    assert len(HOSTILE) == len(set(HOSTILE)) == COUNT == 500
    assert hostile_strings() == HOSTILE


@given(TEXTS)
def test_escaped_words_are_shown_as_they_are_and_do_nothing(text: str) -> None:
    reading = read(escaped(text))
    assert reading.parts == []
    assert seen(reading.shown) == plain(text)


@pytest.mark.parametrize("text", HOSTILE, ids=range(COUNT))
def test_no_hostile_string_does_anything(text: str) -> None:
    # A fifth of a long one is as hostile as the whole, and the reading of it takes quadratic time.
    text = text[:2000]
    markdown = escaped(text)
    reading = read(markdown)
    assert reading.parts == []
    assert seen(reading.shown) == plain(text)
    assert not pings(markdown)
    assert not previews(markdown)
    assert not re.search(r"(?<!\\)<@|@(?:everyone|here)|\]\(", markdown)


@given(TEXTS)
def test_discord_finds_nobody_to_notify_and_nothing_to_fetch(text: str) -> None:
    assert not pings(escaped(text))
    assert not previews(escaped(text))
    assert discord.utils.escape_mentions(escaped(text)) == escaped(text)


@pytest.mark.parametrize(
    ("text", "markdown"),
    [
        ("The vote was 10-3 at 10:30 on 24/7 Street.", "The vote was 10-3 at 10:30 on 24/7 Street."),
        ("**Ann** said: _no_", r"\*\*Ann\*\* said: \_no\_"),
        ("a\\*b", r"a\\\*b"),
        ("# Title\n-# small\n- one\n  2. two\n> q", "\\# Title\n\\-# small\n\\- one\n  2\\. two\n\\> q"),
        ("see https://a.example/x_y", r"see https\://a.example/x\_y"),
        ("discord.gg/abc", r"discord.gg\/abc"),
        ("[here](https://a.example)", r"\[here\]\(https\://a.example)"),
        ("@everyone and @Here", "\\@\u200beveryone and \\@\u200bHere"),
        ("<@123> </ask:1> <id:guide> <t:1:R>", r"\<\@123\> \</ask:1\> \<id:guide\> \<t\:1:R\>"),
        (":smile: at 10:30", r"\:smile: at 10:30"),
        ("¯\\_(ツ)_/¯", r"¯\\\_(ツ)\_/¯"),
    ],
)
def test_a_backslash_stands_before_what_would_work(text: str, markdown: str) -> None:
    assert escaped(text) == markdown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb\u2066c\u2069\u200fd", "abcd"),
        ("@every\u200bone", "@everyone"),
        ("pay\u00adpal\u200d.example", "paypal.example"),
        ("a\r\nb\u2028c\vd", "a\nb\nc\nd"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("\0a\x1b[31mb\x07", "a[31mb"),
        ("a\ud83d", "a\ufffd"),
        ("e" + "\u0301" * 50 + "f", "e" + "\u0301" * 4 + "f"),
        ("👨‍👩‍👧 👍🏽 ☎️ 🇬🇧", "👨‍👩‍👧 👍🏽 ☎️ 🇬🇧"),
        ("می‌خواهم", "می‌خواهم"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("مرحبا", "مرحبا"),
    ],
)
def test_what_is_not_seen_or_turns_the_text_is_left_out_and_the_rest_stays(text: str, shown: str) -> None:
    assert plain(text) == shown


@given(TEXTS)
def test_plain_text_stays_as_it_is(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in once.replace("\n", ""))
    assert once.encode().decode() == once


@given(TEXTS, st.integers(1, 40))
def test_a_cut_fits_and_is_a_beginning(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert size(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1].rstrip()))


def test_a_cut_is_after_a_word_where_one_ends_near() -> None:
    assert cut("The ferry sailed, again", 18) == "The ferry sailed…"
    assert cut("The ferry sailed", 16) == "The ferry sailed"
    assert cut("x" * 100, 10) == "x" * 9 + "…"


def test_a_cut_is_not_within_what_is_seen_as_one_character() -> None:
    assert cut("👍🏽👍🏽👍🏽", 8) == "👍🏽…"
    assert cut("👨‍👩‍👧👨‍👩‍👧", 14) == "👨‍👩‍👧…"
    assert cut("🇬🇧🇫🇷", 7) == "🇬🇧…"
    assert cut("aé́a", 3) == "a…"


@given(TEXTS, st.integers(1, 60))
def test_what_is_fitted_fits_and_is_escaped_whole(text: str, limit: int) -> None:
    markdown = fitted(text, limit)
    assert size(markdown) <= limit
    reading = read(markdown)
    assert reading.parts == []
    shown = seen(reading.shown)
    assert shown == plain(text) or (shown.endswith("…") and plain(text).startswith(shown[:-1].rstrip()))


def test_fitted_takes_as_many_words_as_fit_once_escaped() -> None:
    assert fitted("*a* *b* *c*", 12) == r"\*a\* \*b\*…"
    assert fitted("*a* *b* *c*", 11) == r"\*a\*…"
    assert fitted("plain words", 11) == "plain words"


def test_size_counts_whatever_discord_might_count() -> None:
    assert [size(each) for each in ("", "é", "😀", "\U0010ffff\uffff")] == [0, 1, 2, 3]


def test_words_from_right_to_left_do_not_move_their_neighbours() -> None:
    assert isolated("Ann Lee") == "Ann Lee"
    assert isolated("דנה לוי") == "\u2068דנה לוי\u2069"


def test_a_link_shows_its_label_and_leads_to_its_address() -> None:
    url = "https://a.example/ferry?x=1#:~:text=The%20ferry,(sic)"
    assert link("Ferry sails again", url, 200) == (
        "[Ferry sails again](https://a.example/ferry?x=1#:~:text=The%20ferry,%28sic%29)"
    )


@pytest.mark.parametrize(
    ("label", "url", "markdown"),
    [
        # No backslashes: Discord would show them.
        ("[Video] a*b_c", "https://a.example", "[［Video］ a∗b＿c](https://a.example)"),
        (
            "x](https://evil.example) [y",
            "https://a.example",
            r"x\]\(https\://evil.example) \[y ([open](https://a.example))",
        ),
        ("https://bank.example", "https://a.example", r"https\://bank.example ([open](https://a.example))"),
        ("bank.example", "https://a.example", "bank.example ([open](https://a.example))"),
        ("\uff48ttp\uff1a//b", "https://a.example", "\uff48ttp\uff1a//b ([open](https://a.example))"),
        ("Say :cheese: now", "https://a.example", "[Say ∶cheese: now](https://a.example)"),
        ("\u3164\u200b", "https://a.example", "[untitled](https://a.example)"),
        ("Ferry", "https://a.example/a b'\"<>\\)", "[Ferry](https://a.example/a%20b%27%22%3C%3E%5C%29)"),
        ("Ferry", "https://a.example/@user/@everyone", "[Ferry](https://a.example/@user/%40everyone)"),
        ("Ferry", "javascript:alert(1)", "Ferry"),
        ("Ferry", "https://bank.example@evil.example", "Ferry"),
        ("Ferry", "https://[::1", "Ferry"),
        ("Ferry", "https://a b.example/", "Ferry"),
        ("Ferry", "https://", "Ferry"),
        ("Ferry", None, "Ferry"),
        ("_Ferry_", "/srv/news/ferry.txt", r"\_Ferry\_"),
    ],
)
def test_a_link_cannot_be_forged(label: str, url: str | None, markdown: str) -> None:
    assert link(label, url, 200) == markdown


def test_what_stands_after_a_link_cannot_become_its_address() -> None:
    markdown = f"{link('Ferry', 'https://a.example', 90)} {escaped('a](https://evil.example)')}"
    assert read(markdown).parts == [("link", "Ferry -> https://a.example")]


def test_a_link_that_is_too_long_leads_to_the_page() -> None:
    page = "https://a.example/ferry"
    deep = f"{page}#:~:text={'word%20' * 30}"
    assert link("Ferry sails again", deep, 100, page) == f"[Ferry sails again]({page})"
    assert link("Ferry sails again", deep, 40, page + "x" * 40) == "Ferry sails again"


@given(TEXTS, st.one_of(TRICKS.map("https://a.example/{}".format), TEXTS), st.integers(30, 120))
def test_a_link_fits_and_leads_nowhere_else(label: str, url: str, limit: int) -> None:
    markdown = link(label, url, limit)
    assert size(markdown) <= limit
    assert not pings(markdown)
    reading = read(markdown)
    assert reading.kinds <= {"link"}
    targets = [each.rpartition(" -> ")[2] for each in reading.of("link")]
    assert len(targets) <= 1
    assert all(target.startswith(("http://", "https://")) for target in targets)
    assert not targets or target_of(url) == target_of(targets[0])


def target_of(url: str) -> str:
    """The host, which is what a reader trusts."""
    return url.lower().split("/")[2]


QUOTE = "The port was shut. The ferry sailed again on Monday, Ann Lee said. Nobody was hurt."


def bold(quote: str, answer: str, limit: int) -> str:
    begin = quote.index(answer)
    return quote_block(quote, (begin, begin + len(answer)), limit)


def test_a_quote_that_fits_is_shown_whole_with_the_answer_in_bold() -> None:
    assert bold(QUOTE, "on Monday", 200) == (
        "> The port was shut. The ferry sailed again **on Monday**, Ann Lee said. Nobody was hurt."
    )
    assert quote_block(QUOTE, None, 200) == f"> {QUOTE}"


def test_a_quote_is_cut_behind_the_answers_sentence_first_and_then_before_it() -> None:
    assert bold(QUOTE, "on Monday", 85) == (
        "> The port was shut. The ferry sailed again **on Monday**, Ann Lee said. Nobody was…"
    )
    assert (
        bold(QUOTE, "on Monday", 70) == "> … The ferry sailed again **on Monday**, Ann Lee said. Nobody was…"
    )
    assert bold(QUOTE, "on Monday", 44) == "> … The ferry sailed again **on Monday**…"
    assert bold(QUOTE, "on Monday", 32) == "> … again **on Monday**, Ann…"
    assert quote_block(QUOTE, None, 24) == "> The port was shut. …"


def test_a_quote_of_any_length_is_shown_around_its_answer() -> None:
    text = "Nothing. " * 50_000
    shown = quote_block(f"{text}It was Ann. {text}", (len(text) + 7, len(text) + 10), 60)
    assert shown == "> … It was **Ann**. Nothing. Nothing. Nothing. Nothing. …"
    invisible = "\u200b" * 1000
    assert (
        quote_block(f"Begin {invisible}It was Ann.{invisible} End", (1013, 1016), 60)
        == "> … It was **Ann**. …"
    )


def test_an_answer_that_does_not_fit_is_cut_within_the_bold() -> None:
    assert bold(QUOTE, "The ferry sailed again on Monday", 30) == "> … **The ferry sailed**…"


def test_bold_is_on_each_line_of_an_answer_and_never_ends_with_a_space() -> None:
    text = "It was 5\n\nor so miles."
    assert quote_block(text, (6, 15), 200) == "> It was **5**\n> \n> **or so** miles."
    assert quote_block("a  b  c", (1, 6), 200) == "> a  **b**  c"
    assert quote_block("a   c", (1, 4), 200) == "> a   c"


def test_a_quotes_lines_stay_in_the_quote() -> None:
    assert quote_block("one\r\n# two\u2028> three\n\n\n\nfour\n\n", None, 200) == (
        "> one\n> \\# two\n> \\> three\n> \n> four"
    )


def test_a_quote_of_very_many_lines_is_run_together() -> None:
    assert "\n" not in quote_block("a\n" * 500, None, 1500)


@given(TEXTS, st.data(), st.integers(20, 150))
def test_a_quote_fits_and_holds_nothing_but_bold_of_the_answer(
    text: str, data: st.DataObject, limit: int
) -> None:
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, len(text)))
    markdown = quote_block(text, (begin, end), limit)
    check_quote(markdown, text[begin:end], limit)


@pytest.mark.parametrize("text", HOSTILE, ids=range(COUNT))
def test_a_hostile_quote_stays_a_quote(text: str) -> None:
    text = text[:2500]
    third = len(text) // 3
    check_quote(quote_block(text, (third, 2 * third), 400), text[third : 2 * third], 400)


def check_quote(markdown: str, answer: str, limit: int) -> None:
    assert size(markdown) <= limit
    assert all(line.startswith("> ") for line in markdown.split("\n"))
    assert not pings(markdown)
    assert not previews(markdown)
    reading = read(markdown)
    assert reading.kinds <= {"quote", "bold"}
    assert "**" not in re.sub(r"\\.", "", re.sub(r"\*\*(?:\\.|[^\\*])+\*\*", "", markdown, flags=re.DOTALL))
    for words in reading.of("bold"):
        assert words == words.strip() != ""
        assert seen(words) in plain(answer).replace("\n", " ")


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        ("One.", "One. Two."),
        ("One. Two.", "One. Two.\n\nThree."),
        ("Three.", "One. Two.\n\nThree.\n\nFour.\nFive."),
        ("Two.\n\nThree.", "One. Two.\n\nThree."),
        ("Five.", "Four.\nFive."),
        ("Four.\nFive.", "Three.\n\nFour.\nFive."),
    ],
)
def test_the_context_is_the_paragraph_or_where_that_is_all_its_neighbours(wanted: str, shown: str) -> None:
    text = "One. Two.\n\nThree.\n\nFour.\nFive."
    start = text.index(wanted)
    first, last = around(text, start, start + len(wanted))
    assert text[first:last] == shown


def test_one_line_is_one_line() -> None:
    assert one_line(" a\n\tb \u2028 c\u200b ") == "a b c"
