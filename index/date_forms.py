"""The forms that dates take in news: patterns only. What they name is said in ``calendar_words``."""

import re

WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
YEAR = r"(?:1\d|20)\d\d(?![\w%]|[.,]\d)"
NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
CLOCK = (
    r"(?:(?:about|around|shortly|just|soon|right|before|after|past|at|by|nearly)\s+)*"
    r"(?:\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?\s?m\b\.?|\d{1,2}[:.]\d\d|noon|midnight|midday|dawn|dusk|sunrise"
    r"|sunset)(?:\s+(?:local time|[A-Z]{1,3}T|GMT|UTC|(?:Eastern|Central|Mountain|Pacific)(?:\s+time)?))?"
)
HOLIDAYS = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "boxing day": (12, 26), "new year's eve": (12, 31),
    "new year's day": (1, 1), "valentine's day": (2, 14), "halloween": (10, 31), "juneteenth": (6, 19),
}  # fmt: skip
SEASONS = {"spring": (3, 5), "summer": (6, 8), "fall": (9, 11), "autumn": (9, 11)}
PARTS = {
    "first quarter": (1, 3), "second quarter": (4, 6), "third quarter": (7, 9), "fourth quarter": (10, 12),
    "first half": (1, 6), "second half": (7, 12),
}  # fmt: skip
DAY_WORDS = {
    "the day before yesterday": -2, "yesterday": -1, "last night": -1, "earlier today": 0, "later today": 0,
    "today": 0, "tonight": 0, "this morning": 0, "this afternoon": 0, "this evening": 0,
    "the day after tomorrow": 2, "tomorrow": 1,
}  # fmt: skip

_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\w:%]|[.,]\d|\s+(?:percent|million|billion|[ap]\.?m\b))"
_WHICH = r"(?:(?P<which>[Tt]his past|[Tt]his coming|[Tt]he coming|[Ll]ast|[Tt]his|[Nn]ext|past|coming)\s+)?"
_OF = r"\s+(?:of\s+)?(?P<of>last|this|next)\s+"
_LED = rf"(?:(?P<weekday>{WEEKDAY})\b(?:,\s*|\s+))?"
_TO = r"\s*(?:-|–|—|\bto\b|\bthrough\b|\band\b|&)\s*"
_HOLIDAY = "|".join(HOLIDAYS).replace("'", "['’]")


def _form(pattern: str, *, flags: int = 0) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w$£€’'/.-])(?:{pattern})(?!\w|[/-]\w)", flags | re.ASCII)


def _any_case(pattern: str) -> re.Pattern[str]:
    return _form(pattern, flags=re.IGNORECASE)


# By kind. Months and weekdays are capitalised, or they are other words.
FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "named",
        _form(rf"{_LED}(?P<month>{MONTH})\s*(?P<day>{_DAY})(?:(?:,\s*|\s+)(?P<year>{YEAR})|{_OF}year)?"),
    ),
    (
        "named",
        _form(rf"{_LED}(?P<day>{_DAY})(?:\s+of)?\s+(?P<month>{MONTH})(?:,?\s+(?P<year>{YEAR})|{_OF}year)?"),
    ),
    ("named", _form(rf"(?P<month>{MONTH})\s+(?P<day>{_DAY})\s*\((?P<weekday>{WEEKDAY})\)")),
    (
        "named",
        _form(
            rf"{_WHICH}(?P<month>{MONTH})(?!\s*\d{{1,2}}\b)(?:(?:,|\s+of)?\s+(?P<year>{YEAR})|{_OF}year)?"
        ),
    ),
    ("named", _form(rf"{_WHICH}(?P<weekday>{WEEKDAY})\b(?:{_OF}week)?")),
    ("named", _form(rf"(?P<year>{YEAR})")),
    ("named", _form(r"(?P<year>(?:1[6-9]|20)\d\d)-(?P<number>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])")),
    ("named", _any_case(rf"(?P<holiday>{_HOLIDAY})(?:,?\s+(?P<year>{YEAR})|{_OF}year)?")),
    (
        "two days",
        _form(rf"(?P<month>{MONTH})\s*(?P<day>{_DAY}){_TO}(?P<last>{_DAY})(?:,?\s+(?P<year>{YEAR})|{_OF}year)?"),
    ),
    (
        "two days",
        _form(rf"(?P<day>{_DAY}){_TO}(?P<last>{_DAY})\s+(?P<month>{MONTH})(?:,?\s+(?P<year>{YEAR})|{_OF}year)?"),
    ),
    # 2023-24; 2011-12 may be a month.
    (
        "two years",
        _form(r"(?P<year>(?:1[6-9]|20)\d\d)(?:[–/]|-(?!0\d|1[0-2]\b))(?P<last>\d\d(?:\d\d)?)(?!\d)"),
    ),
    (
        "part",
        _any_case(rf"(?:the )?(?:(?P<part>{'|'.join(PARTS)}) of|(?P<season>{'|'.join(SEASONS)})(?: of|,)?)"
                  rf" (?P<year>{YEAR})"),
    ),
    ("decade", _form(r"(?:the )?(?:(?:early|mid|late)[ -])?(?:the )?(?P<decade>(?:1[6-9]|20)\d0)s")),
    ("decade", re.compile(r"(?:the )?(?:(?:early|mid|late)[ -])?['’](?P<short>[4-9]0)s(?!\w)")),
    ("day word", _any_case(rf"(?P<word>{'|'.join(DAY_WORDS)})")),
    (
        "ago",
        _any_case(
            rf"(?P<count>\d{{1,2}}|an?|{NUMBERS.replace(' ', '|')}) (?P<unit>day|week)s?"
            r" (?P<side>ago|from now)(?P<exact> today)?"
        ),
    ),
    (
        "unit",
        _any_case(
            r"(?:(?P<part>earlier|later|early|late|sometime|midway|in the middle of|at the (?:start|end) of)"
            r"\s+)?(?P<which>last|this|next) (?P<unit>week|month|year)"
        ),
    ),
    (
        "weekend",
        _any_case(
            r"(?:over )?(?P<which>this past|this coming|the coming|the past|the|this|last|next|past|coming)"
            r" weekend"
        ),
    ),
    ("season", _any_case(r"(?P<which>last|this|next) (?P<season>spring|summer|fall|autumn)")),
    ("end", _any_case(r"the end of the (?P<unit>year|month)")),
)  # fmt: skip

_COUNT = rf"(?:\d+|an?|{NUMBERS.replace(' ', '|')}|several|few|some|many|couple of)"
_TIME_WORDS = re.compile(
    r"\b(?:yesterday|today|tonight|tomorrow|overnight|weekends?|fortnight|noon|midnight|midday|dawn|dusk"
    r"|christmas|boxing day|valentine['’]s|new year['’]s|halloween|thanksgiving|easter|juneteenth|ramadan"
    r"|recently|lately|soon|nowadays|centur(?:y|ies)|decades?|ago|summer|winter|autumn"
    r"|(?:twent|thirt|fort|fift|sixt|sevent|eight|ninet)ies"
    r"|(?:last|this|next|past|coming|previous|following|same|every|each|that|recent)\s+(?:day|night|morning"
    r"|afternoon|evening|week|month|quarter|year|season|spring|fall|few \w+)s?"
    r"|(?:in|during|by|early|late)\s+(?:the\s+)?(?:morning|afternoon|evening|night|spring|fall)"
    rf"|(?:end|start|beginning) of the (?:day|week|month|year)|{_COUNT}\s+(?:seconds|minute|hour|day|week"
    r"|month|year)s?|\d{1,2}:\d\d|\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?m)(?!\w)",
    re.IGNORECASE,
)
_DATES = re.compile(
    rf"(?<![\w’'$£€])(?<!\d[.,])(?:{WEEKDAY}s?|{MONTH}\s*\d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH}"
    rf"|(?!Ma[ry]){MONTH}|(?:[Ii]n|[Bb]y|[Ss]ince|[Uu]ntil|[Ff]rom|[Tt]hrough|[Ll]ast|[Nn]ext|[Tt]his"
    rf"|[Ee]arly|[Ll]ate|[Mm]id|of|and|to)[ -](?:May|March)|(?:May|March),?\s+(?:of\s+)?{YEAR}"
    rf"|{YEAR}(?:[-–/]\d\d(?:\d\d)?)?|\d{{3,4}} (?:AD|B?CE|BC)|\d{{4}}-\d\d-\d\d)(?!\w)"
    r"|(?<!\w)['’][1-9]0s\b|\b(?:1\d|20)\d0s\b|\b(?:early|mid|late)[ -][1-9]0s\b"
)
_ONLY_MONTH = re.compile(r"\s*(?:May|March)\W*")


def has_date(text: str) -> bool:
    """Whether ``text`` holds any time expression: "Nov. 3", "8 a.m.", "recently", "last week"."""
    return any(form.search(text) for form in (_DATES, _TIME_WORDS)) or bool(_ONLY_MONTH.fullmatch(text))
