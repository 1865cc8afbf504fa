"""Export a trained reader: to ONNX in int8 for the product, and as a Hugging Face folder.

    python -m training.export data/training/stage2 --out index/models/reader [--float]
    python -m training.export data/training/stage2 --hugging-face data/training/hf

The product loads the first with ONNX Runtime; the second loads with transformers'
AutoModelForQuestionAnswering, and so in other tools.
"""

import argparse
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForQuestionAnswering, AutoTokenizer

from index.onnx_model import MODEL_FILE, TOKENIZER_FILE
from index.reader import CARD_FILE, ReaderCard
from ingest.export_reader import digest_of, write_onnx
from training.model import WINDOW, ReaderModel

NAME = "pullquote-reader"
_INPUTS = ["input_ids", "attention_mask", "token_type_ids"]


def question_answering(trained: Path) -> Any:
    """A trained reader as transformers' model, without the relevance that served its training."""
    model = ReaderModel.from_encoder(trained / "encoder")
    model.load_state_dict(torch.load(trained / "reader.pt", weights_only=True))
    config = AutoConfig.from_pretrained(trained / "encoder", attn_implementation="eager")
    other = AutoModelForQuestionAnswering.from_config(config)  # type: ignore[no-untyped-call]
    other.base_model.load_state_dict(model.encoder.state_dict(), strict=False)
    other.qa_outputs.load_state_dict(model.qa_outputs.state_dict())
    return other.eval()


def export(trained: Path, out: Path, *, quantized: bool) -> None:
    """Write model.onnx, tokenizer.json and reader.json."""
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        plain = Path(scratch) / MODEL_FILE
        write_onnx(question_answering(trained), _INPUTS, plain)
        if quantized:
            quantize(plain, out / MODEL_FILE)
        else:
            shutil.copyfile(plain, out / MODEL_FILE)
    shutil.copyfile(trained / "encoder" / "tokenizer.json", out / TOKENIZER_FILE)
    card = ReaderCard(NAME, digest_of(trained / "reader.pt"), WINDOW, titled=True)
    (out / CARD_FILE).write_text(card.to_json(), encoding="utf-8")


def quantize(plain: Path, into: Path) -> None:
    """Weights in int8, one scale a channel; activations are quantized as they come."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    prepared = plain.with_name("prepared.onnx")
    quant_pre_process(plain, prepared, skip_symbolic_shape=True)
    quantize_dynamic(prepared, into, weight_type=QuantType.QInt8, per_channel=True)


def export_hugging_face(trained: Path, out: Path) -> None:
    """A folder that AutoModelForQuestionAnswering loads."""
    model = question_answering(trained)
    model.save_pretrained(out)
    # Without the length other tools would not know where to cut.
    length = model.config.max_position_embeddings
    AutoTokenizer.from_pretrained(trained / "encoder", model_max_length=length).save_pretrained(out)


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("trained", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--float", action="store_true", help="keep the weights in float32")
    parser.add_argument("--hugging-face", type=Path)
    arguments = parser.parse_args()
    if arguments.out:
        export(arguments.trained, arguments.out, quantized=not arguments.float)
    if arguments.hugging_face:
        export_hugging_face(arguments.trained, arguments.hugging_face)


if __name__ == "__main__":
    main()
