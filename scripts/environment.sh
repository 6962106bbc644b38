# Sourced by the other scripts: a virtual environment in .venv with what they need.

# require EXTRA: make .venv if need be and install videostep with EXTRA into it, unless that is done already.
require() {
    local stamp=".venv/.installed-$1" wanted
    wanted=$(cat pyproject.toml constraints.txt scripts/environment.sh | sha256sum)
    if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    [ -x .venv/bin/python ] || make_environment
    echo "installing videostep[$1] into .venv ..." >&2
    .venv/bin/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e ".[$1]"
    printf '%s\n' "$wanted" >"$stamp"
}

make_environment() {
    local python
    for python in python3.11 python3.12 python3.13 python3; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            "$python" -m venv .venv || break
            return
        fi
    done
    echo "error: no Python 3.11 or newer with venv; on Debian: apt-get install python3 python3-venv" >&2
    exit 1
}
