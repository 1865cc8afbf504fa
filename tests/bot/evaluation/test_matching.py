import pytest

from bot.evaluation.matching import contains, exact_match, f1, is_right, squad_normalised


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("The  Quick, brown fox!", "quick brown fox"),
        ("a man's U.S.-led plan", "mans usled plan"),
        ("“Halloran–Pike’s” £5", "halloranpikes 5"),
        ("the", ""),
        ("another theory", "another theory"),
    ],
)
def test_squads_normalisation(text: str, normalised: str) -> None:
    assert squad_normalised(text) == normalised


def test_exact_match_takes_the_best_of_the_accepted_answers() -> None:
    assert exact_match("the White House.", ["Congress", "White House"])
    assert not exact_match("in the White House", ["White House"])
    assert not exact_match(None, ["White House"])
    assert not exact_match("White House", [])


@pytest.mark.parametrize(
    ("given", "accepted", "value"),
    [
        ("eight other officials", ["eight", "eight officials"], 2 * 2 / 5),
        ("eight eight", ["eight"], 2 * 1 / 3),
        ("nine", ["eight"], 0),
        ("the", ["an"], 1),
        ("the", ["eight"], 0),
        (None, ["eight"], 0),
        ("eight", [], 0),
    ],
)
def test_f1_counts_words_in_common(given: str | None, accepted: list[str], value: float) -> None:
    assert f1(given, accepted) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("Mr Biden’s aides", "Biden"),
        ("a US-led coalition", "U.S."),
        ("some 140,000 homes", "140000 homes"),
        ("It rose by 3.4% in May", "3.4%"),
        ("SÃO PAULO", "Sao Paulo"),
        ("at the White House", "the White House"),
        ("White House aides", "the White House"),
        ("grade A", "A"),
        ("東京で会議が開かれた", "会議"),
    ],
)
def test_contains_finds_whole_words(text: str, accepted: str) -> None:
    assert contains(text, [accepted])


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("in 1923", "23"),
        ("13.4%", "3.4%"),
        ("$1.5 million", "$5 million"),
        ("3.4%", "4%"),
        ("34 people", "3.4"),
        ("the Bidens", "Biden"),
        ("anything", ""),
        ("?!", "!"),
    ],
)
def test_contains_finds_no_parts_of_words(text: str, accepted: str) -> None:
    assert not contains(text, [accepted])


@pytest.mark.parametrize(
    ("given", "right"),
    [
        ("a visit to Taiwan by Nancy Pelosi", True),
        ("Beijing stopped talking after a visit to Taiwan by Nancy Pelosi, it said.", True),
        ("visit to Taiwan", True),
        ("Pelosi", False),  # a sixth of the words
        ("on January 1", True),
        ("January", False),  # half of the words, but not the figure
        ("a visit to Taiwan by Kevin McCarthy", False),  # F1 of .67
        ("", False),
        (None, False),
    ],
)
def test_an_answer_is_right_that_contains_or_is_much_of_an_accepted_one(
    given: str | None, right: bool
) -> None:
    assert is_right(given, ["Who knows", "a visit to Taiwan by Nancy Pelosi", "January 1"]) is right


def test_what_matches_exactly_is_right() -> None:
    assert exact_match("email", ["e-mail"])
    assert is_right("email", ["e-mail"])
