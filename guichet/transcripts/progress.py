"""How long work tells how far it has come. Pure."""

from typing import Protocol


class Progress(Protocol):
    """Shows work to whoever waits for it."""

    def say(self, line: str) -> None:
        """Tell what happens now, in a sentence."""
        ...

    def start(self, what: str, total: int) -> None:
        """Begin something that takes `total` bytes; ends what was begun before."""
        ...

    def reach(self, done: int) -> None:
        """Tell how many bytes of it are done."""
        ...


class Silent:
    """Shows nothing."""

    def say(self, line: str) -> None:
        """Drop the line."""

    def start(self, what: str, total: int) -> None:
        """Drop the beginning."""

    def reach(self, done: int) -> None:
        """Drop the count."""
