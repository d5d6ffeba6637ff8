"""The figures of `/metrics`, on a registry of their own (no globals)."""

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Gauge, Histogram

BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Figures:
    """Counts requests by route and status, jobs and spooled texts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self._requests = Histogram(
            "guichet_request_seconds",
            "Time to answer a request, by route and status.",
            ["route", "status"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._known: dict[tuple[str, int], Histogram] = {}
        self._jobs = Gauge("guichet_jobs", "Jobs of the outbox, by state.", ["state"], registry=registry)
        self._spooled = Gauge("guichet_spooled_texts", "Texts kept on disk for want of a database.", registry=registry)

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request."""
        known = self._known.get((route, status))
        if known is None:
            known = self._known[route, status] = self._requests.labels(route, str(status))
        known.observe(seconds)

    def jobs(self, counts: Mapping[str, int]) -> None:
        """Note how many jobs wait and were given up."""
        for state, count in counts.items():
            self._jobs.labels(state).set(count)

    def spooled(self, count: int) -> None:
        """Note how many texts are spooled."""
        self._spooled.set(count)
