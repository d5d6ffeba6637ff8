"""An intent (matter) as the matcher finds it. Pure."""

from dataclasses import dataclass

DANGER = "urgence_danger"
"""The intent that outranks everything."""
AGENT = "agent_humain"
"""The intent of those who want a person."""


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """The second likeliest intent."""

    intent: str
    score: float


@dataclass(frozen=True, slots=True)
class IntentMatch:
    """What a text asks for: `intent` is None when out of scope; score from 0 to 1; the words that decided.

    `also` has the other matters of a sentence that asks for several, surest first.
    """

    text: str
    intent: str | None
    score: float
    runner_up: RunnerUp | None = None
    because: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
