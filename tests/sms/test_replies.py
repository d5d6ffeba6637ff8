from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guichet.callbacks.joining import new_request
from guichet.callbacks.request import RequestKind, RequestState
from guichet.callbacks.waiting import Position
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.sms import replies
from guichet.sms.parts import Encoding, measure
from tests.callbacks.world import NOON, demand

LONG = Bilingual("Restauration scolaire et accueil périscolaire du mercredi", "School meals and Wednesday day care")
FOREIGN = Bilingual("Crèche et petite enfance, français à l'école", "Crèche")
REQUEST = new_request(demand(target_at=NOON + timedelta(days=1)), NOON)
PARIS = ZoneInfo("Europe/Paris")
FRIDAY = datetime(2026, 12, 23, 14, 30, tzinfo=PARIS)
PLAIN = [value for name, value in vars(replies).items() if isinstance(value, Bilingual) and not name.startswith("_")]
ABOUT = [text for text in PLAIN if "{title}" in text.fr]


def fits(text: str) -> bool:
    parts = measure(text)
    return parts.encoding is Encoding.GSM7 and parts.count == 1 and "{" not in text


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("template", [text for text in PLAIN if "{" not in text.fr])
def test_fixed_texts_fit_one_part(template: Bilingual, language: Language) -> None:
    assert fits(template.to(language))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("title", [LONG, FOREIGN, Bilingual("", "")])
@pytest.mark.parametrize("template", ABOUT)
def test_texts_about_a_request_fit_one_part_with_any_title(
    template: Bilingual, title: Bilingual, language: Language
) -> None:
    ahead, digits, when = Bilingual("999", "999"), Bilingual("78", "78"), replies.call_time(FRIDAY, NOON, PARIS)
    person = Bilingual("Mme Julie Hoarau-Martin", "Mrs Julie Hoarau-Martin")
    text = replies.about_call(template, language, REQUEST, title, ahead=ahead, digits=digits, when=when, person=person)
    assert fits(text)


def test_a_time_to_call_is_said_from_today_on() -> None:
    said = [replies.call_time(NOON + timedelta(days=days, hours=2), NOON, PARIS) for days in (0, 1, 2)]
    assert [text.fr for text in said] == [
        "aujourd'hui à partir de 15h00",
        "demain à partir de 15h00",
        "jeudi 5/03 à partir de 15h00",
    ]
    assert said[2].en == "on Thursday 5/03 from 15:00"


def test_our_numbers_are_written_as_people_write_them() -> None:
    numbers = ("+33199001010", "+262262123456", "+442079460010")
    written = [replies.written_number(PhoneNumber(number)) for number in numbers]
    assert written == ["01 99 00 10 10", "0262 12 34 56", "+44 20 7946 0010"]


@given(st.text(max_size=200), st.sampled_from(Language))
def test_no_title_whatever_makes_a_second_part(name: str, language: Language) -> None:
    title = Bilingual(name.replace("{", "").replace("}", ""), name.replace("{", "").replace("}", ""))
    assert fits(replies.confirmation(REQUEST, language, title))


@pytest.mark.parametrize("language", Language)
def test_status_texts_fit_one_part(language: Language) -> None:
    assert fits(replies.status(REQUEST, Position(9999, None), language, LONG))
    assert fits(replies.status(REQUEST.evolve(state=RequestState.TALKING), Position(0, None), language, LONG))
    assert fits(replies.many([REQUEST] * 9, language))
    assert fits(replies.named(replies.MANY_TO_CHANGE, [REQUEST] * 9, language))
    assert fits(replies.which(LONG, LONG, language))
    assert fits(replies.NO_SUCH.to(language).format(reference=REQUEST.reference))


def test_a_short_title_is_told_and_a_foreign_letter_never_doubles_the_bill() -> None:
    told = replies.confirmation(REQUEST, Language.FR, Bilingual("Acte de naissance", "Birth certificate"))
    assert told.startswith(
        f"Votre demande {REQUEST.reference} (Acte de naissance) est enregistrée. Nous vous rappelons"
    )
    text = replies.confirmation(REQUEST.evolve(kind=RequestKind.TEXT), Language.FR, FOREIGN)
    assert text.startswith(f"Votre demande {REQUEST.reference} est enregistrée. Un agent")


def test_the_emergency_text_has_every_number_and_114_by_sms() -> None:
    for number in ("112", "15", "17", "18", "114", "115", "3919", "3114"):
        assert number in replies.EMERGENCY.fr
        assert number in replies.EMERGENCY.en
