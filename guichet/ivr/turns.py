"""Moves as verbs of the carrier: one turn is keys during the prompt, then listening, then the next turn. Pure.

    Gather(prompts)  →  ConnectStream  →  Redirect
       │ keys              │ our socket     │
       ▼                   │ closes         ▼
    /voice/turn?n=N&by=keys               /voice/turn?n=N

`Pause` is never last, and every answer ends with Redirect, Enqueue or Hangup.
"""

from collections.abc import Sequence

from guichet.callbacks.holding import Told
from guichet.carrier.verbs import ConnectStream, Enqueue, Gather, Hangup, Record, Redirect, Say, StartStream, Verb
from guichet.core.ids import RequestId
from guichet.ivr.call import Call
from guichet.ivr.moves import Ask, End, Hold, Move, TakeMessage, Tell
from guichet.transcripts.heard import FreeSpeech

MORE_KEYS_SECONDS = 2
"""Between keys of a number typed during the prompt; the rest is taken while listening."""
TYPING_SECONDS = 4
"""For somebody in the middle of typing."""
RECORDING_PATH = "/voice/recording"
"""Where the carrier tells that a recording can be fetched."""
KEYS_ALONE_SECONDS = 7
"""For somebody who can answer by keys only."""
RELAYED_SECONDS = 60
"""More, where a text relay service speaks: what we say is typed and read, what they answer is typed and spoken."""


def verbs(call: Call, number: int, token: str, moves: Sequence[Move]) -> tuple[Verb, ...]:
    """Render what is to be said and done in turn `number`, whose stream has `token`; needs are left out."""
    spoken: list[Say] = []
    for move in moves:
        match move:
            case Tell(text, language):
                spoken.append(Say(text.to(language or call.language), language or call.language))
            case Ask():
                return _asked(call, number, token, move, spoken)
            case Hold(listen) if call.request:
                ears = (StartStream(f"{stream_path(token)}/hold"),) if listen else ()
                return (*spoken, *ears, _hold(call.request, number, call.urgent))
            case TakeMessage(seconds):
                record = Record(turn_path(number), RECORDING_PATH, seconds)
                # Whoever says nothing is not recorded: the next verb follows.
                return (*spoken, record, Redirect(turn_path(number)))
            case End():
                return (*spoken, Hangup())
            case _:
                continue
    return (*spoken, Redirect(turn_path(number)))


def brings(move: Move) -> Ask | None:
    """Return what a turn that ends so may bring: an answer, or the wish of somebody who holds; None: nothing."""
    match move:
        case Ask():
            return move
        case Hold(listen):
            return Ask(None, FreeSpeech(), listen=listen)
        case _:
            return None


def in_one_stream(token: str, number: int = 1, spoken: Sequence[Say] = ()) -> tuple[Verb, ...]:
    """Return the verbs of a dialogue that goes over one stream from turn `number` on, after what the carrier says.

    What follows the stream is asked for as that turn's.
    """
    return (*spoken, ConnectStream(f"{stream_path(token)}/duplex"), Redirect(f"{turn_path(number)}&opening=1"))


def back_in_one_stream(call: Call, number: int, token: str, moves: Sequence[Move]) -> tuple[Verb, ...]:
    """Return the verbs of somebody who comes back from a queue: a question that listens opens another stream."""
    if isinstance(moves[-1], Ask) and moves[-1].listen:
        return in_one_stream(token, number, _said(call, moves))
    return verbs(call, number, token, moves)


def _said(call: Call, moves: Sequence[Move]) -> tuple[Say, ...]:
    """Return what is said before the question."""
    told = (move for move in moves if isinstance(move, Tell))
    spoken = ((tell.text, tell.language or call.language) for tell in told)
    return tuple(Say(text.to(language), language) for text, language in spoken)


def without_words(moves: Sequence[Move]) -> tuple[Move, ...]:
    """Return the moves without what is to be said, where that has been heard."""
    return tuple(move for move in moves if not isinstance(move, Tell))


def turn_path(number: int) -> str:
    """Return the path that asks for what follows turn `number`."""
    return f"/voice/turn?n={number}"


def stream_path(token: str) -> str:
    """Return the path of the media stream of that token."""
    return f"/media/{token}"


def _asked(call: Call, number: int, token: str, ask: Ask, spoken: Sequence[Say]) -> tuple[Verb, ...]:
    """Take keys while all is said, then listen."""
    language = call.language
    prompts = (*spoken, Say(ask.prompt.to(language), language)) if ask.prompt else tuple(spoken)
    gather = Gather(
        action=f"{turn_path(number)}&by=keys",
        prompts=prompts,
        timeout=_seconds(ask) + (RELAYED_SECONDS if call.relayed and not ask.listen else 0),
        digits=ask.keys,
        finish_on="" if ask.keys == 1 else "#",
    )
    if not ask.listen:
        return (gather, Redirect(turn_path(number)))
    return (gather, ConnectStream(stream_path(token)), Redirect(turn_path(number)))


def _seconds(ask: Ask) -> int:
    """Return how long to wait for a key after the prompt: the shortest where listening follows."""
    if not ask.listen:
        return KEYS_ALONE_SECONDS
    if ask.prompt is None:
        return TYPING_SECONDS
    return 1 if ask.keys == 1 else MORE_KEYS_SECONDS


def hold_path(request: RequestId, told: Sequence[str], last: Told | None = None) -> str:
    """Return the path that asks what a waiting caller shall hear.

    `told` are urgent messages they have heard; `last` is where they were told they stand.
    """
    heard = f"&told={','.join(told)}" if told else ""
    return f"/voice/hold?request={request}{heard}{f'&last={last}' if last else ''}"


def _hold(request: RequestId, number: int, told: Sequence[str]) -> Enqueue:
    """Put on hold in the request's own queue."""
    return Enqueue(f"hold-{request}", wait=hold_path(request, told), action=f"/voice/held?n={number}")
