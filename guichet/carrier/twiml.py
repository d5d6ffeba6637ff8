"""Verbs to TwiML, within Twilio's limits. Pure.

Source: https://www.twilio.com/docs/voice/twiml. What Twilio would reject, or would leave a caller in silence with, is
refused here with BadInput: it is a fault of ours, found by the tests of whoever wrote the verbs.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

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

HEADER = '<?xml version="1.0" encoding="UTF-8"?>'
EMPTY = HEADER + "<Response/>"

LOCALES: Mapping[Language, str] = {Language.FR: "fr-FR", Language.EN: "en-GB"}
VOICES: Mapping[Language, str] = {Language.FR: "Polly.Lea-Neural", Language.EN: "Polly.Amy-Neural"}

LONGEST_SAY = 4096
LONGEST_PARAMETER = 500
LONGEST_QUEUE_NAME = 64
LARGEST_DOCUMENT = 65_536
"""Bytes; beyond, Twilio raises 11750."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KEYS = re.compile(r"[0-9*#]?")


@dataclass(frozen=True, slots=True)
class Site:
    """Where the carrier finds us (`https://host[/base]`), and the voice of each language."""

    public_url: str
    voices: Mapping[Language, str] = field(default_factory=lambda: VOICES)

    def url(self, path: str) -> str:
        """Return the absolute address of a path of ours, query included."""
        if not path.startswith("/"):
            raise BadInput("a path of ours starts with /")
        return self.public_url.rstrip("/") + path

    def stream_url(self, path: str) -> str:
        """Return the wss address of a media path; Twilio drops a query, so there is none."""
        if "?" in path or "#" in path:
            raise BadInput("a stream's path has no query; use parameters")
        return "wss" + self.url(path)[self.public_url.index("://") :]


def render(verbs: Sequence[Verb], site: Site) -> str:
    """Return the TwiML document of verbs. Raises BadInput where Twilio's limits are not kept."""
    if not verbs:
        return EMPTY
    _check_order(verbs)
    document = f"{HEADER}<Response>{''.join([_verb(verb, site) for verb in verbs])}</Response>"
    if len(document.encode()) > LARGEST_DOCUMENT:
        raise BadInput(f"a TwiML document has at most {LARGEST_DOCUMENT} bytes")
    return document


def _check_order(verbs: Sequence[Verb]) -> None:
    """Refuse documents that leave a caller in silence, or whose Reject comes too late to refuse anything."""
    if isinstance(verbs[-1], ConnectStream):
        raise BadInput("a verb must follow a stream: it runs when the stream ends or fails")
    if isinstance(verbs[-1], Pause):
        raise BadInput("a pause is never the last verb: the call would end in silence")
    if len(verbs) > 1 and any(isinstance(verb, Reject) for verb in verbs):
        raise BadInput("a Reject stands alone")


def _verb(verb: Verb, site: Site) -> str:
    """Render one verb."""
    match verb:
        case Say() | Play() | Pause():
            return _prompt(verb, site)
        case Gather() | Record():
            return _collect(verb, site)
        case Enqueue() | DialQueue() | DialNumber():
            return _connect(verb, site)
        case ConnectStream():
            return _stream(verb, site)
        case StartStream(path):
            return f'<Start><Stream url="{_text(site.stream_url(path))}" track="inbound_track"/></Start>'
        case Redirect() | Leave() | Hangup() | Reject():
            return _control(verb, site)
    assert_never(verb)


def _control(verb: Redirect | Leave | Hangup | Reject, site: Site) -> str:
    """Render what only says where the call goes next."""
    match verb:
        case Redirect(path):
            return f'<Redirect method="POST">{_text(site.url(path))}</Redirect>'
        case Leave():
            return "<Leave/>"
        case Hangup():
            return "<Hangup/>"
        case Reject(reason):
            return f'<Reject reason="{_one_of(reason, "busy", "rejected")}"/>'
    assert_never(verb)


def _prompt(verb: Say | Play | Pause, site: Site) -> str:
    """Render what may also stand inside a Gather."""
    match verb:
        case Say(text, language):
            if not text.strip() or len(text) > LONGEST_SAY:
                raise BadInput(f"a spoken text has 1 to {LONGEST_SAY} characters")
            voice = site.voices.get(language, VOICES[language])
            return f'<Say voice="{_text(voice)}" language="{LOCALES[language]}">{_text(text)}</Say>'
        case Play(path, loop):
            return f'<Play loop="{_within(loop, 0, 1000)}">{_text(site.url(path))}</Play>'
        case Pause(seconds):
            return f'<Pause length="{_within(seconds, 1, 600)}"/>'
    assert_never(verb)


def _collect(verb: Gather | Record, site: Site) -> str:
    """Render what takes keys or a message and goes on at its action."""
    match verb:
        case Gather(action, prompts, timeout, digits, finish_on):
            number = "" if digits is None else f' numDigits="{_within(digits, 1, 64)}"'
            return (
                f'<Gather input="dtmf" action="{_text(site.url(action))}" method="POST"'
                f' timeout="{_within(timeout, 1, 600)}"{number} finishOnKey="{_key(finish_on)}">'
                f"{''.join([_prompt(prompt, site) for prompt in prompts])}</Gather>"
            )
        case Record(action, status, seconds, finish_on, beep):
            return (
                f'<Record action="{_text(site.url(action))}" method="POST" maxLength="{_within(seconds, 1, 14_400)}"'
                f' finishOnKey="{_key(finish_on)}" playBeep="{"true" if beep else "false"}"'
                f' recordingStatusCallback="{_text(site.url(status))}" recordingStatusCallbackMethod="POST"'
                ' recordingStatusCallbackEvent="completed absent"/>'
            )
    assert_never(verb)


def _connect(verb: Enqueue | DialQueue | DialNumber, site: Site) -> str:
    """Render what joins the caller with somebody."""
    match verb:
        case Enqueue(queue, wait, action):
            return (
                f'<Enqueue action="{_text(site.url(action))}" method="POST"'
                f' waitUrl="{_text(site.url(wait))}" waitUrlMethod="POST">{_queue(queue)}</Enqueue>'
            )
        case DialQueue(queue, action, connected, timeout):
            url = "" if connected is None else f' url="{_text(site.url(connected))}" method="POST"'
            return f"{_dial(action, timeout, site)}><Queue{url}>{_queue(queue)}</Queue></Dial>"
        case DialNumber(number, action, caller_id, whisper, timeout, status):
            shown = "" if caller_id is None else f' callerId="{caller_id.e164}"'
            url = "" if whisper is None else f' url="{_text(site.url(whisper))}" method="POST"'
            if status is not None:
                url += (
                    f' statusCallback="{_text(site.url(status))}" statusCallbackMethod="POST"'
                    ' statusCallbackEvent="initiated ringing answered completed"'
                )
            return f"{_dial(action, timeout, site)}{shown}><Number{url}>{number.e164}</Number></Dial>"
    assert_never(verb)


def _dial(action: str, timeout: int, site: Site) -> str:
    """Open a Dial, without its closing bracket."""
    return f'<Dial action="{_text(site.url(action))}" method="POST" timeout="{_within(timeout, 1, 600)}"'


def _stream(verb: ConnectStream, site: Site) -> str:
    """Render a two-way stream with its parameters."""
    for name, value in verb.parameters:
        if not name or len(name) + len(value) >= LONGEST_PARAMETER:
            raise BadInput(f"a stream parameter has a name, and under {LONGEST_PARAMETER} characters with its value")
    parameters = "".join(
        [f'<Parameter name="{_text(name)}" value="{_text(value)}"/>' for name, value in verb.parameters]
    )
    return f'<Connect><Stream url="{_text(site.stream_url(verb.path))}">{parameters}</Stream></Connect>'


def _text(text: str) -> str:
    """Escape for XML, in elements and in attributes; characters XML does not have become spaces."""
    if not text.isprintable():  # printable text has nothing that XML lacks, and the look is ten times quicker
        text = _NOT_XML.sub(" ", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _within(number: int, least: int, most: int) -> int:
    """Return a whole number inside Twilio's range."""
    if not least <= number <= most:
        raise BadInput(f"out of Twilio's range: from {least} to {most}")
    return number


def _key(key: str) -> str:
    """Return a finish key: one of 0-9, * and #, or none."""
    if not _KEYS.fullmatch(key):
        raise BadInput("a finish key is one of 0-9, * and #, or empty")
    return key


def _queue(name: str) -> str:
    """Return a queue's name, of at most 64 characters."""
    if not 1 <= len(name) <= LONGEST_QUEUE_NAME:
        raise BadInput(f"a queue's name has 1 to {LONGEST_QUEUE_NAME} characters")
    return _text(name)


def _one_of(word: str, *words: str) -> str:
    """Return a word of a closed list."""
    if word not in words:
        raise BadInput(f"one of {', '.join(words)}")
    return word
