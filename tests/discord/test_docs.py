"""``docs/discord.md`` says what there is."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import discord
import pytest
from discord import app_commands
from discord.ext import commands

from bot.discord.answering import MAX_QUESTION
from bot.discord.bot import KEEP_DAYS, PullquoteBot
from bot.discord.card import Card, Reply
from bot.discord.feedback import Feedback
from bot.discord.ledger import Ledger
from bot.discord.metrics import OUTCOMES, SURFACES, VERDICTS, Metrics
from bot.discord.starting import PERMISSIONS, TOKEN_VARIABLE
from index.config import Config, DiscordConfig
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "discord.md").read_text()


def cogs() -> Iterator[type[commands.Cog]]:
    """Every cog of ours."""
    pending = [commands.Cog]
    while pending:
        for kind in pending.pop().__subclasses__():
            pending.append(kind)
            if kind.__module__.startswith("bot.discord."):
                yield kind


async def test_every_command_and_menu_is_explained(tmp_path: Path) -> None:
    async with PullquoteBot(Config(data_dir=tmp_path), Metrics()) as bot:
        for kind in cogs():
            await bot.add_cog(kind(bot))
        slash = [each for each in bot.tree.walk_commands() if isinstance(each, app_commands.Command)]
        menus = bot.tree.get_commands(type=discord.AppCommandType.message)
        menus += bot.tree.get_commands(type=discord.AppCommandType.user)
        assert slash
        assert menus
        for command in slash:
            assert f"`/{command.qualified_name}" in GUIDE, command.qualified_name
        for menu in menus:
            assert menu.name in GUIDE
        known = {each.qualified_name for each in slash}
        named = set(re.findall(r"^\| `/([a-z ]+)` \|", GUIDE, flags=re.MULTILINE))
    # A row may give an option as well: "/ingest url".
    assert {words if words in known else words.rpartition(" ")[0] for words in named} == known


def test_every_permission_is_named_as_discord_names_it() -> None:
    names = {"read_messages": "view channels"}
    table = GUIDE.casefold()
    wanted = [name for name, granted in PERMISSIONS if granted]
    assert wanted
    for name in wanted:
        assert re.search(rf"^\|[^|]*{names.get(name, name.replace('_', ' '))}", table, re.MULTILINE), name


def test_every_key_of_the_configuration_is_named_with_its_default() -> None:
    example = (ROOT / "config.example.toml").read_text().partition("[discord]\n")[2]
    keys = re.findall(r"^(\w+) = ", example, flags=re.MULTILINE)
    assert set(keys) == set(asdict(DiscordConfig()))
    for key in keys:
        assert f"`{key}`" in GUIDE or f"`{key} = " in GUIDE, key
    rows = dict(re.findall(r"^\|[^|]*\| (\d+)[^|]*\| `(\w+)` \|$", GUIDE, flags=re.MULTILINE))
    assert rows
    for value, key in rows.items():
        assert int(value) == asdict(DiscordConfig())[key], key
    assert TOKEN_VARIABLE in GUIDE


def test_every_figure_is_named_with_its_labels() -> None:
    for family in Metrics().registry.collect():
        name = f"{family.name}_total" if family.type == "counter" else family.name
        assert f"| `{name}` |" in GUIDE, name
    for value in (*SURFACES, *OUTCOMES, *VERDICTS):
        assert value in GUIDE


def test_the_limits_named_are_those_that_hold() -> None:
    assert f"After {KEEP_DAYS} days" in GUIDE
    assert f"| {MAX_QUESTION} characters |" in GUIDE


@pytest.mark.parametrize("role", ["asked", "judged"])
def test_the_deletion_that_is_given_deletes_one_person(role: str, tmp_path: Path) -> None:
    (sql,) = re.findall(r'discord\.db "([^"]+)"', GUIDE)
    (person,) = {int(each) for each in re.findall(r"= (\d{6,})", sql)}
    reply = Reply(
        question="who?", understood="who?", answered=False, text=None, confidence=0.1, agreeing=0,
        sources=(), reason=None, as_of=date(2024, 1, 29), current_to=None,
    )  # fmt: skip
    card = Card("a" * 10, 1, 2, 3, None, "2024-01-29T00:00:00+00:00", None, reply)
    theirs = replace(card, id="b" * 10, user_id=person)
    with Ledger(tmp_path) as ledger:
        for each in (card, theirs):
            ledger.add_card(each)
            judge = person if role == "judged" else 4
            ledger.put_feedback(Feedback(each.id, judge, True, None, "", "2024-01-30T00:00:00+00:00"))
        # As another program does, while the bot has the file open.
        with sqlite3.connect(ledger.path) as other:
            other.executescript(sql)
            (verdicts,) = other.execute("SELECT count(*) FROM feedback").fetchone()
        other.close()
        assert verdicts == (0 if role == "judged" else 1)
        assert ledger.card(theirs.id) is None
        assert ledger.card(card.id) == card
