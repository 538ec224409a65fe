#!/usr/bin/env bash
# A throw-away PostgreSQL of this project's own: on loopback, on a free port, without passwords, gone after stop.
#   postgres.sh start   starts it, unless it runs already, and prints its postgres:// address
#   postgres.sh stop    stops it and deletes all that it held
#   postgres.sh halt    stops it and keeps what it holds
#   postgres.sh again   starts it at the same address after that
#   postgres.sh find    prints the folder of the PostgreSQL programs, or fails
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Holds the folder of the running cluster. The cluster itself is outside of the project, where the
# user postgres can reach it too. Who wants one apart from everybody's names another file.
state=${POSTGRES_STATE:-target/postgres}

find_programs() {
  if have initdb && have pg_ctl; then
    # Beside the program itself: a link to it stands beside none of the others.
    dirname "$(readlink -f "$(command -v initdb)")"
    return
  fi
  # Debian keeps them off the PATH, one folder a version; the newest is last.
  local found
  found=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1) || true
  [ -n "$found" ] || die "PostgreSQL is not installed"
  dirname "$found"
}

# PostgreSQL refuses to run as root.
as_owner() {
  if [ "$(id -u)" -ne 0 ]; then
    "$@"
  else
    runuser -u postgres -- "$@"
  fi
}

is_running() {
  [ -f "$state" ] && as_owner "$programs/pg_ctl" status -D "$(cat "$state")/data" >/dev/null 2>&1
}

print_address() {
  # The fourth line of this file is the port.
  echo "postgres://postgres@127.0.0.1:$(as_owner sed -n 4p "$(cat "$state")/data/postmaster.pid")/postgres"
}

# Memory, where there is enough: each test copies a database of 330 files, which takes a disk five times as long.
where() {
  local free
  free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) || true
  if [ "${free:-0}" -ge $((4 * 1024 * 1024)) ] && [ -w /dev/shm ]; then echo /dev/shm; else echo /tmp; fi
}

start() {
  if is_running; then
    print_address
    return
  fi
  # What one left that was killed.
  stop
  mkdir -p "$(dirname "$state")"

  local folder
  folder=$(mktemp -d "$(where)/countersign-postgres.XXXXXX")
  [ "$(id -u)" -ne 0 ] || chown postgres: "$folder"
  # A cluster that does not come up leaves nothing behind.
  # shellcheck disable=SC2064
  trap "rm -rf '$folder'" EXIT

  as_owner "$programs/initdb" -D "$folder/data" --username=postgres --auth=trust \
    --encoding=UTF8 --locale=C --no-sync >"$folder/initdb.log" 2>&1 ||
    die "initdb failed: $(cat "$folder/initdb.log")"

  # It need not survive a crash, so it need not wait for the disk.
  as_owner tee -a "$folder/data/postgresql.conf" >/dev/null <<-'CONF'
	listen_addresses = '127.0.0.1'
	unix_socket_directories = ''
	max_connections = 300
	fsync = off
	synchronous_commit = off
	full_page_writes = off
	wal_level = minimal
	max_wal_senders = 0
	max_wal_size = 256MB
	min_wal_size = 64MB
	CONF

  # Below the range from which the system hands out ports, and tried again where one is taken.
  for _ in 1 2 3 4 5 6 7 8; do
    local port=$((20000 + RANDOM % 12000))
    if as_owner "$programs/pg_ctl" start -D "$folder/data" -l "$folder/data/server.log" \
      -o "-p $port" -w -t 60 >/dev/null 2>&1 </dev/null; then
      echo "$folder" >"$state"
      echo "$port" >"$folder/port"
      trap - EXIT
      print_address
      return
    fi
  done
  die "PostgreSQL did not start: $(as_owner tail -n 20 "$folder/data/server.log")"
}

stop() {
  [ -f "$state" ] || return 0
  local folder
  folder=$(cat "$state")
  if is_running; then
    as_owner "$programs/pg_ctl" stop -D "$folder/data" -m immediate >/dev/null
  fi
  rm -rf "$folder" "$state"
}

# Not for the one that everybody uses.
own() {
  [ -n "${POSTGRES_STATE:-}" ] || die "set POSTGRES_STATE to a file of your own first"
}

halt() {
  as_owner "$programs/pg_ctl" stop -D "$(cat "$state")/data" -m fast >/dev/null
}

again() {
  local folder
  folder=$(cat "$state")
  as_owner "$programs/pg_ctl" start -D "$folder/data" -l "$folder/data/server.log" \
    -o "-p $(cat "$folder/port")" -w -t 60 >/dev/null 2>&1 </dev/null ||
    die "PostgreSQL did not start: $(as_owner tail -n 20 "$folder/data/server.log")"
}

programs=$(find_programs)
# The folder of the caller may be closed to the user postgres, who would complain about it.
state=$ROOT/$state
case ${1:-} in
  start) cd / && start ;;
  stop) cd / && stop ;;
  halt) own && cd / && halt ;;
  again) own && cd / && again ;;
  find) echo "$programs" ;;
  *) die "usage: scripts/postgres.sh start|stop|halt|again|find" ;;
esac
