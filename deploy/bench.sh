#!/usr/bin/env bash
# Measures codec, RPC and storage, each beside its floor, bookings as their table grows, and the whole hospital over REST, and prints
# medians; then ours beside others' programs, where their run.py is in PEERS. Usage: [PEERS=folder] bench.sh HMS-BENCH
set -euo pipefail
bench=${1:?which hms-bench}
port=${PORT:-7900}
peers=${PEERS:-../shared/bench}
grpc=${OUT:-${TMPDIR:-/tmp}/hms-peers/bin}/rpc_grpc

# Ends what was started here.
stop() {
  local started
  started=$(jobs -p)
  [[ -z $started ]] || kill $started 2>/dev/null || true
}
trap stop EXIT

echo "load: $(cut -d' ' -f1-3 /proc/loadavg), processors: $(nproc)"
echo; echo "== codec"
"$bench" codec

echo; echo "== calls over one machine's loopback, client and server as two processes"
"$bench" rpc-server --port "$port" &
for _ in $(seq 100); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  sleep 0.1
done
"$bench" rpc --port "$port" --connections 1 --in-flight 1
"$bench" rpc --port "$port" --connections 1 --in-flight 64
"$bench" rpc --port "$port" --connections 4 --in-flight 64

echo; echo "== standard gRPC by h2load; beside gRPC C++ where its server was built for PEERS"
others=()
if [[ -x $grpc ]]; then
  "$grpc" server $((port + 1)) &
  GRPC_THREADS=2 "$grpc" server $((port + 2)) &
  GRPC_API=callback "$grpc" server $((port + 3)) &
  others=(--other "gRPC C++, completion queue=$((port + 1))" --other "gRPC C++, 2 completion queues=$((port + 2))"
    --other "gRPC C++, callbacks=$((port + 3))")
fi
"$bench" grpc --port "$port" "${others[@]}"
"$bench" grpc --port "$port" --connections 4 "${others[@]}"
stop

echo; echo "== storage"
"$bench" storage

echo; echo "== bookings, as the table grows; PICTURE=file.svg draws it"
"$bench" booking ${PICTURE:+--picture "$PICTURE"}

echo; echo "== REST: reads, creates, bookings and whole visits; a whole hospital and wrk, all on this machine"
"$bench" rest

if [[ -x $peers/run.py ]]; then
  echo; echo "== beside others, in the same rounds"
  "$peers/run.py" --ours "$(dirname "$bench")"
fi
