"""What people see: readable at any width, verbatim, and nothing that a terminal would obey."""

import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.terminal import Style, columns, cut, plain, render, render_explain, wrap
from index.combination import Combination
from index.types import Answer, Article, Candidate, Citation, Hit, Passage

PLAIN = Style()
COLOR = Style(color=True)
LINKS = Style(color=True, links=True)

TEXT = (
    "The ferry sailed again on Monday after a week in port, the harbour master, Ann Lee, told reporters.\n\n"
    "Nobody was hurt in the storm. It was late when the lights came back."
)
ARTICLE = Article(
    id="a1",
    text=TEXT,
    title="Ferry sails again",
    digest="d",
    authors=("Ann Lee", "Bo Ek"),
    publisher="Meridian Wire",
    published=date(2024, 1, 29),
    url="https://news.example/ferry",
)
OTHER = Article(
    id="a2",
    text="The port reopened. Officials said that nobody had been hurt, although the damage to the quay, which"
    " was built in 1931, would take several months to mend.",
    title="Port reopens after storm",
    digest="d",
    path="/news/port.txt",
    line=1,
)


def cited(article: Article, quote: str, answer: str | None, link: str) -> Citation:
    start = article.text.index(quote)
    begin = article.text.index(answer) if answer else None
    end = None if begin is None or answer is None else begin + len(answer)
    return Citation(article, start, start + len(quote), quote, link, 1.0, begin, end)


FIRST = cited(ARTICLE, TEXT, "Nobody was hurt", "https://news.example/ferry#:~:text=The%20ferry,came%20back.")
SECOND = cited(OTHER, OTHER.text, "nobody had been hurt", "/news/port.txt:1")
ANSWER = Answer(
    question="Who was hurt?",
    answered=True,
    text="Nobody was hurt",
    confidence=0.91,
    citations=(FIRST, SECOND),
    as_of=date(2024, 2, 1),
    timings={"search": 9.1, "read": 1240.22, "total": 1250.0},
)
NOT_ANSWERED = replace(
    ANSWER,
    answered=False,
    text=None,
    reason="nothing in the articles is about this",
    citations=(
        cited(ARTICLE, TEXT, None, FIRST.deep_link),
        cited(OTHER, OTHER.text, None, "/news/port.txt:1"),
    ),
)


def test_an_answer_comes_first_then_its_quote_its_source_and_what_else_was_found() -> None:
    assert render(ANSWER, PLAIN) == (
        """\
Nobody was hurt

  │ The ferry sailed again on Monday after a week in port, the harbour master,
  │ Ann Lee, told reporters.
  │
  ▌ Nobody was hurt in the storm. It was late when the lights came back.
  Meridian Wire · Ann Lee, Bo Ek · 29 January 2024 · “Ferry sails again”
  https://news.example/ferry#:~:text=The%20ferry,came%20back.

Also found

2. Officials said that nobody had been hurt, although the damage to the quay…
   “Port reopens after storm”
   /news/port.txt:1"""
    )


def test_no_answer_says_so_and_why_and_shows_what_is_near() -> None:
    assert render(NOT_ANSWERED, PLAIN) == (
        """\
The articles do not say.

Nothing in the articles is about this.

Nearest passages

1. The ferry sailed again on Monday after a week in port, the harbour master…
   Meridian Wire · Ann Lee, Bo Ek · 29 January 2024 · “Ferry sails again”
   https://news.example/ferry

2. The port reopened. Officials said that nobody had been hurt, although the…
   “Port reopens after storm”
   /news/port.txt:1"""
    )
    assert render(replace(NOT_ANSWERED, citations=(), reason=None), PLAIN) == "The articles do not say."


def test_colour_marks_the_answer_in_its_place() -> None:
    shown = render(ANSWER, COLOR)
    assert shown.startswith("\x1b[1mNobody was hurt\x1b[0m\n")
    assert "\x1b[2m│\x1b[0m \x1b[1;4mNobody was hurt\x1b[0m in the storm." in shown
    assert re.sub(r"\x1b\[[\d;]*m", "", shown) == render(ANSWER, PLAIN).replace("▌", "│")


def test_links_are_clickable_where_the_terminal_can() -> None:
    shown = render(ANSWER, LINKS)
    assert f"  \x1b]8;;{FIRST.deep_link}\x1b\\https://news.example/ferry\x1b]8;;\x1b\\\n" in shown
    assert "\x1b]8;;/news" not in shown
    local = replace(ANSWER, citations=(SECOND,))
    assert "\n  /news/port.txt:1" in render(local, LINKS)
    assert "\n  /news/port.txt:1" in render(local, PLAIN)


def test_a_hostile_address_cannot_leave_its_link() -> None:
    url = "https://news.example/\x1b\\\x1b[2J\x07é \u202e"
    for style in (PLAIN, LINKS):
        shown = render(replace(ANSWER, citations=(replace(FIRST, deep_link=url),)), style)
        assert "https://news.example/%1B%5C%1B[2J%07%C3%A9%20%E2%80%AE" in shown
    assert LINKS.link("text", "javascript:alert(1)") == "text"


def test_what_a_terminal_obeys_is_replaced() -> None:
    assert plain("a\x1b[31mb\x07\x9b\x00\ud800") == "a\ufffd[31mb\ufffd\ufffd\ufffd\ufffd"
    assert plain("a\tb\rc\u2028d\ne") == "a b c d\ne"
    assert plain("a\u202eb\u2066c\u2069\ufeff") == "abc"
    assert plain("Élan – 数字 नमस्ते שלום\u200f 👩\u200d🚀") == "Élan – 数字 नमस्ते שלום\u200f 👩\u200d🚀"


def test_wide_and_combining_characters_are_counted_as_they_are_shown() -> None:
    assert [columns(text) for text in ("abc", "数字", "e\u0301", "กี", "👩", "a\u200bb", "ﾊ")] == [
        3,
        4,
        1,
        1,
        2,
        2,
        1,
    ]


def lines(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in wrap(text, width)]


def test_lines_break_where_the_script_allows() -> None:
    assert lines("one two  three\n\n four", 8) == ["one two", "three", "", "four"]
    assert lines("a 10\u00a0000 b", 8) == ["a 10\u00a0000", "b"]
    assert lines("市長は言った。「はい」", 12) == ["市長は言っ", "た。「はい」"]
    assert lines("see " + "x" * 20, 10) == ["see", "x" * 10, "x" * 10]
    assert lines("", 10) == [""]


def test_a_line_is_cut_after_a_word() -> None:
    assert cut("one two three", 13) == "one two three"
    assert cut("one two three", 12) == "one two…"
    assert cut("one, two", 7) == "one…"
    assert cut("x" * 20, 10) == "x" * 9 + "…"
    assert cut("市長は言った", 6) == "市長…"


def hit(article: Article, **facts: object) -> Hit:
    passage = Passage(1, article.id, 0, 0, len(article.text))
    return Hit(passage, **{"fused": 0.0325, **facts})  # type: ignore[arg-type]


WEIGHTS = Combination({"margin": 0.5, "rank": -0.25}, {"constant": -1.0, "margin": 0.75})


def candidate(article: Article, words: str, **facts: object) -> Candidate:
    start = article.text.index(words)
    features = {"margin": 4.0, "rank": 0.0, "support": 0.1}
    return Candidate(hit(article, **facts), article, start, start + len(words), features, 2.0, 0.75)


def test_explain_shows_each_feature_with_its_weight() -> None:
    ranked = (
        candidate(ARTICLE, "Nobody was hurt", dense_rank=1, lexical=11.4, lexical_rank=12),
        candidate(OTHER, "nobody had been hurt", dense_rank=30),
    )
    answer = replace(ANSWER, candidates=ranked, verdict={"margin": 4.0})
    assert render_explain(answer, WEIGHTS, 0.5, PLAIN) == (
        """\
  #   score  share  answer
  1    2.00  0.750  Nobody was hurt
    Meridian Wire · Ann Lee, Bo Ek · 29 January 2024 · “Ferry sails again”
    margin 4.00 × 0.50 · rank 0.00 × -0.25 · support 0.10
    dense rank 1, lexical rank 12, BM25 11.40
  2    2.00  0.750  nobody had been hurt
    “Port reopens after storm”
    margin 4.00 × 0.50 · rank 0.00 × -0.25 · support 0.10
    dense rank 30, lexical rank –, BM25 –

confidence 0.91, asked for at least 0.50: answered
log-odds: constant -1.00 · margin 4.00 × 0.75
search 9.1 ms · read 1,240.2 ms · total 1,250.0 ms"""
    )
    nothing = replace(ANSWER, answered=False, text=None, confidence=0.0, citations=(), timings={})
    assert render_explain(nothing, WEIGHTS, 0.5, PLAIN).startswith("No passage was found.\n\nconfidence 0.00")


def test_a_derived_date_is_shown_as_derived() -> None:
    def shown(resolved: str | None) -> str:
        return render(replace(ANSWER, citations=(replace(FIRST, resolved_date=resolved),)), PLAIN)

    assert "(derived from the article’s date: 29 January 2024)" in shown("2024-01-29")
    assert "(derived from the article’s date: November 2023)" in shown("2023-11")
    assert "derived from the article’s date: 22 January 2024 to 28 January 2024" in shown(
        "2024-01-22/2024-01-28"
    )
    assert "derived" not in shown(None)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


ENVIRONMENT = (
    "NO_COLOR",
    "FORCE_COLOR",
    "TERM",
    "TERM_PROGRAM",
    "WT_SESSION",
    "VTE_VERSION",
    "KONSOLE_VERSION",
)


@pytest.mark.parametrize(
    ("env", "on_terminal", "piped"),
    [
        ({"TERM": "xterm"}, (True, False), (False, False)),
        ({"TERM": "xterm", "NO_COLOR": "1"}, (False, False), (False, False)),
        ({"TERM": "xterm", "NO_COLOR": ""}, (True, False), (False, False)),
        ({"TERM": "dumb", "WT_SESSION": "x"}, (False, False), (False, False)),
        ({"FORCE_COLOR": "1"}, (True, False), (True, False)),
        ({"FORCE_COLOR": "0"}, (True, False), (False, False)),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, (False, False), (False, False)),
        ({"TERM_PROGRAM": "iTerm.app"}, (True, True), (False, False)),
        ({"TERM_PROGRAM": "vscode", "NO_COLOR": "1"}, (False, True), (False, False)),
        ({"TERM_PROGRAM": "WezTerm", "TERM": "tmux-256color"}, (True, False), (False, False)),
        ({"TERM": "xterm-kitty"}, (True, True), (False, False)),
        ({"WT_SESSION": "x"}, (True, True), (False, False)),
        ({"VTE_VERSION": "6003"}, (True, True), (False, False)),
        ({"VTE_VERSION": "4803"}, (True, False), (False, False)),
        ({"VTE_VERSION": "new"}, (True, False), (False, False)),
        ({"KONSOLE_VERSION": "220401"}, (True, True), (False, False)),
    ],
)
def test_colours_and_links_follow_the_terminal_and_the_environment(
    env: Mapping[str, str],
    on_terminal: tuple[bool, bool],
    piped: tuple[bool, bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert Style.for_stream(Terminal()) == Style(80, *on_terminal)
    assert Style.for_stream(io.StringIO()) == Style(80, *piped)


@pytest.mark.parametrize(("columns_", "width"), [(20, 40), (72, 72), (300, 100), (0, 80)])
def test_the_width_is_the_terminals_within_reason(
    columns_: int, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.get_terminal_size", lambda _: __import__("os").terminal_size((columns_, 24)))
    monkeypatch.setattr(Terminal, "fileno", lambda _: 1)
    assert Style.for_stream(Terminal()).width == width


def width_of(line: str) -> int:
    """A second opinion: what is wide is two, what combines nothing, all else one."""
    return sum(
        0
        if unicodedata.category(char) in ("Mn", "Me", "Cf") and char != "\xad"
        else 1 + (unicodedata.east_asian_width(char) in ("W", "F"))
        for char in line
    )


HOSTILE = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("\x1b\x07\x9b\x9d\u202e\u2066\r\n  aaaé数。、’\u0301"),
    ),
    min_size=1,
    max_size=300,
)


@st.composite
def answers(draw: st.DrawFn) -> tuple[Answer, Mapping[str, Article]]:
    text = draw(HOSTILE)
    name = "N" + draw(HOSTILE)
    article = Article(
        "a1",
        text,
        name,
        "d",
        authors=(name,) * draw(st.integers(0, 5)),
        publisher=name,
        url="https://x.example/" + name,
    )
    start, begin, stop, end = sorted(draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    quote = (start, end) if start < end else (0, len(text))
    place = (begin, stop) if start < end and begin < stop else (None, None)
    citation = Citation(article, *quote, text[slice(*quote)], article.url or "", 1.0, *place)
    answered = place != (None, None)
    return (
        Answer(
            question=draw(HOSTILE),
            answered=answered,
            text=citation.answer,
            confidence=0.5,
            citations=(citation, citation),
            as_of=date(2024, 1, 1),
            reason=None if answered else name,
            candidates=(Candidate(hit(article), article, *quote, {"margin": 1.0}),),
            verdict={"margin": 1.0},
        ),
        {"a1": article},
    )


@given(answers(), st.integers(40, 100))
def test_hostile_text_stays_text(case: tuple[Answer, Mapping[str, Article]], width: int) -> None:
    answer, _ = case
    shown = render(answer, Style(width)) + "\n" + render_explain(answer, WEIGHTS, 0.5, Style(width))
    assert not re.search("[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", shown)
    assert all(width_of(line) <= width or line.lstrip().startswith("https://") for line in shown.split("\n"))


@given(answers())
def test_colours_and_links_are_all_that_a_terminal_is_told(
    case: tuple[Answer, Mapping[str, Article]],
) -> None:
    shown = render(case[0], LINKS)
    told = re.sub(r"\x1b\[(?:0|1|2|1;4)m|\x1b\]8;;[!-~]*\x1b\\", "", shown)
    assert not re.search("[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", told)


@given(answers(), st.integers(40, 100))
def test_the_quote_is_shown_whole_and_in_order(
    case: tuple[Answer, Mapping[str, Article]], width: int
) -> None:
    answer, _ = case
    if answer.answered:
        block = render(answer, Style(width)).split("\n  https://")[0]
        quoted = [line[4:] for line in block.split("\n") if line.startswith(("  │", "  ▌"))]
        assert "".join("".join(quoted).split()) == "".join(plain(answer.citations[0].quote).split())
        marked = any(line.startswith("  ▌") for line in block.split("\n"))
        assert marked or not plain(answer.text or "").strip()
