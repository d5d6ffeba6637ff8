"""The parts of a rule book about texts, reminders, calls given up and relay services: read, or refused."""

import pytest

from guichet.core.phone import PhoneNumber
from guichet.routing.document import FlawedDocument
from guichet.routing.following import AbandonRules, Following, ReminderRules
from guichet.routing.relays import RelayRules
from guichet.routing.rule_book import RuleBook
from guichet.routing.texting import Flood, Price, SurveyRules, TextRules
from guichet.sms.book_texts import dear_texts
from tests.callbacks.world import BOOK

FRENCH = """
sms:
  prix: 0,0725 EUR
  prix_par_pays: {+33: "0,05 €", "1": "0,0079 USD"}
  cadence: 3
  afflux: {reponses: 5, duree: 30 min}
  sondage: {apres: 1 h, jours: 60, canaux: [voix], files: social, demandes: [logement_social]}
  modeles:
    - nom: pret
      libelle: {fr: Prêt, en: Ready}
      demandes: etat_civil_acte
      texte: {fr: "Demande {reference} : prêt.", en: "Request {reference}: ready."}
relances: {toutes_les: 2, priorite: 15, au_plus: 40}
abandons: {relancent: non, ouvrent: oui}
relais: {numeros: ["01 99 00 99 99"], entetes: [X-Relay]}
"""
ENGLISH = """
sms:
  price: 0.0725 EUR
  prices: {"33": 0.05 EUR, "+1": "0.0079 usd"}
  rate: 3
  flood: {answers: 5, within: 30 min}
  survey: {after: 1 h, days: 60, channels: [voice], queues: [social], intents: logement_social}
  templates:
    - name: pret
      label: {fr: Prêt, en: Ready}
      intents: [etat_civil_acte]
      text: {fr: "Demande {reference} : prêt.", en: "Request {reference}: ready."}
reminders: {every: 2, priority: 15, most: 40}
abandoned: {join: no, open: yes}
relays: {numbers: "01 99 00 99 99", headers: x-relay}
"""


@pytest.mark.parametrize("part", [FRENCH, ENGLISH], ids=["French", "English"])
def test_the_same_is_said_in_either_language(part: str) -> None:
    book = RuleBook.parse(BOOK + part)
    texts = book.texts
    assert (texts.price, texts.parts_a_second, texts.flood) == (Price(72_500, "EUR"), 3, Flood(5, 30))
    assert texts.prices == {"33": Price(50_000, "EUR"), "1": Price(7_900, "USD")}
    assert [(one.name, one.label.en, one.intents) for one in texts.templates] == [
        ("pret", "Ready", frozenset({"etat_civil_acte"}))
    ]
    voice, social, housing = frozenset({"voice"}), frozenset({"social"}), frozenset({"logement_social"})
    assert texts.survey == SurveyRules(
        ask=True, after_minutes=60, days=60, channels=voice, queues=social, intents=housing
    )
    assert book.following == Following(ReminderRules(2, 15, 40), AbandonRules(joins=False, opens=None))
    assert book.relays == RelayRules(frozenset({PhoneNumber("+33199009999")}), frozenset({"x-relay"}))


def test_what_is_not_said_is_as_usual() -> None:
    book = RuleBook.parse(BOOK)
    assert (book.texts, book.following, book.relays) == (TextRules(), Following(), RelayRules())
    assert not book.relays.recognise(None, frozenset())
    assert not book.texts.survey.includes("voice", "social", "x")


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("sms: {prix: cher}", "prix illisible"),
        ("sms: {prix_par_pays: {France: 1 EUR}}", "un indicatif de pays s'écrit +33"),
        ("sms: {cadence: 0}", "des parties par seconde"),
        ("sms: {afflux: {reponses: 0}}", "un nombre de réponses va de 1"),
        ("sms: {sondage: {jours: zut}}", "un nombre de jours"),
        ("sms: {sondage: {canaux: [pigeon]}}", "canal inconnu « pigeon »"),
        ("sms: {sondage: {files: [nulle]}}", "file inconnue « nulle »"),
        ("sms: {modeles: [{nom: a, texte: {fr: '{nom}', en: x}}]}", "champ à remplir inconnu {nom}"),
        ("sms: {modeles: [{nom: a}]}", "il manque « texte »"),
        ("sms: {modeles: [{nom: a, texte: {fr: x, en: x}}, {nom: a, texte: {fr: x, en: x}}]}", "a est déjà pris"),
        ("relances: {toutes_les: 0}", "un nombre de relances va de 1"),
        ("relances: {priorite: 101}", "une priorité va de 0 à 100"),
        ("abandons: {relancent: peut-être}", "ni oui ni non"),
        ("relais: {numeros: [personne]}", "numéro de téléphone illisible"),
        ("relais: {numero: []}", "clé inconnue « numero »"),
    ],
)
def test_each_mistake_is_told_in_its_place(part: str, said: str) -> None:
    with pytest.raises(FlawedDocument) as caught:
        RuleBook.parse(f"{BOOK}{part}\n")
    (flaw,) = caught.value.flaws
    assert said in flaw.text.fr
    assert flaw.line == BOOK.count("\n") + 1


def test_a_price_is_that_of_the_longest_country_code() -> None:
    rules = TextRules(Price(1, "EUR"), {"33": Price(2, "EUR"), "3": Price(3, "EUR")})
    found = [rules.price_to(number) for number in ("+33612345678", "+3461234567", "+442079460010")]
    assert [price.millionths if price else None for price in found] == [2, 3, 1]


def test_reminders_add_by_steps_up_to_the_most() -> None:
    rules = ReminderRules(every=2, priority=20, most=30)
    assert [rules.added_at(count) for count in range(8)] == [0, 0, 20, 0, 10, 0, 0, 0]
    assert not any(ReminderRules().added_at(count) for count in range(20))


def test_texts_of_more_than_one_part_are_told_with_what_makes_them_dear() -> None:
    part = """
sms:
  modeles:
    - nom: long
      texte: {fr: "%s", en: "Short."}
    - nom: court
      texte: {fr: "Un mot.", en: "A word."}
""".replace("%s", "Être prêt, " * 8)
    (flaw,) = dear_texts(RuleBook.parse(BOOK + part))
    assert flaw.text.fr == "le modèle « long » fait 2 parties (fr, 87 caractères), à cause de : Ê ê"
    assert flaw.line == BOOK.count("\n") + 4


def test_the_texts_of_the_sample_fit_one_part_each_but_for_opening_hours() -> None:
    names = [flaw.text.en for flaw in dear_texts(RuleBook.load())]
    assert [name for name in names if "template" in name] == []
