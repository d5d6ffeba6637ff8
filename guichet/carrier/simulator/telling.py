"""A simulated call told turn by turn, for people at a terminal. Pure."""

from collections.abc import Mapping
from typing import Any

from guichet.core.language import Bilingual

_GATEWAY = Bilingual("guichet ", "gateway ")
_CITIZEN = Bilingual("usager  ", "citizen ")
_STATES = {
    "ringing": Bilingual("sonnerie", "ringing"),
    "in-progress": Bilingual("décroché", "answered"),
    "completed": Bilingual("terminé", "ended"),
    "busy": Bilingual("occupé", "busy"),
    "no-answer": Bilingual("sans réponse", "no answer"),
    "failed": Bilingual("échec", "failed"),
    "canceled": Bilingual("annulé", "cancelled"),
}
_LINES = {
    "said": (_GATEWAY, Bilingual("« {what} »", "“{what}”")),
    "played": (_GATEWAY, Bilingual("joue {what}", "plays {what}")),
    "heard": (_GATEWAY, Bilingual("parle {seconds} s par le flux", "speaks {seconds} s through the stream")),
    "pressed": (_CITIZEN, Bilingual("tape {what}", "presses {what}")),
    "spoke": (_CITIZEN, Bilingual("dit : {what} ({seconds} s)", "says: {what} ({seconds} s)")),
    "silent": (_CITIZEN, Bilingual("ne dit rien", "says nothing")),
    "hold": (_CITIZEN, Bilingual("file d’attente {queue} : {what}", "queue {queue}: {what}")),
    "bridged": (_CITIZEN, Bilingual("en conversation", "in conversation")),
    "recorded": (_CITIZEN, Bilingual("enregistré, {seconds} s", "recorded, {seconds} s")),
    "texted": (_GATEWAY, Bilingual("envoie un SMS : {what}", "sends a text: {what}")),
    "error": (Bilingual("ERREUR  ", "ERROR   "), Bilingual("{what}", "{what}")),
    "complaint": (Bilingual("PLAINTE ", "COMPLAINT "), Bilingual("{what}", "{what}")),
}
_WORDS = {"entered": Bilingual("entrée", "entered"), "left": Bilingual("sortie", "left")}


def told(event: Mapping[str, Any]) -> Bilingual | None:
    """Return the line of an event (as JSON knows it), or None for what is of no interest to a person."""
    kind, what, details = event["kind"], str(event["what"]), event["details"]
    clock = f"{event['at']:7.1f} s  "
    if kind == "state":
        state = _STATES.get(what)
        return None if state is None else Bilingual(f"{clock}· {state.fr}", f"{clock}· {state.en}")
    if kind not in _LINES:
        return None
    speaker, line = _LINES[kind]
    words = _WORDS.get(what, Bilingual(what, what)) if kind == "hold" else Bilingual(what, what)
    return Bilingual(
        clock + speaker.fr + " " + line.fr.format(**{"seconds": "?", "queue": "", **details, "what": words.fr}),
        clock + speaker.en + " " + line.en.format(**{"seconds": "?", "queue": "", **details, "what": words.en}),
    )


def trouble(event: Mapping[str, Any], gateway: str, public: str) -> Bilingual | None:
    """Return what to check when an event says that the gateway could not be asked, or did not like us."""
    what = str(event["what"])
    if event["kind"] != "error":
        return None
    if "nobody listens" in what:
        return Bilingual(
            f"personne n’écoute sur {gateway} : lancez `guichet serve`, ou indiquez --gateway",
            f"nobody listens at {gateway}: start `guichet serve`, or give --gateway",
        )
    if "HTTP 403" in what:
        return Bilingual(
            "le guichet a refusé la signature : GUICHET_TWILIO_AUTH_TOKENS et GUICHET_PUBLIC_URL "
            f"(ici {public}) doivent être les mêmes des deux côtés",
            "the gateway refused the signature: GUICHET_TWILIO_AUTH_TOKENS and GUICHET_PUBLIC_URL "
            f"(here {public}) must be the same on both sides",
        )
    return Bilingual(what, what)
