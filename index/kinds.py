"""What kind of answer a question asks for, and whether an answer has that shape.

Rules over the question's words, as features of the ranker: in doubt OTHER, and None.
"""

import re
from enum import Enum

from index.sentences import sentence_spans
from index.terms import STOP_WORDS


class Kind(Enum):
    """What is asked for."""

    YES_NO, WHY, HOW, COUNT, LIST, CHOICE, DEFINITION, WHEN, WHERE, WHO, OTHER = range(11)


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


_NOUNS_OF = {
    Kind.WHO: "person man woman people men women actor actress singer star musician rapper comedian player"
    " athlete quarterback coach captain manager president leader politician republican democrat minister"
    " chancellor senator lawmaker governor mayor judge justice secretary speaker candidate nominee official"
    " adviser ambassador king queen royal golfer pope author journalist reporter host director"
    " artist scientist doctor lawyer billionaire executive ceo boss founder chairman chief activist"
    " celebrity figure winner rival champion daughter son wife husband sister mother suspect victim officer"
    " police worker soldier student teacher fan owner member mp icon aide legend footballer",
    Kind.WHERE: "country nation state city town village county province region continent island place"
    " location territory borough suburb district hometown destination",
    Kind.WHEN: "year month day date week weekday decade century season deadline time",
    Kind.COUNT: "percentage percent number proportion share fraction amount age price cost population total"
    " speed height weight length temperature salary wage worth value toll fee distance",
    Kind.WHY: "reason cause motive",
}
_NOUNS = {noun: kind for kind, nouns in _NOUNS_OF.items() for noun in nouns.split()}
_UNITS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_NUMBER = _pattern(
    rf"\d|\b(?:one|{_UNITS}|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|zero|none?|once|twice|half|third"
    r"|quarter|doubled?|tripled?|\w+fold|dozens?|hundreds?|thousands?|\w+illions?|annually|every)\b"
)
_TIME = _pattern(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|(?:jan|feb|mar"
    r"|apr|aug|sept?|oct|nov|dec)\.|(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|tonight"
    r"|tomorrow|spring|summer|autumn|winter|christmas|ago|now|(?:1\d|20)\d\ds?|\d0s|\d ?[ap]\.?m"
    r"|(?:minute|hour|day|night|week|month|year|decade|season|weekend|century)s?|\d\d?[:/]\d\d)(?!\w)"
)
_AUX = r"(?:(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might)(?:n['’]t)?\b)"
_BE = r"(?:['’]s|['’]re|(?: exactly)? (?:is|are|was|were)(?: exactly)?)"
_THE = rf"{_BE} (?:the|his|her|their|its|some of the|some)"
_PREPOSITION = "of|in|on|at|for|from|to|with|by|as|about|after|before|over|into|against|during|behind|under"
# Where a noun phrase that has begun ends.
_AFTER_NOUN = _pattern(
    rf"(?:{_AUX}|\W|(?:{_PREPOSITION}|despite|amid|since|up|than|who|whose|that|which|what|where|when|and|or|but"
    r"|just|also|now|this|next|last|not|the|an?|its|his|her|their|won|made|said|took|led|gave|got|became|came|set"
    r"|went|broke|beat|hit|held|sold|saw|built|found|lost|left|ran|told|kept|fell|put|met|sent|spent|bought|began"
    r"|lit|known|says|makes|wants|appears|tends))$"
)
_PLURAL = re.compile(r"people|(?:wo)?men|children|duo|(?!(?:news|gas|.*series|.*species)$).*[^sui'’]s$")
_TOKEN = re.compile(r"[^\W_][\w.&'’-]*|[^\w\s]")
_SEVERAL = rf"(?:\d\d?|{_UNITS})(?![\w-])"
_QUANTITY = r"how (?:many|much|long|old|tall|far|big|large|high|fast|heavy|often|deep|hot|warm|late|adults)\b"
# "who", "when", "where" and "how" also open clauses that ask nothing: inside a sentence they ask
# only where no other word does.
_AT_START = _pattern(
    rf"(?:(?:and|but|so|since|until|{_PREPOSITION}) ){{0,2}}((?:(?:who(?:m|se)?|what|which|why)\b"
    rf"|how (?!to\b)|(?:when|where)(?:['’]s|(?: \w+)? {_AUX}|\W*$)).*)"
)
_INSIDE = _pattern(
    rf"({_QUANTITY}.*|\bhow (?:soon|early|come)\b.*|(?<!, )\bwhich\b.*|\b(?:what|why)\b.*|\b(?:when|where"
    r"|how) (?:do|does|did|will|is|was)\b.*|(?:(?<=\band )|(?<=\bbut ))(?:who|where|when|how)\b.*)"
)
_AT_LAST = _pattern(r".*\b((?:who(?:m|se)?|when|where|how|which)\b.*)(?<![.:…_])$")
_LEAD_IN = _pattern(
    r"(?:(?:do|can|could|would) you (?:know|tell|say|explain)|tell|i wonder)(?: me| us)?,? (?=wh|how|if )"
    rf"|(?:according|{_PREPOSITION}|following|despite|when|while|amid|since|if)\b[^,]*, "
    rf"(?=which\b|(?:who(?:m|se)?|when|where|how) (?:{_AUX}|\w+ed\b|won\b|led\b)|{_AUX} [a-z]+\b.*\?)"
)
_TRUE_OR_FALSE = _pattern(r"\b(?:true or false|yes or no|fact or fiction)\b")
_YES_NO = _pattern(rf"(?:(?:and|but|so) )?{_AUX} (?!\d|of\b|Smith\b)")
_ASKED = _pattern(
    rf"(?P<WHY>why\b|how come\b|what (?:caused|causes|prompted|triggered|led to|explains|is behind)\b"
    rf"|what(?:{_THE}| (?:is|was) one(?: of the)?)(?: \w+)? (?:reasons?|causes?)\b)"
    rf"|(?P<WHEN>how (?:soon|early)\b|when\b)|(?P<COUNT>{_QUANTITY})|(?P<HOW>how (?:exactly )?{_AUX}|how\W*$)"
    rf"|(?P<LIST>(?:which|(?:what|who)(?:{_THE}|{_BE})?)(?: other)? {_SEVERAL}|who all\b"
    rf"|what(?:{_THE}(?: [\w'’-]+)? names\b|(?: are| were) (?:they|these|.*['’]s? names)\W*$))"
    rf"|(?P<WHERE>where\b|what{_THE}(?: \w+)? (?:capital|location)\b)"
)
_UNASKED = _pattern(
    rf"(?P<LIST>(?:please )?(?:list|name) (?:the|all|some|{_SEVERAL}|\w+s\b))|(?P<DEFINITION>define \w)"
    rf"|(?P<YES_NO>{_YES_NO.pattern}|whether\b|.*\b(?:is|are|was|were|has|will|\w+ed)\b.*\?\W*$)"
    r"|(?P<WHY>.*\b(?:citing|because(?: of)?|due to)\W*$)|(?P<WHEN>.*\b(?:since|until|when)\W*$)"
    r"|(?P<COUNT>.*(?:_ (?:per ?cent|%)|\b(?:worth|(?:price|cost|fine|total) of)(?: \w+)?\W*$))"
)
_DEFINES = _pattern(
    r"what do(?:es)? (?:the (?:\w+ )?(?:term|word|phrase) )?(?P<meant>.+?) (?:stand for|refer to|mean)\W*$"
    rf"|what{_BE} (?:meant by|(?:the )?(?:meaning|definition) of) (?P<of>.+)|define (?P<term>.+)"
    rf"|(?:what|(?P<who>who)){_BE} (?P<thing>(?P<article>an? |the )?.+)"
)
_PHRASE = _pattern(
    rf"(?:who(?:m|se)?|what|which)(?:(?P<name>{_BE} the (?:\w+ )?name of (?:th\w+|an?))|(?P<be>{_THE})"
    r"|(?P<one>(?: one)? of (?:these|the following|those|the)))? ?"
)
_BULLET = re.compile(r"(?:(?<=\s)|^)\(?([A-Ha-h1-8])[.)]\s+(?=\S)")
_LISTED_AFTER = re.compile(r"(.*[?:])\s+([^?:]*(?:\bor\b|/)[^?:]*)$", re.DOTALL)
_BETWEEN = re.compile(r"\s*(?:[,;]\s*or\b|[,;|]|\bor\b|\s/\s)\s*")
_NO_CHOICE = _pattern(r"\b(?:any\w*|if|whether|legal) .*\bor\b|\bor (?:more|less|not|so|both|next)\b")
_OPTION = re.compile(r"(?:$|an? |the |[^\Wa-z]|[\"“$£€]).{,40}$")
_OR = [
    re.compile(rf"(?:^|[ ,])((?:{option}, )*{option}),? or (?:the )?({option})(?=\W|$)")
    for option in (
        r"[A-Z0-9$£€][\w.&'’-]*(?: (?:of |the |de )*[A-Z0-9][\w.&'’-]*)*",
        rf"(?:an?|the|his|her|their)(?: (?!(?:{_PREPOSITION}|an?|the|or|who|that)\b)[\w'’-]+){{1,3}}",
        r"(?:an? |the )?[\w'’-]+",
    )
]


_ASKS_MONTH = _pattern(r"\b(?:which|what) month\b")
_MONTH = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Aug|Sept?|Oct|Nov|Dec)\.)"
)


def kind_of(question: str) -> Kind:
    """The kind of the question; in a text of several sentences, of the last that asks."""
    if _TRUE_OR_FALSE.search(question):
        return Kind.YES_NO
    if choices_in(question):
        return Kind.CHOICE
    asking = _asking(question)
    asked = _asked(asking)
    rule = _ASKED.match(asked) if asked else _UNASKED.match(asking)
    if rule and rule.lastgroup:
        return Kind[rule.lastgroup]
    if asked:
        return Kind.DEFINITION if subject_of(question) else _kind_by_noun(asked)
    # "This country held its primaries this week."
    kinds = {_NOUNS.get(_head(after)[0]) for after in re.split(r"\b[Tt]his ", asking)[1:]}
    return next((kind for kind in (Kind.WHO, Kind.WHERE) if kind in kinds), Kind.OTHER)


def _asking(question: str) -> str:
    sentences = [question[start:end] for start, end in sentence_spans(question)]
    asking = [text for text in sentences if "?" in text or text.endswith((":", "…")) or _asked(text)]
    text = (asking or sentences or [""])[-1].strip(" “”‘’\"'([")
    lead_in = _LEAD_IN.match(text)
    return text[lead_in.end() :] if lead_in else text


def _asked(asking: str) -> str:
    """The sentence from the word that asks; "" where none does."""
    found = _AT_START.match(asking) or _INSIDE.search(asking)
    if _YES_NO.match(asking) and (
        not found or asking[: found.start(1)].endswith(("say ", "tell ", "know ", "about "))
    ):
        return ""
    found = found or _AT_LAST.match(asking)
    return found[1] if found else ""


def _kind_by_noun(asked: str) -> Kind:
    phrase = _PHRASE.match(asked)
    if not phrase:
        return Kind.OTHER
    who, be, rest = asked[:3].lower() == "who", phrase["be"], asked[phrase.end() :]
    noun, following = _head(rest)
    if _PLURAL.match(noun) and following not in {"is", "was", "has"}:
        stranded = re.search(rf"\b(?:{_PREPOSITION}|called|\w+ing)\W*$", rest)
        if not stranded and "re" in be if be else not (who or phrase["one"] or phrase["name"]):
            return Kind.LIST
    kind = Kind.WHO if who else _NOUNS.get(noun) or _NOUNS.get(noun.removesuffix("s"), Kind.OTHER)
    return kind if who or not be or kind in {Kind.COUNT, Kind.WHEN} or following == "that" else Kind.OTHER


def _head(phrase: str) -> tuple[str, str]:
    """The noun that the noun phrase at the beginning is about, and the word after the phrase."""
    words = [""]
    for word in map(str.lower, _TOKEN.findall(phrase)[:10]):
        verb = words[-1] and not words[-1].endswith("ly") and word.endswith(("ed", "ly")) and word != "family"
        if verb or _AFTER_NOUN.match(word):
            # "Which country bans the veil": not a noun, a verb before its object.
            bans = words[-1].endswith("s") and word in {"the", "a", "an", "its", "his", "this"}
            return words[-2 if bans else -1], word
        words.append(word)
    return words[-1], ""


def subject_of(question: str) -> str:
    """What the question asks to define, as it stands there; "" if that is not what it asks."""
    asking = _asking(question)
    found = _DEFINES.match(_asked(asking) or asking)
    subject = found[found.lastgroup or 0].strip(" ?.!:“”‘’\"'") if found else ""
    if not found or found.lastgroup != "thing":
        return subject
    words = subject.split()[bool(found["article"]) :]
    if not words or len(words) > 5 or re.search(r"['’](?:s|re)?(?:\s|$)", subject):
        return ""
    if all(word[0].isupper() or word in {"of", "the", "and", "for", "de", "al"} for word in words):
        return subject
    if (found["who"] and (len(words) < 2 or not question.islower())) or subject[:4] == "the ":
        return ""
    plain = not any(word.lower() in STOP_WORDS or _AFTER_NOUN.match(word) for word in words)
    active = (words[0] if words[1:] else "").endswith(("ing", "ed"))
    return "" if active or not plain or subject in {"next", "new", "wrong", "true", "happening"} else subject


def choices_in(question: str) -> tuple[str, ...]:
    """The options that the question gives, verbatim without their bullets; none, or several."""
    bulleted = _BULLET.split(question)
    options, labels = bulleted[2::2], "".join(bulleted[1::2]).lower()
    if len(labels) < 2 or not ("abcdefgh".startswith(labels) or "12345678".startswith(labels)):
        *asked, after = re.split(r"[?:][ \t]*\n", question.strip())
        options = after.split("\n") if asked and "\n" in after else _offered(question)
    bare = [re.sub(r"^[\s*•–-]+|(?:[\s,;/|]|\bor)*$", "", option.split("\n")[0]) for option in options]
    kept = tuple(filter(None, bare))
    return kept if len(kept) > 1 and max(map(len, kept)) < 120 else ()


def _offered(question: str) -> list[str]:
    after = _LISTED_AFTER.match(question.rstrip("?. \n"))
    if after and _asked(_asking(after[1])) and not _asked(after[2]):
        return _BETWEEN.split(after[2])
    asking = _asking(question).rstrip("?. ")
    yes_no = _YES_NO.match(asking)
    if " or " not in asking or _NO_CHOICE.search(asking):
        return []
    if yes_no and not _asked(asking):
        offers = (offer.search(asking[yes_no.end() :]) for offer in _OR)
        return next(([*_BETWEEN.split(found[1]), found[2]] for found in offers if found), [])
    # "Who won, Alice or the Bobcats?"
    parts = asking.split(", ")
    for first in range(1, len(parts)):
        options = _BETWEEN.split(", ".join(parts[first:]))
        if len(options) > 1 and all(_OPTION.match(option) for option in options):
            return options if _asked(", ".join(parts[:first])) else []
    return []


def fits(kind: Kind, question: str, answer: str, sentence: str) -> bool | None:
    """Whether the answer, out of this sentence, has the shape that is asked for; None: no telling."""
    if kind is Kind.WHEN and _ASKS_MONTH.search(question):
        return _MONTH.search(answer) is not None
    if kind in {Kind.COUNT, Kind.WHEN}:
        return (_NUMBER if kind is Kind.COUNT else _TIME).search(answer) is not None
    if kind is Kind.CHOICE:
        return any(option.lower() in answer.lower() for option in choices_in(question))
    if kind is not Kind.WHO:
        return None
    words = [word for word in _TOKEN.findall(_TIME.sub("", answer)) if word.lower() not in STOP_WORDS]
    if any(_NOUNS.get(word.lower().removesuffix("s")) is Kind.WHO for word in words):
        return True
    names = [word for word in words if word[0].isupper()]
    only_opens = len(names) == 1 and sentence.startswith(answer)
    return None if only_opens else bool(names)
