"""What one article says and another confirms; what only looks so must not count as confirmed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.agreement import agree, clusters, normalised

SAME_NUMBER = [
    ("eight", "8"),
    ("twenty-two", "22"),
    ("two hundred and fifty", "250"),
    ("a dozen", "12"),
    ("two dozen", "24"),
    ("half a dozen", "6"),
    ("a hundred people", "100 people"),
    ("twelve hundred", "1,200"),
    ("two thousand five hundred", "2,500"),
    ("1.5 million", "1,500,000"),
    ("1,500", "1500 people"),
    ("2,022", "2022 people"),
    ("1.5-million", "one and a half million"),
    ("half a million", "500,000"),
    ("2½ years", "two and a half years"),
    ("two million three hundred thousand", "2.3 million"),
    ("$20bn", "$20 billion"),
    ("$20 billion", "20 billion dollars"),
    ("US$20 billion", "$20,000,000,000"),
    ("20 billion U.S. dollars", "$20bn"),
    ("£5m", "5 million pounds"),
    ("€1.2 billion", "1.2bn euros"),
    ("40 percent", "40%"),
    ("40 percent", "forty per cent"),
    ("40 percent of voters", "40%"),
    ("-5%", "minus five percent"),
    ("about 300", "300"),
    ("more than 300 people", "at least 300 people"),
    ("nearly 300", "300"),
    ("an estimated 300", "some 300"),
    ("at least about 300", "300 or so"),
    ("300+", "over 300"),
    ("nearly $1.5 trillion", "$1.5tn"),
    ("8", "8 years"),
    ("eight years", "8 years in prison"),
    ("eight-year", "8 years"),
    ("for 8 years", "eight years"),
    ("by 8%", "8%"),
    ("5", "$5"),
    ("3-1", "3–1"),
    ("five to ten people", "5-10 people"),
    ("5 p.m.", "5pm"),
    ("5:30 p.m.", "5:30 pm"),
    ("5:00 p.m.", "5 PM"),
    ("killed at least eight people", "killed 8 people"),
    ("fifth", "5th"),
    ("the twenty-first century", "21st century"),
    ("Fifth Avenue", "5th Avenue"),
    ("Formula One", "Formula 1"),
    ("No. 1", "number one"),
]
SAME_DATE = [
    ("Jan. 5", "January 5"),
    ("January 5", "5 January"),
    ("January 5", "January 5, 2024"),
    ("January 5th", "the 5th of January"),
    ("the Fourth of July", "July 4"),
    ("2024-01-05", "Jan. 5, 2024"),
    ("2022", "August 2022"),
    ("in 2022", "2022"),
    ("Tuesday", "on Tuesday"),
    ("On Tuesday", "Tues."),
    ("Tuesday", "Tuesday, Jan. 30"),
    ("Tuesday morning", "Tuesday"),
    ("Sept. 11", "11 September 2001"),
    ("the 5th", "January 5"),
    ("May 5", "5 May 2024"),
    ("Tuesday, when talks began", "Tuesday"),
]
SAME_NAME = [
    ("Biden", "Joe Biden"),
    ("President Biden", "Joe Biden"),
    ("US President Joe Biden", "Biden"),
    ("former U.S. President Barack Obama", "Obama"),
    ("Mr. Biden", "President Joe Biden"),
    ("Mr. Biden's", "Joe Biden"),
    ("Sen. Bernie Sanders", "Bernie Sanders"),
    ("Vice President Kamala Harris", "Harris"),
    ("First Lady Jill Biden", "Jill Biden"),
    ("Secretary of State Antony Blinken", "Antony Blinken"),
    ("Attorney General Merrick Garland", "Garland"),
    ("Apple CEO Tim Cook", "Tim Cook"),
    ("then-Prime Minister Boris Johnson", "Boris Johnson"),
    ("Pope Francis", "Francis"),
    ("UN Secretary General António Guterres", "Antonio Guterres"),
    ("Chief Justice Roberts", "John Roberts"),
    ("by Joe Biden", "Joe Biden"),
    ("Xi", "Chinese President Xi Jinping"),
    ("Ursula von der Leyen", "von der Leyen"),
    ("J.D. Vance", "JD Vance"),
    ("Theresa May", "May"),
    ("Prince Harry", "Harry"),
    ("Jennifer Daskal, deputy homeland security adviser", "Daskal"),
    ("Antony Blinken, the US secretary of state", "Antony Blinken, who led the talks"),
    ("Joe Biden, 81", "Joe Biden"),
    ("Recep Tayyip Erdoğan", "Erdogan"),
    ("Lech Wałęsa", "Lech Walesa"),
    ("Paris", "Paris, France"),
    ("in Paris", "Paris"),
    ("Washington", "Washington, D.C."),
    ("New York", "New York City"),
    ("the US", "U.S."),
    ("the United States of America", "US"),
    ("United Kingdom", "the UK"),
    ("The Los Angeles Times", "Los Angeles Times"),
    ("Tesla Inc.", "Tesla"),
    ("The Walt Disney Company", "Disney"),
    ("Johnson & Johnson", "Johnson and Johnson"),
    ("World Health Organization (WHO)", "the World Health Organization"),
]
SAME_WORDS = [
    ("Asian hornets", "Asian hornet"),
    ("Officials", "the officials"),
    ("“Oppenheimer”", "Oppenheimer"),
    ("the eight officials", "8 officials"),
    ("a long-term truce", "long term truce"),
    ("companies", "a company"),
    ("nobody", "Nobody."),
]

OTHER_NUMBER = [
    ("8 years", "8 people"),
    ("$5", "5%"),
    ("$5", "£5"),
    ("$5 million", "5 million people"),
    ("1.5", "15"),
    ("5", "-5"),
    ("-5 degrees", "5 degrees"),
    ("1.5 million", "1 million"),
    ("8 million", "8"),
    ("300", "3,000"),
    ("about 300", "298"),
    ("more than 300", "less than 300"),
    ("over 300 people", "nearly 300 people"),
    ("killed more than 300", "killed fewer than 300"),
    ("no more than 300", "300"),
    ("not 300", "300"),
    ("5 to 10 people", "5"),
    ("5-10", "10"),
    ("8 of 10", "8"),
    ("one of the officials", "1"),
    ("one in five", "1"),
    ("two-thirds", "2"),
    ("300 more", "300"),
    ("1 p.m.", "1"),
    ("5 basis points", "5%"),
    ("2022", "2022 elections"),
    ("8 men and 3 women", "8 men"),
    ("two percentage points", "2%"),
    ("hundreds", "100"),
    ("dozens of people", "12 people"),
    ("several hundred", "100"),
    ("nineteen eighty-four", "103"),
    ("5th", "5"),
    ("5G", "5"),
    ("100m", "100"),
    ("One Direction", "1"),
    ("no one", "No 1"),
    ("no one", "one"),
    ("3-1", "1-3"),
    ("9/11", "9"),
    ("5 a.m.", "5 p.m."),
    ("Boeing 737", "Boeing 747"),
    ("A$5", "$5"),
    ("million", "1 million"),
    ("a million and a half", "1 million"),
]
OTHER_DATE = [
    ("January 5", "January 6"),
    ("January 5, 2023", "January 5, 2024"),
    ("January 5", "February 5"),
    ("Tuesday", "Wednesday"),
    ("2022", "2023"),
    ("1990", "the 1990s"),
    ("August 2022", "January 2024"),
    ("Tuesday", "January 5"),
    ("2014 to 2018", "2014"),
    ("2014-2018", "2018"),
    ("Jan. 5-7", "Jan. 5"),
    ("by Tuesday", "on Tuesday"),
    ("before Tuesday", "Tuesday"),
    ("by 2030", "2030"),
    ("next Tuesday", "last Tuesday"),
    ("late January", "January 5"),
    ("early 2022", "late 2022"),
    ("5 January", "5"),
    ("Black Friday", "Friday"),
    ("Sunday, Nov. 5 at 2 a.m.", "Sunday, Nov. 12 at 2 a.m."),
]
OTHER_NAME = [
    ("Jill Biden", "Joe Biden"),
    ("Joe", "Joe Biden"),
    ("Mrs. Clinton", "Mr. Clinton"),
    ("Donald Trump Jr.", "Donald Trump"),
    ("Donald Trump, Jr.", "Donald Trump"),
    ("wife of President Biden", "Biden"),
    ("Biden and Xi", "Biden"),
    ("Biden, Harris and Walz", "Biden"),
    ("Joe Biden, his wife Jill", "Joe Biden"),
    ("President Biden and Senator Sanders", "Sanders"),
    ("New York", "New York Times"),
    ("New York", "York"),
    ("New York City", "New York state"),
    ("Mexico City", "Mexico"),
    ("New Mexico", "Mexico"),
    ("West Virginia", "Virginia"),
    ("South Korea", "North Korea"),
    ("South Korea", "Korea"),
    ("President of South Korea", "Korea"),
    ("Northern Ireland", "Ireland"),
    ("Lake Michigan", "Michigan"),
    ("Paris, France", "Paris, Texas"),
    ("Paris, France", "France"),
    ("Paris, London, Rome", "Paris"),
    ("Apple", "Apple Watch"),
    ("Apple Watch", "Watch"),
    ("Disney+", "Disney"),
    ("C++", "C"),
    ("Justice Department", "State Department"),
    ("White House", "House"),
    ("us", "US"),
    ("US", "UK"),
    ("Prince William", "Serena Williams"),
    ("General Motors", "Motors"),
    ("Harvard University", "Oxford University"),
    ("Vitamin A", "Vitamin"),
    ("Boston University", "Boston"),
    ("China General Nuclear", "China National Nuclear"),
    ("Prime Minister", "Foreign Minister"),
    ("Chinese President", "President"),
    ("Latin America", "America"),
]
OTHER_WORDS = [
    ("guilty", "not guilty"),
    ("Guilty", "Not Guilty"),
    ("Deal", "No Deal"),
    ("Not President Biden", "President Biden"),
    ("will resign", "will not resign"),
    ("with a permit", "without a permit"),
    ("the deal", "no deal"),
    ("can", "can't"),
    ("yes", "no"),
    ("hornets", "Asian hornets"),
    ("की", "के"),
    ("", ""),
    (" ", " "),
    ("!", "?"),
]


@pytest.mark.parametrize(("one", "other"), [*SAME_NUMBER, *SAME_DATE, *SAME_NAME, *SAME_WORDS])
def test_equal_by_value_is_agreement(one: str, other: str) -> None:
    assert agree(one, other)
    assert agree(other, one)


@pytest.mark.parametrize(("one", "other"), [*OTHER_NUMBER, *OTHER_DATE, *OTHER_NAME, *OTHER_WORDS])
def test_what_differs_or_is_in_doubt_does_not_agree(one: str, other: str) -> None:
    assert not agree(one, other)
    assert not agree(other, one)


# Words that meet in real answers: pieced together they reach what free text does not.
PIECES = st.sampled_from(
    "a an the no not one two half dozen hundred thousand million and . , ( ) - $ % + ' 5 1.5 20bn 5th fifth"
    " 2022 1,500 9999999999999999 1:00 Jan. May Tuesday early in by about more than or so President Mr. Mrs."
    " Joe Biden of State Xi New York City U.S. US Inc. Jr. years ½ ² é ́ \ud800".split(" ")
)
LISTS = st.lists(PIECES, max_size=7)
ANSWERS = st.text(max_size=40) | LISTS.map(" ".join) | LISTS.map("".join)


@given(ANSWERS, ANSWERS)
def test_agreement_goes_both_ways(one: str, other: str) -> None:
    assert agree(one, other) == agree(other, one)


@given(ANSWERS)
def test_an_answer_agrees_with_itself_unless_it_is_blank(answer: str) -> None:
    assert agree(answer, answer) == bool(answer.strip())


@given(st.lists(ANSWERS, min_size=1, max_size=8))
def test_the_members_of_a_cluster_all_agree(answers: list[str]) -> None:
    numbers = clusters(answers)
    assert list(dict.fromkeys(numbers)) == list(range(len(set(numbers))))
    together = [(i, j) for i in range(len(answers)) for j in range(i) if numbers[i] == numbers[j]]
    assert all(agree(answers[i], answers[j]) for i, j in together)


def test_an_ambiguous_answer_goes_to_the_first_it_agrees_with() -> None:
    assert clusters(["Jill Biden", "Biden", "Joe Biden", "President Biden"]) == [0, 0, 1, 0]
    assert clusters(["Biden", "Joe Biden", "Jill Biden", "Biden"]) == [0, 0, 1, 0]


def test_clusters_of_mixed_answers() -> None:
    answers = ["$20bn", "Tuesday", "20 billion dollars", "$2bn", "on Tuesday", ""]
    assert clusters(answers) == [0, 1, 0, 2, 1, 3]
    assert clusters([]) == []


def test_sixty_answers_that_all_differ_stay_apart() -> None:
    kinds = [("Joe B", ""), ("about", "%"), ("Jan.", "th")]
    answers = [f"{before} {i}{behind}" for i in range(1, 21) for before, behind in kinds]
    assert len(set(clusters(answers))) == len(answers)


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ("The “Los Angeles”  Times!", "los angeles times"),
        ("An  apple a day", "apple day"),
        ("Erdoğan’s", "erdogans"),
        ("ﬁve per‑cent", "five percent"),
        ("another theme", "another theme"),
        ("the", ""),
        ("한국", "한국"),
    ],
)
def test_normalised_as_squad_does(answer: str, text: str) -> None:
    assert normalised(answer) == text
