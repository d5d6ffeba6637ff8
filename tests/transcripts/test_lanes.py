"""Work of the recogniser's threads: whoever is waited for goes first, and nothing is left behind."""

from functools import partial
from threading import Event

from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.transcripts.lanes import Lanes
from guichet.transcripts.mulaw import decode
from guichet.transcripts.pausing import Pausing
from tests.transcripts.voices import hum, silence


@settings(max_examples=25)
@given(st.lists(st.booleans(), max_size=20))
def test_those_who_wait_go_first_each_in_their_order(waited_for: list[bool]) -> None:
    lanes, held, begun, over = Lanes(1), Event(), Event(), Event()
    done: list[int] = []

    def hold() -> None:
        begun.set()
        held.wait(10)

    lanes.submit(hold, is_waited_for=False)
    assert begun.wait(10)
    for number, waits in enumerate(waited_for):
        lanes.submit(partial(done.append, number), is_waited_for=waits)
    lanes.submit(over.set, is_waited_for=False)
    held.set()
    assert over.wait(10)
    first = [number for number, waits in enumerate(waited_for) if waits]
    assert done == first + [number for number in range(len(waited_for)) if number not in first]


def test_a_caller_pauses_before_and_after_speaking_and_not_between_two_words() -> None:
    pausing = Pausing()
    assert pausing.is_paused
    pausing.hear(decode(silence(1) + hum(0.5)))
    assert not pausing.is_paused
    pausing.hear(decode(silence(0.1)))
    assert not pausing.is_paused
    pausing.hear(decode(silence(0.12)))
    assert pausing.is_paused
