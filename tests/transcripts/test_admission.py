"""How many turns are listened to at once."""

from hypothesis import given
from hypothesis import strategies as st

from guichet.transcripts.admission import Admission


def test_a_machine_that_was_not_measured_takes_what_is_usual() -> None:
    assert Admission(2).capacity == 10
    assert Admission(2).on_noise(0.0) == Admission(2)


def test_the_start_measures_noise_and_turns_measure_better() -> None:
    started = Admission(2).on_noise(0.05)
    assert started.capacity == 16
    heard = started
    for _ in range(200):
        heard = heard.after(10.0, 0.5)
    assert heard.cost < 0.0505
    assert heard.capacity == 31
    slower = heard
    for _ in range(200):
        slower = slower.after(10.0, 2.0)
    assert slower.capacity == 8
    assert heard.after(0.0, 0.0) == heard


def test_who_lags_takes_nobody_until_it_has_caught_up() -> None:
    late = Admission(2).lagging(0.31)
    assert not late.admits(3)
    assert not late.lagging(0.2).admits(3)
    assert late.lagging(0.09).admits(3)
    assert Admission(2).lagging(0.29).admits(3)
    assert late.admits(0), "nobody is kept waiting for nobody"


@given(
    st.integers(1, 64),
    st.lists(st.tuples(st.floats(0, 600), st.floats(0, 600)), max_size=30),
    st.integers(0, 500),
)
def test_somebody_is_always_heard_and_never_more_than_the_threads_can(
    threads: int, turns: list[tuple[float, float]], under_way: int
) -> None:
    known = Admission(threads)
    for audio, cpu in turns:
        known = known.after(audio, cpu)
        assert known.audio > 0
        assert known.capacity >= 1
        assert known.admits(0)
    if under_way and known.admits(under_way):
        assert (under_way + 1) * known.cost <= threads
