from hypothesis import given
from hypothesis import strategies as st

from guichet.carrier.simulator.behaviour import Behaviour
from guichet.carrier.simulator.parties import (
    NATURAL_MOMENTS,
    Action,
    Answers,
    HangUp,
    Moment,
    Press,
    Speak,
    StaySilent,
)


def test_an_action_waits_until_it_can_be_done() -> None:
    behaviour = Behaviour(Answers([Speak(b"a"), Press("1")]))
    assert behaviour.press() is None
    assert behaviour.speak() == Speak(b"a")
    assert behaviour.press() == Press("1")


def test_silence_lasts_one_turn_in_which_something_was_asked() -> None:
    behaviour = Behaviour(Answers([StaySilent(), Press("1")]))
    assert not behaviour.end_turn()
    assert behaviour.press() is None
    assert behaviour.speak() is None
    assert behaviour.end_turn()
    assert behaviour.press() == Press("1")
    assert not behaviour.end_turn()


def test_who_hangs_up_next_waits_for_a_natural_moment() -> None:
    behaviour = Behaviour(Answers([HangUp()]))
    assert behaviour.hang_up(Moment.WEBHOOK) is None
    assert behaviour.hang_up(Moment.HOLD) == HangUp()


def test_a_reaction_hears_what_was_said_since_the_last_action() -> None:
    heard: list[str] = []

    def react(prompt: str) -> Action:
        heard.append(prompt)
        return Press("1")

    behaviour = Behaviour(Answers(react=react))
    for prompt in ("un", "deux"):
        behaviour.hear(prompt)
        assert behaviour.press() == Press("1")
    assert heard == ["un", "deux"]


_ACTIONS = st.one_of(
    st.builds(Speak, st.binary(max_size=3)),
    st.builds(Press, st.text("0123456789*#w", min_size=1)),
    st.just(StaySilent()),
    st.builds(HangUp, st.floats(0, 9), st.none() | st.sampled_from(Moment)),
)
_MOVES = st.sampled_from(["press", "speak", "hang_up", "end_turn"])


@given(st.lists(_ACTIONS), st.lists(st.tuples(_MOVES, st.sampled_from(Moment))))
def test_actions_are_done_in_order_each_once(script: list[Action], moves: list[tuple[str, Moment]]) -> None:
    behaviour = Behaviour(Answers(script))
    done: list[Action] = []
    for move, moment in moves:
        if move == "hang_up":
            action: object = behaviour.hang_up(moment)
            if isinstance(action, HangUp) and action.at is None:
                assert moment in NATURAL_MOMENTS
        elif move == "end_turn":
            behaviour.end_turn()
            continue
        else:
            action = behaviour.press() if move == "press" else behaviour.speak()
        if isinstance(action, Speak | Press | HangUp):
            done.append(action)
    loud = [action for action in script if not isinstance(action, StaySilent)]
    assert done == loud[: len(done)]
