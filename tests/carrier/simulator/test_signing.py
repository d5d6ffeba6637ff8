from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from guichet.carrier.signature import SignatureCheck
from guichet.carrier.simulator.signing import Scheme, headers, signature

_FORMS = st.dictionaries(st.text("ABCabc", min_size=1), st.text(st.characters(exclude_categories=["Cs"])))


def test_the_published_vector_holds() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature("12345", url, form) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@given(_FORMS, st.sampled_from(Scheme))
def test_twilios_own_validator_accepts_every_form_in_both_schemes(form: dict[str, str], scheme: Scheme) -> None:
    signed = signature("secret", "https://h.example/x?y=1", form, scheme)
    assert RequestValidator("secret").validate("https://h.example/x?y=1", form, signed, algorithm=scheme.value)


@given(_FORMS, st.sampled_from(Scheme))
def test_our_gateway_accepts_what_the_simulator_signs(form: dict[str, str], scheme: Scheme) -> None:
    check = SignatureCheck(["other", "secret"], "https://h.example")
    check.webhook("/x?y=1", headers("secret", "https://h.example/x?y=1", form, scheme), form)
    check.stream("/media/a", headers("secret", "wss://h.example/media/a", {}, scheme))
