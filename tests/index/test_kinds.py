"""Questions are invented, in the ways that quizzes and people phrase them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.kinds import Kind, choices_in, fits, kind_of, subject_of

QUESTIONS = {
    Kind.YES_NO: [
        "Did the harbour board suspend the ferry?",
        "Is brackite legal?",
        "Has he resigned yet?",
        "did the mayor resign",
        "Isn't the bridge open?",
        "The trial of a former mayor ended this week. Was she convicted?",
        "After the storm, was the bridge closed?",
        "In 2021, did she resign?",
        "But is it safe?",
        "Did she say who won?",
        "Did police say what happened?",
        "Has anyone been hurt or killed?",
        "Will it cost $5 or more?",
        "Is it legal to buy or sell fireworks?",
        "I wonder whether he resigned",
        "True or false: the bridge is closed, or will be.",
        "Corven became the third town to ban cars. True or false?",
        "Is it true or false that it closed?",
        "The bridge closed, right?",
        "The mayor resigned?",
        "Can you get brackite in a shop?",
    ],
    Kind.CHOICE: [
        "Which of the following towns flooded: Ashby, Corven, Dunmere or Eltham?",
        "Did Red Team or the Bobcats win?",
        "Did prices rise or fall?",
        "Was it Alice or Bob?",
        "Was it arson or an accident?",
        "Is the senator a Democrat or a Republican?",
        "Who won the cup, the Bobcats or the Red Kites?",
        "Which town flooded? A) Ashby B) Corven C) Dunmere",
        "Which town flooded?\nA. Ashby\nB. Corven",
        "Which town flooded?\nAshby\nCorven\nDunmere",
        "Which town flooded? Ashby, Corven or Dunmere?",
    ],
    Kind.WHY: [
        "Why did the bridge close?",
        "why was he fired",
        "WHY DID IT CLOSE",
        "For what reason did it close?",
        "The pier closed for what reason?",
        "What caused the fire?",
        "What is the main reason for the delay?",
        "What was one of the reasons for the recall?",
        "How come nobody noticed?",
        "The pier was closed, but why has nobody said so?",
        "The plant closed because of:",
        "The firm recalled its kettles, citing:",
        "Could you explain why the bridge closed?",
    ],
    Kind.HOW: [
        "How did they escape?",
        "how is cheese made",
        "How exactly was it stolen?",
        "Six prisoners escaped from one of Corven's safest jails how?",
        "The clerk was found, but how was she found?",
    ],
    Kind.COUNT: [
        "How many people died?",
        "How much did it cost?",
        "how long did it last",
        "How old is the tree?",
        "How big was the quake?",
        "How often does it run?",
        "By how much did rents rise?",
        "At what age did she retire?",
        "The fair ended after how many days?",
        "Rents have risen by what percentage since May?",
        "What percentage of voters agreed?",
        "What number of homes lost power?",
        "What is the population of Vale?",
        "What's the starting price of the van?",
        "When Ann Lee takes over the show, how many hosts will it have had?",
        "The house was sold at a price of:",
        "Roughly ___ percent of pupils were absent.",
    ],
    Kind.LIST: [
        "Which countries joined the pact?",
        "Which two airlines will merge?",
        "The line will run between which two towns?",
        "The pact is made up of which nations?",
        "Who were the three men arrested?",
        "Who are the candidates?",
        "What are the names of the twins?",
        "Two geese were let go. What are the geese's names?",
        "What are the symptoms of the fever?",
        "Two islands flooded. What are they?",
        "Which members of the council voted no?",
        "Name the three islands that flooded",
        "List the towns cut off by snow.",
    ],
    Kind.DEFINITION: [
        "What is brackite?",
        "what is inflation",
        "Who is Mira Oakes?",
        "who is mira oakes",
        "Who are the Harbour Lads?",
        "What does OHB stand for?",
        "What does the term “gansey” mean?",
        "What's a dateline?",
        "What is a no-fly zone?",
        "As it pertains to weather, what is the Corven Express?",
        "What is meant by quantitative easing?",
        "define stagflation",
    ],
    Kind.WHEN: [
        "When did it open?",
        "The law takes effect when?",
        "The pier is shut until when?",
        "In which year did it open?",
        "What day is the vote?",
        "On what date does the fair end?",
        "How soon could it reopen?",
        "The pier is old, but when was it built?",
        "Can you tell me when it opened?",
        "It was the worst flood since:",
    ],
    Kind.WHERE: [
        "Where is the ship?",
        "The ship sank where?",
        "Which city removed its last statue this week?",
        "From which country did it sail?",
        "What is the capital of Vale?",
        "Which country bans the veil?",
        "After a week of talks, which state left the pact?",
        "This country closed its border after the vote.",
    ],
    Kind.WHO: [
        "Who won",
        "WHO WON THE CUP",
        "Voters went to the polls this week. Who won?",
        "Voters went to the polls.\nWho won?",
        "Voters went to the polls, but who won?",
        "Do you know who won?",
        "According to police, who was killed when the bus crashed?",
        "Who said the fire started when lightning struck?",
        "To whom was the letter sent?",
        "Whose album was delayed?",
        "Who is the artist?",
        "Who is running?",
        "Who is Mira Oakes married to?",
        "The bank will be run by who next year?",
        "Which former player appeared in court?",
        "Which of these players was traded?",
        "What is the name of the actor who left?",
        "This actor left the show after six seasons.",
    ],
    Kind.OTHER: [
        "Which US company bought the mine?",
        "What is the name of the ship?",
        "What is it called?",
        "What is happening?",
        "What is causing inflation?",
        "What is Corven Power asking for?",
        "What did the mayor say?",
        "What was the mayor known for?",
        "The mayor, who resigned, is from which party?",
        "The debate was cut short when what happened?",
        "Which show has told how it treats its hosts?",
        "May Day is a day for fans of which film?",
        "He has a condition that prevents people from:",
        "The clerk used glue when she ran out of:",
        "Corven is building the world's largest what?",
        "brackite",
        "?",
        "",
    ],
}


@pytest.mark.parametrize(
    ("kind", "question"), [(kind, text) for kind, texts in QUESTIONS.items() for text in texts]
)
def test_the_last_clause_that_asks_says_what_is_asked_for(kind: Kind, question: str) -> None:
    assert kind_of(question) is kind


@pytest.mark.parametrize(
    ("question", "choices"),
    [
        ("Which flooded: Ashby, Corven, or West Vale?", ("Ashby", "Corven", "West Vale")),
        ("Which flooded? A) Ashby B) Corven, or C) Vale", ("Ashby", "Corven", "Vale")),
        ("Which flooded?\n(a) Ashby\n(b) Corven\n", ("Ashby", "Corven")),
        ("Which flooded? 1. Ashby 2. Corven", ("Ashby", "Corven")),
        ("Which flooded?\n- Ashby\n• “Corven”", ("Ashby", "“Corven”")),
        ("What will it cost? $5 / $10", ("$5", "$10")),
        ("Was it Alice, Bob or Carol who won?", ("Alice", "Bob", "Carol")),
        ("Did the Red Kites or the Bobcats win?", ("Red Kites", "Bobcats")),
        ("Is she a good cook or a bad liar?", ("a good cook", "a bad liar")),
        ("Was the driver held or released?", ("held", "released")),
        ("In Vale, did it close because of wind or rain?", ("wind", "rain")),
        ("Who won in May, the Kites or Corven?", ("the Kites", "Corven")),
        ("Which museum said that paintings were stolen or damaged?", ()),
        ("Did anyone call or write?", ()),
        ("Voters went to the polls.\nWho won?", ()),
        ("Who won: it was close?", ()),
        ("", ()),
    ],
)
def test_choices_are_those_that_the_question_gives(question: str, choices: tuple[str, ...]) -> None:
    assert choices_in(question) == choices


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What is brackite?", "brackite"),
        ("Who was the Duke of Vale?", "the Duke of Vale"),
        ("What does “OHB” stand for?", "OHB"),
        ("What's the meaning of gansey", "gansey"),
        ("What is the mayor's name?", ""),
        ("What is the capital of Vale?", ""),
        ("Who is next?", ""),
        ("What happened?", ""),
    ],
)
def test_the_subject_of_a_definition_is_what_has_no_other_name(question: str, subject: str) -> None:
    assert subject_of(question) == subject


@pytest.mark.parametrize(
    ("kind", "question", "answer", "fit"),
    [
        (Kind.COUNT, "How many?", "63", True),
        (Kind.COUNT, "How many?", "twenty-one pies", True),
        (Kind.COUNT, "How many?", "half a million", True),
        (Kind.COUNT, "How many?", "none", True),
        (Kind.COUNT, "How often?", "every week", True),
        (Kind.COUNT, "How many?", "the harbour", False),
        (Kind.COUNT, "How many?", "someone", False),
        (Kind.WHEN, "When?", "last Tuesday", True),
        (Kind.WHEN, "When?", "in 1952", True),
        (Kind.WHEN, "When?", "the 1930s", True),
        (Kind.WHEN, "When?", "two years ago", True),
        (Kind.WHEN, "When?", "7 p.m.", True),
        (Kind.WHEN, "When?", "Nov. 5", True),
        (Kind.WHEN, "When?", "the harbour", False),
        (Kind.WHEN, "When?", "marching", False),
        (Kind.WHO, "Who?", "Mira Oakes", True),
        (Kind.WHO, "Who?", "the harbour officers", True),
        (Kind.WHO, "Who?", "Oakes", True),
        (Kind.WHO, "Who?", "on Tuesday", False),
        (Kind.WHO, "Who?", "the old pier", False),
        (Kind.WHO, "Who?", "He", False),
        (Kind.WHO, "Who?", "42", False),
        (Kind.WHO, "Who?", "Storms", None),
        (Kind.CHOICE, "Was it Alice or Bob?", "her friend Bob", True),
        (Kind.CHOICE, "Was it Alice or Bob?", "Carol", False),
        (Kind.WHERE, "Where?", "space", None),
        (Kind.YES_NO, "Did it?", "Yes", None),
        (Kind.OTHER, "Which?", "42", None),
    ],
)
def test_an_answer_fits_by_its_shape(kind: Kind, question: str, answer: str, fit: bool | None) -> None:
    sentence = f"{answer} broke." if answer == "Storms" else f"It was {answer}."
    assert fits(kind, question, answer, sentence) is fit


WORDS = "who what which is did how the a or of Oakes towns A) B) ? : . , ’s “ this since ___ name ß 中"
PIECES = st.sampled_from([*WORDS.split(), " ", " ", "\n", "true or false"])


@given(st.one_of(st.lists(PIECES, max_size=25).map(" ".join), st.lists(PIECES).map("".join), st.text()))
def test_any_text_is_of_some_kind(question: str) -> None:
    kind = kind_of(question)
    choices = choices_in(question)
    assert len(choices) != 1
    assert all(option and option in question for option in choices)
    assert kind is not Kind.CHOICE or choices
    assert kind is not Kind.DEFINITION or "efin" in question.lower() or subject_of(question) in question
    fits(kind, question, question, question)
