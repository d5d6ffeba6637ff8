"""What is shown: it comes from real calls and texts, page by page, and leaves a line in the audit trail."""

from datetime import timedelta
from typing import Any

from guichet.console.audit import Look
from tests.console.api.client import Client
from tests.journeys.people import AHMED, CATHERINE, EMMA, KATHERINE, LUCAS, STRANGER
from tests.journeys.world import World


async def actions(world: World) -> list[tuple[str, str]]:
    """Return what the audit trail has, first to last."""
    async with world.services.database.read() as unit:
        found = await unit.audit.find(Look())
    return [(one.action, one.subject) for one in reversed(found)]


async def text_everybody(world: World) -> None:
    for number in (CATHERINE, KATHERINE, AHMED, LUCAS, EMMA):
        await world.text(number, "Je voudrais un acte de naissance")
        await world.move(timedelta(minutes=1))


async def test_a_request_is_read_with_its_place_and_all_that_happened(client: Client) -> None:
    world = client.world
    await text_everybody(world)
    page = await client.get("/requests", order="place")
    assert len(page["items"]) == 5
    assert page["next"] is None
    last = page["items"][-1]
    read = await client.get(f"/requests/{last['id']}")
    assert read["request"] == last
    assert read["place"]["ahead"] == 4
    assert read["place"]["because"][0] == {"fr": "attend une réponse par SMS", "en": "waits for an answer by text"}
    (contact,) = read["contacts"]
    assert (await client.get(f"/contacts/{contact}"))["contact"]["request"] == last["id"]
    assert await actions(world) == [
        ("requests.listed", ""),
        ("request.seen", f"request:{last['id']}"),
        ("contact.seen", f"contact:{contact}"),
    ]


async def test_pages_are_stable_while_requests_come_in(client: Client) -> None:
    world = client.world
    await text_everybody(world)
    for order in ("newest", "oldest", "place"):
        whole = [one["id"] for one in (await client.get("/requests", order=order))["items"]]
        seen: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = await client.get("/requests", order=order, limit=2, **cursor)
            seen += [one["id"] for one in page["items"]]
            if order == "newest":
                await world.text(f"+3363998{len(whole)}{len(seen):02}0"[:12], "Je voudrais un acte de naissance")
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert seen == whole
    refused = await client.ask("GET", "/requests", params={"order": "oldest", **cursor})
    assert refused.status == 422


async def test_filters_say_which(client: Client) -> None:
    world = client.world
    await text_everybody(world)
    every = (await client.get("/requests"))["items"]
    first = every[-1]
    for wanted, found in (
        ({"citizen": "cit_nobody"}, []),
        ({"reference": first["reference"]}, [first]),
        ({"state": "done"}, []),
        ({"open": "false"}, []),
        ({"open": "true", "kind": "text"}, every),
        ({"kind": "callback"}, []),
        ({"queue": first["queue"], "intent": first["intent"]}, every),
        ({"since": every[1]["opened_at"]}, every[:2]),
        ({"until": every[1]["opened_at"]}, every[2:]),
        ({"since": "2026-03-03T10:03:00+01:00"}, every[:2]),
    ):
        assert (await client.get("/requests", **wanted))["items"] == found, wanted


async def test_a_conversation_is_read_masked_with_its_decision(client: Client) -> None:
    world = client.world
    await world.text(CATHERINE, "Je voudrais un acte de naissance, mon numéro est 06 39 98 10 01")
    (contact,) = (await client.get("/contacts"))["items"]
    assert (contact["channel"], contact["intent"]) == ("sms", "etat_civil_acte")
    file = (await client.get(f"/contacts/{contact['id']}"))["file"]
    assert file["decision"]["queue"] == "etat_civil"
    assert "sms" not in file
    assert "sms_row" not in file
    (line,) = (await client.get(f"/contacts/{contact['id']}/transcript"))["items"]
    assert "acte de naissance" in line["text"]
    assert "39 98" not in line["text"]
    texts = (await client.get("/messages", contact=contact["id"]))["items"]
    assert [one["direction"] for one in texts] == ["out", "in"]
    assert (await client.get(f"/messages/{texts[0]['id']}"))["body"] == texts[0]["body"]


async def test_a_citizen_is_found_by_key_and_by_what_they_say(client: Client) -> None:
    (brief,) = (await client.get("/citizens", external_id="VC-0001"))["items"]
    whole = await client.get(f"/citizens/{brief['id']}")
    assert whole["external_id"] == "VC-0001"
    assert whole["phones"]
    matched = await client.post("/citizens/match", {"phone": whole["phones"][0]}, status=200)
    assert brief["id"] in [one["id"] for one in matched["items"]]
    assert matched["items"][0]["because"]
    nobody = await client.post("/citizens/match", {"phone": STRANGER}, status=200)
    assert nobody == {"certainty": "unknown", "items": []}
    walked: list[str] = []
    page: dict[str, Any] = {"next": ""}
    while page["next"] is not None:
        page = await client.get("/citizens", limit=7, **({"cursor": page["next"]} if page["next"] else {}))
        walked += [one["id"] for one in page["items"]]
    assert walked == sorted(set(walked))
    assert len(walked) > 20


async def test_a_history_tells_of_every_channel(client: Client) -> None:
    (brief,) = (await client.get("/citizens", external_id="VC-0001"))["items"]
    await client.post("/requests", {"intent": "etat_civil_acte", "citizen": brief["id"], "number": EMMA})
    await client.world.settled()
    items = (await client.get(f"/citizens/{brief['id']}/history"))["items"]
    assert [one["what"] for one in items] == ["request", "message"]
    assert (await client.get("/requests", citizen=brief["id"]))["items"][0]["citizen"] == brief["id"]


async def test_the_measures_are_those_of_the_report(client: Client) -> None:
    await text_everybody(client.world)
    report = await client.get("/reports", **{"from": "2026-03-03", "to": "2026-03-03", "by": "queue"})
    assert (report["from"], report["by"], report["zone"]) == ("2026-03-03", "queue", "Europe/Paris")
    assert report["all"]["needing"] == 5
    (row,) = report["rows"]
    assert (row["key"], row["figures"]["needing"]) == ("etat_civil", 5)
    by_hour = await client.get("/reports", **{"from": "2026-03-03", "to": "2026-03-03", "by": "hour"})
    assert by_hour["rows"][0]["key"] == 10
