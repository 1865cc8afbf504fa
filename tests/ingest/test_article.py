"""A draft becomes an article: ids that stay, digests that tell, dates that are certain."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SourceError
from index.types import Article
from ingest.article import canonical_url, understand
from ingest.draft import Draft
from ingest.reading import Found, Reading

TODAY = date(2024, 6, 1)
STORY = "Ferries sailed again on Monday, the harbour master said.\n\nNobody was hurt."
PATH = Path("/news/story.txt")


def article(draft: Draft, path: Path | None = PATH) -> Article:
    return understand(draft, "story", path, TODAY)[0]


def notes(draft: Draft) -> str:
    return "; ".join(understand(draft, "story", PATH, TODAY)[1])


@pytest.mark.parametrize(
    ("given_url", "canonical"),
    [
        ("HTTPS://Example.COM:443/A/b/?utm_source=x&id=7&fbclid=1#top", "https://example.com/A/b?id=7"),
        ("http://example.com:80/", "http://example.com"),
        ("https://user:secret@example.com:8443/a", "https://example.com:8443/a"),
        ("https://[::1]/a", "https://[::1]/a"),
        ("https://example.com/a?UTM_medium=x&gclid", "https://example.com/a"),
        ("ftp://example.com/a", None),
        ("javascript:alert(1)", None),
        ("https://", None),
        ("https://exa mple.com/a", None),
        ("https://[bad/a", None),
        ("https://example.com:x/a", None),
        ("https://example.com/\ud800", None),
        ("story.html", None),
    ],
)
def test_one_form_of_an_address(given_url: str, canonical: str | None) -> None:
    assert canonical_url(given_url) == canonical


def test_an_address_makes_the_id_and_is_kept_as_given() -> None:
    plain = article(Draft(STORY, url="https://example.com/a"))
    tracked = article(
        Draft("Another text.", url="https://EXAMPLE.com/a/?utm_source=feed#x"), Path("/elsewhere")
    )
    assert plain.id == tracked.id
    assert tracked.url == "https://EXAMPLE.com/a/?utm_source=feed#x"
    assert len(plain.id) == 16
    assert int(plain.id, 16) >= 0
    assert "no http or https address" in notes(Draft(STORY, url="javascript:alert(1)"))
    assert article(Draft(STORY, url="javascript:alert(1)")).url is None


def test_without_an_address_the_path_makes_the_id_and_without_a_path_the_text() -> None:
    assert article(Draft(STORY)).id == article(Draft("Another text.")).id
    assert article(Draft(STORY)).id != article(Draft(STORY), Path("/news/other.txt")).id
    assert article(Draft(STORY), None).id != article(Draft("Another text."), None).id


RECORD = st.fixed_dictionaries(
    {"text": st.sampled_from(["One.", "Two.", "Three."])},
    optional={
        "id": st.integers(1, 3),
        "title": st.sampled_from("AB"),
        "published": st.sampled_from(["2024-01-01", "2024-01-02"]),
    },
)


@given(st.lists(RECORD, max_size=5), st.integers(0, 5), RECORD)
def test_a_line_put_in_changes_no_other_records_id(
    tmp_path_factory: pytest.TempPathFactory,
    records: list[dict[str, object]],
    at: int,
    new: dict[str, object],
) -> None:
    file = tmp_path_factory.getbasetemp() / "records.jsonl"

    def ids(lines: list[dict[str, object]]) -> list[str]:
        file.write_text("".join(json.dumps(line) + "\n" for line in lines))
        return [item.article.id for item in Reading([str(file)]) if isinstance(item, Found)]

    before, at = ids(records), min(at, len(records))
    after = ids([*records[:at], new, *records[at:]])
    assert after[:at] + after[at + 1 :] == before


def test_the_digest_is_of_text_and_facts_and_not_of_the_place() -> None:
    draft = Draft(STORY, title="A", authors=("B", "C"), publisher="D", published="2024-01-29", line=3)
    same = [
        article(draft, Path("/x")),
        article(replace(draft, line=9)),
        article(replace(draft, text=STORY + " \r\n")),
    ]
    assert {each.digest for each in same} == {article(draft).digest}
    others = [
        replace(draft, text=STORY + "!"),
        replace(draft, title="A2"),
        replace(draft, authors=("BC",)),
        replace(draft, authors=("B",), publisher="CD"),
        replace(draft, authors=("C", "B")),
        replace(draft, published="2024-01-28"),
        replace(draft, published="", modified="2024-01-29"),
        replace(draft, language="en"),
        replace(draft, url="https://example.com/a"),
    ]
    assert len({article(each).digest for each in [draft, *others]}) == len(others) + 1


def test_tracking_parameters_are_no_change() -> None:
    a, b = (article(Draft(STORY, url=f"https://e.org/a{tail}")) for tail in ("", "?utm_source=x"))
    assert (a.id, a.digest) == (b.id, b.digest)


def test_titles_and_names_are_single_bounded_lines() -> None:
    made = article(Draft(STORY, title="Ferries\n\tsail\0 again", authors=(" Ann\nLee ", "Ann Lee", "", "Bo")))
    assert made.title == "Ferries sail again"
    assert not made.title_derived
    assert made.authors == ("Ann Lee", "Bo")
    long = article(Draft(STORY, title="word " * 200, authors=tuple(f"{i} " + "n" * 300 for i in range(50))))
    assert len(long.title) <= 300
    assert len(long.authors) == 20
    assert max(map(len, long.authors)) <= 100


def test_a_title_is_derived_where_there_is_none() -> None:
    made = article(Draft("HARBOUR, Jan. 29 (Wire) — " + STORY))
    assert made.title == "Ferries sailed again on Monday, the harbour master said."
    assert made.title_derived
    assert made.publisher == "Wire"
    assert made.text.startswith("HARBOUR")


def test_the_publisher_is_the_one_given_else_the_host_else_the_agency() -> None:
    text = "HARBOUR (Wire) — " + STORY
    assert article(Draft(text, publisher="Times", url="https://www.e.org/a")).publisher == "Times"
    assert article(Draft(text, url="https://www.E.org/a")).publisher == "e.org"
    assert article(Draft(text, publisher="https://www.e.org/")).publisher == "e.org"
    assert article(Draft(text)).publisher == "Wire"


@pytest.mark.parametrize(
    ("draft", "path", "published"),
    [
        (Draft(STORY, published="Jan. 28, 2024"), "rfa-2024-01-29.txt", date(2024, 1, 28)),
        (Draft(STORY), "rfa-2024-01-29.txt", date(2024, 1, 29)),
        (Draft(STORY), "rfa_2024_01_29.txt", date(2024, 1, 29)),
        (Draft(STORY), "from-2024-01-29-to-2024-02-01.txt", None),
        (Draft(STORY), "2024-13-29.txt", None),
        (Draft(STORY), "2025-01-01.txt", None),
        (Draft(STORY, record=True), "dump-2024-01-29.jsonl", None),
        (Draft(STORY, url="https://e.org/2024/01/29/a"), "a.txt", date(2024, 1, 29)),
        (Draft(STORY, url="https://e.org/world/2024/jan/29/a"), "a.txt", date(2024, 1, 29)),
        (Draft(STORY, url="https://e.org/a?d=2024-01-29"), "a.txt", None),
        (Draft("PORT, Jan. 28, 2024 — " + STORY), "a.txt", date(2024, 1, 28)),
        (Draft("PORT, Jan. 28 — " + STORY), "a.txt", None),
        (Draft("PORT, Jan. 28 — " + STORY), "2024-01-29.txt", date(2024, 1, 28)),
        (Draft("PORT, Dec. 31 — " + STORY), "2024-01-02.txt", date(2023, 12, 31)),
        (Draft("PORT, July 4 — " + STORY), "2024-01-02.txt", date(2024, 1, 2)),
    ],
)
def test_where_the_date_comes_from(draft: Draft, path: str, published: date | None) -> None:
    assert article(draft, Path("/news") / path).published == published


def test_dates_that_are_left_out_say_so() -> None:
    assert "has no year" in notes(Draft("PORT, Jan. 28 — " + STORY))
    assert "in the future" in notes(Draft(STORY, published="2024-06-02"))
    assert "ingest.day_first" in notes(Draft(STORY, modified="03/04/2024"))
    assert understand(Draft(STORY, published="03/04/2024"), "s", None, TODAY, day_first=True)[
        0
    ].published == date(2024, 4, 3)


def test_language_codes() -> None:
    assert article(Draft(STORY, language="pt_BR")).language == "pt-BR"
    assert article(Draft(STORY, language="the King's")).language is None
    assert "no code" in notes(Draft(STORY, language="the King's"))


def test_a_text_of_nothing_printable_is_no_article() -> None:
    with pytest.raises(SourceError, match="story: has no text"):
        article(Draft("\0 \ud800\n\u2028"))


@given(
    st.builds(
        Draft,
        text=st.text(st.characters(categories=None), min_size=1, max_size=200),
        **dict.fromkeys(
            "title publisher published modified url language key".split(),
            st.text(st.characters(categories=None), max_size=40),
        ),
        authors=st.tuples(st.text(st.characters(categories=None))),
        record=st.booleans(),
    )
)
def test_any_draft_is_an_article_that_can_be_stored_or_has_no_text(draft: Draft) -> None:
    try:
        made, said = understand(draft, "story", PATH, TODAY)
    except SourceError:
        return
    for text in (
        made.text,
        made.title,
        made.publisher,
        *made.authors,
        made.url or "",
        made.language or "",
        *said,
    ):
        text.encode()
    for line in (made.title, made.publisher, *made.authors, *said):
        assert len(line.splitlines()) <= 1
    assert made.title
