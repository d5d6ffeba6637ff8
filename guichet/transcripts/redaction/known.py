"""What is known of the person beforehand: the record's own names can be found where no rule could. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """The names on record of those who may be speaking: `Claire Dubois`, given and family names in any order.

    Where a name was just asked for (`is_asked`), every word that is no everyday one is taken for a part of it.
    """

    names: tuple[str, ...] = ()
    is_asked: bool = False


NOBODY = Known()
"""Nothing is known."""
