"""The keys of the console, as `?` lists them. Pure. Templates carry them as `data-key`; a test holds the two together.

Single keys work only while nobody is typing, and can be switched off on the page of shortcuts (WCAG 2.2, 2.1.4).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shortcut:
    """Keys pressed one after the other (`g d`), and the key of the sentence that says what they do."""

    keys: str
    key: str


PARTS: tuple[tuple[str, tuple[Shortcut, ...]], ...] = (
    (
        "keys.everywhere",
        (
            Shortcut("?", "keys.help"),
            Shortcut("g d", "keys.desk"),
            Shortcut("g c", "keys.account"),
            Shortcut("Esc", "keys.leave"),
        ),
    ),
    (
        "keys.at_desk",
        (
            Shortcut("p a", "keys.available"),
            Shortcut("p p", "keys.pause"),
            Shortcut("p x", "keys.away"),
            Shortcut("p l", "keys.longer"),
            Shortcut("o", "keys.open"),
            Shortcut("s", "keys.next"),
        ),
    ),
    (
        "keys.at_case",
        (
            Shortcut("t", "keys.take"),
            Shortcut("l", "keys.give_back"),
            Shortcut("c", "keys.call"),
            Shortcut("n", "keys.note"),
            Shortcut("e", "keys.write"),
            Shortcut("f", "keys.finish"),
            Shortcut("h", "keys.supervisor"),
            Shortcut("m", "keys.pass"),
            Shortcut("i i", "keys.incivility"),
            Shortcut("i x", "keys.end_call"),
        ),
    ),
    (
        "keys.cockpit",
        (
            Shortcut("g b", "keys.board"),
            Shortcut("g m", "keys.measures"),
            Shortcut("g s", "keys.search"),
            Shortcut("g t", "keys.team"),
            Shortcut("g j", "keys.audit"),
            Shortcut("g n", "keys.coaching"),
            Shortcut("g u", "keys.understanding"),
            Shortcut("g r", "keys.rules"),
            Shortcut("g e", "keys.emergency"),
        ),
    ),
)
