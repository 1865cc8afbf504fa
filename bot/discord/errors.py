"""What people on Discord are told."""

from index.errors import PullquoteError


class Refusal(PullquoteError):
    """Something that this person cannot do now; the text is for them and says what to do instead.

    ``channels`` are ids of those to go to instead, named after the text.
    """

    def __init__(self, text: str, channels: tuple[int, ...] = ()) -> None:
        super().__init__(text)
        self.channels = channels


class Unreachable(PullquoteError):
    """Discord cannot be reached, or is not well; trying again later may help."""
