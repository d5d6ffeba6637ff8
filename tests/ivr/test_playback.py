"""What is sent and in which order; how far the caller has heard; marks of another generation mean nothing."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from guichet.ivr.playback import CHUNK, REWIND_MS, SLACK_MS, Clear, Mark, Order, Piece, Playback, Sound

NOTICE = Piece(b"n" * 8000, whole=True)
QUESTION = Piece(b"q" * 16000)


def audio(orders: Sequence[Order]) -> bytes:
    return b"".join(order.audio for order in orders if isinstance(order, Sound))


def marks(orders: Sequence[Order]) -> list[str]:
    return [order.name for order in orders if isinstance(order, Mark)]


def test_pieces_are_sent_at_once_each_with_its_mark() -> None:
    playback = Playback()
    orders = playback.begin([NOTICE, QUESTION], 0)
    assert audio(orders) == NOTICE.audio + QUESTION.audio
    assert len(set(marks(orders))) == 2
    assert max(len(order.audio) for order in orders if isinstance(order, Sound)) <= CHUNK
    assert playback.is_playing
    assert playback.left_ms == 3000
    for name in marks(orders):
        playback.marked(name, 1000)
    assert playback.is_over


def test_a_notice_is_not_interrupted_a_question_is() -> None:
    playback = Playback()
    first, _ = marks(playback.begin([NOTICE, QUESTION], 0))
    assert playback.pause(500) == []
    assert playback.has_notice
    playback.marked(first, 1000)
    assert playback.pause(1500) == [Clear()]
    assert not playback.is_playing
    assert not playback.is_over


def test_a_pause_goes_on_from_a_little_before() -> None:
    playback = Playback()
    playback.begin([QUESTION], 0)
    playback.pause(1000)
    orders = playback.resume(5000)
    assert len(audio(orders)) == len(QUESTION.audio) - (1000 - REWIND_MS) * 8
    playback.pause(5100)
    assert len(audio(playback.resume(9000))) == len(QUESTION.audio) - (1000 - 2 * REWIND_MS + 100) * 8


def test_marks_of_what_was_cleared_mean_nothing() -> None:
    playback = Playback()
    (old,) = marks(playback.begin([QUESTION], 0))
    playback.pause(500)
    playback.marked(old, 510)
    assert not playback.is_over
    (new,) = marks(playback.resume(1000))
    playback.marked(old, 1010)
    assert not playback.is_over
    playback.marked(new, 3000)
    assert playback.is_over


def test_a_lost_mark_holds_nothing_up() -> None:
    playback = Playback()
    playback.begin([NOTICE, QUESTION], 0)
    playback.pass_time(1000 + SLACK_MS - 1)
    assert playback.has_notice
    playback.pass_time(1000 + SLACK_MS)
    assert not playback.has_notice
    playback.pass_time(3000 + SLACK_MS)
    assert playback.is_over


def test_new_pieces_take_the_place_of_the_old() -> None:
    playback = Playback()
    assert playback.stop() == []
    playback.begin([QUESTION], 0)
    assert playback.begin([NOTICE], 100)[0] == Clear()
    assert playback.stop() == [Clear()]
    assert playback.is_over


_PIECES = st.lists(st.builds(Piece, st.integers(0, 4000).map(bytes), st.booleans()), max_size=4)
_STEPS = st.lists(st.tuples(st.sampled_from(["mark", "stale", "pause", "resume", "time"]), st.integers(0, 4000)))


@given(_PIECES, _STEPS)
def test_whatever_happens_every_notice_is_sent_whole_and_all_ends(
    pieces: list[Piece], steps: list[tuple[str, int]]
) -> None:
    playback, now, known = Playback(), 0.0, ["0.0"]
    orders = playback.begin(pieces, now)
    assert audio(orders) == b"".join(piece.audio for piece in pieces)
    for step, later in steps:
        now += later
        known += marks(orders)
        orders = []
        match step:
            case "mark":
                playback.marked(known[-1], now)
            case "stale":
                playback.marked(known[0], now)
            case "pause":
                was_notice = playback.is_playing and not playback.may_be_interrupted
                orders = playback.pause(now)
                assert not (was_notice and orders)
            case "resume":
                orders = playback.resume(now)
            case _:
                playback.pass_time(now)
        assert playback.left_ms >= 0
    playback.resume(now)
    playback.pass_time(now + sum(len(piece.audio) for piece in pieces) / 8 + SLACK_MS * len(pieces) + 1)
    assert playback.is_over
