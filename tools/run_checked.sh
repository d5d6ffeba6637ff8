#!/bin/sh
# All tests with coverage, PostgreSQL and Chromium, in two halves side by side: sh tools/run_checked.sh PYTHON [pytest's options]
#
# The halves share nothing: each starts its own servers on free ports. The second half's output comes after the first's.
set -u
python=$1
shift
heavy="tests/gateway tests/journeys tests/faults"
log=$(mktemp)
trap 'rm -f "$log"' EXIT

rest=""
for place in tests/*; do
    case " $heavy " in
        *" $place "*) continue ;;
    esac
    case "$place" in
        tests/test_*.py) rest="$rest $place" ;;
        *) if [ -d "$place" ] && [ -n "$(find "$place" -name 'test_*.py' -print -quit)" ]; then rest="$rest $place"; fi ;;
    esac
done

# shellcheck disable=SC2086 # lists of places
"$python" -m coverage run -m pytest -q --postgresql --browser "$@" $rest >"$log" 2>&1 &
other=$!
# shellcheck disable=SC2086
"$python" -m coverage run -m pytest -q --postgresql --browser "$@" $heavy
first=$?
wait "$other"
second=$?
cat "$log"

# A half in which the options left no test (pytest's 5) is well if the other had some.
[ "$first" -eq 5 ] && [ "$second" -eq 5 ] && exit 5
is_well() { [ "$1" -eq 0 ] || [ "$1" -eq 5 ]; }
is_well "$first" && is_well "$second"
