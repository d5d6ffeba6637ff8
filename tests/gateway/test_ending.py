"""How commands that run until they are told to stop are told so."""

import os
import subprocess
import sys
from pathlib import Path

from guichet.gateway.cli import EXIT_STOPPED

ENVIRONMENT = {"GUICHET_TWILIO_ACCOUNT_SID": "AC0", "GUICHET_TWILIO_AUTH_TOKENS": "token"}


def test_sigterm_ends_a_command_that_a_script_has_put_into_the_background(tmp_path: Path) -> None:
    """A shell without job control starts background jobs with SIGINT ignored."""
    command = f"trap '' INT; exec {sys.executable} -m guichet simulator --port 0"
    process = subprocess.Popen(
        ["/bin/sh", "-c", command],
        cwd=tmp_path,
        env={**os.environ, **ENVIRONMENT, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        assert b"simulated carrier" in process.stdout.readline()
        process.terminate()
        try:
            assert process.wait(10) == EXIT_STOPPED
        finally:
            process.kill()
