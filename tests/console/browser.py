"""Debian's Chromium, driven by keys as a person would, and axe-core, which says what a page's reader would miss."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import pytest
from playwright.async_api import Page, async_playwright

from tests.console.browsing import Visitor

CHROMIUM = "/usr/bin/chromium"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SECONDS = 20.0
"""Longest wait for something that must happen; the machine may be busy."""


@cache
def axe() -> str:
    """Return axe-core's source."""
    return (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")


@dataclass
class Screen:
    """A window with one page. `hosts` are those that it has asked for anything, `bytes` what came."""

    page: Page
    base: str
    hosts: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)

    async def go(self, path: str) -> None:
        """Open a page."""
        await self.page.goto(self.base + path)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        """Type a text where the cursor is."""
        await self.page.keyboard.type(text)

    async def tab_to(self, name: str) -> None:
        """Go on by Tab until what has that name has the focus."""
        for _ in range(80):
            await self.page.keyboard.press("Tab")
            if await self.focused() == name:
                return
        raise AssertionError(f"Tab never comes to {name}")

    async def focused(self) -> str:
        """Return the name of what has the focus: its label, its text or its id."""
        return str(
            await self.page.evaluate(
                "() => { const e = document.activeElement;"
                " return e.labels?.[0]?.innerText.trim() || e.innerText?.trim() || e.id || ''; }"
            )
        )

    async def sees(self, text: str) -> None:
        """Wait until the page says something."""
        await self.page.get_by_text(text).first.wait_for(timeout=SECONDS * 1000)

    async def use(self, visitor: Visitor) -> None:
        """Be signed in as somebody is."""
        for name, value in visitor.cookies.items():
            # Named by HTTPS, for which a `__Host-` cookie is made; Chromium sends it to localhost without.
            url = self.base.replace("http:", "https:")
            cookie: Any = {"name": name, "value": value, "url": url, "secure": True, "httpOnly": True}
            await self.page.context.add_cookies([cookie])

    async def flaws(self) -> list[str]:
        """Return what axe-core finds wrong with the page."""
        await self.page.evaluate(axe())
        result = await self.page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        return [
            f"{found['id']}: {node['target']} {node.get('failureSummary', '')}"
            for found in result["violations"]
            for node in found["nodes"]
        ]


@asynccontextmanager
async def screen(
    base: str, *, scheme: Literal["light", "dark"] = "light", width: int = 1280, scripts: bool = True
) -> AsyncIterator[Screen]:
    """Open a window. Fails where Chromium is not installed: who asks for `--browser` wants it."""
    if not os.access(CHROMIUM, os.X_OK):
        pytest.fail(f"there is no {CHROMIUM}: sh tools/install_packages.sh (as root) installs it")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            locale="fr-FR",
            timezone_id="Europe/Paris",
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        page = await context.new_page()
        page.set_default_timeout(SECONDS * 1000)
        opened = Screen(page, base)
        page.on("request", lambda request: opened.hosts.add(request.url.split("/")[2]))
        page.on("pageerror", lambda error: opened.errors.append(str(error)))
        page.on("console", lambda told: opened.errors.append(told.text) if told.type == "error" else None)
        try:
            yield opened
        finally:
            await browser.close()
