#!/usr/bin/env bash
# A PostgreSQL server to throw away, for tests and measurements: in a folder of its own, on loopback, durable as a real one.
#   scratch.sh start FOLDER   makes it in a new FOLDER, starts it, and prints its URL
#   scratch.sh crash FOLDER   ends it without a checkpoint, as a loss of power would, and starts it again at the same port
#   scratch.sh stop FOLDER    stops it and removes FOLDER
# Root may not run a server: it runs as the user postgres then. Where Debian's PostgreSQL is missing, install-dependencies.sh
# --postgres brings it.
set -euo pipefail
(($# == 2)) || { sed -n '2,5p' "$0" >&2; exit 2; }
folder=$2
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
[[ -n $bin ]] || { echo "There is no PostgreSQL server on this machine: deploy/install-dependencies.sh --postgres" >&2; exit 1; }
as_server=()
((EUID != 0)) || as_server=(setpriv --reuid=postgres --regid=postgres --clear-groups)

start() {
  mkdir -p "$folder"
  ((EUID != 0)) || chown postgres:postgres "$folder"
  # The order of texts is a language's on purpose: a column that forgot COLLATE "C" is found.
  (cd "$folder" && "${as_server[@]}" "$bin/initdb" --pgdata=data --username=hms --auth=trust --encoding=UTF8 --no-sync \
    --locale-provider=icu --icu-locale=en --locale=C.UTF-8 >initdb.log) || { cat "$folder/initdb.log" >&2; exit 1; }
  for try in 1 2 3 4 5; do
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    # Another process may take the port meanwhile: then the next one is tried.
    if (cd "$folder" && "${as_server[@]}" "$bin/pg_ctl" --pgdata=data --log=server.log --wait --silent start \
      -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c max_connections=1500 -c shared_buffers=128MB \
          -c max_locks_per_transaction=128 -c max_wal_size=2GB ${HMS_SCRATCH_OPTIONS:-}"); then
      echo "postgres://hms:scratch@127.0.0.1:$port/postgres"
      return
    fi
  done
  tail -20 "$folder/server.log" >&2
  exit 1
}

# The server outlives whoever asked for it: it keeps no file of his open, by which he would wait for it.
crash() {
  (
    cd "$folder"
    for file in /proc/"$BASHPID"/fd/*; do
      file=${file##*/}
      ((file <= 2)) || eval "exec $file>&-"
    done
    "${as_server[@]}" "$bin/pg_ctl" --pgdata=data --log=server.log --wait --silent --mode=immediate restart
  )
}

stop() {
  (cd "$folder" && "${as_server[@]}" "$bin/pg_ctl" --pgdata=data --wait --silent --mode=fast stop) || true
  rm -rf "$folder"
}

case $1 in
  start) start ;;
  crash) crash ;;
  stop) stop ;;
  *) exit 2 ;;
esac
