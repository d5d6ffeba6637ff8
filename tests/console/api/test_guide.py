"""The guide to the API: its examples run, its signature is right, what it lists is all there is."""

import asyncio
import os
import re
import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from guichet.console.api.problem import STATUSES
from guichet.console.api.token import Scope
from guichet.console.hooks.hook import Topic
from guichet.console.hooks.signing import headers, signature
from tests.console.api.client import Client
from tests.journeys.world import World

DOCS = Path(__file__).parents[3] / "docs"
PAGES = ["api.md", "raccordement.md"]


def blocks(page: str, kind: str) -> list[str]:
    """Return the blocks of a kind."""
    return re.findall(rf"```{kind}\n(.*?)```", (DOCS / page).read_text("utf-8"), flags=re.DOTALL)


def example(page: str) -> dict[str, str]:
    """Return the worked example of the signature."""
    (block,) = blocks(page, "text")
    return dict(re.split(r" {2,}", line, maxsplit=1) for line in block.splitlines())


@pytest.mark.parametrize("page", PAGES)
def test_the_worked_example_is_what_is_sent(page: str) -> None:
    one = example(page)
    moment = datetime.fromtimestamp(int(one["timestamp"]), tz=UTC)
    assert signature(one["secret"], one["id"], moment, one["body"].encode()) == one["signature"]
    assert datetime.fromisoformat(msgspec.json.decode(one["body"])["timestamp"]) == moment


@pytest.mark.parametrize("page", PAGES)
def test_the_receiver_of_the_guide_takes_what_we_sign_and_nothing_else(page: str) -> None:
    names: dict[str, Any] = {}
    (code,) = blocks(page, "python")
    exec(code, names)
    check: Callable[[str, dict[str, str], bytes], bool] = names["is_from_guichet"]
    one, now = example(page), datetime.fromtimestamp(time.time(), tz=UTC)
    body = one["body"].encode()
    given = headers(one["secret"], one["id"], now, body)
    assert check(one["secret"], given, body)
    assert not check(one["secret"], given, body + b" ")
    assert not check(one["secret"], given | {"webhook-timestamp": one["timestamp"]}, body)
    assert not check(one["secret"], headers(one["secret"], one["id"], datetime(2026, 3, 3, tzinfo=UTC), body), body)


@pytest.mark.parametrize("page", PAGES)
async def test_the_curl_examples_run_as_they_stand(page: str, world: World) -> None:
    curl = shutil.which("curl")
    assert curl, "apt-get install curl"
    client = await Client.of(world)
    environment = {**os.environ, "GUICHET": world.base, "TOKEN": client.token, "no_proxy": "*"}
    commands = blocks(page, "sh")
    assert len(commands) == 5
    answers = []
    for command in commands:
        running = await asyncio.create_subprocess_exec(
            "sh", "-euc", command, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        out, _ = await running.communicate()
        assert running.returncode == 0, (command, out)
        answers.append(msgspec.json.decode(out))
    assert [min(one) for one in answers] == ["items", "id", "certainty", "all", "id"]
    assert answers[2]["items"]


@pytest.mark.parametrize("page", PAGES)
def test_every_scope_topic_and_status_is_told_of(page: str) -> None:
    text = (DOCS / page).read_text("utf-8")
    assert [one.value for one in (*Scope, *Topic) if f"`{one.value}`" not in text] == []
    # 500 is nothing to be told of beforehand.
    assert [status for status in STATUSES if status != 500 and str(status) not in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", (DOCS / page).read_text("utf-8"))
    assert links
    assert [link for link in links if not (DOCS / link).exists()] == []
