"""A real browser: Debian's Chromium by playwright, against the real server; each page seen is checked by axe-core."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]
from playwright.async_api import Page, async_playwright

from tests.console.browsing import signed_in
from tests.journeys.world import World

BINARY = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE_MILLISECONDS = 60_000


@asynccontextmanager
async def opened(world: World, person: Any, **context: Any) -> AsyncIterator[Page]:
    """Open a browser in which somebody has signed in."""
    mine = await signed_in(world, person)
    base = world.base.replace("127.0.0.1", "localhost")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BINARY, args=["--no-sandbox"])
        known = await browser.new_context(base_url=base, locale="fr-FR", reduced_motion="reduce", **context)
        https = base.replace("http:", "https:")
        token = mine.cookies["__Host-guichet"]
        await known.add_cookies([{"name": "__Host-guichet", "value": token, "secure": True, "url": https}])
        page = await known.new_page()
        page.set_default_timeout(PATIENCE_MILLISECONDS)
        try:
            yield page
        finally:
            await browser.close()


async def faults(page: Page) -> list[str]:
    """Return what axe-core finds wrong with the page as it stands."""
    await page.evaluate(AXE_SCRIPT)
    found = await page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [
        f"{fault['id']}: {fault['help']} ({', '.join(str(node['target']) for node in fault['nodes'][:3])})"
        for fault in found["violations"]
    ]
