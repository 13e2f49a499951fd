"""What a hospital asks of each pod, and of each object that goes with it, in a rendered overlay. Prints the objects, but for those of
groups that --without names."""

import argparse
import sys

import yaml


def pod_of(thing):
    spec = thing.get("spec", {})
    if thing["kind"] == "CronJob":
        spec = spec["jobTemplate"]["spec"]
    return spec.get("template", {}).get("spec") if thing["kind"] in ("Deployment", "StatefulSet", "Job", "CronJob") else None


def faults(things):
    names = {(thing["kind"], thing["metadata"]["name"]) for thing in things}
    for thing in things:
        pod, name = pod_of(thing), f"{thing['kind']} {thing['metadata']['name']}"
        if thing["kind"] == "Secret":
            yield f"{name}: secrets are named here and lie elsewhere"
        if pod is None:
            continue
        security = pod.get("securityContext", {})
        if not security.get("runAsNonRoot") or security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{name}: not of the restricted profile"
        if pod.get("automountServiceAccountToken") is not False:
            yield f"{name}: has the cluster's token"
        for container in pod["containers"] + pod.get("initContainers", []):
            own = container.get("securityContext", {})
            if own.get("allowPrivilegeEscalation") is not False or own.get("capabilities", {}).get("drop") != ["ALL"]:
                yield f"{name}: a container may become more than it is"
            if not own.get("readOnlyRootFilesystem"):
                yield f"{name}: a container can write to its image"
            resources = container.get("resources", {})
            if "memory" not in resources.get("limits", {}) or set(resources.get("requests", {})) != {"cpu", "memory"}:
                yield f"{name}: a container has no limits"
        if thing["kind"] not in ("Deployment", "StatefulSet"):
            continue
        container = pod["containers"][0]
        probes = [container.get(f"{kind}Probe", {}).get("exec", {}).get("command") for kind in ("startup", "liveness", "readiness")]
        if probes[0] != probes[1] or probes[1] == probes[2] or None in probes:
            yield f"{name}: readiness and liveness mean the same, or nothing"
        if container["image"].partition(":")[0].endswith("hms"):
            grace = int(yaml.safe_load(settings(things)["HMS_DRAIN_GRACE"].rstrip("s")))
            if pod["terminationGracePeriodSeconds"] < container["lifecycle"]["preStop"]["sleep"]["seconds"] + grace + 5:
                yield f"{name}: is killed before it has drained"
        if thing["spec"].get("strategy", {}).get("type") == "Recreate":
            if thing["spec"]["replicas"] != 1:
                yield f"{name}: more than one, each of which knows something else"
        elif "topologySpreadConstraints" not in pod:
            yield f"{name}: all replicas may stand on one node"
        for kind in ("Service", "NetworkPolicy", "PodDisruptionBudget"):
            if (kind, thing["metadata"]["name"]) not in names:
                yield f"{name}: has no {kind}"
        if thing["kind"] == "StatefulSet" and thing["spec"]["replicas"] != 1:
            yield f"{name}: two pods on one file"


def settings(things):
    return next(thing["data"] for thing in things if thing["kind"] == "ConfigMap" and thing["metadata"]["name"].startswith("settings"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--without", default="")
    parser.add_argument("file")
    arguments = parser.parse_args()
    with open(arguments.file) as file:
        things = list(yaml.safe_load_all(file))
    found = list(faults(things))
    for fault in found:
        print(fault, file=sys.stderr)
    known = [thing for thing in things if not arguments.without or not thing["apiVersion"].startswith(arguments.without)]
    print(yaml.safe_dump_all(known))
    sys.exit(1 if found else 0)


main()
