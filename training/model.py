"""The reader: an encoder with a start, an end and a relevance output."""

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import AutoConfig, AutoModel

# Tokens: a passage of 700 characters with its title and a question fits; longer ones are cut here
# and read in windows by index/reader.py.
WINDOW = 256
QUESTION = 64


class ReaderModel(nn.Module):  # type: ignore[misc]
    """Logits (start, end) for each token and a relevance logit for the pair.

    Position 0 stands for "no answer here". As Devlin et al. (2019) for the span and
    Karpukhin et al. (2020) for the relevance.
    """

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        hidden = encoder.config.hidden_size
        self.encoder = encoder
        self.qa_outputs = nn.Linear(hidden, 2)
        self.relevance = nn.Linear(hidden, 1)

    @classmethod
    def from_encoder(cls, folder: Path | str) -> "ReaderModel":
        """A reader that is yet to be trained, on a pretrained encoder."""
        config = AutoConfig.from_pretrained(folder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
        # Eager attention is the quickest of those on a CPU at these lengths.
        encoder = AutoModel.from_pretrained(
            folder, config=config, attn_implementation="eager", add_pooling_layer=False
        )
        return cls(encoder)

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Start logits [batch, tokens], end logits [batch, tokens], relevance [batch]."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        start, end = self.qa_outputs(hidden).float().unbind(-1)
        return start, end, self.relevance(hidden[:, 0]).float().squeeze(-1)


def open_tokenizer(folder: Path) -> Tokenizer:
    """The encoder's tokenizer, cutting pairs at WINDOW from the passage's end."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(WINDOW, strategy="only_second")
    tokenizer.no_padding()
    return tokenizer


def parameters_to_train(model: ReaderModel, decay: float) -> list[dict[str, Any]]:
    """All but the embeddings, which a small training set would only distort; biases do not decay."""
    for parameter in model.encoder.embeddings.parameters():
        parameter.requires_grad = False
    named = [(name, each) for name, each in model.named_parameters() if each.requires_grad]
    plain = [each for name, each in named if each.ndim < 2]
    return [
        {"params": [each for _, each in named if each.ndim >= 2], "weight_decay": decay},
        {"params": plain, "weight_decay": 0.0},
    ]
