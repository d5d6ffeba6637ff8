"""A recogniser that hears nothing, for processes that serve no calls. Pure."""

from guichet.core.errors import Unavailable
from guichet.core.language import Language
from guichet.transcripts.heard import Expectation
from guichet.transcripts.recogniser import Listening


class SilentRecogniser:
    """Speaks no language; every turn is refused."""

    def speaks(self, language: Language) -> bool:  # noqa: ARG002  # the port's signature
        """Say no."""
        return False

    def has_room(self) -> bool:
        """Say no."""
        return False

    async def listen(
        self,
        language: Language,  # noqa: ARG002  # the port's
        expects: Expectation,  # noqa: ARG002  # the port's
        grace: float = 0.0,  # noqa: ARG002  # the port's
    ) -> Listening:
        """Refuse."""
        raise Unavailable("no recogniser runs in this process")

    async def close(self) -> None:
        """Nothing is held."""
