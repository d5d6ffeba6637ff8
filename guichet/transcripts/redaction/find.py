"""Everything personal in a text, with its place and kind: the finders in their order, each on what the last have left.

Pure. The order is that of certainty: an e-mail address may hold digits, an address a date, a date the groups of a
number. The patterns of the rule book come first of all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from guichet.core.language import Bilingual, Language
from guichet.transcripts.redaction.addresses import addresses
from guichet.transcripts.redaction.asked_names import asked_names, introduced_names
from guichet.transcripts.redaction.classify import classify
from guichet.transcripts.redaction.codes import announced_codes, dictated_codes, ibans, lettered, unannounced_codes
from guichet.transcripts.redaction.dates import dates, numbered_dates
from guichet.transcripts.redaction.emails import emails
from guichet.transcripts.redaction.found import Finder, Found, IsFree
from guichet.transcripts.redaction.hours import hours
from guichet.transcripts.redaction.kinds import LABELS, Kind
from guichet.transcripts.redaction.known import NOBODY, Known
from guichet.transcripts.redaction.month_numbers import dates_of_numbers
from guichet.transcripts.redaction.names import names
from guichet.transcripts.redaction.numerals import lexicon
from guichet.transcripts.redaction.own import own_patterns
from guichet.transcripts.redaction.runs import LIST_SIGNS, Run, runs
from guichet.transcripts.redaction.sentence import WALL, Sentence, cut

_SHORT_LIST = 4
"""Groups up to which numbers with `et` or commas between them are taken for several rather than for one."""
_MIXED = 4
"""Number words of the other language from which a text is searched in that one too: people mix them."""


@dataclass(frozen=True, slots=True)
class Masked:
    """A stretch of a text, in characters, that is to be masked, and what is to stand instead."""

    start: int
    end: int
    kind: Kind
    label: Bilingual


@dataclass
class _Search:
    """What has been found in a sentence so far."""

    sentence: Sentence
    taken: set[int] = field(default_factory=set)
    found: list[Found] = field(default_factory=list)

    def is_free(self, place: int) -> bool:
        """Tell whether a piece has not been found yet."""
        return place not in self.taken

    def take(self, found: Iterable[Found]) -> None:
        """Take what a finder finds, where it is still free."""
        for stretch in found:
            if self.taken.isdisjoint(range(stretch.start, stretch.end)):
                self.taken.update(range(stretch.start, stretch.end))
                self.found.append(stretch)


def find(text: str, language: Language, known: Known = NOBODY) -> tuple[Masked, ...]:
    """Return what is to be masked in a text, from left to right, without overlaps."""
    sentence = cut(text, language)
    search = _Search(sentence, {place for place, piece in enumerate(sentence.pieces) if piece.plain == WALL})
    for finder in _finders(sentence, known):
        search.take(finder(sentence, search.is_free))
    pieces = sentence.pieces
    return tuple(
        Masked(
            pieces[stretch.start].start,
            pieces[stretch.end - 1].end,
            stretch.kind,
            stretch.label or LABELS[stretch.kind],
        )
        for stretch in sorted(search.found, key=lambda stretch: stretch.start)
        if stretch.kind is not None
    )


def _finders(sentence: Sentence, known: Known) -> Iterator[Finder]:
    """Yield the finders that may find something, in their order."""
    yield partial(own_patterns, patterns=known.own)
    yield emails
    has_numbers = any(piece.is_digits or piece.plain in lexicon(sentence.language) for piece in sentence.pieces)
    if has_numbers:
        yield ibans
        yield lettered
    if known.names:
        yield partial(names, known=known)
    if not known.is_wanted:
        yield asked_names if known.is_asked else introduced_names
    yield addresses
    if has_numbers:
        yield from (hours, dates_of_numbers, dates, announced_codes, dictated_codes, unannounced_codes, numbered_dates)
    for language in Language:
        if language is not sentence.language and _is_mixed(sentence, language):
            yield partial(_foreign_numbers, language=language)
    if has_numbers:
        yield partial(_numbers, language=sentence.language)


def _numbers(sentence: Sentence, is_free: IsFree, language: Language) -> Iterator[Found]:
    """Yield the runs of numbers with their kinds; a run of no kind is cut where it may be a list."""
    for run in runs(sentence, language, is_free):
        kind = classify(run)
        parts = _parts(run) if kind is Kind.NUMBER else ()
        for part, own in parts or ((run, kind),):
            yield _whole(part, own)


def _parts(run: Run) -> tuple[tuple[Run, Kind | None], ...]:
    """Cut a number of no kind in two or more of some kind, or a short one in what may be a list; empty if it is one."""
    for signs in (LIST_SIGNS | {"/"}, LIST_SIGNS):
        parts = tuple((part, classify(part)) for part in run.without_lists(signs))
        are_told = not {None, Kind.NUMBER} & {kind for _, kind in parts}
        is_list = len(run.groups) <= _SHORT_LIST and (run.is_written or all(kind is None for _, kind in parts))
        if len(parts) > 1 and (are_told or (signs == LIST_SIGNS and is_list)):
            return parts
    return ()


def _foreign_numbers(sentence: Sentence, is_free: IsFree, language: Language) -> Iterator[Found]:
    """Yield the longer runs of numbers in the other language."""
    for run in runs(sentence, language, is_free):
        if len(run.groups) >= _MIXED and not run.is_written:
            yield _whole(run, classify(run) or Kind.NUMBER)


def _whole(run: Run, kind: Kind | None) -> Found:
    """Return a run with what belongs to it: letters without a space before it, the sign of an international number."""
    sentence, start, end = run.sentence, run.start, run.end
    if kind is None:
        return Found(start, end, None)
    if kind is Kind.PHONE and sentence.plain(start - 1) in ("+", "plus"):
        start -= 1
    if sentence.is_tight(start) and sentence.pieces[start - 1].is_word:
        start -= 1
    if sentence.plain(start - 1) == "(" and ")" in sentence.plains(start, end):
        start -= 1
    if sentence.is_tight(end) and sentence.pieces[end].is_word:
        end += 1
    return Found(start, end, kind)


def _is_mixed(sentence: Sentence, other: Language) -> bool:
    """Tell whether there are enough number words of the other language."""
    ours = lexicon(sentence.language)
    return sum(piece.plain in lexicon(other) and piece.plain not in ours for piece in sentence.pieces) >= _MIXED
