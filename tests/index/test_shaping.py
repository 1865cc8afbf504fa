"""In the cases the reader's span stands in ⟦ ⟧; sentences are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.kinds import Kind
from index.shaping import shape

MANY, LONG = "How many were there?", "How long did it last?"


def shaped(kind: Kind, question: str, marked: str, bounds: tuple[int, int] | None = None) -> str:
    text = marked.replace("⟦", "").replace("⟧", "")
    start = marked.index("⟦")
    end = marked.index("⟧") - 1
    start, end = shape(kind, question, text, start, end, bounds or (0, len(text)))
    return text[start:end]


@pytest.mark.parametrize(
    ("marked", "answer"),
    [
        ("The clerk lost the red ⟦led⟧ger on Friday.", "ledger"),
        ("The clerk lost the red led⟦ger⟧ on Friday.", "ledger"),
        ("It sold for 1,⟦200⟧ crowns.", "1,200"),
        ("It sold for ⟦1,2⟧00 crowns.", "1,200"),
        ("They ⟦don⟧'t sell it.", "don't"),
        ("They bought ⟦the ferry,⟧ then sold it.", "the ferry"),
        ("They bought⟦ the ferry ⟧then.", "the ferry"),
        ("They bought ⟦the ferry.⟧", "the ferry"),
        ("They bought — ⟦— the ferry —⟧ then sold it.", "the ferry"),
        ("It is called ⟦“Red Tide⟧” and sells well.", "Red Tide"),
        ("It is called “⟦Red Tide”⟧ and sells well.", "Red Tide"),
        ("It is called ⟦“Red Tide”⟧ and sells well.", "“Red Tide”"),
        ('It is called ⟦"Red Tide⟧" and sells well.', "Red Tide"),
        ("The union ⟦(local 12⟧) walked out.", "local 12"),
        ("Members of ⟦the union (local 12⟧) walked out.", "the union (local 12)"),
        ("Members of ⟦the union) and⟧ more.", "the union) and"),
        ("He said it was “of ⟦grave and it was “dire⟧” now.", "grave and it was “dire”"),
        ("He said ⟦it was “of grave and it was “dire⟧” now.", "it was “of grave and it was “dire”"),
        ("The ferry’s owner is ⟦the crews’⟧ own bank.", "the crews"),
        ("It cost $⟦1.5⟧ million to mend.", "$1.5 million"),
        ("It cost ⟦$1.5⟧ million to mend.", "$1.5 million"),
        ("It cost US$⟦40⟧ a head.", "US$40"),
        ("It cost £⟦15bn⟧ to mend.", "£15bn"),
        ("Fares rose ⟦40⟧% in May.", "40%"),
        ("Fares rose ⟦40⟧ percent in May.", "40 percent"),
        ("Fares rose ⟦40⟧ per cent in May.", "40 per cent"),
        ("The ship left the ⟦U.S⟧. in May.", "U.S."),
        ("The ship left the ⟦U.S.⟧ in May.", "U.S."),
        ("It was made by ⟦Corven Tools Inc⟧. of Ashby.", "Corven Tools Inc."),
        ("It went to ⟦Amos Reed Jr.⟧ of Ashby.", "Amos Reed Jr."),
        ("Doors open at ⟦7 p.m.⟧ in Ashby.", "7 p.m."),
        ("A host of ⟦“Quizdom!⟧” left.", "Quizdom"),
        ("The host of ⟦Quizdom!⟧ is leaving the show.", "Quizdom!"),
        ("Lows of ⟦-15C⟧ were felt.", "-15C"),
        ("Scores of fans of the ⟦’90s⟧ came.", "’90s"),
        ("It sank ⟦*⟧ fast.", "*"),
    ],
)
def test_a_span_is_whole_words_without_stray_punctuation(marked: str, answer: str) -> None:
    assert shaped(Kind.WHEN, "When?", marked) == answer


@pytest.mark.parametrize(
    ("kind", "marked", "answer"),
    [
        (Kind.WHO, "The talks were led by Mira ⟦Oakes⟧, who spoke first.", "Mira Oakes"),
        (Kind.WHO, "The talks were led by ⟦Mira⟧ Oakes, who spoke first.", "Mira Oakes"),
        (Kind.WHO, "The talks were led by President Mira ⟦Oakes⟧ this week.", "Mira Oakes"),
        (Kind.WHO, "The talks were led by ⟦President Mira Oakes⟧ this week.", "President Mira Oakes"),
        (Kind.WHO, "It was won by Irish rider Ivo van ⟦Daal⟧ this week.", "Ivo van Daal"),
        (Kind.WHO, "It was said that Tory ⟦Daal⟧ had left early.", "Daal"),
        (Kind.WHO, "The prize went to Orla B. ⟦Finch⟧ this week.", "Orla B. Finch"),
        (Kind.WHO, "The prize went to ⟦Orla⟧ B. Finch this week.", "Orla B. Finch"),
        (Kind.WHO, "The prize went to Corven’s ⟦Finch⟧ this week.", "Finch"),
        (Kind.WHO, "On Tuesday ⟦Finch⟧ took over the talks.", "Finch"),
        (Kind.WHO, "When ⟦Finch⟧ took over, talks resumed.", "Finch"),
        (Kind.WHO, "Lawyers ⟦Finch⟧ and Reed left; other lawyers stayed.", "Finch"),
        (Kind.WHO, "Mira ⟦Oakes⟧ took over the talks.", "Mira Oakes"),
        (Kind.WHO, "It was led by Oakes. ⟦Finch⟧ came later with others.", "Finch"),
        (Kind.WHO, "With Oakes, ⟦Finch⟧ led the talks.", "Finch"),
        (Kind.WHO, "Oakes Takes Over From ⟦Finch⟧ At Bank", "Finch"),
        (Kind.WHO, "It was led by ⟦Mira Oakes⟧ Tuesday with others.", "Mira Oakes"),
        (Kind.WHO, "It was led by ⟦the harbour master⟧ with others.", "the harbour master"),
        (Kind.WHO, "It was led by Apple Tools CEO Mira ⟦Oakes⟧ with others.", "Mira Oakes"),
        (Kind.OTHER, "Makers recalled the Corven ⟦Watch⟧ after a fire.", "Corven Watch"),
        (Kind.OTHER, "Makers recalled the Corven ⟦Watch⟧. The Watch was on fire.", "Watch"),
        (Kind.OTHER, "Makers at ⟦Corven⟧ Tools said the fire was put out; Corven will pay.", "Corven"),
        (Kind.OTHER, "It bought Marsh & ⟦Reed⟧ after the fire.", "Marsh & Reed"),
        (Kind.WHERE, "Rain fell on ⟦Ashby⟧ Mayor Orla Finch and others.", "Ashby"),
        (Kind.WHERE, "Rain fell on ⟦Ashby⟧ Harbour Festival and others.", "Ashby"),
        (Kind.WHERE, "Rain fell on South ⟦Vale⟧ and other towns.", "South Vale"),
        (Kind.WHERE, "Rain fell on ⟦New⟧ Ashby and other towns.", "New Ashby"),
        (Kind.WHERE, "Rain fell on the Royal ⟦Ashby⟧ and other towns.", "Ashby"),
        (Kind.WHEN, "It fell in wet ⟦May⟧ Day rain.", "May"),
    ],
)
def test_a_part_of_a_name_becomes_the_name(kind: Kind, marked: str, answer: str) -> None:
    assert shaped(kind, "Which?", marked) == answer


@pytest.mark.parametrize(
    ("question", "marked", "answer"),
    [
        (MANY, "He ate ⟦63⟧ pies in a row.", "63"),
        (MANY, "He ate ⟦63 pies⟧ in a row.", "63 pies"),
        (MANY, "It drew ⟦1.5⟧ million people.", "1.5 million"),
        (MANY, "It drew 1.5 ⟦million⟧ people.", "1.5 million"),
        (MANY, "It drew ⟦two⟧ hundred people.", "two hundred"),
        (MANY, "It drew half a ⟦million⟧ people.", "half a million"),
        (MANY, "It took one in ⟦10⟧ of the pupils.", "one in 10"),
        (MANY, "It took ⟦one⟧ in 10 of the pupils.", "one in 10"),
        (MANY, "It drew about ⟦twenty-one⟧ people.", "twenty-one"),
        ("How much?", "It cost ⟦1.5⟧ million crowns or $2m.", "1.5 million"),
        ("How much?", "It cost £4m-⟦£6m⟧ a year.", "£4m-£6m"),
        ("How much?", "It lost $⟦12⟧ billion a year.", "$12 billion"),
        ("What percentage?", "A share of ⟦51.3⟧ percent agreed.", "51.3 percent"),
        ("What percentage?", "A share of ⟦51.3⟧% agreed.", "51.3%"),
        (LONG, "It lasted ⟦11⟧ days in all.", "11 days"),
        (LONG, "It lasted ⟦9⟧ minutes, 29 seconds in all.", "9 minutes, 29 seconds"),
        (LONG, "It lasted ⟦two⟧ and a half years.", "two"),
        ("How tall is it?", "The mast is ⟦300⟧ feet tall.", "300 feet"),
        ("How old is she?", "The keeper is ⟦84⟧ years old.", "84"),
        ("How many years?", "It ran for ⟦37⟧ years in all.", "37"),
        (MANY, "The ⟦12⟧-year-old ran off.", "12"),
    ],
)
def test_a_quantity_is_whole_and_has_a_unit_only_where_it_is_asked_for(
    question: str, marked: str, answer: str
) -> None:
    assert shaped(Kind.COUNT, question, marked) == answer


@pytest.mark.parametrize(
    ("marked", "answer"),
    [
        ("It rained. The pier ⟦did not close⟧ in May. It is open.", "The pier did not close in May."),
        ("“The pier ⟦did not close⟧. It is open,” he said.", "The pier did not close."),
        ("The pier ⟦closed. It⟧ is open.\nIt rained.", "The pier closed. It is open."),
    ],
)
def test_yes_or_no_is_the_sentence(marked: str, answer: str) -> None:
    assert shaped(Kind.YES_NO, "Did it close?", marked) == answer


@pytest.mark.parametrize(
    ("marked", "answer"),
    [
        ("Rain hit ⟦Ashby⟧, Corven and Dunmere at dawn.", "Ashby, Corven and Dunmere"),
        ("Rain hit Ashby, ⟦Corven⟧ and Dunmere at dawn.", "Ashby, Corven and Dunmere"),
        ("Rain hit Ashby, Corven, and ⟦Dunmere⟧ at dawn.", "Ashby, Corven, and Dunmere"),
        ("Rain hit ⟦Vale⟧ and Corven’s port.", "Vale and Corven"),
        ("On Friday, ⟦Orla Finch⟧, Ivo Reed and Mira Oakes left.", "Orla Finch, Ivo Reed and Mira Oakes"),
        ("On Friday, Orla ⟦Finch⟧, Ivo Reed and Mira Oakes left.", "Orla Finch, Ivo Reed and Mira Oakes"),
        ("They are ⟦the Bank of Corven⟧ and Marsh & Reed.", "the Bank of Corven and Marsh & Reed"),
        ("Hits were ⟦“Tide”⟧ and “Low Sun” last year.", "“Tide” and “Low Sun”"),
        ("They saw ⟦a snake⟧ and a hawk while mowing.", "a snake and a hawk"),
        ("They lived on lemons, ⟦charcoal⟧ and rain for days.", "lemons, charcoal and rain"),
        ("They lived on lemons, charcoal and ⟦rain⟧ for days.", "lemons, charcoal and rain"),
        ("They lived on ⟦lemons⟧.", "lemons"),
        ("They lived on ⟦lemons⟧, he said.", "lemons"),
        ("Rain hit ⟦Ashby⟧ at dawn. Corven and Dunmere slept.", "Ashby"),
    ],
)
def test_a_list_is_the_whole_run(marked: str, answer: str) -> None:
    assert shaped(Kind.LIST, "Which towns flooded?", marked) == answer


@pytest.mark.parametrize(
    ("question", "marked", "answer"),
    [
        ("Did prices rise or fall?", "Oakes said prices ⟦would⟧ fall in May.", "fall"),
        ("Who won, Finch or Oakes?", "The race was won by ⟦her⟧ friend Oakes in May.", "Oakes"),
        ("Which flooded: Ashby, Corven or Vale?", "Rain hit ⟦parts of Corven⟧, not Vale.", "Corven"),
        ("Which flooded: Ashby, Corven or Vale?", "Rain hit ⟦the north⟧. Vale is dry.", "the north"),
        ("Is she a democrat or a republican?", "She is the only ⟦member⟧ who is Republican.", "Republican"),
        ("Who won: Finch or Orla Finch?", "The race was won by Orla ⟦Finch⟧ in May.", "Orla Finch"),
    ],
)
def test_a_choice_is_the_option_nearest_to_the_span(question: str, marked: str, answer: str) -> None:
    assert shaped(Kind.CHOICE, question, marked) == answer


@pytest.mark.parametrize("kind", [Kind.WHY, Kind.HOW, Kind.DEFINITION])
def test_a_reason_a_way_and_a_definition_are_as_they_were_read(kind: Kind) -> None:
    assert shaped(kind, "Why?", "It closed because of ⟦Oakes⟧ Tools, he said.") == "Oakes"


def test_nothing_goes_beyond_the_bounds() -> None:
    text = "Talks with Mira Oakes began. They ended."
    oakes = text.index("Oakes")
    assert shape(Kind.WHO, "Who?", text, oakes, oakes + 5, (oakes, len(text))) == (oakes, oakes + 5)
    assert shape(Kind.YES_NO, "Did it?", text, oakes, oakes + 5, (oakes, oakes + 9)) == (oakes, oakes + 9)
    assert shape(Kind.WHO, "Who?", text, oakes, oakes, (0, len(text))) == (oakes - 5, oakes + 5)
    assert shape(Kind.YES_NO, "Did it?", "“", 0, 1, (0, 1)) == (0, 1)
    assert shape(Kind.WHO, "Who?", "", 3, 5, (2, 9)) == (0, 0)


WORDS = 'Mira Oakes the by because and , . “ ” ( ) $ 1.5 % million ’s U.S. — & van New ß é 中 ’ - ! "'
PIECES = st.sampled_from([*WORDS.split(), *" " * 9, *"““(([[", "\n", "is a"])
QUESTIONS = ["Why?", "How long?", "What is Oakes?", "Mira or Oakes?", "Was it Mira or the Oakes?", ""]


@given(
    st.sampled_from(Kind),
    st.sampled_from(QUESTIONS),
    st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=40)),
    st.tuples(*[st.integers(-3, 60)] * 4),
)
def test_any_span_of_any_text_is_shaped_inside_its_bounds(
    kind: Kind, question: str, text: str, offsets: tuple[int, int, int, int]
) -> None:
    start, end, low, high = offsets
    begin, finish = shape(kind, question, text, start, end, (low, high))
    low, high = max(low, 0), min(high, len(text))
    if low < high:
        assert low <= begin < finish <= high
    else:
        assert 0 <= begin == finish <= len(text)


@pytest.mark.parametrize(
    ("question", "marked", "answer"),
    [
        ("Which month did it open?", "It opened on ⟦March 25⟧ in Ashby.", "March"),
        ("In what month will it open?", "It will open ⟦on Jan. 5⟧ in Ashby.", "Jan."),
        ("What year did it open?", "It opened on ⟦25 March 2019⟧ in Ashby.", "2019"),
        ("Which month did it open?", "It opened ⟦last spring⟧ in Ashby.", "last spring"),
        ("When did it open?", "It opened on ⟦25 March 2019⟧ in Ashby.", "25 March 2019"),
    ],
)
def test_a_month_or_a_year_is_all_that_is_asked_for(question: str, marked: str, answer: str) -> None:
    assert shaped(Kind.WHEN, question, marked) == answer
