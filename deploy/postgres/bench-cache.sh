#!/usr/bin/env bash
# Measures two replicas of every service on a PostgreSQL server that is started for it and thrown away, without and with the cache
# that they share, taking turns. Usage: bench-cache.sh HMS-BENCH [--replicas 2] [--rounds 5] …
set -euo pipefail
bench=${1:?which hms-bench}
shift
here=$(cd "$(dirname "$0")" && pwd)
echo "load: $(cut -d' ' -f1-3 /proc/loadavg), processors: $(nproc)"
# shellcheck disable=SC2016
"$here/test.sh" bash -euc '
  psql -qX "$HMS_TEST_POSTGRES" -c "CREATE DATABASE bare" -c "CREATE DATABASE cached"
  "$0" cache --database "${HMS_TEST_POSTGRES%/*}/bare" --database "${HMS_TEST_POSTGRES%/*}/cached" "$@"' "$bench" "$@"
