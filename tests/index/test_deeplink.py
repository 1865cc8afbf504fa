"""Links: a browser that follows one lands on the quote, the whole quote and nothing but the quote."""

import re
import unicodedata
from urllib.parse import unquote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.deeplink import deep_link
from index.types import Article

URL = "https://news.example/story"
MARK = "#:~:text="


def article(text: str, **facts: object) -> Article:
    return Article(id="a1", text=text, title="T", digest="d", **{"url": URL, **facts})  # type: ignore[arg-type]


def link(text: str, quote: str, nth: int = 0) -> str:
    """The directive for the ``nth`` occurrence of ``quote``."""
    start = [m.start() for m in re.finditer(re.escape(quote), text)][nth]
    url, mark, directive = deep_link(article(text), start, start + len(quote)).partition(MARK)
    assert (url, mark) == (URL, MARK)
    assert landing(text, directive) == (start, start + len(quote))
    return directive


class Page:
    """A text as a browser searches it: by blocks, without case, runs of white space as one space."""

    def __init__(self, text: str) -> None:
        self.text, self.offsets = "", []
        for offset, char in enumerate(text):
            shown = "\n" if char == "\n" else " " if char.isspace() else self._fold(char)
            if shown == " " and self.text.endswith((" ", "\n")):
                continue
            self.text += shown
            self.offsets.append(offset)
        self.offsets.append(len(text))

    @staticmethod
    def _fold(char: str) -> str:
        return folded if len(folded := char.casefold()) == 1 else char

    def find(self, term: str, at: int, word_start: bool, word_end: bool) -> tuple[int, int] | None:
        term = "".join(map(self._fold, term))
        while (start := self.text.find(term, at)) >= 0:
            end = start + len(term)
            if (not word_start or self.bounded(start)) and (not word_end or self.bounded(end)):
                return start, end
            at = start + 1
        return None

    def bounded(self, at: int) -> bool:
        return bounded(self.text, at)

    def skip(self, at: int) -> int:
        while at < len(self.text) and self.text[at].isspace():
            at += 1
        return at


def bounded(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return True
    before, after = text[at - 1], text[at]
    if unicodedata.category(after)[0] == "M":
        return False
    both_words = all(char.isalpha() or char.isdecimal() or char == "_" for char in (before, after))
    # Not always: browsers have dictionaries. Where they cut is for them to know.
    return not both_words or any(
        map(re.compile("[\u0e00-\u0eff\u3041-\u30ff\u3400-\u9fff]").match, (before, after))
    )


def landing(text: str, directive: str) -> tuple[int, int] | None:
    """Where the browser goes: section 3.5.2 of the draft, in its own order."""
    page = Page(text)
    terms = directive.split(",")
    prefix = unquote(terms.pop(0)[:-1]) if terms[0].endswith("-") else None
    suffix = unquote(terms.pop()[1:]) if terms[-1].startswith("-") else None
    start, end = unquote(terms[0]), unquote(terms[1]) if terms[1:] else None
    at = 0
    while at < len(page.text):
        if prefix is not None:
            if not (before := page.find(prefix, at, True, False)):
                return None
            at, begin = before[0] + 1, page.skip(before[1])
            found = page.find(start, begin, False, end is not None or suffix is None)
            if not found:
                return None
            if found[0] != begin:
                continue
        else:
            found = page.find(start, at, True, end is not None or suffix is None)
            if not found:
                return None
            at = found[0] + 1
        last = found[1]
        while True:
            if end is not None:
                if not (after := page.find(end, last, True, suffix is None)):
                    return None
                last = after[1]
            result = page.offsets[found[0]], page.offsets[last - 1] + 1
            if suffix is None:
                return result
            follows = page.find(suffix, page.skip(last), False, True)
            if not follows:
                return None
            if follows[0] == page.skip(last):
                return result
            if end is None:
                break
    return None


STORY = (
    "The ferry “Élan” sailed again on Monday. The harbour master, Ann Lee, said the storm had passed.\n\n"
    "“We waited a week & a day,” she said. Fares rise by 5-10% in May, and the council will vote on whether"
    " to pay for a second vessel before the summer season begins.\n\n"
    "Nobody was hurt. The ferry sailed again."
)


def test_a_short_quote_is_named_whole() -> None:
    assert link(STORY, "Nobody was hurt.") == "Nobody%20was%20hurt."


def test_what_means_something_in_a_directive_is_encoded() -> None:
    directive = link(STORY, "“We waited a week & a day,” she said.")
    assert directive == "%E2%80%9CWe%20waited%20a%20week%20%26%20a%20day%2C%E2%80%9D%20she%20said."
    assert "5%2D10%25" in link(STORY, "Fares rise by 5-10% in May")


def test_a_long_quote_is_named_by_its_beginning_and_its_end() -> None:
    quote = STORY[STORY.index("Fares") : STORY.index("begins.") + 7]
    directive = link(STORY, quote)
    assert (
        directive
        == "Fares%20rise%20by%205%2D10%25%20in%20May%2C%20and,before%20the%20summer%20season%20begins."
    )


def test_a_quote_of_several_paragraphs_is_never_named_whole() -> None:
    assert (
        link(STORY, "summer season begins.\n\nNobody was hurt.")
        == "summer%20season%20begins.,Nobody%20was%20hurt."
    )


def test_beginnings_and_ends_grow_until_they_are_unambiguous() -> None:
    opening = "The council of the harbour town said on Monday that it "
    middle = "would not pay for the second ferry, whatever others may have said about the matter. "
    text = f"{opening}met. {opening}{middle}That was all."
    directive = link(text, f"{opening}{middle}".strip())
    assert unquote(directive.split(",")[0]).endswith("that it would not")


def test_a_repeated_quote_gets_the_words_around_it() -> None:
    text = "Ann Lee said no. He left early. Bo Ek said no. He left late. Cy Fox said no."
    assert link(text, "said no.", 0) == "said%20no."
    assert link(text, "said no.", 1) == "early.%20Bo%20Ek-,said%20no."
    assert link("Yes. Yes. No.", "Yes.", 1) == "Yes.-,Yes."


def test_context_may_stand_in_another_paragraph() -> None:
    assert link("Yes.\nNo.\n\nMaybe.\nNo.", "No.", 1) == "Maybe.-,No."


def test_a_match_inside_a_word_does_not_count() -> None:
    assert link("Banana. An", "An") == "An"


def test_case_and_accents_do_not_tell_quotes_apart() -> None:
    assert link("Elan. Élan!", "Élan") == "Elan.-,%C3%89lan"
    assert link("NO. No!", "No") == "NO.-,No"


def test_scripts_without_spaces_are_cut_after_a_punctuation_mark() -> None:
    text = (
        "北京市は月曜日、新しい橋を開いた。" * 2
        + "市長は式典で、"
        + "とても長い演説をした" * 12
        + "、と新聞は書いた。以上。"
    )
    directive = link(text, text[text.index("市長") : text.index("以上")])
    first, last = map(unquote, directive.split(","))
    assert first.startswith("市長は式典で、")
    assert last == "と新聞は書いた。" or last.endswith("、と新聞は書いた。")
    thai = "ฝนตกหนักในกรุงเทพมหานครเมื่อวานนี้" * 5
    link(thai, thai)


def test_a_quote_inside_a_word_is_widened_and_white_space_left_out() -> None:
    text = "The harbour closed."
    assert deep_link(article(text), 5, 13) == f"{URL}{MARK}harbour%20closed"
    assert deep_link(article(text), 3, 12) == f"{URL}{MARK}harbour"
    assert deep_link(article(text), 3, 4) == URL


def test_no_directive_rather_than_one_that_leads_to_other_words() -> None:
    # From the first "No." a browser looks for the nearest other one, never for the third.
    assert deep_link(article("No.\nNo.\nNo.\nNo.\nNo."), 4, 15) == URL


def test_the_same_words_elsewhere_do_where_nothing_tells_them_apart() -> None:
    assert deep_link(article("No.\nNo.\nNo.\nNo."), 8, 11) == f"{URL}{MARK}No."


@pytest.mark.parametrize("url", [f"{URL}#comments", f"{URL}#:~:text=old", f"{URL}#a:~:text=b,c"])
def test_an_old_fragment_is_replaced(url: str) -> None:
    assert deep_link(article("Yes.", url=url), 0, 4) == f"{URL}{MARK}Yes."


def test_a_local_article_is_a_path_and_a_line() -> None:
    facts = {"url": None, "path": "/news/a.txt", "line_starts": (0, 5)}
    assert deep_link(article("Yes.\nNo.", line=7, **facts), 5, 8) == "/news/a.txt:8"
    assert deep_link(article("Yes.\nNo.", **facts), 5, 8) == "/news/a.txt"
    assert deep_link(article("Yes.", url=None), 0, 4) == ""


def test_a_hostile_text_takes_no_time() -> None:
    text = "a " * 100_000 + "b"
    deep_link(article(text), 100_000, 100_399)
    deep_link(article("a" * 200_000), 100_000, 100_010)


def words_of(text: str, start: int, end: int) -> list[str]:
    return [Page(word).text for word in text[start:end].split()]


@st.composite
def quotes(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> tuple[str, int, int]:
    """A text and a part of it that begins and ends with whole words."""
    text = draw(texts)
    ends = [at for at in range(len(text) + 1) if bounded(text, at)]
    start, end = sorted((draw(st.sampled_from(ends)), draw(st.sampled_from(ends))))
    start += len(text[start:end]) - len(text[start:end].lstrip())
    end = start + len(text[start:end].rstrip())
    assume(start < end)
    assume(bounded(text, start))
    return text, start, end


PARAGRAPHS = st.lists(st.text(max_size=60), min_size=1, max_size=8).map("\n\n".join)
PROSE = st.lists(
    st.sampled_from(
        "the ferry Ferry sailed, again. “No-one” & paid 5% Élan\n\n to\n 市長は式典で、 ฝนตก किताब".split(" ")
    ),
    max_size=150,
).map(" ".join)


@given(quotes(st.one_of(PARAGRAPHS, PROSE)))
def test_a_link_never_leads_to_other_words(case: tuple[str, int, int]) -> None:
    text, start, end = case
    url, _, directive = deep_link(article(text), start, end).partition(MARK)
    assert url == URL
    assert re.fullmatch(r"(?:[\w.~,-]|%[0-9A-F]{2})*", directive, re.ASCII)
    place = landing(text, directive) if directive else None
    if place != (start, end):
        # Only where nothing tells them apart, or where what it begins with is all around.
        assert place is None or words_of(text, *place) == words_of(text, start, end)


@given(quotes(PARAGRAPHS), st.uuids(), st.uuids())
def test_a_link_leads_to_exactly_the_quote(case: tuple[str, int, int], first: object, last: object) -> None:
    before, start, end = case
    quote = f"{first} {before[start:end]} {last}"
    text = f"{before[:start]} {quote} {before[end:]}"
    directive = deep_link(article(text), start + 1, start + 1 + len(quote)).partition(MARK)[2]
    assert landing(text, directive) == (start + 1, start + 1 + len(quote))
