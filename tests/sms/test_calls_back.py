from datetime import UTC, datetime, timedelta

import pytest

from guichet.callbacks.lifecycle import Cause, Move, move_request
from guichet.callbacks.request import Request, RequestKind, RequestState
from guichet.core.jobs import OfferNext, TextRequest
from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.sms import replies
from guichet.sms.calls_back import number_said, said_of_calls
from tests.sms.desk import CITIZEN, TUESDAY_NOON, Desk, own_emergency

AFTERNOON = datetime(2026, 3, 4, 13, 0, tzinfo=UTC)


async def called(desk: Desk) -> Request:
    """Let a citizen wait for a callback."""
    await desk.writes("acte de naissance")
    request = only(desk)
    await desk.unit.requests.change(request, request.evolve(kind=RequestKind.CALLBACK))
    return only(desk)


def only(desk: Desk) -> Request:
    (request,) = desk.unit.requests.rows.values()
    return request


@pytest.mark.parametrize("text", ["DEPLACER demain après 14h", "demain après 14h", "rappelez moi demain apres 14h svp"])
async def test_a_callback_is_moved_by_writing_when(text: str) -> None:
    desk = Desk()
    request = await called(desk)
    reply = await desk.writes(text)
    assert reply == (
        "C'est noté : nous vous appellerons demain entre 14h00 et 15h00 depuis le 01 99 00 10 10,"
        f" demande {request.reference} (Acte de naissance). Changer : DEPLACER."
    )
    assert only(desk).not_before == AFTERNOON
    assert only(desk).target_at == request.target_at
    assert desk.unit.jobs.not_before[desk.unit.jobs.jobs.index(OfferNext())] == AFTERNOON


async def test_without_a_time_it_is_asked_for_and_the_answer_moves_the_callback() -> None:
    desk = Desk()
    await called(desk)
    assert await desk.writes("deplacer") == replies.ASK_TIME.fr
    assert await desk.writes("je sais pas trop") == replies.ASK_TIME.fr
    assert await desk.writes("pas demain") == replies.ASK_TIME.fr
    reply = await desk.writes("jeudi matin")
    assert reply is not None
    assert reply.startswith("C'est noté : nous vous appellerons jeudi 5/03 entre 9h00 et 10h00")


async def test_for_a_time_at_which_nobody_calls_the_nearest_slots_are_offered() -> None:
    desk = Desk()
    await called(desk)
    assert await desk.writes("DEPLACER dimanche") == (
        "Nous n'appelons pas à ce moment. Libres : 1. sam 7/03 11h-12h, 2. lun 9/03 9h-10h, 3. lun 9/03 10h-11h."
        " Répondez 1, 2... ou un autre moment."
    )
    reply = await desk.writes("2")
    assert reply is not None
    assert "lundi 9/03 entre 9h00 et 10h00" in reply
    assert await desk.writes("STATUT") == replies.about_call(
        replies.STATUS_CALL,
        only(desk).language,
        only(desk),
        Bilingual("Acte de naissance", ""),
        when=Bilingual("lundi 9/03 entre 9h00 et 10h00", ""),
    )


async def test_another_number_is_asked_for_and_called_while_texts_go_on_to_the_first() -> None:
    desk = Desk()
    await called(desk)
    assert await desk.writes("autre numéro") == replies.ASK_NUMBER.fr
    assert await desk.writes("08 99 12 34 56") == replies.ASK_NUMBER.fr
    reply = await desk.writes("02 62 12 34 57 merci")
    assert reply is not None
    assert "qui finit par 57" in reply
    assert (only(desk).calls_at, only(desk).number) == (PhoneNumber("+262262123457"), CITIZEN)
    assert await desk.writes(f"AUTRE NUMERO {CITIZEN.e164}") is not None
    assert only(desk).callback_number is None


@pytest.mark.parametrize(
    ("text", "person"),
    [
        ("AUTRE NUMERO 0262 12 34 57 demandez Mme Julie Hoarau", "Mme Julie Hoarau"),
        ("rappelez ma fille Julie au 0262123457 svp", "Julie"),
        ("please call my son Tom Hughes on 0262123457", "Tom Hughes"),
        ("other number 0262123457, ask for Tom", "Tom"),
    ],
)
async def test_another_person_is_asked_for_at_another_number(text: str, person: str) -> None:
    desk = Desk()
    await called(desk)
    reply = await desk.writes(text)
    assert reply is not None
    assert "57 et demanderons " + person in reply
    assert (only(desk).calls_at, only(desk).ask_for) == (PhoneNumber("+262262123457"), person)
    await desk.writes("AUTRE NUMERO 0262123458")
    assert only(desk).ask_for is None


async def test_with_several_requests_the_reference_says_which() -> None:
    desk = Desk()
    await called(desk)
    await desk.writes("ma carte didentite")
    first, second = desk.unit.requests.rows.values()
    await desk.unit.requests.change(second, second.evolve(kind=RequestKind.CALLBACK))
    reply = await desk.writes("deplacer demain 15h")
    assert reply is not None
    assert reply.startswith("Vos demandes en cours")
    await desk.writes(f"deplacer {second.reference} demain 15h")
    moved = [request.not_before is not None for request in desk.unit.requests.rows.values()]
    assert moved == [False, True]
    assert await desk.writes("deplacer ZZ-2222") == replies.NO_SUCH.fr.format(reference="ZZ-2222")
    assert first.not_before is None


async def test_who_has_nothing_to_move_is_told_so_and_may_ask_for_something() -> None:
    desk = Desk()
    assert await desk.writes("DEPLACER") == replies.STATUS_NONE.fr
    assert await desk.writes("acte de naissance") is not None
    assert only(desk).intent == "etat_civil_acte"


async def test_a_danger_outranks_the_answer_to_a_question() -> None:
    desk = Desk()
    await called(desk)
    await desk.writes("DEPLACER")
    assert await desk.writes("danger demain 14h") == own_emergency().fr


async def test_a_callback_that_is_out_is_cancelled_but_not_moved() -> None:
    desk = Desk()
    request = await called(desk)
    ringing, event = move_request(request, Move.RING, Cause("system", TUESDAY_NOON))
    await desk.unit.requests.change(request, ringing, event)
    reply = await desk.writes("DEPLACER demain 15h")
    assert reply is not None
    assert reply.startswith("Un agent s'occupe")
    await desk.writes("ANNULER")
    assert only(desk).state is RequestState.CANCELLED


async def test_texts_about_a_request_go_once_and_only_while_they_are_true() -> None:
    desk = Desk()
    request = await called(desk)
    for template in ("warning", "warning", "unreached", "by_text"):
        await desk.unit.jobs.put(TextRequest(request.id, template))
    desk.clock.move(timedelta(minutes=1))
    await desk.run_jobs()
    told = [body for _, body, _ in desk.carrier.sent[1:]]
    assert told == [
        (
            f"Nous vous appelons dans quelques minutes depuis le 01 99 00 10 10 : demande {request.reference}"
            " (Acte de naissance). Un autre moment : DEPLACER."
        )
    ]


@pytest.mark.parametrize(
    ("number", "now", "told_at"),
    [
        (CITIZEN, datetime(2026, 3, 3, 21, tzinfo=UTC), datetime(2026, 3, 4, 7, tzinfo=UTC)),
        (CITIZEN, datetime(2026, 3, 7, 20, tzinfo=UTC), datetime(2026, 3, 9, 7, tzinfo=UTC)),
        (CITIZEN, datetime(2026, 4, 30, 20, tzinfo=UTC), datetime(2026, 5, 2, 6, tzinfo=UTC)),
        (PhoneNumber("+590690123456"), datetime(2026, 3, 3, 10, tzinfo=UTC), datetime(2026, 3, 3, 12, tzinfo=UTC)),
        (CITIZEN, datetime(2026, 3, 3, 10, tzinfo=UTC), datetime(2026, 3, 3, 10, tzinfo=UTC)),
    ],
    ids=["at night", "on a Sunday", "on a public holiday", "early in Guadeloupe", "by day"],
)
@pytest.mark.parametrize("template", ["unreached", "by_text"])
async def test_what_can_wait_goes_at_a_decent_hour_where_they_live(
    template: str, number: PhoneNumber, now: datetime, told_at: datetime
) -> None:
    desk = Desk()
    states = {"unreached": RequestState.EXHAUSTED, "by_text": RequestState.WAITING}
    kept = (await called(desk)).evolve(number=number, kind=RequestKind.TEXT, state=states[template])
    desk.unit.requests.rows[kept.id] = kept
    before = len(desk.carrier.sent)
    desk.clock.move(now - desk.clock.now())
    await desk.unit.jobs.put(TextRequest(kept.id, template))
    await desk.run_jobs()
    if told_at > now:
        desk.clock.move(told_at - now - timedelta(seconds=1))
        await desk.run_jobs()
        assert len(desk.carrier.sent) == before
        desk.clock.move(timedelta(seconds=1))
        await desk.run_jobs()
    assert [to for to, _, _ in desk.carrier.sent[before:]] == [number]


async def test_what_answers_at_once_goes_at_once_even_at_night() -> None:
    desk = Desk()
    desk.clock.move(timedelta(hours=12))
    assert await desk.writes("acte de naissance") is not None


@pytest.mark.parametrize(
    ("text", "moves", "changes"),
    [
        ("Déplacer", True, False),
        ("je voudrais changer d'heure", True, False),
        ("Autre numéro svp", False, True),
        ("autre date pour mon passeport parce que le mien est perdu", False, False),
        ("ma carte d'identité", False, False),
    ],
)
def test_commands_are_told_from_other_messages(text: str, *, moves: bool, changes: bool) -> None:
    said = said_of_calls(text, None, CITIZEN)
    assert (said.moves, said.changes) == (moves, changes)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("au 06.98.76.54.32 merci", "+33698765432"),
        ("0692 12 34 56", "+262692123456"),
        ("08 99 12 34 56", None),
        ("+1 212 555 0123", None),
        ("le 12 mars à 14h", None),
    ],
)
def test_only_ordinary_numbers_are_called(text: str, number: str | None) -> None:
    found = number_said(text, CITIZEN)
    assert (found.e164 if found else None) == number


OTHER = "+33199001234"
SHIFTS = (
    """
déplacer|deplasser|DEPLACER|Déplacement|décaler|décaller|reporter|repousser|repoussez mon rappel|changer l'heure
changer de jour|une autre heure|un autre moment svp|move|reschedule|rescedule|postpone|another time|change the time
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
EVASIONS = (
    """
plus tard|rappelez plus tard|rappelez-moi plus tard|pas dispo|je ne suis pas disponible|je peux pas répondre
je suis au travail|later please|call me later|not available|I can't talk now|I'm busy
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
OTHER_NUMBERS = (
    """
autre numéro|AUTRE NUMERO|autre n°|autre num|autre nunéro|AUTRENUMERO|changer de numéro|changement de numéro|nouveau tel
j'ai changé de numéro|pas ce numéro|different number|new number|change my phone number|use another number
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
AT_ANOTHER = (
    """
rappelez-moi au 01 99 00 12 34|appelez plutôt le 0199001234|plutôt au 01.99.00.12.34|rappelez sur mon fixe 0199001234
call me on 0199001234|sur ce numéro 0199001234
""".replace("\n", "|")
    .strip("|")
    .split("|")
)


@pytest.mark.parametrize("text", SHIFTS)
def test_a_wish_for_another_time_is_known_as_it_is_spelt_every_day(text: str) -> None:
    assert said_of_calls(text, None, None).moves


@pytest.mark.parametrize(
    "text", ["Report a broken street light", "Déplacements doux en ville : où en êtes-vous du plan ?"]
)
def test_what_only_begins_alike_moves_nothing(text: str) -> None:
    assert not said_of_calls(text, None, None).moves


@pytest.mark.parametrize("text", OTHER_NUMBERS)
def test_a_wish_for_another_number_is_known_as_it_is_spelt_every_day(text: str) -> None:
    assert said_of_calls(text, None, None).changes


@pytest.mark.parametrize("text", EVASIONS)
async def test_who_cannot_talk_then_is_asked_when_if_they_wait_for_a_call(text: str) -> None:
    desk = Desk()
    request = await called(desk)
    assert await desk.writes(text) in {replies.ASK_TIME.fr, replies.ASK_TIME.en}
    assert only(desk).not_before == request.not_before


@pytest.mark.parametrize("text", AT_ANOTHER)
async def test_a_number_to_be_called_at_is_taken_where_something_is_open(text: str) -> None:
    desk = Desk()
    await called(desk)
    reply = await desk.writes(text)
    assert reply is not None
    assert "34" in reply
    assert only(desk).callback_number == PhoneNumber.parse(OTHER)


async def test_a_time_with_an_exception_is_booked_around_it() -> None:
    desk = Desk()
    await called(desk)
    reply = await desk.writes("demain matin sauf 9h")
    assert reply is not None
    assert reply.startswith("C'est noté : nous vous appellerons demain entre 10h00 et 11h00")
