"""Where a URL of the gateway stands for the carrier, and where the simulator really connects. Pure."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit


@dataclass(frozen=True, slots=True)
class Address:
    """`public` is what is configured at the carrier (and signed); `local` is where the gateway listens."""

    public: str
    local: str

    def absolute(self, url: str, base: str = "") -> str:
        """Return the URL that the carrier would ask for: relative ones belong to the document's URL."""
        return urljoin(base or self.public + "/", url)

    def reach(self, url: str) -> str:
        """Return where to connect for a public URL; a stranger's URL stays as it is."""
        bare = url.split("#", 1)[0]
        rest = self.below(bare)
        if rest is None:
            return bare
        local = self.local
        if urlsplit(bare).scheme in {"ws", "wss"}:
            local = "ws" + local.removeprefix("http")
        return local + rest

    def below(self, url: str) -> str | None:
        """Return path and query below the public URL, or None for a stranger's; http and ws count alike."""
        for prefix in (self.public, self.local):
            host = prefix.split("://", 1)[1].rstrip("/")
            rest = url.split("://", 1)[-1]
            if rest == host or rest.startswith((host + "/", host + "?", host + "#")):
                return rest.removeprefix(host) or "/"
        return None

    def path(self, url: str) -> str:
        """Return what the log calls this URL: its path and query, or all of it for a stranger's."""
        return self.below(url) or url
