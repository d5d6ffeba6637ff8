import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.language import Bilingual
from guichet.routing.document import FlawedDocument
from guichet.routing.document_writing import clean
from guichet.routing.hold_rules import HoldRules
from guichet.routing.rule_book import RuleBook, read_text
from guichet.routing.rule_form import Field, Group, with_flaws
from guichet.routing.rule_form_asks import Part
from guichet.routing.rule_form_filling import fill
from guichet.routing.rule_form_reader import form_of
from guichet.routing.rule_warnings import warnings
from tests.routing.books import BOOK

SAMPLE = read_text()
ENGLISH = """\
# the town hall's
hours:
  hall: {Monday-Friday: "9:00-17:00"}   # all day
queues:
  - {name: desk, matters: [opening_times]}
lines:
  - {name: desk, number: 01 99 00 10 10, language: fr, greeting: {fr: Bonjour., en: Hello.}}
rules:
  - {name: Desk, if: {matter: opening_times}, then: callback}
default: {then: callback, queue: desk}
"""


def comments(text: str) -> list[str]:
    return re.findall(r"(?:^|\s)#.*", text)


def group(text: str, part: Part, key: str) -> Group:
    return next(one for one in form_of(text, part).groups if one.key == key)


def field(text: str, name: str) -> Field:
    part = Part(name.partition(".")[0]) if name.partition(".")[0] in set(Part) else Part.RULES
    return next(one for each in form_of(text, part).groups for one in each.fields if one.name == name)


@pytest.mark.parametrize("text", [SAMPLE, BOOK, ENGLISH])
@pytest.mark.parametrize("part", list(Part))
def test_a_form_that_is_sent_as_it_was_shown_changes_nothing(text: str, part: Part) -> None:
    shown = {one.name: one.value for each in form_of(text, part).groups for one in each.fields}
    assert fill(text, part, shown) == text
    assert fill(text, part, {}) == text


def test_a_greeting_and_the_hours_are_changed_and_the_comments_stay() -> None:
    changed = fill(SAMPLE, Part.LINES, {"lines.0.greeting_fr": "Bonjour : Valmont.", "lines.1.fallback": ""})
    book = RuleBook.parse(changed)
    assert book.lines[0].greeting.fr == "Bonjour : Valmont."
    assert book.lines[1].fallback is None
    changed = fill(changed, Part.HOURS, {"hours.0.0.ranges": "8:30-12:30", "hours.0.1.ranges": "9:00-12:00, 14h-16h"})
    changed = fill(changed, Part.HOURS, {"hours.1.new.days": "samedi", "hours.1.new.ranges": "9h-10h"})
    changed = fill(changed, Part.HOURS, {"hours.new.name": "nuit", "hours.new.new.days": "tous les jours"})
    book = RuleBook.parse(changed)
    assert [(one.start, one.end) for one in book.hours["mairie"].week[0]] == [(510, 750)]
    assert len(book.hours["mairie"].week[5]) == 2
    assert len(book.hours["social"].week[5]) == 1
    assert set(book.hours) == {"mairie", "social", "nuit"}
    assert comments(changed) == comments(SAMPLE)
    assert fill(changed, Part.HOURS, {"hours.0.1.days": "", "hours.0.1.ranges": ""}).count("samedi:") == 1


def test_closures_come_change_and_go() -> None:
    new = {"closures.new.on": "2027-01-02", "closures.new.reason_fr": "pont", "closures.new.reason_en": "bridge"}
    changed = fill(SAMPLE, Part.CLOSURES, {**new, "closures.0.to": "2026-12-27"})
    assert [one.end.day for one in RuleBook.parse(changed).calendar.closures] == [28, 3]
    gone = fill(changed, Part.CLOSURES, {"closures.1.goes": "on", "closures.0.goes": "on"})
    assert RuleBook.parse(gone).calendar.closures == ()
    again = RuleBook.parse(fill(gone, Part.CLOSURES, new)).calendar.closures
    assert [one.reason for one in again] == [Bilingual("pont", "bridge")]


def test_a_matter_goes_to_another_queue_or_to_none() -> None:
    moved = {"matters.reclamation": "technique", "matters.urbanisme_permis": "", "matters.neuve": "accueil"}
    changed = fill(SAMPLE, Part.MATTERS, moved)
    book = RuleBook.parse(changed)
    assert {"reclamation"} < book.queues["technique"].intents
    assert "reclamation" not in book.queues["accueil"].intents
    assert book.queue_of("urbanisme_permis") is None
    assert book.queue_of("neuve") == book.queues["accueil"]
    assert comments(changed) == comments(SAMPLE)
    assert fill(ENGLISH, Part.MATTERS, {"matters.opening_times": ""}).count("matters") == 0
    found = group(SAMPLE, Part.MATTERS, "matters")
    assert [one.value for one in found.fields if one.name == "matters.reclamation"] == ["accueil"]


def test_queues_rules_and_messages_are_written_in_the_language_of_the_book() -> None:
    changed = fill(
        SAMPLE, Part.QUEUES, {"queues.0.priority": "5", "queues.0.target": "1 h", "queues.0.wrap_up": "2 min"}
    )
    assert "objectif: 1 h" in changed
    assert "    priorite: 5\n    apres_appel: 2 min\n  - nom: etat_civil" in changed
    changed = fill(
        ENGLISH, Part.RULES, {"rules.0.then": "answer", "rules.0.answer_fr": "Oui.", "rules.0.answer_en": "Yes."}
    )
    assert "then: answer" in changed
    assert "answer: {fr: Oui., en: Yes.}" in changed
    assert RuleBook.parse(changed).rules[0].answer == Bilingual("Oui.", "Yes.")
    changed = fill(SAMPLE, Part.MESSAGES, {"messages.emergency_fr": "Appelez le 112. " * 12})
    assert "fr: >-\n      Appelez" in changed
    changed = fill(ENGLISH, Part.MESSAGES, {"messages.closed_fr": "Fermé.", "messages.closed_en": "Closed."})
    assert RuleBook.parse(changed).messages.closed == Bilingual("Fermé.", "Closed.")
    assert "messages:\n  closed:\n    fr: Fermé.\n    en: Closed.\n" in changed


HELD = """\
    attente:                     # on ne tient pas longtemps
      au_plus: 15 min
      fond: silence              # ni musique
      ecoute: non
      debordement: {vers: accueil, agents_presents: 2, personnes: 10, attente_prevue: 15 min, apres: 5 min}  # au pire
"""
HOLDING = SAMPLE.replace("  - nom: etat_civil\n", f"  - nom: etat_civil\n{HELD}")
ON_HOLD = {
    "hold_longest": "15 min",
    "hold_sound": "False",
    "hold_voice": "False",
    "overflow_to": "accueil",
    "overflow_agents": "2",
    "overflow_most": "10",
    "overflow_wait": "15 min",
    "overflow_after": "5 min",
}
RULES_OF_HOLDING = HoldRules(15, False, False, "accueil", 2, 10, 15, 5)


def test_how_people_hold_is_shown_and_stays_whole_whatever_else_is_saved() -> None:
    assert RuleBook.parse(HOLDING).queues["etat_civil"].hold == RULES_OF_HOLDING
    shown = {one.name: one.value for each in form_of(HOLDING, Part.QUEUES).groups for one in each.fields}
    assert {name: shown[f"queues.1.{name}"] for name in ON_HOLD} == ON_HOLD
    for part in Part:
        sent = {one.name: one.value for each in form_of(HOLDING, part).groups for one in each.fields}
        assert fill(HOLDING, part, sent) == HOLDING
    changed = fill(HOLDING, Part.QUEUES, {**shown, "queues.1.target": "45 min", "queues.0.skills": "accueil, mairie"})
    assert changed != HOLDING
    assert HELD in changed
    assert fill(changed, Part.MATTERS, {"matters.reclamation": "etat_civil"}).count(HELD) == 1


def test_how_people_hold_is_changed_field_by_field() -> None:
    changed = fill(
        HOLDING,
        Part.QUEUES,
        {"queues.1.hold_sound": "True", "queues.1.overflow_to": "social", "queues.1.overflow_most": ""},
    )
    assert RuleBook.parse(changed).queues["etat_civil"].hold == replace(
        RULES_OF_HOLDING, music=True, to="social", most=None
    )
    assert "      fond: musique              # ni musique\n" in changed
    assert comments(changed) == comments(HOLDING)
    emptied = fill(HOLDING, Part.QUEUES, {f"queues.1.{name}": "" for name in ON_HOLD})
    assert RuleBook.parse(emptied).queues["etat_civil"].hold == HoldRules()
    assert "attente:" not in emptied


@pytest.mark.parametrize(
    ("text", "queue", "to"),
    [(SAMPLE, "0", "technique"), (SAMPLE, "new", "accueil"), (ENGLISH, "0", "nuit"), (ENGLISH, "new", "desk")],
)
def test_how_people_hold_is_written_where_nothing_was(text: str, queue: str, to: str) -> None:
    given = {f"queues.{queue}.{name}": value for name, value in {**ON_HOLD, "overflow_to": to}.items()}
    book = RuleBook.parse(fill(text, Part.QUEUES, {**given, "queues.new.name": "nuit"}))
    name = "nuit" if queue == "new" else next(iter(book.queues))
    assert book.queues[name].hold == replace(RULES_OF_HOLDING, to=to)


def test_what_is_wrong_about_holding_stands_at_its_field() -> None:
    given = {"queues.1.hold_longest": "5 h", "queues.1.overflow_most": "beaucoup", "queues.1.overflow_to": "etat_civil"}
    changed = fill(SAMPLE, Part.QUEUES, given)
    with pytest.raises(FlawedDocument) as refused:
        RuleBook.parse(changed)
    form = with_flaws(changed, form_of(changed, Part.QUEUES), refused.value.flaws, ())
    wrong = {one.name: one.flaws[0].text.en for each in form.groups for one in each.fields if one.flaws}
    assert "from 1 minute to 2 hours" in wrong["queues.1.hold_longest"]
    assert "a number goes from 1 to 1000" in wrong["queues.1.overflow_most"]
    assert not form.elsewhere


def test_rules_and_queues_and_lines_are_added() -> None:
    new = {"rules.new.name": "Le soir", "rules.new.matters": "reclamation, aide_sociale", "rules.new.then": "callback"}
    book = RuleBook.parse(fill(SAMPLE, Part.RULES, new))
    assert (book.rules[-1].name, book.rules[-1].outcome.value) == ("Le soir", "callback")
    assert RuleBook.parse(fill(SAMPLE, Part.QUEUES, {"queues.new.name": "nuit"})).queues["nuit"].target_minutes == 240
    line = {"name": "nuit", "number": "01 99 00 10 30", "language": "fr", "hours": "mairie", "greeting_fr": "Oui."}
    given = {f"lines.new.{name}": value for name, value in {**line, "greeting_en": "Yes."}.items()}
    assert RuleBook.parse(fill(SAMPLE, Part.LINES, given)).lines[-1].greeting.en == "Yes."
    without = RuleBook.parse(fill(SAMPLE, Part.RULES, {"rules.0.goes": "on"}))
    assert len(without.rules) == len(RuleBook.parse(SAMPLE).rules) - 1


def test_errors_are_told_at_their_field_and_what_is_wrong_can_be_mended_there() -> None:
    changed = fill(SAMPLE, Part.LINES, {"lines.1.number": "12", "lines.0.hours": "mairi", "lines.2.greeting_en": ""})
    with pytest.raises(FlawedDocument) as refused:
        RuleBook.parse(changed)
    form = with_flaws(changed, form_of(changed, Part.LINES), refused.value.flaws, ())
    wrong = {one.name: one.flaws[0].text.en for each in form.groups for one in each.fields if one.flaws}
    assert "not a telephone number" in wrong["lines.1.number"]
    assert "did you mean 'mairie'" in wrong["lines.0.hours"]
    assert ["English" in one.text.en for one in form.groups[2].flaws] == [True]
    assert not form.elsewhere
    other = with_flaws(changed, form_of(changed, Part.QUEUES), refused.value.flaws, ())
    assert len(other.elsewhere) == 3
    hours = fill(SAMPLE, Part.HOURS, {"hours.0.1.days": "samdi", "hours.0.0.ranges": "8-25"})
    with pytest.raises(FlawedDocument) as refused:
        RuleBook.parse(hours)
    form = with_flaws(hours, form_of(hours, Part.HOURS), refused.value.flaws, ())
    assert [one.name for one in form.groups[0].fields if one.flaws] == ["hours.0.0.ranges", "hours.0.1.days"]


def test_a_rule_that_never_applies_is_told_at_its_group() -> None:
    new = {"rules.new.name": "Trop tard", "rules.new.matters": "urgence_danger", "rules.new.then": "callback"}
    text = fill(SAMPLE, Part.RULES, new)
    form = with_flaws(text, form_of(text, Part.RULES), (), warnings(RuleBook.parse(text)))
    assert [one.title for one in form.groups if one.warnings] == ["Trop tard"]


NAMES = [
    one.name for part in Part for each in form_of(SAMPLE, part).groups for one in each.fields if ".new" not in one.name
]


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40), max_size=4))
def test_whatever_is_typed_is_shown_again_and_no_comment_is_lost(typed: dict[str, str]) -> None:
    text = SAMPLE
    for name, value in typed.items():
        part = next(one for one in Part if any(f.name == name for g in form_of(SAMPLE, one).groups for f in g.fields))
        was = field_in(text, part, name)
        if was is None or not clean(value) or was.options or ", " in was.value or "," in value:
            continue
        text = fill(text, part, {name: value})
        after = field_in(text, part, name)
        assert after
        assert after.value == clean(value)
    assert set(comments(SAMPLE)) <= set(comments(text))


def field_in(text: str, part: Part, name: str) -> Field | None:
    return next((one for each in form_of(text, part).groups for one in each.fields if one.name == name), None)
