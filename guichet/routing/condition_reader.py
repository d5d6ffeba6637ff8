"""Reads conditions as a supervisor writes them, in French or English. Pure.

Three ways to write, to be mixed freely; what stands together must all hold:

    si:
      demande: [etat_civil_acte, mariage_pacs]      # short: the field is (one of) these values
      un_des:                                       # groups: tous, un_des, aucun (all, any, none)
        - ouvert: oui
        - {champ: heure, operateur: avant, valeur: 8:30}   # long: field, operator, value
"""

from collections.abc import Mapping
from dataclasses import dataclass

from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.routing.conditions import ALWAYS, Compare, Condition, Group, Operator, Quantifier, Value
from guichet.routing.document import FlawedDocument, Flaws, Item, key_name
from guichet.routing.hours import DAY_MINUTES
from guichet.routing.time_reader import days, minutes_of_day, range_of_day
from guichet.routing.view import Field

Numbers = Mapping[str, PhoneNumber]
"""The lines' numbers by the lines' names."""

DEEPEST = 6
"""Groups inside groups; nobody reads deeper."""

QUANTIFIERS = {
    "tous": Quantifier.ALL,
    "toutes": Quantifier.ALL,
    "all": Quantifier.ALL,
    "un_des": Quantifier.ANY,
    "une_des": Quantifier.ANY,
    "any": Quantifier.ANY,
    "aucun": Quantifier.NONE,
    "aucune": Quantifier.NONE,
    "none": Quantifier.NONE,
}
FIELDS = {
    "demande": Field.INTENT,
    "matter": Field.INTENT,
    "intent": Field.INTENT,
    "langue": Field.LANGUAGE,
    "language": Field.LANGUAGE,
    "canal": Field.CHANNEL,
    "channel": Field.CHANNEL,
    "certitude": Field.CERTAINTY,
    "certainty": Field.CERTAINTY,
    "ligne": Field.LINE,
    "line": Field.LINE,
    "ouvert": Field.OPEN,
    "open": Field.OPEN,
    "agents_libres": Field.AGENTS_FREE,
    "agent_libre": Field.AGENTS_FREE,
    "agents_free": Field.AGENTS_FREE,
    "veut_agent": Field.WANTS_AGENT,
    "wants_agent": Field.WANTS_AGENT,
    "appelant_connu": Field.CALLER_KNOWN,
    "personne_connue": Field.CALLER_KNOWN,
    "caller_known": Field.CALLER_KNOWN,
    "heure": Field.HOUR,
    "hour": Field.HOUR,
    "jour": Field.DAY,
    "day": Field.DAY,
}
OPERATORS = {
    "est": Operator.IS,
    "is": Operator.IS,
    "parmi": Operator.IS,
    "in": Operator.IS,
    "n_est_pas": Operator.IS_NOT,
    "is_not": Operator.IS_NOT,
    "pas_parmi": Operator.IS_NOT,
    "not_in": Operator.IS_NOT,
    "entre": Operator.BETWEEN,
    "between": Operator.BETWEEN,
    "pas_entre": Operator.NOT_BETWEEN,
    "not_between": Operator.NOT_BETWEEN,
    "avant": Operator.BEFORE,
    "before": Operator.BEFORE,
    "a_partir_de": Operator.FROM,
    "from": Operator.FROM,
}
_LONG = {
    "champ": "field",
    "field": "field",
    "operateur": "operator",
    "operator": "operator",
    "valeur": "value",
    "value": "value",
}
_YES_NO = {
    "oui": True,
    "yes": True,
    "vrai": True,
    "true": True,
    "non": False,
    "no": False,
    "faux": False,
    "false": False,
}
LANGUAGES = {
    "fr": Language.FR,
    "francais": Language.FR,
    "french": Language.FR,
    "en": Language.EN,
    "anglais": Language.EN,
    "english": Language.EN,
}
_CHANNELS = {"voix": "voice", "voice": "voice", "appel": "voice", "call": "voice", "sms": "sms", "texte": "sms"}
_CERTAINTIES = {
    "sure": "sure",
    "a_verifier": "check",
    "check": "check",
    "inconnue": "unknown",
    "unknown": "unknown",
}
_YES_NO_WORDS = (_YES_NO, Bilingual("répondez par oui ou non ; ici :", "answer yes or no; here:"))
_LANGUAGE_WORDS = (LANGUAGES, Bilingual("langue inconnue", "unknown language"))
_WORDS: dict[Field, tuple[Mapping[str, Value], Bilingual]] = {
    Field.OPEN: _YES_NO_WORDS,
    Field.AGENTS_FREE: _YES_NO_WORDS,
    Field.WANTS_AGENT: _YES_NO_WORDS,
    Field.CALLER_KNOWN: _YES_NO_WORDS,
    Field.LANGUAGE: _LANGUAGE_WORDS,
    Field.CHANNEL: (_CHANNELS, Bilingual("canal inconnu", "unknown channel")),
    Field.CERTAINTY: (_CERTAINTIES, Bilingual("certitude inconnue", "unknown certainty")),
}
_UNKNOWN_FIELD = Bilingual("champ inconnu", "unknown field")
_HOUR_OPERATORS = frozenset({Operator.BETWEEN, Operator.NOT_BETWEEN, Operator.BEFORE, Operator.FROM})


def language(item: Item) -> Language:
    """Read a language."""
    return item.one_of(*_LANGUAGE_WORDS)


@dataclass(frozen=True, slots=True)
class ConditionReader:
    """Reads conditions, noting every flaw; a condition that cannot be read counts as always true."""

    flaws: Flaws
    numbers: Numbers

    def read(self, item: Item, depth: int = 0) -> Condition:
        """Read a list (all must hold) or a mapping (each of its lines must hold)."""
        if depth > DEEPEST:
            self.flaws.add(item.flaw("conditions trop imbriquées", "conditions nested too deep"))
            return ALWAYS
        if item.is_list:
            return _all([self.read(each, depth + 1) for each in item.items()])
        pairs = self.flaws.attempt(lambda: list(item.pairs()), [])
        if any(key_name(key.text()) in _LONG for key, _ in pairs):
            return self.flaws.attempt(lambda: self._long(item), ALWAYS)
        return _all([self._short(key, value, depth) for key, value in pairs])

    def _short(self, key: Item, value: Item, depth: int) -> Condition:
        quantifier = QUANTIFIERS.get(key_name(key.text()))
        if quantifier is None:
            return self.flaws.attempt(lambda: self._compare(_field(key), None, value), ALWAYS)
        if not value.is_list:
            return Group(quantifier, (self.read(value, depth + 1),))
        members = tuple(self.read(each, depth + 1) for each in value.items())
        if not members:
            self.flaws.add(value.flaw("cette liste de conditions est vide", "this list of conditions is empty"))
        return Group(quantifier, members)

    def _long(self, item: Item) -> Condition:
        fields = item.fields(_LONG)
        missing = [name for name in ("field", "value") if name not in fields]
        if missing:
            raise item.wrong(
                "une condition a « champ », « operateur » et « valeur »",
                "a condition has 'field', 'operator' and 'value'",
            )
        operator = None
        if "operator" in fields:
            operator = fields["operator"].one_of(OPERATORS, Bilingual("opérateur inconnu", "unknown operator"))
        return self._compare(_field(fields["field"]), operator, fields["value"])

    def _compare(self, field: Field, operator: Operator | None, value: Item) -> Compare:
        if field is Field.HOUR:
            return _hour(operator or Operator.BETWEEN, value)
        operator = operator or Operator.IS
        if operator in _HOUR_OPERATORS:
            raise value.wrong(
                "entre, avant et a_partir_de ne valent que pour l'heure ; écrivez « est » ou « n_est_pas »",
                "between, before and from are for the hour only; write 'is' or 'is_not'",
            )
        written = value.items() if value.is_list else [value]
        if not written:
            raise value.wrong("il faut au moins une valeur", "at least one value is needed")
        return Compare(field, operator, tuple(one for each in written for one in self._values(field, each)))

    def _values(self, field: Field, item: Item) -> tuple[Value, ...]:
        if field is Field.DAY:
            return item.parsed(
                days, "jour inconnu ; écrivez « lundi » ou « lundi-vendredi »", "unknown day; write 'Monday-Friday'"
            )
        if field is Field.LINE:
            return (self._line(item),)
        if field is Field.INTENT:
            return (_intent(item),)
        words, unknown = _WORDS[field]
        return (item.one_of(words, unknown),)

    def _line(self, item: Item) -> str:
        named = self.numbers.get(item.text()) or PhoneNumber.maybe(item.text())
        if named is None or named not in self.numbers.values():
            raise FlawedDocument(
                [item.unknown(item.text(), list(self.numbers), Bilingual("ligne inconnue", "unknown line"))]
            )
        return named.e164


def _all(members: list[Condition]) -> Condition:
    return members[0] if len(members) == 1 else Group(Quantifier.ALL, tuple(members))


def _field(item: Item) -> Field:
    return item.one_of(FIELDS, _UNKNOWN_FIELD)


def _intent(item: Item) -> str:
    name = item.text()
    if not name or key_name(name) != name:
        raise item.wrong(
            f"nom de demande mal écrit ; vouliez-vous « {key_name(name)} » ?",
            f"badly written matter; did you mean '{key_name(name)}'?",
        )
    return name


def _hour(operator: Operator, value: Item) -> Compare:
    if operator in {Operator.BETWEEN, Operator.NOT_BETWEEN}:
        between = value.parsed(
            range_of_day, "écrivez des heures comme « 8:30-12:00 »", "write hours such as '8:30-12:00'"
        )
        return Compare(Field.HOUR, operator, (between.start, between.end % DAY_MINUTES or DAY_MINUTES))
    if operator in {Operator.BEFORE, Operator.FROM}:
        moment = value.parsed(minutes_of_day, "écrivez une heure comme « 8:30 »", "write a time such as '8:30'")
        return Compare(Field.HOUR, operator, (moment,))
    raise value.wrong(
        "pour l'heure, les opérateurs sont entre, pas_entre, avant et a_partir_de",
        "for the hour, the operators are between, not_between, before and from",
    )
