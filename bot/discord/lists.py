"""Articles as lines of a list, and one of them as a page."""

from collections.abc import Iterable

import discord

from bot.discord.card import Source
from bot.discord.cards import source_line
from bot.discord.quote import quote_block
from bot.discord.text import fitted, one_line, size
from index.types import Article

# The colour of what is no answer.
QUIET = 0x5865F2
_MAX_DESCRIPTION = 4000
_LINE, _BEGINNING = 600, 1200


def listed(lines: Iterable[str], nothing: str) -> str:
    """As many whole lines as fit in one description; ``nothing`` where there is none."""
    text = ""
    for line in lines:
        if size(text) + 1 + size(line) > _MAX_DESCRIPTION:
            break
        text += f"\n{line}" if text else line
    return text or nothing


def article_line(article: Article) -> str:
    """An article in a line: publisher, authors, day, and the title that leads to it."""
    return f"• {source_line(_beginning(article), _LINE)}"


def article_page(article: Article) -> discord.Embed:
    """Where an article is from, and how it begins."""
    source = _beginning(article)
    lines = [source_line(source, _LINE), "", quote_block(source.quote, None, _BEGINNING)]
    embed = discord.Embed(
        title=fitted(one_line(article.title), 256) or "Untitled", description="\n".join(lines), colour=QUIET
    )
    return embed.set_footer(text=f"{len(article.text):,} characters · article {article.id[:12]}")


def _beginning(article: Article) -> Source:
    end = min(len(article.text), _BEGINNING)
    return Source(
        article_id=article.id,
        digest=article.digest,
        title=article.title,
        publisher=article.publisher,
        authors=article.authors,
        published=article.published,
        url=article.url,
        path=article.path,
        deep_link=article.url or "",
        quote=article.text[:end],
        start=0,
        end=end,
    )
