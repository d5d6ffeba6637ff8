"""What Twilio accepts in TwiML: elements, attributes, values and limits. Pure.

Source: https://www.twilio.com/docs/voice/twiml and /docs/messaging/twiml, one page a verb.
"""

import re
from xml.etree.ElementTree import Element

_HTTP = frozenset({"action", "method"})
_PROMPTS = frozenset({"Say", "Play", "Pause"})
_STATUS = frozenset({"statusCallback", "statusCallbackMethod", "statusCallbackEvent"})
_AMD = frozenset(
    {
        "machineDetection",
        "machineDetectionTimeout",
        "machineDetectionSpeechThreshold",
        "machineDetectionSpeechEndThreshold",
        "machineDetectionSilenceTimeout",
        "amdStatusCallback",
        "amdStatusCallbackMethod",
    }
)
_RECORDING = frozenset(
    {"recordingStatusCallback", "recordingStatusCallbackMethod", "recordingStatusCallbackEvent", "trim"}
)

ATTRIBUTES: dict[str, frozenset[str]] = {
    "Response": frozenset(),
    "Say": frozenset({"voice", "language", "loop"}),
    "Play": frozenset({"loop", "digits"}),
    "Pause": frozenset({"length"}),
    "Gather": _HTTP
    | {"timeout", "speechTimeout", "maxSpeechTime", "numDigits", "finishOnKey", "input", "language", "hints"}
    | {"profanityFilter", "partialResultCallback", "partialResultCallbackMethod", "actionOnEmptyResult", "bargeIn"}
    | {"enhanced", "speechModel", "debug"},
    "Record": _HTTP
    | _RECORDING
    | {"timeout", "finishOnKey", "maxLength", "playBeep", "transcribe", "transcribeCallback"},
    "Redirect": frozenset({"method"}),
    "Dial": _HTTP
    | _RECORDING
    | {"timeout", "hangupOnStar", "timeLimit", "callerId", "record", "answerOnBridge", "ringTone", "recordingTrack"}
    | {"sequential", "referUrl", "referMethod", "events"},
    "Number": _STATUS | _AMD | {"url", "method", "sendDigits", "byoc"},
    "Client": _STATUS | {"url", "method"},
    "Queue": frozenset({"url", "method", "reservationSid", "postWorkActivitySid"}),
    "Conference": _STATUS
    | _RECORDING
    | {"muted", "beep", "startConferenceOnEnter", "endConferenceOnExit", "participantLabel", "jitterBufferSize"}
    | {"waitUrl", "waitMethod", "maxParticipants", "record", "region", "coach", "eventCallbackUrl"},
    "Enqueue": _HTTP | {"waitUrl", "waitUrlMethod", "maxQueueSize", "workflowSid"},
    "Leave": frozenset(),
    "Connect": _HTTP,
    "Start": _HTTP,
    "Stop": frozenset(),
    "Stream": frozenset({"name", "connectorName", "url", "track", "statusCallback", "statusCallbackMethod"}),
    "Parameter": frozenset({"name", "value"}),
    "Hangup": frozenset(),
    "Reject": frozenset({"reason"}),
    "Message": _HTTP | {"to", "from", "statusCallback"},
    "Body": frozenset(),
    "Media": frozenset(),
    "Identity": frozenset(),
}

CHILDREN: dict[str, frozenset[str]] = {
    "Response": _PROMPTS
    | {"Gather", "Record", "Redirect", "Dial", "Enqueue", "Leave", "Connect", "Start", "Stop", "Hangup", "Reject"}
    | {"Message"},
    "Gather": _PROMPTS,
    "Dial": frozenset({"Number", "Client", "Queue", "Conference"}),
    "Client": frozenset({"Identity", "Parameter"}),
    "Connect": frozenset({"Stream"}),
    "Start": frozenset({"Stream"}),
    "Stop": frozenset({"Stream"}),
    "Stream": frozenset({"Parameter"}),
    "Message": frozenset({"Body", "Media"}),
}

SPEECH_MARKUP = frozenset({"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "speak", "sub", "w"})
"""SSML inside Say; everything else there is refused."""

_KEYS = r"[0-9*#]*"
_METHOD = "GET|POST"
_BOOLEAN = "true|false"
_RULES: dict[tuple[str, str], str] = {
    ("Gather", "timeout"): r"[1-9][0-9]*|auto",
    ("Gather", "numDigits"): r"[1-9][0-9]*",
    ("Gather", "finishOnKey"): r"[0-9*#]?",
    ("Gather", "input"): r"dtmf|speech|dtmf speech|speech dtmf",
    ("Gather", "actionOnEmptyResult"): _BOOLEAN,
    ("Record", "timeout"): r"[0-9]+",
    ("Record", "maxLength"): r"[1-9][0-9]*",
    ("Record", "finishOnKey"): _KEYS,
    ("Record", "playBeep"): _BOOLEAN,
    ("Pause", "length"): r"[0-9]+",
    ("Say", "loop"): r"[0-9]+",
    ("Play", "loop"): r"[0-9]+",
    ("Play", "digits"): r"[0-9*#wW]+",
    ("Dial", "timeout"): r"[1-9][0-9]*",
    ("Dial", "timeLimit"): r"[1-9][0-9]*",
    ("Dial", "callerId"): r"\+[0-9]{6,15}|client:.+",
    ("Dial", "hangupOnStar"): _BOOLEAN,
    ("Dial", "answerOnBridge"): _BOOLEAN,
    ("Conference", "startConferenceOnEnter"): _BOOLEAN,
    ("Conference", "endConferenceOnExit"): _BOOLEAN,
    ("Reject", "reason"): "rejected|busy",
    ("Stream", "track"): "inbound_track|outbound_track|both_tracks",
    ("Number", "sendDigits"): r"[0-9*#wW]+",
    ("Number", "machineDetection"): "Enable|DetectMessageEnd",
}
LONGEST_SAY = 4096
LONGEST_TEXT = 1600
LONGEST_PARAMETER = 500
LONGEST_QUEUE_NAME = 64
LONGEST_DOCUMENT = 64 * 1024
MOST_NUMBERS = 10


def attribute_complaints(element: Element) -> list[str]:
    """Return what is wrong with an element's attributes, names first, then values."""
    known = ATTRIBUTES.get(element.tag, frozenset())
    found = []
    for name, value in element.attrib.items():
        if name not in known:
            found.append(f"12200: <{element.tag}> has no attribute {name!r} (attribute names are case-sensitive)")
            continue
        pattern = _METHOD if name.lower().endswith("method") else _RULES.get((element.tag, name))
        if pattern is not None and not re.fullmatch(pattern, value):
            found.append(f"12200: <{element.tag} {name}={value!r}>: should be {pattern}")
    return found


def child_complaints(element: Element) -> list[str]:
    """Return which children may not stand in an element."""
    if element.tag == "Say":
        strangers = [child.tag for child in element.iter() if child is not element and child.tag not in SPEECH_MARKUP]
    else:
        allowed = CHILDREN.get(element.tag, frozenset())
        strangers = [child.tag for child in element if child.tag not in allowed]
    return [f"12200: <{stranger}> may not stand in <{element.tag}>" for stranger in strangers]
