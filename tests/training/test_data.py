"""What the reader is taught: marked where the sources say, refused where they are not of the form."""

import gzip
import json
from pathlib import Path
from random import Random

import pytest

from training.examples import Candidate, Example, read_examples, write_examples
from training.sources import detokenised, occurrences, qamr


def test_examples_come_back_as_they_were_written(tmp_path: Path) -> None:
    made = [Example("Who led?", (Candidate("Led by Ann.", "Talks", ((7, 10),)), Candidate("No.", "Other")))]
    assert write_examples(tmp_path / "e.jsonl.gz", made) == 1
    assert list(read_examples(tmp_path / "e.jsonl.gz")) == made


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"question": "q"}',
        '{"question": "q", "passages": [{"text": "abc", "answers": [[2, 9]]}]}',
        '{"question": "q", "passages": [{"text": "abc", "answers": [[2, 2]]}]}',
    ],
)
def test_a_line_of_another_form_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "e.jsonl").write_text(f'{{"question": "q", "passages": []}}\n{line}\n')
    with pytest.raises(ValueError, match=r"e\.jsonl:2: not an example"):
        list(read_examples(tmp_path / "e.jsonl"))


def test_treebank_tokens_become_running_text() -> None:
    tokens = [
        "``",
        "It",
        "is",
        "n't",
        "ours",
        "''",
        ",",
        "said",
        "Poe",
        "-LRB-",
        "40",
        "-RRB-",
        "of",
        "$",
        "5",
        ".",
    ]
    text, spans = detokenised(tokens)
    assert text == '"It isn\'t ours", said Poe (40) of $5.'
    assert text[slice(*spans[8])] == "Poe"


def test_answers_stand_as_whole_words_the_longer_one_first() -> None:
    text = "Biden met Joe Biden's aides; Bidens agreed."
    found = occurrences(text, ["Biden", "Joe Biden"])
    assert [text[start:end] for start, end in found] == ["Biden", "Joe Biden"]


def test_qamr_marks_the_answer_wherever_its_sentence_is_put(tmp_path: Path) -> None:
    sentences = [{"id": f"w:1:{i}:0", "tokens": ["Ann", "led", "group", str(i), "."]} for i in range(9)]
    questions = [{"sentence": "w:1:4:0", "question": "Who?", "answer_tokens": [[0], [0], [0, 1]]}] * 40
    for name, objects in (("sentences", sentences), ("questions", questions)):
        with gzip.open(tmp_path / f"{name}.jsonl.gz", "wt") as file:
            file.writelines(json.dumps(each) + "\n" for each in objects)
    marked = [p for example in qamr(tmp_path, Random(1), unanswerable=0.0) for p in example.passages]
    assert len(marked) == 40
    for passage in marked:
        ((start, end),) = passage.answers
        assert passage.text[start:].startswith("Ann led group 4.")
        assert passage.text[start:end] == "Ann"
