"""What is changed goes through the services of calls and texts; nothing twice, nothing over what was not seen."""

import asyncio
from datetime import timedelta
from typing import Any

from guichet.console.audit import Look
from guichet.core.phone import PhoneNumber
from guichet.gateway.privacy.erased_key import NAME, key_made
from guichet.routing.rule_book import SAMPLE
from guichet.sms.consent import Consent, Purpose
from tests.console.api.client import Client
from tests.journeys.people import CATHERINE, STRANGER

DEMAND = {"intent": "etat_civil_acte", "number": STRANGER, "kind": "callback"}


async def citizen(client: Client, key: str = "VC-0001") -> dict[str, Any]:
    """Return a citizen of the sample."""
    (brief,) = (await client.get("/citizens", external_id=key))["items"]
    found: dict[str, Any] = await client.get(f"/citizens/{brief['id']}")
    return found


async def test_a_request_is_opened_once_for_a_person_and_a_matter(client: Client) -> None:
    opened = await client.post("/requests", DEMAND)
    again = await client.post("/requests", DEMAND)
    assert (opened["joined"], again["joined"]) == (False, True)
    assert opened["id"] == again["id"]
    read = await client.get(f"/requests/{opened['id']}")
    assert (read["request"]["queue"], read["request"]["reminders"]) == ("etat_civil", 1)
    assert read["contacts"] == []
    await client.world.settled()
    texts = (await client.get("/messages", request=opened["id"]))["items"]
    assert [one["direction"] for one in texts] == ["out"]
    report = await client.get("/reports", **{"from": "2026-03-03", "to": "2026-03-03", "by": "all"})
    assert report["all"]["needing"] == 1


async def test_a_callback_of_another_system_rings_an_agent_like_any_other(client: Client) -> None:
    world = client.world
    agent = await client.post("/agents", {"name": "Awa", "phone": "+33199002009", "skills": ["etat_civil"]})
    opened = await client.post("/requests", DEMAND)
    await world.settled()
    assert world.agents_calls == ()
    await client.ask("PUT", f"/agents/{agent['id']}/presence", {"presence": "available"})
    await world.settled()
    assert len(world.agents_calls) >= 1
    changes = (await client.get(f"/requests/{opened['id']}"))["changes"]
    assert "dialing_agent" in [one["after"] for one in changes]


async def test_who_was_erased_is_not_put_back(client: Client) -> None:
    services = client.world.services
    key = key_made(services.settings.data_dir)
    person = {"external_id": "VC-8888", "given_names": "Anne", "birth_name": "Roy"}
    async with services.database.begin() as unit:
        await unit.erased.add(key, "VC-8888")
    refused = await client.ask("POST", "/citizens", person)
    assert (refused.status, "privacy readmit" in refused.body["detail"]) == (409, True)
    file = services.settings.data_dir / NAME
    kept = file.read_text()
    for content in (None, "no key"):
        file.unlink() if content is None else file.write_text(content)
        unknown = await client.ask("POST", "/citizens", person | {"external_id": "VC-9999"})
        assert (unknown.status, NAME in unknown.body["detail"]) == (503, True)
    file.write_text(kept)
    async with services.database.begin() as unit:
        assert await unit.erased.remove(key, "VC-8888")
    await client.post("/citizens", person)


async def test_a_person_who_is_never_to_be_called_is_not(client: Client) -> None:
    found = await citizen(client)
    changed = await client.ask("PATCH", f"/citizens/{found['id']}", {"never_call": True})
    assert changed.status == 200
    refused = await client.ask("POST", "/requests", {"intent": "etat_civil_acte", "citizen": found["id"]})
    assert (refused.status, "never to be called" in refused.body["detail"]) == (422, True)
    opened = await client.post("/requests", {"intent": "etat_civil_acte", "citizen": found["id"], "kind": "text"})
    assert opened["state"] == "waiting"


async def test_what_nothing_can_be_made_of_is_refused(client: Client) -> None:
    for more in (
        {"intent": "no_such_matter"},
        {"number": "+33100"},
        {"citizen": "cit_nobody"},
        {"contact": "con_none"},
        {"line": "+33199009999"},
    ):
        got = await client.ask("POST", "/requests", DEMAND | more)
        assert got.status == 422, (more, got)
    assert (await client.get("/requests"))["items"] == []


async def test_a_request_is_closed_with_a_reason_and_by_whom(client: Client) -> None:
    opened = await client.post("/requests", DEMAND)
    where = f"/requests/{opened['id']}"
    closed = await client.post(f"{where}/close", {"state": "done", "reason": "served at the counter"}, status=200)
    assert closed["state"] == "done"
    read = await client.get(where)
    assert read["place"] is None
    change = read["changes"][-1]
    assert (change["after"], change["actor"], change["reason"]) == ("done", client.token_id, "served at the counter")
    refused = await client.ask("POST", f"{where}/close", {"state": "cancelled", "reason": "x"})
    assert refused.status == 409
    assert (await client.get(f"{where}/slots"))["items"] == []


async def test_a_slot_is_promised_and_given_back(client: Client) -> None:
    opened = await client.post("/requests", DEMAND)
    where = f"/requests/{opened['id']}"
    slots = (await client.get(f"{where}/slots"))["items"]
    free = next((one for one in slots if one["free"]), None)
    if free is None:
        assert (await client.ask("PATCH", where, {"slot_at": "2026-03-04T10:00:00Z"})).status == 409
    else:
        assert (await client.ask("PATCH", where, {"slot_at": free["starts"]})).status == 200
        assert (await client.get(where))["request"]["slot_at"] == free["starts"]
    assert (await client.ask("PATCH", where, {"slot_at": None})).status == 200
    assert (await client.get(where))["request"]["slot_at"] is None


async def test_a_callback_is_put_off_to_an_hour_at_which_citizens_are_called(client: Client) -> None:
    opened = await client.post("/requests", DEMAND)
    where = f"/requests/{opened['id']}"
    assert (await client.ask("PATCH", where, {"not_before": "2026-03-08T03:00:00Z"})).status == 200
    moved = (await client.get(where))["request"]["not_before"]
    assert moved.startswith("2026-03-09T")
    for wrong in ({"not_before": "2030-01-01T00:00:00Z"}, {"callback_number": "+3312"}):
        assert (await client.ask("PATCH", where, wrong)).status in {400, 422}, wrong
    other = "+33639989902"
    assert (await client.ask("PATCH", where, {"callback_number": other})).status == 200
    assert (await client.get(where))["request"]["callback_number"] == other


async def test_nobody_writes_over_what_they_have_not_seen(client: Client) -> None:
    opened = await client.post("/requests", DEMAND)
    where = f"/requests/{opened['id']}"
    seen = (await client.ask("GET", where)).headers["ETag"]
    moved = {"callback_number": "+33639989902"}
    first = await client.ask("PATCH", where, moved, headers={"If-Match": seen})
    second = await client.ask("PATCH", where, {"callback_number": None}, headers={"If-Match": seen})
    assert (first.status, second.status) == (200, 412)
    now = {"If-Match": f'"other", {first.headers["ETag"]}'}
    assert (await client.ask("PATCH", where, moved, headers=now)).status == 200
    assert (await client.ask("PATCH", where, moved, headers={"If-Match": "W/x"})).status == 412
    assert first.headers["ETag"] == (await client.ask("GET", where)).headers["ETag"]
    found = await citizen(client)
    path = f"/citizens/{found['id']}"
    etag = (await client.ask("GET", path)).headers["ETag"]
    client.world.clock.move(timedelta(minutes=1))
    assert (await client.ask("PATCH", path, {"town": "Lyon"}, headers={"If-Match": etag})).status == 200
    assert (await client.ask("PATCH", path, {"town": "Nice"}, headers={"If-Match": etag})).status == 412
    assert (await citizen(client))["town"] == "Lyon"


async def test_asking_again_with_the_same_key_does_nothing_twice(client: Client) -> None:
    world = client.world
    key = {"Idempotency-Key": "8e03978e-40d5-43e8-bc93-6894a57f9324"}
    first = await client.ask("POST", "/requests", DEMAND, headers=key)
    again = await client.ask("POST", "/requests", DEMAND, headers=key)
    assert (first.status, first.body) == (again.status, again.body)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (await client.get("/requests"))["items"][0]["reminders"] == 0
    other = await client.ask("POST", "/requests", DEMAND | {"intent": "cantine_periscolaire"}, headers=key)
    assert other.status == 422
    stranger = await Client.of(world)
    theirs = await stranger.ask("POST", "/requests", DEMAND | {"intent": "cantine_periscolaire"}, headers=key)
    assert theirs.status == 201
    world.clock.move(timedelta(hours=24))
    late = await client.ask("POST", "/requests", DEMAND, headers=key)
    assert (late.status, late.body["joined"]) == (201, True)


async def test_what_has_failed_leaves_its_key_free(client: Client) -> None:
    key = {"Idempotency-Key": "k1"}
    assert (await client.ask("POST", "/requests", DEMAND | {"intent": "nothing"}, headers=key)).status == 422
    assert (await client.ask("POST", "/requests", DEMAND, headers=key)).status == 201
    assert (await client.ask("POST", "/requests", DEMAND, headers={"Idempotency-Key": "é"})).status == 400


async def test_many_at_once_with_one_key_do_it_once(client: Client) -> None:
    key = {"Idempotency-Key": "at-once"}
    got = await asyncio.gather(*(client.ask("POST", "/requests", DEMAND, headers=key) for _ in range(8)))
    assert {one.status for one in got} == {201}
    assert len({one.body["id"] for one in got}) == 1
    assert sorted("Idempotency-Replayed" in one.headers for one in got) == [False] + [True] * 7
    assert (await client.get("/requests"))["items"][0]["reminders"] == 0


async def test_a_text_goes_through_the_outbox_to_who_wants_it(client: Client) -> None:
    world = client.world
    opened = await client.post("/requests", DEMAND)
    sent = await client.post("/messages", {"body": "Votre acte est prêt. Mairie", "request": opened["id"]})
    await world.settled()
    read = await client.get(f"/messages/{sent['id']}")
    assert (read["number"], read["state"], read["parts"]) == (STRANGER, "delivered", 1)
    await world.text(STRANGER, "STOP")
    refused = await client.ask("POST", "/messages", {"body": "Encore nous", "request": opened["id"]})
    assert (refused.status, "STOP" in refused.body["detail"]) == (409, True)


async def test_nobody_is_written_to_at_night_unless_they_have_just_asked(client: Client) -> None:
    world = client.world
    opened = await client.post("/requests", DEMAND)
    world.clock.move(timedelta(hours=14))
    text = {"body": "Votre acte est prêt.", "request": opened["id"]}
    refused = await client.ask("POST", "/messages", text)
    assert refused.status == 409
    world.clock.move(timedelta(seconds=int(refused.headers["Retry-After"])))
    assert (await client.ask("POST", "/messages", text)).status == 201
    for wrong in ({"body": "x"}, {"body": "x" * 901, "request": opened["id"]}, {"body": "x", "request": "req_1"}):
        assert (await client.ask("POST", "/messages", wrong)).status in {400, 422}


async def test_somebody_is_put_on_record_and_changed(client: Client) -> None:
    new = {"external_id": "GRU-1", "given_names": "Inès", "birth_name": "Nguyen", "phones": [STRANGER]}
    made = await client.ask("POST", "/citizens", new)
    assert made.status == 201
    assert made.headers["Location"] == f"/api/v1/citizens/{made.body['id']}"
    assert (await client.ask("POST", "/citizens", new)).status == 409
    found = await client.post("/citizens/match", {"phone": STRANGER, "names": ["Inès Nguyen"]}, status=200)
    assert found["items"][0]["id"] == made.body["id"]
    change = {"usual_name": "Martin", "birth_date": "1990-02-03", "phones": [], "language": "en"}
    assert (await client.ask("PATCH", f"/citizens/{made.body['id']}", change)).status == 200
    read = await citizen(client, "GRU-1")
    assert (read["usual_name"], read["birth_date"], read["phones"], read["language"]) == (
        "Martin",
        "1990-02-03",
        [],
        "en",
    )
    assert (await client.ask("PATCH", f"/citizens/{made.body['id']}", {"birth_name": ""})).status == 400


async def test_a_wrong_match_is_put_right(client: Client) -> None:
    await client.world.text(CATHERINE, "Je voudrais un acte de naissance")
    (contact,) = (await client.get("/contacts"))["items"]
    right = await citizen(client, "VC-0003")
    assert contact["citizen"] != right["id"]
    undone = await client.post(f"/contacts/{contact['id']}/undo-match", {"right": right["id"]}, status=200)
    assert undone["moved"] == [contact["request"]]
    (moved,) = (await client.get("/requests", citizen=right["id"]))["items"]
    assert moved["id"] == contact["request"]
    assert (await client.ask("POST", f"/contacts/{contact['id']}/undo-match", {"right": right["id"]})).status == 422


async def test_the_rule_book_is_checked_published_and_rolled_back(client: Client) -> None:
    text = SAMPLE.read_text("utf-8")
    assert (await client.ask("GET", "/rules")).status == 404
    checked = await client.post("/rules/check", {"text": text}, status=200)
    assert (checked["ok"], checked["errors"]) == (True, [])
    bad = await client.post("/rules/check", {"text": "lignes: oui"}, status=200)
    assert not bad["ok"]
    assert bad["errors"][0]["line"] == 1
    refused = await client.ask("POST", "/rules/versions", {"text": "lignes: oui", "note": "x"})
    assert (refused.status, bool(refused.body["errors"])) == (422, True)
    first = await client.post("/rules/versions", {"text": text, "note": "first"})
    assert first["number"] == 1
    assert first["author"] == f"GRU ({client.token_id})"
    changed = text + "\n# changed\n"
    second = await client.post("/rules/versions", {"text": changed, "note": "second", "based_on": 1})
    stale = await client.ask("POST", "/rules/versions", {"text": text + "#", "note": "third", "based_on": 1})
    assert stale.status == 422
    assert (await client.get("/rules"))["text"] == changed
    back = await client.post("/rules/rollback", {"note": "nobody was called"})
    assert (back["number"], back["restores"]) == (3, 1)
    versions = await client.get("/rules/versions")
    assert (versions["in_force"], [one["number"] for one in versions["items"]]) == (3, [3, 2, 1])
    assert (await client.get(f"/rules/versions/{second['number']}"))["text"] == changed
    later = {"text": changed, "note": "spring", "at": "2026-04-01T06:00:00Z"}
    coming = await client.post("/rules/versions", later)
    withdrawn = await client.ask("DELETE", f"/rules/versions/{coming['number']}")
    assert withdrawn.body["withdrawn_at"]
    assert (await client.ask("DELETE", "/rules/versions/3")).status == 422


async def test_an_agent_is_added_and_called_when_they_say_so(client: Client) -> None:
    new = {"name": "Awa Diallo", "phone": "+33199002009", "skills": ["etat_civil"], "languages": ["fr", "en"]}
    made = await client.post("/agents", new)
    assert (await client.ask("POST", "/agents", new)).status == 409
    assert (await client.ask("POST", "/agents", new | {"skills": ["juggling"]})).status == 422
    where = f"/agents/{made['id']}"
    read = await client.ask("GET", where)
    assert (read.body["presence"], read.body["languages"]) == ("away", ["en", "fr"])
    set_to = await client.ask(
        "PUT", f"{where}/presence", {"presence": "available"}, headers={"If-Match": read.headers["ETag"]}
    )
    assert (set_to.status, set_to.body["presence"]) == (200, "available")
    assert made["id"] in [one["id"] for one in (await client.get("/agents"))["items"]]
    stale = await client.ask(
        "PUT", f"{where}/presence", {"presence": "away"}, headers={"If-Match": read.headers["ETag"]}
    )
    assert stale.status == 412
    assert (await client.ask("PUT", f"{where}/presence", {"presence": "busy"})).status == 400


async def test_every_change_is_in_the_audit_trail_and_nothing_that_failed(client: Client) -> None:
    opened = await client.post("/requests", DEMAND)
    await client.ask("POST", "/requests", DEMAND | {"intent": "nothing"})
    async with client.world.services.database.read() as unit:
        (entry,) = await unit.audit.find(Look())
    assert (entry.actor, entry.action, entry.subject) == (
        f"token:{client.token_id}",
        "request.opened",
        f"request:{opened['id']}",
    )


async def test_a_carriers_opt_out_is_obeyed(client: Client) -> None:
    opened = await client.post("/requests", DEMAND)
    said = Consent(
        PhoneNumber(STRANGER), Purpose.REQUESTS, granted=False, at=client.world.clock.now(), proof="carrier:21610"
    )
    async with client.world.services.database.begin() as unit:
        await unit.consents.add(said)
    assert (await client.ask("POST", "/messages", {"body": "Bonjour", "request": opened["id"]})).status == 409
