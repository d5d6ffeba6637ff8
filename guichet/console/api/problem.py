"""What an error is answered with: `application/problem+json` (RFC 9457), a title in French or English. Pure."""

from collections.abc import Mapping

import msgspec

from guichet.core.errors import BadInput, Conflict, Forged, GuichetError, NotFound, Unavailable
from guichet.core.language import Bilingual, Language
from guichet.routing.document import Flaw, FlawedDocument

CONTENT_TYPE = "application/problem+json"
AWAY_SECONDS = 5
"""When to ask again while the database is away."""

_KINDS: dict[int, tuple[str, Bilingual]] = {
    400: ("not-as-described", Bilingual("Demande mal formée", "The request is not as described")),
    401: ("no-token", Bilingual("Jeton absent ou refusé", "No token, or one that is not accepted")),
    403: ("no-scope", Bilingual("Le jeton n'ouvre pas cette opération", "The token does not open this operation")),
    404: ("not-found", Bilingual("Introuvable", "Not found")),
    405: ("method", Bilingual("Méthode non prévue ici", "This method does not exist here")),
    409: ("conflict", Bilingual("L'état a changé entre-temps", "The state has changed meanwhile, or forbids this")),
    412: ("changed", Bilingual("Modifié depuis la lecture", "Changed since it was read")),
    413: ("too-large", Bilingual("Corps trop grand", "The body is too large")),
    415: ("not-json", Bilingual("Le corps n'est pas du JSON", "The body is not JSON")),
    422: ("not-possible", Bilingual("Demande impossible", "This cannot be done")),
    429: ("too-many", Bilingual("Trop de demandes", "Too many requests")),
    500: ("fault", Bilingual("Erreur interne", "A fault of Guichet's own")),
    503: ("away", Bilingual("Momentanément indisponible", "Unavailable for the moment")),
}
STATUSES = tuple(_KINDS)
_OF: dict[type[GuichetError], int] = {Forged: 403, BadInput: 422, NotFound: 404, Conflict: 409, Unavailable: 503}
"""The status of each error of ours, the nearest kind first."""


class FlawShown(msgspec.Struct, frozen=True):
    """Something wrong in a rule book: line and column count from 1."""

    line: int
    column: int
    fr: str
    en: str


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """An error (RFC 9457): `type` tells its kind to programs, `detail` what to do to people."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FlawShown, ...] = ()


class Refusal(Exception):  # named for what happened, as all errors of ours
    """A demand that is answered with a problem at once."""

    def __init__(
        self, status: int, detail: str, headers: Mapping[str, str] | None = None, errors: tuple[FlawShown, ...] = ()
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}
        self.errors = errors

    def problem(self, language: Language) -> Problem:
        """Return what is shown."""
        slug, title = _KINDS[self.status]
        return Problem(f"urn:guichet:problem:{slug}", title.to(language), self.status, self.detail, self.errors)


def flaw_shown(flaw: Flaw) -> FlawShown:
    """Return a flaw of a rule book as it is shown."""
    return FlawShown(flaw.line, flaw.column, flaw.text.fr, flaw.text.en)


def refusal_of(error: Exception) -> Refusal:
    """Return what an error is answered with; of one that is not ours, nothing is told."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, FlawedDocument):
        return Refusal(422, "the rule book cannot be used", errors=tuple(map(flaw_shown, error.flaws)))
    if not isinstance(error, GuichetError):
        return Refusal(500, "nothing was changed; the log has the rest")
    wait = {"Retry-After": str(AWAY_SECONDS)} if isinstance(error, Unavailable) else None
    return Refusal(next((status for kind, status in _OF.items() if isinstance(error, kind)), 409), str(error), wait)


def preferred(accept_language: str) -> Language:
    """Return the language of a title: French where it is asked for before English."""
    for wanted in accept_language.lower().split(","):
        if wanted.strip()[:2] in {"fr", "en"}:
            return Language(wanted.strip()[:2])
    return Language.EN
