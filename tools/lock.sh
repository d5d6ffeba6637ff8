#!/bin/sh
# Renew requirements.lock (what Guichet runs on) and requirements-dev.lock (what tests and checks add), with hashes,
# for every Python and platform that pyproject.toml allows: lock.sh PYTHON
set -eu
python=$1
"$python" -m pip install --quiet "uv>=0.8,<1"
compile() {
    "$python" -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --no-annotate "$@"
}
compile pyproject.toml --upgrade --output-file requirements.lock
compile pyproject.toml --extra dev --constraint requirements.lock --upgrade --output-file requirements-dev.lock
