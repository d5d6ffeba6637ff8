import pytest

from guichet.core.language import Bilingual
from guichet.routing.condition_in_words import condition_in_words
from guichet.routing.conditions import comparisons
from guichet.routing.rule_book import SAMPLE, RuleBook
from guichet.routing.rule_differences import differences
from tests.routing.books import BOOK, book_with, read

TEXT = SAMPLE.read_text(encoding="utf-8")
ONE = "- {nom: Une, si: {demande: aide_sociale, ouvert: oui}, alors: agent}"
TWO = "- {nom: Deux, si: {canal: sms}, alors: rappel}"
THREE = "- {nom: Trois, si: {jour: [lundi, mardi]}, alors: rappel}"


def changed(*replacements: tuple[str, str], text: str = TEXT) -> tuple[Bilingual, ...]:
    """Return the differences that changes to a text make."""
    after = text
    for old, new in replacements:
        assert old in after
        after = after.replace(old, new, 1)
    return differences(RuleBook.parse(text), RuleBook.parse(after))


def rules(*written: str) -> RuleBook:
    """Return the small book with these rules."""
    return read("\n".join(written))


def test_a_book_does_not_differ_from_itself() -> None:
    assert changed() == ()
    assert changed(("territoire: metropole        # les", "territoire: metropole # quels")) == ()


@pytest.mark.parametrize(
    ("old", "new", "fr", "en"),
    [
        ("objectif: 2 h\n    priorite: 10\n    demandes", "objectif: 90\n    priorite: 10\n    demandes",
         "file « social » : objectif : 2 heures → 1 heure 30", "queue 'social': target: 2 hours → 1 hour 30 minutes"),
        ("demandes: [aide_sociale, ", "demandes: [carte_bus, aide_sociale, ",
         "file « social » : demandes : ajout de carte_bus", "queue 'social': matters: with carte_bus"),
        ("demandes: [aide_sociale, ", "demandes: [",
         "file « social » : demandes : retrait de aide_sociale", "queue 'social': matters: without aide_sociale"),
        ("    samedi: 9:00-12:00", "    samedi: fermé", "horaires « mairie » : semaine : ", "hours 'mairie': week: "),
        ("    jours fériés: fermé", "    jours fériés: 9:00-12:00",
         "horaires « mairie » : jours fériés : fermé → de 9 heures à midi",
         "hours 'mairie': public holidays: closed → from 9 am to noon"),
        ("fuseau: Europe/Paris", "fuseau: Indian/Reunion",
         "livre : fuseau horaire : Europe/Paris → Indian/Reunion", "book: time zone: Europe/Paris → Indian/Reunion"),
        ("    motif: {fr: fêtes de fin d'année, en: end-of-year holidays}", "    motif: {fr: grève, en: strike}",
         "livre : fermetures : ajout de du 24/12/2026 12:00 au 27/12/2026 00:00 (grève)",
         "book: closures: with from 24/12/2026 12:00 to 27/12/2026 00:00 (strike)"),
        ("    secours: 01 99 00 10 99", "    secours: 01 99 00 10 98",
         "ligne « accueil » : secours : +33199001099 → +33199001098",
         "line 'accueil': fallback: +33199001099 → +33199001098"),
        ("  essais: 4", "  essais: 5", "rappels : essais : 4 → 5", "callbacks: tries: 4 → 5"),
        ("occupe: [5 min,", "occupe: [6 min,", "rappels : délais si occupé : 5 minutes, 15 minutes, 1 heure → 6",
         "callbacks: delays when busy: 5 minutes, 15 minutes, 1 hour → 6"),
        ("urgence:\n  file: tranquillite\n  priorite: 100", "urgence:\n  file: tranquillite\n  priorite: 99",
         "urgence : priorité : 100 → 99", "emergency: priority: 100 → 99"),
        ("defaut:\n  alors: rappel", "defaut:\n  alors: agent",
         "suite par défaut : suite : rappel → agent", "default outcome: outcome: callback → agent"),
        ("Nos services sont fermés.", "C'est fermé.", "messages : fermé : « Nos services", "messages: closed: « Nos"),
        ("URGENCE : appelez le 112", "Appelez le 112", "messages : urgence : ", "messages: emergency: "),
    ],
)  # fmt: skip
def test_every_part_is_told_when_it_changes(old: str, new: str, fr: str, en: str) -> None:
    told = changed((old, new))
    assert [one for one in told if one.fr.startswith(fr) and one.en.startswith(en)], told


def test_rules_that_come_go_and_change_are_told() -> None:
    old, new = rules(ONE, TWO), rules(ONE.replace("oui", "non"), THREE)
    assert [one.fr for one in differences(old, new)] == [
        "règle « Deux » : n'existe plus",
        (
            "règle « Une » : conditions : la demande est « aide_sociale » et le guichet est ouvert → "
            "la demande est « aide_sociale » et le guichet est fermé"
        ),
        (
            "règle « Trois » : ajout : conditions : le jour est lundi ou mardi ; suite : rappel ; file : celle de la "
            "demande ; priorité : d'office ; objectif : d'office ; réponse : rien"
        ),
    ]


def test_a_rule_that_moves_is_told_alone() -> None:
    old, new = rules(ONE, TWO, THREE), rules(THREE, ONE, TWO)
    assert [one.en for one in differences(old, new)] == ["rule 'Trois': comes first now"]
    later = rules(TWO, ONE, THREE)
    assert len(differences(old, later)) == 1


def test_conditions_are_said_in_both_languages_with_their_brackets() -> None:
    rule = """\
- nom: Toutes
  si:
    tous:
      - un_des: [{veut_agent: oui}, {demande: agent_humain}]
      - aucun: [{langue: en}, {champ: heure, operateur: avant, valeur: 9:00}]
      - {champ: heure, operateur: entre, valeur: 8:30-12:00}
      - {champ: certitude, operateur: n_est_pas, valeur: sure}
  alors: rappel"""
    (only,) = RuleBook.parse(book_with(rule, BOOK)).rules
    said = condition_in_words(only.condition)
    assert said.fr == (
        "(la personne demande un agent ou la demande est « agent_humain ») et (rien de ceci : la langue est "
        "l'anglais ; il est avant 9 heures) et il est entre 8 heures 30 et midi et l'identité n'est pas sûre"
    )
    assert said.en == (
        "(the person asks for an agent or the matter is 'agent_humain') and (none of this: the language is English; "
        "it is before 9 am) and it is between 8:30 am and noon and the identity is not sure"
    )


def test_every_comparison_of_the_sample_is_said() -> None:
    for rule in RuleBook.parse(TEXT).rules:
        said = condition_in_words(rule.condition)
        for compare in comparisons(rule.condition):
            for value in compare.values:
                assert isinstance(value, bool) or str(value) in said.fr
