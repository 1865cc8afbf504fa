"""Embedding passages with sentence-transformers, as fast as this CPU can without changing the result."""

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.encoder import ModelCard, OnnxEncoder, exported_folder, read_card
from index.errors import ModelError, first_line
from index.types import ModelStamp, Vectors
from ingest.export import export
from ingest.models import locate, weights_digest

# bfloat16 is used only where it gives the same vectors as float32 to this cosine.
BF16_COSINE = 0.999
_BATCH = 32
_PROBES = (
    "Who led the delegation?",
    "The harbour reopened on Tuesday after a storm that had closed it for nine days.",
    "Prices rose by 3.4% in March, the central bank said, and are expected to fall again by the autumn."
    " Economists had forecast 3.1%; unions called for a pay rise that keeps up with them.",
)


class PassageEncoder:
    """sentence-transformers' model, in bfloat16 where that is native and gives the same.

    Making one exports the model for the question's path if that has not been done, or
    was done from other weights. It takes some seconds: make it only when there is
    something to embed.

    Raises:
        ModelError: the model is missing, not what it should be, or cannot be exported.
    """

    def __init__(self, name: str, data_dir: Path) -> None:
        location = locate(name)
        model, location = _load(name, location)
        digest = weights_digest(name, location)
        folder = exported_folder(data_dir, digest)
        card = read_card(folder)
        if card is None or card.name != name:
            card = export(model, name, digest, folder)
        self.card: ModelCard = card
        self._model = model
        self.bf16 = _use_bf16(model, OnnxEncoder(folder))

    @property
    def stamp(self) -> ModelStamp:
        """The model's name, digest and dimensions."""
        return self.card.stamp

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of passages, float32, of shape (texts, dimensions)."""
        return _encode(self._model, [self.card.document_prompt + text for text in texts])


def _load(name: str, location: str) -> tuple[Any, str]:
    """The model in float32 on the CPU, and the folder its files are in."""
    local = Path(location).is_dir()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from huggingface_hub import snapshot_download
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            if not local:
                location = snapshot_download(
                    location, ignore_patterns=["*.onnx", "*.msgpack", "*.h5", "*.ot", "openvino/*", "*.gguf"]
                )
            model = SentenceTransformer(location, device="cpu", local_files_only=True)
    except Exception as error:
        raise ModelError(
            f"the embedding model {name} cannot be loaded: give embedding.model a folder, or a Hugging Face"
            f" id that this machine can reach ({first_line(error)})"
        ) from error
    return model.eval(), location


def _encode(model: Any, texts: Sequence[str]) -> Vectors:
    vectors = model.encode(
        list(texts),
        batch_size=_BATCH,
        convert_to_tensor=True,
        normalize_embeddings=True,
        show_progress_bar=False,
    )
    result = vectors.float().numpy()
    # bfloat16 rounds the norm too.
    result /= np.linalg.norm(result, axis=1, keepdims=True)
    return np.asarray(result, np.float32)


def _use_bf16(model: Any, reference: OnnxEncoder) -> bool:
    """Turn the model to bfloat16 if this CPU computes it natively and the vectors stay the same."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    if not (capabilities.get("avx512_bf16") or capabilities.get("amx_bf16")):
        return False
    expected = reference.encode_raw(_PROBES)
    model.bfloat16()
    if float((expected * _encode(model, _PROBES)).sum(axis=1).min()) >= BF16_COSINE:
        return True
    model.float()
    return False
