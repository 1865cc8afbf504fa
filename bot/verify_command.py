"""``pullquote verify``: does a citation still hold?"""

import json
import sys
from pathlib import Path
from typing import Any

import click

from bot.shared import EXIT_NO_ANSWER, clean, standard_input, with_config
from bot.terminal import plain
from index.config import Config
from index.errors import SourceError
from index.store import Store
from index.verify import verify as verify_citation

_EPILOG = """\b
Examples:
  ask "who led the US delegation?" --json | pullquote verify -
  pullquote verify '{"article_id": "3fa9…", "quote": "…", "start": 1210, "end": 1384}'

Exit status: 0 all found or moved, 1 any changed or gone, 2 error."""


@click.command(epilog=_EPILOG)
@click.argument("citation")
@with_config
def verify(*, config: Config, citation: str) -> None:
    """Say whether a CITATION's quote is found, moved, changed or gone.

    CITATION is JSON as `ask --json` prints it (a citation, or a whole answer), a file that
    holds it, or - for standard input.
    """
    holds = True
    with Store(config.data_dir) as store:
        for each in _citations(citation):
            id_ = clean(str(each.get("article_id", "")))
            ids = store.ids_starting(id_) if id_ else []
            id_ = ids[0] if len(ids) == 1 else id_
            verdict = verify_citation(each, store.article(id_), store.revisions(id_))
            holds &= verdict.status in {"found", "moved"}
            click.echo(plain(f"{verdict.status}: {verdict.explanation}"))
    if not holds:
        sys.exit(EXIT_NO_ANSWER)


def _citations(given: str) -> list[dict[str, Any]]:
    """The citations in JSON, a file of it, or standard input.

    Raises:
        SourceError: it is no JSON of a citation or of an answer.
    """
    name = "the citation"
    text = given
    if given == "-":
        name = "standard input"
        text = standard_input().read()
    elif not given.lstrip().startswith(("{", "[")):
        name = given
        try:
            text = Path(given).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SourceError(
                given, f"cannot be read: {getattr(error, 'strerror', None) or error}"
            ) from error
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SourceError(name, f"is not JSON: {error}") from error
    if isinstance(value, dict) and "citations" in value:
        value = value["citations"]
    found = value if isinstance(value, list) else [value]
    if not found or not all(isinstance(each, dict) for each in found):
        raise SourceError(name, "holds no citation: give a citation or an answer as `ask --json` prints it")
    return found
