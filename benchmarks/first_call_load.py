"""The carrier's side of `first_call.py`: signed webhooks of new calls over connections that stay open, one JSON line.

    python benchmarks/first_call_load.py PORT PATH PUBLIC_URL REQUESTS CONNECTIONS

The auth token is that of GUICHET_TWILIO_AUTH_TOKENS. Every request is a call of its own (random CallSid and caller),
made and signed before the clock starts. The client is a loop over epoll that knows just enough HTTP/1.1, so that it
costs little beside the server it measures.
"""

import json
import math
import os
import random
import secrets
import select
import socket
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

LINE = "+33199001010"
LONGEST_ROUND = 120.0
"""Seconds after which a round is given up."""


@dataclass
class Connection:
    """One connection: when its request left, and what has come back of the answer."""

    socket: socket.socket
    sent_at: float = 0.0
    answer: bytearray = field(default_factory=bytearray)


@dataclass
class Tally:
    """What a round has brought: seconds of each request, answers by status, the body of the last one."""

    latencies: list[float] = field(default_factory=list)
    answer: str = ""
    statuses: Counter[str] = field(default_factory=Counter)


def form(sid: str, caller: str) -> dict[str, str]:
    """Return the fields of Twilio's first webhook of a call, its guesses at the geography included."""
    place = {"City": "", "State": "", "Zip": "", "Country": "FR"}
    fields = {
        "AccountSid": "AC" + "0" * 31 + "1",
        "ApiVersion": "2010-04-01",
        "CallSid": sid,
        "CallStatus": "ringing",
        "CallToken": f"%7B%22parentCallInfoToken%22%3A%22{sid * 4}%22%7D",
        "Direction": "inbound",
        "StirVerstat": "TN-Validation-Passed-A",
    }
    for end, number in (("Called", LINE), ("To", LINE), ("Caller", caller), ("From", caller)):
        fields |= {end: number} | {f"{end}{part}": value for part, value in place.items()}
    return fields


def request(path: str, url: str, fields: dict[str, str], validator: RequestValidator) -> bytes:
    """Return a whole signed HTTP request."""
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: guichet.example\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
        f"X-Twilio-Signature: {validator.compute_signature(url, fields)}\r\n"
        f"I-Twilio-Idempotency-Token: {secrets.token_hex(16)}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def is_whole(answer: bytearray) -> bool:
    """Whether the answer is there to its last byte (the servers measured here send its length)."""
    end = answer.find(b"\r\n\r\n")
    if end < 0:
        return False
    at = answer.lower().find(b"content-length:", 0, end)
    if at < 0:
        raise ValueError("an answer without its length")
    return len(answer) >= end + 4 + int(answer[at + 15 : answer.find(b"\r\n", at)])


def send(connection: Connection, content: bytes) -> None:
    """Send a request: it fits into the socket's buffer."""
    connection.answer.clear()
    connection.sent_at = time.perf_counter()
    connection.socket.send(content)


def connect(port: int) -> Connection:
    """Open a connection."""
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Connection(line)


def take(line: Connection, tally: Tally) -> bool:
    """Take what has come; tell whether the answer is whole, and then count it."""
    data = line.socket.recv(1 << 16)
    if not data:
        raise ConnectionError("the server has closed a connection")
    line.answer += data
    if not is_whole(line.answer):
        return False
    tally.latencies.append(time.perf_counter() - line.sent_at)
    tally.statuses[line.answer[9:12].decode()] += 1
    tally.answer = line.answer.partition(b"\r\n\r\n")[2].decode()
    return True


def run(port: int, requests: Sequence[bytes], connections: int) -> tuple[float, Tally]:
    """Send every request, each connection one after the other; return the seconds of all, and the tally."""
    lines = {line.socket.fileno(): line for line in (connect(port) for _ in range(min(connections, len(requests))))}
    poll = select.epoll()
    for number in lines:
        poll.register(number, select.EPOLLIN)
    tally, left = Tally(), iter(requests)
    started = time.perf_counter()
    for line in lines.values():
        send(line, next(left))
    while len(tally.latencies) < len(requests):
        events = poll.poll(LONGEST_ROUND)
        if not events:
            raise TimeoutError("the server has stopped answering")
        for number, _ in events:
            if take(lines[number], tally) and (content := next(left, None)) is not None:
                send(lines[number], content)
    seconds = time.perf_counter() - started
    for line in lines.values():
        line.socket.close()
    return seconds, tally


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which that share lies (nearest rank)."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def main() -> None:
    """Run one round and print what it brought; times in milliseconds."""
    port, path, public_url, count, connections = sys.argv[1:]
    validator = RequestValidator(os.environ["GUICHET_TWILIO_AUTH_TOKENS"])
    sids = [f"CA{secrets.token_hex(16)}" for _ in range(int(count))]
    callers = [f"+336{random.randrange(10**8):08}" for _ in sids]
    requests = [
        request(path, public_url + path, form(sid, caller), validator)
        for sid, caller in zip(sids, callers, strict=True)
    ]
    seconds, tally = run(int(port), requests, int(connections))
    brought = {
        "per_second": len(sids) / seconds,
        "p50": percentile(tally.latencies, 0.5) * 1000,
        "p99": percentile(tally.latencies, 0.99) * 1000,
        "statuses": tally.statuses,
        "answer": tally.answer,
        "sids": sids,
    }
    print(json.dumps(brought))


if __name__ == "__main__":
    main()
