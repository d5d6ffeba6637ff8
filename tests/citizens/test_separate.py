"""What is asked where two candidates are close."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.citizens.citizen import Candidate, Certainty, Citizen, Evidence, Identification, Item
from guichet.citizens.score import FilesHeld, identify
from guichet.citizens.separate import close_ones, separating
from tests.citizens.people import ANSELME, CATHERINE, EVERYBODY, HOME, JULIEN, citizen

MARIE = citizen("20", "Marie", "Petit", birth_date="1970-05-12", postcode="38790")
NO_FILES: FilesHeld = {}


def other(**changes: object) -> Citizen:
    """Return another Marie Petit."""
    return replace(citizen("21", "Marie", "Petit", birth_date="1970-05-12", postcode="38790"), **changes)  # type: ignore[arg-type]


def test_a_family_is_asked_for_the_name() -> None:
    assert separating([CATHERINE, JULIEN, ANSELME], NO_FILES) is Item.NAME


@pytest.mark.parametrize(
    ("two", "files", "item"),
    [
        (other(birth_date=JULIEN.birth_date), ("", ""), Item.BIRTH_DATE),
        (other(birth_date=JULIEN.birth_date, postcode="38100"), ("2026001", "2026999"), Item.BIRTH_DATE),
        (other(birth_date=None), ("2026001", "2026999"), Item.FILE),
        (other(), ("2026001", "2026999"), Item.FILE),
        (other(postcode="29200"), ("2026001", ""), Item.POSTCODE),
        (other(postcode="29200"), ("2026001", "2026001"), Item.POSTCODE),
        (other(birth_date=None, postcode="29200"), ("", ""), Item.POSTCODE),
        (other(), ("", ""), None),
        (other(birth_date=None, postcode=""), ("", "2026001"), None),
    ],
    ids=["date", "date first", "no date", "twins with files", "one file", "one for both", "town", "none", "unknown"],
)
def test_two_of_one_name_are_asked_what_differs_and_is_known_of_both(
    two: Citizen, files: tuple[str, str], item: Item | None
) -> None:
    held = {person.id: (number,) for person, number in zip((MARIE, two), files, strict=True) if number}
    assert separating([MARIE, two], held) is item
    assert separating([two, MARIE], held) is item


def test_father_and_son_of_one_name_are_told_apart_by_their_birth_dates() -> None:
    father = citizen("30", "Jean", "Roche", birth_date="1950-01-02", phones=(HOME,))
    son = citizen("31", "Jean", "Roche", birth_date="1982-11-23", phones=(HOME,))
    found = identify(Evidence(phone=HOME), [father, son], 1000)
    assert separating(close_ones(found), NO_FILES) is Item.BIRTH_DATE


def test_nobody_is_close_where_it_is_clear_who_calls() -> None:
    sure = identify(Evidence(phone=HOME, names=("anselme aubry",)), EVERYBODY, 1000)
    assert sure.certainty is Certainty.SURE
    assert close_ones(sure) == ()
    assert close_ones(Identification(Certainty.UNKNOWN)) == ()


def test_who_is_far_less_likely_is_not_asked_for() -> None:
    far = Identification(Certainty.CHECK, (Candidate(MARIE, 0.8, ()), Candidate(JULIEN, 0.01, ())))
    assert close_ones(far) == (MARIE,)


people = st.builds(
    lambda given, family, born, postcode: citizen("x", given, family, birth_date=born, postcode=postcode),
    st.sampled_from(["Marie", "Jean", "Jeanne", ""]),
    st.sampled_from(["Petit", "Roche", ""]),
    st.sampled_from([None, "1970-05-12", "1982-11-23"]),
    st.sampled_from(["", "38790", "29200", "S6 3YB"]),
)


@given(st.lists(people, min_size=2, max_size=4))
def test_what_is_asked_differs_between_all_and_is_known_of_all(close: list[Citizen]) -> None:
    item = separating(close, NO_FILES)
    values: dict[Item, list[object]] = {
        Item.NAME: [one.full_name for one in close],
        Item.BIRTH_DATE: [one.birth_date for one in close],
        Item.POSTCODE: [one.postcode for one in close],
    }
    assert item is not Item.FILE
    if item is not None:
        assert all(values[item])
        assert len(set(values[item])) == len(close)
