import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.decision import Outcome
from guichet.routing.document import FlawedDocument
from guichet.routing.hours import Range
from guichet.routing.rule_book import RuleBook
from guichet.routing.rule_warnings import warnings
from tests.routing.books import BOOK, LINE, book_with, read

ENGLISH = """\
territory: reunion
hours:
  desk: {Monday-Friday: "8:30-12:00", public holidays: closed}
closures:
  - {from: 24/12/2026 12:00, to: 2026-12-26, reason: {fr: fêtes, en: holidays}}
queues:
  - {name: desk, target: 45 min, matters: agent_humain}
lines:
  - name: main
    number: 0262 12 34 56
    language: English
    fallback: 0262 12 34 57
    greeting: {fr: Bonjour., en: Hello.}
rules:
  - name: A call before ten
    if:
      any:
        - {field: hour, operator: before, value: "10:00"}
        - none: [{caller known: no}, {day: Saturday to Sunday}]
    then: agent
    target: 15 min
default: {then: callback, queue: desk}
emergency: {queue: desk, priority: 90}
messages:
  closed: {fr: "Fermé. Ouvre {ouverture}.", en: "Closed. Opens {opening}."}
"""


def flaws(text: str) -> list[tuple[int, int, str]]:
    with pytest.raises(FlawedDocument) as caught:
        RuleBook.parse(text)
    return [(flaw.line, flaw.column, flaw.text.fr) for flaw in caught.value.flaws]


def test_the_packaged_book_can_be_used_and_has_no_warning() -> None:
    book = RuleBook.load()
    assert warnings(book) == ()
    assert len(book.lines) == 3
    assert {line.language for line in book.lines} == {Language.FR, Language.EN}


def test_the_packaged_book_covers_every_reference_intent() -> None:
    book = RuleBook.load()
    reference = """etat_civil_acte identite_titre inscription_scolaire cantine_periscolaire paiement_facture
        creche_petite_enfance urbanisme_permis voirie_signalement dechets_encombrants logement_social aide_sociale
        apa_personne_agee handicap_mdph elections_liste mariage_pacs cimetiere_concession associations_salle
        emploi_stage police_municipale_nuisance eau_assainissement transport_scolaire suivi_dossier rendez_vous
        horaires_adresse reclamation agent_humain urgence_danger aide_numerique"""
    assert warnings(book, reference.split()) == ()


def test_a_book_says_the_same_in_english_keys() -> None:
    book = RuleBook.parse(ENGLISH)
    line = book.line(PhoneNumber("+262262123456"))
    assert line is not None
    assert (line.language, line.fallback) == (Language.EN, PhoneNumber("+262262123457"))
    assert str(book.calendar.zone) == "Indian/Reunion"
    assert book.hours["desk"].week == (*[(Range(510, 720),)] * 5, (), ())
    assert book.rules[0].outcome is Outcome.AGENT
    assert book.queue_of("agent_humain") == book.queues["desk"]
    assert book.emergency.priority == 90


def test_the_version_is_that_of_the_text() -> None:
    assert read().version == read().version
    assert (
        RuleBook.parse(BOOK.replace("#RULES", "  []")).version
        != RuleBook.parse(BOOK.replace("#RULES", "  [ ]")).version
    )
    assert len(read().version) == 12


def test_every_error_is_told_at_once_with_its_place_and_what_would_be_right() -> None:
    text = (
        BOOK.replace("8:30-12:00", "8:30/12:00")
        .replace("01 99 00 10 10", "12")
        .replace("objectif: 2 h", "objectif: bientôt")
        .replace("#RULES", "  - {nom: A, si: {demmande: x}, alors: rapel, file: acueil}")
    )
    lines = text.splitlines()
    assert [(lines[line - 1][column - 1 :].split(",")[0], said) for line, column, said in flaws(text)] == [
        ("8:30/12:00", "plage horaire illisible ; écrivez « 8:30-12:00 », « 0:00-24:00 » ou « fermé »"),
        ("bientôt", "durée illisible ; écrivez « 30 min » ou « 4 h »"),
        ("12", "numéro de téléphone inexact ; écrivez « 01 99 00 12 34 » ou « +33199001234 »"),
        ("demmande: x}", "champ inconnu « demmande » ; vouliez-vous « demande » ?"),
        ("rapel", "suite inconnue « rapel » ; vouliez-vous « rappel » ?"),
        ("acueil}", "file inconnue « acueil » ; vouliez-vous « accueil » ?"),
    ]


@pytest.mark.parametrize(
    ("written", "instead", "said"),
    [
        ("lundi-vendredi", "lundo", "jour inconnu"),
        ("[8:30-12:00, 13:30-17:30]", "[8:30-14:00, 13:30-17:30]", "se chevauchent"),
        ("tous les jours: 20:00-6:00", "{lundi: 8-9, lundi-mardi: 8-9}", "donné deux fois"),
        ("    horaires: mairie\n", "", "il manque « horaires »"),
        ("horaires: nuit", "horaires: nuits", "vouliez-vous « nuit »"),
        ("[aide_sociale]", "{a: b}", "un texte simple"),
        ("langue: fr", "langue: breton", "langue inconnue"),
        ("{fr: Bonjour., en: Hello.}", "{fr: Bonjour.}", "il manque le texte en anglais"),
        ("{fr: Bonjour., en: Hello.}", "Bonjour.", "en deux langues"),
        ("{fr: Bonjour., en: Hello.}", '{fr: "Bonjour {nom}.", en: Hello.}', "champ à remplir inconnu {nom}"),
        ("nom: social", "nom: accueil", "est déjà pris ligne 7"),
        ("nom: social", "nom: Action sociale", "écrivez-le « action_sociale »"),
        ("[aide_sociale]", "[agent_humain]", "est déjà pris ligne 7"),
        ("priorite: 5", "priorite: 500", "de 0 à 100"),
        ("defaut: {alors: rappel, file: accueil}", "", "il manque la partie « defaut »"),
        ("alors: rappel, file: accueil", "alors: rappel", "il manque « file »"),
        ("alors: rappel", "alors: reponse", "il manque le texte de la réponse"),
        ("horaires:\n", "fuseau: Europe/Pari\nhoraires:\n", "fuseau horaire inconnu"),
        ("horaires:\n", "fuseau: ../etc/passwd\nhoraires:\n", "fuseau horaire inconnu"),
        ("horaires:\n", "territoire: bretagne\nhoraires:\n", "territoire inconnu"),
        ("horaires:\n", "fermetures: [{le: demain}]\nhoraires:\n", "date illisible"),
        ("horaires:\n", "fermetures: [{du: 2026-01-02}]\nhoraires:\n", "« du » et « au »"),
        ("horaires:\n", "fermetures: [{du: 2026-01-02, au: 2025-01-01}]\nhoraires:\n", "finit avant de commencer"),
    ],
)
def test_each_mistake_is_named_in_its_own_words(written: str, instead: str, said: str) -> None:
    text = book_with("").replace(written, instead, 1)
    assert text != book_with("")
    assert any(said in flaw for _, _, flaw in flaws(text)), flaws(text)


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("{ouvert: peut-être}", "on peut écrire : oui, non"),
        ("{heure: 8:30}", "écrivez des heures comme"),
        ("{champ: heure, operateur: est, valeur: 8:30}", "les opérateurs sont entre"),
        ("{champ: demande, operateur: avant, valeur: 8:30}", "ne valent que pour l'heure"),
        ("{champ: demande, valeur: []}", "au moins une valeur"),
        ("{champ: demande}", "« champ », « operateur » et « valeur »"),
        ("{champ: demande, operateur: contient, valeur: a}", "opérateur inconnu"),
        ("{demande: Acte de naissance}", "vouliez-vous « acte_de_naissance »"),
        ("{ligne: standart}", "vouliez-vous « standard »"),
        ("{jour: lundu}", "jour inconnu"),
        ("{tous: []}", "est vide"),
        ("[[[[[[[[{ouvert: oui}]]]]]]]]", "trop imbriquées"),
        ("oui", "« champ: valeur »"),
    ],
)
def test_each_mistake_in_a_condition_is_named_in_its_own_words(condition: str, said: str) -> None:
    found = flaws(book_with(f"- {{nom: A, si: {condition}, alors: rappel}}"))
    assert len(found) == 1
    assert said in found[0][2]


def test_what_is_no_yaml_is_told_with_its_place() -> None:
    (line, column, said) = flaws("horaires: [1, 2\nlignes: x\n")[0]
    assert (line, column, said) == (1, 11, "« [ » n'est pas refermé par « ] »")


@given(st.text(max_size=80))
def test_any_text_is_a_book_or_a_list_of_flaws(text: str) -> None:
    try:
        RuleBook.parse(text)
    except FlawedDocument as error:
        assert error.flaws  # noqa: PT017 - either outcome is right, nothing else is


@given(st.integers(0, len(BOOK)), st.integers(0, 6), st.text("[]{}:,-*&!'\" \nax0", max_size=4))
def test_a_book_mangled_anywhere_is_a_book_or_a_list_of_flaws(at: int, cut: int, put: str) -> None:
    whole = book_with("- {nom: A, si: {demande: a, un_des: [{heure: 8-9}, {jour: lundi}]}, alors: rappel}")
    try:
        RuleBook.parse(whole[:at] + put + whole[at + cut :])
    except FlawedDocument as error:
        assert error.flaws  # noqa: PT017 - either outcome is right, nothing else is


def test_a_line_is_found_by_its_number() -> None:
    line = read().line(LINE)
    assert line is not None
    assert line.name == "standard"
    assert read().line(PhoneNumber("+33199009999")) is None
