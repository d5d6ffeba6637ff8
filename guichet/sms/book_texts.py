"""The texts of a rule book that go by SMS, measured: which of them make more than one part, and why. Pure."""

from collections.abc import Iterator

from guichet.core.language import Bilingual, Language
from guichet.routing.decision import Outcome
from guichet.routing.document import Flaw
from guichet.routing.rule import Place
from guichet.routing.rule_book import RuleBook
from guichet.sms.drafting import dear_letters
from guichet.sms.parts import measure, plain

_REFERENCE = "K7-4QX9"
_MATTER = Bilingual("Acte de naissance", "Birth certificate")
_LINE = "01 99 00 10 10"
_TOP = Place(1, 1)


def dear_texts(book: RuleBook) -> tuple[Flaw, ...]:
    """Return a warning for each text of a book that takes more than one part, in the document's order.

    Blanks are filled with what is usual; an answer that tells opening hours is measured without them.
    """
    found = [flaw for name, text, place in _texts(book) for flaw in _dear(name, text, place)]
    return tuple(sorted(found, key=lambda flaw: (flaw.line, flaw.column)))


def _texts(book: RuleBook) -> Iterator[tuple[Bilingual, Bilingual, Place]]:
    for template in book.texts.templates:
        name = Bilingual(f"le modèle « {template.name} »", f"the template '{template.name}'")
        yield name, _filled(template.text), template.place
    for rule in (*book.rules, book.default):
        if rule.outcome is Outcome.ANSWER and rule.answer is not None:
            name = Bilingual(f"la réponse de la règle « {rule.name} »", f"the answer of the rule '{rule.name}'")
            yield name, _filled(rule.answer), rule.place
    if book.messages.emergency is not None:
        yield Bilingual("le message d'urgence", "the emergency message"), book.messages.emergency, _TOP


def _filled(text: Bilingual) -> Bilingual:
    def fill(written: str, language: Language) -> str:
        matter = _MATTER.to(language)
        known = {"reference": _REFERENCE, "demande": matter, "matter": matter, "ligne": _LINE, "line": _LINE}
        for name, value in {**known, "horaires": "", "hours": ""}.items():
            written = written.replace(f"{{{name}}}", value)
        return written

    return Bilingual(fill(text.fr, Language.FR), fill(text.en, Language.EN))


def _dear(name: Bilingual, text: Bilingual, place: Place) -> Iterator[Flaw]:
    for language in Language:
        written = plain(text.to(language))
        parts = measure(written)
        if parts.count == 1:
            continue
        letters = " ".join(dear_letters(written))
        fr = f"{name.fr} fait {parts.count} parties ({language.value}, {parts.units} caractères)"
        en = f"{name.en} makes {parts.count} parts ({language.value}, {parts.units} characters)"
        if letters:
            fr, en = f"{fr}, à cause de : {letters}", f"{en}, because of: {letters}"
        yield Flaw(place.line, place.column, Bilingual(fr, en))
