"""Read TwiML into steps, as strictly as Twilio's validator and more loudly. Pure.

A document that is no XML is fatal (12100); whatever else is wrong becomes a complaint and, where it cannot be run,
is left out.
"""

from collections.abc import Callable
from xml.etree.ElementTree import Element, ParseError, fromstring

from guichet.carrier.simulator import attributes, grammar
from guichet.carrier.simulator.dial_reader import read_dial
from guichet.carrier.simulator.steps import (
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
    Step,
    StopStream,
    Target,
)
from guichet.carrier.simulator.stream_reader import read_stream


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
            "Dial": lambda dial: read_dial(dial, self.check, self._complain),
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
        loop = attributes.number(element, "loop", 1)
        match element.tag:
            case "Say":
                text = " ".join("".join(element.itertext()).split())
                if len(text) > grammar.LONGEST_SAY:
                    self._complain(f"13520: <Say> of {len(text)} characters; {grammar.LONGEST_SAY} at most")
                if not text:
                    self._complain("13520: <Say> says nothing")
                return Say(text, element.get("voice", ""), element.get("language", ""), int(loop))
            case "Play":
                url = attributes.text(element)
                if not url and not element.get("digits"):
                    self._complain("13420: <Play> has no URL")
                return Play(url, int(loop), element.get("digits", ""))
            case _:
                return Pause(attributes.number(element, "length", 1))

    def _gather(self, element: Element) -> Gather:
        action = attributes.target(element, "action")
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
            timeout=attributes.number(element, "timeout", 5),
            digits=int(attributes.number(element, "numDigits", 0)) or None,
            finish_on=element.get("finishOnKey", "#"),
            takes_keys="dtmf" in takes,
            empty_result=element.get("actionOnEmptyResult") == "true",
        )

    def _record(self, element: Element) -> Record:
        action = attributes.target(element, "action")
        if action is None:
            self._complain("<Record> without action asks the current URL again: it loops")
        if element.get("transcribe") == "true":
            self._complain("<Record transcribe> sends the citizen's voice to a third party")
        return Record(
            action,
            timeout=attributes.number(element, "timeout", 5),
            finish_on=element.get("finishOnKey", "1234567890*#"),
            longest=attributes.number(element, "maxLength", 3600),
            beep=element.get("playBeep", "true") == "true",
            status=attributes.target(element, "recordingStatusCallback", "recordingStatusCallbackMethod"),
        )

    def _redirect(self, element: Element) -> Redirect:
        url = attributes.text(element)
        if not url:
            self._complain("<Redirect> without a URL asks the current URL again: it loops")
        return Redirect(Target(url, element.get("method", "POST")))

    def _enqueue(self, element: Element) -> Enqueue:
        name = attributes.text(element)
        if not name or len(name) > grammar.LONGEST_QUEUE_NAME:
            self._complain(f"<Enqueue> needs a queue name of 1 to {grammar.LONGEST_QUEUE_NAME} characters")
        return Enqueue(
            name, attributes.target(element, "action"), attributes.target(element, "waitUrl", "waitUrlMethod")
        )

    def _message(self, element: Element) -> Message:
        body_element = element.find("Body")
        body = (attributes.text(body_element) if body_element is not None else "") or attributes.text(element)
        if not body or len(body) > grammar.LONGEST_TEXT:
            self._complain(f"<Message> needs a body of 1 to {grammar.LONGEST_TEXT} characters")
        sender = element.get("from", "")
        return Message(
            body,
            element.get("to", ""),
            sender,
            attributes.target(element, "action"),
            attributes.target(element, "statusCallback"),
        )

    def _streams(self, element: Element) -> list[Step]:
        steps: list[Step] = []
        for child in element:
            if child.tag != "Stream":
                continue
            self.check(child)
            steps.append(read_stream(child, element, self._complain))
        return steps

    def _complain(self, text: str) -> None:
        self.complaints.append(text)
