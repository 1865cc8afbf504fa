"""The words that matter in a question, what each is worth, and how much of them a text holds."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import Stemmer

from index.store import Store

# Function words and question words: frequent in both questions and articles, telling of neither.
STOP_WORDS = frozenset(
    "a about above after again all also am an and any are as at be because been before being between both"
    " but by can could did do does doing done down during each few for from further had has have having he"
    " her here hers him his how i if in into is it its itself just many me more most much my no nor not now"
    " of off on once only or other our out over own same she should so some such than that the their theirs"
    " them then there these they this those through to too under until up us very was we were what when"
    " where which while who whom whose why will with would you your s t d ll m re ve".split()
)
_WORD = re.compile(r"[^\W_]+")
# "U.S.", which the tokenizer takes for two words.
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_COMBINING = re.compile("[\u0300-\u036f]+")
# The second argument is how many words it remembers; a news corpus has more than its usual 10,000.
_PORTER = Stemmer.Stemmer("porter", 100_000)
# FTS5's porter passes longer words through.
_LONGEST = 64
# Characters: beyond a page, what was pasted is no question, and each word costs a search.
_LONGEST_QUESTION = 4000


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the index sees it: its terms, and the worth (idf) of each term's stem.

    ``phrases`` are the terms as they are looked for: an acronym also letter by letter.
    """

    text: str
    phrases: tuple[str, ...]
    weights: Mapping[str, float]

    def coverage(self, stems: Iterable[str]) -> float:
        """The share of the question's worth that these stems hold, in [0, 1]."""
        total = sum(self.weights.values())
        held = set(stems)
        if not total or held.issuperset(self.weights):
            return float(bool(total))
        return sum(worth for stem, worth in self.weights.items() if stem in held) / total


def query_terms(question: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The question's words in lower case, each once, and which of them are acronyms.

    Stop words are left out unless there are no others. An acronym is no stop word: "US"
    is not "us", and "U.S." is the same as "US".
    """
    words = _WORD.findall(_DOTTED.sub(lambda dotted: dotted.group().replace(".", "").upper(), question))
    acronyms = {word.lower() for word in words if 1 < len(word) < 6 and word.isupper()}
    if question.isupper():
        acronyms = set()
    kept = [word for word in map(str.lower, words) if word not in STOP_WORDS or word in acronyms]
    terms = tuple(dict.fromkeys(kept or map(str.lower, words)))
    return terms, tuple(term for term in terms if term in acronyms)


def stems(text: str) -> list[str]:
    """The text's words as FTS5's tokenizer ``porter unicode61 remove_diacritics 2`` makes them.

    Words of one or two letters it leaves as they are, and those of over 64.
    """
    words = _WORD.findall(_folded(text))
    stemmed = _PORTER.stemWords(words)
    return [stem if 2 < len(word) <= _LONGEST else word for word, stem in zip(words, stemmed, strict=True)]


def held_stems(text: str) -> set[str]:
    """The text's stems and words, with "us" for "U.S.": all that a question's stem can be found among.

    Quicker than ``stems``: that short words stay as they are follows from holding the
    words too, and a word that is another's stem has that stem itself.
    """
    words = _WORD.findall(_folded(text))
    found = set(_PORTER.stemWords(words)).union(words)
    found.update(match.replace(".", "").lower() for match in _DOTTED.findall(text))
    return found


def _folded(text: str) -> str:
    if not text.isascii():
        text = _COMBINING.sub("", unicodedata.normalize("NFKD", text))
    return text.lower()


def weighed(store: Store, question: str) -> Query:
    """The question's terms with their worth in this index.

    idf(t) = ln(1 + (N − n + 0.5) / (n + 0.5)), N passages of which n hold t: BM25's, as
    Lucene keeps it above zero.
    """
    terms, acronyms = query_terms(question[:_LONGEST_QUESTION])
    wanted = list(dict.fromkeys(stems(" ".join(terms))))
    marks = ",".join("?" * len(wanted))
    held = dict(store.rows(f"SELECT term, doc FROM passage_terms WHERE term IN ({marks})", wanted))
    for acronym in acronyms:
        # In the index "U.S." is two words: who counted only "us" would take it for rare.
        either = f'"{acronym}" OR "{" ".join(acronym)}"'
        held[acronym] = store.number("SELECT count(*) FROM passage_fts WHERE passage_fts MATCH ?", (either,))
    count = store.number("SELECT count(*) FROM passages")
    weights = {
        stem: math.log(1 + (count - held.get(stem, 0) + 0.5) / (held.get(stem, 0) + 0.5)) for stem in wanted
    }
    return Query(question, (*terms, *(" ".join(acronym) for acronym in acronyms)), weights)
