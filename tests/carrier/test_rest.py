"""The REST client against misbehaving servers, over real HTTP."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from guichet.carrier.events import RecordingSid
from guichet.carrier.rest import TwilioCarrier
from guichet.carrier.transport import CarrierSettings, Transport
from guichet.core.errors import BadInput, GuichetError, InDoubt, Refused, Unavailable
from guichet.core.ids import CallSid
from tests.carrier.test_carrier import CITIZEN, LINE, MOMENT, ring, text
from tests.carrier.twilio_double import ACCOUNT, TOKEN, TwilioDouble, problem, twilio_double


def settings(url: str | None, tokens: tuple[str, ...] = (TOKEN,), **more: object) -> CarrierSettings:
    return CarrierSettings(ACCOUNT, tokens, "https://guichet.test/base", url, **more)  # type: ignore[arg-type]


@pytest.fixture
async def double() -> AsyncIterator[TwilioDouble]:
    async with twilio_double() as served:
        yield served


@pytest.fixture
async def carrier(double: TwilioDouble) -> AsyncIterator[TwilioCarrier]:
    made = TwilioCarrier(settings(double.url, timeout_seconds=0.2))
    yield made
    await made.close()


async def test_a_text_is_asked_for_with_these_parameters(double: TwilioDouble, carrier: TwilioCarrier) -> None:
    await text(carrier)
    assert double.posted == [
        (
            "Messages",
            {
                "To": CITIZEN.e164,
                "From": LINE.e164,
                "Body": "Bonjour",
                "StatusCallback": "https://guichet.test/base/sms/status?m=1",
            },
        )
    ]


async def test_a_call_is_asked_for_with_these_parameters(double: TwilioDouble, carrier: TwilioCarrier) -> None:
    await ring(carrier)
    assert double.posted == [
        (
            "Calls",
            {
                "To": CITIZEN.e164,
                "From": LINE.e164,
                "Url": "https://guichet.test/base/voice/agent?a=1",
                "Method": "POST",
                "StatusCallback": "https://guichet.test/base/voice/status?a=1",
                "StatusCallbackMethod": "POST",
                "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
                "Timeout": "25",
            },
        )
    ]


@pytest.mark.parametrize(
    ("answer", "on_post", "on_get"),
    [
        (lambda: problem(429, 20429), Unavailable, Unavailable),
        (lambda: problem(500, 20500), InDoubt, Unavailable),
        (lambda: web.Response(status=502, text="<html>"), InDoubt, Unavailable),
        (lambda: web.Response(status=503), InDoubt, Unavailable),
        (lambda: web.Response(text="{not json", status=200), InDoubt, Unavailable),
        (lambda: web.Response(body=b"\xff\xfe", status=200), InDoubt, Unavailable),
        (lambda: web.Response(text="[]", status=200), InDoubt, Unavailable),
        (lambda: web.Response(status=302, headers={"Location": "https://elsewhere.test/"}), Unavailable, Unavailable),
        (lambda: "hang", InDoubt, Unavailable),
        (lambda: "cut", InDoubt, Unavailable),
        (lambda: problem(400, 21211), Refused, Refused),
        (lambda: web.Response(status=418, text="teapot"), Refused, Refused),
        (lambda: web.json_response({"code": "x"}, status=400), Refused, Refused),
        (lambda: problem(403, 20006), Unavailable, Unavailable),
    ],
)
async def test_every_failure_says_whether_to_ask_again(
    double: TwilioDouble,
    carrier: TwilioCarrier,
    answer: type[str],
    on_post: type[GuichetError],
    on_get: type[GuichetError],
) -> None:
    double.answers += [answer()]
    with pytest.raises(GuichetError) as caught:
        await text(carrier)
    assert type(caught.value) is on_post
    # aiohttp itself asks once more when a kept connection is cut under a GET, hence twice
    double.answers += [answer(), answer()]
    with pytest.raises(GuichetError) as caught:
        await carrier.check()
    assert type(caught.value) is on_get
    assert CITIZEN.e164 not in str(caught.value)


async def test_a_yes_without_an_id_is_in_doubt(double: TwilioDouble, carrier: TwilioCarrier) -> None:
    double.answers += [web.json_response({}, status=201)]
    with pytest.raises(InDoubt):
        await ring(carrier)


async def test_nothing_that_may_have_been_processed_is_posted_twice(
    double: TwilioDouble, carrier: TwilioCarrier
) -> None:
    await text(carrier)  # leaves a kept connection behind
    for failure in ("cut", "hang", problem(503, 20503), problem(500, 20500), problem(429, 20429)):
        double.posted.clear()
        double.answers = [failure]
        with pytest.raises(GuichetError):
            await text(carrier)
        assert len(double.posted) == 1


async def test_a_request_has_a_time_limit(double: TwilioDouble, carrier: TwilioCarrier) -> None:
    double.answers += ["hang"]
    start = time.monotonic()
    with pytest.raises(InDoubt):
        await ring(carrier)
    assert time.monotonic() - start < 2


async def test_nobody_at_the_address_means_that_nothing_was_processed(unused_tcp_port: int) -> None:
    carrier = TwilioCarrier(settings(f"http://127.0.0.1:{unused_tcp_port}"))
    with pytest.raises(Unavailable, match="cannot be reached"):
        await ring(carrier)
    await carrier.close()


@pytest.mark.parametrize("url", ["no address", "http://", "http://host:port"])
async def test_an_address_that_is_none_is_named(url: str) -> None:
    carrier = TwilioCarrier(settings(url))
    with pytest.raises(Unavailable, match="GUICHET_TWILIO_API_URL"):
        await ring(carrier)
    await carrier.close()


async def test_a_second_token_serves_during_a_rotation_and_comes_first_from_then_on(double: TwilioDouble) -> None:
    carrier = TwilioCarrier(settings(double.url, ("old", TOKEN)))
    await text(carrier)
    assert len(double.asked) == 2
    await text(carrier)
    assert len(double.asked) == 3
    await carrier.close()


async def test_tokens_that_are_all_wrong_are_named(double: TwilioDouble) -> None:
    carrier = TwilioCarrier(settings(double.url, ("old", "older")))
    with pytest.raises(Unavailable, match="GUICHET_TWILIO_AUTH_TOKENS"):
        await carrier.check()
    await carrier.close()


async def test_a_suspended_account_is_not_ready(double: TwilioDouble, carrier: TwilioCarrier) -> None:
    double.account_status = "suspended"
    with pytest.raises(Unavailable, match="not active"):
        await carrier.check()


async def test_lists_leave_out_what_we_did_not_ask_for(double: TwilioDouble, carrier: TwilioCarrier) -> None:
    double.add("Calls", {"To": CITIZEN.e164, "From": LINE.e164}, "outbound-dial")
    double.add("Calls", {"To": CITIZEN.e164, "From": LINE.e164}, "inbound")
    double.add("Messages", {"To": CITIZEN.e164, "From": LINE.e164}, "inbound")
    ours = double.add("Calls", {"To": CITIZEN.e164, "From": LINE.e164})
    assert [call.call for call in await carrier.calls_to(CITIZEN, MOMENT)] == [ours["sid"]]
    assert not await carrier.texts_to(CITIZEN, MOMENT)


async def test_a_leg_that_a_verb_has_dialled_is_found_by_its_id(double: TwilioDouble, carrier: TwilioCarrier) -> None:
    dialled = double.add("Calls", {"To": CITIZEN.e164, "From": LINE.e164}, "outbound-dial")
    found = await carrier.call_of(CallSid(dialled["sid"]))
    assert found is not None
    assert (found.call, found.to) == (dialled["sid"], CITIZEN)


async def test_a_recording_that_stalls_is_given_up(double: TwilioDouble, carrier: TwilioCarrier) -> None:
    double.answers += ["hang"]
    with pytest.raises(Unavailable):
        [piece async for piece in carrier.recording(RecordingSid("RE1"))]


async def test_a_hostile_recording_id_stays_one_piece_of_the_path(double: TwilioDouble, carrier: TwilioCarrier) -> None:
    double.recordings["../x?y"] = b"RIFF"
    assert [piece async for piece in carrier.recording(RecordingSid("../x?y"))] == [b"RIFF"]
    assert double.asked[-1][1].endswith("/Recordings/..%2Fx%3Fy.wav")


async def test_twilios_own_address_follows_region_and_edge_and_a_replaced_one_does_not() -> None:
    asked: list[str] = []

    class Noting(Transport):
        async def request(self, method: str, url: str, *args: object, **more: object) -> object:
            asked.append(self.address(url))
            raise Unavailable("not here")

    for made in (settings(None), settings(None, region="ie1", edge="dublin"), settings("http://sim.test/x/")):
        carrier = TwilioCarrier(made)
        transport, client = carrier._opened()
        client.http_client = Noting(made)
        with pytest.raises(Unavailable):
            await carrier.check()
        await client.http_client.close()
        await transport.close()
    path = f"/2010-04-01/Accounts/{ACCOUNT}.json"
    assert asked == [
        f"https://api.twilio.com{path}",
        f"https://api.dublin.ie1.twilio.com{path}",
        f"http://sim.test/x{path}",
    ]


async def test_the_environment_does_not_move_us(
    monkeypatch: pytest.MonkeyPatch, double: TwilioDouble, carrier: TwilioCarrier
) -> None:
    monkeypatch.setenv("TWILIO_REGION", "au1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    await carrier.check()
    assert carrier._client.region is None


async def test_nothing_personal_is_logged_or_kept(
    caplog: pytest.LogCaptureFixture, double: TwilioDouble, carrier: TwilioCarrier
) -> None:
    caplog.set_level(logging.DEBUG)
    await text(carrier)
    await carrier.texts_to(CITIZEN, MOMENT)
    double.answers += [problem(400, 21211)]
    with pytest.raises(Refused) as caught:
        await text(carrier)
    assert CITIZEN.e164 not in caplog.text
    assert CITIZEN.e164 not in str(caught.value)
    assert TOKEN not in repr(carrier._settings)


async def test_a_cancelled_request_leaves_the_session_usable(double: TwilioDouble, carrier: TwilioCarrier) -> None:
    double.answers += ["hang"]
    asking = asyncio.create_task(text(carrier))
    await double.hanging.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await text(carrier)


@pytest.mark.parametrize(("account", "tokens"), [("", (TOKEN,)), (ACCOUNT, ()), (ACCOUNT, ("",))])
def test_missing_credentials_are_named_at_once(account: str, tokens: tuple[str, ...]) -> None:
    with pytest.raises(BadInput, match="GUICHET_TWILIO"):
        TwilioCarrier(CarrierSettings(account, tokens, "https://guichet.test"))


async def test_a_carrier_that_was_never_used_is_closed_without_opening() -> None:
    await TwilioCarrier(settings(None)).close()
