"""Who may see and do what: the one table, route by route. Pure.

A route that is not in it is refused to everybody; `docs/security.md` shows it, and a test walks every route with every
role. Add a line here with each route you add.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from guichet.console.role import Role
from guichet.core.language import Bilingual

ROOT = "/console"


class Needs(StrEnum):
    """How far somebody must have signed in."""

    NOTHING = "nothing"
    HALF = "half"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Permission:
    """Who may use a route. `what` is told in docs/security.md; routes of one `what` have the same roles."""

    method: str
    path: str
    what: Bilingual
    roles: frozenset[Role]
    needs: Needs = Needs.OPEN


EVERYBODY = frozenset(Role)
SERVING = frozenset({Role.AGENT, Role.SUPERVISOR})

SIGN_IN = Bilingual("se connecter", "sign in")
WATCHING = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR})
SERVED = frozenset({Role.AGENT, Role.SUPERVISOR})
ADMINISTERING = frozenset({Role.ADMINISTRATOR})
SUPERVISING = frozenset({Role.SUPERVISOR})
STEERING = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})

SEE_RULES = Bilingual("lire les règles, leur historique, le calendrier", "read the rules, their history, the calendar")
STEER_RULES = Bilingual(
    "écrire, rejouer, publier, retirer les règles", "write, replay, publish and take back the rules"
)
SEE_EMERGENCY = Bilingual("lire les messages d'urgence", "read the emergency messages")
STEER_EMERGENCY = Bilingual("diffuser et arrêter un message d'urgence", "put up and end an emergency message")
SEE_BOARD = Bilingual("voir le tableau de bord", "see the live board")
SEE_MEASURES = Bilingual("voir et exporter les mesures", "see and export the measures")
SEARCH = Bilingual("chercher et lire ce qui a été dit et écrit", "search and read what was said and written")
SEE_TEAM = Bilingual("voir l’équipe, ses présences prévues", "see the team and its planned presence")
ACCOUNTS = Bilingual("créer et changer les comptes", "make and change accounts")
COACH = Bilingual(
    "prévoir les présences, écrire et lire les conseils aux agents", "plan presence, write and read coaching notes"
)
OWN_NOTES = Bilingual("lire les conseils reçus", "read one’s own coaching notes")
SEE_AUDIT = Bilingual("lire et exporter le journal", "read and export the trail")
UNDERSTANDING = Bilingual("voir et traiter ce qui n'a pas été compris", "see and settle what was not understood")
TRAINING = Bilingual(
    "essayer, publier et reprendre les exemples du livre des demandes",
    "try, publish and take back examples of the intent book",
)
OWN = Bilingual("son compte, ses sessions, ses raccourcis", "one's own account, sessions and shortcuts")
DESK = Bilingual("son bureau, sa présence", "one's own desk and presence")
SEE_CASE = Bilingual("voir un dossier et son histoire", "see a case and its history")
WORK_CASE = Bilingual("traiter un dossier", "work a case")


def _of(what: Bilingual, roles: Iterable[Role], needs: Needs, *routes: tuple[str, str]) -> tuple[Permission, ...]:
    return tuple(Permission(method, f"{ROOT}{path}", what, frozenset(roles), needs) for method, path in routes)


COCKPIT: tuple[Permission, ...] = (
    *_of(
        SEE_RULES,
        WATCHING,
        Needs.OPEN,
        ("GET", "/rules"),
        ("GET", "/rules/versions/{number}"),
        ("GET", "/rules/calendar"),
    ),
    *_of(
        STEER_RULES,
        STEERING,
        Needs.OPEN,
        ("GET", "/rules/draft"),
        ("POST", "/rules/draft"),
        ("POST", "/rules/drafts"),
        ("GET", "/rules/form/{part}"),
        ("POST", "/rules/form/{part}"),
        ("POST", "/rules/publish"),
        ("POST", "/rules/rollback"),
        ("POST", "/rules/withdraw"),
        ("POST", "/rules/replays"),
        ("GET", "/rules/replays/{replay}"),
        ("GET", "/rules/replays/{replay}/live"),
    ),
    *_of(SEE_EMERGENCY, WATCHING, Needs.OPEN, ("GET", "/emergency")),
    *_of(STEER_EMERGENCY, STEERING, Needs.OPEN, ("POST", "/emergency"), ("POST", "/emergency/end")),
    *_of(
        SEE_BOARD,
        WATCHING,
        Needs.OPEN,
        ("GET", "/board"),
        ("GET", "/board/live"),
    ),
    *_of(
        SEE_MEASURES,
        WATCHING,
        Needs.OPEN,
        ("GET", "/measures"),
        ("GET", "/measures/csv"),
        ("GET", "/measures/publication"),
    ),
    *_of(
        SEARCH,
        SUPERVISING,
        Needs.OPEN,
        ("GET", "/search"),
        ("GET", "/contacts/{contact}"),
    ),
    *_of(
        SEE_TEAM,
        STEERING,
        Needs.OPEN,
        ("GET", "/team"),
    ),
    *_of(
        ACCOUNTS,
        ADMINISTERING,
        Needs.OPEN,
        ("POST", "/team/accounts"),
    ),
    *_of(
        COACH,
        SUPERVISING,
        Needs.OPEN,
        ("GET", "/team/{account}"),
        ("POST", "/team/{account}/notes"),
        ("POST", "/team/{account}/shifts"),
    ),
    *_of(
        OWN_NOTES,
        SERVED,
        Needs.OPEN,
        ("GET", "/coaching"),
    ),
    *_of(
        SEE_AUDIT,
        WATCHING,
        Needs.OPEN,
        ("GET", "/audit"),
        ("GET", "/audit/csv"),
    ),
    *_of(
        UNDERSTANDING,
        SUPERVISING,
        Needs.OPEN,
        ("GET", "/understanding"),
        ("POST", "/understanding/settle"),
    ),
    *_of(
        TRAINING,
        SUPERVISING,
        Needs.OPEN,
        ("GET", "/training"),
        ("POST", "/training"),
        ("POST", "/training/publish"),
        ("POST", "/training/rollback"),
    ),
)
"""The pages of supervisors."""

TABLE: tuple[Permission, ...] = (
    *_of(
        SIGN_IN,
        EVERYBODY,
        Needs.NOTHING,
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/openid"),
        ("GET", "/openid/callback"),
        ("GET", "/static/{name}"),
        ("POST", "/language"),
    ),
    *_of(
        SIGN_IN,
        EVERYBODY,
        Needs.HALF,
        ("GET", "/second-factor"),
        ("POST", "/second-factor"),
        ("POST", "/sign-out"),
    ),
    *_of(
        OWN,
        EVERYBODY,
        Needs.OPEN,
        ("GET", "/"),
        ("GET", "/help"),
        ("GET", "/account"),
        ("POST", "/account/password"),
        ("POST", "/account/second-factor"),
        ("GET", "/sessions"),
        ("POST", "/sessions/end"),
    ),
    *_of(
        DESK,
        SERVING,
        Needs.OPEN,
        ("GET", "/desk"),
        ("GET", "/desk/live"),
        ("POST", "/desk/presence"),
    ),
    *_of(
        SEE_CASE,
        SERVING,
        Needs.OPEN,
        ("GET", "/cases/{request}"),
        ("GET", "/cases/{request}/live"),
    ),
    *_of(
        WORK_CASE,
        SERVING,
        Needs.OPEN,
        ("POST", "/desk/next"),
        ("POST", "/cases/{request}/take"),
        ("POST", "/cases/{request}/release"),
        ("POST", "/cases/{request}/call"),
        ("POST", "/cases/{request}/draft"),
        ("POST", "/cases/{request}/note"),
        ("POST", "/cases/{request}/answer"),
        ("POST", "/cases/{request}/outcome"),
        ("POST", "/cases/{request}/flag"),
        ("POST", "/cases/{request}/pass"),
        ("POST", "/cases/{request}/wrong-person"),
        ("POST", "/outcomes/{outcome}/settle"),
        ("POST", "/flags/{flag}/settle"),
    ),
    *COCKPIT,
)

_BY_ROUTE = {(permission.method, permission.path): permission for permission in TABLE}


def permission_of(method: str, path: str) -> Permission | None:
    """Return the permission of a route by its pattern; None: nobody may use it."""
    return _BY_ROUTE.get((method, path))


def may(role: Role, method: str, path: str) -> bool:
    """Say whether a role may use a route, once signed in."""
    permission = permission_of(method, path)
    return permission is not None and role in permission.roles
