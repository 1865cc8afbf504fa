"""Examples as tensors: tokenised, marked, padded to the longest of their batch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import torch
from tokenizers import Tokenizer

from training.examples import Candidate, Example
from training.model import QUESTION

PADDED = 32


@dataclass(frozen=True, slots=True)
class Row:
    """A tokenised pair: ``starts`` and ``ends`` are the tokens where answers begin and end, [0] if none."""

    ids: list[int]
    types: list[int]
    starts: list[int]
    ends: list[int]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of equal length; ``group`` says which rows compete (same number)."""

    ids: torch.Tensor
    mask: torch.Tensor
    types: torch.Tensor
    allowed: torch.Tensor
    starts: torch.Tensor
    ends: torch.Tensor
    group: torch.Tensor

    def to(self, device: torch.device) -> "Batch":
        """The batch on another device."""
        return Batch(*(getattr(self, name).to(device) for name in self.__slots__))


def passage_text(candidate: Candidate) -> tuple[str, int]:
    """Title and text as the reader sees them, and where in it the text begins."""
    opening = f"{candidate.title}\n" if candidate.title else ""
    return opening + candidate.text, len(opening)


def rows_of(tokenizer: Tokenizer, example: Example, titles: bool = True) -> list[Row]:
    """One row for each passage."""
    question = _cut(tokenizer, example.question)
    texts = [passage_text(each if titles else Candidate(each.text)) for each in example.passages]
    encodings = tokenizer.encode_batch([(question, text) for text, _ in texts])
    rows = []
    for encoding, (_, shift), candidate in zip(encodings, texts, example.passages, strict=True):
        spans = [(start + shift, end + shift) for start, end in candidate.answers]
        starts, ends = _marked(encoding, spans)
        rows.append(Row(encoding.ids, encoding.type_ids, starts or [0], ends or [0]))
    return rows


def _cut(tokenizer: Tokenizer, question: str) -> str:
    encoding = tokenizer.encode(question, add_special_tokens=False)
    return question if len(encoding.ids) <= QUESTION else question[: encoding.offsets[QUESTION][0]]


def _marked(encoding: object, spans: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    starts, ends = [], []
    for start, end in spans:
        first = encoding.char_to_token(start, 1)  # type: ignore[attr-defined]
        last = encoding.char_to_token(end - 1, 1)  # type: ignore[attr-defined]
        if first is not None and last is not None:
            starts.append(first)
            ends.append(last)
    return starts, ends


def collate(groups: Sequence[Sequence[Row]]) -> Batch:
    """One batch; tokens beyond a row's end and those of the question cannot be an answer."""
    rows = [row for group in groups for row in group]
    # Few lengths: the CPU's kernels are compiled anew for each.
    length = -(-max(len(row.ids) for row in rows) // PADDED) * PADDED
    shape = (len(rows), length)
    ids, types, mask = (torch.zeros(shape, dtype=torch.long) for _ in range(3))
    starts, ends, allowed = (torch.zeros(shape, dtype=torch.bool) for _ in range(3))
    for i, row in enumerate(rows):
        count = len(row.ids)
        ids[i, :count] = torch.tensor(row.ids)
        types[i, :count] = torch.tensor(row.types)
        mask[i, :count] = 1
        starts[i, row.starts] = True
        ends[i, row.ends] = True
        allowed[i, :count] = types[i, :count] == 1
        allowed[i, count - 1] = False
        allowed[i, 0] = True
    group = torch.tensor([number for number, group in enumerate(groups) for _ in group])
    return Batch(ids, mask, types, allowed, starts, ends, group)


def batches(groups: Sequence[Sequence[Row]], size: int, random: Random) -> Iterator[list[Sequence[Row]]]:
    """Groups of like length together, ``size`` rows to a batch, in random order."""
    order = list(range(len(groups)))
    random.shuffle(order)
    chunk = 64 * size
    made: list[list[Sequence[Row]]] = []
    for begin in range(0, len(order), chunk):
        part = sorted(order[begin : begin + chunk], key=lambda i: max(len(row.ids) for row in groups[i]))
        batch: list[Sequence[Row]] = []
        for i in part:
            batch.append(groups[i])
            if sum(map(len, batch)) >= size:
                made.append(batch)
                batch = []
        if batch:
            made.append(batch)
    random.shuffle(made)
    yield from made
