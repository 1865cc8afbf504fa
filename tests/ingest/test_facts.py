"""The head of a text: what is a header line, a title, a byline, a dateline, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dateline import read_dateline
from ingest.facts import Head, derived_title, read_byline, read_head
from ingest.names import is_name, is_outlet

LEDE = (
    "Ferries between the two islands sailed again on Monday after a strike of nine days, the harbour master"
    " said, and the first of them carried more mail than people."
)


def head(*lines: str) -> Head:
    return read_head([*lines, "", LEDE, "", "Nobody was hurt."])


def body(*lines: str) -> int:
    """How many of the lines were taken for the header."""
    return head(*lines).body


@pytest.mark.parametrize(
    ("line", "authors", "publisher"),
    [
        ("By Ann Lee", ("Ann Lee",), ""),
        ("by: Ann Lee", ("Ann Lee",), ""),
        ("By JANE DOE and John Smith, Staff Writers", ("JANE DOE", "John Smith"), ""),
        ("By Ann Lee, Bo Ek and Cy Dun", ("Ann Lee", "Bo Ek", "Cy Dun"), ""),
        ("By Ann Lee, Jr., and Bo Ek", ("Ann Lee, Jr.", "Bo Ek"), ""),
        ("By Jane Doe for RFA", ("Jane Doe",), "RFA"),
        ("By Jane Doe for the Harbour Times", ("Jane Doe",), "Harbour Times"),
        ("By Jane Doe (Reuters)", ("Jane Doe",), "Reuters"),
        ("By Jane Doe, Associated Press", ("Jane Doe",), "Associated Press"),
        ("By Jane Doe in Port Vila", ("Jane Doe",), ""),
        ("By Jane Doe jane@example.com", ("Jane Doe",), ""),
        ("By Ludwig van der Berg", ("Ludwig van der Berg",), ""),
        ("By Seán O’Neill-Ng", ("Seán O’Neill-Ng",), ""),
        ("By J. R. Okafor", ("J. R. Okafor",), ""),
        ("By April Ray", ("April Ray",), ""),
        ("By The Associated Press", (), "The Associated Press"),
        ("By Reuters", (), "Reuters"),
    ],
)
def test_a_byline_gives_its_people_and_their_outlet(
    line: str, authors: tuple[str, ...], publisher: str
) -> None:
    byline = read_byline(line)
    assert byline is not None
    assert (byline.authors, byline.publisher) == (authors, publisher)
    assert head(line).authors == authors
    assert body(line) == 2


@pytest.mark.parametrize(
    "line",
    [
        "By the time the war ended, the ferries were rust.",
        "By Tuesday morning",
        "By Tuesday",
        "By June",
        "By June 2024 Ferries Will Sail",
        "By The Numbers",
        "By Ann Lee went the prize",
        "By",
        "Bystanders",
        "By one two three",
    ],
)
def test_what_begins_with_by_need_not_be_a_byline(line: str) -> None:
    assert read_byline(line) is None


@pytest.mark.parametrize(
    ("line", "published"),
    [
        (" date 2024-01-29", "2024-01-29"),
        ("Date: 2024-01-29", "2024-01-29"),
        ("2024-01-29", "2024-01-29"),
        ("January 29, 2024", "January 29, 2024"),
        ("Published: Jan. 29, 2024", "Jan. 29, 2024"),
        ("Published January 29, 2024 at 3:15 p.m. EST", "January 29, 2024 at 3:15 p.m. EST"),
        ("Posted on 29 January 2024", "29 January 2024"),
        ("DATE: 03/04/2024", "03/04/2024"),
        ("Date: the 29th or so", "the 29th or so"),
    ],
)
def test_a_date_line_is_a_header(line: str, published: str) -> None:
    assert head(line).published == published
    assert body(line) == 2


def test_a_publisher_and_a_byline_of_its_own() -> None:
    for outlet in ("RFA", "Meridian", "The Harbour Times"):
        found = head(f" date 2024-01-29 By {outlet}", "", "By Ann Lee")
        assert (found.published, found.publisher, found.authors) == ("2024-01-29", outlet, ("Ann Lee",))
        assert found.body == 4


def test_the_only_name_is_the_authors_unless_it_is_an_outlets() -> None:
    assert head("2024-01-29 By Ann Lee").authors == ("Ann Lee",)
    assert head("2024-01-29 By Ann Lee").publisher == ""
    assert head("2024-01-29 By Harbour Radio").publisher == "Harbour Radio"
    assert head("2024-01-29 By Harbour Radio").authors == ()


def test_facts_between_bars_and_in_any_order() -> None:
    found = head(
        "URL: https://example.com/ferries",
        "Source: Harbour Times",
        "Language: en",
        "",
        "Headline: Ferries: back - at last",
        "By Ann Lee | Published Jan. 29, 2024 | Updated Jan. 30, 2024 10:05 GMT",
    )
    assert found.url == "https://example.com/ferries"
    assert found.publisher == "Harbour Times"
    assert found.language == "en"
    assert found.title == "Ferries: back - at last"
    assert found.authors == ("Ann Lee",)
    assert found.published == "Jan. 29, 2024"
    assert found.modified == "Jan. 30, 2024 10:05 GMT"
    assert found.body == 7
    assert head("By Ann Lee | Reuters").publisher == "Reuters"


@pytest.mark.parametrize(
    "line",
    [
        "January 29, 2024 was a cold day in the harbour.",
        "Source: officials say that the talks will go on until the end of the week.",
        "Date palms grow here again, and nobody knows why.",
        "Updated rules for ferries are in force.",
    ],
)
def test_prose_is_no_header(line: str) -> None:
    assert body(line) == 0


@pytest.mark.parametrize(
    "title",
    [
        "Ferries sail again",
        "Will ferries sail again?",
        "“We will sail again.”",
        "Ferries sail again in the U.S.",
        "渡轮再次启航",
    ],
)
def test_a_short_line_before_the_text_is_its_title(title: str) -> None:
    assert head(title).title == title
    assert body(title) == 2
    assert head(title, "By Ann Lee").title == title
    assert head("2024-01-29", "", title, "", "By Ann Lee").title == title
    assert read_head([title, LEDE]).title == title


@pytest.mark.parametrize(
    "line",
    [
        "Ferries sailed again on Monday.",
        "What we know so far:",
        "LONDON (Wire) —",
        "x" * 151,
        "***",
    ],
)
def test_a_sentence_or_a_dateline_is_no_title(line: str) -> None:
    assert head(line).title == ""
    assert body(line) == 0


def test_the_only_line_of_a_text_is_not_its_title() -> None:
    assert read_head(["Ferries sail again"]).body == 0
    assert read_head(["Ferries sail again", "", ""]).title == ""


def test_a_byline_below_a_standfirst_is_read_but_not_cut() -> None:
    found = head("Ferries sail again", "", "A strike of nine days is over.", "", "By Ann Lee")
    assert (found.title, found.authors, found.body) == ("Ferries sail again", ("Ann Lee",), 2)


@pytest.mark.parametrize(
    ("dateline", "agency", "written"),
    [
        ("BEIJING, Jan. 29 (Wire) — ", "Wire", "Jan. 29"),
        ("WASHINGTON, Jan. 29, 2024 (AP) — ", "AP", "Jan. 29, 2024"),
        ("TAINAN, Taiwan (AP) — ", "AP", ""),
        ("Tainan, Taiwan CNN — ", "CNN", ""),
        ("San Antonio, Texas CNN Business —\n\n", "CNN Business", ""),
        ("CNN —\n\n", "CNN", ""),
        ("(CNN) — ", "CNN", ""),
        ("WASHINGTON — ", "", ""),
        ("WASHINGTON—", "", ""),
        ("LONDON (Reuters) - ", "Reuters", ""),
        ("NEW YORK, 29 January /Harbour Wire/ -- ", "Harbour Wire", "29 January"),
        ("Rio de Janeiro (AFP) – ", "AFP", ""),
        ("ST. JOHN’S, N.L. — ", "", ""),
    ],
)
def test_a_dateline_gives_agency_and_date_and_leaves_the_derived_title(
    dateline: str, agency: str, written: str
) -> None:
    text = dateline + "Ferries sailed again. Nobody was hurt."
    found = read_dateline(text)
    assert found is not None
    assert (found.agency, found.date) == (agency, written)
    assert text[found.end :].startswith("Ferries")
    assert derived_title(text) == "Ferries sailed again."


@pytest.mark.parametrize(
    "text",
    [
        "Ferries sailed again — at last — on Monday.",
        "I — who have seen it — say so.",
        "The BBC - as ever - was late.",
        "In 2024 — a leap year — it rained.",
        "Ferries sail again",
        "",
    ],
)
def test_a_dash_makes_no_dateline(text: str) -> None:
    assert read_dateline(text) is None


def test_a_derived_title_is_short_and_ends_at_a_word() -> None:
    title = derived_title(LEDE)
    assert len(title) <= 80
    assert title.endswith("…")
    assert LEDE.startswith(title[:-1] + " ")
    assert derived_title("WASHINGTON —") == "WASHINGTON —"


def test_names_and_outlets() -> None:
    assert is_outlet("RFA")
    assert is_outlet("Radio Harbour")
    assert not is_outlet("Ann Lee")
    assert is_name("Ann Lee")
    assert not is_name("a lee")
    assert not is_name("One Two Three Four Five Six")


LINES = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            [
                "",
                LEDE,
                "By Ann Lee",
                "Date: 2024-01-29",
                "Ferries sail again",
                "WASHINGTON —",
                "URL: https://e.org",
            ]
        ),
    ),
    max_size=20,
)


@given(LINES)
def test_only_lines_at_the_top_that_mean_something_are_left_out(lines: list[str]) -> None:
    found = read_head(lines)
    assert 0 <= found.body <= len(lines)
    cut = [line for line in lines[: found.body] if line.strip()]
    assert LEDE not in cut
    assert len(cut) <= 12
    assert bool(cut) or not (found.title or found.published or found.url)


def test_an_outlet_in_its_own_line_or_beside_a_date_is_the_publisher() -> None:
    for lines in (
        ("Ferries sail again", "By Ann Lee", "Meridian Wire"),
        ("Ferries sail again", "By Ann Lee", "Meridian Wire, June 10, 2024"),
        ("Ferries sail again", "Meridian Wire | 10 June 2024 | By Ann Lee"),
    ):
        found = head(*lines)
        assert (found.title, found.authors, found.publisher) == (
            "Ferries sail again",
            ("Ann Lee",),
            "Meridian Wire",
        )


def test_a_line_that_only_has_an_outlets_word_in_it_is_no_publisher() -> None:
    for line in ("Today", "Strike hits radio", "the times are hard"):
        assert head("Ferries sail again", "By Ann Lee", line).publisher == ""
