import base64
from datetime import UTC, datetime, timedelta

import pytest

from guichet.console.hooks.hook import new_secret
from guichet.console.hooks.signing import TOLERANCE, headers, signature, verify
from guichet.core.errors import BadInput, Forged

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AT = datetime.fromtimestamp(1614265330, tz=UTC)
BODY = b'{"test": 2432232314}'


def test_the_signature_is_that_of_standard_webhooks() -> None:
    """The example of the specification's own libraries."""
    found = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", AT, BODY)
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_takes_what_was_signed_and_nothing_else() -> None:
    given = headers(SECRET, "evt_1", AT, BODY)
    verify(SECRET, given, BODY, AT)
    verify(SECRET, {**given, "webhook-signature": "v1,nonsense " + given["webhook-signature"]}, BODY, AT)
    for changed, body, secret, now in (
        ({}, BODY + b" ", SECRET, AT),
        ({}, BODY, new_secret(), AT),
        ({"webhook-id": "evt_2"}, BODY, SECRET, AT),
        ({"webhook-timestamp": "1614265331"}, BODY, SECRET, AT),
        ({"webhook-timestamp": "x"}, BODY, SECRET, AT),
        ({}, BODY, SECRET, AT + TOLERANCE + timedelta(seconds=1)),
        ({}, BODY, SECRET, AT - TOLERANCE - timedelta(seconds=1)),
    ):
        with pytest.raises(Forged):
            verify(secret, given | changed, body, now)
    with pytest.raises(Forged):
        verify(SECRET, {}, BODY, AT)


def test_a_new_secret_has_256_bits() -> None:
    assert len(base64.b64decode(new_secret().removeprefix("whsec_"))) == 32
    with pytest.raises(BadInput):
        signature("whsec_é", "evt_1", AT, BODY)
