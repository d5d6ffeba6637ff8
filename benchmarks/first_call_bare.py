"""The yardstick of `first_call.py`: a bare aiohttp server whose handlers read the form, check the signature, answer.

    python benchmarks/first_call_bare.py PORT PUBLIC_URL ANSWER_FILE

The auth token is that of GUICHET_TWILIO_AUTH_TOKENS. `/library` does what the documentation of Twilio's library shows:
aiohttp's `request.post()`, then `RequestValidator`. `/own` has Guichet's faster reading of forms and its
`SignatureCheck` instead. Both answer the TwiML that the gateway answers, and keep nothing.
"""

import os
import sys
from pathlib import Path

from aiohttp import web
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped]

from guichet.carrier.form import decode_form
from guichet.carrier.signature import SignatureCheck
from guichet.core.errors import Forged


def application(token: str, public_url: str, answer: bytes) -> web.Application:
    """Return the bare application."""
    validator, check = RequestValidator(token), SignatureCheck([token], public_url)

    async def library(request: web.Request) -> web.Response:
        form = await request.post()
        url = public_url + request.path_qs
        if not validator.validate(url, form, request.headers.get("X-Twilio-Signature", "")):
            return web.Response(status=403)
        return web.Response(body=answer, content_type="text/xml")

    async def own(request: web.Request) -> web.Response:
        pairs = decode_form(await request.read())
        try:
            check.fields(request.raw_path, request.headers, pairs)
        except Forged:
            return web.Response(status=403)
        return web.Response(body=answer, content_type="text/xml")

    app = web.Application()
    app.add_routes([web.post("/library", library), web.post("/own", own)])
    return app


def main() -> None:
    """Serve until stopped."""
    port, public_url, answer = sys.argv[1:]
    app = application(os.environ["GUICHET_TWILIO_AUTH_TOKENS"], public_url, Path(answer).read_bytes())
    web.run_app(app, host="127.0.0.1", port=int(port), access_log=None, print=None, backlog=1024)


if __name__ == "__main__":
    main()
