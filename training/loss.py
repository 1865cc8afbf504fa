"""What the reader is taught: to find the span, to say that there is none, and which passage wins."""

import torch

from training.batches import Batch

_NEVER = -1e4


def reader_loss(
    start: torch.Tensor, end: torch.Tensor, relevance: torch.Tensor, batch: Batch, shared: float
) -> torch.Tensor:
    """Mean of the spans' losses, plus ``shared`` times those of the groups that compete.

    The span's: cross-entropy over a passage's tokens, the marginal over all marked places
    (Clark and Gardner 2018, section 3.2). A group's: the same over the tokens of all its
    passages, logits taken relative to each passage's no-answer, and a cross-entropy of
    relevance over its passages (Karpukhin et al. 2020, section 6.1).
    """
    total = torch.zeros((), device=start.device)
    for logits, marked in ((start, batch.starts), (end, batch.ends)):
        logits = logits.masked_fill(~batch.allowed, _NEVER)
        total = total + _marginal(logits, marked).mean() / 2
    if not shared:
        return total
    answers = ~batch.starts[:, 0]
    competing = [
        rows
        for number in range(int(batch.group.max()) + 1)
        if len(rows := torch.nonzero(batch.group == number).squeeze(1)) > 1 and bool(answers[rows].any())
    ]
    if not competing:
        return total
    losses = []
    for rows in competing:
        for logits, marked in ((start, batch.starts), (end, batch.ends)):
            relative = (logits[rows] - logits[rows, :1]).masked_fill(~batch.allowed[rows], _NEVER)[:, 1:]
            losses.append(_marginal(relative.reshape(1, -1), marked[rows, 1:].reshape(1, -1))[0] / 2)
        losses.append(_marginal(relevance[rows][None], answers[rows][None])[0])
    return total + shared * torch.stack(losses).sum() / len(competing)


def _marginal(logits: torch.Tensor, marked: torch.Tensor) -> torch.Tensor:
    """−log of the softmax's mass on the marked places, row by row."""
    return torch.logsumexp(logits, -1) - torch.logsumexp(logits.masked_fill(~marked, _NEVER), -1)
