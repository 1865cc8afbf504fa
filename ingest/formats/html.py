"""Web pages: the article without what stands around it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import BinaryIO

from index.errors import SourceError
from ingest.charsets import page_text
from ingest.draft import Draft
from ingest.facts import completed, read_head

# Some fifty times what a long article takes.
_SECONDS = 20.0
_HEAD_CHARS = 4000
# All that the process for a page needs to know of this one; no secret goes where hostile bytes are read.
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH")


def read(stream: BinaryIO, name: str, charset: str = "") -> Iterator[Draft | SourceError]:
    """The article in a web page, in a process of its own with bounded time and memory.

    ``charset`` is the encoding that the page's server names, if it does. The draft's
    ``url`` is what the page itself says, which may be relative and is not checked.
    """
    page = page_text(stream.read(), charset)
    environment = {key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, sys.path))
    try:
        done = subprocess.run(
            # -P: not from the folder that the user happens to be in.
            [sys.executable, "-P", "-m", "ingest.page"],
            input=page.encode("utf-8", "replace"),
            capture_output=True,
            env=environment,
            timeout=_SECONDS,
            check=True,
            # Ctrl-C lets an ingest finish what it is at.
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        yield SourceError(name, f"takes longer than {_SECONDS:g} seconds to be understood, and is left out")
        return
    except subprocess.CalledProcessError:
        yield SourceError(name, "cannot be understood: the page is broken, or far too large")
        return
    fields = json.loads(done.stdout)
    if not fields["text"].strip():
        yield SourceError(name, "holds no article text")
        return
    draft = Draft(**{**fields, "authors": tuple(fields.get("authors", ()))})
    yield completed(draft, read_head(draft.text[:_HEAD_CHARS].split("\n"), draft.title))
