"""All tests, with coverage, PostgreSQL, Chromium and faults: `python tools/run_checked.py [options of pytest]`.

They run in parts, two side by side; the parts share nothing, each starts its own servers on free ports. A part's output
comes when it is over. Coverage is not measured under faults: other tests go everywhere first.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

LANES = 2
LONGEST_FIRST = ("tests/journeys", "tests/gateway", "tests/console")
FAULTS = "tests/faults"
_NO_TESTS = 5
"""pytest's exit code where its options leave no test: a part may be so, not all of them."""


def places() -> list[str]:
    """Return every folder and file of tests."""
    files = {str(path) for path in Path("tests").glob("test_*.py")}
    return sorted(files | {str(path.parent) for path in Path("tests").glob("*/test_*.py")})


def parts(options: Sequence[str]) -> dict[str, list[str]]:
    """Return the command of each part, in the order in which they begin."""
    rest = [place for place in places() if place not in {*LONGEST_FIRST, FAULTS}]
    tests = ["pytest", "-q", "--postgresql", "--browser", *options]
    measured = [sys.executable, "-m", "coverage", "run", "-m", *tests]
    found = {place: [*measured, place] for place in LONGEST_FIRST}
    found[FAULTS] = [sys.executable, "-m", *tests, "--faults", FAULTS]
    found["the other tests"] = [*measured, *rest]
    return found


def run(name: str, command: Sequence[str]) -> int:
    """Run a part, print what it has said, and return its exit code."""
    began = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    print(f"== {name}, {time.monotonic() - began:.0f} s\n{done.stdout}", flush=True)
    return done.returncode


def main() -> int:
    """Run all; 1 if one has failed, 5 if there was no test."""
    with ThreadPoolExecutor(LANES) as lanes:
        running = [lanes.submit(run, name, command) for name, command in parts(sys.argv[1:]).items()]
        codes = {one.result() for one in as_completed(running)}
    if codes == {_NO_TESTS}:
        return _NO_TESTS
    return 0 if codes <= {0, _NO_TESTS} else 1


if __name__ == "__main__":
    sys.exit(main())
