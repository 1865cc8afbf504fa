"""From the span that a reader found to an answer of the kind that was asked for.

Only offsets move, so what comes out is still a slice of the article. What is added and
what is not follows the accepted answers of news-train (to mid-2024).
"""

import re

from index.kinds import Kind, choices_in
from index.sentences import sentence_spans
from index.terms import STOP_WORDS

Span = tuple[int, int]

_PAIRS = tuple(zip('“‘«([{"', '”’»)]}"', strict=True))
_NEVER_FIRST = frozenset(" \t\n\u00a0,;:.!?…%—–-*•/|\\”’»)]}")
_NEVER_LAST = frozenset(" \t\n\u00a0,;:.!?…—–-*•/|\\“‘«([{$£€¥₹")
# "U.S.", "1,200.5", "1.5bn", "don't" are one word each; a closing "'s" is no part of one.
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|\d(?:[\d.,:]*\d)?[^\W\d_]*|[^\W_]+(?:['’](?!s(?!\w))[^\W_]+)*")
_ABBREVIATED = re.compile(
    r"(?<!\w)(?:(?:[^\W\d_]\.)*[^\W\d_]|Inc|Jr|Sr|Co|Corp|Ltd|Bros|St|No|Jan|Feb|Aug|Sept?|Oct|Nov|Dec)\.$"
)
_MONEY = r"(?:US|AU?|CA?|NZ|HK)?[$£€¥₹]"
_MAGNITUDE = r"(?:[ -](?:dozen|hundred|thousand|million|billion|trillion)\b)*(?: ?%| per ?cent\b)?"
_FIGURE = (
    rf"(?:(?:{_MONEY})?\d(?:[\d.,]*\d)?(?:[mbt]n|[mk])?\b|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"(?:-\w+)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:half )?a(?= doz| \w+ill))"
)
# "£4m-£6m" is one quantity, a score of "6-3" is two.
_RANGE = rf"{_FIGURE}(?:[-–](?=[$£€]|\d+[%mb]){_FIGURE})?"
_QUANTITY = rf"(?<![\w.,$£€-])(?:(?:one|\d+) in (?:every )?)?{_RANGE}{_MAGNITUDE}"
_UNIT = (
    r" (?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?|miles?|feet|foot|inches|kg"
    r"|pounds?|(?:kilo)?met(?:er|re)s?|km|tons?|tonnes?|mph|degrees(?: Fahrenheit| Celsius)?)\b"
)
_BARE = re.compile(_QUANTITY, re.IGNORECASE)
_MEASURED = re.compile(rf"{_QUANTITY}(?:{_UNIT}(?:,? (?:and )?{_FIGURE}{_UNIT})?)?", re.IGNORECASE)
_AFTER_FIGURE = re.compile(_MAGNITUDE)
_ASKS_MEASURE = re.compile(r"\bhow (?:long|far|tall|high|deep|heavy|fast|large|big)\b", re.IGNORECASE)
# Beside a person's name, and no part of it.
_ROLES = frozenset(
    "president vice prime minister chancellor secretary senator sen rep gov governor mayor judge justice mr"
    " mrs ms dr prof professor sir dame chief general gen captain col officer director chairman ceo"
    " deputy american british english irish french german russian ukrainian republican democrat tory".split()
)
_CALENDAR = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july"
    " august september october november december".split()
)
_PARTICLES = frozenset("de van von der bin ibn al el la da del di du dos &".split())
# "Boston", not the "Boston Marathon", is where it happened; "New" is nowhere.
_UNFINISHED = frozenset("new san los las south north east west hong saudi sri costa el united fort".split())
_NAME = re.compile(r"(?:[^\W\d_]\.)+|(?:St|Mt)\.|&|[^\W\d_]\w*(?:[-&.]\w+|['’](?!s(?!\w))\w+)*")
_COMMON = "|".join(sorted(STOP_WORDS))
_OPENER = "|".join(word.title() for word in sorted(_CALENDAR | STOP_WORDS - {"will"}))
_CAPITAL = r"[^\W\da-z_](?:[\w&-]|\.(?=\w)|['’](?!s\b)(?=\w))*"
_NAMED = (
    rf"[“\"‘]?(?:[Tt]he |an? )?(?!(?:{_OPENER})\b){_CAPITAL}"
    rf"(?: (?:(?:of|de|the|for|van|&) ){{0,2}}{_CAPITAL}| \d+\b){{0,7}}[”\"’]?"
)
_AND = r"(?:,? and |,? & | as well as )"
_NAMES = re.compile(rf"{_NAMED}(?:, {_NAMED}){{0,30}}{_AND}{_NAMED}")
_PLAIN = rf"(?!(?:{_COMMON})\b)[\w’'&-]+"
_DETERMINER = r"(?:an?|the|his|her|their|its|some|two|three) "
_ITEM = rf"(?:{_DETERMINER})?(?:{_PLAIN} ){{0,2}}{_PLAIN}"
_ITEMS_AFTER = re.compile(rf"(?:, {_ITEM})*{_AND}{_ITEM}")
_FIRST = rf"(?<!\S)(?:{_DETERMINER}(?:{_PLAIN} ){{0,2}})?{_PLAIN}"
_ITEMS_BEFORE = re.compile(rf"{_FIRST}(?:, {_ITEM})*({_AND}|, )$")
_ARTICLE = re.compile(r"^(?:an?|the) ", re.IGNORECASE)
# "Which month …?" is answered by the month, not by the day in it.
_PARTS = {
    re.compile(r"\b(?:which|what) month\b", re.IGNORECASE): re.compile(
        r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
        r"|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)"
    ),
    re.compile(r"\b(?:which|what) year\b", re.IGNORECASE): re.compile(r"\b(?:19|20)\d\d\b"),
}


def shape(kind: Kind, question: str, text: str, start: int, end: int, bounds: Span) -> Span:
    """The answer as a span: inside the bounds, of whole words, and empty only where the bounds are."""
    low, high = max(bounds[0], 0), min(bounds[1], len(text))
    if low >= high:
        return min(low, len(text)), min(low, len(text))
    start = min(max(start, low), high - 1)
    start, end = _whole_words(text, start, min(max(end, start + 1), high), low, high)
    start, end = _tidy(text, start, end, low, high)
    spans = [span for span in sentence_spans(text, low, high) if span[1] > start and span[0] < end]
    sentence = (min(spans[0][0], start), max(spans[-1][1], end)) if spans else (start, end)
    if kind is Kind.YES_NO:
        start, end = sentence
    elif kind is Kind.COUNT:
        pattern = _MEASURED if _ASKS_MEASURE.search(question) else _BARE
        found = (quantity.span() for quantity in pattern.finditer(text, *sentence))
        start, end = next((span for span in found if span[0] <= start and end <= span[1]), (start, end))
    elif kind is Kind.LIST:
        start, end = _listed(text, start, end, sentence)
    elif kind is Kind.CHOICE:
        start, end = _chosen(question, text, start, end, sentence)
    elif kind is Kind.WHEN:
        parts = (part.search(text, start, end) for asks, part in _PARTS.items() if asks.search(question))
        start, end = next((part.span() for part in parts if part), (start, end))
    elif kind not in {Kind.WHY, Kind.HOW, Kind.DEFINITION}:
        start, end = _name(kind, text, start, end, sentence)
    if (start, end) == sentence and kind is Kind.YES_NO:
        return _balanced(text, start, end, high)
    return _tidy(text, start, end, low, high)


def _whole_words(text: str, start: int, end: int, low: int, high: int) -> Span:
    words = (word.span() for word in _WORD.finditer(text, max(low, start - 60), min(high, end + 60)))
    cut = [span for span in words if span[0] < end and start < span[1]]
    return min([start, *(span[0] for span in cut)]), max([end, *(span[1] for span in cut)])


def _tidy(text: str, start: int, end: int, low: int, high: int) -> Span:
    """Without stray punctuation, and with what belongs to the word: "$", "%", the point of "Jr."."""
    whole, before = (start, end), (-1, -1)
    while before != (start, end) and start < end:
        before = start, end
        first, last, after = text[start], text[end - 1], text[end : end + 2]
        if first in _NEVER_FIRST and not (first in ".-’" and text[start + 1 : start + 2].isdigit()):
            start += 1
        elif last in "!?" and (after[:1] == "," or (after[:1] == " " and after[1:].islower())):
            break  # the name goes on: "Jeopardy!"
        elif last in _NEVER_LAST and not (
            last == "." and _ABBREVIATED.search(text, max(start, end - 12), end)
        ):
            end -= 1
        else:
            start, end = _balanced(text, start, end, high)
    if start >= end:
        return whole
    if text[start].isdigit() and (money := re.search(rf"{_MONEY}$", text[max(low, start - 3) : start])):
        start -= len(money.group())
    if text[end - 1].isdigit() and (more := _AFTER_FIGURE.match(text, end, high)):
        end = more.end()
    if text[end : end + 1] == "." and end < high and _ABBREVIATED.search(text, start, end + 1):
        end += 1
    return start, end


def _balanced(text: str, start: int, end: int, high: int) -> Span:
    for opener, closer in _PAIRS:
        opens, closes = text.count(opener, start, end), text.count(closer, start, end)
        opened = opens % 2 if opener == closer else opens - closes
        if opened > 0 and text[start] == opener and end - start > 1:
            start += 1
        elif opened > 0 and end < high and text[end] == closer:
            end += 1
        elif (opened < 0 or opener == closer) and opened and text[end - 1] == closer and end - start > 1:
            end -= 1
    return start, end


def _name(kind: Kind, text: str, start: int, end: int, sentence: Span) -> Span:
    """A word that is part of a name widened to the name, where the article names nothing else so.

    A person is called "Biden" beside Joe Biden; other names that stand alone are whole.
    """
    (first, last), word = sentence, text[start:end]
    if not word[0].isupper() or " " in word or not re.search(r"\b[a-z]{4}", text[first:last]):
        return start, end
    left, right, at = start, end, start - 1
    while at > first and text[at] == " ":
        begin = max(text.rfind(" ", first, at) + 1, first)
        other = text[begin:at]
        opens = begin == first and (other.lower() in STOP_WORDS or f" {other.lower()} " in text)
        if opens or not _joins(kind, other, other):
            break
        left, at = left if other == "&" else begin, begin - 1
    at = end
    while (more := _NAME.match(text, at + 1, last)) and text[at] == " " and _joins(kind, more.group(), word):
        at = more.end()
        right = right if more.group() in _PARTICLES else at
    if kind not in {Kind.WHO, Kind.WHERE}:
        times = len(re.findall(rf"(?<!\w){re.escape(word)}(?!\w)", text))
        left = left if text.count(text[left:end]) == times else start
        right = right if text.count(text[start:right]) == times else end
    return (left, right) if text.count(" ", left, right) < 4 else (start, end)


def _joins(kind: Kind, word: str, left: str) -> bool:
    """Whether the word is more of a name; the left one of the two says whether a place goes on."""
    lower = word.lower().rstrip(".")
    if (kind is Kind.WHO and lower in _ROLES) or (kind is Kind.WHERE and left.lower() not in _UNFINISHED):
        return False
    name = word[0].isupper() and lower not in _CALENDAR and _NAME.fullmatch(word)
    return bool(name) or lower in _PARTICLES


def _listed(text: str, start: int, end: int, sentence: Span) -> Span:
    first, last = sentence
    for names in _NAMES.finditer(text, first, last):
        if names.start() < end and start < names.end():
            return min(start, names.start()), max(end, names.end())
    after = _ITEMS_AFTER.match(text, end, last)
    before = _ITEMS_BEFORE.search(text[first:start])
    if before and (before[1] != ", " or after):
        start = first + before.start()
    return start, after.end() if after else end


def _chosen(question: str, text: str, start: int, end: int, sentence: Span) -> Span:
    options = {option for given in choices_in(question) for option in (given, _ARTICLE.sub("", given))}
    either = "|".join(
        rf"(?<!\w){re.escape(option)}(?!\w)" for option in sorted(options, key=len, reverse=True)
    )
    found = [
        option.span() for option in re.compile(either or "(?!)", re.IGNORECASE).finditer(text, *sentence)
    ]
    if not found:
        return _name(Kind.CHOICE, text, start, end, sentence)
    return min(found, key=lambda span: max(span[0] - end, start - span[1], 0))
