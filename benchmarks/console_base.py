"""A base for `benchmarks.console`: people, and a year of what happened at a busy counter, in plain SQL.

For each request there are two and a half contacts (seven of eight by telephone), as many transcripts or texts, the
turns of the calls, the request's events and attempt, a survey for every fifth. Every eightieth request is open.
Everything lies in the last year, on weekdays from eight to six.
"""

import json
import random
import sqlite3
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

LINE = "+33199001010"
QUEUES = ("accueil", "etat_civil", "enfance", "social", "technique", "tranquillite")
INTENTS = (
    "etat_civil_acte",
    "identite_titre",
    "inscription_scolaire",
    "cantine_periscolaire",
    "aide_sociale",
    "logement_social",
    "voirie_signalement",
    "dechets_encombrants",
    "police_municipale_nuisance",
    "suivi_dossier",
)
SAID = (
    "je voudrais un acte de naissance s'il vous plaît",
    "c'est pour refaire ma carte d'identité périmée",
    "il y a un trou dans la chaussée devant chez moi rue des Tilleuls",
    "je n'ai pas reçu la facture de la cantine du mois dernier",
    "où en est mon dossier de logement social",
    "le voisin fait du bruit toutes les nuits",
    "quand passent les encombrants dans le quartier de la gare",
    "je veux inscrire ma fille à l'école élémentaire",
)
OPEN_EVERY = 80
YEAR = timedelta(days=365)
Row = Mapping[str, Any]


def sql(moment: datetime | None) -> str | None:
    """Write a moment as SQLAlchemy does on SQLite."""
    return None if moment is None else moment.strftime("%Y-%m-%d %H:%M:%S.%f")


class Base:
    """Makes the rows of a base; the same numbers make the same rows."""

    def __init__(self, citizens: int, requests: int, now: datetime) -> None:
        self.citizens, self.requests, self.now = citizens, requests, now
        self.contacts = requests * 5 // 2
        self._moments = self._when()

    def fill(self, file: Path) -> None:
        """Write everything into a database file that has its tables."""
        base = sqlite3.connect(file)
        base.execute("PRAGMA synchronous=OFF")
        tables: dict[str, Iterator[Row]] = {
            "citizens": self._citizens(),
            "citizen_phones": self._phones(),
            "contacts": map(self._contact, range(self.contacts)),
            "calls": map(self._call, filter(self._is_call, range(self.contacts))),
            "turns": (turn for n in range(self.contacts) if self._is_call(n) for turn in self._turns(n)),
            "transcript_lines": map(self._line, filter(self._is_call, range(self.contacts))),
            "messages": (text for n in range(self.contacts) for text in self._texts(n)),
            "requests": map(self._request, range(self.requests)),
            "request_contacts": map(self._link, range(self.contacts)),
            "request_events": (event for n in range(self.requests) for event in self._events(n)),
            "attempts": map(self._attempt, filter(self._is_done, range(self.requests))),
            "surveys": map(self._survey, filter(self._is_done, range(0, self.requests, 5))),
            "unclear_texts": map(self._unclear, range(min(self.contacts // 50, 4000))),
            "audit": map(self._audit, range(self.contacts)),
        }
        for table, rows in tables.items():
            _write(base, table, rows)
        base.commit()
        base.execute("ANALYZE")
        base.close()

    def _when(self) -> list[datetime]:
        """Return when contacts came, earliest first: the last ones are of today, whatever hour it is."""
        chance = random.Random(1)
        found: list[datetime] = []
        begin = (self.now - YEAR).replace(hour=0, minute=0, second=0, microsecond=0)
        while len(found) < self.contacts:
            day = begin + timedelta(days=chance.randrange(366))
            at = day + timedelta(hours=8, seconds=chance.randrange(10 * 3600), microseconds=chance.randrange(1_000_000))
            if at.weekday() < 5 and at < self.now:
                found.append(at)
        return sorted(found)

    def _is_call(self, n: int) -> bool:
        return n % 8 != 0

    def _is_done(self, n: int) -> bool:
        return n % OPEN_EVERY != 0 and n % 9 != 0

    def _person(self, n: int) -> int:
        return n * 7 % self.citizens

    def _of_contact(self, n: int) -> int:
        """Return the request of a contact."""
        return min(n * 2 // 5, self.requests - 1)

    def _first(self, request: int) -> int:
        """Return the first contact of a request."""
        return -(-request * 5 // 2)

    def _citizens(self) -> Iterator[Row]:
        for n in range(self.citizens):
            yield {
                "id": f"cit_{n:026}",
                "external_id": str(n),
                "given_names": f"Prénom{n % 997}",
                "birth_name": f"Nom{n % 9973}",
                "usual_name": "",
                "birth_date": f"{1930 + n % 90}-0{1 + n % 9}-1{n % 9}",
                "email": "",
                "address": f"{n % 200} rue des Tilleuls",
                "postcode": "38790",
                "town": "Valmont",
                "never_call": False,
                "number": n,
            }

    def _phones(self) -> Iterator[Row]:
        for n in range(self.citizens):
            yield {"citizen_id": f"cit_{n:026}", "position": 0, "number": f"+336{n:08}"}

    def _contact(self, n: int) -> Row:
        request, at = self._of_contact(n), self._moments[n]
        person = f"cit_{self._person(request):026}"
        because = [{"fr": "le numéro appelant est sur la fiche", "en": "the number is on the record", "weight": 1.0}]
        outcome = ("callback", "callback", "answer", "callback", "abandoned")[n % 5]
        decided = "answer" if outcome == "answer" else "callback"
        file = {
            "heard": SAID[n % len(SAID)],
            "citizen": {"certainty": "sure", "candidates": [{"id": person, "score": 0.9, "because": because}]},
            "intent": {"intent": INTENTS[request % 10], "score": 0.9, "because": ["acte"]},
            "decision": {"outcome": decided, "because": [{"fr": "la règle", "en": "the rule"}]},
        }
        return {
            "id": f"con_{n:026}",
            "channel": "voice" if self._is_call(n) else "sms",
            "carrier_id": f"CA{n:032}",
            "line": LINE,
            "caller": f"+336{self._person(request):08}",
            "language": "fr",
            "started_at": sql(at),
            "ended_at": sql(at + timedelta(seconds=90)),
            "citizen": person,
            "intent": INTENTS[request % 10],
            "outcome": outcome,
            "request": f"req_{request:026}" if outcome == "callback" else None,
            "file": json.dumps(file),
        }

    def _call(self, n: int) -> Row:
        at = self._moments[n]
        known = {"id": f"CA{n:032}", "contact": f"con_{n:026}", "line": LINE, "language": "fr", "turn": 4}
        times = {"started_at": sql(at), "ended_at": sql(at + timedelta(seconds=90))}
        return {**known, **times, "state": "{}", "answer": ""}

    def _turns(self, n: int) -> Iterator[Row]:
        asked = ("FreeSpeech", "FreeSpeech", "SpokenDate", "YesNo")
        brought = ("speech", "silence", "keys", "speech", "failed")
        for number, expects in enumerate(asked[: 2 + n % 3]):
            yield {
                "call": f"CA{n:032}",
                "number": number,
                "contact": f"con_{n:026}",
                "language": "fr",
                "expects": f'["{expects}",{{}}]',
                "keys": 1,
                "listen": True,
                "opened_at": sql(self._moments[n] + timedelta(seconds=15 * number)),
                "stream": "closed",
                "result": f'{{"kind":"{brought[(n + number) % 5]}"}}',
            }

    def _line(self, n: int) -> Row:
        said = SAID[n % len(SAID)].split()
        words = [[word, i * 0.4, i * 0.4 + 0.3, 0.5 + i / 20] for i, word in enumerate(said)]
        return {
            "contact": f"con_{n:026}",
            "turn": 1,
            "source": "caller",
            "at": sql(self._moments[n]),
            "language": "fr",
            "text": " ".join(said),
            "words": json.dumps(words),
            "alternatives": "[]",
            "seconds": 1.6,
            "confidence": 0.7,
            "ending": "endpoint",
        }

    def _texts(self, n: int) -> Iterator[Row]:
        """Yield what who writes wrote, and our answer; callers get a text that confirms."""
        for direction in ("out",) if self._is_call(n) else ("in", "out"):
            yield {
                "id": f"msg_{n:024}{direction}",
                "direction": direction,
                "number": f"+336{self._person(self._of_contact(n)):08}",
                "line": LINE,
                "body": SAID[n % len(SAID)]
                if direction == "in"
                else "Votre demande est notée. Un agent vous rappelle.",
                "language": "fr",
                "state": "delivered",
                "created_at": sql(self._moments[n] + timedelta(seconds=60)),
                "key": f"text:{n}:{direction}",
                "contact": f"con_{n:026}",
                "request": f"req_{self._of_contact(n):026}",
                "parts": 1,
                "cost": 72_500,
                "currency": "EUR",
            }

    def _request(self, n: int) -> Row:
        opened = self._moments[self._first(n)]
        is_open = n % OPEN_EVERY == 0
        if is_open:  # whoever waits has come lately
            opened = self.now - timedelta(minutes=n % 3000)
        taken = opened + timedelta(minutes=3 + n % 400)
        person = f"cit_{self._person(n):026}"
        state = "waiting" if is_open else "done" if self._is_done(n) else "cancelled"
        return {
            "id": f"req_{n:026}",
            "reference": f"R{n}",
            "subject": f"citizen:{person}:{n}",
            "kind": ("callback", "callback", "hold", "text")[n % 4],
            "state": state,
            "citizen": person,
            "number": f"+336{self._person(n):08}",
            "line": LINE,
            "language": "fr",
            "intent": INTENTS[n % 10],
            "queue": QUEUES[n % 6],
            "priority": n % 3,
            "opened_at": sql(opened),
            "target_at": sql(opened + timedelta(hours=4)),
            "changed_at": sql(opened if is_open else taken + timedelta(minutes=4)),
            "closed_at": None if is_open else sql(taken + timedelta(minutes=4)),
            "connected_at": sql(taken) if state == "done" else None,
            "held_since": sql(opened) if n % 4 == 2 else None,
            "contact": f"con_{self._first(n):026}",
            "agent": f"agent_{n % 30:02}" if state == "done" else None,
            "reminders": n % 3,
        }

    def _link(self, n: int) -> Row:
        return {"request": f"req_{self._of_contact(n):026}", "contact": f"con_{n:026}", "at": sql(self._moments[n])}

    def _events(self, n: int) -> Iterator[Row]:
        at = self._moments[self._first(n)]
        path: tuple[str, ...] = ("waiting", "dialing_agent", "dialing_citizen", "talking", "done")
        if not self._is_done(n):
            path = ("waiting", "cancelled") if n % OPEN_EVERY else ("waiting",)
        for step, (before, after) in enumerate(zip(("", *path), path, strict=False)):
            known = {"request": f"req_{n:026}", "before": before, "after": after, "actor": "system"}
            yield {**known, "at": sql(at + timedelta(minutes=step)), "reason": ""}

    def _attempt(self, n: int) -> Row:
        taken = self._moments[self._first(n)] + timedelta(minutes=3 + n % 400)
        return {
            "id": f"att_{n:026}",
            "request": f"req_{n:026}",
            "agent": f"agent_{n % 30:02}",
            "state": "ended",
            "started_at": sql(taken - timedelta(seconds=20)),
            "ended_at": sql(taken + timedelta(minutes=4)),
            "result": "completed",
            "bridged_at": sql(taken),
            "wrapped_up_at": sql(taken + timedelta(minutes=5)),
        }

    def _survey(self, n: int) -> Row:
        asked = self._moments[self._first(n)] + timedelta(hours=8)
        return {
            "id": f"sur_{n:026}",
            "number": f"+336{self._person(n):08}",
            "citizen": f"cit_{self._person(n):026}",
            "request": f"req_{n:026}",
            "contact": f"con_{self._first(n):026}",
            "line": LINE,
            "channel": "voice",
            "intent": INTENTS[n % 10],
            "queue": QUEUES[n % 6],
            "language": "fr",
            "message": "",
            "asked_at": sql(asked),
            "answered_at": sql(asked) if n % 3 else None,
            "score": 1 + n % 5 if n % 3 else None,
        }

    def _unclear(self, n: int) -> Row:
        at = self.now - timedelta(minutes=20 * n)
        words = random.Random(n).sample([word for said in SAID for word in said.split()], 4)
        known = {"contact": f"con_{n:026}", "turn": 1, "channel": "voice", "language": "fr"}
        return {**known, "at": sql(at), "text": " ".join(words)}

    def _audit(self, n: int) -> Row:
        action = ("contact.seen", "citizen.seen", "transcripts.searched", "session.opened")[n % 4]
        known = {"id": f"aud_{n:026}", "at": sql(self._moments[n]), "actor": f"account:acc_{n % 30:02}"}
        return {**known, "action": action, "subject": f"contact:con_{n:026}", "detail": "{}"}


def _write(base: sqlite3.Connection, table: str, rows: Iterator[Row]) -> None:
    first = next(rows)
    names = ", ".join(first)
    holes = ", ".join(f":{name}" for name in first)
    insert = f"INSERT INTO {table} ({names}) VALUES ({holes})"  # names of our own columns
    base.execute(insert, first)
    base.executemany(insert, rows)
