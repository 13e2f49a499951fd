#!/usr/bin/env bash
# Says what a hospital weighs at rest: starts one, leaves it alone for a while, and sums what its processes hold.
# RSS counts shared pages in every process, PSS once in all, private ones are nobody else's.
# Usage: weigh.sh HMS [DATA-FOLDER]; a new folder where none is given. REST=20 seconds of rest, 5 where not set.
set -euo pipefail
hms=${1:?which hms}
data=${2:-}
out=$(mktemp)
own=""
[[ -n $data ]] || own=$(mktemp -d)
trap 'kill "${hospital:-0}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$out" "$out.log" $own' EXIT

started=$(date +%s%N)
"$hms" up --data "${data:-$own}" --http 127.0.0.1:0 --rpc-base-port 0 >"$out" 2>"$out.log" &
hospital=$!
until grep -q '^ready ' "$out"; do
  kill -0 "$hospital" 2>/dev/null || { cat "$out" "$out.log" >&2; exit 1; }
  sleep 0.01
done
echo "ready after $((($(date +%s%N) - started) / 1000000)) ms"
sleep "${REST:-5}"

processes="$hospital $(pgrep -P "$hospital" | tr '\n' ' ')"
part() { tr '\0' ' ' <"/proc/$1/cmdline" | awk '{ print $2 == "serve" ? $3 : $2 }'; }

printf '\n%-14s %8s %8s %8s %8s\n' PART "RSS MB" "PSS MB" "private" threads
for process in $processes; do
  awk -v part="$(part "$process")" -v threads="$(ls "/proc/$process/task" | wc -l)" '
    /^Rss:/ { rss = $2 } /^Pss:/ { pss = $2 } /^Private_/ { private += $2 }
    END { printf "%-14s %8.1f %8.1f %8.1f %8d\n", part, rss / 1024, pss / 1024, private / 1024, threads }' "/proc/$process/smaps_rollup"
done | tee "$out.parts"
awk '{ rss += $2; pss += $3; private += $4; threads += $5 }
  END { printf "%-14s %8.1f %8.1f %8.1f %8d\n", "all", rss, pss, private, threads }' "$out.parts"
rm -f "$out.parts"

printf '\n%-36s %8s %8s %8s\n' "MAPPING, in all processes" "RSS MB" "PSS MB" private
for process in $processes; do cat "/proc/$process/smaps"; done | awk '
  /^[0-9a-f]+-[0-9a-f]+ / { name = $6 == "" ? "[anonymous]" : $6; sub(".*/", "", name); name = name ($2 ~ /w/ ? " rw" : "") }
  /^Rss:/ { rss[name] += $2 } /^Pss:/ { pss[name] += $2 } /^Private_/ { private[name] += $2 }
  END { for (name in pss) if (pss[name] >= 100)
    printf "%d\t%-36s %8.1f %8.1f %8.1f\n", pss[name], name, rss[name] / 1024, pss[name] / 1024, private[name] / 1024 }
' | sort -nr | cut -f2

printf '\n%-20s %s\n' THREADS "in all processes"
for process in $processes; do cat /proc/"$process"/task/*/comm; done | sort | uniq -c | sort -nr | awk '{ n = $1; $1 = ""; printf "%-20s %d\n", substr($0, 2), n }'
