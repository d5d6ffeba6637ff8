"""Charts as SVG: bars side by side, and a line of several series. Each stands beside the table of its figures. Pure.

Colours and fonts are classes of cockpit.css, so that charts follow light and dark pages; a pattern besides the colour
tells series apart (WCAG 2.2, 1.4.1).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 640
_LABELS = 170
_ROW = 20
_GAP = 10
_VALUE = 70
_HEIGHT = 200
_BOTTOM = 24
_LEFT = 46
_TICKS = 4


@dataclass(frozen=True, slots=True)
class Series:
    """Figures of one kind; None where there is nothing to show."""

    name: str
    values: Sequence[float | None]


def bars(title: str, names: Sequence[str], series: Sequence[Series], written: Sequence[Sequence[str]]) -> Markup:
    """Return horizontal bars, a group for each name; `written` are the figures as the table has them."""
    most = max((value for one in series for value in one.values if value is not None), default=0) or 1
    group = _ROW * len(series) + _GAP
    height = group * len(names) + _GAP
    parts: list[Markup] = []
    for at, name in enumerate(names):
        top = _GAP + at * group
        middle = top + (group - _GAP) / 2 + 4
        parts.append(Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(_LABELS - 8, middle, _cut(name)))
        for number, one in enumerate(series):
            value = one.values[at]
            y = top + number * _ROW
            width = round((value or 0) / most * (WIDTH - _LABELS - _VALUE), 1)
            parts.append(
                Markup('<rect class="s{}" x="{}" y="{}" width="{}" height="{}"/>').format(
                    number, _LABELS, y + 2, max(width, 1 if value else 0), _ROW - 4
                )
            )
            parts.append(
                Markup('<text x="{}" y="{}">{}</text>').format(_LABELS + width + 6, y + 14, written[number][at])
            )
    return _svg(title, height, parts, series)


def lines(title: str, names: Sequence[str], series: Sequence[Series], point: str = ".") -> Markup:
    """Return lines over time: a point for each name, gaps where there is nothing; `point` begins decimals."""
    most = _round_up(max((value for one in series for value in one.values if value is not None), default=0))
    step = (WIDTH - _LEFT - 10) / max(1, len(names) - 1)

    def place(at: int, value: float) -> tuple[float, float]:
        return round(_LEFT + at * step, 1), round(10 + (_HEIGHT - 10) * (1 - value / most), 1)

    parts = _grid(most, point)
    for at in _shown(len(names)):
        x, _ = place(at, 0)
        anchor = "start" if at == 0 else "end" if at == len(names) - 1 and at else "middle"
        parts.append(
            Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>').format(x, _HEIGHT + _BOTTOM - 6, anchor, names[at])
        )
    for number, one in enumerate(series):
        for run in _runs(one.values):
            points = [place(at, value) for at, value in run]
            path = " ".join(f"{x},{y}" for x, y in points)
            parts.append(Markup('<polyline class="l{}" points="{}"/>').format(number, path))
            if len(points) == 1:
                x, y = points[0]
                parts.append(Markup('<circle class="s{}" cx="{}" cy="{}" r="3"/>').format(number, x, y))
    return _svg(title, _HEIGHT + _BOTTOM, parts, series)


def _grid(most: float, point: str) -> list[Markup]:
    parts: list[Markup] = []
    for tick in range(_TICKS + 1):
        y = round(10 + (_HEIGHT - 10) * (1 - tick / _TICKS), 1)
        parts.append(Markup('<path class="grid" d="M{} {}H{}"/>').format(_LEFT, y, WIDTH - 10))
        label = f"{most * tick / _TICKS:g}".replace(".", point)
        parts.append(Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(_LEFT - 6, y + 4, label))
    return parts


def _svg(title: str, height: float, parts: Sequence[Markup], series: Sequence[Series]) -> Markup:
    """Put it together, with what tells the series apart below."""
    legend: list[Markup] = []
    x = 10
    for number, one in enumerate(series):
        legend.append(Markup('<rect class="s{}" x="{}" y="{}" width="14" height="12"/>').format(number, x, height + 6))
        legend.append(Markup('<text x="{}" y="{}">{}</text>').format(x + 20, height + 16, one.name))
        x += 40 + 8 * len(one.name)
    return Markup(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}" xmlns="http://www.w3.org/2000/svg">{}</svg>'
    ).format(WIDTH, height + 26, title, Markup().join([*parts, *legend]))


def _cut(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"


def _shown(count: int) -> Sequence[int]:
    """Return which names are written below: eight at most."""
    return range(0, count, max(1, -(-count // 8)))


def _round_up(value: float) -> float:
    """Return the next round number that four steps divide well."""
    if value <= 0:
        return 1
    scale = 1.0
    while True:
        for base in (1, 2, 4, 8):
            if value <= base * scale:
                return base * scale
        scale *= 10


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Return the stretches without a gap."""
    found: list[list[tuple[int, float]]] = [[]]
    for at, value in enumerate(values):
        if value is None:
            found.append([])
        else:
            found[-1].append((at, value))
    return [run for run in found if run]
