from hypothesis import given
from hypothesis import strategies as st

from guichet.citizens.citizen import Answer, Certainty, Evidence, Item
from guichet.citizens.score import identify
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from tests.citizens.people import ANSELME, CATHERINE, EVERYBODY, HOME, JULIEN, MOBILE, citizen

POPULATION = 10_000


def test_name_and_birth_date_are_enough_to_be_sure() -> None:
    evidence = Evidence(names=("catherine martin",), birth_dates=("trois mars 1985",))
    found = identify(evidence, EVERYBODY, POPULATION)
    assert found.certainty is Certainty.SURE
    assert found.best is not None
    assert found.best.citizen == CATHERINE


def test_a_number_alone_is_never_sure() -> None:
    found = identify(Evidence(phone=MOBILE), EVERYBODY, POPULATION)
    assert found.certainty is Certainty.CHECK
    assert found.best is not None
    assert found.best.citizen == CATHERINE
    assert found.best.score < 0.51


def test_a_number_alone_is_not_sure_even_where_only_one_citizen_is_on_record() -> None:
    assert identify(Evidence(phone=MOBILE), [CATHERINE], 1).certainty is Certainty.CHECK


def test_a_shared_number_gives_its_people_the_same_chance() -> None:
    found = identify(Evidence(phone=HOME), EVERYBODY, POPULATION)
    household = found.candidates[:3]
    assert {candidate.citizen for candidate in household} == {CATHERINE, JULIEN, ANSELME}
    assert len({candidate.score for candidate in household}) == 1
    assert found.certainty is Certainty.CHECK


def test_the_name_chooses_within_a_household() -> None:
    found = identify(Evidence(phone=HOME, names=("anselme",)), EVERYBODY, POPULATION)
    assert found.best is not None
    assert found.best.citizen == ANSELME


def test_two_people_of_one_name_are_not_sure_without_more() -> None:
    twins = [citizen(str(number), "Marie", "Petit", birth_date=f"19{number}-01-01") for number in (60, 75)]
    found = identify(Evidence(names=("marie petit",)), twins, 2)
    assert found.certainty is Certainty.CHECK
    assert found.candidates[0].score == found.candidates[1].score


def test_a_contradicting_birth_date_takes_sureness_away() -> None:
    evidence = Evidence(phone=MOBILE, names=("catherine martin",), birth_dates=("21 août 1931",))
    assert identify(evidence, EVERYBODY, POPULATION).certainty is not Certainty.SURE


def test_a_relative_with_the_birth_date_of_another_is_to_be_checked() -> None:
    own = Evidence(names=("julien martin",), birth_dates=("17 septembre 1983",), postcodes=("38790",))
    mothers = Evidence(names=("sylvie martin",), birth_dates=("17 septembre 1983",), postcodes=("38790",))
    backwards = Evidence(names=("martin sylvie",), birth_dates=("17 septembre 1983",), postcodes=("38790",))
    outcomes = [identify(evidence, EVERYBODY, POPULATION).certainty for evidence in (own, mothers, backwards)]
    assert outcomes == [Certainty.SURE, Certainty.CHECK, Certainty.CHECK]


def test_a_family_name_alone_leaves_sureness_to_the_rest() -> None:
    evidence = Evidence(names=("aubry",), birth_dates=("31 décembre 1950",), postcodes=("38790",))
    assert identify(evidence, EVERYBODY, POPULATION).certainty is Certainty.SURE


def test_a_stranger_is_unknown() -> None:
    evidence = Evidence(names=("wolfgang zimmermann",), birth_dates=("21 août 1931",))
    assert identify(evidence, EVERYBODY, POPULATION).certainty is Certainty.UNKNOWN


def test_nobody_to_choose_from_is_unknown() -> None:
    found = identify(Evidence(names=("catherine martin",)), (), 0)
    assert found.certainty is Certainty.UNKNOWN
    assert found.best is None


def test_reasons_say_in_both_languages_what_was_heard_and_how_it_agrees() -> None:
    evidence = Evidence(phone=MOBILE, names=("catherine martin",), birth_dates=("3 mars 1985",), postcodes=("38790",))
    best = identify(evidence, EVERYBODY, POPULATION).best
    assert best is not None
    french = [reason.text.to(Language.FR) for reason in best.because]
    english = [reason.text.to(Language.EN) for reason in best.because]
    assert "prénom entendu « catherine », fiche « Katherine », son identique" in french
    assert "nom entendu « martin », fiche « Martin », identique" in french
    assert "date de naissance entendue « 3 mars 1985 », fiche « 03/03/1985 », identique" in french
    assert "code postal entendu « 38790 », fiche « 38790 », identique" in french
    assert "le numéro appelant est sur la fiche" in french
    assert "given name heard “catherine”, record “Katherine”, sounds the same" in english
    assert [abs(reason.weight) for reason in best.because] == sorted(
        (abs(reason.weight) for reason in best.because), reverse=True
    )


def test_a_citizen_known_by_two_names_is_explained_by_the_one_heard() -> None:
    best = identify(Evidence(names=("catherine lefebvre",)), EVERYBODY, POPULATION).best
    assert best is not None
    assert "nom entendu « lefebvre », fiche « Lefèvre », son identique" in {one.text.fr for one in best.because}


def test_no_reason_tells_the_number() -> None:
    best = identify(Evidence(phone=MOBILE), EVERYBODY, POPULATION).best
    assert best is not None
    assert not any(sign.isdigit() for reason in best.because for sign in reason.text.fr + reason.text.en)


def test_a_second_answer_adds_to_the_first() -> None:
    once = Evidence(answers=(Answer(Item.NAME, ("oliver used",)),))
    twice = Evidence(answers=(Answer(Item.NAME, ("oliver used",)), Answer(Item.NAME, ("oliver hughes",))))
    scores = [identify(evidence, EVERYBODY, POPULATION).candidates[0].score for evidence in (once, twice)]
    assert scores[1] > scores[0]


texts = st.lists(st.text(max_size=30), max_size=3).map(tuple)


@given(texts, texts, texts, st.sampled_from([None, HOME, PhoneNumber("+33199001299")]), st.integers(5, 10**6))
def test_scores_are_chances_in_order(
    names: tuple[str, ...],
    dates: tuple[str, ...],
    postcodes: tuple[str, ...],
    phone: PhoneNumber | None,
    population: int,
) -> None:
    found = identify(Evidence(phone, names, dates, postcodes), EVERYBODY, population)
    scores = [candidate.score for candidate in found.candidates]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) >= 0
    assert sum(scores) <= 1.001
