"""Web pages: their articles, what is known of them, and under which address."""

import io
import json
from datetime import date

import pytest

from index.errors import SourceError
from ingest.charsets import as_utf8, page_text
from ingest.draft import Draft
from ingest.fetch import Fetched
from ingest.formats import html
from ingest.jsonld import PageFacts, article_facts
from ingest.own_address import own_address
from ingest.page import extract
from ingest.reading import Found, Reading

FIRST = (
    "The sea wall at Skerrow was opened on Monday after a delay of two years, the harbour master said, and"
    " the first of the ferries came in at noon."
)
SECOND = (
    "Work on it was stopped twice, once by a storm and once by a strike of the divers who lay the stones, and"
    " cost the town nine million more than was planned."
)
FACTS = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Sea wall opens &amp; ferries return",
    "author": [{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "Bo Ek"}],
    "publisher": {"@type": "Organization", "name": "The Skerrow Courier"},
    "datePublished": "2024-03-04T10:00:00Z",
    "dateModified": "2024-03-05T08:00:00Z",
}


def page(
    head: str = "", body: str = f"<p>{FIRST}</p><p>{SECOND}</p>", facts: object = None, lang: str = "en"
) -> str:
    script = f'<script type="application/ld+json">{json.dumps(facts)}</script>' if facts else ""
    return (
        f'<!doctype html><html lang="{lang}"><head><title>Sea wall opens | Courier</title>'
        f"{head}{script}</head>"
        '<body><nav><ul><li><a href="/">Home</a></li><li><a href="/s">Sport</a></li></ul></nav>'
        f"<article><h1>Sea wall opens</h1>{body}</article>"
        "<footer><p>All rights reserved by the Courier.</p></footer></body></html>"
    )


def one(source: str | bytes, charset: str = "") -> Draft:
    data = source.encode() if isinstance(source, str) else source
    (draft,) = html.read(io.BytesIO(data), "p", charset)
    assert isinstance(draft, Draft), draft
    return draft


def problem(source: str) -> str:
    (error,) = html.read(io.BytesIO(source.encode()), "p")
    assert isinstance(error, SourceError), error
    return str(error)


# The article


def test_a_page_gives_its_article_and_nothing_around_it() -> None:
    draft = one(page(facts=FACTS, head='<link rel="canonical" href="/wall">'))
    assert draft.text == f"Sea wall opens\n\n{FIRST}\n\n{SECOND}"
    assert draft.title == "Sea wall opens & ferries return"
    assert draft.authors == ("Ann Lee", "Bo Ek")
    assert draft.publisher == "The Skerrow Courier"
    assert (draft.published, draft.modified) == ("2024-03-04T10:00:00Z", "2024-03-05T08:00:00Z")
    assert (draft.language, draft.url) == ("en", "/wall")


def test_paragraphs_lists_tables_and_line_breaks_stay_apart() -> None:
    body = (
        f"<p>{FIRST}</p><h2>The <em>long</em> delay</h2><p>{SECOND}</p>"
        "<ul><li>The wall holds.<li><p>The <b>light</b> is lit.</p></ul>"
        "<blockquote><p>It is done,<br>she said.</p></blockquote>"
        "<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2020</td><td>3 million</td></tr></table>"
    )
    assert extract(page(body=body))["text"] == "\n\n".join(
        [
            FIRST,
            "The long delay",
            SECOND,
            "- The wall holds.\n- The light is lit.",
            "It is done,\nshe said.",
            "Year | Cost\n2020 | 3 million",
        ]
    )


def test_the_headline_is_not_part_of_the_text() -> None:
    found = extract(page())
    assert (found["title"], found["text"]) == ("Sea wall opens", f"{FIRST}\n\n{SECOND}")


def test_a_paragraph_that_comes_twice_is_kept_twice() -> None:
    assert extract(page(body=f"<p>{FIRST}</p><p>{SECOND}</p><p>{FIRST}</p>"))["text"].count(FIRST) == 2


@pytest.mark.parametrize(
    "source",
    [
        "",
        "words",
        "<html><head><title>Wall</title></head><body></body></html>",
        "<<<<",
        "<html></html>",
        "\0\0",
    ],
)
def test_a_page_without_an_article_says_so(source: str) -> None:
    assert problem(source) == "p: holds no article text"


# The facts


def test_without_json_ld_the_pages_other_words_are_taken() -> None:
    head = (
        '<meta property="og:title" content="Sea wall opens at last">'
        '<meta property="og:site_name" content="The Skerrow Courier"><meta name="author" content="Ann Lee">'
        '<meta property="article:published_time" content="2024-03-04T10:00:00Z">'
        '<meta property="article:modified_time" content="2024-03-05T08:00:00Z">'
        '<meta property="og:locale" content="en_GB">'
    )
    found = extract(page(head, lang=""))
    assert found["title"] == "Sea wall opens at last"
    assert found["authors"] == ["Ann Lee"]
    assert found["publisher"] == "The Skerrow Courier"
    assert (found["published"], found["modified"]) == ("2024-03-04", "2024-03-05T08:00:00Z")
    assert found["language"] == "en_GB"


def test_a_date_in_the_prose_is_not_the_articles() -> None:
    draft = one(page(body=f"<p>{FIRST}</p><p>It was begun on 4 March 2019. {SECOND}</p>"))
    assert draft.published == ""


def facts(*things: object) -> PageFacts:
    return article_facts(json.dumps(each) for each in things)


def test_facts_may_stand_in_a_graph_and_point_at_each_other() -> None:
    graph = {
        "@graph": [
            {"@type": "WebPage", "name": "Page"},
            {"@type": ["Thing", "ReportageNewsArticle"], "headline": "Wall", "author": {"@id": "#ann"}}
            | {"publisher": {"@id": "#paper"}, "inLanguage": "en"},
            {"@id": "#ann", "name": "Ann Lee"},
            {"@id": "#paper", "name": "Courier"},
        ]
    }
    assert facts(graph) == PageFacts("Wall", ("Ann Lee",), "Courier", language="en")


def test_the_first_article_counts_and_other_things_do_not() -> None:
    related = {"@type": "ItemList", "itemListElement": [FACTS]}
    first, second = {"@type": "Article", "headline": "One"}, {"@type": "Article", "headline": "Two"}
    assert facts(related, [first, second], FACTS).title == "One"
    assert facts(related) == PageFacts()


def test_names_may_be_written_plainly_and_addresses_are_none() -> None:
    article = {
        "@type": "Article",
        "headline": " A\n wall ",
        "author": ["Ann Lee", "https://social.example/ann"],
    }
    assert facts(article | {"publisher": "Courier"}) == PageFacts("A wall", ("Ann Lee",), "Courier")


@pytest.mark.parametrize(
    "script",
    [
        "",
        "{",
        "[" * 100_000,
        "null",
        '{"@graph": 3}',
        '{"@type": {}, "@id": []}',
        "1" * 10_000,
        '{"@type": [[]]}',
        '{"@type": "Article", "headline": 3, "author": {"name": {}}, "publisher": [[]]}',
    ],
)
def test_broken_facts_are_no_facts(script: str) -> None:
    assert article_facts([script]) == PageFacts()


# Characters


def test_the_encoding_is_that_of_the_bytes_the_server_or_the_page() -> None:
    text = "Größe £5 “wall”"
    assert page_text(text.encode(), "iso-8859-1") == text
    assert page_text(text.encode("cp1252"), "ISO-8859-1") == text
    assert page_text(text.encode("cp1252"), "") == text
    assert page_text(text.encode("utf-16"), "") == text
    said = '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">стена'
    assert page_text(said.encode("koi8-r"), "") == said
    assert page_text(said.encode("koi8-r"), "no-such") == said
    assert page_text("堤防".encode("iso2022_jp"), "iso-2022-jp") == "堤防"


@pytest.mark.parametrize(
    "label", ["punycode", "unicode_escape", "zip", "idna", "rot13", "utf-7", "\0", "a" * 999]
)
def test_encodings_that_are_none_of_the_webs_are_not_used(label: str) -> None:
    assert page_text(b"a \xa3 \\u0041 +AGE-", label) == "a £ \\u0041 +AGE-"
    assert as_utf8(b"a \xa3", label) == b"a \xa3"


def test_a_damaged_character_does_not_cost_the_page() -> None:
    assert page_text(b"<meta charset=utf-8>wall \xff stands", "") == "<meta charset=utf-8>wall � stands"


def test_a_page_in_another_encoding_is_read() -> None:
    russian = "Паромы снова ходят с понедельника, сообщил начальник порта. " * 5
    draft = one(page(body=f"<p>{russian}</p>").encode("cp1251"), "windows-1251")
    assert russian.strip() in draft.text


# What a hostile page tries


def test_a_page_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "_SECONDS", 2.0)
    one_tag = "<div " + " ".join(f"a{number}=1" for number in range(400_000)) + ">"
    assert problem(page(body=one_tag)) == "p: takes longer than 2 seconds to be understood, and is left out"


def test_depths_of_elements_harm_nobody() -> None:
    assert problem("<html><body>" + "<div><table><tr><td><ul><li>" * 20_000) == "p: holds no article text"


def test_markup_in_words_stays_words() -> None:
    draft = one(
        page(body=f"<p>{FIRST} &lt;script&gt;alert(1)&lt;/script&gt; **bold** @everyone</p><p>{SECOND}")
    )
    assert "<script>alert(1)</script> **bold** @everyone" in draft.text


# Its address


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("", "https://www.paper.example/a?b=1"),
        ("/wall", "https://www.paper.example/wall"),
        ("wall", "https://www.paper.example/wall"),
        ("http://paper.example/wall", "http://paper.example/wall"),
        ("https://paper.example/", "https://www.paper.example/a?b=1"),
        ("https://ann:pw@www.paper.example/wall", "https://www.paper.example/a?b=1"),
        ("https://www.paper.example/a b", "https://www.paper.example/a?b=1"),
        ("https://other.example/wall", None),
        ("https://paper.example.evil.example/wall", None),
        ("https://paper.example:8443/wall", None),
        ("https://paper.example@evil.example/", None),
        ("//evil.example", None),
        ("javascript:alert(1)", None),
        ("http://[", None),
    ],
)
def test_a_pages_own_address_is_taken_only_on_its_own_site(stated: str, expected: str | None) -> None:
    assert own_address(stated, "https://www.paper.example/a?b=1") == expected


def read(source: str, url: str) -> Found:
    (found,) = Reading(
        ["https://given.example/x"],
        today=date(2024, 6, 1),
        fetch=lambda given: Fetched(url, "text/html", "utf-8", source.encode()),
    )
    assert isinstance(found, Found), found
    return found


def test_a_page_becomes_an_article_under_its_address() -> None:
    found = read(
        page('<link rel="canonical" href="/wall">', facts=FACTS), "https://paper.example/a?utm_source=x"
    )
    article = found.article
    assert (article.url, article.path, article.line) == ("https://paper.example/wall", None, None)
    assert (article.published, article.modified) == (date(2024, 3, 4), date(2024, 3, 5))
    assert article.text == f"Sea wall opens\n\n{FIRST}\n\n{SECOND}"
    assert found.notes == ()


def test_a_page_cannot_pass_for_anothers() -> None:
    found = read(page('<link rel="canonical" href="https://bank.example/a">'), "https://paper.example/a")
    assert found.article.url == "https://paper.example/a"
    assert found.article.publisher == "paper.example"
    (note,) = found.notes
    assert note.endswith("the address that it gives is not on its own site: “https://bank.example/a”")
