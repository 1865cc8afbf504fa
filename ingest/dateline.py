"""Datelines: "BEIJING, Jan. 29 (Wire) —", and what they tell."""

import re
from dataclasses import dataclass

from ingest.names import PARTICLES

_DASH = re.compile(r"\s*(?:—|--|\s[–_-](?=\s|$))\s*")
_AGENCY = re.compile(r"\s*(?:\(([^()]{1,40})\)|/([^/]{1,40})/)$")
_NETWORK = re.compile(
    r"(?:^|\s+)(CNN(?: \w+)?|AP|AFP|UPI|RFA|VOA|BBC|NPR|CNBC|NBC|CBS|ABC|PTI|ANI|TASS|EFE)$"
)
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DATE_AT_END = re.compile(
    rf",?\s+({_MONTH} \d{{1,2}}(?:,? \d{{4}})?|\d{{1,2}} {_MONTH}(?:,? \d{{4}})?)$", re.IGNORECASE
)
_BLANKS = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Dateline:
    """As "BEIJING, Jan. 29 (Wire) —" says; ``end`` is the offset of what comes after it."""

    end: int
    agency: str = ""
    date: str = ""


def read_dateline(text: str) -> Dateline | None:
    """The dateline with which ``text`` begins, if it does."""
    line = text[:120].partition("\n")[0]
    dash = _DASH.search(line)
    if dash is None:
        return None
    place, agency, written = line[: dash.start()], "", ""
    if match := _AGENCY.search(place):
        place, agency = place[: match.start()], (match[1] or match[2]).strip()
    if match := _DATE_AT_END.search(place):
        place, written = place[: match.start()], match[1]
    # Without brackets ("Tainan, Taiwan CNN —") only a known name before a long dash is an agency.
    if not agency and "—" in dash.group() and (match := _NETWORK.search(place)):
        bare = place[: match.start()]
        if not bare.isupper() and bare != "The":
            place, agency = bare, match[1]
    if not _is_place(place, named=bool(agency)):
        return None
    end = _BLANKS.match(text, dash.end())
    assert end is not None
    return Dateline(end.end(), agency if agency[:1].isupper() else "", written)


def _is_place(place: str, named: bool) -> bool:
    """Whether these words can be the place of a dateline; ``named``: an agency stands beside them."""
    if not place:
        return named
    words = place.split()
    if len(place) > 60 or any(map(str.isdigit, place)):
        return False
    if any(word.islower() and word not in PARTICLES and word != "and" for word in words):
        return False
    return named or (place.partition(",")[0].isupper() and len(place) > 2)
