"""What reads passages and says which part of each answers, and how surely."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

from index.errors import ModelError, first_line
from index.onnx_model import MODEL_FILE, TOKENIZER_FILE, OnnxModel
from index.spans import best_spans
from index.terms import Query
from index.types import Article, Passage, Span, Vectors

CARD_FILE = "reader.json"
SHIPPED = Path(__file__).parent / "models" / "reader"
FORMAT = 1
# Tokens of a question that are read, and those that two windows of one passage share.
QUESTION = 64
STRIDE = 64
SPANS = 5
_BATCH = 8


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What was read in a passage: spans, best first; a span's score is its margin over "no answer".

    ``whole``: the spans are sentences, to be shown as they are.
    """

    spans: tuple[Span, ...]
    whole: bool = False


class Reader(Protocol):
    """Scores (question, passage) pairs."""

    def read(self, query: Query, passages: Sequence[tuple[Article, Passage]]) -> list[PassageReading]:
        """What each passage holds, as offsets into its article; at least one span each."""


@dataclass(frozen=True, slots=True)
class ReaderCard:
    """What an exported reader is, kept beside it. ``window`` is in tokens, question included."""

    name: str
    digest: str
    window: int
    titled: bool
    format: int = FORMAT

    def to_json(self) -> str:
        """As the file that ``read_reader_card`` reads."""
        return json.dumps(asdict(self), indent=2) + "\n"


def reader_folder(data_dir: Path, name: str) -> Path:
    """Where the reader of this name is exported to."""
    return data_dir / "models" / f"reader-{hashlib.sha256(name.encode()).hexdigest()[:16]}"


def read_reader_card(folder: Path) -> ReaderCard | None:
    """The card of an exported reader, None if there is none or it is of another version."""
    try:
        card = ReaderCard(**json.loads((folder / CARD_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    complete = (folder / MODEL_FILE).exists() and (folder / TOKENIZER_FILE).exists()
    return card if complete and card.format == FORMAT else None


@dataclass(frozen=True, slots=True)
class _Window:
    """A run of a passage's tokens: where in the article each stands, and which may answer."""

    passage: int
    encoding: Any
    offsets: list[tuple[int, int]]
    allowed: list[bool]


class SpanReader:
    """A question-answering model, exported to ONNX.

    Raises:
        ModelError: it is missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        card = read_reader_card(folder)
        if card is None:
            raise ModelError(f"{folder} holds no reader: reinstall pullquote, or see reader.model")
        self.card = card
        self._tokenizing = Lock()  # how the tokenizer cuts is a state of it
        try:
            self._model = OnnxModel(folder)
        except Exception as error:
            raise ModelError(f"the reader in {folder} cannot be loaded ({first_line(error)})") from error

    def read(self, query: Query, passages: Sequence[tuple[Article, Passage]]) -> list[PassageReading]:
        """What each passage holds; one that is longer than the window is read in several."""
        with self._tokenizing:
            windows = self._windows(self._cut(query.text), passages)
        spans: list[list[Span]] = [[] for _ in passages]
        order = sorted(range(len(windows)), key=lambda i: len(windows[i].encoding.ids))
        for begin in range(0, len(order), _BATCH):
            batch = [windows[i] for i in order[begin : begin + _BATCH]]
            start, end = self._model.run([window.encoding for window in batch])
            for row, window in enumerate(batch):
                spans[window.passage].extend(_found(window, start[row], end[row]))
        return [
            PassageReading(_best(found, passage)) for found, (_, passage) in zip(spans, passages, strict=True)
        ]

    def _cut(self, question: str) -> str:
        """The question's first QUESTION tokens: what is longer leaves no room for the passage."""
        self._model.tokenizer.no_truncation()
        encoding = self._model.tokenizer.encode(question[: QUESTION * 20], add_special_tokens=False)
        self._model.tokenizer.enable_truncation(self.card.window, stride=STRIDE, strategy="only_second")
        return question[: encoding.offsets[:QUESTION][-1][1]] if encoding.offsets else ""

    def _windows(self, question: str, passages: Sequence[tuple[Article, Passage]]) -> list[_Window]:
        # A derived title is the article's own beginning: read twice, its words would win.
        openings = [
            f"{article.title}\n" if self.card.titled and article.title and not article.title_derived else ""
            for article, _ in passages
        ]
        texts = [
            opening + article.text[passage.start : passage.end]
            for opening, (article, passage) in zip(openings, passages, strict=True)
        ]
        windows: list[_Window] = []
        for i, encoding in enumerate(
            self._model.tokenizer.encode_batch([(question, text) for text in texts])
        ):
            skipped = len(openings[i])
            shift = passages[i][1].start - skipped
            for each in (encoding, *encoding.overflowing):
                allowed = [
                    sequence == 1 and start >= skipped
                    for sequence, (start, _) in zip(each.sequence_ids, each.offsets, strict=True)
                ]
                windows.append(_Window(i, each, [(a + shift, b + shift) for a, b in each.offsets], allowed))
        return windows


def _found(window: _Window, start: Vectors, end: Vectors) -> list[Span]:
    size = len(window.allowed)
    return [
        Span(window.offsets[each.first][0], window.offsets[each.last][1], each.margin)
        for each in best_spans(start[:size], end[:size], window.allowed, SPANS)
    ]


def _best(spans: Sequence[Span], passage: Passage) -> tuple[Span, ...]:
    """The best of those from all windows; the whole passage, hopelessly, where there is none."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: -span.score):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return tuple(kept[:SPANS]) or (Span(passage.start, passage.end, -1e4),)
