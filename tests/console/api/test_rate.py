from guichet.console.api.rate import MOST_BUCKETS, Buckets


def test_a_quarter_of_a_minutes_worth_goes_at_once_and_the_rest_evenly() -> None:
    buckets = Buckets(a_minute=120)
    assert [buckets.take("a", 0.0) for _ in range(31)] == [0] * 30 + [1]
    assert buckets.take("a", 0.5) == 0
    assert buckets.take("a", 0.5) == 1
    assert buckets.take("a", 1000.0) == 0


def test_each_token_has_its_own_bucket() -> None:
    buckets = Buckets(a_minute=1)
    assert buckets.take("a", 0.0) == 0
    assert buckets.take("a", 0.0) == 60
    assert buckets.take("a", 30.0) == 30
    assert buckets.take("b", 0.0) == 0


def test_memory_is_bounded() -> None:
    buckets = Buckets(a_minute=60)
    for number in range(MOST_BUCKETS + 10):
        buckets.take(str(number), 0.0)
    assert len(buckets._buckets) == MOST_BUCKETS
