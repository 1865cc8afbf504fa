"""Each format, as a user sees it: what is read, what is an error, and where the lines are."""

import gzip
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SourceError
from ingest.decode import normalise
from ingest.draft import Draft
from ingest.formats import Reader, jsonlines, markdown, plain, reader_for

LEDE = (
    "Ferries between the two islands sailed again on Monday after a strike of nine days, the harbour master"
    " said, and the first of them carried more mail than people."
)


def drafts(reader: Reader, text: str | bytes, name: str = "f") -> list[Draft | SourceError]:
    data = text.encode() if isinstance(text, str) else text
    return list(reader(io.BytesIO(data), name))


def one(reader: Reader, text: str | bytes) -> Draft:
    (draft,) = drafts(reader, text)
    assert isinstance(draft, Draft), draft
    return draft


def problem(reader: Reader, text: str | bytes) -> str:
    (error,) = drafts(reader, text)
    assert isinstance(error, SourceError), error
    return str(error)


def line_of(draft: Draft, words: str) -> int:
    """The line of the file that ``Article.line_at`` would give for the words."""
    offset = draft.text.index(words)
    assert draft.line is not None
    return draft.line + sum(start <= offset for start in draft.line_starts) - 1


def test_suffixes() -> None:
    assert reader_for("a.TXT") is plain.read
    assert reader_for("a.b.markdown") is markdown.read
    assert reader_for("a.jsonl.gz") is jsonlines.read_gzip
    assert reader_for("a.gz") is None
    assert reader_for("a.pdf") is None


# Plain text


def test_a_plain_file_is_its_body_with_the_header_understood() -> None:
    draft = one(
        plain.read,
        f" date 2024-01-29 By RFA\r\n\r\nBy Ann Lee\r\n\r\n{LEDE}\r\n\r\nA heading\r\n\r\nEnd.\r\n",
    )
    assert draft.text == f"{LEDE}\n\nA heading\n\nEnd."
    assert (draft.published, draft.publisher, draft.authors, draft.title) == (
        "2024-01-29",
        "RFA",
        ("Ann Lee",),
        "",
    )
    assert line_of(draft, "Ferries") == 5
    assert line_of(draft, "A heading") == 7
    assert line_of(draft, "End.") == 9


def test_lines_are_right_after_a_form_feed() -> None:
    draft = one(plain.read, "First words here.\n\fNext page.\n\fLast\u2028page.\nThe end.\n")
    assert "\f" not in draft.text
    assert line_of(draft, "page.") == 2
    assert line_of(draft, "The end.") == 4


WRAPPED = """The ferries between the two islands sailed again on Monday
after a strike of nine days, the harbour master said, and the
first of them carried more mail than people. “We are back,”
said its captain, who asked for self-
discipline and patience.

A heading

Nobody was hurt. The union asks for shorter nights and for a
second cook on board of each of the ships, and hopes for more
until the spring.

- a list stays
- as it is
"""


def test_hard_wrapped_paragraphs_are_made_whole_and_lines_stay_known() -> None:
    draft = one(plain.read, WRAPPED)
    paragraphs = draft.text.split("\n\n")
    assert paragraphs[0].startswith(
        "The ferries between the two islands sailed again on Monday after a strike"
    )
    assert paragraphs[0].endswith("said its captain, who asked for self-discipline and patience.")
    assert paragraphs[1] == "A heading"
    assert "\n" not in paragraphs[2]
    assert paragraphs[3] == "- a list stays\n- as it is"
    for number, line in enumerate(WRAPPED.split("\n"), start=1):
        if line:
            assert line_of(draft, line) == number


@pytest.mark.parametrize(
    "text",
    [
        f"{LEDE}\n{LEDE} Twice.\nA short one.\n{LEDE}",
        "\n".join(
            ["The rose is red, they say,", "the harbour lights are low,", "and we sail", "come what may,"] * 3
        ),
        "Scores.\n\nHarbour 3, Island 1\nNorth 2, South 2 after extra time and penalties\nEast 0, West 4",
    ],
)
def test_text_with_lines_of_its_own_stays_as_it_is(text: str) -> None:
    assert one(plain.read, text).text == text


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "f: is empty"),
        (b" \r\n\t\n\xef\xbb\xbf", "f: is empty"),
        (b"By Ann Lee\n\nDate: 2024-01-29\n", "f: has no text besides its header"),
        (b"%PDF-1.4 ...", "f: looks like binary data (a PDF)"),
        (b"x" * (plain.MAX_BYTES + 1), "f: is larger than 20 MB"),
    ],
)
def test_a_plain_file_without_an_article_says_why(data: bytes, said: str) -> None:
    assert problem(plain.read, data).startswith(said)


class Endless(io.RawIOBase):
    """A file that must not be read to its end."""

    def read(self, size: int = -1) -> bytes:
        assert 0 <= size <= plain.MAX_BYTES + 1
        return b"x" * size


def test_a_large_file_is_not_read_whole() -> None:
    (error,) = plain.read(Endless(), "f")  # type: ignore[arg-type]
    assert isinstance(error, SourceError)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=90), max_size=12
    ),
    st.booleans(),
)
def test_every_line_of_a_plain_body_is_where_its_line_starts(lines: list[str], as_markdown: bool) -> None:
    data = "\n".join(lines).encode()
    for draft in drafts(markdown.read if as_markdown else plain.read, data):
        if isinstance(draft, SourceError):
            continue
        assert normalise(draft.text) == draft.text
        assert list(draft.line_starts) == sorted(draft.line_starts)
        assert draft.line is not None
        if as_markdown:
            continue
        numbered = normalise_lines(data)[draft.line - 1 :]
        assert len(numbered) >= len(draft.line_starts)
        for start, line in zip(draft.line_starts, numbered, strict=False):
            assert draft.text.startswith(line.lstrip(), start) or draft.text.startswith(line, start)


def normalise_lines(data: bytes) -> list[str]:
    lines = data.decode().removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [normalise(line) for line in lines]


# JSON lines


def record(**fields: object) -> str:
    return json.dumps({"text": LEDE, **fields})


@pytest.mark.parametrize("name", "text body content article articleBody full_text maintext".split())
def test_the_text_has_many_names(name: str) -> None:
    assert one(jsonlines.read, json.dumps({name: LEDE})).text == LEDE


@pytest.mark.parametrize(
    ("fields", "attribute", "value"),
    [
        ({"headline": "Back"}, "title", "Back"),
        ({"title": "", "headline": "Back"}, "title", "Back"),
        ({"author": "A and B"}, "authors", ("A", "B")),
        ({"byline": "By Ann Lee, Bo Ek"}, "authors", ("Ann Lee", "Bo Ek")),
        ({"by": ["Ann Lee", "By Bo Ek, Jr."]}, "authors", ("Ann Lee", "Bo Ek, Jr.")),
        ({"author": {"@type": "Person", "name": "Ann Lee"}}, "authors", ("Ann Lee",)),
        ({"author": [{"name": "Ann Lee"}, {"name": "Bo Ek"}]}, "authors", ("Ann Lee", "Bo Ek")),
        ({"author": "Lee, Ann"}, "authors", ("Lee, Ann",)),
        ({"datePublished": "2024-01-29T10:00Z"}, "published", "2024-01-29T10:00Z"),
        ({"created": 1706486400}, "published", "2024-01-29"),
        ({"published": 1706486400000}, "published", "2024-01-29"),
        ({"dateModified": "2024-01-30"}, "modified", "2024-01-30"),
        ({"source": {"name": "Harbour Times"}}, "publisher", "Harbour Times"),
        ({"domain": "example.com"}, "publisher", "example.com"),
        ({"link": "https://example.com/a"}, "url", "https://example.com/a"),
        ({"lang": "en"}, "language", "en"),
        ({"id": 7}, "key", "7"),
        ({"guid": "x-7"}, "key", "x-7"),
        ({"title": float("nan"), "headline": "Back"}, "title", "Back"),
    ],
)
def test_fields_by_their_common_names(fields: dict[str, object], attribute: str, value: object) -> None:
    draft = one(jsonlines.read, record(**fields))
    assert getattr(draft, attribute) == value
    assert not draft.notes


@pytest.mark.parametrize(
    "name", ["title", "authors", "published", "modified", "publisher", "url", "language", "id"]
)
@pytest.mark.parametrize("value", [True, [[1]], {"x": 1}, [None], 0.5])
def test_a_field_of_a_wrong_type_is_left_out_with_a_note(name: str, value: object) -> None:
    draft = one(jsonlines.read, record(**{name: value}))
    assert draft.text == LEDE
    assert any(name in note and "left out" in note for note in draft.notes)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            '{"text": "a",',
            "f:2: is not valid JSON: Expecting property name enclosed in double quotes at column 14",
        ),
        ("[1]", "f:2: holds a list, not an object"),
        ("null", "f:2: holds null"),
        ('{"title": "a"}', "f:2: has no text"),
        ('{"text": " \\n"}', "f:2: has no text"),
        ('{"text": 7}', "f:2: has no text: the field “text” holds a number"),
        ('{"text": NaN}', "f:2: has no text"),
        ("[" * 200_000, "f:2: is not usable JSON: it is nested too deeply"),
        ('{"id": ' + "9" * 5000 + "}", "f:2: is not usable JSON"),
        ('{"text": "\x00"}', "f:2: looks like binary data"),
    ],
)
def test_a_bad_line_is_one_error_that_names_it_and_the_rest_goes_on(line: str, said: str) -> None:
    first, error, last = drafts(jsonlines.read, f"{record(id=1)}\n{line}\n\n  \n{record(id=2)}")
    assert isinstance(first, Draft)
    assert isinstance(last, Draft)
    assert (first.line, last.line, last.key) == (1, 5, "2")
    assert str(error).startswith(said)


def test_lone_surrogates_and_a_byte_order_mark_are_survived() -> None:
    draft = one(
        jsonlines.read,
        b"\xef\xbb\xbf" + b'{"text": "Ferries \\ud800sail.", "title": "\\udfff", "id": "\\ud83d"}\n',
    )
    assert normalise(draft.text) == "Ferries sail."


def test_a_line_too_long_is_skipped_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlines, "MAX_LINE_BYTES", 400)
    monkeypatch.setattr(jsonlines, "_CHUNK", 16)
    lines = [record(id=1), record(text="x" * 5000), record(id=3), record(text="y" * 5000)]
    first, long, third, last = drafts(jsonlines.read, "\n".join(lines))
    assert isinstance(first, Draft)
    assert str(long).startswith("f:2: is a line of more than")
    assert isinstance(third, Draft)
    assert str(last).startswith("f:4: is a line of more than")


def test_files_of_json_lines_without_any() -> None:
    assert problem(jsonlines.read, "") == "f: is empty"
    assert problem(jsonlines.read, "\n  \n") == "f: is empty"
    assert "a PDF" in problem(jsonlines.read, b"%PDF-1.4\nxx\nyy")
    assert "UTF-16" in problem(jsonlines.read, record().encode("utf-16"))


def test_gzip_and_what_is_left_of_it_when_damaged() -> None:
    lines = "".join(record(id=i, text=f"{LEDE} {i * 7919 % 1009}") + "\n" for i in range(400))
    whole = gzip.compress(lines.encode())
    assert len(drafts(jsonlines.read_gzip, whole)) == 400
    *before, error = drafts(jsonlines.read_gzip, whole[: len(whole) // 2])
    assert len(before) > 50
    assert all(isinstance(each, Draft) for each in before)
    assert f"the {len(before)} articles before the damage were read" in str(error)
    assert "gzip" in problem(jsonlines.read_gzip, record())
    *rest, error = drafts(jsonlines.read_gzip, whole + b"garbage")
    assert len(rest) == 400
    assert isinstance(error, SourceError)
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    assert isinstance(drafts(jsonlines.read_gzip, bytes(flipped))[-1], SourceError)
    assert problem(jsonlines.read_gzip, b"") == "f: is empty"


def test_a_json_text_is_left_whole_and_fills_only_what_is_missing() -> None:
    text = f"Ferries sail again\n\nBy Ann Lee\n\n{LEDE}"
    draft = one(jsonlines.read, json.dumps({"text": text, "authors": ["Bo Ek"]}))
    assert draft.text == text
    assert (draft.title, draft.authors) == ("Ferries sail again", ("Bo Ek",))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELD = st.sampled_from("text title authors author published updated source url lang id by body".split())


@given(st.dictionaries(FIELD, JSON))
def test_any_record_is_an_article_or_an_error(fields: dict[str, object]) -> None:
    (found,) = drafts(jsonlines.read, json.dumps(fields))
    assert isinstance(found, SourceError) or found.text.strip()


# Markdown

PAGE = f"""---
title: "Ferries sail again"
author: [Ann Lee, {{name: Bo Ek}}]
date: 2024-01-29T23:30:00-05:00
lang: en
---

# Ferries sail again

{LEDE} It was **long
awaited**, said [the _master_](https://example.com/a_(b) "x").

<!-- a
comment -->

## What is next ##

> Nobody was ~~hurt~~ harmed,
> said `the_cook`.

1. First
2. Second
   and more

![map](map.png)

```python
**kept** = "as it is"
```

Under a rule
------------

The end\\*.
"""


def test_a_page_without_its_markup_and_with_its_lines() -> None:
    draft = one(markdown.read, PAGE)
    assert [each.strip() for each in draft.text.split("\n\n") if each.strip()] == [
        f"{LEDE} It was long awaited, said the master.",
        "What is next",
        "Nobody was hurt harmed, said the_cook.",
        "1. First\n2. Second and more",
        '**kept** = "as it is"',
        "Under a rule",
        "The end*.",
    ]
    assert (draft.title, draft.authors, draft.language) == ("Ferries sail again", ("Ann Lee", "Bo Ek"), "en")
    assert draft.published == "2024-01-29T23:30:00-05:00"
    lines = PAGE.split("\n")
    for words in (
        "Ferries between",
        "awaited",
        "What is next",
        "said the_cook",
        "and more",
        "as it is",
        "The end",
    ):
        expected = next(
            i for i, line in enumerate(lines, 1) if words.replace("the_", "`the_") in line or words in line
        )
        assert line_of(draft, words) == expected


def test_a_page_without_front_matter_has_its_title_and_header_cut() -> None:
    draft = one(
        markdown.read, f"# Ferries *sail* again\n\n*By Ann Lee*\n\n**Published:** Jan. 29, 2024\n\n{LEDE}\n"
    )
    assert (draft.title, draft.authors, draft.published) == (
        "Ferries sail again",
        ("Ann Lee",),
        "Jan. 29, 2024",
    )
    assert draft.text == LEDE
    assert draft.line == 7
    assert one(markdown.read, f"Ferries sail\n=====\n\n{LEDE}").title == "Ferries sail"


def test_with_front_matter_only_the_heading_that_is_the_title_is_cut() -> None:
    page = f"---\ntitle: Back\n---\n# Another heading\n\nBy Ann Lee\n\n{LEDE}"
    draft = one(markdown.read, page)
    assert draft.text == f"Another heading\n\nBy Ann Lee\n\n{LEDE}"
    assert (draft.title, draft.authors) == ("Back", ("Ann Lee",))


def test_plain_values_of_front_matter_stay_as_written() -> None:
    draft = one(
        markdown.read, f"---\ntitle: 1984\nauthor: No\npublisher: null\ndate: 2024-02-31\n---\n{LEDE}"
    )
    assert (draft.title, draft.authors, draft.publisher, draft.published) == (
        "1984",
        ("No",),
        "",
        "2024-02-31",
    )


def test_broken_front_matter_is_read_as_far_as_it_goes_with_a_note() -> None:
    draft = one(markdown.read, f"---\ntitle: Ferries: back\nauthor: 'Ann Lee'\ntags: [a\n---\n{LEDE}")
    assert (draft.title, draft.authors, draft.text) == ("Ferries: back", ("Ann Lee",), LEDE)
    assert "not valid YAML" in draft.notes[0]


def test_rules_around_text_are_no_front_matter() -> None:
    assert one(markdown.read, f"---\nJust words.\n---\n\n{LEDE}").text == f"Just words.\n\n\n{LEDE}"
    assert one(markdown.read, f"---\n\n{LEDE}").text == LEDE


def test_yaml_cannot_make_objects() -> None:
    draft = one(markdown.read, f"---\ntitle: !!python/object/apply:os.getcwd []\n---\n{LEDE}")
    assert str(Path.cwd()) not in repr(draft)


# Each level merges the one before ten times over.
MERGES = "a0: &a0 {k: v}\n" + "\n".join(
    f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 10)}]}}" for i in range(1, 12)
)


@pytest.mark.parametrize(
    "front",
    [
        "title: !!bool maybe",
        'title: !!int ""',
        "title: !!timestamp foo",
        'title: "\\UFFFFFFFF"',
        "title: &a [*a]",
        MERGES,
        "title: [" + "x, " * 40_000 + "]",
    ],
    ids=["bool", "int", "time", "escape", "cycle", "merge", "long"],
)  # fmt: skip
def test_front_matter_can_neither_fail_nor_explode(front: str) -> None:
    assert LEDE in one(markdown.read, f"---\n{front}\n---\n{LEDE}").text


def test_markup_that_is_none_stays() -> None:
    text = "It costs 5 * 3 * 2 and some_file_name and a < b > c, [sic] [1], 2*3*4."
    assert one(markdown.read, text).text == text


def test_a_page_of_markup_alone_has_no_text() -> None:
    assert "no text besides its header" in problem(markdown.read, "---\ntitle: a\n---\n\n<!-- nothing -->\n")


@pytest.mark.parametrize(
    "mark", ["[", "**a ", "*a ", "`", "x``", "<!--", "[](", "<a", "__a_a", "~~a", "![", "a|", "> "]
)
def test_a_page_of_opening_marks_is_not_slow(mark: str) -> None:
    drafts(markdown.read, "y " + mark * 60_000)


def test_the_users_own_article() -> None:
    file = Path(__file__).parents[3] / "shared/articles/rfa-2024-01-29.txt"
    if not file.exists():
        pytest.skip(f"{file} is not on this machine")
    draft = one(plain.read, file.read_bytes())
    assert (draft.publisher, draft.authors, draft.published) == ("RFA", ("Alex Willemyns",), "2024-01-29")
    paragraphs = draft.text.split("\n\n")
    assert paragraphs[0].startswith("A delegation of U.S. officials")
    assert paragraphs[-1].endswith("Biden-Xi summit.")
    assert "Leading cause of death" in paragraphs
    assert len(paragraphs) == 14
