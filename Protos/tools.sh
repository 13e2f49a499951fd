# For generate.sh and breaking.sh, and for the conformance run: installs what they need of PyPI into .build/contract-tools, and
# lays the contracts out beside Google's, as buf wants them. Sourced in the package's folder.

tools=.build/contract-tools
if ! cmp -s Protos/requirements.txt "$tools/requirements.txt"; then
    rm -rf "$tools"
    python3 -m venv "$tools"
    "$tools/bin/pip" install --quiet --disable-pip-version-check --requirement Protos/requirements.txt
    cp Protos/requirements.txt "$tools"
fi

# Where Google's API annotations are: the folder that holds google/api.
google_api() {
    "$tools/bin/python" -c 'import google.api, os; print(os.path.dirname(os.path.dirname(list(google.api.__path__)[0])))'
}

# Copies the contracts, and the annotations that they import, into the given folder.
lay_out_contracts() {
    mkdir -p "$1/google"
    cp -r Protos/hms Protos/conformance Protos/buf.yaml "$1"
    cp -r "$(google_api)/google/api" "$1/google"
}
