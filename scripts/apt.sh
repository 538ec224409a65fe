#!/usr/bin/env bash
# Installs the named Debian packages, as root or with sudo.
#   apt.sh PACKAGE...
#   apt.sh --idle PACKAGE...   the same, and none of them starts a service, now or with the machine
set -euo pipefail

idle=false
if [ "${1:-}" = --idle ]; then
  idle=true
  shift
fi
[ $# -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "error: please install what Debian calls: $*" >&2
  exit 1
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo >/dev/null; then
    echo "error: neither root nor sudo; please have these Debian packages installed: $*" >&2
    exit 1
  fi
  as_root=(sudo)
fi

apt() {
  # Another apt may be at work: wait for it instead of failing.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 "$@"
}

as_root() { "${as_root[@]}" "$@"; }

# A list from long ago names files that are gone, so it is always fetched anew.
apt update
if ! $idle; then
  apt install -y --no-install-recommends "$@"
  exit
fi

case " $* " in
  # It asks what it is for; without a configuration it never starts.
  *' postfix '*) echo "postfix postfix/main_mailer_type select No configuration" | as_root debconf-set-selections ;;
esac
# What packages start is asked for here (invoke-rc.d(8)); one that the machine has already stays.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'as_root rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
  as_root chmod 755 "$policy"
fi
apt install -y --no-install-recommends "$@"
# Nor with the machine, where it has services at all.
if command -v systemctl >/dev/null; then
  for package in "$@"; do
    as_root systemctl disable --quiet "${package/sasl2-bin/saslauthd}" 2>/dev/null || true
  done
fi
