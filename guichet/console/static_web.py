"""The route of styles, scripts and pictures."""

from aiohttp import hdrs, web

from guichet.console.assets import Assets

FOREVER = "public, max-age=31536000, immutable"


def routes(assets: Assets) -> list[web.RouteDef]:
    """Return the route."""

    async def send(request: web.Request) -> web.StreamResponse:
        asset = assets.served(request.match_info["name"])
        headers = {hdrs.CACHE_CONTROL: FOREVER, hdrs.ETAG: f'"{asset.name}"', hdrs.VARY: hdrs.ACCEPT_ENCODING}
        if "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
            headers[hdrs.CONTENT_ENCODING] = "gzip"
            return web.Response(body=asset.packed, content_type=asset.kind, headers=headers)
        return web.Response(body=asset.body, content_type=asset.kind, headers=headers)

    return [web.get("/static/{name}", send)]
