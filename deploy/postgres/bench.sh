#!/usr/bin/env bash
# Measures bookings on a PostgreSQL server that is started for it and thrown away: a hospital's, pgbench's with the same statements,
# and a hospital's on SQLite, taking turns. Usage: bench.sh HMS-BENCH [--connections 4 --connections 8 …] [--rounds 6] …
set -euo pipefail
bench=${1:?which hms-bench}
shift
here=$(cd "$(dirname "$0")" && pwd)
echo "load: $(cut -d' ' -f1-3 /proc/loadavg), processors: $(nproc)"
"$here/test.sh" bash -c '"$0" booking-postgres --database "$HMS_TEST_POSTGRES" "$@"' "$bench" --script "$here/booking.sql" "$@"
