"""Embedding everything anew, with another model or to mend lost vectors."""

from collections.abc import Callable

from index.encoder import Encoder
from index.vectors import VectorIndex
from index.writer import Writer
from ingest.pipeline import BATCH_PASSAGES, bring_up_to_date
from ingest.split import embedded_text


def reembed(
    writer: Writer,
    vectors: VectorIndex,
    encoder: Encoder,
    progress: Callable[[int, int], None],
    stopped: Callable[[], bool] = lambda: False,
) -> bool:
    """Embed all passages with ``encoder`` beside the vectors in use, then put them in their place at once.

    Who has the index open, or still names the old model in the configuration, is answered
    from the old vectors until then. What is done stays done: stopped or killed, it goes
    on from there the next time. ``progress`` gets how many passages are done, of how
    many. Returns whether it was finished.

    Raises:
        StoreError: the disk is full, or the like.
    """
    if writer.staged_digest() != encoder.stamp.digest:
        writer.clear_staged()
    total = writer.counts()["passages"]
    while rows := writer.unstaged(BATCH_PASSAGES):
        if stopped():
            return False
        embedded = encoder.encode([embedded_text(title, body) for _, title, body in rows])
        writer.stage([id_ for id_, _, _ in rows], embedded, encoder.stamp)
        progress(writer.counts()["staged"], total)
    writer.adopt_staged(encoder.stamp)
    bring_up_to_date(vectors, writer)
    return True
