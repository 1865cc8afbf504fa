"""Whether the words around a date look back or forward.

Rules over the verbs that news puts beside dates, not a parser: ``tense_at`` says
nothing rather than something doubtful, as a wrong tense makes a wrong date.
"""

import re
from typing import Literal

from index.date_forms import CLOCK

Tense = Literal["past", "future"]

_ADVERBS = r"(?:\s+(?:not|also|now|then|first|again|both|all|still|once|[a-z]+ly))*"
_PLANNED = r"(?:expected|scheduled|set|due|slated|planned|poised|supposed|projected)"
_IS = r"(?:is|are|am|(?:he|she|it|that|there|who|what)['’]s|(?:they|we|you)['’]re|I['’]m)"
_AHEAD = rf"(?:{_PLANNED}|going|about|likely|planning|preparing|hoping|aiming|to)"
_IRREGULAR = (
    r"(?:said|told|took|made|came|went|saw|gave|found|left|won|lost|met|held|began|became|brought|bought"
    r"|built|caught|chose|drew|drove|fell|fought|flew|froze|got|grew|heard|kept|knew|laid|lit|meant|paid"
    r"|ran|rang|rose|sank|sat|sent|shook|shot|slept|sold|sought|spent|spoke|split|stood|stole|struck|swore"
    r"|swept|taught|threw|thought|tore|woke|wore|wrote|ate|felt|hid|hung|rode|stuck|swam|withdrew|overthrew"
    r"|oversaw|hit|cut|beat|put|let|quit)"
)
_REGULAR = (
    r"(?!(?:need|feed|seed|speed|breed|indeed|exceed|proceed|succeed|hundred|sacred|naked|hatred|bed|red"
    r"|shed|embed|heed|unprecedented|limited)\b)[a-z]+ed"
)
_PARTICIPLE = (
    rf"(?:{_REGULAR}|{_IRREGULAR}|[a-z]{{3,}}en|been|done|gone|born|sworn|shown|known|thrown|drawn|worn|torn)"
)
# Present tense for what has been arranged: "the museum opens on Saturday", "talks begin Monday".
_OPENS = (
    r"(?:opens|begins|starts|ends|expires|closes|resumes|premieres|airs|debuts|kicks off|takes (?:place"
    r"|effect|office)|goes (?:on sale|into effect)|comes (?:out|into force)|(?<=s )"
    r"(?:open|begin|start|end|expire|close|resume|premiere|air|debut|kick off|take (?:place|effect|office)"
    r"|go (?:on sale|into effect)|come out))(?!\s+of\b)"
)
# Verbs of the present, of which a date beside them says nothing certain.
_PRESENT = (
    r"(?:is|are|am|isn['’]t|aren['’]t|has|have|does|do|says?|continues?|remains?|faces?|meets?|arrives?"
    r"|leaves?|returns?|goes|comes|travels|heads|plays|hosts?|visits|speaks|runs|makes?|takes?|gives?|gets?"
    r"|becomes|turns|moves|holds?|needs?|wants?|means?|seems?|marks|falls|keeps?|works|brings?)"
)
# "to" before a noun, where it makes no infinitive.
_TO_NOUN = (
    r"(?:hospital|court|school|work|jail|prison|death|office|power|trial|reporters|lawmakers|voters|people"
    r"|police|members|traffic|visitors|customers|residents|fans|students|workers|safety|victory"
    r"|normal|public|land|life|parliament|third|second|first|[a-z]+(?:day|ing)s?|an?|the|its|his|her"
    r"|their|our|my|this|that|these|those|about|around|over|nearly|more|less|both|all|some|one|two|three)\b"
)
_CUE = re.compile(
    rf"(?:(?<![\w’'-])|(?=['’]ll\b))(?:(?P<future>"
    rf"(?:['’]ll|will|shall|won['’]t){_ADVERBS}(?:\s+(?:have|be|been))*(?:\s+[a-z]+)?"
    rf"|{_IS}{_ADVERBS}\s+{_AHEAD}\b(?:\s+(?:to\s+)?(?:be\s+)?[a-z]+)?"
    rf"|(?:plans?|hopes?|expects?|intends?|aims?|wants?|has|have)\s+to\s+(?:be\s+)?[a-z]+"
    rf"|(?:may|might|must){_ADVERBS}(?:\s+have\s+to)?(?!\s+have\b)(?:\s+be)?\s+[a-z]+)"
    rf"|(?P<unsure>(?:was|were|ha(?:s|ve|d)\s+been){_ADVERBS}\s+(?:{_AHEAD}|[a-z]+ing)\b(?:\s+to\b)?(?:\s+be)?(?:\s+[a-z]+)?"
    rf"|being\b|(?:would|could|should|can|cannot|may|might|must|can['’]t|couldn['’]t|wouldn['’]t)"
    rf"{_ADVERBS}(?:\s+(?:have|be|been))*(?:\s+[a-z]+)?)"
    rf"|(?P<past>(?:was|were|wasn['’]t|weren['’]t|did|didn['’]t|ha(?:s|ve|d){_ADVERBS}(?=\s+{_PARTICIPLE}\b))"
    rf"{_ADVERBS}(?:\s+(?:been|be))?(?:{_ADVERBS}\s+{_PARTICIPLE})?|had)"
    rf"|(?P<opens>{_OPENS})|(?P<present>{_IS}{_ADVERBS}\s+(?:{_PARTICIPLE}|[a-z]+ing)\b|{_PRESENT})"
    rf"|(?P<inherits>{_PLANNED}(?:\s+to\s+(?:be\s+)?[a-z]+)?"
    rf"|to\s+(?!{_TO_NOUN})(?:have\s+)?(?:be(?:en)?\s+)?[a-z]+)"
    rf"|(?P<simple>{_IRREGULAR}|{_REGULAR}))(?![\w’'-])"
)
_DETERMINER = re.compile(r"\b(?:an?|the|his|her|its|their|our|my|this|that|free|political|newly)\s+$")
# What these verbs govern may lie ahead ("said talks resume", "postponed a hearing"): the date must be next.
_STRICT = re.compile(
    r"(?:said|told|warned|added|argued|claimed|predicted|testified|stated|estimated|noted|thought|knew|heard"
    r"|meant|felt|believed|hoped|wanted|needed|feared|signal+ed|suggested|hinted|promised|vowed|threatened"
    r"|agreed|decided|postponed|delayed|cancel+ed|rescheduled|moved|called|planned|scheduled|expected"
    r"|invited|set|extended|urged|asked|demanded|requested|required|sought|prepared|offered|pushed|previewed"
    r"|watched|looked|teased|had|was|were|wasn['’]t|weren['’]t)$"
)
_STATES = re.compile(r"(?:had|was|were|wasn['’]t|weren['’]t)$")
_SAYING = re.compile(r"\b(?:said|says?|told|warned|added|argued|claimed|predicted|noted|announced)\b")
_TOLD = r"(?:(?<=told)(?:\s+(?:the\s+|an?\s+)?(?:[\w.’“”-]+)){1,4}?)?"
_AT_ONCE = re.compile(
    rf"{_TOLD}"
    r"(?:\s+(?:again|early|late|later|earlier|first|back|off|up|out|down|in|[a-z]+ly))*"
    r"(?:\s+(?:in|at|during|via|on|to|from|by|with|through)\s+(?:[\w.’'-]+\s*){1,5}?){0,2}\s*"
)
_BOUNDARY = re.compile(
    r"[;:!?—“”\"]|\s[–-]{1,2}\s|,|\b(?:that|which|who|whom|whose|what|when|where|while|if|because|but|so|or"
    r"|than|unless|though|although|whether|how|why|before|until|till|as(?!\s+(?:an?|the|its|his|her|their"
    r"|mayor|president|chief|prime|governor|speaker|part|head|leader)\b))\b"
)
_PLACE = re.compile(r",\s+(?:[A-Z][\w.’'-]*+\s?+)++,?(?=\s|$)|,\s+\d{1,3},")
_TIES = r"(?:about|regarding|over|ahead|amid|of\s+an?\s+(?:planned|possible)"
_PAST_TIES = re.compile(rf"\b{_TIES}|for(?!\s+the\s+(?:first|second|third|fourth|last)\s+time)|since)\b")
_FUTURE_TIES = re.compile(rf"\b{_TIES}|for\s+(?:his|her|their|the)|after|following|since|in\s+connection)\b")
_HABIT = re.compile(
    r"\b(?:usually|typically|often|traditionally|always|generally|some|every|each|annual)\b", re.IGNORECASE
)
_ANOTHER_DATE = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|tomorrow|tonight"
    r"|(?:last|next|this)\s+(?:week|month|year)|(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_FRONT = re.compile(
    r"\W*+(?:(?:[Aa]nd|[Tt]hen|[Oo]nly|[Jj]ust|(?:[Ii]n|[Aa]t|[Ff]rom)\s+(?:the\s+)?[A-Z][\w.’]*+"
    r"(?:\s+[A-Z][\w.’]*+){0,2}+)(?![\w’])[\s,]*+)*+"
)
# What stands between a verb and its date; "until" and the like are asked for first.
_LEAD_IN = re.compile(
    rf"(?:(?<![\w’])(?:{CLOCK}|on|in|at|by|from|during|as of|early|late|earlier|later|just|only|over|the"
    r"|(?:night|morning|evening|afternoon|end|start|beginning|middle) of)(?![\w’])[\s,]*)+$",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:\s+(?:morning|afternoon|evening|night|at\s+\d[\d:.]*(?:\s+[ap]\.m\.)?))*")
_SUBJECT = re.compile(r",?\s+(?:[\w.’'&$%-]+\s+){0,8}?(?:[a-z]+ly\s+|first\s+|also\s+|again\s+)*")
_ADVERB_ONLY = re.compile(r"\s*(?:(?:first|also|again|then|both|[a-z]+ly)\s+)*")
_SECOND_NOUN = re.compile(
    r"(?<!\bof)(?<!\bin)(?<!\bat)(?<!\bon)(?<!\band)(?<!\bfor)(?<!\bwith)(?<!\bfrom)(?<!\bby)(?<!\bto)"
    r"\s+(?:an?|the|its|his|her|their|new|more)\s"
)
_VERB_LIKE = re.compile(
    r"\s[a-z]+[a-rt-z]s\s+(?!(?:of|in|from|at|for|with|near|on|and|across|[a-z]+ly)\s)[\w$]"
)
_LEADS_TO = re.compile(
    r"\b(until|till|by|for|to|before|through|since)\s+(?:early\s+|late\s+|next\s+|this\s+)*$"
)


def tense_at(sentence: str, start: int, end: int) -> Tense | None:
    """How the date at ``start:end`` of ``sentence`` lies to the day of writing; None: not clear."""
    leads = _LEADS_TO.search(sentence, max(0, start - 60), start)
    if leads and leads[1] == "since":
        return "past"
    lead_in = _LEAD_IN.search(sentence, max(0, start - 60), start)
    stop = leads.start() if leads else lead_in.start() if lead_in else start
    # A place name's commas are no boundaries.
    left = _PLACE.sub(lambda place: place.group().replace(",", " "), sentence[max(0, start - 300) : stop])
    boundaries = list(_BOUNDARY.finditer(left))
    if boundaries and boundaries[-1].group() in {"if", "unless", "whether"}:
        return None
    clause = left[boundaries[-1].end() :] if boundaries else left
    cues = [cue for cue in _CUE.finditer(clause) if not _is_adjective(clause, cue)]
    if cues:
        tense = _governed(clause, cues, bool(_SAYING.search(left)), leads[1] if leads else "")
    else:
        tense = _followed(clause, sentence[end : end + 200])
    return None if leads and tense == "past" else tense


def follows_the_event(sentence: str, start: int) -> bool:
    """Whether "Sunday's" at ``start`` names a day of something done: "won Sunday's election"."""
    left = sentence[max(0, start - 100) : start]
    cue = next(reversed(list(_CUE.finditer(left))), None)
    if cue is None or cue.lastgroup not in {"simple", "past"} or _is_adjective(left, cue):
        return False
    gap = left[cue.end() :].strip()
    return gap in {"after", "following"} or (
        gap in {"", "in", "at", "during"} and not _STRICT.search(cue.group())
    )


def _is_adjective(text: str, cue: re.Match[str]) -> bool:
    """ "the retired judge", "his will"."""
    return cue.lastgroup in {"simple", "future", "inherits", "opens"} and bool(
        _DETERMINER.search(text, 0, cue.start())
    )


def _governed(clause: str, cues: list[re.Match[str]], reported: bool, leads: str) -> Tense | None:
    """The tense that the nearest verb before the date gives it."""
    cue, gap = cues[-1], clause[cues[-1].end() :]
    if _ANOTHER_DATE.search(gap):
        return None
    if cue.lastgroup == "inherits":
        before = cues[-2] if len(cues) > 1 else None
        between = clause[before.end() : cue.start()] if before else ""
        ahead = before is not None and before.lastgroup == "future" and not _ANOTHER_DATE.search(between)
        return "future" if ahead and not _FUTURE_TIES.search(between + gap) else None
    if cue.lastgroup == "future":
        return None if _FUTURE_TIES.search(gap) else "future"
    if cue.lastgroup == "opens":
        ties = _FUTURE_TIES.search(gap) or _HABIT.search(clause)
        return "future" if len(gap.split()) <= 4 and not ties else None
    if cue.lastgroup == "present":
        verb_is = cue.group() in {"is", "are"} and re.fullmatch(r"\s+(?:on\s+|in\s+|early\s+|late\s+)*", gap)
        lasts = leads in {"until", "till"} and cue.group().split()[0] in {"is", "are", "remains", "remain"}
        return "future" if verb_is or lasts else None
    if cue.lastgroup == "unsure" or _PAST_TIES.search(gap):
        return None
    verb = cue.group()
    if _STATES.fullmatch(verb):
        return None if reported else "past"
    if _STRICT.search(verb) and not _AT_ONCE.fullmatch(clause, cue.end()):
        return None
    return "past"


def _followed(clause: str, right: str) -> Tense | None:
    """The tense of the verb after the date: "On Tuesday, the House voted", "Musk on Friday said"."""
    tail = _TAIL.match(right)
    right = right[tail.end() if tail else 0 :]
    cue = next((cue for cue in _CUE.finditer(right) if not _is_adjective(right, cue)), None)
    if cue is None or cue.lastgroup not in {"future", "past", "simple"}:
        return None
    gap, finite = right[: cue.start()], cue.lastgroup != "simple"
    tense: Tense = "future" if cue.lastgroup == "future" else "past"
    if _ADVERB_ONLY.fullmatch(gap):
        return tense
    if not _FRONT.fullmatch(clause):
        return None
    if not _SUBJECT.fullmatch(gap) or _BOUNDARY.search(gap.lstrip(", ")) or _SECOND_NOUN.search(gap[2:]):
        return None
    if not finite:
        rest = re.split(r"[,;:—]|\b(?:that|which|who)\b", right[cue.end() :])[0]
        later = (each for each in _CUE.finditer(rest) if not _is_adjective(rest, each))
        if _VERB_LIKE.search(gap) or any(each.lastgroup not in {"inherits"} for each in later):
            return None
    return tense
