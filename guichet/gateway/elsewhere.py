"""The recogniser as a node without media streams knows it: other nodes, of the same settings, hear for it."""

from pathlib import Path

from guichet.core.errors import Unavailable
from guichet.core.language import Language
from guichet.transcripts.heard import Expectation
from guichet.transcripts.model_files import model_folder
from guichet.transcripts.recogniser import Listening


class HeardElsewhere:
    """Speaks what the models folder has: streams are asked for, and come to the nodes of the media role."""

    def __init__(self, models_dir: Path) -> None:
        self._models_dir = models_dir

    def speaks(self, language: Language) -> bool:
        """Tell whether a model for the language is installed."""
        return model_folder(self._models_dir, language) is not None

    def has_room(self) -> bool:
        """Say yes: a media node that is full refuses the stream, and the call goes on by keys."""
        return True

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
