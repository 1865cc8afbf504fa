"""What a person sees of a message, as text to read in a fixture."""

import discord


def rendered(embed: discord.Embed) -> str:
    """An embed: its title, description, fields and footer, each under its name where it has one."""
    blocks = [f"[{embed.title}]"] if embed.title else []
    blocks += [embed.description] if embed.description else []
    blocks += [f"[{each.name}]\n{each.value}" for each in embed.fields]
    blocks += [f"({embed.footer.text})"] if embed.footer.text else []
    return "\n\n".join(blocks) + "\n"
