"""The signature check: Twilio's own vector, both algorithms, several tokens, every spelling of a port."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from guichet.carrier.signature import SignatureCheck, settings_header, sign, sign_sha256
from guichet.core.errors import BadInput, Forged

TOKEN = "12345"
SITE = "https://mycompany.com"
PATH = "/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
PUBLISHED = "RSOYDt4T1cUTdK1PDd93/VVr8B8="

forms = st.dictionaries(st.text(max_size=8), st.text(max_size=12), max_size=8)


def header(signature: str) -> dict[str, str]:
    return {"X-Twilio-Signature": signature}


def test_the_published_vector_holds() -> None:
    assert sign(TOKEN, SITE + PATH, FORM) == PUBLISHED
    SignatureCheck([TOKEN], SITE).webhook(PATH, header(PUBLISHED), FORM)


def test_headers_are_found_in_lower_case_too() -> None:
    SignatureCheck([TOKEN], SITE).webhook(PATH, {"x-twilio-signature": PUBLISHED}, FORM)


@pytest.mark.parametrize(
    ("path", "form", "signature"),
    [
        (PATH, FORM, None),
        (PATH, FORM, ""),
        (PATH, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B9="),
        (PATH, FORM, "é\ud800"),
        (PATH, {**FORM, "Digits": "1235"}, PUBLISHED),
        (PATH, {**FORM, "More": ""}, sign(TOKEN, SITE + PATH, FORM) + "x"),
        (PATH + "&x=1", FORM, PUBLISHED),
        ("/myapp.php?bar=2&foo=1", FORM, PUBLISHED),
        ("/myapp%2Ephp?foo=1&bar=2", FORM, PUBLISHED),
    ],
)
def test_anything_else_is_forged(path: str, form: dict[str, str], signature: str | None) -> None:
    check = SignatureCheck([TOKEN], SITE)
    with pytest.raises(Forged):
        check.webhook(path, {} if signature is None else header(signature), form)


def test_any_of_several_tokens_will_do_and_no_other() -> None:
    check = SignatureCheck(["us1", "", "ie1"], SITE)
    for token in ("us1", "ie1"):
        check.webhook(PATH, header(sign(token, SITE + PATH, FORM)), FORM)
    for token in ("", "other"):
        with pytest.raises(Forged):
            check.webhook(PATH, header(sign(token, SITE + PATH, FORM)), FORM)


@pytest.mark.parametrize("tokens", [[], [""]])
def test_there_is_no_check_without_a_token(tokens: list[str]) -> None:
    with pytest.raises(BadInput, match="GUICHET_TWILIO_AUTH_TOKENS"):
        SignatureCheck(tokens, SITE)


@pytest.mark.parametrize(
    "url", ["mycompany.com", "ftp://x.fr", "https://", "https://x.fr/?a=1", "https://x.fr/#a", "https://a:b@x.fr"]
)
def test_the_public_url_is_a_plain_web_address(url: str) -> None:
    with pytest.raises(BadInput):
        SignatureCheck([TOKEN], url)


def test_the_newer_scheme_is_known_by_its_header() -> None:
    check = SignatureCheck(["old", "shared-key"], SITE)
    signature = sign_sha256("shared-key", SITE + PATH, FORM)
    check.webhook(PATH, {**header(signature), **settings_header()}, FORM)
    with pytest.raises(Forged):
        check.webhook(PATH, header(signature), FORM)
    with pytest.raises(Forged):
        check.webhook(PATH, {**header(sign("shared-key", SITE + PATH, FORM)), **settings_header()}, FORM)
    with pytest.raises(Forged, match="algorithm"):
        check.webhook(PATH, {**header(signature), **settings_header(algorithm="HMAC_SHA3")}, FORM)


def test_a_settings_header_that_names_no_algorithm_means_the_old_one() -> None:
    headers = {**header(PUBLISHED), "X-Twilio-Webhooks-Signature-Settings": "key=abc"}
    SignatureCheck([TOKEN], SITE).webhook(PATH, headers, FORM)


@pytest.mark.parametrize(
    ("public", "signed"),
    [
        ("https://a.fr", "https://a.fr"),
        ("https://a.fr", "https://a.fr:443"),
        ("https://a.fr/", "https://a.fr"),
        ("https://a.fr:8443", "https://a.fr:8443"),
        ("https://a.fr:8443", "https://a.fr"),
        ("https://a.fr/base", "https://a.fr:443/base"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://a.fr", "http://a.fr:80"),
        ("https://[::1]:8443", "https://[::1]"),
        ("https://[::1]", "https://[::1]:443"),
    ],
)
def test_the_port_may_be_signed_or_not(public: str, signed: str) -> None:
    SignatureCheck([TOKEN], public).webhook("/x?y=1", header(sign(TOKEN, signed + "/x?y=1", FORM)), FORM)


def test_another_port_is_another_address() -> None:
    with pytest.raises(Forged):
        SignatureCheck([TOKEN], "https://a.fr").webhook("/x", header(sign(TOKEN, "https://a.fr:8443/x", FORM)), FORM)


@pytest.mark.parametrize("signed", ["wss://a.fr", "wss://a.fr:443"])
@pytest.mark.parametrize("public", ["https://a.fr", "http://a.fr:443", "https://a.fr:443/"])
def test_a_media_handshake_is_signed_over_its_wss_address(public: str, signed: str) -> None:
    SignatureCheck([TOKEN], public).stream("/media/abc", header(sign(TOKEN, signed + "/media/abc", {})))


@pytest.mark.parametrize("signed", ["https://a.fr/media/abc", "wss://a.fr/media/abd", "wss://a.fr:80/media/abc"])
def test_a_media_handshake_signed_over_anything_else_is_forged(signed: str) -> None:
    with pytest.raises(Forged):
        SignatureCheck([TOKEN], "https://a.fr").stream("/media/abc", header(sign(TOKEN, signed, {})))


def test_a_media_handshake_knows_the_newer_scheme() -> None:
    headers = {**header(sign_sha256(TOKEN, "wss://a.fr/media/abc", {})), **settings_header()}
    SignatureCheck([TOKEN], "https://a.fr").stream("/media/abc", headers)


def test_a_json_body_is_held_to_its_digest_in_the_url() -> None:
    body = b'{"a": "\xc3\xa9"}'
    path = f"/events?bodySHA256={hashlib.sha256(body).hexdigest()}"
    check = SignatureCheck([TOKEN], SITE)
    headers = header(sign(TOKEN, SITE + path, {}))
    check.body(path, headers, body)
    with pytest.raises(Forged, match="body"):
        check.body(path, headers, body + b" ")
    with pytest.raises(Forged, match="body"):
        check.body("/events", header(sign(TOKEN, SITE + "/events", {})), body)
    with pytest.raises(Forged, match="does not hold"):
        check.body(path + "&x=1", headers, body)


def test_a_field_sent_twice_is_signed_as_twilio_signs_it() -> None:
    pairs = [("b", "2"), ("a", "1"), ("b", "1"), ("b", "2")]
    signature = sign(TOKEN, SITE + "/x" + "a1b1b2", {})
    SignatureCheck([TOKEN], SITE).fields("/x", header(signature), pairs)


def test_secrets_are_not_shown() -> None:
    assert repr(SignatureCheck([TOKEN], SITE)) == f"SignatureCheck({SITE}, 1 tokens)"


@given(form=forms, path=st.text("/abc%é?=&", max_size=10), algorithm=st.sampled_from(["HMAC_SHA1", "HMAC_SHA256"]))
def test_any_form_signs_verifies_and_agrees_with_the_library(form: dict[str, str], path: str, algorithm: str) -> None:
    signer = sign if algorithm == "HMAC_SHA1" else sign_sha256
    signature = signer(TOKEN, f"{SITE}/{path}", form)
    headers = {**header(signature), **settings_header(algorithm=algorithm)}
    SignatureCheck(["other", TOKEN], SITE).webhook(f"/{path}", headers, form)
    assert signature == RequestValidator(TOKEN).compute_signature(f"{SITE}/{path}", form, algorithm)


@given(form=forms, name=st.text("abc", min_size=1), value=st.text(min_size=1))
def test_no_field_can_be_changed(form: dict[str, str], name: str, value: str) -> None:
    signature = sign(TOKEN, f"{SITE}/x", form)
    changed = {**form, name: form.get(name, "") + value}
    with pytest.raises(Forged):
        SignatureCheck([TOKEN], SITE).webhook("/x", header(signature), changed)
