#!/usr/bin/env bash
# Dumps the hospital's database in one state, keeps the dumps of the last days, and restores the new one into a database beside, where
# `hms check` judges it. A dump counts only once it is whole: until then it has another name.
#   HMS_DATABASE=postgres://… HMS_DRILL_DATABASE=postgres://… [HMS_DUMPS=/dumps] [HMS_DUMPS_KEPT=14] backup.sh
set -euo pipefail
dumps=${HMS_DUMPS:-/dumps}
kept=${HMS_DUMPS_KEPT:-14}
export PGOPTIONS="-c client_min_messages=warning"
# What is ours in the URL is none of libpq's.
plain() { sed -E 's/([?&])(schema|connections)=[^&]*(&|$)/\1/; s/[?&]$//' <<<"$1"; }

umask 077
find "$dumps" -name '*.partial' -delete
name="$dumps/hms-$(date -u +%Y%m%dT%H%M%SZ).dump"
pg_dump --format=custom --no-owner --file="$name.partial" "$(plain "$HMS_DATABASE")"
sync "$name.partial"
mv "$name.partial" "$name"

drill=$(plain "$HMS_DRILL_DATABASE")
[[ $drill != "$(plain "$HMS_DATABASE")" ]] || { echo "The drill would overwrite the hospital." >&2; exit 1; }
schemas=$(psql --no-psqlrc --tuples-only --no-align --command \
  "SELECT format('DROP SCHEMA %I CASCADE;', nspname) FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$|public$)'" "$drill")
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --command "$schemas" "$drill" >/dev/null
pg_restore --no-owner --exit-on-error --single-transaction --dbname="$drill" "$name"
find "$dumps" -name 'hms-*.dump' | sort -r | tail -n "+$((kept + 1))" | xargs -r rm --
echo "dumped and restored: ${name##*/}, $(stat --format=%s "$name") bytes, $(find "$dumps" -name 'hms-*.dump' | wc -l) kept"
