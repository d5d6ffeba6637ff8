from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.errors import BadInput, NotFound
from guichet.core.language import Language
from guichet.routing.document import FlawedDocument
from guichet.routing.intent import AGENT, DANGER
from guichet.routing.intent_book import IntentBook

REFERENCE = """etat_civil_acte identite_titre inscription_scolaire cantine_periscolaire paiement_facture
creche_petite_enfance urbanisme_permis voirie_signalement dechets_encombrants logement_social aide_sociale
apa_personne_agee handicap_mdph elections_liste mariage_pacs cimetiere_concession associations_salle emploi_stage
police_municipale_nuisance eau_assainissement transport_scolaire suivi_dossier rendez_vous horaires_adresse reclamation
agent_humain urgence_danger aide_numerique""".split()  # noqa: SIM905 - read as words, not as a list

SMALL = """
matieres:
  cimetiere:
    titre: {fr: Cimetière, en: Cemetery}
    exemples:
      fr: [renouveler une concession]
      en: [renew a burial plot]
    mots_cles: [tombe]
    sauf: [la neige tombe]
    reponse: {fr: Au 2e étage., en: On the second floor.}
    priorite: 3
hors_sujet: [quel temps fait-il]
"""


def flaws(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(FlawedDocument) as caught:
        IntentBook.parse(text)
    return [(flaw.line, flaw.text.fr, flaw.text.en) for flaw in caught.value.flaws]


def test_a_book_is_read_with_every_field() -> None:
    book = IntentBook.parse(SMALL)
    intent = book.intent("cimetiere")
    assert intent.title.en == "Cemetery"
    assert intent.examples == {
        Language.FR: ("renouveler une concession",),
        Language.EN: ("renew a burial plot",),
    }
    assert (intent.keywords, intent.unless, intent.priority) == (("tombe",), ("la neige tombe",), 3)
    assert intent.answer is not None
    assert intent.answer.fr == "Au 2e étage."
    assert book.out_of_scope == ("quel temps fait-il",)


def test_english_keys_give_the_same_book() -> None:
    english = SMALL
    for french, word in {
        "matieres": "intents",
        "titre": "title",
        "exemples": "examples",
        "mots_cles": "keywords",
        "sauf": "unless",
        "reponse": "answer",
        "priorite": "priority",
        "hors_sujet": "out_of_scope",
    }.items():
        english = english.replace(f"{french}:", f"{word}:")
    assert IntentBook.parse(english).intents == IntentBook.parse(SMALL).intents


def test_the_version_changes_with_the_text() -> None:
    assert IntentBook.parse(SMALL).version != IntentBook.parse(SMALL + "\n").version


def test_an_unknown_key_is_refused_at_its_line_with_the_right_word() -> None:
    (flaw,) = flaws(SMALL.replace("mots_cles", "motclés"))
    assert flaw[0] == 8
    assert "mots_cl" in flaw[1]
    assert "did you mean" in flaw[2]


def test_all_flaws_are_told_at_once() -> None:
    text = """
intents:
  Bad Name:
    title: {fr: a, en: b}
    examples: {fr: [x]}
  urgence_dangr:
    title: {fr: a, en: b}
    examples: {fr: [y]}
  no_title:
    examples: {fr: [z]}
  half:
    title: {fr: a}
    examples: {fr: [w]}
  loud:
    title: {fr: a, en: b}
    examples: {fr: [v]}
    priority: very
"""
    told = flaws(text)
    assert [line for line, _, _ in told] == [3, 6, 9, 12, 17]
    assert "urgence_danger" in told[1][1]
    assert "'no_title' has no 'title'" in told[2][2]
    assert "en:" in told[3][1]


def test_one_text_cannot_be_an_example_of_two_matters() -> None:
    text = """
intents:
  one: {title: {fr: a, en: b}, examples: {fr: [la même phrase]}}
  two: {title: {fr: a, en: b}, examples: {fr: [La même phrase]}}
"""
    (flaw,) = flaws(text)
    assert "one" in flaw[2]


@pytest.mark.parametrize("text", ["", "- a", "intents: {}", "intents: [a]", "hors_sujet: [a]", "intents: {a: 1}"])
def test_what_is_no_book_is_refused(text: str) -> None:
    assert flaws(text)


@given(st.text(alphabet="intes:{}[]-fr, \n'\"#é&*!|", max_size=80))
def test_any_text_is_a_book_or_is_refused(text: str) -> None:
    try:
        IntentBook.parse(text)
    except BadInput as error:
        assert str(error)  # noqa: PT017 - either is right


def test_a_missing_matter_is_not_found() -> None:
    book = IntentBook.parse(SMALL)
    assert book.find("rien") is None
    with pytest.raises(NotFound):
        book.intent("rien")


def test_the_sample_book_has_all_reference_matters_with_enough_examples() -> None:
    book = IntentBook.packaged()
    assert {intent.name for intent in book.intents} == set(REFERENCE)
    for intent in book.intents:
        assert len(intent.examples[Language.FR]) >= 20, intent.name
        assert len(intent.examples[Language.EN]) >= 8, intent.name
        assert intent.keywords, intent.name
    assert len(book.intent(DANGER).examples[Language.FR]) >= 80
    assert book.intent(DANGER).priority == max(intent.priority for intent in book.intents)
    assert book.intent(AGENT).answer is None


def test_the_sample_book_names_every_emergency_number() -> None:
    answer = IntentBook.packaged().intent(DANGER).answer
    assert answer is not None
    for number in ("112", "15", "17", "18", "114", "115", "3919", "3114"):
        assert number in answer.fr
        assert number in answer.en


def test_the_sample_book_is_packaged_with_the_code() -> None:
    assert (resources.files("guichet.routing") / "books" / "intents.yaml").is_file()


FOR_CHECKED = SMALL.replace("    priorite: 3\n", "    priorite: 3\n    pour: verifies\n")


def test_a_matter_is_for_everybody_or_for_checked_people() -> None:
    assert not IntentBook.parse(SMALL).is_for_checked("cimetiere")
    assert not IntentBook.parse(FOR_CHECKED.replace("verifies", "tous")).is_for_checked("cimetiere")
    for written in ("pour: verifies", "pour: Vérifiés", "for: checked"):
        book = IntentBook.parse(FOR_CHECKED.replace("pour: verifies", written))
        assert (book.is_for_checked("cimetiere"), book.for_checked) == (True, ("cimetiere",))
        assert not book.is_for_checked(None)
        assert not book.is_for_checked("piscine")


def test_what_nobody_knows_of_whom_a_matter_is_for_is_told_with_its_line() -> None:
    ((line, french, english),) = flaws(FOR_CHECKED.replace("pour: verifies", "pour: verifie"))
    assert line == 12
    assert "« verifies »" in french
    assert "'checked'" in english


def test_danger_is_for_everybody() -> None:
    ((line, french, english),) = flaws(FOR_CHECKED.replace("cimetiere:", f"{DANGER}:"))
    assert (line, "pour tous" in french, "for everybody" in english) == (12, True, True)
