"""What is known beforehand: names on record, and what the administration masks besides, where no rule could. Pure."""

from dataclasses import dataclass

from guichet.transcripts.redaction.own import OwnPattern


@dataclass(frozen=True, slots=True)
class Known:
    """The names on record of those who may be speaking: `Claire Dubois`, given and family names in any order.

    Where a name was just asked for (`is_asked`), every word that is no everyday one is taken for a part of it. Where
    one is looked for (`is_wanted`), none is masked. `own` are the patterns of the rule book.
    """

    names: tuple[str, ...] = ()
    is_asked: bool = False
    own: tuple[OwnPattern, ...] = ()
    is_wanted: bool = False


NOBODY = Known()
"""Nothing is known."""
