"""Messages between the gateway and its recogniser process survive the way, cut anywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.errors import BadInput
from guichet.core.language import Language
from guichet.transcripts.endpoint import WHOLE_FILE, limits_for
from guichet.transcripts.engine_wire import (
    LARGEST,
    Answer,
    Audio,
    Ended,
    Failed,
    Forget,
    Open,
    Question,
    Ready,
    Stop,
    Unpacker,
    opening,
    pack,
)
from guichet.transcripts.heard import (
    Digits,
    Ending,
    FileNumber,
    FreeSpeech,
    Heard,
    Letters,
    OneOf,
    Postcode,
    SpokenDate,
    SpokenTime,
    Telephone,
    Word,
    YesNo,
)

EXPECTATIONS = [
    FreeSpeech(is_yes_no=True),
    YesNo(),
    Digits(3, 8),
    Telephone(),
    Postcode(),
    SpokenDate(),
    SpokenTime(),
    Letters(),
    FileNumber(),
    OneOf(("Ève", "b")),
]
HEARD = Heard(Language.FR, "été", (Word("été", 0.1, 0.4, 0.9),), ("était",), 2.5, Ending.TOO_LONG)


def questions() -> Unpacker[Question]:
    return Unpacker(Question)  # type: ignore[arg-type]  # a union is no type for mypy


def answers() -> Unpacker[Answer]:
    return Unpacker(Answer)  # type: ignore[arg-type]  # a union is no type for mypy


@pytest.mark.parametrize("expects", EXPECTATIONS)
def test_a_turn_is_opened_with_all_it_expects(expects: Digits) -> None:
    for limits in (limits_for(expects), WHOLE_FILE):
        (message,) = questions().messages(pack(opening(3, Language.EN, expects, limits)))
        assert isinstance(message, Open)
        assert (message.turn, message.language, message.expects, message.limits) == (3, Language.EN, expects, limits)


@given(st.lists(st.integers(1, 40)))
def test_messages_are_whole_however_they_are_cut(cuts: list[int]) -> None:
    sent: list[Answer] = [Ready(), Ended(1, HEARD), Failed(2, "why")]
    data = b"".join(map(pack, sent))
    unpacker, came = answers(), []
    for cut in [*cuts, len(data)]:
        came += list(unpacker.messages(data[:cut]))
        data = data[cut:]
    assert came == sent


@given(st.binary(max_size=200))
def test_nonsense_is_refused_or_waited_on(data: bytes) -> None:
    try:
        list(questions().messages(data))
    except BadInput:
        return


def test_a_message_that_claims_to_be_huge_and_an_unknown_expectation_are_refused() -> None:
    with pytest.raises(BadInput):
        list(answers().messages((LARGEST + 1).to_bytes(4, "big")))
    for message in (Audio(1, b"\xff" * 160), Stop(1), Forget(1)):
        assert list(questions().messages(pack(message))) == [message]
    with pytest.raises(BadInput):
        _ = Open(1, Language.FR, "Song", {}, WHOLE_FILE).expects
