"""Passages: exact, whole, complete; also where the library's own offsets go wrong."""

from hypothesis import given
from hypothesis import strategies as st
from langchain_text_splitters import RecursiveCharacterTextSplitter

from index.sentences import sentence_spans
from ingest.split import PASSAGE_CHARS, split

REPEATED = "The council met. " * 200


def texts(text: str, size: int = PASSAGE_CHARS) -> list[str]:
    return [text[p.start : p.end] for p in split("a", text, size)]


def test_the_librarys_own_offsets_go_astray_on_repeated_text() -> None:
    """Why we do not use them: should this fail one day, ``split`` can be simpler."""
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=12,
        chunk_overlap=3,
        length_function=lambda text: len(text.split()),
        separators=[". ", " "],
        keep_separator="end",
        add_start_index=True,
    )
    text = "The council met. The mayor spoke. " * 12 + "The council met again today."
    starts = [each.metadata["start_index"] for each in splitter.create_documents([text])]
    assert starts != sorted(starts)


def test_repeated_text_is_placed_exactly() -> None:
    ours = split("a", REPEATED, 100)
    assert all(REPEATED[p.start : p.end].startswith("The council") for p in ours)
    assert [p.start for p in ours] == sorted({p.start for p in ours})
    assert sum(p.end - p.start for p in ours) + len(ours) == len(REPEATED)


def test_paragraphs_stay_together_where_they_fit() -> None:
    text = "\n\n".join(f"Paragraph {i} says this. And it says that." for i in range(20))
    for piece in texts(text, 100):
        assert piece.startswith("Paragraph")
        assert piece.endswith("that.")


def test_a_long_paragraph_is_cut_at_sentence_ends_only() -> None:
    text = " ".join(f"Sentence number {i} is about the U.S. budget of Mr. Poe." for i in range(60))
    pieces = texts(text, 300)
    assert len(pieces) > 5
    assert all(piece.startswith("Sentence number") and piece.endswith("Poe.") for piece in pieces)
    assert all(len(piece) <= 300 for piece in pieces)


def test_a_heading_stays_with_what_it_heads() -> None:
    paragraph = "It was built in a year, and it stood for ninety. " * 6
    pieces = texts(f"{paragraph}\n\nThe second bridge\n\n{paragraph}", 400)
    assert [piece.startswith("The second bridge\n\nIt was") for piece in pieces] == [False, True]


def test_a_text_without_sentences_is_cut_between_words() -> None:
    pieces = texts("word " * 2000, 700)
    assert all(len(piece) <= 700 and set(piece.split()) == {"word"} for piece in pieces)


def test_a_word_longer_than_a_passage_is_cut_all_the_same() -> None:
    assert "".join(texts("x" * 2500, 700)) == "x" * 2500


def test_the_same_text_gives_the_same_ids_and_another_article_others() -> None:
    assert split("a", REPEATED) == split("a", REPEATED)
    assert not {p.id for p in split("a", REPEATED)} & {p.id for p in split("b", REPEATED)}


PROSE = st.text(st.sampled_from("ab .!?\n\n“”’éA1。\u2028中"), max_size=400)


@given(st.one_of(st.text(max_size=300), PROSE), st.integers(5, 80))
def test_passages_hold_every_character_once_and_in_order(text: str, size: int) -> None:
    passages = split("a", text, size)
    rest, cursor = "", 0
    for number, passage in enumerate(passages):
        assert passage.ordinal == number
        assert cursor <= passage.start < passage.end <= len(text)
        assert 0 < passage.id < 2**63
        rest += text[cursor : passage.start]
        cursor = passage.end
    assert not (rest + text[cursor:]).strip()


@given(st.one_of(st.text(max_size=300), PROSE))
def test_sentences_hold_every_character_once_and_in_order(text: str) -> None:
    cursor = 0
    for start, end in sentence_spans(text):
        assert not text[cursor:start].strip()
        assert text[start:end] == text[start:end].strip() != ""
        cursor = end
    assert not text[cursor:].strip()
