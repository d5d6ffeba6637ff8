"""Recall, precision and time of the redaction on utterances written for it: benchmarks/data/redaction-{fr,en}.tsv.

Each line has its part (`tuned` was looked at while the rules were written, `held` only for the figures; `fresh` was
written when the rules were done, scored once and then mended for, `later`, `third` and `fourth` written, scored and
mended for after that, in turn), whether it is written or dictated (as a recogniser writes: no capitals, digits or
punctuation), the names on the record where one is known, and the text, in which what is to be masked stands as
`{kind|what}`. Everything in it is made up.

Recall counts a thing as masked only when all of its letters and digits are, under whatever kind; `kind` is the share of
those masked under the right one. Precision counts a mask as right when at least half of what it takes away was to be
masked; `lost` is the share of all other words that were taken away.

    python benchmarks/redaction.py [--part tuned|held|fresh|later|third|fourth|all] [--misses]
"""

import argparse
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guichet.core.language import Language
from guichet.transcripts.redaction.find import Masked, find
from guichet.transcripts.redaction.known import Known

DATA = Path(__file__).parent / "data"
_MARK = re.compile(r"\{(\w+)\|([^{}]*)\}")
_WORD = re.compile(r"\w+")
CHECKED = frozenset({"phone", "nir", "tax", "iban", "card"})
"""Kinds with a check key, and telephone numbers: their recall is to be 0.98, that of the others 0.9."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A text, how it came, what is known of who says it, and what is to be masked: start, end, kind."""

    language: Language
    part: str
    how: str
    names: tuple[str, ...]
    text: str
    marks: tuple[tuple[int, int, str], ...]


@dataclass
class Tally:
    """Counts of one row of the table."""

    marks: int = 0
    masked: int = 0
    right_kind: int = 0
    masks: int = 0
    right: int = 0

    @property
    def recall(self) -> float:
        """Share of what was to be masked that is."""
        return self.masked / self.marks if self.marks else 1.0

    @property
    def precision(self) -> float:
        """Share of the masks that were wanted."""
        return self.right / self.masks if self.masks else 1.0


@dataclass
class Figures:
    """All that was counted: rows by name, words outside marks and those of them lost, misses in words."""

    rows: dict[str, Tally] = field(default_factory=dict)
    words: int = 0
    lost: int = 0
    misses: list[str] = field(default_factory=list)

    def row(self, name: str) -> Tally:
        """Return a row, made when first asked for."""
        return self.rows.setdefault(name, Tally())

    def rows_of(self, *names: str) -> Iterator[Tally]:
        """Yield some rows."""
        return (self.row(name) for name in names)


def read(language: Language, part: str = "all") -> tuple[Utterance, ...]:
    """Read the test set of a language, all of it or a part."""
    lines = (DATA / f"redaction-{language.value}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    found = (_utterance(language, *line.split("\t")) for line in lines)
    return tuple(utterance for utterance in found if part in ("all", utterance.part))


def _utterance(language: Language, part: str, how: str, names: str, marked: str) -> Utterance:
    """Take the marks out of a text."""
    text, marks, last = "", list[tuple[int, int, str]](), 0
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        marks.append((len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        last = mark.end()
    return Utterance(language, part, how, (names,) if names else (), text + marked[last:], tuple(marks))


def measure(utterances: Iterable[Utterance]) -> Figures:
    """Redact the utterances and count."""
    figures = Figures()
    for utterance in utterances:
        _count(utterance, find(utterance.text, utterance.language, Known(utterance.names)), figures)
    return figures


def _count(utterance: Utterance, masks: tuple[Masked, ...], figures: Figures) -> None:
    """Count one utterance."""
    taken = {place for mask in masks for place in range(mask.start, mask.end)}
    wanted = {place for start, end, _ in utterance.marks for place in range(start, end)}
    for start, end, kind in utterance.marks:
        signs = {place for place in range(start, end) if utterance.text[place].isalnum()}
        is_masked = signs <= taken
        is_right = any(mask.kind.value == kind for mask in masks if mask.start < end and start < mask.end)
        for tally in figures.rows_of(*_rows(utterance, kind)):
            tally.marks += 1
            tally.masked += is_masked
            tally.right_kind += is_masked and is_right
        if not is_masked or not is_right:
            figures.misses.append(f"{'LEFT' if not is_masked else 'KIND'} {kind}: {_shown(utterance, masks)}")
    for mask in masks:
        places = [place for place in range(mask.start, mask.end) if utterance.text[place].isalnum()]
        is_right = 2 * sum(place in wanted for place in places) >= len(places)
        for tally in figures.rows_of(*_rows(utterance, mask.kind.value)):
            tally.masks += 1
            tally.right += is_right
        if not is_right:
            figures.misses.append(f"OVER {mask.kind.value}: {_shown(utterance, masks)}")
    outside = [word for word in _WORD.finditer(utterance.text) if word.start() not in wanted]
    lost = sum(word.start() in taken for word in outside)
    figures.words += len(outside)
    figures.lost += lost
    if lost:
        figures.misses.append(f"WIDE: {_shown(utterance, masks)}")


def _rows(utterance: Utterance, kind: str) -> tuple[str, ...]:
    """Return the rows in which a mark or a mask counts."""
    group = "checked and phones" if kind in CHECKED else "the rest"
    return (kind, group, f"{utterance.language.value} {utterance.how}", "all")


def _shown(utterance: Utterance, masks: tuple[Masked, ...]) -> str:
    """Show what was masked."""
    text = utterance.text
    for mask in sorted(masks, key=lambda mask: -mask.start):
        text = f"{text[: mask.start]}<{mask.kind.value}:{text[mask.start : mask.end]}>{text[mask.end :]}"
    return f"[{utterance.how}] {text}"


def times(utterances: tuple[Utterance, ...]) -> tuple[float, float]:
    """Return the median and the 99th percentile of the CPU time of one utterance, in milliseconds."""
    taken = []
    for utterance in utterances:
        start = time.thread_time()
        find(utterance.text, utterance.language, Known(utterance.names))
        taken.append((time.thread_time() - start) * 1000)
    taken.sort()
    return taken[len(taken) // 2], taken[int(len(taken) * 0.99)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=("tuned", "held", "fresh", "later", "third", "fourth", "all"), default="all")
    parser.add_argument("--misses", action="store_true", help="show what went wrong (not of the held part, please)")
    arguments = parser.parse_args()
    utterances = tuple(utterance for language in Language for utterance in read(language, arguments.part))
    figures = measure(utterances)
    shares = Counter(f"{utterance.language.value} {utterance.how}" for utterance in utterances)
    print(f"{len(utterances)} utterances, part {arguments.part}: " + ", ".join(f"{n} {s}" for s, n in shares.items()))
    print(f"{'':20} {'marks':>6} {'recall':>7} {'kind':>6} {'masks':>6} {'precision':>10}")
    for name, tally in figures.rows.items():
        kind = tally.right_kind / tally.masked if tally.masked else 1.0
        print(f"{name:20} {tally.marks:6} {tally.recall:7.3f} {kind:6.3f} {tally.masks:6} {tally.precision:10.3f}")
    print(f"other words lost: {figures.lost} of {figures.words} ({figures.lost / figures.words:.4f})")
    times(utterances)
    median, slowest = times(utterances)
    print(f"CPU time of one utterance: median {median:.3f} ms, 99th percentile {slowest:.3f} ms")
    if arguments.misses:
        print("\n".join(figures.misses))


if __name__ == "__main__":
    main()
