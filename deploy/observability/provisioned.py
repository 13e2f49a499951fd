"""Holds what Grafana is provisioned with, as Compose mounts it, to what Grafana reads there: a key that it does not know it passes over in
silence, and a file at the wrong place too. What does not fit is said, and the status is 1.

  provisioned.py COMPOSE.YAML DASHBOARD.JSON
"""

import json
import os
import sys
import urllib.parse

import yaml

WHERE = "/etc/grafana/provisioning/"
TEXT, YES_NO, NUMBER, TABLE = (str,), (bool,), (int,), (dict,)
# Version 1 of both kinds of files: every key of an entry, and of what kind it is; then those that may not be missing.
ENTRIES = {
    "datasources": ("datasources", {
        "name": TEXT, "type": TEXT, "uid": TEXT, "access": TEXT, "url": TEXT, "orgId": NUMBER, "orgName": TEXT, "version": NUMBER, "user": TEXT,
        "database": TEXT, "basicAuth": YES_NO, "basicAuthUser": TEXT, "withCredentials": YES_NO, "isDefault": YES_NO, "editable": YES_NO,
        "jsonData": TABLE, "secureJsonData": TABLE, "correlations": (list,)}, {"name", "type", "uid", "access", "url"}),
    "dashboards": ("providers", {
        "name": TEXT, "type": TEXT, "orgId": NUMBER, "folder": TEXT, "folderUid": TEXT, "editable": YES_NO, "disableDeletion": YES_NO,
        "allowUiUpdates": YES_NO, "updateIntervalSeconds": NUMBER, "options": TABLE}, {"name", "type", "options"}),
}
OPTIONS = {"path": TEXT, "foldersFromFilesStructure": YES_NO}


def kinds(place, table, known, needed):
    for key, value in table.items():
        if key not in known:
            yield f"{place}: {key} is nothing that Grafana knows"
        elif type(value) not in known[key]:
            yield f"{place}: {key} is {value!r}"
    for key in needed - set(table):
        yield f"{place}: {key} is missing"


def entries(folder, path, document):
    """What is wrong with a file, and its entries."""
    name, known, needed = ENTRIES[folder]
    more = {"deleteDatasources": (list,), "prune": YES_NO} if folder == "datasources" else {}
    found = list(kinds(path, document, {"apiVersion": NUMBER, name: (list,)} | more, {"apiVersion", name}))
    if document.get("apiVersion") != 1:
        found.append(f"{path}: its apiVersion is not 1")
    all_of_it = document.get(name) or []
    if not all_of_it:
        found.append(f"{path}: nothing is provisioned by it")
    for number, entry in enumerate(all_of_it):
        found += kinds(f"{path}, {name} {number + 1}", entry, known, needed)
    for key in ("name", "uid"):
        values = [entry[key] for entry in all_of_it if key in entry]
        found += [f"{path}: two have the {key} {value}" for value in set(values) if values.count(value) > 1]
    return found, all_of_it


def main(compose_path, dashboard_path):
    read = lambda path: yaml.safe_load(open(path))
    compose, here = read(compose_path), os.path.dirname(os.path.abspath(compose_path))
    mounted = {to: os.path.normpath(os.path.join(here, of)) for of, to, *_ in (one.split(":") for one in compose["services"]["grafana"]["volumes"])
               if of.startswith(".")}
    found, sources, providers = [], [], []
    for to, of in mounted.items():
        if to.startswith(WHERE):
            folder, _, name = to.removeprefix(WHERE).partition("/")
            if folder not in ENTRIES or not name.endswith((".yml", ".yaml")) or "/" in name:
                found.append(f"{to}: Grafana looks for nothing there")
                continue
            faults, all_of_it = entries(folder, of, read(of))
            found += faults
            (sources if folder == "datasources" else providers).extend(all_of_it)
    for source in sources:
        place = urllib.parse.urlsplit(source.get("url", ""))
        if place.scheme not in ("http", "https") or place.hostname not in compose["services"]:
            found.append(f"{source.get('name')}: {source.get('url')} is no service of {compose_path}")
        if source.get("access") not in ("proxy", "direct"):
            found.append(f"{source.get('name')}: its access is {source.get('access')}")
    if sum(source.get("isDefault", False) for source in sources) > 1:
        found.append("more than one data source is the default")
    for provider in providers:
        options = provider.get("options", {})
        found += kinds(f"options of {provider.get('name')}", options, OPTIONS, {"path"})
        brought = [of for to, of in mounted.items() if to.endswith(".json") and os.path.dirname(to) == options.get("path", "").rstrip("/")]
        if provider.get("type") != "file" or os.path.abspath(dashboard_path) not in brought:
            found.append(f"{provider.get('name')}: brings no {dashboard_path}")
    with open(dashboard_path) as file:
        dashboard = json.load(file)
    asked = {one["query"] for one in dashboard["templating"]["list"] if one["type"] == "datasource"}
    for kind in asked - {source.get("type") for source in sources}:
        found.append(f"the dashboard asks a data source of the type {kind}, and none is provisioned")
    if not sources or not providers:
        found.append("no data source, or no dashboard, is provisioned")
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


sys.exit(main(*sys.argv[1:]))
