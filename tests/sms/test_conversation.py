from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guichet.routing.intent import AGENT, DANGER, IntentMatch, RunnerUp
from guichet.sms.acts import (
    Act,
    AskAgain,
    AskWhich,
    CancelRequest,
    Explain,
    Matter,
    OptIn,
    OptOut,
    Silent,
    TakeBack,
    TellStatus,
)
from guichet.sms.conversation import step
from guichet.sms.keywords import Command
from guichet.sms.not_that import refuses_both
from guichet.sms.talk import MOST_MISSES, Incoming, Lately, Talk

NOTHING = IntentMatch("", None, 0.0)


def message(
    text: str, intent: str | None = None, *, obeyed: Command | None = None, opted_out: bool = False
) -> Incoming:
    return Incoming(text, IntentMatch(text, intent, 0.9 if intent else 0.1), None, obeyed, opted_out)


@pytest.mark.parametrize(
    ("incoming", "act"),
    [
        (message("au secours", DANGER), Matter(DANGER)),
        (message("help me", DANGER), Matter(DANGER)),
        (message("stop il me frappe", DANGER), Matter(DANGER)),
        (message("STATUT", DANGER), TellStatus()),
        (message("ok merci", DANGER), Silent()),
        (message("Oui", DANGER), Silent()),
        (message("42", DANGER), AskAgain()),
        (message("STOP", obeyed=Command.STOP), OptOut(confirm=False)),
        (message("Stop. Merci"), OptOut(confirm=True)),
        (message("Stop. Merci", opted_out=True), OptOut(confirm=False)),
        (message("START", obeyed=Command.START, opted_out=True), OptIn(confirm=False)),
        (message("START"), OptIn(confirm=True)),
        (message("yes", "cantine_periscolaire", obeyed=Command.START), Silent()),
        (message("HELP", obeyed=Command.HELP), Silent()),
        (message("AIDE"), Explain()),
        (message("STATUT"), TellStatus()),
        (message("ANNULER K7-4QX9"), CancelRequest("K7-4QX9")),
        (message("AGENT"), Matter(AGENT, wants_agent=True)),
        (message("je veux parler a qqun", AGENT), Matter(AGENT, wants_agent=True)),
        (message("acte de naissance", "etat_civil_acte"), Matter("etat_civil_acte")),
        (message("arrêt de bus cassé", "voirie_signalement"), Matter("voirie_signalement")),
        (message(""), AskAgain()),
    ],
)
def test_a_message_becomes_an_act(incoming: Incoming, act: Act) -> None:
    assert step(Talk(), incoming) == (Talk(misses=1) if isinstance(act, AskAgain) else Talk(), act)


def test_what_is_not_understood_is_asked_back_once_with_the_likeliest_two() -> None:
    vague = Incoming("papier", IntentMatch("papier", None, 0.2, RunnerUp("identite_titre", 0.1)), "etat_civil_acte")
    talk, act = step(Talk(), vague)
    assert act == AskWhich(("etat_civil_acte", "identite_titre"))
    assert step(talk, message("2")) == (Talk(), Matter("identite_titre"))
    assert step(talk, message("1", DANGER)) == (Talk(), Matter("etat_civil_acte"))
    assert step(talk, message("un")) == (Talk(), Matter("etat_civil_acte"))
    assert step(talk, vague) == (Talk(), Matter(AGENT, wants_agent=True))
    assert Talk.from_json(talk.to_json()) == talk


def test_what_was_understood_of_the_last_text_may_be_taken_back() -> None:
    lately = Lately("etat_civil_acte", "K7-4QX9")
    alone = replace(message("non c pa ca"), lately=lately)
    assert step(Talk(), alone) == (Talk(misses=1), TakeBack("K7-4QX9"))
    same = replace(message("non pas ca pas un acte", "etat_civil_acte"), lately=lately)
    assert step(Talk(), same) == (Talk(misses=1), TakeBack("K7-4QX9"))
    other = replace(message("non pas ça, c'est pour la cantine", "cantine_periscolaire"), lately=lately)
    assert step(Talk(), other) == (Talk(), TakeBack("K7-4QX9", Matter("cantine_periscolaire")))
    danger = replace(message("non pas ça au secours", DANGER), lately=lately)
    assert step(Talk(), danger) == (Talk(), Matter(DANGER))


def test_without_anything_understood_before_there_is_nothing_to_take_back() -> None:
    assert step(Talk(), message("non pas ça")) == (Talk(misses=1), AskAgain())


def test_both_matters_that_were_asked_back_may_be_refused() -> None:
    asked = Talk(("etat_civil_acte", "identite_titre"), misses=1)
    assert step(asked, message("ni l'un ni l'autre")) == (Talk(misses=1), AskAgain())
    assert step(asked, message("3")) == (Talk(misses=1), AskAgain())
    assert step(asked, message("non, la cantine", "cantine_periscolaire"))[1] == Matter("cantine_periscolaire")


@pytest.mark.parametrize(
    ("intent", "second", "waits_for", "meant"),
    [
        ("rendez_vous", 0.33, {"identite_titre"}, "identite_titre"),
        ("rendez_vous", 0.33, {"identite_titre", "rendez_vous"}, "rendez_vous"),
        ("rendez_vous", 0.1, {"identite_titre"}, "identite_titre"),
        ("suivi_dossier", 0.0, {"etat_civil_acte"}, "etat_civil_acte"),
        ("reclamation", 0.1, {"identite_titre"}, "reclamation"),
        ("reclamation", 0.33, {"identite_titre"}, "identite_titre"),
        ("rendez_vous", 0.33, set(), "rendez_vous"),
        (DANGER, 0.33, {"identite_titre"}, DANGER),
    ],
)
def test_of_two_matters_that_are_close_a_reminder_is_about_the_one_they_wait_for(
    intent: str, second: float, waits_for: set[str], meant: str
) -> None:
    match = IntentMatch("j'attends toujours", intent, 0.39, RunnerUp("identite_titre", second))
    _, act = step(Talk(), Incoming("j'attends toujours", match, waits_for=frozenset(waits_for)))
    assert act == Matter(meant)


def test_a_danger_is_never_offered_as_a_choice() -> None:
    vague = Incoming("feu", IntentMatch("feu", None, 0.2, RunnerUp("voirie_signalement", 0.1)), DANGER)
    assert step(Talk(), vague)[1] == AskAgain(is_danger_near=True)


@example([("", None, True), ("3", None, True), ("non", None, True)])
@given(
    st.lists(
        st.tuples(st.text(max_size=30), st.sampled_from([None, None, "voirie_signalement", AGENT]), st.booleans()),
        min_size=MOST_MISSES,
        max_size=12,
    )
)
def test_nobody_is_asked_for_ever(messages: list[tuple[str, str | None, bool]]) -> None:
    """Who refuses both of two matters is asked once more, which is no miss: never more often than they were offered."""
    talk, asked, refused = Talk(), 0, 0
    for text, intent, likely in messages:
        match = IntentMatch(text, intent, 0.5, RunnerUp("cantine_periscolaire", 0.2))
        was_offered = bool(talk.choices)
        talk, act = step(talk, Incoming(text, match, "voirie_signalement" if likely else None))
        if was_offered and isinstance(act, AskAgain) and refuses_both(text):
            refused += 1
        else:
            asked = asked + 1 if isinstance(act, AskWhich | AskAgain) else 0
            refused = refused if asked else 0
        assert refused <= asked < MOST_MISSES
        assert talk.misses == asked or isinstance(act, Silent)


@pytest.mark.parametrize(
    ("waits_for", "act"),
    [({"etat_civil_acte"}, TellStatus()), (set(), Matter("suivi_dossier"))],
)
def test_everyday_words_are_a_command_only_where_something_is_open(waits_for: set[str], act: Act) -> None:
    asked = Incoming("any news about my request", IntentMatch("", "suivi_dossier", 0.9), waits_for=frozenset(waits_for))
    assert step(Talk(), asked) == (Talk(), act)
