"""What a user names is found, each file once, and nothing that is wrong stops the rest."""

import gzip
import io
import json
import os
import socket
import stat
import sys
from datetime import date
from pathlib import Path

import pytest

from index.errors import SourceError
from ingest.reading import Found, Reading
from ingest.sources import find_documents

TODAY = date(2024, 6, 1)
STORY = "Ferries sailed again on Monday, the harbour master said."


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def write(name: str, text: str = STORY) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text} {name}\n", encoding="utf-8")
    return path


def seen(*sources: str) -> list[str]:
    """Names of documents, and the text of errors after "! "."""
    return [f"! {each}" if isinstance(each, SourceError) else each.name for each in find_documents(sources)]


def read(*sources: str) -> tuple[list[Found], list[str]]:
    items = list(Reading(sources, today=TODAY))
    return [i for i in items if isinstance(i, Found)], [str(i) for i in items if isinstance(i, SourceError)]


def test_a_folder_gives_its_files_in_order_and_no_hidden_ones() -> None:
    for name in (
        "a/b.txt",
        "a/a/z.md",
        "a/c.jsonl",
        "a/.hidden.txt",
        "a/.git/x.txt",
        "a/photo.jpg",
        "a/B.TXT",
    ):
        write(name)
    skipped: list[str] = []
    names = [
        str(each.name) for each in find_documents(["a"], skipped.append) if not isinstance(each, SourceError)
    ]
    assert names == ["a/B.TXT", "a/a/z.md", "a/b.txt", "a/c.jsonl"]
    assert skipped == ["a/photo.jpg"]


def test_a_document_knows_its_real_path_and_the_folder_given() -> None:
    write("a/sub/b.txt")
    write("c.txt")
    in_folder, alone = find_documents(["a/", "./c.txt"])
    assert not isinstance(in_folder, SourceError)
    assert not isinstance(alone, SourceError)
    assert in_folder.path == Path("a/sub/b.txt").resolve()


def test_a_file_of_another_format_named_itself_is_an_error_that_names_the_formats() -> None:
    write("photo.jpg")
    (error,) = seen("photo.jpg")
    assert error.startswith("! photo.jpg: is of no known format")
    assert ".txt" in error
    assert ".jsonl.gz" in error


def test_what_is_not_there() -> None:
    write("a.txt")
    assert seen("no.txt", "a.txt", "*.md", "", "https://example.com/a", "a\0b") == [
        "! no.txt: does not exist",
        "a.txt",
        "! *.md: matches no file",
        "! an empty name: is no file, folder or glob",
        "https://example.com/a",
        "! a\0b: cannot be read: embedded null byte",
    ]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.txt", ["top.txt"]),
        ("a/*", ["a/b/deep.txt", "a/one.txt", "a/two.md"]),
        ("a/?ne.[ts]xt", ["a/one.txt"]),
        ("**/*.txt", ["top.txt", "a/one.txt", "a/b/deep.txt"]),
        ("**/**/deep.*", ["a/b/deep.txt"]),
        ("a/**", ["a/b/deep.txt", "a/one.txt", "a/two.md"]),
        ("*/one.txt", ["a/one.txt"]),
        ("a/.h*", ["a/.hidden.txt"]),
    ],
)
def test_globs_that_the_shell_left_alone(pattern: str, expected: list[str]) -> None:
    for name in ("top.txt", "a/one.txt", "a/two.md", "a/b/deep.txt", "a/.hidden.txt", "a/photo.jpg"):
        write(name)
    assert seen(pattern) == expected
    assert seen(str(Path(pattern).absolute())) == [str(Path(each).absolute()) for each in expected]


def test_a_name_with_the_characters_of_a_glob_is_a_name_if_it_exists() -> None:
    write("a[1].txt")
    assert seen("a[1].txt") == ["a[1].txt"]


def test_links_that_go_round_and_files_met_twice() -> None:
    write("a/one.txt")
    Path("a/self").symlink_to(".")
    Path("a/up").symlink_to("..")
    Path("a/two.txt").symlink_to("one.txt")
    Path("a/lost.txt").symlink_to("nowhere")
    Path("a/lost.jpg").symlink_to("nowhere")
    Path("a/round.txt").symlink_to("round.txt")
    expected = {
        "! a/lost.txt: does not exist",
        "! a/round.txt: cannot be read: Too many levels of symbolic links",
        "a/one.txt",
    }
    assert set(seen("a", "a/two.txt", "a")) >= expected
    assert sum("one.txt" in each or "two.txt" in each for each in seen("a", "a/two.txt", "a")) == 1
    assert sum("one.txt" in each or "two.txt" in each for each in seen("**/*.txt")) == 1


def test_what_is_no_regular_file_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo("pipe.txt")
    write("z.txt")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert seen("pipe.txt") == ["! pipe.txt: is not a regular file; what a pipe gives can be read with -"]
        assert seen("socket")[0].startswith("! socket: is not a regular file")
        assert seen(".")[1:] == ["z.txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read() -> None:
    write("a/locked/x.txt").parent.chmod(0)
    write("a/shut.txt").chmod(0)
    write("a/z.txt")
    try:
        found, errors = read("a")
        assert len(found) == 1
        assert errors == [
            "a/locked: cannot be read: Permission denied",
            "a/shut.txt: cannot be read: Permission denied",
        ]
    finally:
        Path("a/locked").chmod(stat.S_IRWXU)


def test_a_file_that_goes_before_it_is_read_is_an_error() -> None:
    write("a.txt")
    write("b.txt")
    reading = Reading(["a.txt", "b.txt"])
    Path("a.txt").unlink()
    gone, found = reading
    assert str(gone) == "a.txt: does not exist"
    assert isinstance(found, Found)


def test_a_name_that_is_not_utf8_is_an_error_that_can_be_printed() -> None:
    try:
        Path(os.fsdecode(b"a\xff.txt")).write_text(STORY)
    except OSError:
        pytest.skip("this file system has no such names")
    (error,) = seen(".")
    assert error == "! a\ufffd.txt: has a name that is not UTF-8; rename it"
    error.encode()


def test_errors_know_the_file_so_that_its_articles_are_not_taken_for_removed() -> None:
    write("a/empty.jsonl", "")
    Path("a/broken.txt").write_bytes(b"\0\1")
    for item in Reading(["a"]):
        assert isinstance(item, SourceError)
        assert item.path is not None
        assert item.path.is_relative_to(Path("a").resolve())


def test_everything_that_can_be_read_is_read() -> None:
    write("a/1.txt")
    write("a/2.md", "# Title\n\nWords of the")
    write("a/3.txt", "").write_bytes(b"")
    Path("a/4.jsonl").write_text('{"text": "One."}\n{"text"\n{"text": "Two.", "published": "03/04/2024"}\n')
    Path("a/5.jsonl.gz").write_bytes(gzip.compress(b'{"text": "Three."}\n'))
    found, errors = read("a")
    assert [each.article.text.split()[0] for each in found] == ["Ferries", "Words", "One.", "Two.", "Three."]
    assert [each.split(": ")[0] for each in errors] == ["a/3.txt", "a/4.jsonl:2"]
    assert [each.article.line for each in found] == [1, 3, 1, 3, 1]
    assert found[3].notes[0].startswith("a/4.jsonl:3: the date “03/04/2024” is 3 April or 4 March")


def given_input(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


def test_standard_input_is_json_lines_or_one_text(monkeypatch: pytest.MonkeyPatch) -> None:
    record = json.dumps({"text": STORY}).encode()
    given_input(monkeypatch, b"\xef\xbb\xbf\n \n" + record + b"\n" + b"\n" * 70_000 + record[:-1])
    found, errors = read("-", "-")
    assert [each.article.text for each in found] == [STORY]
    assert errors[0].startswith("standard input:70004: is not valid JSON")
    assert (found[0].article.path, found[0].article.line) == (None, None)
    given_input(monkeypatch, b"\n\nTitle here\n\n" + STORY.encode())
    found, errors = read("-")
    assert (found[0].article.title, found[0].article.text, errors) == ("Title here", STORY, [])
    assert not sys.stdin.buffer.closed
    given_input(monkeypatch, b" \n")
    assert read("-")[1] == ["standard input: is empty"]
