#!/bin/bash
# Rewrites Generated/ from Protos/. With --check it changes nothing and fails where something would change.
# Needs protoc (Debian: protobuf-compiler) and pip; installs Google's API annotations and buf into .build/contract-tools.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-write}
tools=.build/contract-tools
if [ ! -x "$tools/bin/buf" ]; then
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet googleapis-common-protos==1.76.0 buf-bin==1.75.0
fi
google=$("$tools/bin/python" -c 'import google.api, os; print(os.path.dirname(os.path.dirname(list(google.api.__path__)[0])))')
standard=/usr/include

swift build --product protoc-gen-hms >&2
plugin="$(swift build --show-bin-path)/protoc-gen-hms"

output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
mkdir -p "$output/Generated/Conformance"

well_known=$(printf 'google/protobuf/%s.proto ' any duration empty field_mask struct timestamp wrappers)
hospital=$(cd Protos && find hms -name '*.proto' | LC_ALL=C sort)
protoc --plugin=protoc-gen-hms="$plugin" -I Protos -I "$google" -I "$standard" \
    --hms_out="$output/Generated" \
    $hospital $well_known

if [ -d Protos/conformance ]; then
    protoc --plugin=protoc-gen-hms="$plugin" -I Protos/conformance -I "$standard" \
        --hms_out="$output/Generated/Conformance" --hms_opt=module=ConformanceMessages,imports=Contracts \
        $(cd Protos/conformance && find . -name '*.proto' -printf '%P\n' | LC_ALL=C sort)
fi

swift format --in-place --recursive --configuration .swift-format "$output/Generated"

if [ "$mode" = --check ]; then
    diff --recursive --brief Generated "$output/Generated" || { echo "Generated/ is not what Protos/ says: run make generate" >&2; exit 1; }
else
    rm -rf Generated
    mv "$output/Generated" Generated
fi
