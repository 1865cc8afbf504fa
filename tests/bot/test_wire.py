"""The JSON contract: its schema accepts what we print and refuses what we never should."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.wire import error_json, to_json
from index.types import Answer, Article, Citation

SCHEMA = json.loads(files("bot").joinpath("answer.schema.json").read_text(encoding="utf-8"))
TEXT = "The ferry sailed again. Nobody was hurt. It was late."
ARTICLE = Article(
    id="3fa9",
    text=TEXT,
    title="Ferry sails",
    digest="d",
    authors=("Ann Lee", "Bo Ek"),
    publisher="Meridian Wire",
    published=date(2024, 1, 29),
    url="https://news.example/ferry",
)
CITATION = Citation(
    ARTICLE, 24, 40, TEXT[24:40], "https://news.example/ferry#:~:text=Nobody", 7.30004, 24, 30
)
ANSWER = Answer(
    question="Who was hurt?",
    answered=True,
    text="Nobody",
    confidence=0.912345,
    citations=(CITATION,),
    as_of=date(2024, 2, 1),
    timings={"search": 9.149, "read": 140.2, "total": 151.0},
)
LOCAL = replace(ARTICLE, url=None, path="/news/ferry.txt", line=1, publisher="", authors=(), published=None)
NOT_ANSWERED = replace(
    ANSWER,
    answered=False,
    text=None,
    reason="nothing in the articles is about this",
    citations=(Citation(LOCAL, 0, 40, TEXT[:40], "/news/ferry.txt:1", 0.03),),
)


def problems(value: object) -> list[str]:
    # Through JSON, as others get it.
    return [
        error.message for error in Draft202012Validator(SCHEMA).iter_errors(json.loads(json.dumps(value)))
    ]


def test_an_answer_has_the_form_of_the_contract() -> None:
    assert json.dumps(to_json(ANSWER, 7)) == json.dumps(
        {
            "id": 7,
            "question": "Who was hurt?",
            "answered": True,
            "answer": "Nobody",
            "confidence": 0.9123,
            "reason": None,
            "citations": [
                {
                    "rank": 1,
                    "article_id": "3fa9",
                    "title": "Ferry sails",
                    "publisher": "Meridian Wire",
                    "authors": ["Ann Lee", "Bo Ek"],
                    "published": "2024-01-29",
                    "url": "https://news.example/ferry",
                    "path": None,
                    "quote": "Nobody was hurt.",
                    "start": 24,
                    "end": 40,
                    "answer_start": 24,
                    "answer_end": 30,
                    "answer": "Nobody",
                    "resolved_date": None,
                    "deep_link": "https://news.example/ferry#:~:text=Nobody",
                    "score": 7.3,
                }
            ],
            "timings_ms": {"search": 9.1, "read": 140.2, "total": 151.0},
        }
    )


def test_the_nearest_passages_have_no_answer() -> None:
    value: Any = to_json(NOT_ANSWERED)
    assert (value["answered"], value["answer"]) == (False, None)
    assert value["reason"] == "nothing in the articles is about this"
    (citation,) = value["citations"]
    assert citation["published"] is citation["url"] is citation["answer_start"] is citation["answer"] is None
    assert citation["path"] == "/news/ferry.txt"


@pytest.mark.parametrize(
    "value",
    [
        to_json(ANSWER),
        to_json(ANSWER, "q-1"),
        to_json(replace(ANSWER, citations=(CITATION, CITATION))),
        to_json(NOT_ANSWERED),
        to_json(replace(NOT_ANSWERED, citations=(), timings={})),
        error_json("the line is not valid JSON"),
        error_json('"since" must be a date', "Who?", 3),
    ],
)
def test_the_schema_accepts_what_is_printed(value: dict[str, object]) -> None:
    assert problems(value) == []
    assert list(value)[:8] == SCHEMA["required"]


def breaks(path: str, new: object) -> Callable[[Any], None]:
    def change(value: Any) -> None:
        *parents, last = path.split(".")
        for key in parents:
            value = value[int(key) if key.isdecimal() else key]
        value[last] = new

    return change


@pytest.mark.parametrize(
    "change",
    [
        breaks("extra", 1),
        breaks("id", 1.5),
        breaks("answer", None),
        breaks("answered", False),
        breaks("reason", "why"),
        breaks("confidence", 1.2),
        breaks("citations", []),
        breaks("error", "broken"),
        breaks("timings_ms.rerank", 1.0),
        breaks("citations.0.extra", 1),
        breaks("citations.0.published", "29 January 2024"),
        breaks("citations.0.answer", None),
        breaks("citations.0.start", -1),
        breaks("citations.0.rank", 0),
        lambda value: value.pop("reason"),
        lambda value: value["citations"][0].pop("quote"),
    ],
)
def test_the_schema_refuses_what_is_never_printed(change: Callable[[Any], object]) -> None:
    value = to_json(ANSWER)
    change(value)
    assert problems(value)


def test_the_schema_is_valid_and_describes_every_field() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for described in (SCHEMA, SCHEMA["$defs"]["citation"], SCHEMA["properties"]["timings_ms"]):
        assert described["additionalProperties"] is False
        assert all(field["description"] for field in described["properties"].values())
