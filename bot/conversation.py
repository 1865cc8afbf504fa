"""What a question takes over from the one before it."""

import re
from dataclasses import dataclass, replace

from index.answer import Question
from index.kinds import Kind, kind_of
from index.terms import STOP_WORDS, stems
from index.types import Answer

# Words that are carried at most, those of the last answer first: what a chain of follow-ups began with
# falls out at the end. From 8 on it made no difference (bench/conversation.py).
CARRIED = 12
# Characters: what is longer is an address or an attack, and no subject.
_LONGEST_WORD = 40
# A question that begins with "and" leans on the last one unless it says more than this by itself.
_OWN_WORDS = 3
_WORD = re.compile(r"[^\W_](?:\S*[^\W_])?")
_POSSESSIVE = re.compile(r"['’]s$")
_PRONOUNS = frozenset("he she it they him her his hers its them their theirs".split())
_IT = frozenset({"it", "its"})
_GOES_ON = re.compile(r"\W*(?:and|but|or|so|(?:what|how) about)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was put to the articles, and what it came to.

    ``question`` is as it was put to the articles, with what it carried. ``answer`` is None
    where the articles did not say. ``cited`` are the ids of the articles shown, best first.
    """

    question: str
    answer: str | None
    cited: tuple[str, ...]


def turn(answer: Answer) -> Turn:
    """What is remembered of an answer."""
    cited = dict.fromkeys(citation.article.id for citation in answer.citations)
    return Turn(answer.question, answer.text, tuple(cited))


def follow_up(question: Question, last: Turn | None) -> Question:
    """The question as it is put to the articles after ``last``.

    It prefers the article that was shown first. If it leans on the last question, it also
    carries, in brackets, the telling words that it lacks of the last answer and question.
    Its text begins with the text of ``question``, and is the same where nothing is carried.
    """
    if last is None:
        return question
    carried = _lacking(question.text, f"{last.answer or ''} {last.question}") if _leans(question.text) else []
    text = f"{question.text} ({' '.join(carried)})" if carried else question.text
    return replace(question, text=text, prefer=frozenset(last.cited[:1]))


def _leans(text: str) -> bool:
    """Whether a question is not understood by itself: "who did she meet?", "and in March?", "why?"."""
    own = len(_telling(text))
    return (
        _has_open_pronoun(text)
        or (own <= _OWN_WORDS and _GOES_ON.match(text) is not None)
        or (own <= 1 and kind_of(text) is not Kind.DEFINITION)
    )


def _has_open_pronoun(text: str) -> bool:
    """Whether a pronoun stands for nothing in the question; its first word counts as no name.

    A name before it closes it, and "it" one behind it too: "how much did it cost to repair
    the Kestrel Bridge?" is all there.
    """
    words = _words(text)
    names = [place for place, word in enumerate(words) if place and word[0].isupper() and word != "I"]
    return any(
        word.lower() in _PRONOUNS and not any(name < place or word.lower() in _IT for name in names)
        for place, word in enumerate(words)
    )


def _lacking(text: str, source: str) -> list[str]:
    held = set(stems(text))
    kept: list[str] = []
    for word in _telling(source):
        own = set(stems(word))
        if len(kept) < CARRIED and len(word) <= _LONGEST_WORD and not own <= held:
            kept.append(word)
            held |= own
    return kept


def _telling(text: str) -> list[str]:
    """The words that are no stop words; "US" is none, though "us" is."""
    acronyms = not text.isupper()
    return [
        word
        for word in _words(text)
        if word.lower() not in STOP_WORDS or (acronyms and word.isupper() and 1 < len(word) < 6)
    ]


def _words(text: str) -> list[str]:
    return [_POSSESSIVE.sub("", word) for word in _WORD.findall(text)]
