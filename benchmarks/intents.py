"""Figures of the intent matcher, all from one run. `python benchmarks/intents.py [TRAIN.tsv TEST.tsv]`.

1. The sample book by 5-fold cross-validation: every example is matched by a matcher that has not seen it, nor a fifth
   of the others, in either language. The keywords were written and mended by people who knew the examples and had read
   the misses of this very measure, those of danger above all: the figures with keywords flatter. Those without are the
   lower bound.
2. `intents_unseen.tsv`: texts that are in no book, by the same hand; some of their words have since become keywords.
3. What each family of terms adds: the same without it.
4. With two tables given (text<TAB>intent): trained on the first, measured on the second.
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
from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_evaluation import Answered, Labelled, book_of, figures, read_table
from guichet.routing.intent_matcher import IntentMatcher

FOLDS = 5
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


def answered(matcher: IntentMatcher, asked: Sequence[Labelled]) -> list[Answered]:
    """Match each."""
    return [Answered(one, matcher.match([one.text]), matcher.nearest(one.text)) for one in asked]


def cross_validated(book: IntentBook) -> dict[Language, list[Answered]]:
    """Match every example unseen, by language; the out-of-scope ones are in both."""
    found: dict[Language, list[Answered]] = {language: [] for language in Language}
    for fold in range(FOLDS):
        matcher = IntentMatcher.train(without_fold(book, fold))
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


def measure(name: str, book: IntentBook, asked: Sequence[Labelled]) -> None:
    """Train, match and print, with the times."""
    started = time.perf_counter()
    matcher = IntentMatcher.train(book)
    trained = time.perf_counter()
    answers = answered(matcher, asked)
    spent = (time.perf_counter() - trained) / len(asked) / 2  # each text is matched twice
    show(name, answers)
    print(f"{'':34}trained in {trained - started:.2f} s, {spent * 1000:.2f} ms a text")


def main(arguments: Sequence[str]) -> None:
    """Print everything."""
    book = IntentBook.packaged()
    unseen = read_table(
        (Path(__file__).parent / "intents_unseen.tsv").read_text(encoding="utf-8"), "intents_unseen.tsv"
    )
    for language, answers in cross_validated(book).items():
        show(f"book, 5 folds, {language}", answers)
    for language, answers in cross_validated(without_keywords(book)).items():
        show(f"book, no keywords, 5 folds, {language}", answers)
    measure("unseen", book, unseen)
    for family in tuple(intent_terms.FAMILIES):
        with without(family):
            show(f"book, 5 folds, fr, no {family}", cross_validated(book)[Language.FR])
    if len(arguments) == 2:
        train, test = (read_table(Path(path).read_text(encoding="utf-8"), path) for path in arguments)
        measure("given tables", book_of(train), test)
        for family in tuple(intent_terms.FAMILIES):
            with without(family):
                measure(f"given tables, no {family}", book_of(train), test)


if __name__ == "__main__":
    main(sys.argv[1:])
