"""`guichet call`, `guichet text` and `guichet simulator`: simulated citizens against a running gateway."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from guichet.carrier.simulator.pace import Pace
from guichet.carrier.simulator.parties import Action, Answers, Press, Speak
from guichet.carrier.simulator.remote import Lines
from guichet.carrier.simulator.telling import told, trouble
from guichet.carrier.voice import load, synthesise
from guichet.core.errors import BadInput, Unavailable
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.gateway.settings import Settings
from guichet.gateway.simulated import LOCAL_HOSTS, SIMULATOR_PORT, api_port, carrier, citizen_of, listening
from guichet.routing.rule_book import RuleBook

CALLER = "+33639980042"
"""A stranger to the sample citizens, among the numbers reserved for fiction (ARCEP, 06 39 98)."""
LOCAL_GATEWAY = "http://127.0.0.1:8080"
SPEED = "Times real time; a running simulator keeps its own speed.  [default: 1]"
GATEWAY = (
    f"Where the gateway listens; a running simulator has its own.  [default: PUBLIC_URL if local, else {LOCAL_GATEWAY}]"
)
_ORDER = "guichet.simulate.order"
_LANGUAGES = click.Choice([known.value for known in Language])


class InOrder(click.Command):
    """A command that remembers in which order --audio, --say and --keys were given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Note the order, then parse as usual."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta[_ORDER] = [param.name for param in order]
        return super().parse_args(ctx, args)


@click.command(cls=InOrder)
@click.option("--from", "caller", default=CALLER, show_default=True, help="Who calls; `anonymous` hides the number.")
@click.option("--to", "line", help="The number called.  [default: the rule book's first line in the language]")
@click.option("--audio", multiple=True, type=click.Path(path_type=Path), help="Speak a WAV or raw µ-law file.")
@click.option("--say", multiple=True, help="Speak a text, by a machine's voice.")
@click.option("--keys", multiple=True, help="Press keys: 0-9 * #, and w for a pause.")
@click.option("--language", type=_LANGUAGES, help="Language of --say and of what is printed.")
@click.option("--gateway", help=GATEWAY)
@click.option("--speed", type=click.FloatRange(min=0.1), default=1.0, help=SPEED)
@click.option("--json", "as_json", is_flag=True, help="Print every event as a JSON line, the call last.")
@click.pass_context
def call(context: click.Context, /, **options: Any) -> None:
    """Call the gateway as a citizen who speaks or presses keys, one action a turn.

    The caller then stays silent, and the gateway says how the call ends. With GUICHET_TWILIO_API_URL at a running
    `guichet simulator`, the call goes through it, so that held calls reach its agents.

    guichet call --say "Bonjour, je voudrais un acte de naissance" --keys 1
    guichet call --from +33639980042 --audio acte.wav
    guichet call --language en --say "My bin was not collected" --json
    """
    settings: Settings = context.obj
    language = _language(settings, options["language"])
    actions = _actions(context.meta[_ORDER], options, language)
    ends = (_caller(settings, options["caller"]), _line(settings, options["line"], language))
    gateway = _gateway(settings, options["gateway"])

    async def run() -> None:
        async with citizen_of(settings, gateway, Pace(options["speed"])) as citizen:
            lines = citizen.call(*ends, actions)
            await _print(lines, language, (gateway, settings.public_url), as_json=options["as_json"])

    asyncio.run(run())


@click.command()
@click.option("--from", "sender", required=True, help="Who texts.")
@click.option("--to", "line", help="The number texted.  [default: the rule book's first line in the language]")
@click.option("--wait", type=click.FloatRange(min=0), default=5.0, show_default=True, help="Seconds to wait for texts.")
@click.option("--language", type=_LANGUAGES, help="Language of what is printed, and of the line.")
@click.option("--gateway", help=GATEWAY)
@click.option("--json", "as_json", is_flag=True, help="Print every answer as a JSON line.")
@click.argument("body")
@click.pass_obj
def text(settings: Settings, /, body: str, **options: Any) -> None:
    """Text the gateway as a citizen, and print what it texts back.

    Answers that the gateway sends by the carrier's REST service are seen when GUICHET_TWILIO_API_URL is a simulator's.

    guichet text --from +33639980042 "bjr jvoudrai un rdv pr ma carte didentite svp"
    guichet text --from +33639980042 "Stop. Merci" --json
    """
    language = _language(settings, options["language"])
    line = _line(settings, options["line"], language)
    message = (_caller(settings, options["sender"]), line, body)
    gateway = _gateway(settings, options["gateway"])

    async def run() -> None:
        async with citizen_of(settings, gateway, Pace()) as citizen:
            lines = citizen.text(message, options["wait"])
            await _print(lines, language, (gateway, settings.public_url), as_json=options["as_json"])

    asyncio.run(run())


@click.command()
@click.option("--port", type=int, help=f"[default: that of TWILIO_API_URL, else {SIMULATOR_PORT}]")
@click.option("--gateway", help=f"Where the gateway listens.  [default: PUBLIC_URL if local, else {LOCAL_GATEWAY}]")
@click.option("--speed", type=click.FloatRange(min=0.1), default=1.0, help="Times real time.  [default: 1]")
@click.option("--agent", "agents", multiple=True, help="NUMBER or NUMBER=KEYS: who answers, and presses keys.")
@click.pass_obj
def simulator(settings: Settings, port: int | None, gateway: str | None, speed: float, agents: tuple[str, ...]) -> None:
    """Run a simulated carrier, until Ctrl-C: the gateway calls and texts through it.

    GUICHET_TWILIO_API_URL=http://127.0.0.1:8090 guichet serve &
    guichet simulator --agent +33639980099=1
    """
    parties = dict(_agent(settings, agent) for agent in agents)
    own = carrier(settings, _gateway(settings, gateway), Pace(speed), port or api_port(settings))

    async def run() -> None:
        async with listening(own) as simulated:
            for number, party in parties.items():
                simulated.party(number, party)
            click.echo(f"simulated carrier: {simulated.api_url}  (GUICHET_TWILIO_API_URL), Ctrl-C stops it")
            told_of = 0
            while True:
                await simulated.messages.arrival()
                for message in simulated.messages.all[told_of:]:
                    click.echo(f"{message.from_} → {message.to}: {message.body}")
                told_of = len(simulated.messages.all)

    asyncio.run(run())


def _language(settings: Settings, given: str | None) -> Language:
    return Language(given) if given else settings.languages[0]


def _actions(order: Sequence[str], options: dict[str, Any], language: Language) -> tuple[Action, ...]:
    """Return the actions in the order they were given."""
    left = {name: list(options[name]) for name in ("audio", "say", "keys")}
    return tuple(_action(name, left[name].pop(0), language) for name in order if name in left)


def _action(name: str, value: Any, language: Language) -> Action:
    if name == "audio":
        return Speak(load(value), str(value))
    if name == "say":
        return Speak(synthesise(value, language), value)
    try:
        return Press(value)
    except ValueError as error:
        raise BadInput(f"--keys: {error}") from error


def _caller(settings: Settings, text: str) -> str:
    return text if text == "anonymous" else PhoneNumber.parse(text, settings.region).e164


def _line(settings: Settings, text: str | None, language: Language) -> str:
    """Return the line to reach: the one named, else the rule book's first in that language."""
    if text is not None:
        return PhoneNumber.parse(text, settings.region).e164
    lines = RuleBook.load(settings.rule_book).lines
    return next((line for line in lines if line.language is language), lines[0]).number.e164


def _gateway(settings: Settings, given: str | None) -> str:
    url = given or (settings.public_url if urlsplit(settings.public_url).hostname in LOCAL_HOSTS else LOCAL_GATEWAY)
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
        raise BadInput(f"--gateway is an address such as {LOCAL_GATEWAY}; this is '{url}'")
    return url.rstrip("/")


def _agent(settings: Settings, text: str) -> tuple[str, Answers]:
    number, _, keys = text.partition("=")
    try:
        script = [Press(keys)] if keys else []
    except ValueError as error:
        raise BadInput(f"--agent: {error}") from error
    return PhoneNumber.parse(number, settings.region).e164, Answers(script)


async def _print(lines: Lines, language: Language, ends: tuple[str, str], *, as_json: bool) -> None:
    """Print what happens while it happens; raises Unavailable at the end if the gateway could not be asked."""
    wrong: Bilingual | None = None
    async for line in lines:
        if "event" in line:
            wrong = wrong or trouble(line["event"], *ends)
        shown = json.dumps(line, ensure_ascii=False) if as_json else _line_of(line, language)
        if shown is not None:
            click.echo(shown)
    if wrong is not None:
        raise Unavailable(wrong.to(language))


def _line_of(line: dict[str, Any], language: Language) -> str | None:
    if "event" in line:
        sentence = told(line["event"])
        return None if sentence is None else sentence.to(language)
    if "text" in line:
        text = line["text"]
        return f"SMS → {text['to']} ({text['segments']}) : {text['body']}"
    if "call" in line:
        state, seconds = line["call"]["state"], line["call"]["seconds"]
        return Bilingual(f"appel {state}, {seconds} s", f"call {state}, {seconds} s").to(language)
    replies = line["sent"]["replies"]
    return Bilingual(f"{replies} SMS en réponse", f"{replies} texts in answer").to(language)
