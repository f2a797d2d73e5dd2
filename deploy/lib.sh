# shellcheck shell=bash
# What deploy/run and deploy/test have in common. Sourced; the caller sets $root, the checkout.
# Standard output belongs to the caller's one result: whatever is said here goes to standard error.

readonly postgres_programs=/usr/lib/postgresql/15/bin

say() { printf '%s\n' "${0##*/}: $*" >&2; }

fail() { say "$*"; exit 1; }

misused() { say "$* (see ${0##*/} --help)"; exit 64; }

# A shell that starts this in the background has it ignore interrupts, and bash cannot undo that: env can.
hear_interrupts() {
    [ -z "$(trap -p INT)" ] || exec env --default-signal=INT "$0" "$@"
}

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

# Sets $swift to a toolchain of 6.3 or newer, and $swift_version to what it says of itself.
need_swift() {
    local numbers major minor
    for swift in "$(command -v swift || true)" /opt/swift/usr/bin/swift /usr/bin/swift; do
        [ -x "$swift" ] || continue
        swift_version=$("$swift" --version 2>/dev/null) || continue
        numbers=$(sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' <<<"$swift_version")
        read -r major minor <<<"${numbers:-0 0}"
        if [ "$major" -gt 6 ] || { [ "$major" = 6 ] && [ "$minor" -ge 3 ]; }; then return; fi
    done
    fail 'Swift 6.3 or newer is needed, in PATH or below /opt/swift: https://www.swift.org/install/linux'
}

# git refuses to read a repository that belongs to somebody else: the checkout that root builds in, or a mirror of the
# packages. It forgets what the environment alone says of that when it clones, so that this is a file.
# shellcheck disable=SC2154 # root is the caller's
trust_checkout() {
    [ ! -e "$root/.build" ] || [ -w "$root/.build" ] ||
        fail "$root/.build belongs to another user: remove it, or work in a checkout of your own"
    mkdir -p "$root/.build" || fail "$root cannot be written to: work in a checkout of your own"
    local config=$root/.build/deploy.gitconfig
    [ "${GIT_CONFIG_GLOBAL:-}" != "$config" ] || return 0
    # shellcheck disable=SC2088 # git expands the tilde
    printf '[include]\n\tpath = "%s"\n\tpath = "%s"\n[safe]\n\tdirectory = *\n' \
        "${XDG_CONFIG_HOME:-~/.config}/git/config" "${GIT_CONFIG_GLOBAL:-~/.gitconfig}" >"$config"
    export GIT_CONFIG_GLOBAL=$config
}

# Sets $programs to the daemon and the command line, built in release mode where something changed. Asking the build
# whether anything did takes seconds; asking the file system takes none.
build_programs() {
    local stamp=$root/.build/release/deploy-run.stamp product state
    programs=("$root/.build/release/grantledgerd" "$root/.build/release/grantledger")
    state=$({
        printf '%s\n' "$swift_version"
        find "$root/Package.swift" "$root/Sources" "$root/SQL" -type f -printf '%p %T@ %s\n' | sort
    } | sha256sum)
    if [ ! -x "${programs[0]}" ] || [ ! -x "${programs[1]}" ] || [ "$(cat "$stamp" 2>/dev/null)" != "$state" ]; then
        for product in grantledgerd grantledger; do
            say "building $product"
            in_step "$swift" build --package-path "$root" -c release --product "$product" >&2 ||
                fail "building $product failed"
        done
        printf '%s\n' "$state" >"$stamp"
    fi
}
