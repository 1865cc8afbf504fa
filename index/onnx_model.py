"""An exported model and its tokenizer, open on ONNX Runtime: what encoder and reader have in common."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

MODEL_FILE = "model.onnx"
TOKENIZER_FILE = "tokenizer.json"


class OnnxModel:
    """A session on the CPU, and the tokenizer beside it, which does not pad.

    Raises whatever ONNX Runtime or tokenizers raise at a damaged file.
    """

    def __init__(self, folder: Path) -> None:
        # It would report its use and leave an id in the user's home.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        # Here, not above: a command that runs no model should not wait for them.
        import onnxruntime
        from tokenizers import Tokenizer

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        # A thread that spins while it waits takes the core from whoever has work: a question takes a tenth
        # longer and a third more of the processor.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        self.tokenizer.no_padding()
        self._session = onnxruntime.InferenceSession(
            str(folder / MODEL_FILE), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = [each.name for each in self._session.get_inputs()]

    def run(self, encodings: Sequence[Any]) -> list[Any]:
        """The model's outputs for tokenised texts, padded here to the longest of them."""
        shape = (len(encodings), max(len(encoding.ids) for encoding in encodings))
        arrays = {name: np.zeros(shape, np.int64) for name in self._inputs}
        for row, encoding in enumerate(encodings):
            size = len(encoding.ids)
            arrays["input_ids"][row, :size] = encoding.ids
            arrays["attention_mask"][row, :size] = 1
            if "token_type_ids" in arrays:
                arrays["token_type_ids"][row, :size] = encoding.type_ids
        return list(self._session.run(None, arrays))
