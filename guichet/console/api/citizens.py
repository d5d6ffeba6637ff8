"""Citizens over the API: the administration's record, who somebody may be, and what happened with them."""

from dataclasses import replace
from typing import Any

import msgspec
from msgspec import UNSET

from guichet.citizens.citizen import Citizen, Evidence
from guichet.citizens.erased import can_tell
from guichet.console.api.citizen_shapes import (
    Candidates,
    CandidateShown,
    CitizenBrief,
    CitizenChange,
    CitizenRef,
    CitizenShown,
    CitizensPage,
    CitizensWanted,
    FileShown,
    HappenedShown,
    Heard,
    HistoryShown,
    MandateShown,
    NewCitizen,
    ReasonShown,
)
from guichet.console.api.etag import etag_of
from guichet.console.api.listing import BY_ID, Wanted
from guichet.console.api.operation import Answer, Asked, Operation
from guichet.console.api.token import Scope
from guichet.core.errors import BadInput, Conflict, NotFound, Unavailable
from guichet.core.ids import CitizenId, new_id
from guichet.core.phone import PhoneNumber

_BRIEF = ("id", "external_id", "given_names", "birth_name", "usual_name", "birth_date", "postcode", "town", "left_at")


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
    await _refuse_erased(asked, given.external_id)
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
    items = [HappenedShown(one.at, one.what.value, one.id, one.told) for one in await asked.unit.history.of(citizen.id)]
    return Answer(HistoryShown(tuple(items)), f"citizen:{citizen.id}")


async def _refuse_erased(asked: Asked, external_id: str) -> None:
    """Refuse to put somebody back who was erased. Raises Conflict; Unavailable where nobody could tell."""
    try:
        key = asked.tools.erased_key()
    except BadInput:
        key = None
    if not await can_tell(asked.unit.erased, key):
        raise Unavailable("people were erased here, and the key that tells whom is missing: `erased.key` in data_dir")
    if key is not None and await asked.unit.erased.among(key, [external_id]):
        raise Conflict("they were erased: if they wish to come back, an engineer runs `guichet privacy readmit` first")


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
            name="list_citizens",
            method="GET",
            path="/citizens",
            scope=Scope.CITIZENS_READ,
            summary="List the citizens on record, or the one of a key of yours",
            query=CitizensWanted,
            answers=CitizensPage,
            perform=_list,
            action="citizens.listed",
        ),
        Operation(
            name="create_citizen",
            method="POST",
            path="/citizens",
            scope=Scope.CITIZENS_WRITE,
            summary="Put somebody on record",
            description="An import of the same external_id writes over it. People who were erased are refused.",
            body=NewCitizen,
            answers=CitizenRef,
            perform=_create,
            action="citizen.created",
            status=201,
            writes=True,
            tagged=True,
        ),
        Operation(
            name="match_citizens",
            method="POST",
            path="/citizens/match",
            scope=Scope.CITIZENS_READ,
            summary="Say who somebody may be, by their number and what they said",
            description="By POST, so that what is personal is in no address and no log of one.",
            body=Heard,
            answers=Candidates,
            perform=_match,
            action="citizens.matched",
        ),
        Operation(
            name="read_citizen",
            method="GET",
            path="/citizens/{id}",
            scope=Scope.CITIZENS_READ,
            summary="Read a citizen with files, mandates and open requests",
            answers=CitizenShown,
            perform=_read,
            action="citizen.seen",
            tagged=True,
        ),
        Operation(
            name="change_citizen",
            method="PATCH",
            path="/citizens/{id}",
            scope=Scope.CITIZENS_WRITE,
            summary="Change a record: what is left out stays (`never_call`: nobody calls them back any more)",
            body=CitizenChange,
            answers=CitizenRef,
            perform=_change,
            action="citizen.changed",
            writes=True,
            guarded=True,
            tagged=True,
        ),
        Operation(
            name="read_history",
            method="GET",
            path="/citizens/{id}/history",
            scope=Scope.CITIZENS_READ,
            summary="Read what happened with a citizen on every channel",
            answers=HistoryShown,
            perform=_history,
            action="citizen.history_seen",
        ),
    )
