"""What rings for an agent: a telephone number, or the SIP address of a telephone on the administration's network. Pure.

`address` is what the carrier is asked to ring. Source: RFC 3261, section 19.1;
https://www.twilio.com/docs/voice/api/sending-sip.
"""

import re
from dataclasses import dataclass
from typing import Self

from guichet.core.errors import BadInput
from guichet.core.phone import PhoneNumber

MOST_LETTERS = 255
"""Of a SIP address, at the carrier."""
_SIP = re.compile(
    r"sips?:[A-Za-z0-9._~!$&'()*+,=;?/%-]+@[A-Za-z0-9.-]+(?::\d{1,5})?(?:;[A-Za-z0-9.;=_-]+)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, repr=False)
class SipAddress:
    """A SIP address (`sip:awa@mairie.example`); `str()` and `repr()` are masked."""

    address: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an address. Raises BadInput."""
        written = text.strip()
        if len(written) > MOST_LETTERS or not _SIP.fullmatch(written):
            raise BadInput("not a SIP address; write it as sip:name@host")
        scheme, rest = written.split(":", 1)
        return cls(f"{scheme.lower()}:{rest}")

    def __str__(self) -> str:
        """Mask the name."""
        scheme, rest = self.address.split(":", 1)
        name, host = rest.split("@", 1)
        return f"{scheme}:{name[:1]}…@{host}"

    def __repr__(self) -> str:
        return f"SipAddress({self})"


Telephone = PhoneNumber | SipAddress


def telephone(text: str, region: str = "FR") -> Telephone:
    """Read a number as people write it, or a SIP address. Raises BadInput."""
    if text.strip().lower().startswith(("sip:", "sips:")):
        return SipAddress.parse(text)
    return PhoneNumber.parse(text, region)


def can_receive_texts(phone: Telephone) -> bool:
    """Whether texts may be sent there."""
    return isinstance(phone, PhoneNumber) and phone.can_receive_texts
