"""What somebody on hold may wish for instead of holding, by key or in a few words. Pure."""

import re
from enum import StrEnum

from guichet.callbacks.request import Request
from guichet.core.text import fold

_MOST_WORDS = 14
"""Whoever says more is talking to somebody else."""


class Wish(StrEnum):
    """A wish, by its key."""

    CALLBACK = "1"
    MESSAGE = "2"
    TEXT = "3"


_WORDS = (
    (
        Wish.TEXT,
        re.compile(
            r"\b(?:sms|s m s|texto|textos|par ecrit|par message ecrit|par texte|by text|text message|a text|text me)\b"
        ),
    ),
    (
        Wish.MESSAGE,
        re.compile(r"\b(?:laisser|laisse|enregistrer|leave|record) (?:un |mon |a |my )?message\b|^(?:un |a )?message$"),
    ),
    (
        Wish.CALLBACK,
        re.compile(
            r"\b(?:rappelez moi|rappelez nous|me rappeler|etre rappele|etre rappelee|me rappelle|vous me rappelez|"
            r"call me back|called back|call back|callback)\b|^(?:un |le )?rappels?$|^rappel(?:er|ez|e)$"
        ),
    ),
)


def offered(request: Request, *, takes_messages: bool, may_write: bool = True) -> tuple[Wish, ...]:
    """Return what somebody on hold may wish for: a text only where their number takes some."""
    texts = may_write and request.number is not None and request.number.can_receive_texts
    return (
        Wish.CALLBACK,
        *((Wish.MESSAGE,) if takes_messages else ()),
        *((Wish.TEXT,) if texts else ()),
    )


def wish_in(text: str) -> Wish | None:
    """Return the wish that words said on hold are for, if they are for one."""
    folded = fold(text)
    if len(folded.split()) > _MOST_WORDS:
        return None
    return next((wish for wish, pattern in _WORDS if pattern.search(folded)), None)
