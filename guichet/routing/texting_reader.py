"""Reads the rules of texts of a rule book: the part `sms`. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial

from guichet.core.language import Bilingual
from guichet.routing.document import Flaws, Item, key_name
from guichet.routing.name_reader import keys, minutes, name_of, names_of, needed
from guichet.routing.rule import Place
from guichet.routing.text_reader import bilingual
from guichet.routing.texting import MILLIONTHS, Flood, Price, SurveyRules, Template, TextRules

TEMPLATE_BLANKS = ("reference", "demande", "matter", "ligne", "line")
"""Filled with the request's reference, the name of its matter, and the number of ours that citizens may call."""

_TEXTS = keys(
    price="prix", prices="prix_par_pays", rate="cadence", flood="afflux", templates="modeles", survey="sondage"
)
_FLOOD = keys(answers="reponses", within="duree")
_TEMPLATE = keys(name="nom", label="libelle", intents="demandes", text="texte")
_SURVEY = keys(after="apres", days="jours", channels="canaux", queues="files", intents="demandes")
_CHANNELS = {"voix": "voice", "voice": "voice", "sms": "sms"}
_NOTHING = ("aucun", "aucune", "non", "none", "no")
_PRICE = re.compile(r"(\d{1,3})(?:[.,](\d{1,6}))? ?([A-Za-z]{3}|€|\$|£)")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}
_CODE = re.compile(r"\+?([1-9]\d{0,3})")
MOST_ANSWERS = 1000
FASTEST = 1000
MOST_DAYS = 3650


@dataclass(frozen=True, slots=True)
class TextRulesReader:
    """Reads the rules of texts; notes every flaw and gives what could be read."""

    flaws: Flaws
    queues: Collection[str]

    def read(self, item: Item | None) -> TextRules:
        """Read them; what is not given is as usual."""
        usual = TextRules()
        if item is None:
            return usual
        attempt = self.flaws.attempt
        fields = attempt(lambda: item.fields(_TEXTS, self.flaws), {})
        return TextRules(
            price=attempt(lambda: _price(fields["price"]), None) if "price" in fields else None,
            prices=self._prices(fields.get("prices")),
            parts_a_second=attempt(lambda: _rate(fields.get("rate")), usual.parts_a_second),
            flood=attempt(lambda: self._flood(fields.get("flood")), usual.flood),
            templates=self._templates(fields.get("templates")),
            survey=attempt(lambda: self._survey(fields.get("survey")), usual.survey),
        )

    def _prices(self, item: Item | None) -> Mapping[str, Price]:
        found: dict[str, Price] = {}
        for code, price in self.flaws.attempt(lambda: list(item.pairs()), []) if item else []:
            country = _CODE.fullmatch(code.text())
            if country is None:
                self.flaws.add(code.flaw("un indicatif de pays s'écrit +33", "a country code is written +33"))
                continue
            read = self.flaws.attempt(partial(_price, price), None)
            if read is not None:
                found[country[1]] = read
        return found

    def _flood(self, item: Item | None) -> Flood:
        usual = Flood()
        if item is None:
            return usual
        fields = item.fields(_FLOOD, self.flaws)
        said = (f"un nombre de réponses va de 1 à {MOST_ANSWERS}", f"a number of answers goes from 1 to {MOST_ANSWERS}")
        answers = _number(fields["answers"], 1, MOST_ANSWERS, said) if "answers" in fields else usual.answers
        return Flood(answers, minutes(fields.get("within")) or usual.minutes)

    def _templates(self, item: Item | None) -> tuple[Template, ...]:
        found: dict[str, Template] = {}
        for each in self.flaws.attempt(item.items, []) if item else []:
            template = self.flaws.attempt(partial(self._template, each), None)
            if template is not None and template.name in found:
                said = f"{template.name} est déjà pris plus haut", f"{template.name} is already taken above"
                self.flaws.add(each.flaw(*said))
            elif template is not None:
                found[template.name] = template
        return tuple(found.values())

    def _template(self, item: Item) -> Template:
        fields = item.fields(_TEMPLATE, self.flaws)
        name = name_of(needed(item, fields, "name", "nom"))
        text = bilingual(needed(item, fields, "text", "texte"), TEMPLATE_BLANKS)
        label = bilingual(fields["label"]) if "label" in fields else Bilingual(name, name)
        intents = names_of(fields["intents"]) if "intents" in fields else frozenset[str]()
        return Template(name, label, text, intents, Place(item.line, item.column))

    def _survey(self, item: Item | None) -> SurveyRules:
        usual = SurveyRules()
        if item is None or (item.is_text and key_name(item.text()) in _NOTHING):
            return usual
        fields = item.fields(_SURVEY, self.flaws)
        said = (f"un nombre de jours va de 1 à {MOST_DAYS}", f"a number of days goes from 1 to {MOST_DAYS}")
        asked = replace(usual, ask=True, after_minutes=minutes(fields.get("after")) or usual.after_minutes)
        return replace(
            asked,
            days=_number(fields["days"], 1, MOST_DAYS, said) if "days" in fields else usual.days,
            channels=self._channels(fields["channels"]) if "channels" in fields else usual.channels,
            queues=self._queues(fields["queues"]) if "queues" in fields else usual.queues,
            intents=names_of(fields["intents"]) if "intents" in fields else usual.intents,
        )

    @staticmethod
    def _channels(item: Item) -> frozenset[str]:
        unknown = Bilingual("canal inconnu", "unknown channel")
        return frozenset(each.one_of(_CHANNELS, unknown) for each in (item.items() if item.is_list else [item]))

    def _queues(self, item: Item) -> frozenset[str]:
        queues, unknown = {queue: queue for queue in self.queues}, Bilingual("file inconnue", "unknown queue")
        return frozenset(each.one_of(queues, unknown) for each in (item.items() if item.is_list else [item]))


def _price(item: Item) -> Price:
    found = _PRICE.fullmatch(item.text())
    if found is None:
        raise item.wrong("prix illisible ; écrivez « 0,0725 EUR »", "unreadable price; write '0.0725 EUR'")
    whole, part, currency = found.groups()
    millionths = int(Decimal(f"{whole}.{part or 0}") * MILLIONTHS)
    return Price(millionths, _SIGNS.get(currency, currency.upper()))


def _rate(item: Item | None) -> int:
    """Read how many parts a second go from one number; `aucune` is no limit of ours."""
    if item is None:
        return TextRules().parts_a_second
    if key_name(item.text()) in _NOTHING:
        return 0
    said = (f"des parties par seconde : de 1 à {FASTEST}", f"parts a second: from 1 to {FASTEST}")
    return _number(item, 1, FASTEST, said)


def _number(item: Item, least: int, most: int, said: tuple[str, str]) -> int:
    value = item.parsed(int, *said)
    if not least <= value <= most:
        raise item.wrong(*said)
    return value
