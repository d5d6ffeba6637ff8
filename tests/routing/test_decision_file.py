import json

from guichet.citizens.citizen import Candidate, Certainty, Citizen, Identification, Reason
from guichet.core.ids import CitizenId
from guichet.core.language import Bilingual
from guichet.routing.decision_file import of_citizen


def test_reasons_are_kept_without_the_dates_and_numbers_they_quote() -> None:
    citizen = Citizen(CitizenId("cit_1"), "V-1", "Katherine", "Hughes")
    reason = Reason(
        Bilingual(
            "date de naissance entendue « 1979-09-27 », fiche 27/09/1979 : identique",
            "birth date heard “1979-09-27”, record 27/09/1979: the same",
        ),
        9.1,
    )
    file = of_citizen(Identification(Certainty.SURE, (Candidate(citizen, 0.99, (reason,)),)))
    kept = json.dumps(file, ensure_ascii=False)
    assert "1979" not in kept
    assert "27" not in kept
    assert "date de naissance entendue" in kept
    assert file["candidates"][0]["id"] == "cit_1"
