"""The command ``ask``."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.shared import (
    EXIT_ANSWERED,
    EXIT_NO_ANSWER,
    DateParameter,
    clean,
    version_option,
    with_config,
)
from index.config import Config
from index.types import Filters

if TYPE_CHECKING:
    from index.answer import Question
    from index.engine import Engine
    from index.types import Answer

_EPILOG = """\b
Examples:
  ask "who led the US delegation?"
  ask "what did the court decide?" --since 2024-01 --publisher "Meridian Wire"
  ask "how many were hurt?" --json | jq .citations[0].quote
  ask --batch questions.txt > answers.jsonl
  ask                                  a prompt; /new forgets what was asked, Ctrl-D leaves

Exit status: 0 answered, 1 the articles do not say, 2 error."""


def _complete_publisher(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    from bot.library import publishers

    return publishers(context.params.get("config_file"), context.params.get("data_dir"), incomplete)


@click.command(
    epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.argument("question", nargs=-1)
@click.option("-k", "citations", type=click.IntRange(1, 50), help="Passages to show.  [default: 3]")
@click.option(
    "--since",
    type=DateParameter(),
    help="Only articles published on this day or later; undated ones are left out.",
)
@click.option(
    "--until", type=DateParameter(last=True), help="Only articles published on this day or earlier."
)
@click.option("--publisher", shell_complete=_complete_publisher, help="Only articles of this publisher.")
@click.option(
    "--as-of",
    type=DateParameter(last=True),
    help='The day on which it is asked: what "this week" and "recently" refer to.  [default: today]',
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    help="Below this, say that the articles do not say.  [default: 0.62]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--explain", is_flag=True, help="Show every candidate with its features and their weights.")
@click.option(
    "--batch",
    "batch",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    is_flag=False,
    flag_value=Path("-"),
    help="Answer each line of a file (or of standard input): a question, or a JSON object"
    ' with "question" and any of "id", "as_of", "since", "until", "publisher". Prints JSON lines.',
)
@version_option
@with_config
def main(
    *,
    config: Config,
    question: tuple[str, ...],
    citations: int | None,
    since: date | None,
    until: date | None,
    publisher: str | None,
    as_of: date | None,
    min_confidence: float | None,
    as_json: bool,
    explain: bool,
    batch: Path | None,
) -> None:
    """Answer a QUESTION from the ingested articles, in their own words, with citations.

    Without a question it opens a prompt.
    """
    text = clean(" ".join(question)).strip()
    if batch is not None and text:
        raise click.UsageError("--batch takes its questions from a file or standard input, not as arguments")
    if explain and (as_json or batch is not None):
        raise click.UsageError("--explain goes with neither --json nor --batch")
    if min_confidence != min_confidence:
        raise click.UsageError("--min-confidence must be a number from 0 to 1")
    if publisher is not None and not publisher.strip():
        raise click.UsageError("--publisher is empty")
    if question and not text:
        raise click.UsageError("the question is empty")
    if since and until and since > until:
        raise click.UsageError(f"--since {since} is later than --until {until}: no article can pass")

    # Here, not above: --help and completion should not wait for them.
    from bot.opening import open_engine
    from index.answer import Question

    asked = Question(
        text=text,
        filters=Filters(since, until, publisher and clean(publisher)),
        as_of=as_of,
        citations=citations or config.answer.citations,
        min_confidence=config.answer.min_confidence if min_confidence is None else min_confidence,
    )
    with open_engine(config) as engine:
        if batch is not None:
            from bot.batch import run_batch

            sys.exit(run_batch(engine, asked, batch))
        if not text:
            from bot.prompt import run_prompt

            sys.exit(run_prompt(engine, asked, config.data_dir / "history", as_json=as_json, explain=explain))
        sys.exit(answer_one(engine, asked, as_json=as_json, explain=explain))


def answer_one(engine: "Engine", question: "Question", *, as_json: bool, explain: bool) -> int:
    """Answer one question on standard output; returns the exit status."""
    answer = engine.answer(question)
    show(engine, question, answer, as_json=as_json, explain=explain)
    return EXIT_ANSWERED if answer.answered else EXIT_NO_ANSWER


def show(engine: "Engine", question: "Question", answer: "Answer", *, as_json: bool, explain: bool) -> None:
    """Print an answer on standard output."""
    if as_json:
        from bot.wire import to_json

        click.echo(json.dumps(to_json(answer), ensure_ascii=False))
        return
    from bot.terminal import Style, render, render_explain

    style = Style.for_stream(sys.stdout)
    click.echo(render(answer, style), color=True)
    if explain:
        explained = render_explain(answer, engine.combination, question.min_confidence, style)
        click.echo("\n" + explained, color=True)


if __name__ == "__main__":
    main()
