"""What a person sees of the bot, as text to read in a fixture."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import discord

_ROW, _BUTTON, _SELECT, _INPUT = 1, 2, 3, 4
_OPTION_KINDS = {
    3: "text",
    4: "whole number",
    5: "true or false",
    6: "user",
    7: "channel",
    8: "role",
    10: "number",
    11: "file",
}
_SUBCOMMAND = 1
_MENTION = re.compile(r"<(@&|@!?|#)(\d+)>")
_RANDOM = [
    (re.compile(r"#[2-9a-z]{10}\b"), "#CARD"),
    (re.compile(r"(?<=the log has it as )[2-9a-z]{10}\b"), "CARD"),
    (re.compile(r"\b\d{17,20}\b"), "ID"),
    # An article from a file is known by where the file lies.
    (re.compile(r"(?<=article )[0-9a-f]{12}\b"), "ARTICLE"),
    # The last digit is not the same on every processor.
    (re.compile(r"(?<=\()[01]\.\d\d(?=\))|(?<=confidence )[01]\.\d\d"), "0.NN"),
    (re.compile(r"process \d+ since [-0-9]+ [0-9:+\\]+(?=:)"), "process NN since TIME"),
    (re.compile(r"(?<=again in )\d+(?= seconds)"), "NN"),
]


def rendered(embed: discord.Embed) -> str:
    """An embed: its title, description, fields and footer, each under its name where it has one."""
    blocks = [f"[{embed.title}]"] if embed.title else []
    blocks += [embed.description] if embed.description else []
    blocks += [f"[{each.name}]\n{each.value}" for each in embed.fields]
    blocks += [f"({embed.footer.text})"] if embed.footer.text else []
    return "\n\n".join(blocks) + "\n"


def screen(message: Any) -> str:
    """A message: who sees it, if not all do, then its words, its embeds, and what can be pressed."""
    private = message.flags.ephemeral
    blocks = ["(seen by the one who acted only)"] if private else []
    blocks += [message.content] if message.content else []
    blocks += [rendered(embed).strip("\n") for embed in message.embeds]
    parts = [each if isinstance(each, dict) else each.to_dict() for each in message.components]
    blocks += ["\n".join(_parts(parts))] if parts else []
    return "\n\n".join(blocks) + "\n"


def form(modal: Mapping[str, Any]) -> str:
    """A form to fill in."""
    return "\n".join([f"[{modal['title']}]", "", *_parts(modal["components"])]) + "\n"


def commands(payload: Sequence[Mapping[str, Any]]) -> str:
    """The commands as Discord is told of them, in the order of their names."""
    lines: list[str] = []
    for command in sorted(payload, key=lambda each: str(each["name"])):
        if command.get("type", 1) != 1:
            lines += [f"{command['name']}  (in the menu of a message)", ""]
            continue
        rights = command.get("default_member_permissions")
        whose = f"  (offered to: {_rights(rights)})" if rights else ""
        subcommands = [each for each in command["options"] if each["type"] == _SUBCOMMAND]
        lines.append(f"/{command['name']}{whose}\n    {command['description']}")
        for each in subcommands or [command]:
            if subcommands:
                lines.append(f"  /{command['name']} {each['name']}\n      {each['description']}")
            lines += map(_option, each.get("options", ()))
        lines.append("")
    return "\n".join(lines)


def masked(text: str, names: Mapping[int, str]) -> str:
    """``text`` with what is random left out, and mentions by the names of whom or what they mention."""
    text = _MENTION.sub(lambda found: f"<{found[1]}{names.get(int(found[2]), 'ID')}>", text)
    for pattern, instead in _RANDOM:
        text = pattern.sub(instead, text)
    return text


def _rights(bits: str) -> str:
    return ", ".join(name for name, given in discord.Permissions(int(bits)) if given)


def _option(option: Mapping[str, Any]) -> str:
    facts = [_OPTION_KINDS[option["type"]], "required" if option.get("required") else ""]
    facts.append("completed" if option.get("autocomplete") else "")
    least, most = (option.get(f"{end}_value", option.get(f"{end}_length")) for end in ("min", "max"))
    facts.append(f"from {least} to {most}" if most is not None else "")
    return f"        {option['name']} ({', '.join(filter(None, facts))}): {option['description']}"


def _parts(parts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for part in parts:
        if part["type"] == _ROW:
            buttons = [each for each in part["components"] if each["type"] == _BUTTON]
            yield from [" ".join(map(_button, buttons))] if buttons else _parts(part["components"])
        elif part["type"] == _SELECT:
            yield f"▾ {part.get('placeholder') or ''}"
            yield from (f"  · {option['label']}" for option in part["options"])
        elif part["type"] == _INPUT:
            yield f"{part['label']} (up to {part['max_length']:,} characters)"
            yield f"  {part['placeholder']}"
        else:
            raise AssertionError(f"no way to show a component of type {part['type']}")


def _button(button: Mapping[str, Any]) -> str:
    emoji = (button.get("emoji") or {}).get("name")
    words = " ".join(
        filter(None, [emoji, button.get("label"), "– disabled" if button.get("disabled") else ""])
    )
    return f"( {words} )"
