"""What a real gateway and its worker log at level debug, on a good day and on bad ones: no word of a citizen."""

import asyncio
import json
import signal
import sqlite3
from pathlib import Path

from guichet.carrier.simulator.pace import Pace
from guichet.carrier.simulator.parties import Press
from guichet.carrier.simulator.simulator import Simulator, SimulatorSettings
from tests.gateway.processes import ACCOUNT, LINE, PUBLIC, TOKEN, gateway, kill, of_folder, until

CALLER, TEXTER, LOST = "+33639987654", "+33639987321", "+33639987222"
SECRETS = (
    "0639987654",
    "39987654",
    "39987321",
    "39987222",
    "729418",
    "Zanzibar",
    "anniversaire",
    "mousquetaire",
    TOKEN,
)


async def test_nothing_that_a_citizen_says_writes_or_presses_is_logged(tmp_path: Path) -> None:
    carrier = Simulator(SimulatorSettings(ACCOUNT, TOKEN, public_url=PUBLIC))
    async with (
        carrier,
        gateway(tmp_path, "--embedded", "--role", "web", twilio_api_url=carrier.api_url, log_level="debug") as up,
    ):
        own = Simulator(SimulatorSettings(ACCOUNT, TOKEN, gateway_url=up.url, public_url=PUBLIC, pace=Pace(100)))
        async with own:
            await asyncio.wait_for(own.call(CALLER, LINE, [Press("729418"), Press("9")]), 30)
        body = "bonjour, rdv pour la carte d'identite de Zanzibar, anniversaire 12/03/1985"
        assert (await up.text("SM1", body, TEXTER))[0] == 200
        await until(lambda: any(text.to == TEXTER for text in carrier.messages.all))
        # A carrier that fails, in each way.
        carrier.mischief.text_errors[LOST] = 30003
        assert (await up.text("SM2", "les mousquetaires: rdv passeport", LOST))[0] == 200
        # A database that fails under a call, a text, a turn.
        other = sqlite3.connect(tmp_path / "guichet.sqlite", isolation_level=None)
        other.execute("ALTER TABLE messages RENAME TO messages_gone")
        other.execute("ALTER TABLE calls RENAME TO calls_gone")
        assert (await up.text("SM3", "mousquetaire", LOST))[0] == 200
        assert (await up.ring("CA9", From=CALLER))[0] == 200
        assert (await up.ring("CA9", "/voice/turn?n=1&by=keys", From=CALLER, Digits="729418"))[0] == 200
        assert (await up.post("/sms/status?message=msg_1", MessageSid="SM4", MessageStatus="mousquetaire"))[0] == 400
        other.execute("ALTER TABLE messages_gone RENAME TO messages")
        other.execute("ALTER TABLE calls_gone RENAME TO calls")
        other.close()
        kill(of_folder(tmp_path, "guichet worker"))
        # Forged, and garbage.
        async with up.session.post(f"{up.url}/voice/incoming", data={"From": CALLER, "Body": "Zanzibar"}) as answer:
            assert answer.status == 403
        reader, writer = await asyncio.open_connection("127.0.0.1", int(up.url.rpartition(":")[2]))
        writer.write(b"GET /Zanzibar\x00 HTTP/9.9\r\nX: 0639987654\r\n\r\n")
        await reader.read(100)
        writer.close()
        assert await up.end(signal.SIGTERM) == 0
        logged = up.log.read_text()
    assert [secret for secret in SECRETS if secret.casefold() in logged.casefold()] == []
    lines = [json.loads(line) for line in logged.splitlines()]
    events = {line["event"] for line in lines}
    assert {"serving", "turn", "call ended", "text served", "job_done", "text_spooled", "stopped"} <= events
    assert any("OperationalError" in line.get("exception", "") for line in lines)
    assert all(line.get("call", "CA").startswith("CA") for line in lines)
