"""The figures of `/metrics`, on a registry of their own (no globals). What is counted holds no word of a citizen."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from guichet.transcripts.admission import Load

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Figures:
    """Counts requests, calls, turns and streams of this process; jobs and spooled texts as they stand."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry or CollectorRegistry()
        self._requests = Histogram(
            "guichet_request_seconds",
            "Time to answer a request, by route and status.",
            ["route", "status"],
            buckets=BUCKETS,
            registry=self.registry,
        )
        self._known: dict[tuple[str, int], Histogram] = {}
        self._opened = self._counter("guichet_calls_opened", "Calls opened.")
        self._ended = self._counter("guichet_calls_ended", "Calls ended, by outcome.", "outcome")
        self._turns = self._counter("guichet_turns", "Turns of calls, by what came back.", "kind")
        self._heard = self._counter("guichet_streams", "Media streams that have ended, by what they brought.", "kind")
        self._audio = self._counter("guichet_listened_seconds", "Seconds of callers' audio that were listened to.")
        self._cpu = self._counter("guichet_listening_cpu_seconds", "CPU seconds of the recogniser for that audio.")
        self._texts = self._counter("guichet_texts_spooled", "Texts put on disk for want of a database.")
        self._streams = self._gauge("guichet_streams_open", "Media streams open now.")
        self._speech = self._gauge("guichet_recogniser_up", "Whether the recogniser process is up.")
        self._turns_open = self._gauge("guichet_recogniser_turns", "Turns that are listened to now.")
        self._capacity = self._gauge(
            "guichet_recogniser_capacity", "Turns that this machine can listen to in real time."
        )
        self._lag = self._gauge("guichet_recogniser_lag_seconds", "How far decoding is behind the slowest turn.")
        self._cost = self._gauge("guichet_recogniser_cost", "CPU seconds a second of audio, over the last turns.")
        self._refused = self._gauge("guichet_recogniser_refused", "Turns refused so far, for want of room or for lag.")
        self._jobs = self._gauge("guichet_jobs", "Jobs of the outbox, by state.", "state")
        self._spooled = self._gauge("guichet_spooled_texts", "Texts on disk that wait for the database.")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(name, text, labels, registry=self.registry)

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        known = self._known.get((route, status))
        if known is None:
            known = self._known[route, status] = self._requests.labels(route, str(status))
        known.observe(seconds)

    def call_opened(self) -> None:
        """Count a call that begins."""
        self._opened.inc()

    def call_ended(self, outcome: str) -> None:
        """Count a call that is over."""
        self._ended.labels(outcome).inc()

    def turn(self, kind: str) -> None:
        """Count a turn: `spoken`, `keys`, `silence`, `failed` or `holdended`."""
        self._turns.labels(kind).inc()

    def streams(self, count: int) -> None:
        """Note how many streams are open."""
        self._streams.set(count)

    def heard(self, kind: str) -> None:
        """Count what a stream has brought: `speech`, `keys`, `silence` or `failed`."""
        self._heard.labels(kind).inc()

    def spent(self, listened: float, cpu: float) -> None:
        """Count seconds of audio, and the CPU seconds that hearing them took."""
        self._audio.inc(listened)
        self._cpu.inc(cpu)

    def text_spooled(self) -> None:
        """Count a text that was put on disk."""
        self._texts.inc()

    def recogniser(self, load: Load, *, is_up: bool) -> None:
        """Note how the recogniser is."""
        self._speech.set(is_up)
        self._turns_open.set(load.turns)
        self._capacity.set(load.capacity)
        self._lag.set(load.lag)
        self._cost.set(load.cost)
        self._refused.set(load.refused)

    def jobs(self, counts: Mapping[str, int]) -> None:
        """Note how many jobs wait and were given up."""
        for state, count in counts.items():
            self._jobs.labels(state).set(count)

    def spooled(self, count: int) -> None:
        """Note how many texts are spooled."""
        self._spooled.set(count)
