"""Which addresses may be told: nobody in our own network, unless a setting names them. Pure.

Who may add a hook must not be able to make this machine knock at doors that only it can reach: loopback, private and
link-local networks, the cloud's own addresses. What is allowed all the same is a list of hosts and networks.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from guichet.core.errors import BadInput

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
LONGEST_URL = 500
NOT_ALLOWED = "address_not_allowed"
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be reached beyond the public internet."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()

    @classmethod
    def parse(cls, entries: Iterable[str]) -> "Allowed":
        """Read a list of hosts (`intranet.ville.fr`) and networks (`10.20.0.0/16`). Raises BadInput."""
        hosts, networks = set[str](), list[Network]()
        for entry in entries:
            if "/" in entry or _address(entry) is not None:
                try:
                    networks.append(ipaddress.ip_network(entry))
                except ValueError:
                    raise BadInput(f"settings: HOOK_ALLOW: '{entry}' is no network; write 10.20.0.0/16") from None
            else:
                hosts.add(plain_host(entry))
        return cls(frozenset(hosts), tuple(networks))

    def names(self, host: str) -> bool:
        """Whether a host is allowed by its name, wherever it is."""
        return plain_host(host) in self.hosts

    def trusts(self, address: str) -> bool:
        """Whether an address is in one of the networks."""
        found = _address(address)
        return found is not None and any(one in network for one in {found, _inner(found)} for network in self.networks)

    def reaches(self, host: str, address: str) -> bool:
        """Whether a host may be told at the address that its name stands for."""
        found = _address(address)
        return found is not None and (self.names(host) or self.trusts(address) or _is_public(_inner(found)))

    def refused(self, url: str) -> str:
        """Say in a word why an address is not even looked up; empty: it is."""
        parts = urlsplit(url)
        host = plain_host(parts.hostname or "")
        if is_literal(host) and not self.reaches(host, host):
            return NOT_ALLOWED
        if parts.scheme != "https" and not (self.names(host) or self.trusts(host)):
            return "http_not_allowed"
        return ""

    def checked(self, url: str) -> str:
        """Return an address that may be told; where its name leads is looked at when it is. Raises BadInput."""
        if self.refused(checked_url(url)):
            raise BadInput(
                "this address is in a private network or without https: name its host or network in "
                "GUICHET_HOOK_ALLOW if it may be told all the same"
            )
        return url


def checked_url(url: str) -> str:
    """Return what is an address to post to. Raises BadInput."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or parts.scheme not in {"http", "https"} or len(url) > LONGEST_URL or not url.isascii():
        raise BadInput(f"a hook's address is https://host/path, {LONGEST_URL} letters at most")
    if parts.username is not None or parts.password is not None:
        raise BadInput("a hook's address holds no password: what is sent is signed instead (docs/api.md)")
    if parts.fragment or any(letter <= " " or letter == "\x7f" for letter in url):
        raise BadInput("a hook's address has neither spaces nor a #fragment")
    return url


def plain_host(host: str) -> str:
    """Return a host's name as names are compared."""
    return host.strip().strip("[]").rstrip(".").lower()


def is_literal(host: str) -> bool:
    """Whether a host is written as an address, so that no name is looked up."""
    return _address(plain_host(host)) is not None


def _address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text.split("%", maxsplit=1)[0])
    except ValueError:
        return None


def _inner(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for, by whichever of the ways to write it."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None) or address


def _is_public(address: Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
