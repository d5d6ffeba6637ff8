from datetime import UTC, datetime, timedelta

import pytest

from guichet.console.api.token import Scope, new_token, read_token
from guichet.core.errors import BadInput

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
READS = frozenset({Scope.REQUESTS_READ})


def test_the_text_of_a_token_opens_it_and_is_kept_nowhere() -> None:
    token, text = new_token("GRU", READS, NOW)
    read = read_token(text)
    assert read is not None
    token_id, secret = read
    assert token_id == token.id
    assert token.matches(secret)
    assert not token.matches(secret[:-1] + ("A" if secret[-1] != "A" else "B"))
    assert secret not in repr(token)
    assert text.startswith("gct_")


@pytest.mark.parametrize(
    "text", ["", "gct_", "gct_" + "0" * 26 + "_short", "Bearer x", "gct_" + "é" * 26 + "_" + "a" * 43]
)
def test_what_is_no_token_is_not_read(text: str) -> None:
    assert read_token(text) is None


def test_a_token_opens_until_it_expires_or_is_revoked() -> None:
    token, _ = new_token("GRU", READS, NOW, NOW + timedelta(days=1))
    assert token.opens(NOW)
    assert not token.opens(NOW + timedelta(days=1))
    assert not token.evolve(revoked_at=NOW).opens(NOW)


def test_a_token_has_a_name_a_scope_and_a_future() -> None:
    for name, scopes, expires in (("", READS, None), ("x", frozenset[Scope](), None), ("x", READS, NOW)):
        with pytest.raises(BadInput):
            new_token(name, scopes, NOW, expires)
    with pytest.raises(BadInput, match="citizens:read"):
        Scope.parse("everything")
