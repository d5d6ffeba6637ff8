"""Figures of the intent matcher, all from one run. `python benchmarks/intents.py [TRAIN.tsv TEST.tsv]`.

1. The sample book by 5-fold cross-validation: every example is matched by a matcher that has not seen it, nor a fifth
   of the others, in either language. The keywords were written and mended by people who knew the examples and had read
   the misses of this very measure, those of danger above all: the figures with keywords flatter. Those without are the
   lower bound.
2. `intents_unseen.tsv`: texts that are in no book, by the same hand; some of their words have since become keywords.
   `danger_tuned.tsv` and `danger_unseen.tsv`: danger in many words, and ordinary matters in words near to it; the
   misses of the first have become keywords, those of the second were written afterwards and have not.
3. What each family of terms adds: the same without it.
4. With two tables given (text<TAB>intent): trained on the first, measured on the second.
5. Two examples that no matcher has seen, said in one sentence: how often both matters are kept, and how often a
   sentence with one matter is given two.

Where `guichet[encoder]` is installed, a line marked "+ encoder" says what it makes of it.
"""

import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from guichet.core.language import Language
from guichet.routing import intent_terms
from guichet.routing.encoder import Encoder
from guichet.routing.intent import AGENT, DANGER
from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_evaluation import Answered, Labelled, answered, book_of, figures, read_table, times
from guichet.routing.intent_matcher import IntentMatcher
from guichet.routing.use_encoder import find_encoder

FOLDS = 5
PAIRS = 300
JOINTS = (" et ", " et aussi ", ", ", " puis ", " et puis ", ". ")
SHOWN = (
    "accuracy_in_scope",
    "accuracy_in_scope_answered",
    "oos_auc",
    "oos_recall",
    "danger_recall",
    "danger_false_alarms",
)


def part(texts: Sequence[str], fold: int, *, held_out: bool) -> tuple[str, ...]:
    """Return the fold's texts, or all the others; the same cut in every run."""
    shuffled = list(texts)
    random.Random(f"{len(texts)} {texts[0] if texts else ''}").shuffle(shuffled)
    return tuple(text for place, text in enumerate(shuffled) if (place % FOLDS == fold) == held_out)


def without_fold(book: IntentBook, fold: int) -> IntentBook:
    """Return the book without the fold's examples."""
    intents = tuple(
        replace(intent, examples={lang: part(held, fold, held_out=False) for lang, held in intent.examples.items()})
        for intent in book.intents
    )
    return IntentBook(intents, part(book.out_of_scope, fold, held_out=False))


def cross_validated(book: IntentBook, encoder: Encoder | None = None) -> dict[Language, list[Answered]]:
    """Match every example unseen, by language; the out-of-scope ones are in both."""
    found: dict[Language, list[Answered]] = {language: [] for language in Language}
    for fold in range(FOLDS):
        matcher = IntentMatcher.train(without_fold(book, fold), encoder)
        outside = answered(matcher, [Labelled(text, None) for text in part(book.out_of_scope, fold, held_out=True)])
        for language, answers in found.items():
            asked = [
                Labelled(text, intent.name)
                for intent in book.intents
                for text in part(intent.examples.get(language, ()), fold, held_out=True)
            ]
            answers.extend(answered(matcher, asked) + outside)
    return found


def without_keywords(book: IntentBook) -> IntentBook:
    """Return the book with examples alone."""
    return replace(book, intents=tuple(replace(intent, keywords=(), unless=()) for intent in book.intents))


@contextmanager
def without(family: str) -> Iterator[None]:
    """Leave a family of terms out for a while."""
    kept = dict(intent_terms.FAMILIES)
    del intent_terms.FAMILIES[family]
    try:
        yield
    finally:
        intent_terms.FAMILIES.clear()
        intent_terms.FAMILIES.update(kept)


def show(name: str, answers: Sequence[Answered]) -> None:
    """Print one line of figures."""
    told = figures(answers)
    print(f"{name:34}" + "  ".join(f"{key} {told[key]}" for key in SHOWN if told[key] is not None), flush=True)


def measure(name: str, book: IntentBook, asked: Sequence[Labelled], encoder: Encoder | None = None) -> None:
    """Train, match and print, with the times."""
    started = time.perf_counter()
    matcher = IntentMatcher.train(book, encoder)
    trained = time.perf_counter() - started
    answers = answered(matcher, asked)
    show(name, answers)
    spent = times(answers)
    again = sum(one.looked_again for one in answers) / len(answers)
    print(
        f"{'':34}trained in {trained:.2f} s, {spent['milliseconds_per_text']} ms a text,"
        f" {spent['milliseconds_p95']} at the 95th percentile; looked again at {again:.0%}",
        flush=True,
    )


def show_pairs(name: str, book: IntentBook, encoder: Encoder | None = None) -> None:
    """Say two unseen examples in one sentence, and each alone."""
    matcher = IntentMatcher.train(without_fold(book, 0), encoder)
    chance = random.Random(name.partition(" +")[0])
    asked = [
        (text, intent.name)
        for intent in book.intents
        if intent.name not in {DANGER, AGENT}  # a call for help is answered as one, whatever else is said
        for text in part(intent.examples.get(Language.FR, ()), 0, held_out=True)
    ]
    alone = [matcher.match([text]) for text, _ in asked]
    twice = [pair for pair in (chance.sample(asked, 2) for _ in range(PAIRS)) if pair[0][1] != pair[1][1]]
    found = [
        matcher.match([f"{first.rstrip(' .?!')}{chance.choice(JOINTS)}{second}"]) for (first, _), (second, _) in twice
    ]
    both = [{one, other} <= {it.intent, *it.also} for it, ((_, one), (_, other)) in zip(found, twice, strict=True)]
    print(
        f"{name:34}both kept {sum(both) / len(both):.3f}  "
        f"two heard where one was said {sum(bool(it.also) for it in alone) / len(alone):.3f}",
        flush=True,
    )


def show_danger(name: str, matcher: IntentMatcher) -> None:
    """Print how often danger is found, or at least asked about ("is anybody in danger?"), and false alarms of both."""
    here = Path(__file__).parent / f"{name}.tsv"
    told = [(one.intent == DANGER, matcher.match([one.text])) for one in read_table(here.read_text("utf-8"), here.name)]
    for is_danger, what in ((True, "danger"), (False, "ordinary")):
        matches = [match for wanted, match in told if wanted is is_danger]
        found = sum(match.intent == DANGER for match in matches)
        near = [match.runner_up for match in matches if match.intent is None and match.runner_up]
        asked = sum(one.intent == DANGER for one in near)
        print(f"{name:34}{what}: {len(matches)}, of which found {found}, asked about {asked}", flush=True)


def show_book(book: IntentBook, unseen: Sequence[Labelled], encoder: Encoder | None = None) -> None:
    """Print the figures of the sample book."""
    mark = " + encoder" if encoder else ""
    for language, answers in cross_validated(book, encoder).items():
        show(f"book, {language}{mark}", answers)
    for language, answers in cross_validated(without_keywords(book), encoder).items():
        show(f"book, no keywords, {language}{mark}", answers)
    measure(f"unseen{mark}", book, unseen, encoder)
    matcher = IntentMatcher.train(book, encoder)
    for name in ("danger_tuned", "danger_unseen"):
        show_danger(name, matcher)
    show_pairs(f"two matters{mark}", book, encoder)


def main(arguments: Sequence[str]) -> None:
    """Print everything."""
    book = IntentBook.packaged()
    encoder = find_encoder()
    unseen = read_table(
        (Path(__file__).parent / "intents_unseen.tsv").read_text(encoding="utf-8"), "intents_unseen.tsv"
    )
    tables = [read_table(Path(path).read_text(encoding="utf-8"), path) for path in arguments[:2]]
    for each in [None, encoder] if encoder else [None]:
        show_book(book, unseen, each)
        if len(tables) == 2:
            measure(f"given tables{' + encoder' if each else ''}", book_of(tables[0]), tables[1], each)
    for family in tuple(intent_terms.FAMILIES):
        with without(family):
            show(f"book, fr, no {family}", cross_validated(book)[Language.FR])
            if len(tables) == 2:
                measure(f"given tables, no {family}", book_of(tables[0]), tables[1])


if __name__ == "__main__":
    main(sys.argv[1:])
