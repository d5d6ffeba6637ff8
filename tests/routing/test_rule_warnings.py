from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.routing.boxes import Domains
from guichet.routing.decide import decide
from guichet.routing.decision import Facts
from guichet.routing.rule_book import RuleBook, read_text
from guichet.routing.rule_warnings import warnings
from tests.routing.books import LINE, book_with, read


def said(rules: str, intents: list[str] | None = None) -> list[str]:
    return [flaw.text.fr for flaw in warnings(read(rules), intents)]


@pytest.mark.parametrize(
    "rules",
    [
        "- {nom: A, si: {ouvert: oui}, alors: rappel}\n- {nom: B, si: {demande: x, ouvert: oui}, alors: rappel}",
        (
            "- {nom: A, si: {ouvert: oui}, alors: rappel}\n- {nom: A2, si: {ouvert: non}, alors: rappel}\n"
            "- {nom: B, si: {demande: x}, alors: rappel}"
        ),
        "- {nom: A, si: {heure: 8:00-12:00}, alors: rappel}\n- {nom: B, si: {heure: 9:00-10:00}, alors: rappel}",
        (
            "- {nom: A, si: {heure: 8:00-12:00}, alors: rappel}\n- {nom: A2, si: {heure: 12:00-14:00}, alors: rappel}\n"
            "- {nom: B, si: {heure: 11:00-13:00}, alors: rappel}"
        ),
        "- {nom: A, si: {aucun: [{langue: en}]}, alors: rappel}\n- {nom: B, si: {langue: fr}, alors: rappel}",
        "- {nom: A, si: {jour: lundi-vendredi}, alors: rappel}\n- {nom: B, si: {jour: [mardi, jeudi]}, alors: rappel}",
    ],
)
def test_a_rule_left_nothing_by_earlier_ones_is_warned_of(rules: str) -> None:
    found = said(rules)
    assert len(found) == 1
    assert "« B » ne peut jamais s'appliquer : tout est déjà pris par « A »" in found[0]


def test_a_rule_whose_conditions_contradict_each_other_is_warned_of() -> None:
    (found,) = said("- {nom: B, si: [{langue: fr}, {langue: en}], alors: rappel}")
    assert "se contredisent" in found


def test_a_rule_for_danger_alone_is_warned_of() -> None:
    (found,) = said("- {nom: B, si: {demande: urgence_danger}, alors: rappel}")
    assert "un danger (urgence_danger) passe avant" in found


@pytest.mark.parametrize(
    "rules",
    [
        "- {nom: A, si: {demande: x, ouvert: oui}, alors: rappel}\n- {nom: B, si: {ouvert: oui}, alors: rappel}",
        "- {nom: A, si: {heure: 8:00-12:00}, alors: rappel}\n- {nom: B, si: {heure: 11:00-12:01}, alors: rappel}",
        # open by other hours is another thing
        "- {nom: A, si: {ouvert: oui}, alors: rappel, file: astreinte}\n- {nom: B, si: {ouvert: oui}, alors: rappel}",
    ],
)
def test_a_rule_that_can_apply_is_not_warned_of(rules: str) -> None:
    assert said(rules) == []


def test_a_queue_to_which_nothing_leads_is_warned_of_at_its_place() -> None:
    text = book_with("").replace("regles:", "  - x\nregles:").replace("  - x\n", "")
    book = RuleBook.parse(text.replace("files:\n", "files:\n  - {nom: oubliee}\n"))
    (found,) = warnings(book)
    assert (found.line, "« oubliee »" in found.text.fr) == (7, True)


def test_matters_unknown_and_left_out_are_warned_of() -> None:
    rules = "- {nom: A, si: {demande: cantinne}, alors: rappel}"
    found = said(rules, ["cantine", "agent_humain", "aide_sociale", "eau_assainissement", "urgence_danger"])
    assert found == [
        "demande inconnue « cantinne » ; vouliez-vous « cantine » ?",
        "aucune règle et aucune file ne cite la demande « cantine »",
    ]


COMPARISONS = st.sampled_from(
    [
        "{demande: a}",
        "{demande: [a, b]}",
        "{champ: demande, operateur: n_est_pas, valeur: a}",
        "{ouvert: oui}",
        "{ouvert: non}",
        "{langue: fr}",
        "{langue: en}",
        "{veut_agent: oui}",
        "{jour: lundi-mercredi}",
        "{heure: 9:00-13:00}",
        "{heure: 20:00-9:30}",
    ]
)
CONDITIONS = st.recursive(
    COMPARISONS,
    lambda inner: st.builds(
        lambda word, members: f"{{{word}: [{', '.join(members)}]}}",
        st.sampled_from(["tous", "un_des", "aucun"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=4,
)
SITUATIONS = [
    Facts(LINE, "voice", language, now, intent, "unknown", wants_agent=wants)
    for intent in ("a", "b", "c", None)
    for language in Language
    for wants in (False, True)
    for now in (
        datetime(2026, 3, 2, 7, 45, tzinfo=UTC) + timedelta(days=days, hours=hours)
        for days in (0, 4, 6)
        for hours in (0, 1, 3, 6, 12)
    )
]


@settings(max_examples=60, deadline=None)
@given(st.lists(CONDITIONS, min_size=1, max_size=4))
def test_a_rule_warned_of_applies_in_no_situation(conditions: list[str]) -> None:
    rules = "\n".join(f"- {{nom: R{n}, si: {condition}, alors: rappel}}" for n, condition in enumerate(conditions))
    book = read(rules)
    applied = {decide(book, known).rule for known in SITUATIONS}
    dead = {f"R{n}" for n in range(len(conditions)) for text in said(rules) if f"« R{n} » ne peut jamais" in text}
    assert not dead & applied


@settings(max_examples=60, deadline=None)
@given(CONDITIONS)
def test_a_condition_without_boxes_never_holds(condition: str) -> None:
    book = read(f"- {{nom: R, si: {condition}, alors: rappel}}")
    if not Domains.of(book.rules).boxes(book.rules[0]):
        assert all(decide(book, known).rule != "R" for known in SITUATIONS)


@pytest.mark.parametrize(
    ("condition", "warned"),
    [
        ("{demande: solde}", True),
        ("{demande: [solde, autre]}", True),
        ("{langue: fr}", True),
        ("{demande: solde, un_des: [{certitude: sure}, {langue: fr}]}", True),
        ("{demande: autre}", False),
        ("{demande: solde, certitude: sure}", False),
        ("{un_des: [{certitude: sure}, {tous: [{certitude: sure}, {langue: fr}]}]}", False),
    ],
)
def test_a_text_that_is_kept_back_from_some_is_warned_of(condition: str, warned: bool) -> None:
    book = read(f"- {{nom: Solde, si: {condition}, alors: reponse, reponse: {{fr: Voici., en: Here.}}}}")
    found = [flaw for flaw in warnings(book, for_checked=["solde"]) if "vérifiées" in flaw.text.fr]
    assert bool(found) is warned
    assert all("pour : solde" in flaw.text.fr and "for: solde" in flaw.text.en and flaw.line > 1 for flaw in found)
    assert not [flaw for flaw in warnings(book) if "vérifiées" in flaw.text.fr]


def test_two_rules_that_contradict_each_other_are_told_as_such() -> None:
    (found,) = said("- {nom: A, si: {demande: x}, alors: agent}\n- {nom: B, si: {demande: x}, alors: rappel}")
    assert found.endswith("tout est déjà pris par « A », qui en fait autre chose")
    (found,) = said("- {nom: A, si: {demande: x}, alors: rappel}\n- {nom: B, si: {demande: x}, alors: rappel}")
    assert found.endswith("tout est déjà pris par « A »")


def test_a_queue_that_nobody_can_serve_is_warned_of() -> None:
    book = RuleBook.load()
    skills = {name for queue in book.queues.values() for name in queue.skills}
    assert warnings(book, skills=skills) == warnings(book) == ()
    (found,) = warnings(book, skills=skills - {"social"})
    assert found.text.fr == "personne ne peut servir la file « social » : aucun agent n'a la compétence social"
    assert "no agent has the skill social" in found.text.en
    text = read_text()
    shut = text.replace("  social:     ", "  jamais: {lundi: fermé}\n  social:     ", 1)
    (found,) = warnings(
        RuleBook.parse(shut.replace("    horaires: social\n    objectif", "    horaires: jamais\n    objectif"))
    )
    assert found.text.en == "nobody can serve the queue 'social': its hours (jamais) never open"
