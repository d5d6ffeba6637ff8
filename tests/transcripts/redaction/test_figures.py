"""The figures of `benchmarks/redaction.py` do not fall; its test set is large enough and well annotated."""

from collections import Counter

from benchmarks.redaction import CHECKED, measure, read
from guichet.core.language import Language
from guichet.transcripts.redaction.kinds import Kind

EVERYTHING = tuple(utterance for language in Language for utterance in read(language))


def test_the_test_set_is_large_and_half_of_it_is_dictated() -> None:
    first = [utterance for utterance in EVERYTHING if utterance.part in {"tuned", "held"}]
    counts = Counter((utterance.language, utterance.how) for utterance in first)
    assert counts[Language.FR, "written"] + counts[Language.FR, "dictated"] >= 400
    assert counts[Language.EN, "written"] + counts[Language.EN, "dictated"] >= 200
    assert all(abs(counts[language, "written"] - counts[language, "dictated"]) < 10 for language in Language)
    assert sum(utterance.part == "held" for utterance in first) / len(first) > 0.33
    assert sum(utterance.part in {"fresh", "later"} for utterance in EVERYTHING) >= 98


def test_every_mark_has_a_kind_and_dictated_texts_have_no_digits() -> None:
    kinds = {kind.value for kind in Kind}
    for utterance in EVERYTHING:
        assert {kind for _, _, kind in utterance.marks} <= kinds
        if utterance.how == "dictated":
            assert not any(sign.isdigit() for sign in utterance.text)
            assert utterance.text == utterance.text.lower()


def test_recall_and_precision_keep_their_floors() -> None:
    figures = measure(EVERYTHING)
    for kind in Kind:
        assert figures.row(kind.value).recall >= (0.98 if kind.value in CHECKED else 0.9), kind
    assert figures.row("checked and phones").recall >= 0.985
    assert figures.row("the rest").recall >= 0.95
    assert figures.row("all").precision >= 0.97
    assert figures.lost / figures.words <= 0.01
