"""Everything that can go wrong and that a user can mend.

PullquoteError
├── ConfigError     the configuration: names the key
├── SourceError     something given to ingest: names the source
├── StoreError      the index on disk
│   ├── LockedError     another process is writing to it
│   └── ModelMismatch   it was made by another embedding model
└── ModelError      a model's files

Bugs are not among them: they come through with their traceback.
"""

from pathlib import Path


class PullquoteError(Exception):
    """Its text says what happened, to what, and what to do, on one line."""


def first_line(error: BaseException) -> str:
    """The first line of an error's text, or what kind of error it is where it has none."""
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


class ConfigError(PullquoteError):
    """The configuration file or an option in it is wrong."""


class SourceError(PullquoteError):
    """A source, or one article in it, cannot be ingested.

    ``source`` is the file, address or file and line as the user would name it;
    ``path`` the absolute file or folder where there is one.
    """

    def __init__(self, source: str, problem: str, path: Path | None = None) -> None:
        super().__init__(f"{source}: {problem}")
        self.source = source
        self.problem = problem
        self.path = path


class StoreError(PullquoteError):
    """The index on disk is missing, damaged, full or not ours."""


class LockedError(StoreError):
    """Another process holds the writer's lock."""


class ModelMismatch(StoreError):
    """The index was made by another embedding model than the configured one."""


class ModelError(PullquoteError):
    """A model is missing, is not what it should be, or cannot be exported."""
