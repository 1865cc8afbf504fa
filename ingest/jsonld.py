"""What a web page says of its article in JSON-LD, the form that search engines ask of publishers."""

import html
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

# Far more than any page has; what comes after is not looked at.
_MAX_THINGS = 1000


@dataclass(frozen=True, slots=True)
class PageFacts:
    """The facts as they are written; what is not said, or not as a text, is empty."""

    title: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: str = ""
    modified: str = ""
    language: str = ""


def article_facts(scripts: Iterable[str]) -> PageFacts:
    """What the first article in these scripts, each the text of one, is said to be. Never raises."""
    things = list(islice((thing for script in scripts for thing in _things(script)), _MAX_THINGS))
    named = {id_: thing for thing in things if isinstance(id_ := thing.get("@id"), str)}
    article = next((thing for thing in things if _is_article(thing)), None)
    if article is None:
        return PageFacts()
    return PageFacts(
        title=_text(article.get("headline")) or _text(article.get("name")),
        authors=tuple(_names(article.get("author"), named)),
        publisher=next(_names(article.get("publisher"), named), ""),
        published=_text(article.get("datePublished")),
        modified=_text(article.get("dateModified")),
        language=_text(article.get("inLanguage")),
    )


def _things(script: str) -> Iterator[Mapping[str, object]]:
    """The objects at the top of a script and in its lists and graphs, not those inside of others."""
    try:
        # Not strict: many a headline has a line's end in it.
        pending: list[object] = [json.loads(script, strict=False)]
    except (ValueError, RecursionError):
        return
    while pending:
        value = pending.pop()
        if isinstance(value, list):
            pending += reversed(value)
        elif isinstance(value, Mapping):
            yield value
            pending.append(value.get("@graph"))


def _is_article(thing: Mapping[str, object]) -> bool:
    types = thing.get("@type")
    return any(
        isinstance(each, str) and each.endswith(("Article", "BlogPosting", "Report"))
        for each in (types if isinstance(types, list) else [types])
    )


def _names(value: object, named: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """The names of people or organisations, which may stand in objects elsewhere that are pointed at."""
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, Mapping):
            id_ = each.get("@id")
            known = named.get(id_) if isinstance(id_, str) else None
            each = each.get("name") or (known or {}).get("name")
        name = _text(each)
        if name and "://" not in name:  # a profile in place of a name
            yield name


def _text(value: object) -> str:
    return " ".join(html.unescape(value).split()) if isinstance(value, str) else ""
