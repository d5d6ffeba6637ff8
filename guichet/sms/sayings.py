"""How commands are said every day: `j'en suis où`, `laissez tomber`, `never mind`, `comment ça marche`. Pure.

Each is a whole message; courtesy around it has been taken off.
"""

import re

from guichet.core.text import vocabulary

_CALL = r"(?:r?appel\w*|call|ring|phone)"
_STATUS = (
    r"(?:et )?(?:moi )?j en suis ou",
    r"ou (?:est ce que )?j en suis|ou en suis je|ou (?:on|nous) en (?:est|sommes)|ou en (?:est on|sommes nous)",
    r"(?:ca|c) en est ou|ou (?:ca|c) en est|ou en est (?:ma|la|mon|le) (?:demande|rappel|appel|message)",
    r"(?:et )?(?:ma|la) demande(?: (?:elle )?en est ou| c est ou)?|c est ou ma demande",
    r"(?:avez vous |vous avez |il y a |y a t il )?(?:des nouvelles|du nouveau)(?: (?:de|sur|pour) ma demande)?",
    (
        r"quand (?:est ce que )?(?:vous (?:me |m )?(?:r?appelez|allez (?:me |m )?r?appeler)|vais je etre r?appelee?"
        r"|(?:allez|pouvez|comptez) vous (?:me |m )?r?appeler|me r?appelez vous|serai je r?appelee?"
        r"|je (?:serai|vais etre) r?appelee?)"
    ),
    r"vous (?:me |m )?(?:r?appelez|allez (?:me |m )?r?appeler) (?:quand|vers quelle heure|a quelle heure)",
    r"a quelle heure (?:est ce que )?(?:vous |allez vous )(?:me |m )?r?appele[zr]",
    r"(?:c est |c )(?:pour )?quand(?: (?:mon|le|l) r?appel)?",
    r"(?:je suis )?(?:le |la )?combien(?:ieme)?(?: dans la file)?|combien (?:de (?:personnes|gens|monde) )?avant moi",
    r"combien de temps(?: (?:d attente|a attendre|encore|il reste|faut il attendre|dois je attendre))*",
    r"(?:c est )?(?:quoi |quelle est )?ma place(?: dans la file)?|suivi(?: de (?:ma|la) demande)?|progression",
    r"(?:is there |have you )?(?:any )?(?:news|updates?)(?: (?:on|about|for) my (?:request|call))?",
    r"(?:where|how) is my (?:request|call(?: ?back)?)|where am i(?: in the (?:queue|line|order))?",
    r"how (?:long|much longer)(?: (?:do|will|must) i (?:have to )?wait| is the wait| (?:till|until) you call)?",
    (
        r"when (?:will|are|do|is) (?:you|someone|somebody|anyone|an agent)(?: going to)? (?:call|ring|phone)(?:ing)?"
        r"(?: me)?(?: back)?"
    ),
    r"how many (?:people )?(?:are )?(?:before|ahead of|in front of) me",
    r"what ?s (?:the status|happening|going on)(?: (?:of|with) my request)?",
)
_CANCEL = (
    r"(?:c est bon )?laisse[rz]? tomber(?: (?:ma|la) demande)?|oublie[rz]?(?: (?:moi|ca|tout|ma demande|mon rappel))?",
    (
        r"(?:je n |j n |j |on n )?(?:en )?(?:ai |a )?(?:plus|pas) (?:du tout )?besoin"
        rf"(?: (?:de|d|du) (?:vous|rendez vous|(?:etre |me |m |l )?{_CALL}))?"
    ),
    rf"(?:ce n est |c est |n est )?(?:plus|pas) la peine(?: (?:de|d) (?:me |m )?{_CALL})?",
    rf"inutile(?: (?:de|d) (?:me |m )?{_CALL})?",
    rf"ne (?:me |m )?(?:r?appele[zr]) (?:plus|pas)|ne (?:plus|pas) (?:me |m )?{_CALL}",
    r"(?:c est |tout est |(?:mon |le )?probleme (?:est )?)(?:bon )?(?:deja )?(?:regle|resolu|arrange)",
    r"j ai (?:deja )?(?:eu|trouve) (?:la |ma |une )?(?:reponse|solution)",
    r"(?:je |j )?(?:supprim|retir|enlev|effac|abandonn)(?:e|er|ez) (?:ma|la|cette|mon|le) (?:demande|rappel|appel)",
    r"(?:j )?abandonne[rz]?|(?:annule[rz]?|cancel) (?:tout|ca|it|this|that|everything)",
    r"(?:please )?forget (?:it|about it|my request)|never ?mind",
    r"(?:it s |it is |this is )?no longer (?:needed|necessary)",
    r"(?:there s |there is )?no need(?: to (?:call|ring|phone)(?: me)?(?: back)?)?(?: any ?more)?",
    r"(?:don t|do not|dont) (?:call|ring|phone)(?: me)?(?: back)?(?: any ?more)?",
    r"(?:it s |it is |that s |it has )?(?:been )?(?:all |already )?(?:sorted|solved|resolved)(?: out)?(?: now)?",
    r"i (?:don t|do not|no longer) need (?:it|a call|the call|a callback|the callback)(?: any ?more)?",
)
_SOMEBODY = (
    r"(?:quelqu un|(?:une |un )?(?:vraie? )?(?:personne|agent|humain|conseillere?)|(?:some|any)(?:one|body)"
    r"|(?:an? )?(?:real |actual )?(?:person|human(?: being)?|agent|advis[eo]r|operator))"
)
_AGENT = (
    (
        r"(?:je (?:veux|voudrais|souhaite|prefere|peux) |(?:est ce que )?je peux |puis je |pouvez vous me faire )?"
        rf"(?:parler|discuter|echanger|joindre|avoir)(?: a| avec)? {_SOMEBODY}"
    ),
    (
        r"(?:i (?:want|need|d like|would like) to |can i |could i |may i |let me |i want )?"
        rf"(?:speak|talk|chat) (?:to|with) {_SOMEBODY}"
    ),
    rf"(?:i (?:want|need) )?{_SOMEBODY}",
)
_HELP = (
    r"comment (?:ca|cela|on) (?:marche|fonctionne|fait)",
    r"(?:que|qu est ce que) (?:puis je|je peux|peut on) (?:faire|ecrire)",
    r"mode d emploi|(?:how does (?:it|this) work|what can i (?:do|write|text|send|say)|options)",
)
_START = (
    r"(?:je (?:veux|voudrais|souhaite) )?(?:bien )?(?:de nouveau|a nouveau) recevoir (?:vos|les|des) (?:sms|messages)",
    r"start again|re ?subscribe(?: me)?|se reabonner|me reabonner|redemarrer",
)
_SAYINGS = {
    name: re.compile("|".join(patterns))
    for name, patterns in (
        ("status", _STATUS),
        ("cancel", _CANCEL),
        ("agent", _AGENT),
        ("help", _HELP),
        ("start", _START),
    )
}
_OPENING = vocabulary("bonjour bonsoir bjr bsr salut slt coucou hello hi merci et alors svp stp please donc euh")
_ENDING = vocabulary(
    "merci mrc mci thanks thank thx ty svp stp please pls plz cordialement cdt bonne journee soiree beaucoup d avance"
    " you vous te plait s il sil maintenant now"
)


def saying(said: tuple[str, ...]) -> str | None:
    """Return the name of the command that folded words say, if they say nothing else."""
    words = list(said)
    while words and words[0] in _OPENING:
        words.pop(0)
    plain = " ".join(words)
    while plain:
        found = next((name for name, pattern in _SAYINGS.items() if pattern.fullmatch(plain)), None)
        if found is not None:
            return found
        plain, _, last = plain.rpartition(" ")
        if last not in _ENDING:
            return None
    return None
