import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml import voice_response  # type: ignore[import-untyped]

from guichet.carrier import verbs
from guichet.carrier.simulator import grammar, steps
from guichet.carrier.simulator.twiml import read
from guichet.carrier.twiml import Site, render
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber


def document(inner: str) -> steps.Document:
    return read(f"<Response>{inner}</Response>")


@pytest.mark.parametrize(
    ("inner", "step"),
    [
        (
            "<Say voice='v' language='fr-FR' loop='2'> Bonjour  à tous </Say>",
            steps.Say("Bonjour à tous", "v", "fr-FR", 2),
        ),
        ("<Say>un <break/>deux <emphasis>trois</emphasis></Say>", steps.Say("un deux trois")),
        ("<Play>/a.wav</Play>", steps.Play("/a.wav")),
        ("<Play digits='ww1'/>", steps.Play("", 1, "ww1")),
        ("<Pause/>", steps.Pause(1)),
        ("<Redirect method='GET'>/x</Redirect>", steps.Redirect(steps.Target("/x", "GET"))),
        ("<Hangup/>", steps.Hangup()),
        ("<Leave/>", steps.Leave()),
        ("<Reject/>", steps.Reject()),
        ("<Message to='+331'>Salut</Message>", steps.Message("Salut", "+331")),
        ("<Stop><Stream name='a'/></Stop>", steps.StopStream("a")),
        ("<Dial>+33123456789</Dial>", steps.Dial((steps.DialNumber("+33123456789"),))),
        ("<Dial><Client><Identity>anne</Identity></Client></Dial>", steps.Dial((steps.DialClient("anne"),))),
        ("<Enqueue waitUrl='/w' waitUrlMethod='GET'>q</Enqueue>", steps.Enqueue("q", None, steps.Target("/w", "GET"))),
    ],
)
def test_a_verb_becomes_a_step_without_complaint(inner: str, step: steps.Step) -> None:
    assert document(inner) == steps.Document((step,))


@pytest.mark.parametrize(
    ("inner", "complaint"),
    [
        ("<Speak>x</Speak>", "<Speak> may not stand in <Response>"),
        ("<say>x</say>", "<say> may not stand in <Response>"),
        ("<Say Voice='x'>x</Say>", "no attribute 'Voice'"),
        ("<Say><Play/></Say>", "<Play> may not stand in <Say>"),
        ("<Say/>", "says nothing"),
        (f"<Say>{'a' * 4097}</Say>", "4097 characters"),
        ("<Gather><Say>x</Say></Gather>", "without action"),
        ("<Gather action='/a'><Dial/></Gather>", "<Dial> may not stand in <Gather>"),
        ("<Gather action='/a' timeout='0'/>", "timeout='0'"),
        ("<Gather action='/a' numDigits='many'/>", "numDigits"),
        ("<Gather action='/a' finishOnKey='##'/>", "finishOnKey"),
        ("<Gather action='/a' input='speech'/>", "third party"),
        ("<Gather action='/a' method='PUT'/>", "method='PUT'"),
        ("<Record/>", "without action"),
        ("<Record action='/a' transcribe='true'/>", "third party"),
        ("<Redirect/>", "loops"),
        ("<Dial/>", "calls nobody"),
        ("<Dial callerId='0612345678'>+331</Dial>", "callerId"),
        ("<Dial><Queue>a</Queue><Number>+331</Number></Dial>", "stand alone"),
        ("<Dial><Conference/></Dial>", "no name"),
        ("<Enqueue/>", "queue name"),
        (f"<Enqueue>{'q' * 65}</Enqueue>", "queue name"),
        ("<Connect><Stream url='ws://h/x'/></Connect>", "wss://"),
        ("<Connect><Stream url='/x'/></Connect>", "wss://"),
        ("<Connect><Stream url='wss://h/x?a=1'/></Connect>", "query"),
        ("<Connect><Stream url='wss://h/x' track='both_tracks'/></Connect>", "inbound track only"),
        (
            f"<Connect><Stream url='wss://h/x'><Parameter name='a' value='{'v' * 499}'/></Stream></Connect>",
            "under 500",
        ),
        ("<Message/>", "needs a body"),
        ("<Play/>", "no URL"),
    ],
)
def test_what_twilio_would_reject_is_complained_about(inner: str, complaint: str) -> None:
    assert any(complaint in found for found in document(inner).complaints)


@pytest.mark.parametrize("text", ["", "hello", "<Response>", "<Answer/>", "<!DOCTYPE x []><Response/>"])
def test_what_is_no_twiml_is_fatal(text: str) -> None:
    assert str(read(text).fatal).startswith("12100")


def test_a_document_of_more_than_64_kb_is_fatal() -> None:
    assert str(document("<Pause/>" * 10000).fatal).startswith("11750")


def test_every_attribute_of_the_grammar_is_one_that_twilios_own_library_writes() -> None:
    """The library passes attributes as keywords of methods: `dial.number(status_callback=…)`."""
    parents = {"Gather": "VoiceResponse", "Say": "VoiceResponse", "Record": "VoiceResponse", "Dial": "VoiceResponse"}
    parents |= {
        "Enqueue": "VoiceResponse",
        "Number": "Dial",
        "Conference": "Dial",
        "Queue": "Dial",
        "Stream": "Connect",
    }
    for element, parent in parents.items():
        method = getattr(getattr(voice_response, parent), element.lower())
        known = {name.replace("_", "").lower() for name in inspect.signature(method).parameters}
        ours = {name.lower() for name in grammar.ATTRIBUTES[element]} - {"maxqueuesize"}
        assert ours <= known, element


def test_all_our_own_verbs_are_accepted() -> None:
    number = PhoneNumber.parse("+33612345678")
    say = verbs.Say("Bonjour", Language.FR)
    ours: list[verbs.Verb] = [
        say,
        verbs.Play("/a.wav"),
        verbs.Gather("/t?n=1", (say, verbs.Pause(1)), digits=1),
        verbs.ConnectStream("/media/x", (("turn", "1"),)),
        verbs.Enqueue("hold-1", "/w", "/l"),
        verbs.DialQueue("hold-1", "/a", "/c"),
        verbs.DialNumber(number, "/a", number, "/w"),
        verbs.Record("/a", "/s"),
        verbs.Redirect("/x"),
        verbs.Hangup(),
        verbs.Leave(),
    ]
    for verb in ours:
        found = read(render([verb, verbs.Hangup()], Site("https://guichet.example")))
        assert (found.complaints, found.fatal) == ((), None), verb
        assert len(found.steps) == 2


def test_verbs_after_the_end_are_dead() -> None:
    found = document("<Dial action='/a'>+331</Dial><Say>x</Say>")
    assert steps.dead_steps(found.steps) == ("Say",)
    assert steps.dead_steps(document("<Dial>+331</Dial><Say>x</Say>").steps) == ()


def _element(name: str, values: list[str], inner: str) -> str:
    attributes = sorted(grammar.ATTRIBUTES.get(name, frozenset()))
    written = "".join(f" {key}='{value}'" for key, value in zip(attributes, values, strict=False))
    return f"<{name}{written}>{inner}</{name}>"


_ELEMENTS = st.sampled_from(sorted({*grammar.ATTRIBUTES, "Sing"}))
_VALUES = st.sampled_from(["", "1", "-3", "x", "wss://h/p", "/a", "true"])


@given(st.recursive(st.just(""), lambda inner: st.builds(_element, _ELEMENTS, st.lists(_VALUES), inner), max_leaves=6))
def test_reading_never_fails_whatever_stands_in_the_document(inner: str) -> None:
    assert document(inner).fatal is None
