#!/usr/bin/env bash
# Runs a command beside a PostgreSQL server of its own, which HMS_TEST_POSTGRES names to it, and throws the server away afterwards.
#   test.sh swift test --filter StorageTests
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/hms-postgres.XXXXXX")
trap '"$here/scratch.sh" stop "$folder"' EXIT
HMS_TEST_POSTGRES=$("$here/scratch.sh" start "$folder")
export HMS_TEST_POSTGRES
"$@"
