"""One short question to whoever was served: what it asks, and what a text answers to it, in digits or words. Pure.

The scale goes from 1 to 5, as on the State's own forms (5: entirely satisfied). An answer says nothing else: a sentence
about something is a text like any other, and is served as one.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from guichet.core.ids import CitizenId, ContactId, MessageId, RequestId
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.core.text import vocabulary, words
from guichet.sms.opt_out import COURTESY

ANSWERED_WITHIN = timedelta(days=7)
"""How long a text may be an answer to the question."""
WORST, BEST = 1, 5
SATISFIED = 4
"""From this score on somebody counts as satisfied."""

QUESTION = Bilingual(
    "Demande {reference}{title} : avez-vous été bien servi ? Répondez de 1 (pas du tout) à 5 (tout à fait).",
    "Request {reference}{title}: were you well served? Reply from 1 (not at all) to 5 (entirely).",
)
THANKS = Bilingual("Merci de votre réponse.", "Thank you for your answer.")
THANKS_AND_MORE = Bilingual(
    "Merci de votre réponse. Pour en parler à quelqu'un, répondez AGENT.",
    "Thank you for your answer. To talk to somebody about it, reply AGENT.",
)

_PHRASES = {
    1: "pas du tout satisfait|tres insatisfait|tres mecontent|tres decu|tres mauvais|pas du tout|nul|nulle|honteux"
    "|scandaleux|catastrophique|horrible|lamentable|not at all satisfied|not at all|very dissatisfied|very unhappy"
    "|very bad|terrible|awful|useless|rubbish|appalling",
    2: "pas satisfait|pas content|pas bien|pas terrible|pas bon|peu satisfait|insatisfait|mecontent|decu|mauvais|mal"
    "|not satisfied|not happy|not good|not well|dissatisfied|unsatisfied|unhappy|disappointed|bad|poor",
    3: "moyen|moyennement satisfait|moyennement|bof|passable|correct|ca va|plus ou moins|average|so so|not bad"
    "|pas mal|fair|mixed|medium",
    4: "satisfait|content|bien|bon|plutot satisfait|assez satisfait|plutot bien|assez bien|satisfied|happy|good|fine"
    "|well",
    5: "tres satisfait|tres content|tres bien|tres bon|tout a fait|entierement satisfait|parfait|parfaitement"
    "|excellent|super|genial|impeccable|nickel|top|formidable|very satisfied|very happy|very good|very well|entirely"
    "|perfect|great|brilliant|wonderful|fantastic",
}
_SCORES = {phrase: score for score, phrases in _PHRASES.items() for phrase in phrases.split("|")}
_PHRASE = re.compile(rf"\b(?:{'|'.join(sorted(_SCORES, key=len, reverse=True))})\b")
"""The longest first: who is "pas satisfait" is not "satisfait"."""
_NUMBERS = {
    **dict.fromkeys(("1", "un", "une", "one"), 1),
    **dict.fromkeys(("2", "deux", "two"), 2),
    **dict.fromkeys(("3", "trois", "three"), 3),
    **dict.fromkeys(("4", "quatre", "four"), 4),
    **dict.fromkeys(("5", "cinq", "five"), 5),
}
_AROUND = COURTESY | vocabulary(
    "je j suis etais etait c ce est was it i am m were note sur de du la le l service accueil out of the a an ma my"
    " rating score reponse answer donne give mets oui yes ete j ai nous we vraiment really et and tout ne n with by"
    " servi servie servis served etoile etoiles star stars point points"
)
_OUT_OF = re.compile(
    r"\b([1-5]|un|deux|trois|quatre|cinq|one|two|three|four|five)(?: sur| out of| of|) (?:5|cinq|five)\b"
)


@dataclass(frozen=True, slots=True)
class Survey:
    """A question that was asked: of whom, about what, and what they answered (None: nothing yet)."""

    id: str
    number: PhoneNumber
    citizen: CitizenId | None
    request: RequestId | None
    contact: ContactId
    line: PhoneNumber
    channel: str
    intent: str
    queue: str
    language: Language
    message: MessageId
    asked_at: datetime
    answered_at: datetime | None = None
    score: int | None = None

    def evolve(self, **changes: Any) -> "Survey":
        """Return a copy with changes."""
        return replace(self, **changes)


def score_in(text: str) -> int | None:
    """Return the score that a text is, if it says nothing else: `4`, `5/5 merci`, `très satisfaite`, `not good`."""
    said = words(text)
    if not said or len(said) > 12:
        return None
    plain = _OUT_OF.sub(r"\1", _alike(" ".join(said)))
    found = _PHRASE.search(plain)
    if found:
        rest = f"{plain[: found.start()]} {plain[found.end() :]}".split()
        return _SCORES[found[0]] if all(word in _AROUND for word in rest) else None
    numbers = [word for word in plain.split() if word in _NUMBERS and word not in {"un", "une"}] or [
        word for word in plain.split() if word in _NUMBERS
    ]
    rest = [word for word in plain.split() if word not in numbers]
    return _NUMBERS[numbers[0]] if len(numbers) == 1 and all(word in _AROUND for word in rest) else None


def _alike(plain: str) -> str:
    """Write the feminine and the plural as the masculine: `satisfaites` is `satisfait`."""
    return re.sub(r"\b(\w*(?:satisfait|content|decu|bon|mauvais|parfait))n?(?:e|es|s)\b", r"\1", plain)
