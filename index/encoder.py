"""Embeddings on the path of a question: ONNX Runtime and tokenizers, nothing heavier."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from index.errors import ModelError, first_line
from index.onnx_model import MODEL_FILE, TOKENIZER_FILE, OnnxModel
from index.types import ModelStamp, Vectors

CARD_FILE = "model.json"
FORMAT = 1
_BATCH = 32


class Encoder(Protocol):
    """Turns texts into unit vectors. ``stamp`` says which model does it."""

    @property
    def stamp(self) -> ModelStamp:
        """The model's name, digest and dimensions."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, of shape (texts, dimensions)."""


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What an exported model is, kept beside it.

    ``digest`` is the SHA-256 of the weights that it was exported from; the prompts are
    put before questions and passages where the model was trained with them.
    """

    name: str
    digest: str
    dimensions: int
    max_tokens: int
    query_prompt: str = ""
    document_prompt: str = ""
    format: int = FORMAT

    @property
    def stamp(self) -> ModelStamp:
        """The part of it that the index records."""
        return ModelStamp(self.name, self.digest, self.dimensions)

    def to_json(self) -> str:
        """As the file that ``read_card`` reads."""
        return json.dumps(asdict(self), indent=2) + "\n"


def exported_folder(data_dir: Path, digest: str) -> Path:
    """Where the model whose weights have this SHA-256 is exported to."""
    return data_dir / "models" / digest[:16]


def read_card(folder: Path) -> ModelCard | None:
    """The card of an exported model, None if there is none or it is of another version."""
    try:
        card = ModelCard(**json.loads((folder / CARD_FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    complete = (folder / MODEL_FILE).exists() and (folder / TOKENIZER_FILE).exists()
    return card if complete and card.format == FORMAT else None


class OnnxEncoder:
    """Encodes questions with a model that ingest has exported.

    Raises:
        ModelError: the exported model is missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        card = read_card(folder)
        if card is None:
            raise ModelError(f"{folder} holds no exported model: `pullquote ingest SOURCE` makes it")
        self.card = card
        try:
            self._model = OnnxModel(folder)
        except Exception as error:
            raise ModelError(
                f"the exported model in {folder} cannot be loaded: `pullquote doctor --repair` exports it"
                f" again ({first_line(error)})"
            ) from error
        self._model.tokenizer.enable_truncation(card.max_tokens)

    @property
    def stamp(self) -> ModelStamp:
        """The model's name, digest and dimensions."""
        return self.card.stamp

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of questions, float32, of shape (texts, dimensions)."""
        return self.encode_raw([self.card.query_prompt + text for text in texts])

    def encode_raw(self, texts: Sequence[str]) -> Vectors:
        """As ``encode``, without the model's prompt for questions."""
        vectors = np.empty((len(texts), self.card.dimensions), np.float32)
        encodings = self._model.tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            (vectors[rows],) = self._model.run([encodings[i] for i in rows])
        return vectors


class HashEncoder:
    """A deterministic stand-in for tests: each word is a direction drawn from its hash.

    Texts that share words are near each other; nothing is loaded.
    """

    def __init__(self, dimensions: int = 64, name: str = "hash") -> None:
        self.stamp = ModelStamp(name, hashlib.sha256(f"{name}{dimensions}".encode()).hexdigest(), dimensions)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32, of shape (texts, dimensions)."""
        vectors = np.zeros((len(texts), self.stamp.dimensions), np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()) or [""]:
                seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
                vectors[row] += np.random.default_rng(seed).standard_normal(self.stamp.dimensions)
            vectors[row] /= np.linalg.norm(vectors[row])
        return vectors
