"""Who was served is asked once how it was, in digits or words; never in an emergency, nor who wants no texts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.core.ids import CitizenId, ContactId, MessageId, RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.texting import SurveyRules, TextRules
from guichet.sms.consent import Purpose
from guichet.sms.store import SurveyStore
from guichet.sms.survey import THANKS, THANKS_AND_MORE, Survey, score_in
from guichet.sms.survey_memory_store import MemorySurveyStore
from guichet.sms.survey_sql_store import SqlSurveyStore
from tests.conftest import BACKENDS, Engines
from tests.sms.desk import CITIZEN, LINE, TUESDAY_NOON, Desk
from tests.sms.test_answering import ANNE, anne, written

ASKS = TextRules(survey=SurveyRules(ask=True, after_minutes=30, days=90))
AFTER = timedelta(minutes=31)


async def served(desk: Desk, text: str = "je voudrais un acte de naissance") -> None:
    """Let a citizen write, and an agent answer them."""
    request = await written(desk, text)
    await desk.taking.take(ANNE, request.id)
    await desk.answering.answer(ANNE, request.id, "C'est prêt.", key="1")
    await desk.run_jobs()


async def asked(desk: Desk) -> list[str]:
    """Let the time to ask come; return the questions."""
    before = len(desk.carrier.sent)
    desk.clock.move(AFTER)
    await desk.run_jobs()
    return [body for _, body, _ in desk.carrier.sent[before:]]


@pytest.fixture
async def desk() -> Desk:
    desk = Desk()
    desk.rules = replace(desk.rules, texts=ASKS)
    await desk.unit.agents.add(anne("etat_civil", "accueil", "tranquillite"))
    return desk


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5", 5),
        ("4/5 merci", 4),
        ("3 sur 5", 3),
        ("deux", 2),
        ("Très satisfaite, merci beaucoup", 5),
        ("satisfait", 4),
        ("moyennement satisfait", 3),
        ("je ne suis pas satisfaite", 2),
        ("Pas du tout satisfait", 1),
        ("nul", 1),
        ("bof", 3),
        ("I was very happy", 5),
        ("not good", 2),
        ("four out of five", 4),
        ("Not at all satisfied", 1),
        ("parfait merci", 5),
        ("merci", None),
        ("45", None),
        ("6", None),
        ("1 ou 2", None),
        ("je ne suis pas satisfait de la cantine de mon fils", None),
        ("je voudrais 2 actes de naissance", None),
        ("good morning I need a birth certificate", None),
    ],
)
def test_an_answer_is_a_score_and_nothing_else(text: str, score: int | None) -> None:
    assert score_in(text) == score


@given(st.text(max_size=200))
def test_any_text_is_a_score_or_none(text: str) -> None:
    assert score_in(text) in {None, 1, 2, 3, 4, 5}


async def test_who_was_served_is_asked_after_a_while_and_the_answer_is_kept_with_what_it_is_about(desk: Desk) -> None:
    await served(desk)
    (question,) = await asked(desk)
    assert question.endswith("avez-vous été bien servi ? Répondez de 1 (pas du tout) à 5 (tout à fait).")
    assert "Acte de naissance" in question
    assert await desk.writes("très bien, merci") == THANKS.fr
    (survey,) = desk.unit.surveys.rows.values()
    assert (survey.score, survey.intent, survey.queue, survey.channel) == (5, "etat_civil_acte", "etat_civil", "sms")
    assert await desk.writes("5") is not None, "a second answer is no answer"
    assert survey.score == 5


async def test_who_was_not_satisfied_is_offered_a_person(desk: Desk) -> None:
    await served(desk)
    await asked(desk)
    assert await desk.writes("1") == THANKS_AND_MORE.fr


async def test_a_sentence_about_something_is_served_as_ever_and_the_question_stays_open(desk: Desk) -> None:
    await served(desk)
    await asked(desk)
    assert "identité" in str(await desk.writes("je voudrais une carte d'identite"))
    assert await desk.writes("4") == THANKS.fr


async def test_nobody_is_asked_twice_in_a_period_by_whatever_number(desk: Desk) -> None:
    desk.knows("cit_1")
    await served(desk)
    assert len(await asked(desk)) == 1
    await served(desk, "ma carte d'identite")
    assert await asked(desk) == []
    desk.clock.move(timedelta(days=90))
    await served(desk)
    assert len(await asked(desk)) == 1


async def test_nobody_is_asked_after_an_emergency(desk: Desk) -> None:
    await served(desk, "danger chez moi")
    assert await asked(desk) == []


@pytest.mark.parametrize("said", ["STOP", "Stop. Merci"])
async def test_nobody_is_asked_who_wants_no_texts_even_if_they_wrote_again(desk: Desk, said: str) -> None:
    await desk.writes(said, opt_out="STOP" if said == "STOP" else None)
    await served(desk)
    assert await asked(desk) == []
    consent = await desk.unit.consents.current(CITIZEN, Purpose.SURVEY)
    assert consent is not None
    assert not consent.granted


async def test_the_question_waits_for_a_decent_hour(desk: Desk) -> None:
    desk.clock.move(timedelta(hours=9))
    await served(desk)
    assert await asked(desk) == []
    desk.clock.move(timedelta(hours=12))
    await desk.run_jobs()
    assert len(desk.unit.surveys.rows) == 1


@pytest.mark.parametrize(
    "rules",
    [
        SurveyRules(),
        SurveyRules(ask=True, channels=frozenset({"voice"})),
        SurveyRules(ask=True, queues=frozenset({"social"})),
        SurveyRules(ask=True, intents=frozenset({"cantine_periscolaire"})),
    ],
)
async def test_the_rules_say_who_is_asked(desk: Desk, rules: SurveyRules) -> None:
    desk.rules = replace(desk.rules, texts=TextRules(survey=rules))
    await served(desk)
    assert await asked(desk) == []


@asynccontextmanager
async def stores(backend: str, engines: Engines) -> AsyncIterator[SurveyStore]:
    if backend == "memory":
        yield MemorySurveyStore()
        return
    async with engines(backend) as engine, engine.begin() as connection:
        yield SqlSurveyStore(connection)


@pytest.mark.parametrize("backend", BACKENDS)
async def test_a_question_is_kept_found_and_answered_once(backend: str, engines: Engines) -> None:
    survey = Survey(
        id="sur_1",
        number=CITIZEN,
        citizen=CitizenId("cit_1"),
        request=RequestId("req_1"),
        contact=ContactId("con_1"),
        line=LINE,
        channel="voice",
        intent="etat_civil_acte",
        queue="etat_civil",
        language=Language.FR,
        message=MessageId("msg_1"),
        asked_at=TUESDAY_NOON,
    )
    other, hour = PhoneNumber("+33698765432"), timedelta(hours=1)
    async with stores(backend, engines) as store:
        await store.add(survey)
        assert await store.unanswered(CITIZEN, LINE, TUESDAY_NOON) == survey
        assert await store.unanswered(CITIZEN, LINE, TUESDAY_NOON + hour) is None
        assert await store.unanswered(other, LINE, TUESDAY_NOON) is None
        assert await store.asked_since(CITIZEN, None, TUESDAY_NOON)
        assert await store.asked_since(other, CitizenId("cit_1"), TUESDAY_NOON)
        assert not await store.asked_since(other, CitizenId("cit_2"), TUESDAY_NOON)
        assert not await store.asked_since(CITIZEN, None, TUESDAY_NOON + hour)
        assert await store.answer(survey, 4, TUESDAY_NOON + hour)
        assert not await store.answer(survey, 1, TUESDAY_NOON + hour)
        assert await store.unanswered(CITIZEN, LINE, TUESDAY_NOON) is None
