#!/usr/bin/env bash
# Runs the engine's tests elsewhere than in .venv. Called by make.
#
#     engine/matrix.sh newest              the newest release of everything that the ranges admit
#     engine/matrix.sh 3.12 3.13           the lock, under each of these Pythons that is found
#
# Environments are kept in _build/environments. What follows "--" goes to pytest.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.venv/bin/uv

names=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    names+=("$1")
    shift
done
[ $# -eq 0 ] || shift

failed=()
for name in "${names[@]}"; do
    environment=_build/environments/$name
    python=.venv/bin/python
    wanted=(--requirement requirements.txt)
    if [ "$name" = newest ]; then
        wanted=(--upgrade --editable engine --requirement pyproject.toml --all-extras)
    elif ! python=$(.venv/bin/python engine/tests/support/pythons.py "$name"); then
        echo "Python $name: not on this machine, so not tried" >&2
        failed+=("$name")
        continue
    fi
    rm -rf "$environment"
    "$uv" venv --quiet --seed --python "$python" "$environment"
    "$uv" pip install --quiet --python "$environment" "${wanted[@]}"
    echo "== $name: $("$environment/bin/python" --version)"
    "$environment/bin/python" -m pytest -n 2 engine/tests "$@" || failed+=("$name")
done
[ ${#failed[@]} -eq 0 ] || { echo "failed: ${failed[*]}" >&2; exit 1; }
