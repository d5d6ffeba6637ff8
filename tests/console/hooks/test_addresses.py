import pytest

from guichet.console.hooks.addresses import Allowed, checked_url
from guichet.core.errors import BadInput

OWN = (
    "127.0.0.1",
    "127.8.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a00:1",
    "2002:a00:1::",
    "nonsense",
)


@pytest.mark.parametrize("address", OWN)
def test_nothing_of_our_own_network_is_reached(address: str) -> None:
    assert not Allowed().reaches("evil.example", address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_the_public_internet_is(address: str) -> None:
    assert Allowed().reaches("gru.example", address)


def test_a_setting_names_hosts_and_networks_that_are_reached_all_the_same() -> None:
    allowed = Allowed.parse(["intranet.ville.fr", "10.20.0.0/16", "192.168.1.7"])
    assert allowed.reaches("Intranet.Ville.fr.", "10.1.1.1")
    assert allowed.reaches("anything.example", "10.20.3.4")
    assert allowed.reaches("anything.example", "::ffff:10.20.3.4")
    assert allowed.reaches("192.168.1.7", "192.168.1.7")
    assert not allowed.reaches("other.ville.fr", "10.1.1.1")
    with pytest.raises(BadInput, match="HOOK_ALLOW"):
        Allowed.parse(["10.20.0.1/16"])


@pytest.mark.parametrize(
    "url",
    [
        "ftp://gru.example/",
        "https://",
        "gru.example",
        "https://user:secret@gru.example/",
        "https://gru.example/#part",
        "https://gru.example/a b",
        "https://gru.example/é",
        "https://gru.example:99999/",
        "https://[::1/",
        "https://gru.example/" + "x" * 500,
    ],
)
def test_what_is_no_address_to_post_to_is_refused(url: str) -> None:
    with pytest.raises(BadInput):
        checked_url(url)


def test_plain_http_and_private_addresses_need_the_setting() -> None:
    for url in ("http://gru.example/", "https://10.0.0.1/", "https://127.0.0.1/", "https://[::1]/", "http://[::1]:80/"):
        with pytest.raises(BadInput, match="GUICHET_HOOK_ALLOW"):
            Allowed().checked(url)
    allowed = Allowed.parse(["gru.example", "10.0.0.0/8", "::1"])
    for url in ("http://gru.example/", "https://10.0.0.1/", "http://10.0.0.1:8080/x", "http://[::1]/"):
        assert allowed.checked(url) == url
    assert Allowed().checked("https://gru.example/x?y=1") == "https://gru.example/x?y=1"
