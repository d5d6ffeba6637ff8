"""How many turns are listened to at once."""

from hypothesis import given
from hypothesis import strategies as st

from guichet.transcripts.admission import LOOP_FILLED, Admission


def test_a_machine_that_was_not_measured_takes_what_is_usual() -> None:
    assert Admission(2).capacity == 21
    assert Admission(2).on_noise(0.0) == Admission(2)


def test_the_start_measures_noise_and_turns_measure_better() -> None:
    started = Admission(2).on_noise(0.025)
    assert started.capacity == 31
    heard = started
    for _ in range(200):
        heard = heard.after(10.0, 0.3, 0.1)
    assert heard.cost < 0.0305
    assert heard.capacity == 47
    slower = heard
    for _ in range(200):
        slower = slower.after(10.0, 2.0, 0.1)
    assert slower.capacity == 9
    assert heard.after(0.0, 0.0) == heard


def test_on_many_cores_the_loop_that_reads_the_frames_is_what_fills_first() -> None:
    large = Admission(64)
    for _ in range(200):
        large = large.after(10.0, 0.3, 0.1)
    assert large.capacity == int(LOOP_FILLED / large.own.value) < 75


def test_who_lags_takes_nobody_until_it_has_caught_up() -> None:
    late = Admission(2).lagging(0.31)
    assert not late.admits(3)
    assert not late.lagging(0.2).admits(3)
    assert late.lagging(0.09).admits(3)
    assert Admission(2).lagging(0.29).admits(3)
    assert late.admits(0), "nobody is kept waiting for nobody"


@given(
    st.integers(1, 64),
    st.lists(st.tuples(st.floats(0, 600), st.floats(0, 600), st.floats(0, 600)), max_size=30),
    st.integers(0, 500),
)
def test_somebody_is_always_heard_and_never_more_than_the_threads_can(
    threads: int, turns: list[tuple[float, float, float]], under_way: int
) -> None:
    known = Admission(threads)
    for audio, cpu, own in turns:
        known = known.after(audio, cpu, own)
        assert known.decoding.audio > 0
        assert known.capacity >= 1
        assert known.admits(0)
    if under_way and known.admits(under_way):
        assert (under_way + 1) * known.cost <= threads
        assert (under_way + 1) * known.own.value <= 1
