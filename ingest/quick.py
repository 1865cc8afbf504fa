"""Embedding a few passages with the model as it is exported for questions: no PyTorch is loaded."""

from collections.abc import Sequence
from pathlib import Path

from index.encoder import OnnxEncoder, exported_folder, read_card
from index.types import ModelStamp, Vectors
from ingest.models import locate, weights_digest

# From here on loading sentence-transformers, some five seconds, is worth it.
FEW_PASSAGES = 128


class QuickEncoder:
    """The exported model, for passages. Its vectors are those of PassageEncoder (tested)."""

    def __init__(self, exported: OnnxEncoder) -> None:
        self._exported = exported

    @property
    def stamp(self) -> ModelStamp:
        """The model's name, digest and dimensions."""
        return self._exported.stamp

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, float32, of shape (texts, dimensions)."""
        return self._exported.encode_raw([self._exported.card.document_prompt + text for text in texts])


def quick_encoder(name: str, data_dir: Path) -> QuickEncoder | None:
    """The named model, if it has been exported from the weights that are there now.

    Raises:
        ModelError: the model is missing, or is not what it should be.
    """
    location = locate(name)
    if not Path(location).is_dir():
        return None
    folder = exported_folder(data_dir, weights_digest(name, location))
    card = read_card(folder)
    return QuickEncoder(OnnxEncoder(folder)) if card is not None and card.name == name else None
