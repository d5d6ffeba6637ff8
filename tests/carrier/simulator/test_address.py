import pytest

from guichet.carrier.simulator.address import Address

ADDRESS = Address("https://guichet.example", "http://127.0.0.1:8080")


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("https://guichet.example/voice/turn?n=1", "http://127.0.0.1:8080/voice/turn?n=1"),
        ("https://guichet.example/x#rc=2&rp=ct", "http://127.0.0.1:8080/x"),
        ("wss://guichet.example/media/a", "ws://127.0.0.1:8080/media/a"),
        ("https://guichet.example.evil/x", "https://guichet.example.evil/x"),
        ("https://elsewhere.example/x", "https://elsewhere.example/x"),
    ],
)
def test_public_urls_lead_to_the_local_gateway_and_others_stay(url: str, local: str) -> None:
    assert ADDRESS.reach(url) == local


def test_relative_urls_belong_to_the_document() -> None:
    base = "https://guichet.example/voice/incoming"
    assert ADDRESS.absolute("turn?n=1", base) == "https://guichet.example/voice/turn?n=1"
    assert ADDRESS.absolute("/x", base) == "https://guichet.example/x"
    assert ADDRESS.absolute("/x") == "https://guichet.example/x"


def test_a_path_below_the_public_url_is_kept() -> None:
    address = Address("https://h.example/base", "http://127.0.0.1:1")
    assert address.reach("https://h.example/base/voice") == "http://127.0.0.1:1/voice"
    assert address.path("https://h.example/other") == "https://h.example/other"
