"""What is taken out of a contact's decision file, so that figures and replays stay true and nobody is in it. Pure."""

from typing import Any

from guichet.routing.decision_file import File

_DECIDED = ("decision", "grounds", "urgent")
"""What says nothing of anybody."""
ANONYMOUS = "anonymous"
"""The mark of a file of nobody's, and the beginning of what stands for a number, a person or a carrier's id."""


def without_words(file: File) -> File:
    """Return a file without anything that was said or written: who called, what was decided and why it was stay."""
    kept = {name: value for name, value in file.items() if name not in {"heard", "sms", "sms_row"}}
    if "turns" in file:
        kept["turns"] = [{name: value for name, value in turn.items() if name != "heard"} for turn in file["turns"]]
    if "intent" in file:
        kept["intent"] = _unexplained(file["intent"])
    if "citizen" in file:
        candidates = [_unexplained(one) for one in file["citizen"].get("candidates", ())]
        kept["citizen"] = {**file["citizen"], "candidates": candidates}
    return kept


def anonymous(file: File) -> File:
    """Return what may be kept of a file for ever: matter, decision and its grounds, which say nothing of a person."""
    kept: dict[str, Any] = {name: file[name] for name in _DECIDED if name in file}
    if "intent" in file:
        kept["intent"] = _unexplained(file["intent"])
    if "mandate" in file:
        kept["mandate"] = {name: file["mandate"].get(name) for name in ("standing", "role")}
    return {**kept, ANONYMOUS: True}


def without_person(file: File, citizen: str) -> File:
    """Return somebody else's file without a person who was taken for them, helped them, or was put right for them."""
    kept = dict(file)
    if "citizen" in file:
        candidates = [one for one in file["citizen"].get("candidates", ()) if one.get("id") != citizen]
        kept["citizen"] = {**file["citizen"], "candidates": candidates}
    if (file.get("mandate") or {}).get("helper") == citizen:
        kept["mandate"] = {**file["mandate"], "helper": None}
    if "undone" in file:
        kept["undone"] = [
            {name: None if value == citizen else value for name, value in one.items()} for one in file["undone"]
        ]
    return kept


def _unexplained(part: File) -> File:
    """Leave out the words that were heard."""
    return {name: value for name, value in part.items() if name != "because"}
