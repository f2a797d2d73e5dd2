# shellcheck shell=bash
# What deploy/run and deploy/test have in common. Sourced; the caller sets $root, the checkout.
# Standard output belongs to the caller's one result: whatever is said here goes to standard error.

readonly postgres_programs=/usr/lib/postgresql/15/bin

say() { printf '%s\n' "${0##*/}: $*" >&2; }

fail() { say "$*"; exit 1; }

misused() { say "$* (see ${0##*/} --help)"; exit 64; }

# Runs a long step so that a signal to this script alone ends the step and all it started. The step gets a process
# group of its own: bash would otherwise wait for its end before it heard the signal.
in_step() {
    local status=0
    set -m
    "$@" </dev/null &
    step=$!
    set +m
    wait "$step" || status=$?
    step=
    return "$status"
}
step=

end_step() {
    [ -n "$step" ] || return 0
    # The build cancels its compilers on an interrupt; a plain kill would leave them.
    kill -INT -- "-$step" 2>/dev/null || true
    for _ in {1..40}; do
        kill -0 -- "-$step" 2>/dev/null || return 0
        sleep 0.1
    done
    kill -KILL -- "-$step" 2>/dev/null || true
}

# Installs what is missing of the Debian packages named, or says how to, where the caller may not.
need_packages() {
    command -v dpkg-query >/dev/null || return 0
    local package missing=()
    for package in "$@"; do
        if [ "$package" = postgresql ] && [ -x "$postgres_programs/initdb" ]; then continue; fi
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
            'install ok installed') ;;
            *) missing+=("$package") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    [ "$(id -u)" = 0 ] || fail "packages are missing; as root: apt-get install --no-install-recommends ${missing[*]}"
    say "installing ${missing[*]}"
    # Debian's package would otherwise create a server of its own and start it.
    if [[ " ${missing[*]} " == *' postgresql '* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        mkdir -p /etc/postgresql-common
        printf '# Written by grantledger, which runs a server of its own.\ncreate_main_cluster = false\n' \
            >/etc/postgresql-common/createcluster.conf
    fi
    in_step apt-get -q update >&2 || fail 'apt-get update failed'
    in_step env DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends "${missing[@]}" >&2 ||
        fail "apt-get could not install ${missing[*]}"
}

# Sets $swift to a toolchain of 6.3 or newer.
need_swift() {
    local version
    for swift in "$(command -v swift || true)" /opt/swift/usr/bin/swift /usr/bin/swift; do
        [ -x "$swift" ] || continue
        version=$("$swift" --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
        read -r major minor <<<"${version:-0 0}"
        if [ "$major" -gt 6 ] || { [ "$major" = 6 ] && [ "$minor" -ge 3 ]; }; then return; fi
    done
    fail 'Swift 6.3 or newer is needed, in PATH or below /opt/swift: https://www.swift.org/install/linux'
}

# shellcheck disable=SC2154 # root is the caller's
# Lets root build in a checkout, or over a .build, that belongs to somebody else: git would refuse to read it.
trust_checkout() {
    local count=${GIT_CONFIG_COUNT:-0}
    export "GIT_CONFIG_KEY_$count=safe.directory" "GIT_CONFIG_VALUE_$count=*" "GIT_CONFIG_COUNT=$((count + 1))"
    [ ! -e "$root/.build" ] || [ -w "$root/.build" ] ||
        fail "$root/.build belongs to another user: remove it, or work in a checkout of your own"
}
