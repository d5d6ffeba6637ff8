"""Verbs and the exact TwiML of each, and what Twilio would not take."""

from collections.abc import Sequence
from typing import get_args
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.carrier.twiml import EMPTY, HEADER, LARGEST_DOCUMENT, Site, render
from guichet.carrier.verbs import (
    ConnectStream,
    DialNumber,
    DialQueue,
    Enqueue,
    Gather,
    Hangup,
    Leave,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    StartStream,
    Verb,
)
from guichet.core.errors import BadInput
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber

FR, EN = Language.FR, Language.EN
SITE = Site("https://guichet.test/base/")
BASE = "https://guichet.test/base"
LEA = '<Say voice="Polly.Lea-Neural" language="fr-FR">'
AGENT = PhoneNumber("+33612345678")
LINE = PhoneNumber("+33159000001")

TABLE: list[tuple[Verb, str]] = [
    (Say("Bonjour.", FR), f"{LEA}Bonjour.</Say>"),
    (Say("Hello.", EN), '<Say voice="Polly.Amy-Neural" language="en-GB">Hello.</Say>'),
    (Say('L’été : <3 & "plus"', FR), f"{LEA}L’été : &lt;3 &amp; &quot;plus&quot;</Say>"),
    (Say("a\x00b\x0bc\ud800d\n", FR), f"{LEA}a b c d\n</Say>"),
    (Say("é" * 4096, FR), f"{LEA}{'é' * 4096}</Say>"),
    (
        StartStream("/media/a-2-b/hold"),
        '<Start><Stream url="wss://guichet.test/base/media/a-2-b/hold" track="inbound_track"/></Start>',
    ),
    (Play("/sounds/hold.wav"), f'<Play loop="1">{BASE}/sounds/hold.wav</Play>'),
    (Play("/sounds/hold.wav?a=1&b=2", 0), f'<Play loop="0">{BASE}/sounds/hold.wav?a=1&amp;b=2</Play>'),
    (
        Gather("/voice/turn?n=1&k=2", (Say("Tapez.", FR), Pause(2), Play("/s.wav"))),
        (
            f'<Gather input="dtmf" action="{BASE}/voice/turn?n=1&amp;k=2" method="POST" timeout="1" finishOnKey="#">'
            f'{LEA}Tapez.</Say><Pause length="2"/><Play loop="1">{BASE}/s.wav</Play></Gather>'
        ),
    ),
    (
        Gather("/voice/turn", (), timeout=5, digits=1, finish_on=""),
        (
            f'<Gather input="dtmf" action="{BASE}/voice/turn" method="POST" timeout="5" numDigits="1" finishOnKey="">'
            "</Gather>"
        ),
    ),
    (Redirect("/voice/turn?n=2&x=é"), f'<Redirect method="POST">{BASE}/voice/turn?n=2&amp;x=é</Redirect>'),
    (
        Enqueue("hold-req_1", "/voice/hold?r=1", "/voice/left?r=1"),
        (
            f'<Enqueue action="{BASE}/voice/left?r=1" method="POST" waitUrl="{BASE}/voice/hold?r=1"'
            ' waitUrlMethod="POST">'
            "hold-req_1</Enqueue>"
        ),
    ),
    (Leave(), "<Leave/>"),
    (
        DialQueue("hold-req_1", "/voice/agent/done"),
        f'<Dial action="{BASE}/voice/agent/done" method="POST" timeout="10"><Queue>hold-req_1</Queue></Dial>',
    ),
    (
        DialQueue("hold-req_1", "/voice/agent/done", connected="/voice/connected", timeout=3),
        (
            f'<Dial action="{BASE}/voice/agent/done" method="POST" timeout="3">'
            f'<Queue url="{BASE}/voice/connected" method="POST">hold-req_1</Queue></Dial>'
        ),
    ),
    (
        DialNumber(AGENT, "/voice/done"),
        f'<Dial action="{BASE}/voice/done" method="POST" timeout="25"><Number>+33612345678</Number></Dial>',
    ),
    (
        DialNumber(AGENT, "/voice/done", caller_id=LINE, whisper="/voice/whisper?r=1", timeout=20),
        (
            f'<Dial action="{BASE}/voice/done" method="POST" timeout="20" callerId="+33159000001">'
            f'<Number url="{BASE}/voice/whisper?r=1" method="POST">+33612345678</Number></Dial>'
        ),
    ),
    (
        Record("/voice/after", "/voice/recorded", seconds=60, finish_on="", beep=False),
        (
            f'<Record action="{BASE}/voice/after" method="POST" maxLength="60" finishOnKey="" playBeep="false"'
            f' recordingStatusCallback="{BASE}/voice/recorded" recordingStatusCallbackMethod="POST"'
            ' recordingStatusCallbackEvent="completed absent"/>'
        ),
    ),
    (Hangup(), "<Hangup/>"),
    (Reject(), '<Reject reason="busy"/>'),
    (Reject("rejected"), '<Reject reason="rejected"/>'),
]


@pytest.mark.parametrize(("verb", "xml"), TABLE)
def test_each_verb_has_its_xml(verb: Verb, xml: str) -> None:
    assert render([verb], SITE) == f"{HEADER}<Response>{xml}</Response>"


def test_every_verb_is_in_the_table_or_cannot_stand_alone() -> None:
    assert {type(verb) for verb, _ in TABLE} | {Pause, ConnectStream} == set(get_args(Verb))


@pytest.mark.parametrize(
    ("stream", "xml"),
    [
        (ConnectStream("/media/abc"), '<Stream url="wss://guichet.test/base/media/abc"></Stream>'),
        (
            ConnectStream("/media/abc", (("turn", "3"), ("mot", 'l"été'))),
            (
                '<Stream url="wss://guichet.test/base/media/abc"><Parameter name="turn" value="3"/>'
                '<Parameter name="mot" value="l&quot;été"/></Stream>'
            ),
        ),
    ],
)
def test_a_stream_is_wss_with_parameters_and_followed_by_a_verb(stream: ConnectStream, xml: str) -> None:
    expected = f"<Connect>{xml}</Connect><Redirect"
    assert expected in render([stream, Redirect("/voice/turn")], SITE)
    with pytest.raises(BadInput, match="follow"):
        render([stream], SITE)


def test_a_stream_is_wss_for_a_developers_site_too() -> None:
    assert Site("http://127.0.0.1:8080").stream_url("/media/a") == "wss://127.0.0.1:8080/media/a"


def test_verbs_keep_their_order_and_no_verb_is_an_empty_response() -> None:
    xml = render((Say("Un.", FR), Pause(), Say("Two.", EN), Hangup()), SITE)
    assert [child.tag for child in ET.fromstring(xml)] == ["Say", "Pause", "Say", "Hangup"]
    assert render([], SITE) == EMPTY


def test_the_voices_are_the_sites() -> None:
    xml = render([Say("Bonjour.", FR), Say("Hello.", EN)], Site("https://a.fr", {FR: "Google.fr-FR-Standard-A"}))
    assert 'voice="Google.fr-FR-Standard-A" language="fr-FR"' in xml
    assert 'voice="Polly.Amy-Neural" language="en-GB"' in xml


@pytest.mark.parametrize(
    "verbs",
    [
        [Say("", FR)],
        [Say("  \n", FR)],
        [Say("x" * 4097, FR)],
        [Play("/s.wav", -1)],
        [Play("https://elsewhere.test/s.wav")],
        [Pause(0), Hangup()],
        [Say("Un instant.", FR), Pause(1)],
        [Gather("/voice/turn", (), timeout=0)],
        [Gather("/voice/turn", (), digits=0)],
        [Gather("/voice/turn", (), finish_on="##")],
        [Gather("/voice/turn", (), finish_on="A")],
        [Gather("", ())],
        [ConnectStream("/media/a?b=1"), Hangup()],
        [ConnectStream("/media/a#b"), Hangup()],
        [ConnectStream("/media/a", (("n", "x" * 499),)), Hangup()],
        [ConnectStream("/media/a", (("", "x"),)), Hangup()],
        [Redirect("voice/turn")],
        [Enqueue("", "/w", "/a")],
        [Enqueue("q" * 65, "/w", "/a")],
        [DialQueue("q", "/a", timeout=0)],
        [DialNumber(AGENT, "/a", timeout=601)],
        [Record("/a", "/s", seconds=0)],
        [Record("/a", "/s", seconds=14_401)],
        [Reject("tired")],
        [Say("Non.", FR), Reject()],
        [Reject(), Hangup()],
        [Say("x" * 4000, FR)] * (LARGEST_DOCUMENT // 4000 + 1),
    ],
)
def test_what_twilio_would_not_take_is_refused(verbs: Sequence[Verb]) -> None:
    with pytest.raises(BadInput):
        render(verbs, SITE)


@given(st.text(min_size=1, max_size=50).filter(lambda text: text.strip()), st.text(max_size=50))
def test_any_text_makes_well_formed_xml_that_says_it(said: str, value: str) -> None:
    xml = render([ConnectStream("/media/a", (("p", value),)), Say(said, FR)], SITE)
    stream, say = ET.fromstring(xml)
    parameter = stream[0][0]
    if said.isprintable():
        assert say.text == said
    if value.isprintable():
        assert parameter.get("value") == value
