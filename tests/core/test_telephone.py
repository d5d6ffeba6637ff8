import pytest

from guichet.core.errors import BadInput
from guichet.core.phone import PhoneNumber
from guichet.core.telephone import SipAddress, can_receive_texts, telephone


def test_a_number_and_a_sip_address_are_told_apart() -> None:
    assert telephone("01 99 00 20 01") == PhoneNumber("+33199002001")
    assert telephone("SIP:awa.diallo@mairie.example:5061") == SipAddress("sip:awa.diallo@mairie.example:5061")
    assert telephone("sips:awa@mairie.example;transport=tls").address == "sips:awa@mairie.example;transport=tls"


@pytest.mark.parametrize(
    "text", ["sip:", "sip:awa", "sip:@host", "sip:a b@host", "sip:awa@ho st", f"sip:a@{'h' * 260}"]
)
def test_what_is_no_address_is_refused_with_the_way_to_write_one(text: str) -> None:
    with pytest.raises(BadInput, match="sip:name@host"):
        telephone(text)


def test_an_address_is_masked_when_it_is_shown() -> None:
    assert str(telephone("sip:awa.diallo@mairie.example")) == "sip:a…@mairie.example"
    assert "diallo" not in repr(telephone("sip:awa.diallo@mairie.example"))


def test_texts_go_to_mobile_numbers_alone() -> None:
    assert can_receive_texts(telephone("06 39 98 10 01"))
    assert not can_receive_texts(telephone("01 99 00 20 01"))
    assert not can_receive_texts(telephone("sip:awa@mairie.example"))
