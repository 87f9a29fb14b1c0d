#!/bin/sh
# Installs Debian packages, as root, and sees to it that no service of theirs starts, now or at the next boot:
# tests and `make up` start servers of their own, and a Redis of the system would hold the port.
#
#     install.sh PACKAGE...
set -eu
export DEBIAN_FRONTEND=noninteractive

# Debian asks this program before it starts a service. It says no only while this script lives, so that one
# left behind by a SIGKILL changes nothing.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT
    trap 'exit 1' HUP INT TERM
    printf '#!/bin/sh\n# Of %s; may be removed.\nkill -0 %s 2>/dev/null && exit 101\nexit 0\n' "$0" "$$" >"$policy"
    chmod 755 "$policy"
fi

apt-get update -q
if ! apt-cache show openjdk-17-jre-headless >/dev/null 2>&1; then
    # Newer systems have a newer Java only, which does as well. Names of packages have no spaces.
    # shellcheck disable=SC2046
    set -- $(printf '%s\n' "$@" | sed 's/^openjdk-17-jre-headless$/default-jre-headless/')
fi
apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"

for package in "$@"; do
    case "$package" in
        redis-server | prometheus) ! command -v systemctl >/dev/null || systemctl disable -q "$package" || true ;;
    esac
done
