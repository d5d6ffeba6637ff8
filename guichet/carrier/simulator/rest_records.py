"""REST paths of the account, its recordings and its queues."""

from aiohttp import web

from guichet.carrier.simulator.calls import API_VERSION
from guichet.carrier.simulator.queues import MOST, Queue, Queues
from guichet.carrier.simulator.recorder import Recordings
from guichet.carrier.simulator.rest import date, page, refuse
from guichet.carrier.voice import wav_from_mulaw


def routes(account: str, recordings: Recordings, queues: Queues) -> list[web.RouteDef]:
    """Return the paths."""
    root = f"/2010-04-01/Accounts/{account}"

    async def fetch_account(request: web.Request) -> web.StreamResponse:  # noqa: ARG001 -- a handler
        return web.json_response(
            {"sid": account, "friendly_name": "Simulated carrier", "status": "active", "type": "Full"}
        )

    async def fetch_recording(request: web.Request) -> web.StreamResponse:
        recording = recordings.get(request.match_info["sid"])
        return web.Response(body=wav_from_mulaw(recording.mulaw), content_type="audio/x-wav")

    async def describe_recording(request: web.Request) -> web.StreamResponse:
        recording = recordings.get(request.match_info["sid"])
        return web.json_response(
            {
                "sid": recording.sid,
                "account_sid": account,
                "call_sid": recording.call,
                "status": "completed",
                "duration": str(recording.seconds),
                "channels": 1,
                "source": "RecordVerb",
                "date_created": date(recording.made),
                "uri": f"{root}/Recordings/{recording.sid}.json",
            }
        )

    async def delete_recording(request: web.Request) -> web.StreamResponse:
        recordings.delete(request.match_info["sid"])
        return web.Response(status=204)

    async def list_queues(request: web.Request) -> web.StreamResponse:
        return page(request, "queues", [_queue_json(account, queue) for queue in queues.all()])

    async def create_queue(request: web.Request) -> web.StreamResponse:
        name = str((await request.post()).get("FriendlyName", ""))
        if not name:
            refuse(20001, "FriendlyName is required")
        return web.json_response(_queue_json(account, queues.open(name)), status=201)

    return [
        web.get(f"{root}.json", fetch_account),
        web.get(root + "/Recordings/{sid}.wav", fetch_recording),
        web.get(root + "/Recordings/{sid}.json", describe_recording),
        web.delete(root + "/Recordings/{sid}.json", delete_recording),
        web.delete(root + "/Recordings/{sid}", delete_recording),
        web.get(f"{root}/Queues.json", list_queues),
        web.post(f"{root}/Queues.json", create_queue),
    ]


def _queue_json(account: str, queue: Queue) -> dict[str, object]:
    waits = [member.seconds for member in queue.members]
    return {
        "sid": queue.sid,
        "account_sid": account,
        "friendly_name": queue.name,
        "current_size": len(queue.members),
        "max_size": MOST,
        "average_wait_time": round(sum(waits) / len(waits)) if waits else 0,
        "date_created": date(queue.created),
        "date_updated": date(queue.created),
        "uri": f"/{API_VERSION}/Accounts/{account}/Queues/{queue.sid}.json",
    }
