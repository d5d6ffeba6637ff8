"""Short things a caller may say at any turn: an agent, again, yes, no, not that, another language. Pure.

These are recognised by their words, whatever the intent book says, so that they work in every turn.
"""

import re

from guichet.core.language import Language
from guichet.core.text import fold
from guichet.transcripts.spoken.taken_back import takes_back
from guichet.transcripts.spoken.yes_no import yes_no

_AGENT = re.compile(
    r"^(?:(?:non|no|je veux|je voudrais|i want|i need|give me|euh|oui|s il vous plait|please) )*"
    r"(?:(?:parler|avoir|joindre|speak|talk|speaking)(?: a| avec| to| with)? )?"
    r"(?:un |une |l |a |an |the |some |real |vrai |vraie )*"
    r"(?:agent|agente|conseiller|conseillere|operateur|operatrice|standardiste|humain|personne|quelqu un|"
    r"person|human|human being|operator|somebody|someone|representative|clerk)"
    r"(?: s il vous plait| svp| please| now| maintenant| merci| thank you)*$"
)
_AGENT_INSIDE = re.compile(
    r"\b(?:parler|speak|talk)(?: a| avec| to| with)? (?:un|une|a|an|some|quelqu)? ?"
    r"(?:vrai |vraie |real |live )?(?:agent|agente|conseiller|conseillere|operateur|operatrice|humain|personne|un|"
    r"person|human|operator|somebody|someone|one)\b"
)
_REPEAT = re.compile(
    r"^(?:pardon|comment|quoi|repetez|repeter|(?:vous )?pouvez(?: vous)? repeter|encore une fois|sorry|what|repeat|"
    r"say again|again|could you repeat(?: that)?|can you repeat(?: that)?|say that again)"
    r"(?: s il vous plait| svp| please| that)*$"
)
_YES = re.compile(
    r"^(?:oui|ouais|ouai|si|exact|exactement|tout a fait|d accord|c est (?:ca|cela)|voila|ok|okay|bien sur|volontiers|"
    r"yes|yeah|yep|yup|sure|correct|right|that s right|that is right|of course|absolutely)\b"
)
_NO = re.compile(
    r"^(?:non|nan|pas du tout|no|nope|nah|not at all|rien d autre|c est tout|ce sera tout|that s all|that is all|"
    r"nothing else|merci|non merci|thank you|thanks|au revoir|bye|goodbye)\b"
)
_SHORT = 5
"""Words up to which an answer is taken for yes or no wherever they stand in it."""
_NEGATIONS = {
    Language.FR: frozenset({"non", "nan", "pas", "jamais"}),
    Language.EN: frozenset({"no", "not", "nope", "never"}),
}
_NOT_THAT = re.compile(
    r"^(?:non|no|nan|nope)$|"
    r"\b(?:c est faux|erreur|autre chose|wrong|something else|mistake)\b"
)
_NO_DANGER = re.compile(
    r"\b(?:pas (?:une |d |de )?(?:urgence|urgent|danger)|pas en danger|aucun danger|aucune urgence|fausse alerte|"
    r"not (?:an |in )?(?:emergency|danger)|no (?:danger|emergency)|false alarm|nobody is in danger)\b"
)
_NEITHER = re.compile(r"\b(?:ni l un|ni l une|aucun|aucune|neither|none)\b")
_SKIP = re.compile(
    r"\b(?:je ne sais pas|je sais pas|je ne veux pas|je prefere pas|je prefere ne pas|passez|suivant|"
    r"i don t know|i do not know|i don t want|i d rather not|rather not|skip)\b"
)
_FILE_NUMBER = re.compile(r"\b(?:dossier|file number|case number|my file|the file)\b")
_SOON = re.compile(
    r"\b(?:des que possible|des que vous pouvez|le plus (?:vite|tot|rapidement) possible|au plus (?:vite|tot)|"
    r"tout de suite|maintenant|immediatement|n importe quand|peu importe|as soon as|asap|right away|straight away|"
    r"immediately|any ?time|whenever)\b|^now$"
)
_OTHER_NUMBER = re.compile(
    r"\b(?:autre|nouveau|pas (?:a |sur )?ce|changer (?:de|le)) (?:numero|telephone|portable)\b"
    r"|\b(?:(?:an)?other|different|new) (?:phone )?number\b|\bchange (?:the |my )?(?:phone )?number\b"
    r"|\b(?:r?appel\w*|call) (?:plutot |rather )?(?:mon|ma|my) (?:fille|fils|mari|femme|mere|pere|frere|soeur|voisine?"
    r"|daughter|son|husband|wife|mother|father|brother|sister|neighbour)\b"
)
_ONESELF = re.compile(
    r"^(?:c est )?(?:moi|moi meme|pour moi|personne(?: d autre)?|nobody(?: else)?|no one(?: else)?|me|myself|it s me)$"
)
_ASKING = re.compile(
    r"^(?:(?:vous pouvez |il faut )?(?:demander|demandez)|c est|ask(?: for)?|it s|speak to|parler? (?:à|a|avec)) ",
    re.IGNORECASE,
)
_FIRST = re.compile(r"^(?:le |la |the |numero |number )?(?:un|une|1|premier|premiere|one|first)(?: one)?$")
_SECOND = re.compile(r"^(?:le |la |the |numero |number )?(?:deux|2|deuxieme|second|seconde|two)(?: one)?$")
_LANGUAGES = (
    (Language.EN, re.compile(r"\b(?:english|anglais|in english|speak english)\b")),
    (Language.FR, re.compile(r"\b(?:francais|french|en francais)\b")),
)


def wants_agent(text: str) -> bool:
    """Whether the words ask for a person: `agent`, `un agent s'il vous plaît`, `I want to speak to someone`."""
    folded = fold(text)
    return bool(_AGENT.search(folded) or _AGENT_INSIDE.search(folded))


def wants_repeat(text: str) -> bool:
    """Whether the words ask to hear it again."""
    return bool(_REPEAT.search(fold(text)))


def is_yes(text: str) -> bool:
    """Whether the words say yes: a short answer, or the beginning of a longer one. A refusal anywhere is no yes."""
    meant = _meanings(text)
    return meant == {True} and (_is_short(text) or bool(_YES.search(fold(text))))


def is_no(text: str) -> bool:
    """Whether the words say no in the same way, or that this is all."""
    meant, folded = _meanings(text), fold(text)
    if meant == {False}:
        return _is_short(text) or bool(_NO.search(folded))
    return not meant and bool(_NO.search(folded)) and not _YES.search(folded)


def _is_short(text: str) -> bool:
    return len(fold(text).split()) <= _SHORT


def _meanings(text: str) -> frozenset[bool]:
    """Return what a text means in either language; both where one knows a negation that the other does not."""
    said = {language: yes_no(text, language) for language in Language}
    negated = {language for language in Language if not _NEGATIONS[language].isdisjoint(fold(text).split())}
    meant = {meaning for meaning in said.values() if meaning is not None}
    is_refused = True in meant and any(said[language] is not True for language in negated)
    return frozenset({True, False}) if is_refused else frozenset(meant)


def is_correction(text: str) -> bool:
    """Whether the words refuse what was understood: `non`, `autre chose`, or what takes it back."""
    return bool(_NOT_THAT.search(fold(text))) or takes_back(text)


def denies_danger(text: str) -> bool:
    """Whether the words say that there is no danger, or that it was not meant."""
    return bool(_NO_DANGER.search(fold(text))) or takes_back(text)


def is_neither(text: str) -> bool:
    """Whether the words refuse every choice given."""
    return bool(_NEITHER.search(fold(text)))


def wants_to_skip(text: str) -> bool:
    """Whether the caller does not know, or does not want to say."""
    return bool(_SKIP.search(fold(text)))


def gives_file_number(text: str) -> bool:
    """Whether the words say that a file number is given, or will be: `numéro de dossier`, `my file number is…`."""
    return bool(_FILE_NUMBER.search(fold(text)))


def wants_soon(text: str) -> bool:
    """Whether any time will do, the sooner the better."""
    return bool(_SOON.search(fold(text)))


def wants_other_number(text: str) -> bool:
    """Whether they want to be called at another number, or somebody else to be called."""
    return bool(_OTHER_NUMBER.search(fold(text)))


def is_oneself(text: str) -> bool:
    """Whether nobody else is to be asked for."""
    return bool(_ONESELF.search(fold(text)))


def without_asking(text: str) -> str:
    """Return a name without the words that ask for it: `demandez Julie` is `Julie`."""
    return _ASKING.sub("", text.strip())


def chosen_place(text: str) -> int | None:
    """Return 0 for `the first one`, 1 for `the second`, None otherwise."""
    folded = fold(text)
    if _FIRST.search(folded):
        return 0
    return 1 if _SECOND.search(folded) else None


def asked_language(text: str) -> Language | None:
    """Return the language that a short text asks for by name, if any."""
    folded = fold(text)
    if len(folded.split()) > 6:
        return None
    return next((language for language, pattern in _LANGUAGES if pattern.search(folded)), None)
