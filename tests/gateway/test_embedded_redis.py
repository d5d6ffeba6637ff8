import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis

from guichet.core.errors import Unavailable
from guichet.gateway import embedded_redis

PARENT = """
import sys, time
from pathlib import Path
from guichet.gateway import embedded_redis
with embedded_redis.run(Path(sys.argv[1])):
    print("up", flush=True)
    time.sleep(600)
"""


def test_it_answers_while_the_block_lasts_and_keeps_its_data(tmp_path: Path) -> None:
    for expected in (None, b"1"):
        with embedded_redis.run(tmp_path) as url:
            client = redis.Redis.from_url(url)
            assert client.get("kept") == expected
            client.set("kept", "1")
            client.close()
    assert not embedded_redis.answers(embedded_redis.url(tmp_path))


def test_it_dies_with_its_parent_even_when_that_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, tmp_path], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"up\n"
        assert embedded_redis.answers(embedded_redis.url(tmp_path))
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    deadline = time.monotonic() + 5
    while embedded_redis.answers(embedded_redis.url(tmp_path)):
        assert time.monotonic() < deadline
    with embedded_redis.run(tmp_path):
        pass


def test_a_second_one_for_the_same_folder_is_refused(tmp_path: Path) -> None:
    with embedded_redis.run(tmp_path), pytest.raises(Unavailable, match="already runs"), embedded_redis.run(tmp_path):
        pass


def test_a_folder_with_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    with embedded_redis.run(deep) as url:
        assert len(url) < 100
