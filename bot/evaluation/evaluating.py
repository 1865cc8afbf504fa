"""``pullquote eval``: articles in, questions asked, figures out."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.evaluation.cases import Case, Group, names, read_cases
from bot.evaluation.measures import Evaluation
from bot.evaluation.report import table, to_json, write_report
from bot.evaluation.running import ask_all
from bot.evaluation.system import pullquote
from bot.ingesting import run_ingest
from bot.opening import open_engine
from bot.progress import Progress, stoppable
from bot.shared import EXIT_INTERRUPTED
from bot.terminal import plain
from index.config import Config
from index.errors import SourceError
from index.store import Store

_NAMED = 3


def run_eval(
    config: Config,
    sources: Sequence[str],
    questions: Path,
    off_corpus: Path | None = None,
    *,
    index: Path | None = None,
    report: Path | None = None,
    as_json: bool = False,
) -> int:
    """Evaluate and print the figures; returns the exit status.

    Raises:
        PullquoteError: a source or a file of questions cannot be used, or the index.
    """
    cases = _known(questions)
    if off_corpus is not None:
        cases += read_cases(off_corpus, off_corpus=True)
    for source in sources:
        _check(source)
    with _index(config, index) as indexed:
        # What an ingest reports is no figure.
        with redirect_stdout(sys.stderr):
            status = run_ingest(indexed, sources)
        if status == EXIT_INTERRUPTED:
            return status
        evaluation = _evaluated(indexed, cases, config.answer.min_confidence)
    if evaluation is None:
        return EXIT_INTERRUPTED
    click.echo(json.dumps(to_json(evaluation), ensure_ascii=False) if as_json else table(evaluation))
    if report is not None:
        write_report(evaluation, report)
        click.echo(f"report: {plain(str(report / 'report.md'))}", err=True)
    return 0


def _known(questions: Path) -> list[Case]:
    """Those questions of which it is known whether the articles answer them.

    Raises:
        SourceError: there are none, or see ``read_cases``.
    """
    cases = read_cases(questions)
    known = [case for case in cases if case.group is not Group.UNSUPPORTED]
    if not known:
        raise SourceError(str(questions), 'has no questions but such whose "supported" is false')
    if left_out := len(cases) - len(known):
        click.echo(f'note: left out, because their "supported" is false: {left_out:,} questions', err=True)
    return known


def _check(source: str) -> None:
    """Refuse a source that is not there: without it every figure would be of something else.

    Raises:
        SourceError: there is no such file or folder.
    """
    if source != "-" and not set(source) & set("*?[") and not Path(source).exists():
        raise SourceError(source, "does not exist")


@contextmanager
def _index(config: Config, folder: Path | None) -> Iterator[Config]:
    """The configuration with the index in ``folder``, else in a temporary one."""
    if folder is not None:
        yield replace(config, data_dir=folder.absolute())
        return
    with TemporaryDirectory(prefix="pullquote-eval-") as made:
        # Models are exported once, not for each evaluation.
        exported = config.data_dir.absolute() / "models"
        exported.mkdir(parents=True, exist_ok=True)
        (Path(made) / "models").symlink_to(exported)
        yield replace(config, data_dir=Path(made))


def _evaluated(config: Config, cases: Sequence[Case], threshold: float) -> Evaluation | None:
    """The evaluation over the index; None if it was stopped."""
    with (
        stoppable("stopping; nothing is written") as stopped,
        Progress("asking", len(cases)) as progress,
        open_engine(config) as engine,
    ):
        counts = engine.store.counts()
        if not counts["articles"]:
            raise SourceError("the articles", "none could be read")
        _note_missing(engine.store, cases)
        outcomes = ask_all(
            cases,
            pullquote(engine),
            lambda count: progress.update(count, f"{count:,} of {len(cases):,} questions"),
            stopped,
        )
        facts = {"articles": counts["articles"], "passages": counts["passages"]}
        return None if stopped() else Evaluation(outcomes, threshold, facts)


def _note_missing(store: Store, cases: Sequence[Case]) -> None:
    """Say which questions name none but articles that are not there: they cannot be answered rightly."""
    asked = [case for case in cases if case.group is Group.ANSWERABLE and case.articles]
    places = [(article.url, article.path) for article in store.articles()]
    held = {
        name
        for name in {name for case in asked for name in case.articles}
        if any(names(name, url, path) for url, path in places)
    }
    missing = [case for case in asked if held.isdisjoint(case.articles)]
    if missing:
        some = ", ".join(f"{case.id} ({case.articles[0]})" for case in missing[:_NAMED])
        more = " …" if len(missing) > _NAMED else ""
        count = f"{len(missing):,} question{'s name' if len(missing) > 1 else ' names'}"
        click.echo(plain(f"note: {count} only articles that are not here: {some}{more}"), err=True)
