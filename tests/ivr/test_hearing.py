import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.carrier.media import Connected, Key, Marked, Media, Started, Stopped, StreamEvent, Unknown
from guichet.core.ids import CallSid
from guichet.ivr.hearing import PAUSE_MS, Action, Hearing, Stage, hear

CALL = CallSid("CA1")
START = Started("MZ1", CALL)
AUDIO = Media(b"\xff" * 160, 90, 1, "inbound")
LONG_AUDIO = Media(b"\xff" * (8 * PAUSE_MS), 90, 1, "inbound")


def play(*events: StreamEvent, most: int = 8) -> tuple[Hearing, list[Action]]:
    hearing, actions = Hearing(CALL, most), []
    for event in events:
        hearing, action = hear(hearing, event)
        actions.append(action)
    return hearing, actions


# events → the actions they lead to
@pytest.mark.parametrize(
    ("events", "actions"),
    [
        ((Connected(), START, AUDIO), [Action.NOTHING, Action.LISTEN, Action.FEED]),
        ((AUDIO, Key("1"), START, AUDIO), [Action.NOTHING, Action.NOTHING, Action.LISTEN, Action.FEED]),
        ((START, START, AUDIO), [Action.LISTEN, Action.NOTHING, Action.FEED]),
        ((Started("MZ2", CallSid("CA2")), AUDIO), [Action.REFUSE, Action.NOTHING]),
        ((START, Media(b"x", 1, 1, "outbound")), [Action.LISTEN, Action.NOTHING]),
        ((START, Media(b"", 1, 1, "inbound")), [Action.LISTEN, Action.FEED]),
        ((START, Marked("m"), Unknown("new"), Connected()), [Action.LISTEN, *[Action.NOTHING] * 3]),
        ((START, AUDIO, Stopped(), AUDIO), [Action.LISTEN, Action.FEED, Action.STOP, Action.NOTHING]),
        ((START, Key("1"), AUDIO, LONG_AUDIO), [Action.LISTEN, Action.NOTHING, Action.NOTHING, Action.KEYED]),
        ((START, Key("1"), Key("#")), [Action.LISTEN, Action.NOTHING, Action.KEYED]),
        ((START, Key("#")), [Action.LISTEN, Action.KEYED]),
    ],
)
def test_each_event_has_its_outcome_in_each_state(events: tuple[StreamEvent, ...], actions: list[Action]) -> None:
    assert play(*events)[1] == actions


def test_keys_end_when_there_are_enough() -> None:
    hearing, actions = play(START, *map(Key, "12345678"))
    assert (hearing.keys, actions[-1]) == ("12345678", Action.KEYED)
    assert play(START, Key("5"), most=1)[0].keys == "5"


def test_a_pause_between_keys_counts_from_the_last_key() -> None:
    half = Media(b"\xff" * (4 * PAUSE_MS + 8), 90, 1, "inbound")
    hearing, actions = play(START, Key("1"), half, Key("2"), half, half)
    assert (hearing.keys, actions[-2:]) == ("12", [Action.NOTHING, Action.KEYED])


events = st.lists(
    st.one_of(
        st.sampled_from([Connected(), START, Started("MZ9", CallSid("CA9")), Marked("m"), Stopped(), Unknown("x")]),
        st.builds(Key, st.sampled_from(list("0123456789*#ABCD"))),
        st.builds(
            Media, st.binary(max_size=400), st.integers(), st.integers(), st.sampled_from(["inbound", "outbound"])
        ),
    ),
    max_size=60,
)


@given(events)
def test_whatever_comes_there_is_one_listen_and_one_end(given_events: list[StreamEvent]) -> None:
    hearing, actions = play(*given_events)
    assert actions.count(Action.LISTEN) <= 1
    ends = [action for action in actions if action in {Action.KEYED, Action.STOP, Action.REFUSE}]
    assert len(ends) == (hearing.stage is Stage.ENDED)
    assert len(hearing.keys) <= hearing.most_keys
    if Action.FEED in actions:
        assert actions.index(Action.LISTEN) < actions.index(Action.FEED)
