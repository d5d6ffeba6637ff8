"""What is taken out of texts, and what stands there instead. Pure."""

import re
from enum import StrEnum
from functools import cache

from guichet.core.language import Bilingual, Language


class Kind(StrEnum):
    """A kind of thing that tells who somebody is or how to reach them."""

    PHONE = "phone"
    NIR = "nir"
    TAX = "tax"
    FILE = "file"
    IBAN = "iban"
    CARD = "card"
    EMAIL = "email"
    ADDRESS = "address"
    BIRTH = "birth"
    NAME = "name"
    NUMBER = "number"
    OWN = "own"


LABELS = {
    Kind.PHONE: Bilingual("[téléphone]", "[phone]"),
    Kind.NIR: Bilingual("[numéro de sécurité sociale]", "[social security number]"),
    Kind.TAX: Bilingual("[numéro fiscal]", "[tax number]"),
    Kind.FILE: Bilingual("[numéro de dossier]", "[file number]"),
    Kind.IBAN: Bilingual("[IBAN]", "[IBAN]"),
    Kind.CARD: Bilingual("[carte bancaire]", "[bank card]"),
    Kind.EMAIL: Bilingual("[e-mail]", "[email]"),
    Kind.ADDRESS: Bilingual("[adresse]", "[address]"),
    Kind.BIRTH: Bilingual("[date de naissance]", "[date of birth]"),
    Kind.NAME: Bilingual("[nom]", "[name]"),
    Kind.NUMBER: Bilingual("[numéro]", "[number]"),
    Kind.OWN: Bilingual("[masqué]", "[masked]"),
}
"""What is written instead, in brackets: a recogniser never writes any."""


_OWN = r"\[(?:masqué : |masked: )[^\[\]\d]{1,60}\]"
"""A label of an administration's own (`own.OwnPattern.label`): whoever reads it need not know the rule book."""


@cache
def label_pattern() -> re.Pattern[str]:
    """Return what finds labels in a text: ours, and those of an administration's own patterns."""
    labels = {label.to(language) for label in LABELS.values() for language in Language}
    return re.compile("|".join((*(re.escape(label) for label in sorted(labels)), _OWN)))
