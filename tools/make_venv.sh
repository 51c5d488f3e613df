#!/bin/sh
# Make the virtual environment $1 with the first Python that is new enough.
set -eu
venv=$1

is_usable() { # a Python that runs, is 3.11 or newer, and has pip
    "$1" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

for python in "$venv/bin/python" "$venv/Scripts/python"; do
    if is_usable "$python"; then exit 0; fi
done

found=
for python in "${EVERYCOUNT_PYTHON:-python3}" python3 python3.13 python3.12 python3.11 python; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        found=$python
        break
    fi
done
if [ -z "$found" ]; then
    echo "Everycount needs Python 3.11 or newer, and found none on the path." >&2
    echo "Install one, or name one: EVERYCOUNT_PYTHON=/path/to/python make demo" >&2
    exit 1
fi

if "$found" -m venv --clear "$venv" >/dev/null 2>&1; then exit 0; fi

# Debian ships Python without ensurepip.
if command -v apt-get >/dev/null 2>&1; then
    as_root=
    if [ "$(id -u)" -ne 0 ]; then as_root="sudo -n"; fi
    if $as_root apt-get --version >/dev/null 2>&1; then
        package=$("$found" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        echo "Installing the Debian package $package" >&2
        $as_root apt-get update -qq >&2
        $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >&2
    fi
fi
if "$found" -m venv --clear "$venv"; then exit 0; fi
echo "$found cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2
exit 1
