"""An article's text cut into passages: whole sentences, paragraphs together where they fit."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache

from langchain_text_splitters import RecursiveCharacterTextSplitter, TextSplitter

from index.sentences import sentence_spans
from index.types import Passage

# Chosen on news-dev; the table is in docs/decisions/0003-passage-size.md.
PASSAGE_CHARS = 700

_PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*\s*")
# A short line of words that ends like no sentence.
_HEADING = re.compile(r"[^\W\d_][^\n]{0,78}[^\s.!?:;,…\"'”’»)\]]\s+")


class SentenceSplitter(TextSplitter):
    """langchain's greedy merge over our units, so that no piece cuts a sentence.

    A unit is a paragraph where it fits into ``chunk_size`` characters, else each of
    its sentences, else (a "sentence" of thousands of characters: a table, a list)
    runs of words. A heading stays with what it heads. Units keep the white space that
    follows them, so that pieces are exact substrings.
    """

    def __init__(self, chunk_size: int) -> None:
        super().__init__(chunk_size=chunk_size, chunk_overlap=0, strip_whitespace=True)
        self._words = RecursiveCharacterTextSplitter(
            chunk_size=chunk_size,
            chunk_overlap=0,
            separators=[" ", ""],
            keep_separator="end",
            strip_whitespace=False,
        )

    def split_text(self, text: str) -> list[str]:
        """The pieces of ``text``, in order."""
        return self._merge_splits(self._units(text), "")

    def _units(self, text: str) -> Iterator[str]:
        begin = 0
        for paragraph in _PARAGRAPH.finditer(text):
            if _HEADING.fullmatch(paragraph.group()) and paragraph.end() < len(text):
                continue
            if paragraph.end() - begin <= self._chunk_size:
                yield text[begin : paragraph.end()]
            else:
                yield from self._sentences(text, begin, paragraph.end())
            begin = paragraph.end()

    def _sentences(self, text: str, begin: int, end: int) -> Iterator[str]:
        ends = [start for start, _ in sentence_spans(text, begin, end)][1:]
        for sentence_end in [*ends, end]:
            if sentence_end - begin <= self._chunk_size:
                yield text[begin:sentence_end]
            else:
                yield from self._words.split_text(text[begin:sentence_end])
            begin = sentence_end


@cache
def _splitter(chunk_size: int) -> SentenceSplitter:
    return SentenceSplitter(chunk_size)


def split(article_id: str, text: str, chunk_size: int = PASSAGE_CHARS) -> list[Passage]:
    """The passages of an article's text, with exact offsets.

    langchain's own ``start_index`` is a search from an estimate, which on repeated text
    goes astray once lengths are not plain characters (a test shows it), so it is not
    asked: pieces do not overlap, and between one and the next there is only white
    space, which places each of them beyond doubt.
    """
    passages: list[Passage] = []
    cursor = 0
    for ordinal, piece in enumerate(_splitter(chunk_size).split_text(text)):
        while text[cursor].isspace():
            cursor += 1
        if not text.startswith(piece, cursor):
            raise AssertionError(f"piece {ordinal} of {article_id} is not at {cursor}")
        end = cursor + len(piece)
        passages.append(Passage(passage_id(article_id, cursor, piece), article_id, ordinal, cursor, end))
        cursor = end
    return passages


def embedded_text(title: str, body: str) -> str:
    """What is embedded for a passage. Changing it means embedding everything anew."""
    return f"{title}\n{body}"


def passage_id(article_id: str, start: int, text: str) -> int:
    """A positive 63-bit hash of what makes a passage itself."""
    digest = hashlib.blake2b(f"{article_id}\0{start}\0{text}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest) >> 1) or 1
