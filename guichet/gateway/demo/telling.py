"""Prints the demonstration for people: what happens while it happens, each contact's account, and the summary."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from guichet.carrier.simulator.log import Event, Kind
from guichet.gateway.demo.account import Account

_SHOWN = {
    Kind.SAID: "[cyan]machine[/]",
    Kind.SPOKE: "[green]caller says[/]",
    Kind.PRESSED: "[green]caller keys[/]",
    Kind.SILENT: "[green]caller[/]",
    Kind.HOLD: "[magenta]hold[/]",
    Kind.BRIDGED: "[magenta]bridged[/]",
}


class Teller:
    """Writes to a console; `width` bounds what is shown of a sentence."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._rows: list[tuple[str, Account]] = []

    def step(self, text: str) -> None:
        """Tell a step of the preparation."""
        self._console.print(f"[dim]·[/] {escape(text)}")

    def begun(self, title: str) -> None:
        """Announce a contact."""
        self._console.print()
        self._console.rule()
        self._console.print(f"[bold]{escape(title)}")

    def happened(self, event: Event) -> None:
        """Tell what happens in a call."""
        who = _SHOWN.get(event.kind)
        if who is not None:
            what = event.what if event.kind is not Kind.SILENT else "says nothing"
            self._console.print(f"  [dim]{event.at:6.1f} s[/] {who}: {escape(what)}", highlight=False)

    def account(self, title: str, account: Account) -> None:
        """Tell what became of a contact."""
        self._rows.append((title, account))
        if account.channel == "sms":
            self._line("wrote", "; ".join(account.said))
        self._line("heard", _heard(account))
        self._line("who", _who(account))
        self._line("what", _what(account))
        self._line("decided", _decided(account))
        self._line("exists now", _created(account))

    def _line(self, name: str, text: str) -> None:
        self._console.print(f"  [bold]{name:>10}[/]  {escape(text)}", highlight=False)

    def summary(self, seconds: float) -> None:
        """Print the table of all contacts."""
        table = Table(title=f"{len(self._rows)} contacts in {seconds:.0f} seconds", title_justify="left")
        for column in ("channel", "heard", "who", "matter", "outcome", "request", "texts"):
            table.add_column(column, overflow="fold")
        for _, account in self._rows:
            request = account.created["request"]
            table.add_row(
                f"{account.channel} {account.language}",
                escape(account.heard[0]["text"] if account.heard else "(keys)" if account.said else "(nothing)"),
                escape(str(account.citizen.get("name") or account.citizen.get("certainty", ""))),
                str(account.intent.get("intent") or "-"),
                str(account.decision.get("outcome", "")),
                f"{request['reference']} {request['state']}" if request else "-",
                str(len(account.created["messages"])),
            )
        self._console.print()
        self._console.print(table)


def _heard(account: Account) -> str:
    """Show each line with its confidence, from 0 to 1."""
    if not account.heard:
        return "no words: keys only" if account.said else "nothing at all"
    if account.channel == "sms":
        return "; ".join(line["text"] for line in account.heard)
    return "; ".join(f"« {line['text']} » ({line['confidence']:.2f})" for line in account.heard)


def _who(account: Account) -> str:
    citizen = account.citizen
    if not citizen:
        return "not looked up: the answer did not depend on it"
    if not citizen.get("candidates"):
        return "unknown: nobody in the record has this number"
    because = "; ".join(citizen["because"])
    return f"{citizen['name']} ({citizen['certainty']}, {citizen['score']}): {because}"


def _what(account: Account) -> str:
    intent = account.intent
    if not intent.get("intent"):
        return "not said"
    score = f" ({intent['score']})" if "score" in intent else ""
    because = f": {', '.join(intent['because'])}" if intent.get("because") else ""
    return f"{intent['intent']}{score}{because}"


def _decided(account: Account) -> str:
    decision = account.decision
    reasons = "; ".join(reason["en"] for reason in decision.get("because", []))
    version = f" [rules {decision['version']}]" if "version" in decision else ""
    return f"{decision['outcome']}{': ' if reasons else ''}{reasons}{version}"


def _created(account: Account) -> str:
    parts = []
    request = account.created["request"]
    if request:
        reminders = f", {request['reminders']} reminder(s)" if request["reminders"] else ""
        parts.append(f"request {request['reference']} ({request['kind']}, {request['state']}{reminders})")
    parts += [f"text {message['state']}: « {message['body']} »" for message in account.created["messages"]]
    parts.append(f"{account.created['transcript']} transcript line(s)")
    return "; ".join(parts)
