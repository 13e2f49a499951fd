#!/bin/bash
# Tries the API's description on strangers: a validator of OpenAPI 3.1 accepts it, and a generator makes a client of it without
# a warning and without a type that it had to find a name for.
#   check-openapi.sh DOCUMENT
set -euo pipefail
cd "$(dirname "$0")/.."
. Protos/tools.sh

"$tools/bin/openapi-spec-validator" "$1" >&2

client=$(mktemp -d)
trap 'rm -rf "$client"' EXIT
echo 'post_hooks: []' >"$client/settings.yaml"
"$tools/bin/openapi-python-client" generate --path "$1" --output-path "$client/hospital" --meta none \
    --config "$client/settings.yaml" --fail-on-warning >&2
"$tools/bin/python" -m compileall -q "$client/hospital"
unnamed=$(find "$client/hospital/models" -name '*_response_[0-9]*.py' -o -name '*inline*.py' -o -name '*_body*.py')
if [ -n "$unnamed" ]; then
    echo "the API's description has schemas without a name: $unnamed" >&2
    exit 1
fi
