"""The command ``pullquote``: everything but asking."""

import click

from bot.discord_command import discord
from bot.doctor import doctor
from bot.eval_command import evaluate
from bot.feedback_command import feedback
from bot.ingest_command import ingest
from bot.library import articles, remove, show, stats
from bot.shared import common_options, version_option
from bot.verify_command import verify

_EPILOG = """\b
Examples:
  pullquote ingest ~/articles                a folder, again after each change
  pullquote ingest wire.jsonl.gz --prune     and drop what is no longer in it
  pullquote articles --publisher "Meridian Wire" --since 2024-01
  pullquote doctor                           is all well, and if not, what to do

Questions are asked with the command `ask`."""


@click.group(
    epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@version_option
@common_options
def main() -> None:
    """Answers over news articles in the articles' own words."""


@main.command(epilog='\b\nExample:\n  eval "$(pullquote completion bash)"     in ~/.bashrc')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print shell completion for `ask` and `pullquote`."""
    from click.shell_completion import get_completion_class

    from bot.ask import main as ask

    kind = get_completion_class(shell)
    assert kind is not None
    for command, name in ((ask, "ask"), (main, "pullquote")):
        click.echo(kind(command, {}, name, f"_{name.upper()}_COMPLETE").source())


for _command in (ingest, articles, show, remove, stats, doctor, verify, evaluate, discord, feedback):
    main.add_command(_command)


if __name__ == "__main__":
    main()
