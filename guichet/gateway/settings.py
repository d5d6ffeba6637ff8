"""Settings, decoded once from `guichet.toml` and the environment (`GUICHET_…` wins). Reads a file, makes a folder."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
from rapidfuzz import process

from guichet.console.role import Role
from guichet.core.errors import BadInput
from guichet.core.language import Language

PREFIX = "GUICHET_"
CONFIG = "GUICHET_CONFIG"
"""The one variable that is no setting: where the file is (default: `guichet.toml` in the current folder)."""
LISTS = frozenset({"twilio_auth_tokens", "languages", "second_factor", "hook_allow"})
"""Settings that are lists; comma separated in the environment."""


class VoiceMode(StrEnum):
    """Who speaks in a call."""

    TURNS = "turns"
    DUPLEX = "duplex"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation can set. Secrets never appear in `repr`."""

    public_url: str = "http://127.0.0.1:8080"
    """Where the carrier reaches us: what it signs and what our TwiML names. No path, no trailing slash."""
    twilio_account_sid: str = ""
    twilio_auth_tokens: tuple[str, ...] = field(default=(), repr=False)
    """Tokens whose signatures are accepted; the first is used for our own requests."""
    twilio_api_url: str = ""
    """Another Twilio-compatible carrier, or the simulator. Empty: Twilio's own."""
    twilio_region: str = ""
    """`ie1` keeps Twilio's data in the EU (with the tokens of that region)."""
    twilio_edge: str = ""
    database_url: str = field(default="", repr=False)
    """Empty: SQLite in DATA_DIR. PostgreSQL: `postgresql+asyncpg://user:password@host/name`."""
    redis_url: str = field(default="", repr=False)
    """Empty: the embedded server of DATA_DIR."""
    import_database_url: str = field(default="", repr=False)
    """The administration's own database, from which `guichet citizens import --query` reads."""
    data_dir: Path = Path("var")
    models_dir: Path = Path()
    """Empty: `models` in DATA_DIR."""
    languages: tuple[Language, ...] = (Language.FR, Language.EN)
    rule_book: Path | None = None
    """None: the sample book of a commune."""
    intent_book: Path | None = None
    region: str = "FR"
    """Country (ISO 3166) of telephone numbers written without a country code."""
    voice_mode: VoiceMode = VoiceMode.TURNS
    """`turns`: the carrier speaks, we listen turn by turn. `duplex`: one stream, we speak, the caller may interrupt."""
    prompts_dir: Path | None = None
    """Recordings of what is said in duplex mode; what has none is synthesised."""
    decoders: int = 0
    """Threads of the recogniser process that decode at once; 0 is one a core."""
    api_rate: int = 600
    """Requests a minute that a token of the API may make at each gateway; a quarter of them at once."""
    hook_allow: tuple[str, ...] = ()
    """Hosts and networks of your own that outgoing webhooks may reach, besides public addresses over https."""
    console_title: str = "Guichet"
    """The administration's name at the head of the console's pages."""
    console_colour: str = "#1f4e79"
    """The colour of buttons and links; dark enough for white text."""
    console_logo: Path | None = None
    """An SVG, PNG or WebP picture of at most 40 kB."""
    console_proxies: int = 0
    """Servers before us whose X-Forwarded-For names who asks; 0: whoever connects is who asks."""
    console_plain_http: bool = False
    """Let the console's cookies travel without HTTPS, for trials in browsers that refuse them on localhost."""
    second_factor: tuple[Role, ...] = (Role.SUPERVISOR, Role.ADMINISTRATOR)
    """Roles that must have a second factor to sign in with a password."""
    openid_issuer: str = ""
    """The provider of identities (OpenID Connect); empty: local accounts only."""
    openid_name: str = "ProConnect"
    """How the provider is called on the page of signing in."""
    openid_client_id: str = ""
    openid_client_secret: str = field(default="", repr=False)
    openid_claim: str = "email"
    """What the provider tells that is a login here."""
    clock_offset: int = 0
    """Seconds by which our clock is ahead: for demonstrations and rehearsals only."""
    log_level: str = "info"

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        return self.database_url or f"sqlite+aiosqlite:///{(self.data_dir / 'guichet.sqlite').resolve()}"

    def evolve(self, **changes: Any) -> "Settings":
        """Return a copy with changes."""
        return replace(self, **changes)


def load(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> Settings:
    """Read the settings; the environment wins over the file. Raises BadInput with the nearest right name or value."""
    values = _from_file(environment, folder or Path.cwd())
    for variable, text in environment.items():
        if variable.startswith(PREFIX) and variable != CONFIG:
            name = _known(variable.removeprefix(PREFIX).lower(), f"the variable {variable}")
            values[name] = [part.strip() for part in text.split(",") if part.strip()] if name in LISTS else text
    try:
        settings = msgspec.convert(values, Settings, strict=False, dec_hook=_decoded)
    except msgspec.ValidationError as error:
        raise BadInput(f"settings: {_without_values(error)}") from None
    return _checked(settings)


def _from_file(environment: Mapping[str, str], folder: Path) -> dict[str, Any]:
    """Return the file's settings; a file that is named must exist."""
    named = environment.get(CONFIG)
    path = Path(named) if named else folder / "guichet.toml"
    if not path.exists():
        if named:
            raise BadInput(f"settings: {CONFIG} names {path}, which does not exist")
        return {}
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(f"settings: {path} is not TOML: {error}") from None
    return {_known(name.lower(), f"{path}: '{name}'"): value for name, value in document.items()}


def _known(name: str, where: str) -> str:
    """Return a setting's name, or refuse it with the nearest right one."""
    names = [setting.name for setting in fields(Settings)]
    if name in names:
        return name
    near = process.extractOne(name, names)
    raise BadInput(
        f"settings: {where} is not a setting; did you mean {PREFIX}{(near[0] if near else names[0]).upper()}?"
    )


def _decoded(kind: type, value: Any) -> Any:
    """Decode what msgspec does not know."""
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError(kind)


def _without_values(error: msgspec.ValidationError) -> str:
    """Say what is wrong with a value without showing it: it may be a secret."""
    return re.sub(r"'[^']*'", "…", str(error)).replace("`$.", "`")


def _checked(settings: Settings) -> Settings:
    """Refuse values that could only fail later."""
    url = settings.public_url.rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
        raise BadInput(f"settings: PUBLIC_URL is 'https://host' with no path; this is '{settings.public_url}'")
    if settings.api_rate < 1:
        raise BadInput("settings: API_RATE is how often a token may ask in a minute: at least 1")
    if not settings.languages:
        raise BadInput("settings: LANGUAGES names at least one of fr, en")
    for name in ("rule_book", "intent_book"):
        path: Path | None = getattr(settings, name)
        if path is not None and not path.is_file():
            raise BadInput(f"settings: {name.upper()} names {path}, which is not a file")
    if settings.prompts_dir is not None and not settings.prompts_dir.is_dir():
        raise BadInput(f"settings: PROMPTS_DIR names {settings.prompts_dir}, which is not a folder")
    models = settings.models_dir if settings.models_dir != Path() else settings.data_dir / "models"
    return settings.evolve(public_url=url, models_dir=models)


def make_writable(folder: Path) -> None:
    """Make the data folder. Raises BadInput where we may not write."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(
            f"settings: DATA_DIR {folder} cannot be made ({error.strerror}): name a folder of yours"
        ) from None
    if not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput(f"settings: DATA_DIR {folder} cannot be written to: mend its rights, or name another folder")
