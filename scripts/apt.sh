#!/usr/bin/env bash
# Installs the named Debian packages, as root or with sudo.
set -euo pipefail

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

# A list from long ago names files that are gone, so it is always fetched anew.
apt update
apt install -y --no-install-recommends "$@"
