"""Yes and no in their everyday forms. Pure.

Phrases are taken longest first, from left to right; both or neither leave the answer open, and so does a yes beside a
negation that no phrase explains (`oui mais pas lui`).
"""

from functools import cache

from guichet.core.language import Language
from guichet.core.text import words as folded_words

_YES = {
    Language.FR: (
        "oui, ouais, ouaip, ouep, oui oui, si, si si, c'est ça, c'est bien ça, c'est cela, c'est bien cela, c'est "
        "exact, c'est bien exact, c'est juste, c'est correct, c'est bon, c'est moi, c'est bien moi, c'est le cas, "
        "tout à fait, exact, exactement, absolument, effectivement, en effet, parfaitement, parfait, "
        "certainement, évidemment, bien sûr, bien sûr que oui, bien entendu, bien évidemment, mais oui, d'accord, "
        "je suis d'accord, ok, okay, entendu, ça marche, ça me va, ça me convient, volontiers, avec plaisir, je "
        "veux bien, j'accepte, je confirme, affirmatif, correct, voilà, je crois que oui, je pense que oui, je "
        "crois, pas de problème, aucun problème, pas de souci, sans problème, pourquoi pas, allez-y, absolument "
        "oui, carrément, vous pouvez"
    ),
    Language.EN: (
        "yes, yeah, yep, yup, yes yes, aye, ok, okay, sure, sure thing, for sure, that's right, that's correct, "
        "that's it, that's me, that is right, that is correct, that's the one, right, correct, exactly, "
        "absolutely, definitely, certainly, of course, indeed, it is, i do, i am, yes i do, please do, go ahead, "
        "go on, i think so, i believe so, i guess so, fine, that's fine, sounds good, that would be great, no "
        "problem, not a problem, why not, uh huh, mm hmm, affirmative, i agree, i accept, you can, quite right, "
        "too right"
    ),
}
_NO = {
    Language.FR: (
        "non, nan, non non, non merci, pas du tout, mais non, bien sûr que non, absolument pas, certainement pas, "
        "surtout pas, vraiment pas, pas vraiment, pas exactement, pas tout à fait, pas d'accord, je ne suis pas "
        "d'accord, c'est pas ça, ce n'est pas ça, c'est pas cela, ce n'est pas cela, c'est pas exact, ce n'est "
        "pas exact, c'est pas moi, ce n'est pas moi, c'est pas bon, ce n'est pas bon, c'est pas correct, ce n'est "
        "pas correct, c'est pas juste, ce n'est pas juste, c'est pas le cas, ce n'est pas le cas, je veux pas, je "
        "ne veux pas, je refuse, je ne crois pas, je crois pas, je crois que non, je pense que non, je pense pas, "
        "je ne pense pas, je confirme pas, je ne confirme pas, pas maintenant, pas encore, pas cette fois, ça ne "
        "me va pas, ça me va pas, ça ne me convient pas, ça me convient pas, ça marche pas, ça ne marche pas, "
        "jamais, jamais de la vie, aucunement, négatif, faux, c'est faux, inexact, incorrect, c'est incorrect, "
        "c'est inexact, pas question, hors de question, ça ira, sans façon, vous vous trompez"
    ),
    Language.EN: (
        "no, nope, nah, no no, no thanks, no thank you, not really, not at all, not quite, not exactly, not now, "
        "not yet, of course not, certainly not, absolutely not, definitely not, i don't, i do not, i don't think "
        "so, i do not think so, i think not, i don't want, i don't agree, i'm not, i am not, it isn't, it is not, "
        "it's not, that's not right, that isn't right, that's not correct, that isn't correct, that is not "
        "correct, that is not right, not correct, not right, that's not it, that's not me, that isn't me, that's "
        "wrong, wrong, incorrect, that's incorrect, negative, never, no way, no chance, i'd rather not, i would "
        "rather not, false"
    ),
}
_OPEN = {
    Language.FR: (
        "je sais pas, je ne sais pas, je suis pas sûr, je ne suis pas sûr, je suis pas sûre, je ne suis pas sûre, "
        "pas sûr, je crois que, je pense que, c'est pas grave, ce n'est pas grave, si vous voulez, s'il vous "
        "plaît, si possible, le voilà, me voilà, peut-être que oui, peut-être que non, oui ou non, et si, comme "
        "si, même si, si je, si j'ai, si vous, si on, si c'est, si jamais, n'est-ce pas, j'ai pas compris, je n'ai "
        "pas compris, pas compris, pas entendu"
    ),
    Language.EN: (
        "i don't know, i do not know, not sure, i'm not sure, i am not sure, no idea, i've no idea, i have no "
        "idea, right now, yes or no, i don't understand, i didn't understand, don't know, i don't mind, never "
        "mind, is it, i am calling, i do have, i am a, on the right, you can call"
    ),
}
"""Phrases that hold such words without meaning them."""
_POLITE = {
    Language.FR: frozenset(folded_words("merci beaucoup euh ben bah eh bien alors madame monsieur s'il vous plaît")),
    Language.EN: frozenset(folded_words("thank you thanks please um uh well sir madam very much")),
}
"""Words around a yes or a no that ask for nothing."""
_NEGATIONS = {
    Language.FR: frozenset({"pas", "jamais", "aucun", "aucune", "rien"}),
    Language.EN: frozenset({"not", "t", "never", "dont", "isnt"}),
}


@cache
def _phrases(language: Language) -> dict[tuple[str, ...], bool | None]:
    """Return the folded phrases and what they mean."""
    meanings = ((_YES, True), (_NO, False), (_OPEN, None))
    return {folded_words(phrase): meaning for phrases, meaning in meanings for phrase in phrases[language].split(",")}


def yes_no(text: str, language: Language) -> bool | None:
    """Tell whether a text says yes or no; None where it says both or neither."""
    meant, other = _read(text, language)
    if meant == {True}:
        return None if not _NEGATIONS[language].isdisjoint(other) else True
    return False if meant == {False} else None


def is_bare_answer(text: str, language: Language) -> bool:
    """Tell whether a text says yes or no and nothing else but politeness: `oui merci`, `no thank you`."""
    _, other = _read(text, language)
    return _POLITE[language].issuperset(other) and yes_no(text, language) is not None


def _read(text: str, language: Language) -> tuple[set[bool], list[str]]:
    """Return what the phrases in a text mean, and the words that are in none."""
    words, phrases = folded_words(text), _phrases(language)
    longest = max(map(len, phrases))
    meant, other, place = set[bool](), list[str](), 0
    while place < len(words):
        size = next((size for size in range(longest, 0, -1) if words[place : place + size] in phrases), 0)
        meaning = phrases[words[place : place + size]] if size else None
        if meaning is not None:
            meant.add(meaning)
        if not size:
            other.append(words[place])
        place += size or 1
    return meant, other
