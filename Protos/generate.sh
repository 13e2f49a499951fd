#!/bin/bash
# Rewrites Generated/ from Protos/. With --check it changes nothing and fails where something would change,
# or where the API's description is not what tools of strangers can read.
# Needs protoc (Debian: protobuf-compiler) and pip; tools.sh installs Google's API annotations and buf.
set -euo pipefail
cd "$(dirname "$0")/.."

mode=${1:-write}
. Protos/tools.sh
google=$(google_api)
standard=/usr/include

swift build ${HMS_BUILD_FLAGS:-} --product protoc-gen-hms >&2
swift build ${HMS_BUILD_FLAGS:-} --product protoc-gen-swift >&2
plugins=$(swift build ${HMS_BUILD_FLAGS:-} --show-bin-path)
plugin=$plugins/protoc-gen-hms

output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
mkdir -p "$output/Generated/Conformance"
lay_out_contracts "$output/lint"
"$tools/bin/buf" lint "$output/lint"

well_known=$(printf 'google/protobuf/%s.proto ' any duration empty field_mask struct timestamp wrappers)
hospital=$(cd Protos && find hms -name '*.proto' | LC_ALL=C sort)
protoc --plugin=protoc-gen-hms="$plugin" -I Protos -I "$google" -I "$standard" \
    --hms_out="$output/Generated" --include_imports --descriptor_set_out="$output/Generated/contracts.binpb" \
    $hospital $well_known

# What a client is made of whatever the contract is written by hand.
cp -r Protos/clients/python/. "$output/Generated/Python"
cp -r Protos/clients/typescript/. "$output/Generated/TypeScript"

if [ -d Protos/conformance ]; then
    protoc --plugin=protoc-gen-hms="$plugin" -I Protos/conformance -I "$standard" \
        --hms_out="$output/Generated/Conformance" --hms_opt=module=ConformanceMessages,imports=Contracts \
        $(cd Protos/conformance && find . -name '*.proto' -printf '%P\n' | LC_ALL=C sort)
fi

# The same messages as SwiftProtobuf has them, for the tests that compare the two codecs.
mkdir -p "$output/Generated/Conformance/SwiftProtobuf"
protoc --plugin=protoc-gen-swift="$plugins/protoc-gen-swift" -I Protos/conformance -I "$standard" \
    --swift_opt=Visibility=Public --swift_out="$output/Generated/Conformance/SwiftProtobuf" test_messages_proto3.proto

swift format --in-place --recursive --configuration .swift-format "$output/Generated"

# What the generator makes of a small contract that has one of everything: the golden files of its tests.
golden=Tests/ContractGeneratorTests/Golden
mkdir -p "$output/Golden"
protoc --plugin=protoc-gen-hms="$plugin" -I "$golden" -I Protos -I "$google" -I "$standard" \
    --include_imports --include_source_info --descriptor_set_out="$output/Golden/library.descriptors" \
    --hms_out="$output/Golden" library.proto
find "$output/Golden" -name '*.swift' -exec mv {} {}.txt \;
cp "$golden/library.proto" "$output/Golden"

if [ "$mode" = --check ]; then
    Protos/check-openapi.sh "$output/Generated/openapi.json"
    for made in "Generated $output/Generated" "$golden $output/Golden"; do
        # shellcheck disable=SC2086
        diff --recursive --brief --exclude=__pycache__ --exclude=build --exclude=dist --exclude='*.egg-info' $made || { echo "generated files are not what the contracts say: run make generate" >&2; exit 1; }
    done
else
    rm -rf Generated "$golden"
    mv "$output/Generated" Generated
    mv "$output/Golden" "$golden"
fi
