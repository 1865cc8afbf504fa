"""What is in the index: ``pullquote articles``, ``show``, ``remove``, ``stats``."""

import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from bot.shared import EXIT_NO_ANSWER, DateParameter, clean, with_config
from bot.terminal import plain
from index import catalogue
from index.config import Config, load_config
from index.errors import PullquoteError
from index.store import Store
from index.types import Article, Filters
from index.writer import Writer


@click.command(epilog='\b\nExample:\n  pullquote articles --publisher "Meridian Wire" --since 2024-01')
@click.option("--publisher", help="Only of this publisher.")
@click.option("--since", type=DateParameter(), help="Published on this day or later.")
@click.option("--until", type=DateParameter(last=True), help="Published on this day or earlier.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@with_config
def articles(
    *, config: Config, publisher: str | None, since: date | None, until: date | None, as_json: bool
) -> None:
    """List the articles, newest first. Exit status 1 if there is none."""
    found = False
    with Store(config.data_dir) as store:
        for article in store.articles(Filters(since, until, publisher and clean(publisher))):
            found = True
            click.echo(json.dumps(_facts(article), ensure_ascii=False) if as_json else _line(article))
    sys.exit(0 if found else EXIT_NO_ANSWER)


def _line(article: Article) -> str:
    published = article.published.isoformat() if article.published else "undated   "
    return plain(f"{article.id}  {published}  {article.publisher or '–':20}  {article.title}")


def _facts(article: Article) -> dict[str, Any]:
    return {
        "article_id": article.id,
        "title": article.title,
        "title_derived": article.title_derived,
        "publisher": article.publisher,
        "authors": list(article.authors),
        "published": article.published and article.published.isoformat(),
        "modified": article.modified and article.modified.isoformat(),
        "language": article.language,
        "url": article.url,
        "path": article.path,
        "characters": len(article.text),
        "digest": article.digest,
    }


_SHORTEST_ID = 4


class _Range(click.ParamType[tuple[int, int]]):
    name = "START:END"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        start, _, end = str(value).partition(":")
        if not (start.isdecimal() and end.isdecimal() and int(start) < int(end)):
            self.fail(f"{value!r} is not a range of characters: write 1210:1384", param, ctx)
        return int(start), int(end)


@click.command(epilog="\b\nExample:\n  pullquote show 3fa9c1 --quote 1210:1384")
@click.argument("article")
@click.option("--text", is_flag=True, help="Print the text only.")
@click.option("--quote", type=_Range(), help="Print these characters of the text only.")
@with_config
def show(*, config: Config, article: str, text: bool, quote: tuple[int, int] | None) -> None:
    """Show an ARTICLE, named by its id (or the beginning of it), URL or path."""
    with Store(config.data_dir) as store:
        found = _one(store, article)
    if quote and quote[1] > len(found.text):
        raise PullquoteError(f"{article} has only {len(found.text)} characters: {quote[1]} is beyond its end")
    if quote:
        click.echo(_shown(found.text[quote[0] : quote[1]]))
    elif text:
        click.echo(_shown(found.text))
    else:
        for name, value in _facts(found).items():
            shown = ", ".join(value) if isinstance(value, list) else value
            if shown not in (None, "", False):
                click.echo(f"{name + ':':15}{plain(str(shown))}")
        click.echo("\n" + plain(found.text))


def _one(store: Store, name: str) -> Article:
    ids = _ids(store, name)
    if len(ids) > 1:
        raise _several(name, ids)
    article = store.article(ids[0])
    assert article is not None
    return article


def _ids(store: Store, name: str) -> list[str]:
    """Articles that a user means by a URL, a file, a folder, an id or its beginning."""
    from ingest.article import canonical_url, id_of_url

    name = clean(name)
    canonical = canonical_url(name)
    if canonical is not None:
        ids = [id_] if store.article(id_ := id_of_url(canonical)) else []
    else:
        ids = store.ids_at(os.path.realpath(os.path.expanduser(name))) if name and "\0" not in name else []
        if not ids and len(name) >= _SHORTEST_ID:
            ids = store.ids_starting(name)
            if len(ids) > 1:
                raise _several(name, ids)
    if not ids:
        raise PullquoteError(f"{name or 'an empty name'}: no such article; `pullquote articles` lists them")
    return ids


def _several(name: str, ids: Sequence[str]) -> PullquoteError:
    return PullquoteError(f"{name} names several articles ({', '.join(ids[:3])} …): name one")


def _shown(text: str) -> str:
    """An article's words: safe for a terminal, and to the letter elsewhere, where offsets count."""
    return plain(text) if sys.stdout.isatty() else text


@click.command(epilog="\b\nExample:\n  pullquote remove https://example.org/story")
@click.argument("articles", nargs=-1, required=True)
@with_config
def remove(*, config: Config, articles: Sequence[str]) -> None:
    """Remove ARTICLES, named by id, URL, file or folder. They are gone from every answer at once."""
    from index.vectors import VectorIndex
    from ingest.pipeline import bring_up_to_date

    Store(config.data_dir).close()  # says that there is no index, rather than make one
    with Writer(config.data_dir) as writer:
        ids = {id_: None for name in articles for id_ in _ids(writer, name)}
        count = writer.remove(ids)
        click.echo(f"{count:,} article{'s' * (count != 1)} removed")
        bring_up_to_date(VectorIndex(config.data_dir), writer)


@click.command(epilog="\b\nExample:\n  pullquote stats --json")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object.")
@with_config
def stats(*, config: Config, as_json: bool) -> None:
    """Count what is in the index and say which model made it."""
    with Store(config.data_dir) as store, store.snapshot():
        counts = store.counts()
        model = store.model()
        ((first, last, undated),) = store.rows(
            "SELECT min(published), max(published), count(*) - count(published) FROM articles"
        )
        top = catalogue.publishers(store)[:10]
        generation = store.generation()
    size = sum(file.stat().st_size for file in config.data_dir.rglob("*") if file.is_file())
    facts = {
        "articles": counts["articles"],
        "passages": counts["passages"],
        "old_revisions": counts["revisions"],
        "published": [first, last],
        "undated": undated,
        "publishers": dict(top),
        "model": model and model.name,
        "generation": generation,
        "bytes": size,
        "data_dir": str(config.data_dir),
    }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(f"{counts['articles']:,} articles, {counts['passages']:,} passages, {size / 1e6:,.0f} MB")
    if first:
        click.echo(f"published {first} to {last}" + (f", {undated:,} undated" if undated else ""))
    for publisher, n in top:
        click.echo(f"  {n:>7,}  {plain(publisher) or '(no publisher)'}")
    click.echo(f"embedding model {model.name if model else '(nothing embedded yet)'}")
    click.echo(f"in {config.data_dir}")


def publishers(config_file: Path | None, data_dir: Path | None, beginning: str) -> list[str]:
    """Publishers in the index that begin so, for completion; none where anything is amiss."""
    try:
        with Store(load_config(config_file, data_dir).data_dir) as store:
            rows = store.rows(
                "SELECT DISTINCT publisher FROM articles WHERE publisher LIKE ? || '%' LIMIT 50", (beginning,)
            )
    except PullquoteError:
        return []
    return [publisher for (publisher,) in rows]
