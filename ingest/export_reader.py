"""A question-answering model to ONNX, once, so that a question needs no torch."""

import hashlib
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.errors import ModelError, first_line
from index.onnx_model import MODEL_FILE, TOKENIZER_FILE
from index.reader import CARD_FILE, ReaderCard, read_reader_card, reader_folder
from ingest.models import weights_digest

_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_WINDOW = 384


def ensure_reader(name: str, data_dir: Path) -> Path:
    """The folder of the exported reader of this name, exported now if it has not been.

    ``name`` is a Hugging Face id or the folder of a question-answering model.

    Raises:
        ModelError: it cannot be had, is no question-answering model, or cannot be exported.
    """
    folder = reader_folder(data_dir, name)
    card = read_reader_card(folder)
    local = Path(name).expanduser().is_dir()
    if card and card.name == name and not (local and card.digest != weights_digest(name, name)):
        return folder
    model, tokenizer, location = _load(name)
    window = min(_WINDOW, int(getattr(model.config, "max_position_embeddings", _WINDOW + 2)) - 2)
    card = ReaderCard(name, weights_digest(name, location), window, titled=False)
    inputs = [each for each in tokenizer.model_input_names if each in _INPUTS]

    def write(into: Path) -> None:
        write_onnx(model, inputs, into / MODEL_FILE)
        tokenizer.backend_tokenizer.save(str(into / TOKENIZER_FILE))
        (into / CARD_FILE).write_text(card.to_json(), encoding="utf-8")

    try:
        write_whole(folder, write)
    except OSError as error:
        raise ModelError(f"{folder} cannot be written: {error.strerror or error}") from error
    except Exception as error:
        raise ModelError(
            f"the reader {name} cannot be exported to ONNX ({first_line(error)}):"
            " choose another in reader.model"
        ) from error
    return folder


def write_onnx(model: Any, inputs: list[str], file: Path) -> None:
    """Export a question-answering model of transformers' that takes the named token arrays."""
    import torch

    class Positional(torch.nn.Module):  # type: ignore[misc]
        """Takes the inputs in their order: the models disagree about theirs."""

        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *arrays: Any) -> Any:
            given = self.model(**dict(zip(inputs, arrays, strict=True)))
            return given.start_logits, given.end_logits

    example = torch.ones((2, 8), dtype=torch.long)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Positional().eval(),
            tuple(example.clone() for _ in inputs),
            str(file),
            input_names=inputs,
            output_names=["start", "end"],
            dynamic_axes={each: {0: "batch", 1: "tokens"} for each in (*inputs, "start", "end")},
            opset_version=17,
            dynamo=False,
        )


def write_whole(folder: Path, write: Callable[[Path], None]) -> None:
    """Fill ``folder`` through ``write(into)``, all of it or nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".export-"))
    work.chmod(0o755)
    try:
        write(work)
        if folder.exists():
            shutil.rmtree(folder)
        work.replace(folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _load(name: str) -> tuple[Any, Any, str]:
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    folder = Path(name).expanduser()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from huggingface_hub import snapshot_download
            from transformers import AutoModelForQuestionAnswering, AutoTokenizer
            from transformers.utils import logging

            logging.set_verbosity_error()  # type: ignore[no-untyped-call]
            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            location = str(folder)
            if not folder.is_dir():
                location = snapshot_download(name, ignore_patterns=["*.onnx", "*.msgpack", "*.h5", "*.ot"])
            tokenizer = AutoTokenizer.from_pretrained(location)
            model, told = AutoModelForQuestionAnswering.from_pretrained(
                location, output_loading_info=True, attn_implementation="eager"
            )
    except Exception as error:
        raise ModelError(
            f"the reader {name} cannot be loaded: give reader.model a folder, or a Hugging Face id that this"
            f" machine can reach ({first_line(error)})"
        ) from error
    if any("qa_outputs" in key for key in told["missing_keys"]):
        raise ModelError(f"{name} is not a question-answering model: choose another in reader.model")
    return model.eval(), tokenizer, location


def digest_of(file: Path) -> str:
    """SHA-256 of a file, hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
