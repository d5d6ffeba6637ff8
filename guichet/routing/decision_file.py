"""The decision file of a contact: who it may be, what is wanted, what was decided, and why. Pure.

Plain JSON values in `Contact.file`, for the agent, the supervisor and the citizen who asks. Reasons quote what was
heard beside what the record says: dates, numbers and addresses in them are masked before they are kept.
"""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from guichet.citizens.citizen import Identification, Reason
from guichet.core.language import Bilingual, Language
from guichet.routing.decision import Decision, Grounds
from guichet.routing.intent import IntentMatch
from guichet.transcripts.redact import mask_text

File = dict[str, Any]


def of_citizen(identification: Identification) -> File:
    """Say who it may be, and why."""
    return {
        "certainty": identification.certainty.value,
        "candidates": [
            {
                "id": candidate.citizen.id,
                "score": round(candidate.score, 3),
                "because": [_reason(reason) for reason in candidate.because],
            }
            for candidate in identification.candidates
        ],
    }


def of_intent(match: IntentMatch) -> File:
    """Say what is wanted, and by which words."""
    runner_up = match.runner_up
    return {
        "intent": match.intent,
        "score": round(match.score, 3),
        "runner_up": {"intent": runner_up.intent, "score": round(runner_up.score, 3)} if runner_up else None,
        "because": list(match.because),
        **({"also": list(match.also)} if match.also else {}),
    }


def of_decision(decision: Decision) -> File:
    """Say what was decided, by which rule of which version, and why."""
    return {
        "outcome": decision.outcome.value,
        "queue": decision.queue,
        "rule": decision.rule,
        "version": decision.version,
        "because": [_both(reason) for reason in decision.because],
        "priority": decision.priority,
        "target_minutes": decision.target_minutes,
        "target_at": decision.target_at.isoformat() if decision.target_at else None,
    }


def of_grounds(grounds: Grounds) -> File:
    """Keep what a decision was made on; line and channel are the contact's own. `past` reads it."""
    facts = grounds.facts
    return {
        "now": facts.now.isoformat(),
        "language": facts.language.value,
        "intent": facts.intent,
        "certainty": facts.certainty,
        "wants_agent": facts.wants_agent,
        "caller_known": facts.caller_known,
        "for_checked": facts.for_checked,
        "is_checked": facts.is_checked,
        "free": sorted(grounds.free),
        "closed": [[start.isoformat(), end.isoformat()] for start, end in grounds.closed],
        **({"loads": {name: asdict(load) for name, load in grounds.loads.items()}} if grounds.loads else {}),
    }


def with_urgent(file: File, messages: Collection[str]) -> File:
    """Return the file with the urgent messages that were said or written, by their ids."""
    return {**file, "urgent": sorted({*file.get("urgent", ()), *messages})} if messages else file


def _reason(reason: Reason) -> File:
    """Keep a reason without the data that it quotes."""
    text = reason.text
    return {
        "fr": mask_text(text.fr, Language.FR),
        "en": mask_text(text.en, Language.EN),
        "weight": reason.weight,
    }


def _both(text: Bilingual) -> File:
    """Keep both languages."""
    return {"fr": text.fr, "en": text.en}
