"""Read TwiML into steps, as strictly as Twilio's validator and more loudly. Pure.

A document that is no XML is fatal (12100); whatever else is wrong becomes a complaint and, where it cannot be run,
is left out.
"""

from collections.abc import Callable
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, ParseError, fromstring

from guichet.carrier.simulator import grammar
from guichet.carrier.simulator.steps import (
    Dial,
    DialClient,
    DialConference,
    DialNumber,
    DialQueue,
    DialTarget,
    Document,
    Enqueue,
    Gather,
    Hangup,
    Leave,
    Message,
    Pause,
    Play,
    Prompt,
    Record,
    Redirect,
    Reject,
    Say,
    StatusHook,
    Step,
    StopStream,
    Stream,
    Target,
)


def read(text: str) -> Document:
    """Read a TwiML document; an empty one ends the call."""
    if len(text.encode()) > grammar.LONGEST_DOCUMENT:
        return Document(fatal="11750: the TwiML is longer than 64 KB")
    if "<!DOCTYPE" in text:
        return Document(fatal="12100: a DOCTYPE has no place in TwiML")
    try:
        root = fromstring(text)  # noqa: S314 -- our own gateway's answer, and entities need the DOCTYPE refused above
    except ParseError as error:
        return Document(fatal=f"12100: the answer is not XML ({error})")
    if root.tag != "Response":
        return Document(fatal=f"12100: the root is <{root.tag}>, not <Response>")
    reader = _Reader()
    reader.check(root)
    steps = [step for element in root for step in reader.steps(element)]
    return Document(tuple(steps), tuple(reader.complaints))


class _Reader:
    """Builds steps and gathers complaints on the way."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def check(self, element: Element) -> None:
        self.complaints += grammar.attribute_complaints(element) + grammar.child_complaints(element)

    def steps(self, element: Element) -> list[Step]:
        """Return the steps of a verb: several for <Start>, none for what cannot be run."""
        if element.tag not in grammar.CHILDREN["Response"]:
            return []
        self.check(element)
        if element.tag in {"Connect", "Start"}:
            return self._streams(element)
        if element.tag == "Stop":
            return [StopStream(child.get("name", "")) for child in element if child.tag == "Stream"]
        return [self._step(element)]

    def _step(self, element: Element) -> Step:
        asking: dict[str, Callable[[Element], Step]] = {
            "Gather": self._gather,
            "Record": self._record,
            "Redirect": self._redirect,
            "Dial": self._dial,
            "Enqueue": self._enqueue,
            "Message": self._message,
        }
        if element.tag in asking:
            return asking[element.tag](element)
        match element.tag:
            case "Leave":
                return Leave()
            case "Hangup":
                return Hangup()
            case "Reject":
                return Reject(element.get("reason", "rejected"))
            case _:
                return self._prompt(element)

    def _prompt(self, element: Element) -> Prompt:
        loop = _number(element, "loop", 1)
        match element.tag:
            case "Say":
                text = " ".join("".join(element.itertext()).split())
                if len(text) > grammar.LONGEST_SAY:
                    self._complain(f"13520: <Say> of {len(text)} characters; {grammar.LONGEST_SAY} at most")
                if not text:
                    self._complain("13520: <Say> says nothing")
                return Say(text, element.get("voice", ""), element.get("language", ""), int(loop))
            case "Play":
                url = _text(element)
                if not url and not element.get("digits"):
                    self._complain("13420: <Play> has no URL")
                return Play(url, int(loop), element.get("digits", ""))
            case _:
                return Pause(_number(element, "length", 1))

    def _gather(self, element: Element) -> Gather:
        action = _target(element, "action")
        if action is None:
            self._complain("<Gather> without action asks the current URL again: it loops")
        takes = element.get("input", "dtmf").split()
        if "speech" in takes:
            self._complain("<Gather input='speech'> sends the citizen's voice to a third party; use a media stream")
        prompts = []
        for child in element:
            if child.tag in grammar.CHILDREN["Gather"]:
                self.check(child)
                prompts.append(self._prompt(child))
        return Gather(
            tuple(prompts),
            action,
            timeout=_number(element, "timeout", 5),
            digits=int(_number(element, "numDigits", 0)) or None,
            finish_on=element.get("finishOnKey", "#"),
            takes_keys="dtmf" in takes,
            empty_result=element.get("actionOnEmptyResult") == "true",
        )

    def _record(self, element: Element) -> Record:
        action = _target(element, "action")
        if action is None:
            self._complain("<Record> without action asks the current URL again: it loops")
        if element.get("transcribe") == "true":
            self._complain("<Record transcribe> sends the citizen's voice to a third party")
        return Record(
            action,
            timeout=_number(element, "timeout", 5),
            finish_on=element.get("finishOnKey", "1234567890*#"),
            longest=_number(element, "maxLength", 3600),
            beep=element.get("playBeep", "true") == "true",
            status=_target(element, "recordingStatusCallback", "recordingStatusCallbackMethod"),
        )

    def _redirect(self, element: Element) -> Redirect:
        url = _text(element)
        if not url:
            self._complain("<Redirect> without a URL asks the current URL again: it loops")
        return Redirect(Target(url, element.get("method", "POST")))

    def _enqueue(self, element: Element) -> Enqueue:
        name = _text(element)
        if not name or len(name) > grammar.LONGEST_QUEUE_NAME:
            self._complain(f"<Enqueue> needs a queue name of 1 to {grammar.LONGEST_QUEUE_NAME} characters")
        return Enqueue(name, _target(element, "action"), _target(element, "waitUrl", "waitUrlMethod"))

    def _message(self, element: Element) -> Message:
        body_element = element.find("Body")
        body = (_text(body_element) if body_element is not None else "") or _text(element)
        if not body or len(body) > grammar.LONGEST_TEXT:
            self._complain(f"<Message> needs a body of 1 to {grammar.LONGEST_TEXT} characters")
        sender = element.get("from", "")
        return Message(
            body, element.get("to", ""), sender, _target(element, "action"), _target(element, "statusCallback")
        )

    def _dial(self, element: Element) -> Dial:
        targets = [target for child in element for target in self._dialled(child)]
        if bare := _text(element):
            targets.append(DialNumber(bare))
        if not targets:
            self._complain("<Dial> calls nobody")
        if len(targets) > grammar.MOST_NUMBERS:
            self._complain(f"<Dial> rings {grammar.MOST_NUMBERS} numbers at most")
        alone = [target for target in targets if isinstance(target, (DialQueue, DialConference))]
        if alone and len(targets) > 1:
            self._complain("<Queue> and <Conference> stand alone in <Dial>")
        return Dial(
            tuple(alone[:1] or targets[: grammar.MOST_NUMBERS]),
            _target(element, "action"),
            timeout=_number(element, "timeout", 30),
            caller_id=element.get("callerId", ""),
            hang_up_on_star=element.get("hangupOnStar") == "true",
            limit=_number(element, "timeLimit", 14400),
        )

    def _dialled(self, element: Element) -> list[DialTarget]:
        if element.tag not in grammar.CHILDREN["Dial"]:
            return []
        self.check(element)
        name, whisper, status = _text(element), _target(element, "url", "method"), _status(element)
        match element.tag:
            case "Number":
                amd, keys = element.get("machineDetection", ""), element.get("sendDigits", "")
                return [DialNumber(name, whisper, status, keys, amd)]
            case "Client":
                identity = element.find("Identity")
                return [DialClient(_text(identity) if identity is not None else name, whisper, status)]
            case "Queue":
                return [DialQueue(name, whisper)]
            case _:
                return [self._conference(element, name)]

    def _conference(self, element: Element, name: str) -> DialConference:
        if not name:
            self._complain("<Conference> has no name")
        return DialConference(
            name,
            starts=element.get("startConferenceOnEnter", "true") == "true",
            ends=element.get("endConferenceOnExit", "false") == "true",
            wait=_target(element, "waitUrl", "waitMethod"),
            status=_status(element),
            capacity=int(_number(element, "maxParticipants", 250)),
        )

    def _streams(self, element: Element) -> list[Step]:
        steps: list[Step] = []
        for child in element:
            if child.tag != "Stream":
                continue
            self.check(child)
            steps.append(self._stream(child, two_way=element.tag == "Connect", action=_target(element, "action")))
        return steps

    def _stream(self, element: Element, *, two_way: bool, action: Target | None) -> Stream:
        url = element.get("url", "")
        parts = urlsplit(url)
        if parts.scheme != "wss":
            self._complain(f"31921: <Stream> wants a wss:// URL, not {parts.scheme or 'a relative one'}")
        if parts.query:
            self._complain("<Stream> loses its query string; use the path or <Parameter>")
        if two_way and element.get("track") not in {None, "inbound_track"}:
            self._complain("<Connect><Stream> hears the inbound track only")
        parameters = [(child.get("name", ""), child.get("value", "")) for child in element if child.tag == "Parameter"]
        for name, value in parameters:
            if not name or len(name + value) >= grammar.LONGEST_PARAMETER:
                self._complain("<Parameter> needs a name, and name and value under 500 characters")
        return Stream(
            parts._replace(query="", fragment="").geturl(),
            two_way,
            element.get("name", ""),
            element.get("track", "inbound_track"),
            tuple(parameters),
            _target(element, "statusCallback", "statusCallbackMethod"),
            action,
        )

    def _complain(self, text: str) -> None:
        self.complaints.append(text)


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _number(element: Element, name: str, default: float) -> float:
    """Return an attribute as a number; what is no number has been complained about, and counts as the default."""
    value = element.get(name, "")
    return float(value) if value.isdecimal() else default


def _target(element: Element, name: str, method: str = "method") -> Target | None:
    url = element.get(name)
    return Target(url, element.get(method, "POST")) if url else None


def _status(element: Element) -> StatusHook | None:
    target = _target(element, "statusCallback", "statusCallbackMethod")
    if target is None:
        return None
    return StatusHook(target, tuple(element.get("statusCallbackEvent", "completed").split()))
