"""Citizens over the API: the record as the administration keeps it, who somebody may be, and what happened with them."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from guichet.citizens.citizen import Citizen, Evidence, Preferred
from guichet.console.api.etag import etag_of
from guichet.console.api.kinds import USUAL_LIMIT, Day, Id, Limit, Line, MaybeCursor, Name, Phone, Postcode, Text
from guichet.console.api.listing import BY_ID, Wanted
from guichet.console.api.operation import Answer, Asked, Operation
from guichet.console.api.token import Scope
from guichet.core.errors import BadInput, Conflict, NotFound
from guichet.core.ids import CitizenId, new_id
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber

_BRIEF = ("id", "external_id", "given_names", "birth_name", "usual_name", "birth_date", "postcode", "town", "left_at")


class CitizenBrief(msgspec.Struct, frozen=True):
    """A person on record, in a list. Whoever left the administration's data has `left_at`."""

    id: str
    external_id: str
    given_names: str
    birth_name: str
    usual_name: str
    birth_date: date | None
    postcode: str
    town: str
    left_at: datetime | None


class CitizensPage(msgspec.Struct, frozen=True):
    """A page of citizens, in the order of their ids."""

    items: tuple[CitizenBrief, ...]
    next: str | None


class FileShown(msgspec.Struct, frozen=True):
    """A file of the administration's."""

    number: str
    kind: str
    state: str


class MandateShown(msgspec.Struct, frozen=True):
    """A right to speak for this citizen; `scope` empty: in every matter."""

    role: str
    holder: str | None
    holder_name: str
    scope: tuple[str, ...]
    until: date | None
    in_force: bool


class CitizenShown(msgspec.Struct, frozen=True):
    """A person on record. `external_id` is the administration's own key."""

    id: str
    external_id: str
    given_names: str
    birth_name: str
    usual_name: str
    birth_date: date | None
    birth_place: str
    phones: tuple[str, ...]
    email: str
    address: str
    postcode: str
    town: str
    language: str | None
    channel: str | None
    never_call: bool
    notes: str
    left_at: datetime | None
    files: tuple[FileShown, ...]
    mandates: tuple[MandateShown, ...]
    open_requests: tuple[str, ...]


class CitizensWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which citizens."""

    external_id: Name | UnsetType = UNSET
    limit: Limit = USUAL_LIMIT
    cursor: MaybeCursor = UNSET


class NewCitizen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody to be put on record; `external_id` is the administration's key, which nobody else has."""

    external_id: Name
    given_names: Name
    birth_name: Name
    usual_name: Line = ""
    birth_date: Day | None = None
    birth_place: Line = ""
    phones: tuple[Phone, ...] = ()
    email: Line = ""
    address: Line = ""
    postcode: Postcode = ""
    town: Line = ""
    language: Language | None = None
    channel: Preferred | None = None
    never_call: bool = False
    notes: Text = ""


class CitizenChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be changed; what is left out stays."""

    given_names: Name | UnsetType = UNSET
    birth_name: Name | UnsetType = UNSET
    usual_name: Line | UnsetType = UNSET
    birth_date: Day | None | UnsetType = UNSET
    birth_place: Line | UnsetType = UNSET
    phones: tuple[Phone, ...] | UnsetType = UNSET
    email: Line | UnsetType = UNSET
    address: Line | UnsetType = UNSET
    postcode: Postcode | UnsetType = UNSET
    town: Line | UnsetType = UNSET
    language: Language | None | UnsetType = UNSET
    channel: Preferred | None | UnsetType = UNSET
    never_call: bool | UnsetType = UNSET
    notes: Text | UnsetType = UNSET


class CitizenRef(msgspec.Struct, frozen=True):
    """Whom a change was about."""

    id: str


class Heard(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of somebody; each list holds the readings of one answer, best first."""

    phone: Phone | UnsetType = UNSET
    names: tuple[Line, ...] = ()
    birth_dates: tuple[Line, ...] = ()
    postcodes: tuple[Line, ...] = ()
    files: tuple[Line, ...] = ()


class ReasonShown(msgspec.Struct, frozen=True):
    """A piece of evidence, and the bits it adds or takes."""

    fr: str
    en: str
    weight: float


class CandidateShown(msgspec.Struct, frozen=True):
    """Somebody who may be meant, with the chance that it is they, and why."""

    id: str
    external_id: str
    full_name: str
    score: float
    because: tuple[ReasonShown, ...]


class Candidates(msgspec.Struct, frozen=True):
    """Who may be meant, best first: `sure`, to `check`, or `unknown`."""

    certainty: str
    items: tuple[CandidateShown, ...]


class HappenedShown(msgspec.Struct, frozen=True):
    """Something that happened: a contact, a request, a change of one, a message. Texts are masked."""

    at: datetime
    what: str
    id: str
    told: dict[str, Any]


class HistoryShown(msgspec.Struct, frozen=True):
    """What happened with a citizen, first to last (the latest thousand of each kind)."""

    items: tuple[HappenedShown, ...]


async def _list(asked: Asked) -> Answer:
    wanted: CitizensWanted = asked.query
    equal = {} if wanted.external_id is UNSET else {"external_id": wanted.external_id}
    cursor = None if wanted.cursor is UNSET else str(wanted.cursor)
    rows, following = await asked.unit.listing.page(
        Wanted("citizens", _BRIEF, BY_ID, wanted.limit, cursor, equal=equal)
    )
    page = CitizensPage(tuple(CitizenBrief(**{name: row[name] for name in _BRIEF}) for row in rows), following)
    return Answer(page, detail={"citizens": [one.id for one in page.items]})


async def _read(asked: Asked) -> Answer:
    citizen = await _found(asked)
    return Answer(await _shown(asked, citizen), f"citizen:{citizen.id}", etag=etag_of(_plain(citizen)))


async def _create(asked: Asked) -> Answer:
    given: NewCitizen = asked.body
    if await asked.unit.citizens.by_external_id(given.external_id) is not None:
        raise Conflict("somebody has this external_id already: change them with PATCH")
    fields = msgspec.structs.asdict(given)
    citizen = Citizen(id=CitizenId(new_id("cit")), **{**fields, "phones": _phones(given.phones)})
    await asked.unit.citizens.save_all([citizen])
    where = f"/citizens/{citizen.id}"
    return Answer(CitizenRef(citizen.id), f"citizen:{citizen.id}", etag=etag_of(_plain(citizen)), location=where)


async def _change(asked: Asked) -> Answer:
    await asked.unit.listing.lock("citizens", asked.path["id"])
    citizen = await _found(asked)
    asked.check(etag_of(_plain(citizen)))
    given = {name: value for name, value in msgspec.structs.asdict(asked.body).items() if value is not UNSET}
    changes: dict[str, Any] = dict(given)
    if "phones" in given:
        changes |= {"phones": _phones(given["phones"]), "phone_kinds": (), "shared_phones": frozenset()}
    changed = replace(citizen, **changes)
    await asked.unit.citizens.save_all([changed])
    detail = {"changed": sorted(given)}
    return Answer(CitizenRef(citizen.id), f"citizen:{citizen.id}", detail, etag=etag_of(_plain(changed)))


async def _match(asked: Asked) -> Answer:
    given: Heard = asked.body
    evidence = Evidence(
        phone=None if given.phone is UNSET else PhoneNumber.parse(str(given.phone)),
        names=given.names,
        birth_dates=given.birth_dates,
        postcodes=given.postcodes,
        files=given.files,
    )
    found = await asked.tools.identify(evidence)
    items = tuple(
        CandidateShown(
            one.citizen.id,
            one.citizen.external_id,
            one.citizen.full_name,
            one.score,
            tuple(ReasonShown(why.text.fr, why.text.en, why.weight) for why in one.because),
        )
        for one in found.candidates
    )
    return Answer(Candidates(found.certainty.value, items), detail={"citizens": [one.id for one in items]})


async def _history(asked: Asked) -> Answer:
    citizen = await _found(asked)
    items = [
        HappenedShown(one.at, one.what.value, one.id, one.told) for one in await asked.unit.history.of(citizen.id)
    ]
    return Answer(HistoryShown(tuple(items)), f"citizen:{citizen.id}")


async def _found(asked: Asked) -> Citizen:
    """Return the citizen of the path. Raises NotFound."""
    citizen = await asked.unit.citizens.get(CitizenId(asked.path["id"]))
    if citizen is None:
        raise NotFound("nobody on record has this id; look for one with ?external_id=")
    return citizen


def _phones(given: tuple[str, ...]) -> tuple[PhoneNumber, ...]:
    """Read telephone numbers. Raises BadInput for what nobody could have."""
    if len(set(given)) < len(given):
        raise BadInput("a telephone number is given twice")
    return tuple(PhoneNumber.parse(one) for one in given)


def _plain(citizen: Citizen) -> dict[str, Any]:
    """Return all that may change in a record."""
    told: dict[str, Any] = msgspec.to_builtins(replace(citizen, shared_phones=frozenset()))
    return {**told, "phones": [number.e164 for number in citizen.phones]}


async def _shown(asked: Asked, citizen: Citizen) -> CitizenShown:
    unit, today = asked.unit, asked.now.date()
    mandates = await unit.records.mandates_of(citizen.id)
    files = await unit.records.files_of(citizen.id)
    return CitizenShown(
        id=citizen.id,
        external_id=citizen.external_id,
        given_names=citizen.given_names,
        birth_name=citizen.birth_name,
        usual_name=citizen.usual_name,
        birth_date=citizen.birth_date,
        birth_place=citizen.birth_place,
        phones=tuple(number.e164 for number in citizen.phones),
        email=citizen.email,
        address=citizen.address,
        postcode=citizen.postcode,
        town=citizen.town,
        language=citizen.language,
        channel=citizen.channel,
        never_call=citizen.never_call,
        notes=citizen.notes,
        left_at=citizen.left_at,
        files=tuple(FileShown(one.number, one.kind, one.state) for one in files if one.left_at is None),
        mandates=tuple(
            MandateShown(
                one.role.value, one.holder, one.holder_name, one.scope, one.until, in_force=one.is_in_force(today)
            )
            for one in mandates
        ),
        open_requests=tuple(one.id for one in await unit.requests.open_of_citizen(citizen.id)),
    )


def operations() -> tuple[Operation, ...]:
    """Return the operations on citizens."""
    return (
        Operation(
            name="list_citizens", method="GET", path="/citizens", scope=Scope.CITIZENS_READ,
            summary="List the citizens on record, or the one of a key of yours",
            query=CitizensWanted, answers=CitizensPage, perform=_list, action="citizens.listed",
        ),
        Operation(
            name="create_citizen", method="POST", path="/citizens", scope=Scope.CITIZENS_WRITE,
            summary="Put somebody on record",
            description="An import of your data that has the same external_id writes over it.",
            body=NewCitizen, answers=CitizenRef, perform=_create, action="citizen.created",
            status=201, writes=True, tagged=True,
        ),
        Operation(
            name="match_citizens", method="POST", path="/citizens/match", scope=Scope.CITIZENS_READ,
            summary="Say who somebody may be, by their number and what they said",
            description="By POST, so that what is personal is in no address and no log of one.",
            body=Heard, answers=Candidates, perform=_match, action="citizens.matched",
        ),
        Operation(
            name="read_citizen", method="GET", path="/citizens/{id}", scope=Scope.CITIZENS_READ,
            summary="Read a citizen with files, mandates and open requests",
            answers=CitizenShown, perform=_read, action="citizen.seen", tagged=True,
        ),
        Operation(
            name="change_citizen", method="PATCH", path="/citizens/{id}", scope=Scope.CITIZENS_WRITE,
            summary="Change a record: what is left out stays (`never_call`: nobody calls them back any more)",
            body=CitizenChange, answers=CitizenRef, perform=_change, action="citizen.changed",
            writes=True, guarded=True, tagged=True,
        ),
        Operation(
            name="read_history", method="GET", path="/citizens/{id}/history", scope=Scope.CITIZENS_READ,
            summary="Read what happened with a citizen on every channel",
            answers=HistoryShown, perform=_history, action="citizen.history_seen",
        ),
    )
