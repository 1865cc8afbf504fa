"""Dates in answers: the one date that the words can mean, and none where they can mean two."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.when import has_date, resolve, written_on

MONDAY, TUESDAY, WEDNESDAY = date(2024, 1, 29), date(2024, 1, 30), date(2024, 1, 31)
FRIDAY, SATURDAY, SUNDAY = date(2024, 1, 26), date(2024, 1, 27), date(2024, 1, 28)


@pytest.mark.parametrize(
    ("words", "sentence", "expected"),
    [
        ("Nov. 3, 2023", "He died on Nov. 3, 2023, in Paris.", "2023-11-03"),
        ("on 3 November 2023", "He died on 3 November 2023.", "2023-11-03"),
        ("the 3rd of November 2023", "He died on the 3rd of November 2023.", "2023-11-03"),
        ("Sept. 11, 2001", "Nearly 3,000 people died on Sept. 11, 2001.", "2001-09-11"),
        ("2024-01-30", "It is dated 2024-01-30.", "2024-01-30"),
        ("8:30 a.m. on Jan. 5, 2024", "It struck at 8:30 a.m. on Jan. 5, 2024.", "2024-01-05"),
        ("Nov. 3, 2023, at 8 p.m.", "It was shown Nov. 3, 2023, at 8 p.m. in Rome.", "2023-11-03"),
        ("Thursday, Aug. 24, 2023", "They will play Thursday, Aug. 24, 2023.", "2023-08-24"),
        ("Christmas Day 2023", "It collapsed on Christmas Day 2023.", "2023-12-25"),
        ("August 2022", "Beijing suspended cooperation in August 2022.", "2022-08"),
        ("until June 2025", "The ban has been extended until June 2025.", "2025-06"),
        ("March of 2013", "It opened in March of 2013.", "2013-03"),
        ("2022", "Cooperation was suspended amid frosty relations in 2022.", "2022"),
        ("late 2022", "It opened in late 2022.", "2022"),
        ("by 2030", "The law will go into effect by 2030.", "2030"),
        ("the 2014 season", "He led the league in the 2014 season.", "2014"),
        ("a 2017 study", "It was found in a 2017 study.", "2017"),
        ("between 2019 and 2021", "Sales doubled between 2019 and 2021.", "2019/2021"),
        ("1912–1954", "Turing (1912–1954) was its author.", "1912/1954"),
        ("2023-24", "They won it in 2023-24.", "2023/2024"),
        ("2011-12", "They won it in 2011-12.", None),
        ("the 1990s", "The mine closed in the 1990s.", "1990/1999"),
        ("the late ’80s", "The mine closed in the late ’80s.", "1980/1989"),
        ("the 2000s", "The mine closed in the 2000s.", None),
        ("the 18th century", "The bowl was blown in the 18th century.", None),
        ("spring 2023", "The mine closed in spring 2023.", "2023-03/2023-05"),
        ("the summer of 2022", "The mine closed in the summer of 2022.", "2022-06/2022-08"),
        ("winter 2023", "The mine closed in winter 2023.", None),
        ("the first quarter of 2024", "Profits fell in the first quarter of 2024.", "2024-01/2024-03"),
        ("the second half of 2023", "Profits fell in the second half of 2023.", "2023-07/2023-12"),
        ("Nov. 3-5, 2023", "The fair ran Nov. 3-5, 2023.", "2023-11-03/2023-11-05"),
        ("Nov. 3", "The fair ran Nov. 3-5, 2023.", "2023-11-03"),
        ("Nov.", "The fair ran Nov. 3-5, 2023.", "2023-11"),
        ("2023", "The fair ran Nov. 3-5, 2023.", "2023"),
        ("26–28 February 2013", "They met on 26–28 February 2013.", "2013-02-26/2013-02-28"),
        ("from Dec. 30, 2023, to Jan. 2, 2024", "It ran from Dec. 30, 2023, to Jan. 2, 2024.",
         "2023-12-30/2024-01-02"),
        ("from January to March 2023", "It ran from January to March 2023.", "2023-01/2023-03"),
        ("from November to January 2023", "It ran from November to January 2023.", "2022-11/2023-01"),
        ("November", "It ran from November to January 2023.", "2022-11"),
        ("Feb. 29, 2024", "Leap day was Feb. 29, 2024.", "2024-02-29"),
        ("Feb. 29, 2023", "The form was dated Feb. 29, 2023.", None),
        ("Friday, Jan. 30, 2024", "It was signed on Friday, Jan. 30, 2024.", None),
    ],
)  # fmt: skip
def test_a_date_with_its_year_needs_nothing_else(words: str, sentence: str, expected: str | None) -> None:
    assert resolve(words, sentence, None) == expected
    assert resolve(words, sentence, date(2015, 5, 5)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [("2019", "2019"), ("January", "2019-01"), ("Jan", None), ("January 12", "2019-01-12")],
)
def test_the_date_is_never_finer_than_the_words(words: str, expected: str | None) -> None:
    assert resolve(words, "She was elected on January 12, 2019, by a hair.", None) == expected


@pytest.mark.parametrize(
    ("words", "sentence", "anchor", "expected"),
    [
        # Past: the most recent such day, today among them.
        ("on Tuesday", "Officials said on Tuesday that talks had begun.", WEDNESDAY, "2024-01-30"),
        ("Tuesday", "The court ruled Tuesday that the ban is unlawful.", TUESDAY, "2024-01-30"),
        ("Sunday", "Rebels seized the town on Sunday.", date(2024, 1, 1), "2023-12-31"),
        ("Friday", "He was arrested in Austin, Texas, on Friday.", SUNDAY, "2024-01-26"),
        ("Monday night", "The council voted on Monday night for a rise.", date(2024, 11, 12), "2024-11-11"),
        ("shortly before midnight on Sunday", "It struck shortly before midnight on Sunday.", MONDAY,
         "2024-01-28"),
        ("On Tuesday", "On Tuesday, the House passed a bill that will ban it.", WEDNESDAY, "2024-01-30"),
        ("Friday", "Musk on Friday said that he will pay.", SATURDAY, "2024-01-26"),
        ("Sunday", "According to an official who spoke to reporters on Sunday, talks will begin.", MONDAY,
         "2024-01-28"),
        ("Friday", "It was suspended Friday after the company said it will close.", MONDAY, "2024-01-26"),
        ("since Tuesday", "The road has been closed since Tuesday.", WEDNESDAY, "2024-01-30"),
        ("opened on Sunday", "The bridge opened on Sunday.", MONDAY, "2024-01-28"),
        ("two days after Sunday", "The bridge opened two days after Sunday.", WEDNESDAY, None),
        ("Sunday's election", "Halloran-Pike won Sunday's election for mayor.", MONDAY, "2024-01-28"),
        ("Friday’s meeting", "He said following Friday’s meeting that he will stay.", MONDAY, "2024-01-26"),
        # Future: the next, today among them.
        ("on Tuesday", "The two sides will meet on Tuesday in Beijing.", MONDAY, "2024-01-30"),
        ("Tuesday", "The committee will vote Tuesday.", TUESDAY, "2024-01-30"),
        ("Monday", "The verdict is to be read on Monday.", date(2023, 12, 30), "2024-01-01"),
        ("Thursday", "Snow is expected to fall Thursday across the north.", date(2024, 2, 28), "2024-02-29"),
        ("on Saturday", "The museum opens on Saturday, 36 years after it closed.", FRIDAY, "2024-01-27"),
        ("Monday", "The strike begins Monday, the union said.", FRIDAY, "2024-01-29"),
        ("by Friday", "The grid hopes to reconnect them by Friday.", MONDAY, "2024-02-02"),
        ("until Wednesday", "All schools are shut until Wednesday.", MONDAY, "2024-01-31"),
        ("Thursday", "Rain is due on Thursday, but no more gales.", MONDAY, "2024-02-01"),
        ("Wednesday", "Officials said Monday that the panel will meet Wednesday.", TUESDAY, "2024-01-31"),
        ("Monday", "Officials said Monday that the panel will meet Wednesday.", TUESDAY, "2024-01-29"),
        # Neither: nobody can tell.
        ("Tuesday", "Prosecutors urged the judge to rule Tuesday.", FRIDAY, None),
        ("Friday", "She had been scheduled to testify Friday.", MONDAY, None),
        ("Thursday", "On Thursday talks end, officials said.", MONDAY, None),
        ("until Friday", "The decision was delayed until Friday.", WEDNESDAY, None),
        ("Friday", "The union postponed a walkout on Friday.", WEDNESDAY, None),
        ("Friday", "He said that he would resign on Friday.", WEDNESDAY, None),
        ("Tuesday", "Organizers canceled the Tuesday show.", WEDNESDAY, None),
        ("Tuesday", "He said they were meeting on Tuesday.", WEDNESDAY, None),
        ("Friday", "Polls will be open Thursday or Friday.", MONDAY, None),
        # Tomorrow's name in the past is a late addition as often as it is last week's.
        ("Tuesday", "The court ruled Tuesday that the ban is unlawful.", MONDAY, None),
    ],
)  # fmt: skip
def test_a_weekday_follows_the_tense(words: str, sentence: str, anchor: date, expected: str | None) -> None:
    assert resolve(words, sentence, anchor) == expected


@pytest.mark.parametrize(
    ("words", "sentence", "anchor", "expected"),
    [
        ("Tuesday", "The bridge reopened last Tuesday.", MONDAY, "2024-01-23"),
        ("last Friday", "He was arrested last Friday.", FRIDAY, "2024-01-19"),
        ("last Friday", "He was arrested last Friday.", SUNDAY, None),
        ("last Monday", "He was arrested last Monday.", TUESDAY, None),
        ("next Tuesday", "It will open next Tuesday.", FRIDAY, "2024-01-30"),
        ("next Friday", "It will open next Friday.", MONDAY, None),
        ("this Friday", "The film will be released this Friday.", MONDAY, "2024-02-02"),
        ("this past Sunday", "He was seen this past Sunday.", WEDNESDAY, "2024-01-28"),
        ("Tuesday of last week", "He quit on Tuesday of last week.", MONDAY, "2024-01-23"),
        ("Monday next week", "He is to quit on Monday next week.", MONDAY, "2024-02-05"),
        ("from Monday to Wednesday", "They visited Seoul from Monday to Wednesday.", date(2024, 2, 1),
         "2024-01-29/2024-01-31"),
        ("from Monday to Wednesday", "They visited Seoul from Monday to Wednesday.", TUESDAY, None),
        ("from Thursday to Saturday", "The fair will be held from Thursday to Saturday.", TUESDAY,
         "2024-02-01/2024-02-03"),
        ("Saturday and Sunday", "The fair will run Saturday and Sunday.", TUESDAY, "2024-02-03/2024-02-04"),
        ("Monday and Friday", "The fair will run Monday and Friday.", TUESDAY, None),
        ("Monday through Friday", "The library was open Monday through Friday.", TUESDAY, None),
        ("Monday", "The library was open Monday through Friday.", TUESDAY, None),
        ("on Mondays", "The museum is closed on Mondays.", TUESDAY, None),
        ("Monday", "The museum will be closed every Monday.", TUESDAY, None),
        ("the following Tuesday", "The site will offer places from the following Tuesday.", TUESDAY, None),
        ("Tuesday", "He resigned on the previous Tuesday.", WEDNESDAY, None),
        ("Friday", "He resigned on a Friday.", TUESDAY, None),
        ("Friday", "Stores opened early on Black Friday.", TUESDAY, None),
        ("Sunday", "The Sunday Times said so.", TUESDAY, None),
        ("Thursday", "He will start a week from Thursday.", TUESDAY, None),
        ("Friday", "He died on Friday two weeks ago.", TUESDAY, None),
        ("before Friday", "They will meet before Friday.", TUESDAY, None),
        ("Tuesday", "“We met on Tuesday,” he said.", WEDNESDAY, None),
        ("Tuesday", '"We met on Tuesday," he said.', WEDNESDAY, None),
    ],
)  # fmt: skip
def test_what_stands_beside_a_weekday_counts(
    words: str, sentence: str, anchor: date, expected: str | None
) -> None:
    assert resolve(words, sentence, anchor) == expected


@pytest.mark.parametrize(
    ("words", "sentence", "anchor", "expected"),
    [
        ("in November", "It was an outcome of Biden’s summit with Xi in San Francisco in November.", MONDAY,
         "2023-11"),
        ("in January", "The governor resigned in January.", MONDAY, "2024-01"),
        ("December", "The governor resigned in early December.", date(2024, 12, 1), "2024-12"),
        ("in February", "The plant will close in February.", date(2024, 12, 29), "2025-02"),
        ("in December", "The plant will close in December.", date(2024, 12, 1), None),
        ("in March", "The minister resigned in March.", date(2024, 2, 28), None),
        ("last November", "He resigned last November.", date(2024, 2, 5), "2023-11"),
        ("last November", "He resigned last November.", date(2024, 12, 5), None),
        ("next March", "He will resign next March.", date(2023, 11, 5), "2024-03"),
        ("next March", "He will resign next March.", date(2024, 1, 5), None),
        ("October last year", "He quit in October last year.", date(2024, 1, 5), "2023-10"),
        ("this June", "FIFA will announce it this June.", date(2018, 2, 12), "2018-06"),
        ("from May to July", "The show ran from May to July.", date(2024, 9, 1), "2024-05/2024-07"),
        ("in November", "In 2015 he moved to Boston, and in November he opened a bar.", MONDAY, None),
        ("in November of that year", "He died in November of that year.", MONDAY, None),
        ("November", "He won in the November election.", MONDAY, None),
        ("May", "They may vote; May said so.", date(2024, 6, 1), None),
        ("May", "Mrs May resigned.", date(2024, 6, 1), None),
        ("in May", "Mrs May resigned in May.", date(2019, 6, 1), "2019-05"),
        ("March", "They will March on Washington.", MONDAY, None),
        ("Nov. 3", "He died on Nov. 3 in Paris.", MONDAY, "2023-11-03"),
        ("April 21-24", "It will return on April 21-24 of next year.", MONDAY, "2025-04-21/2025-04-24"),
        ("8:30 a.m. on Jan. 5", "The quake struck at 8:30 a.m. on Jan. 5.", MONDAY, "2024-01-05"),
        ("on Dec. 31", "The ban will end on Dec. 31.", date(2023, 12, 31), "2023-12-31"),
        ("January 1", "Drivers will pay $4.50 to cross the bridge from January 1, half as much again.",
         date(2024, 11, 12), "2025-01-01"),
        ("Feb. 29", "The law took effect on Feb. 29.", date(2024, 3, 1), "2024-02-29"),
        ("Feb. 29", "The law took effect on Feb. 29.", date(2023, 3, 1), None),
        ("Dec. 30 to Jan. 2", "It snowed from Dec. 30 to Jan. 2.", date(2024, 1, 5), "2023-12-30/2024-01-02"),
        ("Jan. 28", "Sunday, Jan. 28, 3:00 p.m. ET", FRIDAY, "2024-01-28"),
        ("on Christmas Day", "The temple collapsed on Christmas Day.", date(2024, 1, 10), "2023-12-25"),
        ("July 3", "The match will be on July 3 (Friday).", date(2024, 2, 4), None),
        ("Sept. 11", "Nearly 3,000 people died on Sept. 11.", date(2024, 9, 12), None),
        ("Oct. 7", "About 1,200 people died in the Oct. 7 attack.", date(2024, 3, 12), None),
        ("April 3", "He died on April 3.", date(2024, 2, 12), None),
        ("May 6", "His birthday is May 6.", date(2024, 4, 12), None),
    ],
)  # fmt: skip
def test_a_month_or_a_day_without_a_year(
    words: str, sentence: str, anchor: date, expected: str | None
) -> None:
    assert resolve(words, sentence, anchor) == expected


@pytest.mark.parametrize(
    ("words", "sentence", "anchor", "expected"),
    [
        ("yesterday", "The strike began yesterday.", date(2024, 3, 1), "2024-02-29"),
        ("last night", "The strike began last night.", date(2024, 1, 1), "2023-12-31"),
        ("tomorrow morning", "The strike will begin tomorrow morning.", date(2023, 2, 28), "2023-03-01"),
        ("the day before yesterday", "It began the day before yesterday.", date(2024, 1, 1), "2023-12-30"),
        ("today", "The company said today that it will close.", MONDAY, "2024-01-29"),
        ("Today", "Today the company has 500 workers.", MONDAY, None),
        ("three days ago", "The strike began three days ago.", date(2024, 3, 1), "2024-02-27"),
        ("about three days ago", "The strike began about three days ago.", date(2024, 3, 1), None),
        ("two weeks ago", "The strike began two weeks ago.", MONDAY, "2024-01-12/2024-01-18"),
        ("a week ago today", "The strike began a week ago today.", MONDAY, "2024-01-22"),
        ("last week", "She resigned last week.", WEDNESDAY, "2024-01-22/2024-01-28"),
        ("last week", "She resigned last week.", SUNDAY, None),
        ("this week", "A delegation is in Beijing this week.", MONDAY, "2024-01-29/2024-02-04"),
        ("earlier this week", "She resigned earlier this week.", WEDNESDAY, "2024-01-29/2024-01-31"),
        ("later this week", "She will resign later this week.", WEDNESDAY, "2024-01-31/2024-02-04"),
        ("over the weekend", "Thousands marched over the weekend.", TUESDAY, "2024-01-27/2024-01-28"),
        ("the weekend", "Thousands will march over the weekend.", TUESDAY, "2024-02-03/2024-02-04"),
        ("this weekend", "The festival will take place this weekend.", SATURDAY, "2024-01-27/2024-01-28"),
        ("next weekend", "The festival will take place next weekend.", TUESDAY, None),
        ("last month", "The authority brought in the roster last month.", date(2024, 1, 16), "2023-12"),
        ("next month", "It will open next month.", date(2023, 12, 31), "2024-01"),
        ("early next year", "The trial will begin early next year.", date(2024, 12, 31), "2025"),
        ("last year", "It was agreed to in San Francisco last year.", MONDAY, "2023"),
        ("the end of the year", "The bridge will open by the end of the year.", MONDAY, "2024"),
        ("the end of the year", "By the end of the year he had left.", MONDAY, None),
        (
            "last spring",
            "The overrun was put down to a flood last spring.",
            date(2024, 2, 4),
            "2023-03/2023-05",
        ),
        ("last summer", "It was shut last summer.", date(2024, 9, 20), None),
        ("the last week of January", "It was shut in the last week of January.", date(2024, 2, 20), None),
        ("the last month", "It has risen in the last month.", MONDAY, None),
        ("yesterday", "“We lost yesterday,” he said.", MONDAY, None),
    ],
)
def test_words_that_lean_on_the_day_of_writing(
    words: str, sentence: str, anchor: date, expected: str | None
) -> None:
    assert resolve(words, sentence, anchor) == expected
    assert resolve(words, sentence, None) is None


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("recently", "He recently resigned."),
        ("soon", "He will soon resign."),
        ("years ago", "He resigned years ago."),
        ("two years ago", "He resigned two years ago."),
        ("a decade ago", "He resigned a decade ago."),
        ("two days later", "He died two days later."),
        ("the next day", "He died the next day."),
        ("at noon", "The polls closed at noon."),
        ("11:20 p.m.", "He conceded at 11:20 p.m."),
        ("within 30 days", "The board will report within 30 days."),
        ("about 1590", "The bowl was blown in about 1590."),
        ("before 2019", "It was sold before 2019."),
        ("after Jan. 5, 2024", "It was sold after Jan. 5, 2024."),
        ("fiscal 2024", "Sales rose in fiscal 2024."),
        ("1200 B.C.", "It was built in 1200 B.C."),
        ("2000 troops", "He sent 2000 troops."),
        ("$2022", "It costs $2022."),
        ("03/04/2024", "It is dated 03/04/2024."),
        ("Jan. 5, 2024, or Jan. 9, 2024", "It will be Jan. 5, 2024, or Jan. 9, 2024."),
        ("Jan. 5, 2024, two days after the storm", "It was Jan. 5, 2024, two days after the storm."),
        ("", "He died on Nov. 3, 2023."),
    ],
)
def test_no_date_is_better_than_a_guess(words: str, sentence: str) -> None:
    assert resolve(words, sentence, MONDAY) is None


def test_words_that_stand_twice_are_told_apart_by_their_place() -> None:
    sentence = "He arrived Monday, and his wife will join him Monday, they said."
    second = sentence.rindex("Monday")
    assert resolve("Monday", sentence, WEDNESDAY, start=11) == "2024-01-29"
    assert resolve("Monday", sentence, WEDNESDAY, start=second) == "2024-02-05"
    assert resolve("Monday", sentence, WEDNESDAY) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("WASHINGTON, Jan. 29 (Reuters) - The court", MONDAY),
        ("BEIJING, January 29 (Xinhua) — The court", MONDAY),
        ("Paris, Jan 29 (AFP) – The court", MONDAY),
        ("LONDON, 29 January -- The court", MONDAY),
        ("MOSCOW, January 29, 2024 /TASS/. — The court", MONDAY),
        ("SAN JUAN, Puerto Rico, Jan. 29 (AP) — The court", MONDAY),
        ("A title\n\nBy A. Writer\n\nHARBORTON, JAN. 29 — The court", MONDAY),
        ("TOKYO, Jan. 31 (Kyodo) — It is tomorrow already", WEDNESDAY),
        ("NEW YORK (AP) — The court", TUESDAY),
        ("The meeting of Jan. 29 — what we know", TUESDAY),
        ("", TUESDAY),
        ("WASHINGTON, Jan. 5 (Reuters) - Published again", None),
        ("WASHINGTON, Jan. 29, 2019 (Reuters) - Published again", None),
        ("TOKYO, Feb. 30 (Kyodo) — No such day", None),
    ],
)
def test_an_article_is_written_on_the_day_of_its_dateline(text: str, expected: date | None) -> None:
    assert written_on(text, published=TUESDAY) == expected


def test_a_dateline_takes_its_year_from_the_day_of_publication() -> None:
    assert written_on("PARIS, Dec. 31 (AFP) - The court", date(2024, 1, 2)) == date(2023, 12, 31)
    assert written_on("PARIS, Dec. 31 (AFP) - The court", None) is None
    assert written_on("PARIS, Dec. 31, 2023 (AFP) - The court", None) == date(2023, 12, 31)
    assert written_on("The court", None) is None


@pytest.mark.parametrize(
    "text",
    """on Tuesday|in November|Nov. 3|3 November|2022|August 2022|early next year|two weeks ago
    |yesterday|Tonight|from Monday to Wednesday|the weekend|the 1990s|the ’80s|the eighties
    |spring 2023|last spring|this summer|the first quarter of 2024|Christmas Day|a decade ago
    |recently|soon|8:30 a.m.|at noon|at 6:12|18th century|two hours later|on Mondays|every week
    |the following year|recent years|in May|May|May 5|March 2013|500 CE|Boxing Day
    |the end of the month""".replace("\n    ", "").split("|"),
)
def test_time_expressions_of_all_kinds(text: str) -> None:
    assert has_date(text)


@pytest.mark.parametrize(
    "text",
    """he may go|they march|after landing|Friedman|5 percent|2,022|$2022|room 101|a second half|Mayor Adams
    |Marchbank|one|Mondale|1.2024|augusta|""".replace("\n    ", "").split("|"),
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    assert not has_date(text)


_FORM = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:/(\d{4}(?:-\d\d(?:-\d\d)?)?))?")
_WORDS = st.lists(
    st.sampled_from(
        "on in by since until from to through between and of the a last next this past early late mid"
        " earlier week month year weekend day days weeks ago Tuesday Monday Sunday, Friday's May March"
        " Nov. Jan. August 3 31 29, 5-7 2023 2024, 1999 1990s spring quarter first half Christmas Day"
        ' yesterday tomorrow today tonight two three said will was opens Tuesday, that who “ ” " — - – ,'
        " . 8:30 a.m. noon end before".split()
    ),
    max_size=14,
).map(" ".join)


def _check(words: str, found: str | None) -> None:
    if found is None:
        return
    form = _FORM.fullmatch(found)
    assert form is not None
    assert has_date(words)
    first, last = form.group(1), form.group(2) or form.group(1)
    assert len(first) == len(last)
    first_day, last_day = (date.fromisoformat(each + "-01-01"[len(each) - 4 :]) for each in (first, last))
    assert first_day <= last_day


@given(st.text(max_size=80), st.text(max_size=200), st.none() | st.dates())
def test_any_text_has_a_date_or_none(words: str, sentence: str, anchor: date | None) -> None:
    _check(words, resolve(words, sentence + words + sentence, anchor))
    written_on(words, anchor)


@settings(max_examples=300)
@given(_WORDS, _WORDS, _WORDS, st.none() | st.dates())
def test_any_heap_of_date_words_has_a_date_or_none(
    before: str, words: str, after: str, anchor: date | None
) -> None:
    sentence = f"{before} {words} {after}"
    _check(words, resolve(words, sentence, anchor, start=len(before) + 1))
    _check(sentence, resolve(sentence, sentence, anchor))


@given(st.dates(date(1601, 1, 1), date(2199, 1, 1)), st.integers(-5, 6))
def test_a_weekday_is_the_one_that_the_writer_meant(anchor: date, days: int) -> None:
    day = anchor + timedelta(days=days)
    verb = "will open" if days > 0 else "opened"
    assert resolve(f"{day:%A}", f"The bridge {verb} on {day:%A}.", anchor) == day.isoformat()


@given(st.dates(date(1901, 3, 1), date(2099, 1, 1)), st.integers(-180, 180))
def test_a_day_of_the_year_is_the_one_that_the_writer_meant(anchor: date, days: int) -> None:
    day = anchor + timedelta(days=days)
    verb = "will open" if days > 0 else "opened"
    found = resolve(f"{day:%B} {day.day}", f"The bridge {verb} on {day:%B} {day.day}.", anchor)
    assert found in {day.isoformat(), None}
    assert found or (day.month, day.day) in {(1, 6), (9, 11), (10, 7)}


@pytest.mark.parametrize(
    "piece", ["on ", "A", "A, ", "at about ", "2024-", "to will ", "1 a", "Nov. 3 to ", "“"]
)
def test_a_page_of_nonsense_takes_no_time(piece: str) -> None:
    text = piece * 2000
    assert resolve("Tuesday", text + "Tuesday" + text, MONDAY) is None
    assert resolve(text + "Tuesday", text + "Tuesday", MONDAY) is None
    written_on(text, None)
