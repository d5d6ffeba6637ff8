"""How an import is wanted, and what it did. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from guichet.citizens.import_run import Part, Progress
from guichet.citizens.layout import Layout
from guichet.citizens.line_fault import LineFault


def _silent(_part: Part, _progress: Progress) -> None:
    """Tell nobody how far it is."""


def _unheard(_part: Part, _fault: LineFault) -> None:
    """Tell nobody of a fault."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How an import is wanted.

    `source` names where the data is from: whoever of it is not in it any more has left. Not so if the data is
    `partial`, nor, unless `accept_departures`, if more than half would be gone. `resume` goes on with the last import
    of the source. `progress` is told of each batch, `fault` of each bad line.
    """

    source: str = ""
    dry_run: bool = False
    partial: bool = False
    resume: bool = False
    accept_departures: bool = False
    progress: Callable[[Part, Progress], None] = _silent
    fault: Callable[[Part, LineFault], None] = _unheard


@dataclass(frozen=True, slots=True)
class PartReport:
    """What was done of one part: what its source was taken for, the final progress, and the first 1,000 faults."""

    layout: Layout
    progress: Progress
    faults: tuple[LineFault, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. `doubted` people of the source were not in it: too many to be taken to have left it.

    `goes_on_from` is the number of lines of people that an import before it had read, which it went on from.
    """

    parts: Mapping[Part, PartReport]
    doubted: int = 0
    goes_on_from: int = 0

    @property
    def people(self) -> PartReport:
        """What was done of people."""
        return self.parts[Part.PEOPLE]
