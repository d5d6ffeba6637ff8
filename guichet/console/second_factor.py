"""The second factor: codes of an authenticator application (TOTP, RFC 6238), and recovery codes. Random, no I/O."""

import hashlib
import io
import secrets
from datetime import datetime

import pyotp
import segno

STEP_SECONDS = 30
DRIFT = 1
"""Steps by which a telephone's clock may be ahead or behind."""
CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_secret() -> str:
    """Return a secret to be shared with an application."""
    return str(pyotp.random_base32())


def address_of(secret: str, login: str, issuer: str) -> str:
    """Return the address that an application reads from the picture."""
    return str(pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer))


def picture_of(address: str) -> str:
    """Return the QR code as SVG without any style: a strict policy shows it."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, dark="#000", light="#fff"
    )
    return drawn.getvalue().decode()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the step of time whose code this is; None where it is no code of about now."""
    digits = "".join(letter for letter in code if letter.isdigit())
    clock = pyotp.TOTP(secret, interval=STEP_SECONDS)
    current = int(now.timestamp()) // STEP_SECONDS
    fitting = [
        step
        for step in range(current - DRIFT, current + DRIFT + 1)
        if secrets.compare_digest(clock.generate_otp(step), digits)
    ]
    return max(fitting, default=None)


def new_recovery_codes() -> tuple[str, ...]:
    """Return codes that open once each, such as `k7m2p-x9qtd`: 49 random bits."""
    return tuple("-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(2)) for _ in range(CODES))


def digest_of(code: str) -> str:
    """Return what is kept of a recovery code, however it was typed."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
