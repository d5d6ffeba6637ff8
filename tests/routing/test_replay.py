import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.core.language import Language
from guichet.routing.decide import decide_with, settle
from guichet.routing.deciding_again import DecidingAgain
from guichet.routing.decision import Grounds, Outcome
from guichet.routing.decision_file import of_decision, of_grounds
from guichet.routing.past import Past, past_of
from guichet.routing.replay import Change, Handling, InOrder, Replay, Staff
from guichet.routing.replay_in_words import replay_as_json, replay_in_words
from guichet.routing.rule_book import RuleBook, read_text
from guichet.routing.sample_history import SampleHistory
from tests.routing.books import LINE, OPEN, facts, read

RULES = """\
- {nom: Agent, si: {demande: aide_sociale, agents_libres: oui}, alors: agent}
- {nom: Eau, si: {demande: eau_assainissement}, alors: rappel, file: social}"""
BOOK = read(RULES)
UNTIL = datetime(2026, 3, 9, tzinfo=UTC)
SAMPLE = RuleBook.load()


def past(number: int, book: RuleBook = BOOK, *, free: frozenset[str] = frozenset(), **known: Any) -> Past:
    """Return a contact that a book has decided."""
    asked = facts(**{"intent": "aide_sociale", "now": OPEN + timedelta(minutes=number), **known})
    decided = settle(book, asked, free)
    return Past(f"con_{number:04}", Grounds(asked, free), decided, f"phrase {number}", version=book.version)


def played(draft: RuleBook, contacts: list[Past], published: RuleBook = BOOK, staff: Staff | None = None) -> Replay:
    """Replay contacts to the end."""
    one = Replay(published, draft, staff or Staff((), Handling()), examples=2)
    for contact in contacts:
        one.take(contact)
    one.close()
    return one


def history(seed: int = 1, contacts: int = 400) -> SampleHistory:
    return SampleHistory(SAMPLE, seed, 7, contacts, UNTIL)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_the_published_rules_replayed_on_what_they_decided_make_no_difference(seed: int) -> None:
    contacts = history(seed, 60)
    one = Replay(SAMPLE, SAMPLE, Staff(contacts.workers(), Handling()))
    for contact in contacts:
        one.take(contact.past)
    one.close()
    assert (one.contacts, one.samples, one.changes, one.other_rule) == (60, 60, {}, 0)
    found = replay_as_json(one)
    assert found["before"] == found["after"]


def test_what_changes_is_counted_by_matter_with_examples() -> None:
    contacts = [past(number, free=frozenset({"social"})) for number in range(5)]
    contacts += [past(9, intent="eau_assainissement")]
    draft = read(RULES.replace("alors: agent", "alors: rappel").replace(", file: social", ""))
    one = played(draft, contacts)
    agent = Change("aide_sociale", (Outcome.AGENT, "social"), (Outcome.CALLBACK, "social"))
    water = Change("eau_assainissement", (Outcome.CALLBACK, "social"), (Outcome.CALLBACK, "astreinte"))
    assert one.changes == {agent: 5, water: 1}
    assert [(example.contact, example.rule_before) for example in one.examples[agent]] == [
        ("con_0000", "Agent"),
        ("con_0001", "Agent"),
    ]
    lines = [line.en for line in replay_in_words(one)]
    assert lines[0] == "6 contacts replayed: 6 change outcome or queue, 0 only the rule"
    assert "aide_sociale: 5 contacts, agent (social) → callback (social)" in lines
    assert any("'phrase 0': Agent → Agent" in line for line in lines)


def test_another_rule_with_the_same_result_is_counted_apart() -> None:
    one = played(read(RULES.replace("nom: Agent", "nom: Autre")), [past(1, free=frozenset({"social"}))])
    assert (one.changes, one.other_rule) == ({}, 1)


def test_a_drafts_queue_has_the_free_agents_of_that_moment() -> None:
    """The skills that were free are known, so a draft may ask for another queue's."""
    draft = read("- {nom: Agent, si: {demande: aide_sociale, agents_libres: oui}, alors: agent, file: accueil}")
    free, busy = frozenset({"accueil"}), frozenset({"social"})
    one = played(draft, [past(1, free=free), past(2, free=busy)])
    before = [(Outcome.CALLBACK, "social"), (Outcome.AGENT, "social")]
    after = [(Outcome.AGENT, "accueil"), (Outcome.CALLBACK, "social")]
    assert one.changes == {Change("aide_sociale", was, becomes): 1 for was, becomes in zip(before, after, strict=True)}


def test_an_emergency_closure_of_then_counts_in_the_draft_too() -> None:
    local = OPEN.replace(tzinfo=None)
    closed = ((local - timedelta(hours=1), local + timedelta(hours=3)),)
    free = frozenset({"social"})
    asked = facts("aide_sociale")
    shut = Past("con_1", Grounds(asked, free, closed), settle(BOOK, asked, free))
    assert shut.decided.outcome is Outcome.AGENT
    assert DecidingAgain(BOOK).decide(shut).outcome is Outcome.CALLBACK


def test_what_older_rules_decided_is_no_change_of_the_draft() -> None:
    """Two versions were published during the days: the draft is compared with what the latest decides of everybody."""
    older = read(RULES.replace("alors: agent", "alors: rappel"))
    free = frozenset({"social"})
    contacts = [past(number, older, free=free) for number in range(3)]
    contacts += [past(7, older, intent="eau_assainissement"), past(8, free=free)]
    assert [one.decided.outcome for one in contacts].count(Outcome.CALLBACK) == 4
    same = played(BOOK, contacts)
    assert (same.contacts, same.older, same.outdated, same.changes, same.other_rule) == (5, 4, 3, {}, 0)
    assert replay_as_json(same)["before"] == replay_as_json(same)["after"]
    back = played(older, contacts)
    agent = Change("aide_sociale", (Outcome.AGENT, "social"), (Outcome.CALLBACK, "social"))
    assert (back.older, back.outdated, back.changes) == (4, 3, {agent: 4})
    assert back.before.queues["social"].cases == back.after.queues["social"].cases == 5


def test_contacts_of_other_versions_are_told_apart_and_nothing_is_where_there_are_none() -> None:
    older = read(RULES.replace("alors: agent", "alors: rappel"))
    free = frozenset({"social"})
    one = played(BOOK, [past(1, older, free=free), past(2, free=free)])
    french, english = zip(*((line.fr, line.en) for line in replay_in_words(one)), strict=True)
    assert french[1].startswith("décidés par d'autres versions des règles : 1, dont 1 autrement que par les règles")
    assert english[1].startswith("decided by other versions of the rules: 1, of them 1 otherwise than by the published")
    assert replay_as_json(one)["older"] == {"contacts": 1, "outdated": 1}
    alone = played(BOOK, [past(2, free=free)])
    assert not any("versions" in line.en for line in replay_in_words(alone))
    assert replay_as_json(alone)["older"] == {"contacts": 0, "outdated": 0}


def test_what_the_published_rules_decided_is_taken_as_they_did_and_not_decided_again() -> None:
    """Otherwise a ground that was not kept would never show."""
    told = past(1, free=frozenset({"social"}))
    lost = replace(told, grounds=replace(told.grounds, free=frozenset()))
    one = played(BOOK, [lost])
    assert one.changes == {Change("aide_sociale", (Outcome.AGENT, "social"), (Outcome.CALLBACK, "social")): 1}
    assert one.older == 0


def test_waits_and_targets_are_simulated_on_both_sides() -> None:
    contacts = history(3, 600)
    now, then = "    priorite: 10\n    demandes: [aide", "    priorite: 90\n    demandes: [aide"
    draft = RuleBook.parse(read_text().replace(now, then))
    assert draft.version != SAMPLE.version
    few = contacts.workers()[:1]
    one = Replay(SAMPLE, draft, Staff(few, Handling({"": (600.0,)})))
    for contact in contacts:
        one.take(contact.past)
    one.close()
    assert one.after.queues["social"].mean < one.before.queues["social"].mean
    assert one.before.total().cases == one.after.total().cases
    assert any(line.fr.startswith("file social : ") for line in replay_in_words(one))


def test_contacts_are_put_into_the_order_of_their_decisions() -> None:
    slow, quick = past(30), past(10)
    order = InOrder()
    assert list(order.add(OPEN, slow)) == []
    assert list(order.add(OPEN + timedelta(minutes=5), quick)) == []
    assert list(order.add(OPEN + timedelta(minutes=20), None)) == [quick]
    assert list(order.rest()) == [slow]


def test_a_sample_history_is_the_same_for_a_seed_has_the_shape_of_a_week_and_says_what_it_is() -> None:
    first, again, other = list(history()), list(history()), list(history(2))
    assert first == again
    assert first != other
    assert all(contact.past.is_sample for contact in first)
    zone = SAMPLE.calendar.zone
    local = [contact.began.astimezone(zone) for contact in first]
    assert sum(at.weekday() == 0 for at in local) > 2 * sum(at.weekday() >= 5 for at in local)
    assert sum(9 <= at.hour < 12 for at in local) > sum(at.hour < 8 or at.hour >= 18 for at in local)
    assert [contact.began for contact in first] == sorted(contact.began for contact in first)


def test_grounds_come_back_from_the_decision_file_as_they_were() -> None:
    asked = facts("aide_sociale", language=Language.EN, wants_agent=True, caller_known=True)
    grounds = Grounds(asked, frozenset({"social"}), ((OPEN.replace(tzinfo=None), OPEN.replace(tzinfo=None)),))
    decision = decide_with(BOOK, asked, grounds.free)
    file = {"decision": of_decision(decision), "grounds": of_grounds(grounds), "heard": "bonjour", "more": [1]}
    left = OPEN + timedelta(minutes=2)
    found = past_of("con_1", LINE, "voice", json.dumps(file), left)
    assert found == Past(
        "con_1", grounds, settle(BOOK, asked, grounds.free), "bonjour", timedelta(minutes=2), version=BOOK.version
    )


@pytest.mark.parametrize("file", ["{}", '{"decision": {"outcome": "agent", "queue": "a", "rule": "r"}}'])
def test_contacts_that_cannot_be_replayed_are_left_out(file: str) -> None:
    assert past_of("con_1", LINE, "voice", file, None) is None


def test_handling_times_are_those_of_the_matter_and_always_the_same_for_a_contact() -> None:
    handling = Handling({"": (60.0,), "aide_sociale": (100.0, 200.0, 300.0)})
    taken = {handling.takes(f"con_{number}", "aide_sociale") / timedelta(seconds=1) for number in range(50)}
    assert taken == {100.0, 200.0, 300.0}
    assert handling.takes("con_1", "autre") == timedelta(minutes=1)
    assert handling.takes("con_1", "aide_sociale") == handling.takes("con_1", "aide_sociale")
    assert Handling().takes("con_1", None) == timedelta(minutes=5)
