import pytest

from guichet.transcripts.spoken.when_not import refuses


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ("pas demain", True),
        ("jamais le matin", True),
        ("je suis occupée jeudi", True),
        ("not on Thursday", True),
        ("non jeudi", False),
        ("pas avant quatorze heures", False),
        ("le plus tôt possible demain", False),
        ("au plus tard à dix heures", False),
        ("not before ten", False),
        ("demain, pas avant 10h, pas jeudi", True),
    ],
)
def test_a_time_that_is_refused_is_told_from_a_limit(text: str, *, refused: bool) -> None:
    assert refuses(text) == refused
