"""``python -m ingest.page``: the article in a web page, taken out of it in a process of its own.

A page may be made so that it takes hours, gigabytes or the process with it: one tag of a megabyte keeps
libxml2 busy for a minute. So ``ingest/formats/html.py`` reads pages through this. HTML in UTF-8 comes in at
standard input; one JSON object goes out, with fields of a ``Draft``, whose text is empty where there is none.
"""

import json
import re
import resource
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from trafilatura import bare_extraction, load_html

from ingest.jsonld import article_facts

CPU_SECONDS = 20
MEMORY_BYTES = 2 << 30

_BLOCKS = frozenset(("p", "head", "quote", "code", "list", "table", "div"))
_INLINE = frozenset(("p", "item", "cell", "head"))
_ROUND_LINE_ENDS = re.compile(r" *\n *")
_MANY_LINE_ENDS = re.compile(r"\n{3,}")
_MANY_BLANKS = re.compile(r"\s+")


def main() -> None:
    """Read a page and write its article."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    with suppress(ValueError, OSError):  # not every system can
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    page = sys.stdin.buffer.read().decode("utf-8", "replace")
    sys.stdout.write(json.dumps(extract(page)))


def extract(page: str) -> dict[str, Any]:
    """Fields of a ``Draft``: the text, its paragraphs apart, and the facts; ``url`` is as the page says."""
    tree = load_html(page)
    if tree is None:
        return {"text": ""}
    said = article_facts(
        each.text_content() for each in tree.iterfind(".//script[@type='application/ld+json']")
    )
    url = _first(tree, "//link[@rel='canonical']/@href")
    modified = _first(tree, "//meta[@property='article:modified_time']/@content")
    # Where nothing else is, trafilatura would take the host that the page itself claims to be at.
    publisher = _first(tree, "//meta[@property='og:site_name']/@content")
    language = tree.get("lang") or _first(tree, "//meta[@property='og:locale']/@content")
    found = bare_extraction(
        tree,
        include_comments=False,
        deduplicate=False,
        with_metadata=True,
        # Only what is stated as the date, and that of the first version.
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if found is None or isinstance(found, dict) or found.body is None:
        return {"text": ""}
    title = said.title or found.title or ""
    paragraphs = _text(found.body).split("\n\n")
    if paragraphs[0].casefold() == title.casefold():
        del paragraphs[0]
    return {
        "text": "\n\n".join(paragraphs),
        "title": title,
        "authors": said.authors or [each for each in (found.author or "").split("; ") if each],
        "publisher": said.publisher or publisher,
        "published": said.published or found.date or "",
        "modified": said.modified or modified,
        "url": url,
        "language": language or said.language,
    }


def _first(tree: Any, path: str) -> str:
    return next((each.strip() for each in map(str, tree.xpath(path)) if each.strip()), "")


def _text(body: Any) -> str:
    text = _ROUND_LINE_ENDS.sub("\n", "".join(_pieces(body, inline=False)))
    return _MANY_LINE_ENDS.sub("\n\n", text).strip()


def _pieces(element: Any, inline: bool) -> Iterator[str]:
    """The words of an element of trafilatura's, and the line ends and marks that its structure stands for."""
    for child in element:
        block = child.tag in _BLOCKS and not inline
        if block:
            yield "\n\n"
        elif child.tag in ("lb", "row", "item"):
            yield "\n- " if child.tag == "item" else "\n"
        elif child.tag == "cell" and child.getprevious() is not None:
            yield " | "
        yield _MANY_BLANKS.sub(" ", child.text or "")
        yield from _pieces(child, inline or child.tag in _INLINE)
        if block:
            yield "\n\n"
        yield _MANY_BLANKS.sub(" ", child.tail or "")


if __name__ == "__main__":
    main()
