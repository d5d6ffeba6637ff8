"""Says the condition of a rule as a supervisor would, in both languages. Pure."""

from typing import assert_never

from guichet.core.language import Bilingual
from guichet.routing.conditions import Compare, Condition, Group, Operator, Quantifier, Value
from guichet.routing.hours_in_words import joined, time_in_words
from guichet.routing.view import DAYS, Field, yes_or_no

_NAMES = {
    Field.INTENT: Bilingual("la demande", "the matter"),
    Field.LANGUAGE: Bilingual("la langue", "the language"),
    Field.CHANNEL: Bilingual("le canal", "the channel"),
    Field.CERTAINTY: Bilingual("l'identité", "the identity"),
    Field.LINE: Bilingual("la ligne", "the line"),
    Field.HOUR: Bilingual("l'heure", "the hour"),
    Field.DAY: Bilingual("le jour", "the day"),
}
_VALUES: dict[Value, Bilingual] = {
    "fr": Bilingual("le français", "French"),
    "en": Bilingual("l'anglais", "English"),
    "voice": Bilingual("l'appel", "a call"),
    "sms": Bilingual("le SMS", "a text"),
    "sure": Bilingual("sûre", "sure"),
    "check": Bilingual("à vérifier", "to be checked"),
    "unknown": Bilingual("inconnue", "unknown"),
}
_ALWAYS = Bilingual("toujours", "always")


def condition_in_words(condition: Condition) -> Bilingual:
    """Say a condition: `la demande est « aide_sociale » et le guichet est ouvert`."""
    match condition:
        case Compare():
            return _compare(condition)
        case Group(Quantifier.ALL, ()):
            return _ALWAYS
        case Group(quantifier, members):
            return _group(quantifier, members)
        case _:
            assert_never(condition)


def _group(quantifier: Quantifier, members: tuple[Condition, ...]) -> Bilingual:
    said = [_inside(member, alone=len(members) == 1) for member in members] or [_ALWAYS]
    match quantifier:
        case Quantifier.ALL:
            return _joined(said, " et ", " and ")
        case Quantifier.ANY:
            return _joined(said, " ou ", " or ")
        case Quantifier.NONE:
            parts = _joined(said, " ; ", "; ")
            return Bilingual(f"rien de ceci : {parts.fr}", f"none of this: {parts.en}")
        case _:
            assert_never(quantifier)


def _joined(said: list[Bilingual], fr: str, en: str) -> Bilingual:
    return Bilingual(fr.join(one.fr for one in said), en.join(one.en for one in said))


def _inside(member: Condition, *, alone: bool) -> Bilingual:
    """Say a member; a group among others stands in brackets."""
    said = condition_in_words(member)
    if isinstance(member, Compare) or alone:
        return said
    return Bilingual(f"({said.fr})", f"({said.en})")


def _compare(compare: Compare) -> Bilingual:
    if all(isinstance(value, bool) for value in compare.values) and compare.values:
        wanted = {bool(value) for value in compare.values}
        if compare.operator is Operator.IS_NOT:
            wanted = {True, False} - wanted
        return joined([yes_or_no(compare.field, is_so=one) for one in sorted(wanted)] or [_ALWAYS], " ou ", " or ")
    name = _NAMES[compare.field]
    match compare.operator:
        case Operator.IS | Operator.IS_NOT:
            is_ = Bilingual("est", "is") if compare.operator is Operator.IS else Bilingual("n'est pas", "is not")
            values = joined([_value(compare.field, value) for value in compare.values], " ou ", " or ")
            return Bilingual(f"{name.fr} {is_.fr} {values.fr}", f"{name.en} {is_.en} {values.en}")
        case _:
            return _hour(compare)


def _hour(compare: Compare) -> Bilingual:
    first, last = (time_in_words(int(value)) for value in (compare.values[0], compare.values[-1]))
    match compare.operator:
        case Operator.BETWEEN:
            return Bilingual(f"il est entre {first.fr} et {last.fr}", f"it is between {first.en} and {last.en}")
        case Operator.NOT_BETWEEN:
            fr = f"il n'est pas entre {first.fr} et {last.fr}"
            return Bilingual(fr, f"it is not between {first.en} and {last.en}")
        case Operator.BEFORE:
            return Bilingual(f"il est avant {first.fr}", f"it is before {first.en}")
        case _:
            return Bilingual(f"il est {first.fr} ou plus tard", f"it is {first.en} or later")


def _value(field: Field, value: Value) -> Bilingual:
    if field is Field.DAY and isinstance(value, int):
        return DAYS[value]
    known = _VALUES.get(value) if field is not Field.INTENT else None
    return known or Bilingual(f"« {value} »", f"'{value}'")
