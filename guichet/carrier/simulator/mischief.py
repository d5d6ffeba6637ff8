"""How the simulated carrier can be told to misbehave: rules that match a path and are used up."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Repeat:
    """Send the request again `copies` times, as a carrier does that missed the answer."""

    copies: int = 1


@dataclass(frozen=True, slots=True)
class Delay:
    """Send the request `seconds` (real) later."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Drop:
    """Never deliver the request: to a voice webhook it looks like a refused connection."""


@dataclass(frozen=True, slots=True)
class TimeOut:
    """Deliver the request but stop waiting for its answer (error 11205)."""


@dataclass(frozen=True, slots=True)
class Reorder:
    """Hold a callback back until the one after it has been sent."""


@dataclass(frozen=True, slots=True)
class Corrupt:
    """Sign the request with another token."""


@dataclass(frozen=True, slots=True)
class Fail:
    """Answer a REST request with this HTTP status; `processed` says whether it was done all the same."""

    status: int = 500
    processed: bool = False


@dataclass(frozen=True, slots=True)
class Hang:
    """Never answer a REST request; `processed` says whether it was done all the same."""

    processed: bool = True


@dataclass(frozen=True, slots=True)
class Cut:
    """Cut a media socket without a `stop`, after so many seconds of audio."""

    after: float = 0.5


Trouble = Repeat | Delay | Drop | TimeOut | Reorder | Corrupt | Fail | Hang | Cut
WEBHOOK_TROUBLES = (Repeat, Delay, Drop, TimeOut, Corrupt)
REST_TROUBLES = (Fail, Hang)


@dataclass(frozen=True, slots=True)
class _Rule:
    path: str
    trouble: Trouble
    left: int


class Mischief:
    """The troubles still to come; each is used `times` times, first declared first used."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self.text_errors: dict[str, int] = {}
        """Texts to these numbers are not delivered, with this error code (30003, 30005…)."""

    def add(self, path: str, trouble: Trouble, times: int = 1) -> None:
        """Make the next `times` requests whose path starts with `path` go wrong (media sockets too, for Cut)."""
        self._rules.append(_Rule(path, trouble, times))

    def clear(self) -> None:
        """Behave again."""
        self._rules.clear()
        self.text_errors.clear()

    def webhook(self, path: str) -> Trouble | None:
        """Use up and return the trouble of a webhook to that path of the gateway."""
        return self._take(path, WEBHOOK_TROUBLES)

    def holds_back(self, path: str) -> bool:
        """Use up a Reorder for a callback to that path, if the next trouble there is one."""
        return self._take(path, (Reorder,)) is not None

    def rest(self, path: str) -> Fail | Hang | None:
        """Use up and return the trouble of a REST request to that path of ours (below the account)."""
        trouble = self._take(path, REST_TROUBLES)
        return trouble if isinstance(trouble, (Fail, Hang)) else None

    def stream(self, path: str) -> Cut | None:
        """Use up and return the trouble of a media socket."""
        trouble = self._take(path, (Cut,))
        return trouble if isinstance(trouble, Cut) else None

    def _take(self, path: str, kinds: tuple[type[Trouble], ...]) -> Trouble | None:
        for index, rule in enumerate(self._rules):
            if isinstance(rule.trouble, kinds) and path.startswith(rule.path):
                if rule.left > 1:
                    self._rules[index] = replace(rule, left=rule.left - 1)
                else:
                    del self._rules[index]
                return rule.trouble
        return None
