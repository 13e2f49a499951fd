"""Holds a Grafana dashboard to Grafana's own types (grafana-foundation-sdk, from PyPI): what they do not know, or take for something else, is
said, and the status is 1."""

import json
import sys

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard


def differences(written, understood, place=""):
    if isinstance(written, dict) and isinstance(understood, dict):
        for key, value in written.items():
            if key not in understood:
                yield f"{place}/{key}: nothing that Grafana knows"
            else:
                yield from differences(value, understood[key], f"{place}/{key}")
    elif isinstance(written, list) and isinstance(understood, list) and len(written) == len(understood):
        for number, (one, other) in enumerate(zip(written, understood)):
            yield from differences(one, other, f"{place}/{number}")
    elif written != understood or isinstance(written, bool) != isinstance(understood, bool):
        yield f"{place}: {written!r} is taken for {understood!r}"


register_default_plugins()
with open(sys.argv[1]) as file:
    dashboard = json.load(file)
try:
    found = list(differences(dashboard, json.loads(JSONEncoder().encode(Dashboard.from_json(dashboard)))))
except (AttributeError, KeyError, TypeError, ValueError) as error:
    found = [f"it can't be read as a dashboard: {error!r}"]
for difference in found:
    print(difference, file=sys.stderr)
sys.exit(1 if found else 0)
