"""The door for webhooks, over real HTTP: nothing of ours runs before the signature holds."""

from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from guichet.carrier.form import LARGEST, Form
from guichet.carrier.signature import SignatureCheck, settings_header, sign, sign_sha256
from guichet.carrier.twiml import Site
from guichet.carrier.verbs import Hangup, Say
from guichet.carrier.web import empty_response, target, verbs_response, webhook
from guichet.core.language import Language

TOKEN = "web-token"
PUBLIC = "https://guichet.test"
FORM = {"CallSid": "CA1", "From": "+33612345678", "FromCity": "", "Body": "L'été + l'hiver & Cie"}

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def seen() -> list[Form]:
    return []


@pytest.fixture
async def client(seen: list[Form]) -> AsyncIterator[Client]:
    async def answer(request: web.Request, form: Form) -> web.Response:
        seen.append(form)
        if "/status" in request.path:
            return empty_response()
        return verbs_response([Say("Bonjour.", Language.FR), Hangup()], Site(PUBLIC))

    checked = webhook(SignatureCheck([TOKEN, "second"], PUBLIC), answer)
    app = web.Application()
    app.router.add_route("*", "/voice/{tail:.*}", checked)
    async with TestClient(TestServer(app)) as made:
        yield made


def signed(path: str, form: Mapping[str, str] = FORM, token: str = TOKEN) -> dict[str, str]:
    return {"X-Twilio-Signature": sign(token, PUBLIC + path, form)}


async def test_a_signed_form_is_handed_over_and_answered_in_twiml(client: Client, seen: list[Form]) -> None:
    answer = await client.post("/voice/incoming?a=1", data=FORM, headers=signed("/voice/incoming?a=1"))
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert (await answer.text()).endswith("Bonjour.</Say><Hangup/></Response>")
    assert seen == [FORM]


async def test_a_callback_gets_an_empty_response(client: Client) -> None:
    answer = await client.post("/voice/status", data=FORM, headers=signed("/voice/status"))
    assert (await answer.text()) == '<?xml version="1.0" encoding="UTF-8"?><Response/>'


async def test_the_second_token_and_the_newer_scheme_are_taken(client: Client, seen: list[Form]) -> None:
    newer = {"X-Twilio-Signature": sign_sha256(TOKEN, f"{PUBLIC}/voice/x", FORM), **settings_header()}
    for headers in (signed("/voice/x", token="second"), newer):
        assert (await client.post("/voice/x", data=FORM, headers=headers)).status == 200
    assert len(seen) == 2


@pytest.mark.parametrize(
    "path",
    [
        "/voice/%C3%A9t%C3%A9",
        "/voice/a%2Fb",
        "/voice/a%2fb",
        "/voice/~x",
        "/voice/a?b=%7E&c=+d&e",
        "/voice//b",
    ],
)
async def test_the_path_is_checked_exactly_as_sent(client: Client, path: str) -> None:
    url = URL(str(client.make_url("")).rstrip("/") + path, encoded=True)
    async with client.session.post(url, data=FORM, headers=signed(path)) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Signature": ""},
        signed("/voice/other"),
        signed("/voice/incoming", {**FORM, "From": "+33612345679"}),
        signed("/voice/incoming", token="stolen"),
        {**signed("/voice/incoming"), "X-Twilio-Webhooks-Signature-Settings": "algorithm=HMAC_MD5"},
    ],
)
async def test_a_forged_webhook_gets_403_and_nothing_runs(
    client: Client, seen: list[Form], headers: dict[str, str]
) -> None:
    answer = await client.post("/voice/incoming", data=FORM, headers=headers)
    assert (answer.status, await answer.text()) == (403, "")
    assert not seen


async def test_host_and_forwarding_headers_decide_nothing(client: Client, seen: list[Form]) -> None:
    theirs = sign(TOKEN, "https://evil.test/voice/incoming", FORM)
    headers = {"Host": "evil.test", "X-Forwarded-Host": "evil.test", "X-Twilio-Signature": theirs}
    assert (await client.post("/voice/incoming", data=FORM, headers=headers)).status == 403
    headers["X-Twilio-Signature"] = signed("/voice/incoming")["X-Twilio-Signature"]
    assert (await client.post("/voice/incoming", data=FORM, headers=headers)).status == 200
    assert len(seen) == 1


async def test_other_methods_and_types_are_refused(client: Client, seen: list[Form]) -> None:
    headers = {"X-Twilio-Signature": sign(TOKEN, f"{PUBLIC}/voice/x", {})}
    assert (await client.get("/voice/x", headers=headers)).status == 405
    assert (await client.put("/voice/x", data=FORM, headers=signed("/voice/x"))).status == 405
    assert (await client.post("/voice/x", json=FORM, headers=headers)).status == 415
    assert not seen


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("body", [b"a=" + b"x" * LARGEST, b"a=1&" * 600, b"a=" + b"x" * 1_000_000])
async def test_a_huge_body_is_refused(client: Client, seen: list[Form], body: bytes, *, chunked: bool) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield body

    headers = {"Content-Type": "application/x-www-form-urlencoded", **signed("/voice/x")}
    answer = await client.post("/voice/x", data=pieces() if chunked else body, headers=headers)
    assert answer.status == 413
    assert not seen


async def test_a_field_sent_twice_is_checked_as_sent_and_the_last_one_counts(client: Client, seen: list[Form]) -> None:
    body = urlencode([("a", "2"), ("a", "1")])
    headers = {
        "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
        "X-Twilio-Signature": sign(TOKEN, f"{PUBLIC}/voice/xa1a2", {}),
    }
    assert (await client.post("/voice/x", data=body, headers=headers)).status == 200
    assert seen == [{"a": "1"}]


async def test_a_webhook_without_a_body_is_checked_too(client: Client, seen: list[Form]) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", **signed("/voice/x", {})}
    assert (await client.post("/voice/x", headers=headers)).status == 200
    assert seen == [{}]


@pytest.mark.parametrize("raw", ["/a%2Fb?c=d%20e", "https://proxy.test:1/a%2Fb?c=d%20e"])
async def test_the_target_is_path_and_query_only(raw: str) -> None:
    class Raw:
        raw_path = raw

    assert target(Raw()) == "/a%2Fb?c=d%20e"  # type: ignore[arg-type]
