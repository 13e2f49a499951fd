#!/bin/bash
# Fails where the contracts break those who were built with the last release: a field's number, type or name, a method, a value
# of an enum that is gone or means something else, on the wire or in JSON. Protos/released.binpb is what the last release said.
#   breaking.sh            compares
#   breaking.sh --release  takes the contracts, as they are now, for released. Where one has to be broken all the same, this is
#                          the way, and the changed file says so in the commit.
set -euo pipefail
cd "$(dirname "$0")/.."
. Protos/tools.sh

released=Protos/released.binpb
contracts=$(mktemp -d)
trap 'rm -rf "$contracts"' EXIT
lay_out_contracts "$contracts"

if [ "${1:-}" = --release ]; then
    "$tools/bin/buf" build "$contracts" --exclude-source-info --output "$released"
    exit
fi

"$tools/bin/buf" breaking "$contracts" --against "$released" || {
    echo "the contracts break those of the last release: see Protos/breaking.sh" >&2
    exit 1
}

# A comparison that finds nothing in a contract that is broken on purpose would find nothing anywhere.
sed -i 's/^  string patient_id = 1/  string patient_id = 1001/' "$contracts/hms/patient/v1/patient.proto"
if "$tools/bin/buf" breaking "$contracts" --against "$released" >/dev/null; then
    echo "buf does not see that patient_id has another number" >&2
    exit 1
fi
echo "The contracts break nobody who was built with the last release."
