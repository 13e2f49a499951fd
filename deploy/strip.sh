#!/usr/bin/env bash
# Puts executables into a folder without their debug information, and that beside them as NAME.debug, where debuggers and the
# traces of crashes look for it. Usage: strip.sh FOLDER EXECUTABLE…
set -euo pipefail
folder=${1:?which folder}
shift
mkdir -p "$folder"
for executable; do
  name=$(basename "$executable")
  objcopy --only-keep-debug --compress-debug-sections "$executable" "$folder/$name.debug"
  objcopy --strip-all "$executable" "$folder/$name"
  # The link names the file and its sum, and is looked up beside the executable.
  (cd "$folder" && objcopy --add-gnu-debuglink="$name.debug" "$name")
  du -h --apparent-size "$folder/$name" "$folder/$name.debug"
done
