"""Which kind of danger words speak of, and the French emergency numbers that fit. Pure.

Numbers: 112 (European emergency number, directive (EU) 2018/1972 art. 109), 15 SAMU, 17 police, 18 fire brigade, 114
by SMS for those who cannot speak or hear, 115 homelessness, 3919 violence against women, 3114 suicide prevention.
"""

import re

from guichet.core.language import Bilingual
from guichet.core.text import fold

KINDS: dict[str, re.Pattern[str]] = {
    "gas": re.compile(r"\b(?:gaz|gas|monoxyde|carbon monoxide|fuite|leak)\b"),
    "fire": re.compile(r"\b(?:feu|incendie|fumee|brule|flammes?|fire|smoke|burning|flames?|explosion|inondation)\b"),
    "medical": re.compile(
        r"\b(?:malaise|inconscient|inconsciente|blesse|blessee|saigne|respire|infarctus|avc|accident|ambulance|"
        r"unconscious|injured|bleeding|breathing|heart attack|stroke|hurt|overdose|hospital)\b"
    ),
    "suicide": re.compile(
        r"\b(?:suicide|suicider|me tuer|mourir|en finir|envie de vivre|mettre fin|kill myself|suicidal|want to die|"
        r"end it all|end my life)\b"
    ),
    "violence": re.compile(
        r"\b(?:frappe|tape|bat|battue|coups|violence|violences|viol|violee|menace|menacee|agression|agresse|agressee|"
        r"mari|conjoint|beats?|beating|hits?|hitting|violent|rape|raped|abuse|abused|attack|attacked|threatens?|"
        r"threatening|husband|knife|couteau|arme|gun)\b"
    ),
    "street": re.compile(
        r"\b(?:a la rue|dans la rue|dehors|sans abri|nulle part ou dormir|ou dormir|hebergement d urgence|homeless|"
        r"in the street|on the street|nowhere to sleep|sleep outside|sleeping outside|sleeping rough)\b"
    ),
}

ADVICE: dict[str, Bilingual] = {
    "gas": Bilingual(
        "Odeur de gaz : sortez sans toucher aux interrupteurs ni au téléphone fixe, puis appelez les pompiers, le 18.",
        "Smell of gas: leave without touching any switch, then call the fire brigade on 18.",
    ),
    "fire": Bilingual(
        "Incendie : mettez-vous à l'abri et appelez les pompiers, le 18.",
        "Fire: get to safety and call the fire brigade on 18.",
    ),
    "medical": Bilingual(
        "Urgence médicale : appelez le SAMU, le 15.", "Medical emergency: call the ambulance service on 15."
    ),
    "suicide": Bilingual(
        "Si vous pensez au suicide, vous n'êtes pas seul : appelez le 31 14, gratuit, jour et nuit.",
        "If you think of suicide, you are not alone: call 31 14, free, day and night.",
    ),
    "violence": Bilingual(
        "Violences : appelez la police, le 17. Le 39 19 écoute et aide les femmes victimes de violences.",
        "Violence: call the police on 17. 39 19 listens to and helps women who suffer violence.",
    ),
    "street": Bilingual(
        "Pour un abri cette nuit, appelez le 115, gratuit.", "For a shelter tonight, call 115, free of charge."
    ),
}
_SHORT_NUMBER = re.compile(r"\b(3\d)(\d\d)\b")
"""Numbers of four digits of public services begin with 3 (Arcep, plan national de numérotation)."""
GENERAL = Bilingual(
    "En cas de danger, appelez tout de suite le 112. Si vous ne pouvez pas parler, envoyez un SMS au 114.",
    "If there is danger, call 112 now. If you cannot speak, send a text to 114.",
)
ALL = Bilingual(
    "SAMU : le 15. Police : le 17. Pompiers : le 18. Sans abri : le 115. "
    "Violences faites aux femmes : le 39 19. Prévention du suicide : le 31 14.",
    "Ambulance: 15. Police: 17. Fire brigade: 18. Homeless: 115. Violence against women: 39 19. Suicide: 31 14.",
)


def aloud(text: str) -> str:
    """Write short numbers so that a voice reads them as people do: `3919` becomes `39 19`."""
    return _SHORT_NUMBER.sub(r"\1 \2", text)


def kinds_of_danger(text: str) -> tuple[str, ...]:
    """Return the kinds of danger that the words speak of, most specific advice first; empty when none is known."""
    folded = fold(text)
    return tuple(kind for kind, pattern in KINDS.items() if pattern.search(folded))


def advice(kinds: tuple[str, ...], own: Bilingual | None = None) -> Bilingual:
    """Return what to say: 112 and 114 always, then the numbers that fit, or all of them when the kind is not known.

    `own` is the administration's text: it comes after what fits, in the place of ours.
    """
    fitting = [ADVICE[kind] for kind in kinds]
    if own is not None:
        parts = [*fitting, Bilingual(aloud(own.fr), aloud(own.en))]
    else:
        parts = [GENERAL, *fitting] if kinds else [GENERAL, ALL]
    return Bilingual(" ".join(part.fr for part in parts), " ".join(part.en for part in parts))
