"""Questions written for the training over the articles, as examples.

questions.jsonl.gz has one JSON object a line: ``url``, ``kind``, ``question`` and ``spans``, the
places in the article's text that answer (character offsets). None means that the article, as far as
whoever wrote the question saw it, does not say. The file holds no text of the articles.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tqdm import tqdm

from ingest.split import split
from training.corpus import Corpus, covered
from training.examples import Candidate, Example
from training.sources import occurrences, read_jsonl

QUESTIONS = Path(__file__).parent / "questions.jsonl.gz"
# Kinds whose answer is the same wherever its words stand again in the passage. "Monday" is not.
ANYWHERE = frozenset({"who", "what", "where", "list", "choice"})
# What competes with the passage that answers: of the same article, of BM25's best, of those after them.
SAME, CLOSE, FAR = 2, 2, 1
DEPTH = 40
_BEST = 8
# Characters of a piece of the article around the answer, cut anew for plain reading.
_AROUND = (60, 500)


@dataclass(frozen=True, slots=True)
class WrittenQuestion:
    """A question over one article."""

    url: str
    kind: str
    text: str
    spans: tuple[tuple[int, int], ...]


def read_written(path: Path) -> Iterator[WrittenQuestion]:
    """The questions of a .jsonl.gz file.

    Raises:
        ValueError: a line is not of the documented form; says which.
    """
    for number, raw in enumerate(read_jsonl(path), 1):
        try:
            spans = tuple((int(start), int(end)) for start, end in raw["spans"])
            yield WrittenQuestion(raw["url"], raw["kind"], raw["question"], spans)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}:{number}: not a question: {error!r}") from error


class WrittenExamples:
    """Makes groups that compete, and pieces of articles to read."""

    def __init__(self, corpus: Corpus, random: Random) -> None:
        self._corpus = corpus
        self._random = random
        self.examples: list[Example] = []

    def make(self, questions: Sequence[WrittenQuestion], articles: Path, before: str) -> None:
        """Fill ``examples`` from a .jsonl.gz file of articles, those published ``before`` an ISO date.

        Questions about other articles are left out.
        """
        wanted = {question.url for question in questions}
        texts = {
            each["url"]: (each["title"], each["text"])
            for each in read_jsonl(articles)
            if each["url"] in wanted and each["published"] < before
        }
        for question in tqdm(questions, desc="written questions", unit="question"):
            if question.url in texts:
                self._add(question, *texts[question.url])

    def _add(self, question: WrittenQuestion, title: str, text: str) -> None:
        bounds = [(passage.start, passage.end) for passage in split(question.url, text)]
        answers = [text[start:end] for start, end in question.spans]
        if answers:
            right = [self._marked(question, title, text, each) for each in bounds]
            held = [each for each in right if each.answers]
            if not held:  # the answer runs from one passage into the next
                return
            others = [Candidate(text[a:b], title) for a, b in bounds if not occurrences(text[a:b], answers)]
            group = [held[0], *self._random.sample(others, min(SAME, len(others)))]
            self.examples.append(Example(question.text, (self._piece(question, text),)))
        else:
            about = sorted(bounds, key=lambda each: -covered(question.text, f"{title} {text[slice(*each)]}"))
            group = [Candidate(text[a:b], title) for a, b in about[: SAME + 1]]
        self.examples.append(Example(question.text, (*group, *self._retrieved(question, title, answers))))

    def _retrieved(self, question: WrittenQuestion, title: str, answers: Sequence[str]) -> list[Candidate]:
        hits = [
            hit
            for hit in self._corpus.search(question.text, DEPTH)
            # An article that is there twice may answer a question that is said to have no answer.
            if hit.url != question.url
            and hit.title != title
            and not (answers and occurrences(f"{hit.title} {hit.text}", answers))
        ]
        close = self._random.sample(hits[:_BEST], min(CLOSE, len(hits[:_BEST])))
        far = self._random.sample(hits[_BEST:], min(FAR, len(hits[_BEST:])))
        return [Candidate(hit.text, hit.title) for hit in (*close, *far)]

    def _marked(self, question: WrittenQuestion, title: str, text: str, within: tuple[int, int]) -> Candidate:
        low, high = within
        body = text[low:high]
        spans = [(start - low, end - low) for start, end in question.spans if low <= start and end <= high]
        if spans and question.kind in ANYWHERE:
            spans = list(occurrences(body, [body[start:end] for start, end in spans])) or spans
        return Candidate(body, title, tuple(spans))

    def _piece(self, question: WrittenQuestion, text: str) -> Candidate:
        """The answer within more or less of what stands around it, cut between words."""
        start, end = question.spans[0]
        low = max(0, start - self._random.randint(*_AROUND))
        low = 0 if low == 0 else text.find(" ", low, start) + 1 or start
        high = min(len(text), end + self._random.randint(*_AROUND))
        high = high if high == len(text) else max(text.rfind(" ", end, high), end)
        return self._marked(question, "", text, (low, high))
