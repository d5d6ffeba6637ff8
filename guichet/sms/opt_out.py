"""Whether a message asks for no more texts: STOP, ARRÊT, FIN, DESABONNER and their kin, in a sentence too. Pure.

A stop word counts only where the whole message says nothing else: every other word must be courtesy or speak of texts.
"Stop. Merci" is an opt-out; "stop devant l'école", "arrêt de bus", "fin de droits", "ne vous arrêtez pas" and "annuler
ma demande" are not.
"""

import re

from guichet.core.text import vocabulary

COURTESY = vocabulary(
    "bonjour bonsoir bjr bsr salut slt coucou hello hi dear merci mrc mci thanks thank thx ty svp stp please pls plz"
    " sil s il vous te plait plais cordialement cdt cdlt beaucoup bien bonne journee soiree monsieur madame mr mme ok"
)
_STOP_WORD = re.compile(
    r"st[o0]+p+(?:e|er|ez|ez|all|sms)?|ar+et+(?:e|er|ez|es|s)?|fin|end|cancel|quit|revoke"
    r"|opt(?:ed)?out|des+ab+on+(?:er|ez|e|es|ement|nement|e moi)?|desins\w+|unsu[bs]*cri\w+|resili(?:er|ez|ation)"
)
_MILD = frozenset({"fin", "end", "quit", "revoke", "arret", "arrets", "arrete", "arretes"})
"""Stop words that name other things as well: beside them only courtesy, or else texts must be spoken of."""
_OF_TEXTS = frozenset({"cancel", "resilier", "resiliez", "resiliation"})
"""Words that stop a request or a contract, unless texts are spoken of; CANCEL alone is the carrier's stop word."""
ABOUT_TEXTS = vocabulary(
    "sms texto textos texte textes message messages msg msgs mess notification notifications alerte alertes pub pubs"
    " publicite publicites spam text texts texting messaging"
)
_AROUND = (
    vocabulary(
        "je j ne n veux voudrais souhaite desire me m moi nous se veuillez merci de d des du aux a au les l le la vos"
        " ces tous toutes tout toute mon ma mes votre part numero liste listes envoi envois envoyer envoyez envoie"
        " recevoir plus pas jamais rien par ecrire ecrivez contacter contactez deranger derangez maintenant oui c est"
        " bon ca cela suffit assez retirer retirez enlever enlevez supprimer supprimez"
        " i want wish would like to do don t dont not no more stop stopped sending send receive receiving get getting"
        " me your my these this it any the from of off list number remove take us all opt out now yes enough again ever"
        " anymore contact contacting leave alone"
    )
    | ABOUT_TEXTS
    | COURTESY
)
_NO_MORE = re.compile(
    r"\b(?:plus|pas|jamais) (?:recevoir|de|d|vos|aucun)\b.*\b(?:sms|textos?|messages?|msgs?)\b"
    r"|\bplus rien recevoir\b|\bplus (?:me |m |nous )?(?:ecrire|contacter|deranger|envoyer)\b"
    r"|\b(?:ecrivez|contactez|derangez|envoyez|envoie)(?: moi)? plus\b"
    r"|\b(?:retire[rz]|enleve[rz]|supprime[rz]|remove|take me)\b.*\b(?:listes?|lists?)\b"
    r"|\bno more (?:sms|texts?|messages?)\b|\bremove me\b|\bopt out\b|\bstop all\b|\bleave me alone\b"
    r"|(?<!i )\b(?:do not|don t|dont) (?:text|send|message|contact)\b"
    r"|\b(?:do not|don t|dont) (?:want|wish)(?: to)? (?:receive|get|these|your|any|more)\b"
)
_COMPLAINT = re.compile(r"\bvous (?:ne|n)\b")
"""`vous ne m'écrivez plus` wants more texts, not fewer."""
_NOT_STOP = re.compile(
    r"\b(?:ne |n )?(?:vous |t )?(?:arret|stop)\w*(?: vous)? (?:pas|jamais)\b"
    r"|\b(?:pas|jamais)(?: (?:de|d|du|a|vous|m|me|nous|envie))* (?:arret|stop)\w*"
    r"|\b(?:do not|don t|dont|never|not)(?: (?:want|you|to|us|please))* stop\w*|\bnon stop\b|\barretez vous\b"
)
_INSISTED = re.compile(r"\b(?:j ai|je vous ai)(?: deja)? dit(?: d| de)?\b|\bi(?: have| ve)?(?: already)? said\b")
_SPELT = re.compile(r"\bs t o p\b")
_SHORT_CODE = re.compile(r"\bau \d{5}\b")
"""`STOP au 36180`, as it stands under advertisements."""


def is_opt_out(said: tuple[str, ...]) -> bool:
    """Say whether folded words are an opt-out and nothing else."""
    plain = " ".join(said)
    for pattern, instead in ((_SPELT, "stop"), (_SHORT_CODE, ""), (_INSISTED, "")):
        plain = pattern.sub(instead, plain)
    stops = [word for word in plain.split() if _STOP_WORD.fullmatch(word)]
    rest = [word for word in plain.split() if not _STOP_WORD.fullmatch(word)]
    if any(word not in _AROUND for word in rest) or _NOT_STOP.search(plain):
        return False
    if _NO_MORE.search(plain) and not _COMPLAINT.search(plain):
        return True
    return bool(stops) and _is_meant(stops, rest)


def _is_meant(stops: list[str], rest: list[str]) -> bool:
    """Whether stop words are meant for texts, by what else is said."""
    if any(word in ABOUT_TEXTS for word in rest):
        return True
    if all(word in _OF_TEXTS for word in stops):
        return stops == ["cancel"] and not rest
    if all(word in _MILD | _OF_TEXTS for word in stops):
        return all(word in COURTESY for word in rest)
    return True
