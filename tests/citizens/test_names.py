import pytest

from guichet.citizens.names import best_split, name_forms, name_similarity
from tests.citizens.people import CATHERINE, HELENE, JULIEN, OLIVER, citizen

PEOPLE = [CATHERINE, JULIEN, OLIVER, HELENE]


@pytest.mark.parametrize(
    "heard",
    [
        "Katherine Martin",
        "catherine martin",
        "Martin Catherine",
        "catherine lefèvre",
        "bonjour je m'appelle catherine martin",
        "c'est madame Lefebvre Catherine",
        "Catherine Lefèvre Martin",
        "k a t h e r i n e m a r t i n",
        "cat herine martain",
    ],
)
def test_a_name_is_known_however_it_is_said(heard: str) -> None:
    found = name_similarity([heard], [name_forms(person) for person in PEOPLE])
    assert found is not None
    assert found.mean.argmax() == 0
    assert found.mean[0] > 0.85


@pytest.mark.parametrize("heard", ["hélène de la tour", "Hélène Delatour", "tour hélène", "Helene La Tour"])
def test_particles_may_be_joined_or_left_out(heard: str) -> None:
    found = name_similarity([heard], [name_forms(person) for person in PEOPLE])
    assert found is not None
    assert found.mean.argmax() == 3
    assert found.family[3] > 0.8


def test_compound_given_names_may_be_said_by_half_or_whole() -> None:
    person = name_forms(citizen("1", "Jean-Pierre, Marie", "Roux"))
    for heard in ("jean-pierre roux", "jean pierre roux", "jean roux", "roux jean-pierre"):
        found = name_similarity([heard], [person])
        assert found is not None
        assert found.given[0] == pytest.approx(1), heard


def test_the_best_of_several_readings_counts() -> None:
    people = [name_forms(person) for person in PEOPLE]
    one, both = name_similarity(["hollow views"], people), name_similarity(["hollow views", "oliver hughes"], people)
    assert one is not None
    assert both is not None
    assert both.mean[2] > one.mean[2]


def test_nothing_said_is_no_evidence() -> None:
    assert name_similarity(["", " … "], [name_forms(CATHERINE)]) is None


def test_the_split_tells_given_from_family() -> None:
    assert best_split(["martin catherine"], name_forms(CATHERINE)) == ("catherine", "martin")
    assert best_split([""], name_forms(CATHERINE)) == ("", "")
