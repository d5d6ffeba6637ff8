"""Writing for somebody else: words, questions, and what the mandate allows."""

import pytest

from guichet.callbacks.request import Request
from guichet.citizens.citizen import Candidate, Certainty, Citizen, Identification
from guichet.citizens.mandate import Role
from guichet.citizens.speaking import Spoken, Standing
from guichet.core.ids import CitizenId
from guichet.core.language import Language
from guichet.sms import replies
from guichet.sms.for_another import (
    UNPROVED,
    AskWho,
    Help,
    Helping,
    Served,
    go_on,
    name_in,
    says_for_another,
    says_for_self,
)
from tests.sms.desk import CITIZEN, TUESDAY_NOON, Desk

ODETTE = CitizenId("cit_odette")
INES = CitizenId("cit_ines")
MANDATE = Spoken(Standing.MANDATE, ODETTE, Role.RELATIVE, INES)
FOR_WHOM, WHO = Helping("apa"), Helping("apa", ODETTE, asks_who=True)
FOR_MOTHER = "bjr jecris pr ma mere, son acte de naissance svp"


def desk(*, proved: bool = True) -> Desk:
    """Return a desk that a daughter with a mandate for her mother writes to."""
    made = Desk()
    made.speaking.holders.add(CITIZEN)
    made.speaking.people["Odette Payet"] = ODETTE
    made.speaking.allowed = MANDATE
    ines = Candidate(Citizen(INES, "2", "Inès", "Fernandez"), 0.999, ())
    made.proof = Identification(Certainty.SURE if proved else Certainty.CHECK, (ines,))
    return made


def only(here: Desk) -> Request:
    (request,) = here.unit.requests.rows.values()
    return request


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bjr jecris pr ma mere svp", True),
        ("c pr ma voisine", True),
        ("I am writing for my mother", True),
        ("je suis la tutrice de mr Payet", True),
        ("acte de naissance pr mariage", False),
        ("c pour mon fils", False),
    ],
)
def test_words_for_somebody_else_are_read_in_texts_too(text: str, said: bool) -> None:
    assert says_for_another(text) is said


@pytest.mark.parametrize("text", ["MOI", "moi", "c'est pr moi", "me", "pour mon fils", "oui"])
def test_words_for_oneself_are_read(text: str) -> None:
    assert says_for_self(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Inès Fernandez 10/10/1993", "Inès Fernandez"),
        ("Inès Fernandez, née le 10 octobre 1993", "Inès Fernandez"),
        ("je suis Jean Le Goff né le 3-5-60", "Jean Goff"),
        ("10101993", ""),
    ],
)
def test_the_name_is_what_is_no_date(text: str, name: str) -> None:
    assert name_in(text) == name


@pytest.mark.parametrize(
    ("helping", "text", "known", "after"),
    [
        (FOR_WHOM, "Odette Payet", Help(named=ODETTE), (WHO, AskWho())),
        (FOR_WHOM, "Jean Roy", Help(), (Helping("apa", None, asks_who=True), AskWho())),
        (FOR_WHOM, "MOI", Help(), (None, Served("apa", None))),
        (FOR_WHOM, "passer", Help(), (None, Served("apa", UNPROVED))),
        (WHO, "Inès 1/1/93", Help(spoken=MANDATE, is_proved=True), (None, Served("apa", MANDATE))),
        (WHO, "Inès 1/1/93", Help(), (Helping("apa", ODETTE, asks_who=True, tries=1), AskWho(again=True))),
        (Helping("apa", ODETTE, asks_who=True, tries=1), "Inès", Help(), (None, Served("apa", UNPROVED))),
        (WHO, "je ne sais pas", Help(), (None, Served("apa", UNPROVED))),
    ],
)
def test_an_answer_leads_on(
    helping: Helping, text: str, known: Help, after: tuple[Helping | None, AskWho | Served]
) -> None:
    assert go_on(helping, text, None, known) == after


def test_a_long_text_with_a_matter_of_its_own_is_no_name() -> None:
    assert (
        go_on(FOR_WHOM, "en fait je voudrais un acte de naissance pour moi tantot", "etat_civil_acte", Help()) is None
    )


async def test_with_a_mandate_the_request_is_theirs_whom_it_is_for() -> None:
    here = desk()
    assert await here.writes(FOR_MOTHER) == replies.FOR_WHOM.fr
    assert not here.unit.requests.rows
    assert await here.writes("Odette Payet") == replies.WHO_WRITES.fr
    reply = await here.writes("Inès Fernandez 10/10/1993")
    request, contact = only(here), await here.contact("SM1")
    assert reply is not None
    assert reply.startswith(f"Mandat vérifié. La demande {request.reference}")
    assert (request.citizen, request.number, request.intent) == (ODETTE, CITIZEN, "etat_civil_acte")
    assert contact.citizen == ODETTE
    assert contact.file["mandate"] == {
        "standing": "mandate",
        "role": "relative",
        "helper": "cit_ines",
        "helper_name": None,
    }


async def test_no_name_and_no_birth_date_is_kept() -> None:
    here = desk()
    for text in (FOR_MOTHER, "Odette Payet", "Inès Fernandez 10/10/1993"):
        await here.writes(text)
    kept = [message.body for message in here.unit.messages.rows.values()]
    kept += [text for *_, text in here.unit.transcripts.rows]
    kept += [unclear.text for unclear in await here.unit.unclear.since(TUESDAY_NOON)]
    assert not any("Odette" in text or "Inès" in text or "1993" in text for text in kept)
    assert "Odette" not in str((await here.contact("SM1")).file)


@pytest.mark.parametrize(
    ("name", "proved", "spoken"),
    [
        ("Odette Payet", False, MANDATE),
        ("Jean Roy", True, MANDATE),
        ("Odette Payet", True, Spoken(Standing.OUT_OF_SCOPE)),
        ("Odette Payet", True, Spoken(Standing.EXPIRED)),
    ],
    ids=["not proved", "nobody of theirs", "another matter", "over"],
)
async def test_whatever_is_missing_the_answer_is_the_same_and_nothing_is_told(
    name: str,
    proved: bool,
    spoken: Spoken,
) -> None:
    here = desk(proved=proved)
    here.speaking.allowed = spoken
    await here.writes(FOR_MOTHER)
    assert await here.writes(name) == replies.WHO_WRITES.fr
    reply = await here.writes("Inès Fernandez 10/10/1993")
    if not proved:
        assert reply == replies.WHO_AGAIN.fr
        reply = await here.writes("Inès Fernandez 10/10/1993")
    request = only(here)
    assert reply == replies.NO_MANDATE.fr.format(reference=request.reference)
    assert (request.citizen, request.number) == (None, CITIZEN)
    assert (await here.contact("SM1")).citizen is None


async def test_moi_goes_on_as_ever() -> None:
    here = desk()
    assert await here.writes("acte de naissance") == replies.FOR_WHOM.fr
    reply = await here.writes("moi")
    assert reply is not None
    assert reply.startswith("Votre demande")
    assert "mandate" not in (await here.contact("SM1")).file


async def test_nobody_is_asked_for_whom_where_no_mandate_could_allow_it() -> None:
    here = Desk()
    reply = await here.writes(FOR_MOTHER)
    assert reply == replies.NO_MANDATE.fr.format(reference=only(here).reference)
    assert (await here.contact("SM1")).file["mandate"]["standing"] == "none"


@pytest.mark.parametrize("text", ["horaires", "danger pour ma mere", "agent"])
async def test_where_it_makes_no_difference_nobody_is_asked_for_whom(text: str) -> None:
    assert await desk().writes(text) != replies.FOR_WHOM.fr


async def test_in_danger_no_question_stands_in_the_way() -> None:
    here = desk()
    await here.writes(FOR_MOTHER)
    reply = await here.writes("danger chez elle")
    assert reply is not None
    assert "112" in reply
    assert reply != replies.WHO_WRITES.fr


async def test_the_question_is_asked_in_the_language_written() -> None:
    here = desk()
    here.language = Language.EN
    assert await here.writes("birth certificate please") == replies.FOR_WHOM.en
