"""Bytes to text: what is text is read whatever its encoding, what is not is named."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.decode import Undecodable, decode, file_lines, normalise, one_line, shorten

STORY = "The ferry “Élan” sailed again — at last, Zoë said.\n" * 3


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_text_is_read_in_any_common_encoding(encoding: str) -> None:
    assert normalise(decode(STORY.encode(encoding))) == STORY.rstrip()


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b"%PDF-1.7\n1 0 obj", "a PDF"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG"),
        (b"\x7fELF\x02\x01", "ELF"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"plain to begin with" * 1000 + b"\0", "NUL"),
        (bytes(range(1, 32)) * 9, "control characters"),
    ],
)
def test_binary_data_is_named_and_what_to_do(data: bytes, named: str) -> None:
    with pytest.raises(Undecodable, match="looks like binary data") as caught:
        decode(data)
    assert named in str(caught.value)
    assert "convert it" in str(caught.value)


def test_other_encodings_are_refused_rather_than_turned_into_gibberish() -> None:
    for encoding in ("koi8-r", "cp1251", "iso8859-5"):
        with pytest.raises(Undecodable, match="save it as UTF-8"):
            decode("Паром снова вышел в море.".encode(encoding))
    with pytest.raises(Undecodable, match="save it as UTF-8"):
        decode("渡轮再次启航，船长说。".encode("gb18030"))


def test_a_damaged_utf8_file_says_where() -> None:
    with pytest.raises(Undecodable, match="UTF-8 but for a damaged character on line 2"):
        decode("“One”\n".encode() + b"tw\xff" + "\n“three”".encode())


def test_truncated_utf16_is_an_error() -> None:
    with pytest.raises(Undecodable, match="UTF-16"):
        decode("abc".encode("utf-16") + b"x")


def test_normalised_text_has_one_kind_of_line_end_and_no_control_characters() -> None:
    assert (
        normalise("\ufeff\n \r\na \r\nb\t\rc\u2028d\fe\x0bf\u2029g\0\x07\x85\ud800h\n\n\n")
        == "a\nb\nc\nd\ne\nf\ngh"
    )
    assert normalise("Cafe\u0301") == "Café"
    assert normalise("  indented\n\n\nstays") == "  indented\n\n\nstays"


@given(st.text(st.characters(categories=None)))
@example("\u2000\n\u0301")
def test_normalising_twice_is_the_same_as_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip("\n")
    once.encode()


@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_a_problem(data: bytes) -> None:
    try:
        text, problem = decode(data), ""
    except Undecodable as error:
        text, problem = "", str(error)
    assert "\n" not in problem
    normalise(text).encode()


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=200))
def test_what_was_written_as_utf8_is_read_or_called_binary(text: str) -> None:
    try:
        result = decode(text.encode())
    except Undecodable as error:
        result = str(error)
    assert result == text.removeprefix("\ufeff") or result.startswith("looks like binary data")


def test_lines_are_counted_as_editors_count_them() -> None:
    assert file_lines("one\r\ntwo\rthree\n\nfive \fstill five\n") == [
        "one",
        "two",
        "three",
        "",
        "five\nstill five",
        "",
    ]


def test_a_name_is_one_bounded_line_without_marks_that_disguise_it() -> None:
    assert one_line(" Ann\n\u202e Lee\0 \t", 100) == "Ann Lee"
    assert one_line("word " * 100, 20) == "word word word word…"
    assert len(one_line("x" * 500, 100)) == 100


def test_shortening_ends_at_a_word() -> None:
    assert shorten("Ferries sail again, at last", 20) == "Ferries sail again…"
    assert shorten("short", 20) == "short"
