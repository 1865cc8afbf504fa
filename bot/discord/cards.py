"""Answers as Discord's embeds: every part fits its limit whatever the articles and the question hold.

The limits of the parts of a description add up to less than the 4,096 it may have, and
with a title of 256 and a footer of our own words to less than the 6,000 of an embed.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import PurePath

import discord

from bot.discord.card import Reply, Source
from bot.discord.quote import around, quote_block
from bot.discord.text import fitted, isolated, link, one_line
from bot.words import in_words, named

NOT_ANSWERED = "The articles do not say"
CHANGED = "⚠ The article has changed since it was quoted."

_TITLE, _QUOTE, _CONTEXT = 256, 1500, 2500
_PUBLISHER, _AUTHORS, _LINK, _FILE = 100, 200, 1000, 100
_UNDERSTOOD, _THIS_SOURCE, _REASON = 300, 300, 300
# Of a nearest passage, of which a card has three.
_NEAREST, _SHORT_QUOTE, _SHORT_LINK = 3, 200, 400

# From which confidence on an answer is called what, and its colour.
_SURENESS = ((0.85, "sure", 0x2E9E5B), (0.62, "likely", 0xD9A521), (0.0, "unsure", 0xC8643C))
_NO_ANSWER_COLOUR = 0x7A828C
# A timestamp is shown in the reader's time zone. At this hour in UTC it is the same day
# from Hawaii to New Zealand; at noon it is already the next in the latter.
_SAME_DAY_HOUR = 10
_LINE_NUMBER = re.compile(r":(\d{1,9})$")


def answer_card(reply: Reply, page: int = 0, *, card_id: str, changed: bool = False) -> discord.Embed:
    """``reply`` as a card that shows the source number ``page``, from 0; one out of range is the nearest.

    ``changed``: the article shown is no longer what it was when it was quoted.
    """
    if not reply.answered:
        return _nothing_card(reply, card_id, changed)
    page = max(0, min(page, len(reply.sources) - 1))
    colour, word = _sureness(reply.confidence)
    embed = discord.Embed(
        title=fitted(one_line(reply.text or ""), _TITLE) or "The answer",
        description="\n".join(_answer_lines(reply, page, changed)),
        colour=colour,
    )
    facts = [
        f"{word} ({reply.confidence:.2f})",
        _agreement(reply.agreeing),
        f"source {page + 1} of {len(reply.sources)}" if len(reply.sources) > 1 else "",
    ]
    return _footed(embed, facts, reply, card_id)


def _nothing_card(reply: Reply, card_id: str, changed: bool) -> discord.Embed:
    reason = one_line(reply.reason or "").rstrip(".")
    blocks = [fitted(f"{reason[:1].upper()}{reason[1:]}.", _REASON)] if reason else []
    blocks += _understood(reply)
    if reply.sources:
        blocks.append("**Nearest passages**" if len(reply.sources) > 1 else "**Nearest passage**")
    for source in reply.sources[:_NEAREST]:
        quote = quote_block(source.quote, source.answer_in_quote, _SHORT_QUOTE)
        blocks.append(f"{quote}\n{source_line(source, _SHORT_LINK)}")
    if changed:
        blocks.append(CHANGED)
    embed = discord.Embed(title=NOT_ANSWERED, description="\n\n".join(blocks), colour=_NO_ANSWER_COLOUR)
    return _footed(embed, [f"confidence {reply.confidence:.2f}"], reply, card_id)


def context_card(source: Source, text: str, *, changed: bool = False) -> discord.Embed:
    """The paragraphs around a source's quote, with its answer (or else the quote) in bold.

    ``text`` is the article's at the time of the quote, into which the source's offsets
    count; ``changed`` says that the article is another by now.

    Raises:
        ValueError: the quote is not at its place in ``text``.
    """
    if text[source.start : source.end] != source.quote:
        raise ValueError(f"quote {source.start}:{source.end} is not in this text of {source.article_id}")
    first, last = around(text, source.start, source.end)
    begin, end = source.answer_start, source.answer_end
    if begin is None or end is None:
        begin, end = source.start, source.end
    lines = [quote_block(text[first:last], (begin - first, end - first), _CONTEXT), ""]
    lines.append(source_line(source, _LINK))
    if changed:
        lines.append(CHANGED)
    return discord.Embed(title="Context", description="\n".join(lines))


def _answer_lines(reply: Reply, page: int, changed: bool) -> Iterator[str]:
    if reply.sources:
        source = reply.sources[page]
        yield quote_block(source.quote, source.answer_in_quote, _QUOTE)
        yield ""
        yield source_line(source, _LINK)
        answer = one_line(_answer(source))
        if answer and answer != one_line(reply.text or ""):
            yield f"This source says: {fitted(answer, _THIS_SOURCE)}"
        if source.resolved_date and in_words(source.resolved_date) != answer:
            yield f"Derived from the article’s date: {in_words(source.resolved_date)}"
    yield from _understood(reply)
    if changed:
        yield CHANGED


def _answer(source: Source) -> str:
    span = source.answer_in_quote
    return source.quote[slice(*span)] if span else ""


def _understood(reply: Reply) -> list[str]:
    words = one_line(reply.understood)
    return [] if words == one_line(reply.question) else [f"Understood as: {fitted(words, _UNDERSTOOD)}"]


def source_line(source: Source, longest_link: int) -> str:
    """Who published it, who wrote it, when, and the title that leads there, as far as they are known.

    ``longest_link``: in code units, with the title; all the rest takes 460 at most.
    """
    parts = [
        isolated(fitted(one_line(source.publisher), _PUBLISHER)),
        isolated(fitted(one_line(named(source.authors)), _AUTHORS)),
        _timestamp(source.published) if source.published else "",
    ]
    title = link(source.title, source.deep_link if source.url else None, longest_link, source.url)
    return " · ".join([*filter(None, parts), f"{title}{_place(source)}"])


def _timestamp(day: date) -> str:
    moment = datetime(day.year, day.month, day.day, _SAME_DAY_HOUR, tzinfo=UTC)
    return f"<t:{int(moment.timestamp())}:D>"


def _place(source: Source) -> str:
    """The name of the local file, and the line in it; where it lies on the server is nobody's business."""
    if source.url or not source.path:
        return ""
    name = fitted(one_line(PurePath(source.path).name), _FILE)
    line = _LINE_NUMBER.search(source.deep_link)
    return f" ({name}, line {line[1]})" if line else f" ({name})"


def _sureness(confidence: float) -> tuple[int, str]:
    return next(
        ((colour, word) for least, word, colour in _SURENESS if confidence >= least),
        (_SURENESS[-1][2], _SURENESS[-1][1]),
    )


def _agreement(articles: int) -> str:
    if articles < 1:
        return ""
    return "1 source says so" if articles == 1 else f"{articles} independent sources agree"


def _footed(embed: discord.Embed, facts: list[str], reply: Reply, card_id: str) -> discord.Embed:
    """``embed`` with its footer, in which Discord shows no Markdown and no time."""
    current = f"index current to {in_words(reply.current_to.isoformat())}" if reply.current_to else ""
    return embed.set_footer(text=" · ".join(filter(None, [*facts, current, f"#{card_id}"])))
