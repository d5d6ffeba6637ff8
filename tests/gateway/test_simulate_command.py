"""The commands that play a citizen, each in its own process-like run against a gateway of a few lines."""

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from guichet.gateway.cli import run
from tests.carrier.simulator.gateway import Gateway

ACCOUNT = "AC" + "0" * 32


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """Serve from another thread: a command runs its own event loop."""
    loop, gateway = asyncio.new_event_loop(), Gateway()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def wait(work: Callable[[], object]) -> None:
        asyncio.run_coroutine_threadsafe(work(), loop).result(10)  # type: ignore[arg-type]

    wait(gateway.__aenter__)
    yield gateway
    wait(lambda: gateway.__aexit__(None, None, None))
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUICHET_TWILIO_ACCOUNT_SID", ACCOUNT)
    monkeypatch.setenv("GUICHET_TWILIO_AUTH_TOKENS", "a made-up token")


def test_a_call_is_told_turn_by_turn_in_the_order_of_its_actions(
    gateway: Gateway, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = f"<Connect><Stream url='wss://{gateway.url.split('//')[1]}/media/a'/></Connect>"
    menu = "<Gather action='/t' numDigits='1' timeout='1'><Say>Dites</Say></Gather>"
    gateway.answers |= {
        "/voice/incoming": menu + stream + "<Redirect>/voice/incoming</Redirect>",
        "/t": "<Say>Merci</Say>",
    }
    fast = ["--gateway", gateway.url, "--speed", "50"]
    assert run(["call", "--say", "un acte", "--keys", "1", *fast]) == 0
    shown = capsys.readouterr().out
    places = [shown.index(text) for text in ("« Dites »", "dit : un acte", "tape 1", "« Merci »", "terminé")]
    assert places == sorted(places)


def test_json_prints_a_line_an_event_and_the_call_last(gateway: Gateway, capsys: pytest.CaptureFixture[str]) -> None:
    gateway.answers["/voice/incoming"] = "<Hangup/>"
    assert run(["call", "--json", "--gateway", gateway.url]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[-1]["call"]["state"] == "completed"
    assert gateway.forms("/voice/incoming")[0]["To"] == "+33199001010"


def test_a_text_is_sent_and_its_answer_shown(gateway: Gateway, capsys: pytest.CaptureFixture[str]) -> None:
    gateway.answers["/sms/incoming"] = "<Message>Bien reçu</Message>"
    assert run(["text", "--from", "+33639980042", "--wait", "0.1", "--gateway", gateway.url, "bjr"]) == 0
    assert "Bien reçu" in capsys.readouterr().out
    assert gateway.forms("/sms/incoming")[0]["Body"] == "bjr"


def test_nobody_listening_is_one_line_and_exit_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["call", "--gateway", "http://127.0.0.1:9"]) == 1
    assert "guichet serve" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["call", "--keys", "x"],
        ["call", "--audio", "missing.wav"],
        ["call", "--from", "nobody"],
        ["call", "--gateway", "localhost"],
        ["text", "bonjour"],
        ["simulator", "--agent", "+33639980042=x"],
    ],
)
def test_bad_input_is_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_without_an_account_it_says_which_settings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GUICHET_TWILIO_AUTH_TOKENS")
    assert run(["call"]) == 2
    assert "GUICHET_TWILIO_AUTH_TOKENS" in capsys.readouterr().err


def test_a_taken_port_is_said_so(gateway: Gateway, capsys: pytest.CaptureFixture[str]) -> None:
    port = gateway.url.rsplit(":", 1)[1]
    assert run(["simulator", "--port", port]) == 1
    assert "give another" in capsys.readouterr().err


def test_a_simulator_that_is_not_running_is_started_where_the_gateway_looks_for_it(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setenv("GUICHET_TWILIO_API_URL", f"http://127.0.0.1:{port}")
    gateway.answers["/voice/incoming"] = "<Record action='/done'/>"
    assert run(["call", "--say", "bonjour", "--speed", "50", "--gateway", gateway.url]) == 0
    assert gateway.forms("/done")[0]["RecordingUrl"].startswith(f"http://127.0.0.1:{port}/")


def test_another_carrier_at_the_address_is_no_simulator(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GUICHET_TWILIO_API_URL", gateway.url)
    assert run(["call"]) == 2
    assert "no simulator" in capsys.readouterr().err
