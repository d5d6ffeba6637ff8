from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.routing.decide import decide, queue_asked
from guichet.routing.decision import Facts, Outcome
from guichet.routing.hours import is_open
from guichet.routing.intent import DANGER
from guichet.routing.rule_book import RuleBook
from tests.routing.books import CLOSED, LINE, OPEN, facts, read

SAMPLE = RuleBook.load()
COMMON = "- {nom: Aide, si: {demande: aide_sociale, ouvert: oui}, alors: agent}"


@pytest.mark.parametrize(
    ("known", "outcome", "queue"),
    [
        ({"intent": "etat_civil_acte"}, Outcome.CALLBACK, "etat_civil"),
        ({"intent": "identite_titre"}, Outcome.CALLBACK, "etat_civil"),
        ({"intent": "rendez_vous", "channel": "sms"}, Outcome.CALLBACK, "etat_civil"),
        ({"intent": "aide_sociale", "agents_free": True}, Outcome.AGENT, "social"),
        ({"intent": "aide_sociale"}, Outcome.CALLBACK, "social"),
        ({"intent": "aide_sociale", "agents_free": True, "now": CLOSED}, Outcome.CALLBACK, "social"),
        ({"intent": "agent_humain", "agents_free": True}, Outcome.AGENT, "accueil"),
        ({"intent": "agent_humain"}, Outcome.CALLBACK, "accueil"),
        ({"intent": "cantine_periscolaire", "wants_agent": True, "agents_free": True}, Outcome.AGENT, "enfance"),
        ({"intent": "horaires_adresse"}, Outcome.ANSWER, "accueil"),
        ({"intent": "horaires_adresse", "now": CLOSED}, Outcome.ANSWER, "accueil"),
        ({"intent": DANGER}, Outcome.EMERGENCY, "tranquillite"),
        ({"intent": DANGER, "now": CLOSED, "channel": "sms"}, Outcome.EMERGENCY, "tranquillite"),
        ({"intent": None}, Outcome.CALLBACK, "accueil"),
    ],
)
def test_the_packaged_book_serves_each_matter(known: dict[str, Any], outcome: Outcome, queue: str) -> None:
    decision = decide(SAMPLE, facts(**known))
    assert (decision.outcome, decision.queue, decision.version) == (outcome, queue, SAMPLE.version)


def test_the_first_rule_that_applies_wins_and_says_why_in_both_languages() -> None:
    book = read(COMMON + "\n- {nom: Tout, si: {ouvert: oui}, alors: rappel}")
    decision = decide(book, facts("aide_sociale"))
    assert (decision.rule, decision.outcome) == ("Aide", Outcome.AGENT)
    assert decision.because == (
        Bilingual(
            "règle « Aide » : la demande est « aide_sociale » et le guichet est ouvert",
            "rule 'Aide': the matter is 'aide_sociale' and the counter is open",
        ),
    )
    assert decide(book, facts("autre")).rule == "Tout"


def test_without_a_rule_the_default_serves_in_the_queue_of_the_matter() -> None:
    decision = decide(read(COMMON), facts("eau_assainissement"))
    assert (decision.rule, decision.queue) == ("défaut", "astreinte")
    assert "aucune règle" in decision.because[0].fr


def test_an_agent_is_never_promised_while_the_counter_is_closed() -> None:
    book = read("- {nom: Aide, si: {demande: aide_sociale}, alors: agent}")
    decision = decide(book, facts("aide_sociale", now=CLOSED, agents_free=True))
    assert decision.outcome is Outcome.CALLBACK
    assert decision.opens_at == datetime(2026, 3, 5, 7, 30, tzinfo=UTC)
    assert decision.target_at == datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
    assert decision.answer is not None
    assert "demain à 8 heures 30" in decision.answer.fr
    assert "tomorrow at 8:30 am" in decision.answer.en
    assert "un rappel au lieu d'un agent" in decision.because[1].fr


def test_by_text_an_agent_is_asked_to_write_or_call_back() -> None:
    decision = decide(read(COMMON), facts("aide_sociale", channel="sms", agents_free=True))
    assert decision.outcome is Outcome.CALLBACK
    assert "par SMS" in decision.because[1].fr


def test_a_queue_with_its_own_hours_is_open_by_them() -> None:
    book = read("- {nom: Eau, si: {demande: eau_assainissement, ouvert: oui}, alors: agent}")
    assert decide(book, facts("eau_assainissement", now=CLOSED)).outcome is Outcome.AGENT
    assert decide(book, facts("eau_assainissement", now=OPEN)).rule == "défaut"
    forced = read("- {nom: Tout, si: {ouvert: oui}, alors: agent, file: astreinte}")
    assert decide(forced, facts("aide_sociale", now=CLOSED)).outcome is Outcome.AGENT


def test_priority_and_target_come_from_the_rule_or_else_from_the_queue() -> None:
    decision = decide(read(COMMON), facts("aide_sociale"))
    assert (decision.priority, decision.target_minutes) == (5, 120)
    assert decision.target_at == datetime(2026, 3, 4, 11, tzinfo=UTC)
    own = read("- {nom: Aide, si: {demande: aide_sociale}, alors: agent, priorite: 0, objectif: 15 min}")
    decision = decide(own, facts("aide_sociale"))
    assert (decision.priority, decision.target_minutes) == (0, 15)
    assert decision.target_at == datetime(2026, 3, 4, 9, 15, tzinfo=UTC)


def test_an_answer_is_said_with_the_hours_in_words() -> None:
    book = read(
        '- {nom: H, si: {demande: horaires_adresse}, alors: réponse, reponse: {fr: "{horaires}.", en: "{hours}"}}'
    )
    answer = decide(book, facts("horaires_adresse")).answer
    assert answer is not None
    assert answer.fr == "du lundi au vendredi de 8 heures 30 à midi et de 13 heures 30 à 17 heures 30."
    assert answer.en == "Monday to Friday from 8:30 am to noon and from 1:30 pm to 5:30 pm"


def test_the_queue_to_count_free_agents_in_is_that_which_would_serve() -> None:
    book = read("- {nom: A, si: {demande: x, agents_libres: oui}, alors: agent, file: social}")
    assert queue_asked(book, facts("x")).name == "social"
    assert queue_asked(book, facts("x")).skills == {"social", "logement"}


def test_a_number_that_no_line_has_is_served_by_the_first() -> None:
    unknown = replace(facts("aide_sociale"), line=PhoneNumber("+33199009999"))
    assert decide(read(COMMON), unknown).outcome is Outcome.AGENT


@pytest.mark.parametrize(
    ("condition", "known", "applies"),
    [
        ("{langue: fr}", {}, True),
        ("{langue: anglais}", {}, False),
        ("{canal: appel}", {}, True),
        ("{certitude: [sûre, à vérifier]}", {"certainty": "check"}, True),
        ("{certitude: sûre}", {}, False),
        ("{ligne: standard}", {}, True),
        ("{ligne: 01 99 00 10 10}", {"line": PhoneNumber("+33199001011")}, False),
        ("{appelant connu: non}", {}, True),
        ("{heure: 10:00-10:01}", {}, True),
        ("{heure: 22:00-10:00}", {}, False),
        ("{heure: 22:00-10:01}", {}, True),
        ('{champ: heure, opérateur: à partir de, valeur: "10"}', {}, True),
        ('{champ: heure, operateur: avant, valeur: "10"}', {}, False),
        ("{champ: heure, operateur: pas_entre, valeur: 8:00-9:00}", {}, True),
        ("{jour: mercredi}", {}, True),
        ("{champ: jour, operateur: n_est_pas, valeur: lundi-mercredi}", {}, False),
        ("{champ: demande, operateur: pas_parmi, valeur: [a, b]}", {"intent": "c"}, True),
        ("{champ: demande, operateur: pas_parmi, valeur: [a, b]}", {"intent": None}, True),
        ("{aucun: [{langue: en}, {canal: sms}]}", {}, True),
        ("{aucun: [{langue: en}, {canal: voix}]}", {}, False),
        ("{un des: [{langue: en}, {canal: voix}]}", {}, True),
        ("[{langue: fr}, {canal: voix}]", {}, True),
        ("{tous: [{langue: fr}, {un_des: [{veut_agent: oui}, {ouvert: non}]}]}", {}, False),
    ],
)
def test_a_condition_means_what_it_says(condition: str, known: dict[str, Any], *, applies: bool) -> None:
    book = read(f"- {{nom: R, si: {condition}, alors: rappel}}")
    decision = decide(book, facts(**{"intent": "x", **known}))
    assert (decision.rule == "R") is applies
    assert decision.because[0].fr
    assert decision.because[0].en


moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - given
any_facts = st.builds(
    Facts,
    line=st.sampled_from([line.number for line in SAMPLE.lines] + [LINE]),
    channel=st.sampled_from(["voice", "sms"]),
    language=st.sampled_from(list(Language)),
    now=moments,
    intent=st.sampled_from([None, "inconnue", *(name for queue in SAMPLE.queues.values() for name in queue.intents)]),
    certainty=st.sampled_from(["sure", "check", "unknown"]),
    wants_agent=st.booleans(),
    agents_free=st.booleans(),
    caller_known=st.booleans(),
)


@given(any_facts)
def test_every_contact_is_served_somehow_and_honestly(known: Facts) -> None:
    decision = decide(SAMPLE, known)
    queue = SAMPLE.queues[decision.queue]
    line = SAMPLE.line(known.line) or SAMPLE.lines[0]
    opened = is_open(queue.hours or line.hours, SAMPLE.calendar, known.now)
    assert (decision.outcome is Outcome.EMERGENCY) == (known.intent == DANGER)
    assert opened or decision.outcome is not Outcome.AGENT
    assert (decision.opens_at is None) == opened
    assert decision.target_at is not None
    assert decision.target_at > known.now
    assert decision.because
    assert decide(SAMPLE, known) == decision


TOLD = "- {nom: Solde, si: {demande: paiement_facture}, alors: %s, reponse: {fr: Voici., en: Here.}}"


@pytest.mark.parametrize("outcome", ["reponse", "rappel", "agent"])
@pytest.mark.parametrize("channel", ["voice", "sms"])
@pytest.mark.parametrize("is_checked", [True, False])
@pytest.mark.parametrize("certainty", ["sure", "check"])
def test_what_is_for_checked_people_is_told_to_nobody_else_and_never_by_text(
    outcome: str,
    channel: str,
    certainty: str,
    is_checked: bool,
) -> None:
    known = facts("paiement_facture", channel=channel, certainty=certainty, agents_free=True, is_checked=is_checked)
    open_to_all = decide(read(TOLD % outcome), known)
    assert open_to_all.answer == Bilingual("Voici.", "Here.")
    kept = decide(read(TOLD % outcome), replace(known, for_checked=True))
    assert not open_to_all.kept_back
    if channel == "voice" and is_checked:
        assert kept == open_to_all
    else:
        assert kept.answer is None
        assert kept.outcome is not Outcome.ANSWER
    if outcome == "reponse" and kept.answer is None:
        assert (kept.outcome, kept.kept_back) == (Outcome.CALLBACK, True)
        assert "réservée aux personnes vérifiées" in kept.because[-1].fr
        assert "for people whose identity is checked" in kept.because[-1].en


def test_a_danger_is_answered_whoever_calls() -> None:
    assert decide(SAMPLE, facts(DANGER, for_checked=True)).outcome is Outcome.EMERGENCY


def test_while_closed_the_next_opening_is_told_instead_of_what_is_kept_back() -> None:
    kept = decide(read(TOLD % "reponse"), facts("paiement_facture", now=CLOSED, for_checked=True))
    assert kept.answer is not None
    assert "fermés" in kept.answer.fr
