"""``pullquote eval``: the command; ``bot/evaluation/`` does it."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from bot.shared import with_config
from index.config import AnswerConfig, Config

_EPILOG = """\b
QUESTIONS is a file of JSON lines, .jsonl or .jsonl.gz:
  {"question": "Who led the talks?", "answers": ["Jennifer Daskal", "Daskal"]}
  {"question": "When do they resume?", "answers": ["in May"], "articles": ["talks.txt"], "date": "2024-01-31"}
  {"question": "Who paid for them?", "answerable": false}
"answers" are the strings that are accepted, and "articles" (paths, file names or addresses) those that
support them: without it any article does that holds one. "date" is the day it is asked on,
"resolved_date" the one that a right answer comes to. "rejected" are answers that people have called
wrong; a question with these alone asks whether one is still given. "id" and "kind" are for the report.

\b
Examples:
  pullquote eval ~/articles questions.jsonl
  pullquote eval ~/articles questions.jsonl --report report     and open report/report.md
  pullquote eval wire.jsonl.gz q.jsonl --offcorpus other.jsonl  other news must not be answered
  pullquote eval ~/articles q.jsonl --index data/eval           quicker the second time
  pullquote eval ~/articles q.jsonl --json | jq .measures.right

Exit status: 0 it ran, 2 error, 130 stopped by Ctrl-C."""


@click.command("eval", epilog=_EPILOG)
@click.argument("articles", nargs=-1, required=True)
@click.argument("questions", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--offcorpus",
    type=click.Path(path_type=Path, dir_okay=False),
    help="More questions, on other news than the articles': none must be answered.",
)
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    help="Confidence from which on an answer counts as given."
    f"  [default: {AnswerConfig().min_confidence:g}, or as configured]",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for a report with pictures and everything that went wrong.",
)
@click.option(
    "--index",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder that keeps the index for the next time; what is in it already is asked too."
    "  [default: a temporary one]",
)
@with_config
def evaluate(
    *,
    config: Config,
    articles: Sequence[str],
    questions: Path,
    offcorpus: Path | None,
    min_confidence: float | None,
    as_json: bool,
    report: Path | None,
    index: Path | None,
) -> None:
    """Measure how good the answers are, on your own ARTICLES and QUESTIONS.

    The articles go into a temporary index, each question is asked as of its date, and what
    comes is compared with the answers that are accepted: right passages, exact answers,
    false answers, whether confidence can be trusted, and time.
    """
    # Here, not above: help and completion should not wait for it.
    from bot.evaluation.evaluating import run_eval

    if min_confidence is not None:
        if min_confidence != min_confidence:
            raise click.UsageError("--min-confidence must be a number from 0 to 1")
        config = replace(config, answer=replace(config.answer, min_confidence=min_confidence))
    sys.exit(run_eval(config, articles, questions, offcorpus, index=index, report=report, as_json=as_json))
