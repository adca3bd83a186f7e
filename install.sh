#!/usr/bin/env bash
# Makes .venv from the lock, requirements.txt. Called by make; a second call does nothing.
#
# PYTHON names the interpreter (3.11 or newer); by default the newest that is found. With the argument
# "grade" it also sees to the sandbox in which submissions run, with "test" to that, to the browsers in
# which the book is tried, and to PostgreSQL. Debian packages are installed where they are missing and
# this user may install them.
set -euo pipefail
cd "$(dirname "$0")"

fail() {
    printf '\nCannot install: %s\n' "$1" >&2
    exit 1
}

apt_install() { # apt_install WHY PACKAGE...
    local why=$1
    shift
    local become=()
    # Who may write dpkg's records may install, whatever a container's `id` says.
    if [ ! -w "${DPKG_ADMINDIR:-/var/lib/dpkg}" ]; then
        become=(sudo -n)
    fi
    if ! command -v apt-get >/dev/null || ! "${become[@]}" true 2>/dev/null; then
        fail "$why. Install it (on Debian or Ubuntu: sudo apt-get install $*), then run make again."
    fi
    echo "Installing Debian packages: $* ($why)"
    "${become[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${become[@]}" apt-get install -y -qq "$@" >/dev/null ||
        fail "$why, and apt-get install $* failed"
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local name
    for name in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python; do
        if command -v "$name" >/dev/null && new_enough "$name"; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

if [ "${1-}" = grade ] || [ "${1-}" = test ]; then
    command -v bwrap >/dev/null || apt_install "bubblewrap is missing, in which submissions run" bubblewrap
fi
if [ "${1-}" = test ] && ! command -v chromium chromium-browser google-chrome >/dev/null; then
    apt_install "Chromium is missing, in which the tests open the book" chromium
fi
# A second browser, for a smoke test that is skipped where it is not to be had.
if [ "${1-}" = test ] && ! command -v firefox-esr firefox >/dev/null &&
    apt-cache show firefox-esr >/dev/null 2>&1; then
    (apt_install "Firefox is missing, in which a few tests open the book" firefox-esr) || true
fi
if [ "${1-}" = test ] && ! compgen -G '/usr/lib*/libatomic.so.1' >/dev/null &&
    ! compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null; then
    apt_install "libatomic is missing, without which no test can drive the browser" libatomic1
fi
if [ "${1-}" = test ] && ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
    apt_install "PostgreSQL is missing, in which the tests keep a gradebook" postgresql
fi

stamp=.venv/installed-for
wanted="$PWD $(cat requirements.txt pyproject.toml engine/pyproject.toml | cksum)"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
    exit 0
fi

python=$(find_python) || {
    apt_install "Python 3.11 or newer is missing" python3 python3-venv
    python=$(find_python) || fail "the newest Python here is $(python3 --version 2>&1), and 3.11 or newer is needed. Install one and name it: make PYTHON=/path/to/python3.12 run"
}
"$python" -c 'import ensurepip, venv' 2>/dev/null || apt_install "$python cannot make virtual environments" python3-venv

if [ ! -x .venv/bin/python ] || ! new_enough .venv/bin/python; then
    rm -rf .venv
    "$python" -m venv .venv
fi
echo "Installing the packages of requirements.txt into .venv"
pip=(.venv/bin/python -m pip --disable-pip-version-check --quiet)
# uv, itself of the lock, takes a third of pip's time. It does not read pip's configuration: where it
# reaches no registry, pip may.
if ! { "${pip[@]}" install "$(grep -o '^uv==[^ ]*' requirements.txt)" &&
    .venv/bin/python -m uv --quiet pip install --compile-bytecode --python .venv/bin/python \
        --requirement requirements.txt; } 2>/dev/null; then
    "${pip[@]}" install --requirement requirements.txt ||
        fail "pip could not install requirements.txt; its message stands above. A package registry must be reachable for the first run."
fi
"${pip[@]}" install --no-deps --no-build-isolation --editable . || fail "pip could not install the course itself"
# matplotlib lists this machine's fonts once. Where that takes long it says so, in a notebook's output.
.venv/bin/python -c "import matplotlib.font_manager" 2>/dev/null || true
printf '%s' "$wanted" >"$stamp"
