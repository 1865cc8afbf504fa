"""What flows through the system: plain, frozen data.

Every offset, everywhere, is a character offset into ``Article.text``.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[np.float32]  # one vector, or one a row; of unit length
else:
    Vectors = Any  # numpy takes a third of the start of a command that needs no vectors


@dataclass(frozen=True, slots=True)
class Article:
    """One revision of one article.

    ``text`` is normalised (NFC, ``\\n`` newlines, no trailing blanks) and never
    changes. ``id`` is stable for a source; ``digest`` is the SHA-256 of the text
    and the metadata. ``line_starts`` are the offsets in ``text`` at which the lines
    of the local file begin, the first of which is the file's line ``line``.
    """

    id: str
    text: str
    title: str
    digest: str
    title_derived: bool = False
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: date | None = None
    modified: date | None = None
    url: str | None = None
    path: str | None = None
    language: str | None = None
    line: int | None = None
    line_starts: tuple[int, ...] = (0,)

    def line_at(self, offset: int) -> int | None:
        """The line of the local file that holds ``offset``, counted from 1."""
        if self.line is None:
            return None
        return self.line + max(0, bisect_right(self.line_starts, offset) - 1)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article; its text is ``article.text[start:end]``.

    ``id`` is a positive 63-bit hash of article id, start and text, and is the id in
    the lexical and the vector index too: the same id always means the same text.
    """

    id: int
    article_id: str
    ordinal: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer: dates inclusive, publisher compared without case."""

    since: date | None = None
    until: date | None = None
    publisher: str | None = None

    def __bool__(self) -> bool:
        return any((self.since, self.until, self.publisher))


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage and why it was: cosine, BM25 (positive), fused score; ranks from 1.

    ``lexical`` and the ranks are None where that retriever did not return the passage.
    """

    passage: Passage
    fused: float
    dense: float | None = None
    lexical: float | None = None
    dense_rank: int | None = None
    lexical_rank: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Part of an article that answers; ``score`` is the reader's margin over "no answer"."""

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may be the answer, what speaks for it, and what that comes to.

    ``start`` and ``end`` are offsets into the article. ``features`` are named as in
    combination.json; ``score`` is their weighted sum and ``share`` its softmax over the
    question's candidates. ``cluster`` numbers the answers that are the same by value.
    """

    hit: Hit
    article: Article
    start: int
    end: int
    features: Mapping[str, float]
    score: float = 0.0
    share: float = 0.0
    cluster: int = 0

    @property
    def text(self) -> str:
        """The span's words."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote with everything needed to find it again.

    ``resolved_date`` is the day or period (ISO 8601) that the answer's words come to,
    told from the day the article was written.

    The constructor refuses a quote that is not ``article.text[start:end]``, or an
    answer that lies outside its quote, so no such citation can exist.
    """

    article: Article
    start: int
    end: int
    quote: str
    deep_link: str
    score: float
    answer_start: int | None = None
    answer_end: int | None = None
    resolved_date: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.article.text):
            raise ValueError(f"quote {self.start}:{self.end} lies outside article {self.article.id}")
        if self.quote != self.article.text[self.start : self.end]:
            raise ValueError(f"quote {self.start}:{self.end} is not the text of {self.article.id}")
        if (self.answer_start is None) != (self.answer_end is None):
            raise ValueError("an answer has both a start and an end, or neither")
        if self.answer_start is None or self.answer_end is None:
            return
        if not self.start <= self.answer_start < self.answer_end <= self.end:
            raise ValueError("the answer lies outside its quote")

    @property
    def answer(self) -> str | None:
        """The answer's words, None where the quote is only a near passage."""
        if self.answer_start is None:
            return None
        return self.article.text[self.answer_start : self.answer_end]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question came to. ``citations`` are best first.

    When not ``answered``, ``text`` is None, ``reason`` says why in a short sentence
    and the citations are the nearest passages. ``confidence`` is the probability, in
    [0, 1], that the best candidate answers rightly; ``timings`` are milliseconds by
    stage. ``candidates`` are all that were considered, best first; ``verdict`` holds
    what the confidence was computed from.
    """

    question: str
    answered: bool
    text: str | None
    confidence: float
    citations: tuple[Citation, ...]
    as_of: date
    reason: str | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    verdict: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Revision:
    """What an article said before it was replaced (``replaced_at``: UTC, ISO 8601)."""

    text: str
    digest: str
    replaced_at: str


@dataclass(frozen=True, slots=True)
class ModelStamp:
    """Which embedding model made the vectors: the name it was asked for by, and its weights' SHA-256."""

    name: str
    digest: str
    dimensions: int
