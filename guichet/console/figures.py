"""Figures as people read them on a page: rates, waits, means. Pure."""

from math import floor

NOTHING = "–"


def rate(part: float | None, point: str = ".") -> str:
    """Write a rate in per cent, rounded down: only all of them are 100. `point` is what decimals begin with."""
    return NOTHING if part is None else f"{floor(1000 * part + 1e-9) / 10:g} %".replace(".", point)


def minutes(microseconds: float | None) -> str:
    """Write a wait: `42 s`, `4 min 10`, `3 h 05`."""
    if microseconds is None:
        return NOTHING
    seconds = round(microseconds / 1_000_000)
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02}"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02}"
