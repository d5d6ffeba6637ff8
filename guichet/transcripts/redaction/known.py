"""What is known of the person beforehand: the record's own names can be found where no rule could. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """The names on record of those who may be speaking, whole or in parts: `Claire Dubois`; given and family names."""

    names: tuple[str, ...] = ()


NOBODY = Known()
"""Nothing is known."""
