"""Questions whose answers are known, read from JSON lines."""

import gzip
import json
import os
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from bot.evaluation.matching import contains, exact_match
from bot.shared import clean, read_day
from index.errors import SourceError
from ingest.article import canonical_url

_MAX_LINE = 1_000_000


class Group(StrEnum):
    """What should become of a question."""

    ANSWERABLE = "answerable"
    UNANSWERABLE = "unanswerable"  # the articles do not say
    OFF_CORPUS = "off-corpus"  # nor are they about it
    UNSUPPORTED = "unsupported"  # not known: no article was found that supports the answer
    REJECTED = "rejected"  # not known, but for an answer that is wrong


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the strings accepted as its answer, and the articles that support it.

    ``articles`` are addresses, paths or ends of paths; where there are none, any
    article that holds an accepted answer supports it. ``resolved_date`` is the day or
    period (ISO 8601) that the answer's words come to. ``rejected`` are answers that are
    wrong, if they come from the ``articles`` or none are named.
    """

    id: str
    question: str
    group: Group = Group.ANSWERABLE
    answers: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    as_of: date | None = None
    kind: str = ""
    resolved_date: str | None = None
    rejected: tuple[str, ...] = ()

    def is_supported_by(self, text: str, url: str | None, path: str | None) -> bool:
        """Whether a passage is a right one: of a supporting article, with an accepted answer in it."""
        if self.articles and not any(names(each, url, path) for each in self.articles):
            return False
        return contains(text, self.answers)

    def is_rejected(self, answer: str | None, url: str | None, path: str | None) -> bool:
        """Whether an answer, quoted first from the article here, is one that is wrong.

        Only in the same words: a longer or a shorter one may be right.
        """
        if self.articles and not any(names(each, url, path) for each in self.articles):
            return False
        return exact_match(answer, self.rejected)


def names(name: str, url: str | None, path: str | None) -> bool:
    """Whether a name means the article at this address, or in this file: its path, or how that ends."""
    canonical = _canonical(name)
    if canonical is not None:
        return url is not None and _canonical(url) == canonical
    if path is None:
        return False
    parts, whole = _parts(name), PurePath(path).parts
    return bool(parts) and whole[-len(parts) :] == parts


@lru_cache(maxsize=16384)
def _canonical(url: str) -> str | None:
    return canonical_url(url)


@lru_cache(maxsize=16384)
def _parts(name: str) -> tuple[str, ...]:
    """The parts of a path as an article's would have them, links resolved where it is absolute."""
    path = PurePath(os.path.realpath(name) if Path(name).is_absolute() else os.path.normpath(name))
    return tuple(part for part in path.parts if part not in ("..", "."))


def read_cases(path: Path, *, off_corpus: bool = False) -> list[Case]:
    """The questions of a .jsonl or .jsonl.gz file, all of them ``off_corpus`` if so told.

    Raises:
        SourceError: the file cannot be read or has no questions, or a line is none; names it.
    """
    cases = [_case(fields, where, off_corpus) for where, fields in _objects(path)]
    if not cases:
        raise SourceError(str(path), "has no questions")
    return cases


def _objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each line's object, and the file and line it stands in.

    Raises:
        SourceError: see ``read_cases``.
    """
    try:
        with _opened(path) as file:
            number = 0
            while line := file.readline(_MAX_LINE + 1):
                number += 1
                where = f"{path}:{number}"
                if len(line) > _MAX_LINE:
                    raise SourceError(where, f"is longer than {_MAX_LINE:,} bytes")
                if line.strip(b" \t\r\n\xef\xbb\xbf"):
                    yield where, _object(line, where)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceError(str(path), f"is damaged or incomplete as gzip data ({error})") from error
    except OSError as error:
        raise SourceError(str(path), f"cannot be read: {error.strerror or error}") from error


def _opened(path: Path) -> AbstractContextManager[BinaryIO]:
    return gzip.open(path, "rb") if path.name.endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def _object(line: bytes, where: str) -> dict[str, Any]:
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SourceError(where, "is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(where, f"is not valid JSON: {error}") from error
    if not isinstance(value, dict):
        raise SourceError(where, 'is no object with a "question"')
    return value


def _case(fields: Mapping[str, Any], where: str, off_corpus: bool) -> Case:
    question = clean(_text(fields, "question", where))
    if not question:
        raise SourceError(where, '"question" is missing or empty')
    answers = _strings(fields, ("answers", "answer"), where)
    rejected = _strings(fields, ("rejected",), where)
    group = Group.OFF_CORPUS if off_corpus else _group(fields, answers, rejected, where)
    number = where.rpartition(":")[2]
    id_ = fields.get("id")
    return Case(
        id=clean(str(id_)) if isinstance(id_, str | int) and id_ != "" else number,
        question=question,
        group=group,
        answers=answers,
        articles=_strings(fields, ("supported_urls", "articles", "article"), where),
        as_of=_day(fields, where),
        kind=clean(_text(fields, "kind", where)),
        resolved_date=_text(fields, "resolved_date", where).strip() or None,
        rejected=rejected,
    )


def _group(
    fields: Mapping[str, Any], answers: tuple[str, ...], rejected: tuple[str, ...], where: str
) -> Group:
    answerable, supported = _flag(fields, "answerable", where), _flag(fields, "supported", where)
    if not answers:
        if rejected and answerable is not False:
            return Group.REJECTED
        if answerable is None and supported is False:
            return Group.UNSUPPORTED
        if answerable or supported:
            raise SourceError(where, 'is answerable, but has no "answers" to compare with')
        # A misspelt "answers" must not make it a question without one.
        if answerable is None and not {"answers", "answer"} & fields.keys():
            raise SourceError(where, 'has neither "answers" nor "answerable": false')
        return Group.UNANSWERABLE
    if supported is not None:
        return Group.ANSWERABLE if supported else Group.UNSUPPORTED
    return Group.UNANSWERABLE if answerable is False else Group.ANSWERABLE


def _flag(fields: Mapping[str, Any], name: str, where: str) -> bool | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, bool):
        raise SourceError(where, f'"{name}" must be true or false, not {value!r}')
    return value


def _text(fields: Mapping[str, Any], name: str, where: str) -> str:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        raise SourceError(where, f'"{name}" must be text, not {value!r}')
    return value or ""


def _strings(fields: Mapping[str, Any], keys: Iterable[str], where: str) -> tuple[str, ...]:
    """The strings under any of the keys; one string counts as a list of it."""
    found: dict[str, None] = {}
    for key in keys:
        value = fields.get(key)
        value = [] if value is None else [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise SourceError(where, f'"{key}" must be a list of strings')
        found |= dict.fromkeys(filter(None, map(clean, value)))
    return tuple(found)


def _day(fields: Mapping[str, Any], where: str) -> date | None:
    name = "as_of" if fields.get("as_of") is not None else "date"
    value = _text(fields, name, where).strip()
    try:
        return read_day(value, last=True) if value else None
    except ValueError as error:
        raise SourceError(where, f'"{name}" must be a date such as 2024-01-29, not {value!r}') from error
