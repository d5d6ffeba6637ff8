from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from guichet.routing.queueing import HOLD_LIMIT, REST, Case, Desk, Served, Worker, simulate

NINE = datetime(2026, 3, 4, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def worker(name: str, *skills: str, begins: int = 0, ends: int = 480) -> Worker:
    shift = (NINE + begins * MINUTE, NINE + ends * MINUTE)
    return Worker(name, frozenset(skills or ("social",)), frozenset({"fr"}), (shift,))


def case(name: str, at: int, **changes: object) -> Case:
    known: dict[str, object] = {"queue": "social", "language": "fr", "priority": 0, "target_at": None}
    return Case(name, NINE + at * MINUTE, **{**known, "takes": 10 * MINUTE, **changes})  # type: ignore[arg-type]


def run(workers: list[Worker], cases: list[Case]) -> dict[str, Served]:
    desk = Desk({one.id: one for one in workers}, {})
    return {served.case.id: served for served in simulate(desk, cases)}


def minutes(served: Served) -> float | None:
    return None if served.wait is None else served.wait / MINUTE


def test_who_comes_while_somebody_is_free_waits_for_nothing() -> None:
    done = run([worker("awa")], [case("a", 5)])
    assert (minutes(done["a"]), done["a"].worker) == (0, "awa")


def test_the_next_is_served_when_the_agent_has_written_up_the_last() -> None:
    done = run([worker("awa")], [case("a", 0), case("b", 0)])
    assert minutes(done["b"]) == (10 * MINUTE + REST) / MINUTE


def test_the_order_is_priority_then_target_then_age() -> None:
    waiting = [
        case("late", 1, target_at=NINE + 100 * MINUTE),
        case("soon", 2, target_at=NINE + 50 * MINUTE),
        case("urgent", 3, priority=10),
        case("later", 4, target_at=NINE + 100 * MINUTE),
    ]
    done = run([worker("awa")], [case("first", 0), *waiting])
    assert sorted(done, key=lambda name: done[name].at or NINE) == ["first", "urgent", "soon", "late", "later"]


def test_agents_serve_what_they_know_in_their_languages_and_shifts() -> None:
    workers = [worker("awa", "social"), worker("paul", "technique", begins=60)]
    cases = [case("a", 0, queue="technique"), case("b", 1, language="en"), case("c", 2)]
    done = run(workers, cases)
    assert (done["a"].worker, minutes(done["a"])) == ("paul", 60)
    assert (done["b"].at, done["b"].gave_up) == (None, False)
    assert done["c"].worker == "awa"


def test_whoever_gives_up_after_a_while_is_not_served_and_takes_no_time() -> None:
    cases = [case("a", 0), case("b", 0, patience=5 * MINUTE), case("c", 0)]
    done = run([worker("awa")], cases)
    assert (done["b"].gave_up, done["b"].at) == (True, None)
    assert minutes(done["c"]) == (10 * MINUTE + REST) / MINUTE


def test_who_holds_longer_than_the_limit_is_called_back_at_their_place() -> None:
    cases = [case("a", 0, takes=60 * MINUTE), case("b", 0, patience=HOLD_LIMIT + MINUTE)]
    assert run([worker("awa")], cases)["b"].at is not None


def test_a_target_is_kept_by_who_is_served_before_it() -> None:
    done = run([worker("awa")], [case("a", 0, target_at=NINE + MINUTE), case("b", 0, target_at=NINE + MINUTE)])
    assert (done["a"].in_time, done["b"].in_time) == (True, False)


CASES = st.lists(
    st.builds(
        lambda at, queue, takes, priority, patience: (at, queue, takes, priority, patience),
        st.integers(0, 500),
        st.sampled_from(["social", "technique"]),
        st.integers(1, 40),
        st.integers(0, 3),
        st.one_of(st.none(), st.integers(0, 30)),
    ),
    max_size=40,
)
SHIFTS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 300), st.booleans()), max_size=4)


@settings(deadline=None)
@given(CASES, SHIFTS)
def test_every_case_ends_once_nobody_serves_two_at_once_or_out_of_hours(
    drawn: list[tuple[int, str, int, int, int | None]], shifts: list[tuple[int, int, bool]]
) -> None:
    workers = [
        worker(f"w{number}", *(("social", "technique") if both else ("social",)), begins=begins, ends=begins + lasts)
        for number, (begins, lasts, both) in enumerate(shifts)
    ]
    cases = [
        case(
            f"c{number}",
            at,
            queue=queue,
            takes=takes * MINUTE,
            priority=priority,
            patience=None if patience is None else patience * MINUTE,
        )
        for number, (at, queue, takes, priority, patience) in enumerate(sorted(drawn, key=lambda one: one[0]))
    ]
    ended = list(simulate(Desk({one.id: one for one in workers}, {}), cases))
    assert sorted(one.case.id for one in ended) == sorted(one.id for one in cases)
    for one in workers:
        own = sorted((served.at, served.case.takes) for served in ended if served.worker == one.id and served.at)
        (shift,) = one.shifts
        assert all(shift[0] <= at < shift[1] for at, _ in own)
        assert all(at + takes + REST <= later for (at, takes), (later, _) in pairwise(own))
    for served in ended:
        assert served.at is None or served.at >= served.case.at
        assert not (served.gave_up and served.at)
