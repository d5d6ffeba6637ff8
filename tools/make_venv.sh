#!/bin/sh
# Build the virtual environment: make_venv.sh PYTHON FOLDER. Says how to mend what is missing.
set -eu
python=$1
venv=$2

command -v "$python" >/dev/null || { echo "There is no $python: install Python 3.11, 3.12 or 3.13." >&2; exit 1; }
"$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || {
    echo "Guichet runs on Python 3.11 to 3.13; $python is $("$python" -V). Try: make PYTHON=python3.12" >&2
    exit 1
}
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    # Debian keeps these two in a package of their own.
    package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "== Installing $package"
        apt-get update -qq && apt-get install -y -qq "$package" >/dev/null
    else
        echo "Python's venv module is missing. On Debian: sudo apt-get install $package" >&2
        exit 1
    fi
fi
echo "== Making the virtual environment $venv"
"$python" -m venv "$venv"
