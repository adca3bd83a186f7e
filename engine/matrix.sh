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

find_python() { # the newest of a version: on the PATH, of pyenv, or uv's own
    local found
    for found in "$(command -v "python$1")" \
        "$(compgen -G "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1.*/bin/python" | sort -V | tail -1)" \
        "$("$uv" python find "$1" 2>/dev/null)"; do
        if [ -n "$found" ] && "$found" -c '' 2>/dev/null; then
            echo "$found"
            return
        fi
    done
    return 1
}

failed=()
for name in "${names[@]}"; do
    environment=_build/environments/$name
    python=.venv/bin/python
    wanted=(--requirement requirements.txt)
    if [ "$name" = newest ]; then
        wanted=(--upgrade --editable engine --requirement pyproject.toml --all-extras)
    elif ! python=$(find_python "$name"); then
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
