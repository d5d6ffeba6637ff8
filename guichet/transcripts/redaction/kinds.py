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
}
"""What is written instead, in brackets: a recogniser never writes any."""


@cache
def label_pattern(*more: Bilingual) -> re.Pattern[str]:
    """Return what finds labels in a text: ours, and those of further patterns."""
    labels = {label.to(language) for label in (*LABELS.values(), *more) for language in Language}
    return re.compile("|".join(re.escape(label) for label in sorted(labels)))
