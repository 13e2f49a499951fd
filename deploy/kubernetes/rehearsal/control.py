"""The same cluster, where Kubernetes' own programs decide: Deployments, the autoscaler, disruption budgets, the scheduler and who stands
behind a Service are theirs; here are the nodes alone, which run what they are given and tell how it is."""

import datetime
import json
import os
import ssl
import subprocess
import time
import urllib.error
import urllib.request

import network
from cluster import NAMESPACES, Cluster
from pod import Pod

KUBERNETES = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOSPITAL = "/api/v1/namespaces/hms"


class API:
    def __init__(self, kubeconfig):
        get = lambda path: subprocess.run(["kubectl", "--kubeconfig", kubeconfig, "config", "view", "--raw", "--output", f"jsonpath={{{path}}}"],
                                          capture_output=True, text=True, check=True).stdout
        self.server, self.token = get(".clusters[0].cluster.server"), get(".users[0].user.token")
        self.trust = ssl._create_unverified_context()

    def ask(self, method, path, body=None, form="application/json"):
        """The answer, or None where there is no such thing (any more)."""
        request = urllib.request.Request(self.server + path, method=method, data=None if body is None else json.dumps(body).encode(),
                                         headers={"Authorization": f"Bearer {self.token}", "Content-Type": form})
        try:
            with urllib.request.urlopen(request, context=self.trust, timeout=30) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code in (404, 409):
                return None
            raise

    def patch_status(self, path, status):
        self.ask("PATCH", f"{path}/status", {"status": status}, "application/merge-patch+json")


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class ControlledCluster(Cluster):
    def __init__(self, folder, images, objects, kubeconfig):
        super().__init__(folder, images, objects)
        self.api, self.kubeconfig, self.said, self.beat = API(kubeconfig), kubeconfig, {}, 0
        self.network.virtual = {}
        self.look_after_nodes()

    def kubectl(self, *arguments):
        done = subprocess.run(["kubectl", "--kubeconfig", self.kubeconfig, *arguments], capture_output=True, text=True)
        if done.returncode:
            self.tell_why([pod for pod in self.pods if not pod.ready][:3])
            raise SystemExit(f"kubectl {' '.join(arguments)}: {done.stdout}{done.stderr}")

    # Nodes: they say that they live, run what they are given, and tell how it is.

    def look_after_nodes(self):
        if time.monotonic() < self.beat:
            return
        self.beat = time.monotonic() + 10
        room = {"cpu": "8", "memory": "16Gi", "pods": "110"}
        for name in self.nodes:
            self.api.ask("POST", "/api/v1/nodes", {"metadata": {"name": name, "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux"}}})
            self.api.patch_status(f"/api/v1/nodes/{name}", {"capacity": room, "allocatable": room, "conditions": [
                {"type": "Ready", "status": "True", "reason": "Here", "lastHeartbeatTime": now(), "lastTransitionTime": now()}]})

    def look_after(self):
        while self.running:
            self.moved.wait(0.1)
            self.moved.clear()
            self.look_after_nodes()
            wanted = {one["metadata"]["name"]: one for one in self.api.ask("GET", f"{HOSPITAL}/pods?resourceVersion=0")["items"]}
            with self.lock:
                self.take_on(wanted)
                self.tell(wanted)
                self.connect()

    def take_on(self, wanted):
        mine = {pod.name: pod for pod in self.pods}
        for name, manifest in wanted.items():
            node, leaves = manifest["spec"].get("nodeName"), "deletionTimestamp" in manifest["metadata"]
            pod = mine.get(name)
            if pod is None and node and not leaves and manifest["status"]["phase"] == "Pending":
                labels = manifest["metadata"]["labels"]
                pod = Pod(name, labels["app.kubernetes.io/name"], labels.get("pod-template-hash"), node, manifest, self)
                self.pods.append(pod)
                self.all_pods.append(pod)
            elif pod is not None and leaves and not pod.terminating:
                pod.delete()
            if leaves and (pod is None or pod.ended):
                self.api.ask("DELETE", f"{HOSPITAL}/pods/{name}", {"kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0})
        self.pods = [pod for pod in self.pods if not pod.ended or pod.name in wanted]

    def tell(self, wanted):
        for pod in self.pods:
            status = self.status(pod)
            if pod.name in wanted and pod.address and self.said.get(pod.name) != status:
                self.said[pod.name] = status
                moment = now()
                self.api.patch_status(f"{HOSPITAL}/pods/{pod.name}", {
                    **status, "startTime": moment, "conditions": [{**one, "lastTransitionTime": moment} for one in status["conditions"]]})

    @staticmethod
    def status(pod):
        ready = str(pod.ready and not pod.ended)
        phase = "Running" if not pod.ended else "Succeeded" if pod.ended_with == 0 else "Failed"
        state = {"running": {}} if not pod.ended else {"terminated": {"exitCode": pod.ended_with}}
        return {"phase": phase, "podIP": pod.address, "podIPs": [{"ip": pod.address}], "hostIP": network.HOME, "hostIPs": [{"ip": network.HOME}],
                "conditions": [{"type": kind, "status": "True"} for kind in ("PodScheduled", "PodReadyToStartContainers", "Initialized")]
                + [{"type": kind, "status": ready} for kind in ("ContainersReady", "Ready")],
                "containerStatuses": [{"name": pod.container["name"], "image": pod.container["image"], "imageID": "", "state": state,
                                       "ready": ready == "True", "started": pod.ready_after is not None, "restartCount": pod.restarts}]}

    def connect(self):
        """What a node's proxy and the cluster's server of names do with Services."""
        for service in self.api.ask("GET", f"{HOSPITAL}/services?resourceVersion=0")["items"]:
            if service["spec"]["clusterIP"] != "None":
                self.network.virtual[service["metadata"]["name"]] = service["spec"]["clusterIP"]
        endpoints = {name: [] for name in self.network.services}
        for piece in self.api.ask("GET", "/apis/discovery.k8s.io/v1/namespaces/hms/endpointslices?resourceVersion=0")["items"]:
            for one in piece.get("endpoints") or []:
                if one["conditions"].get("ready"):
                    endpoints[piece["metadata"]["labels"]["kubernetes.io/service-name"]] += [(a, piece["ports"][0]["port"]) for a in one["addresses"]]
        self.network.publish(self.all_places(), endpoints)

    # What an operator does.

    def overlay(self, image):
        """A folder that is an overlay of our own: that of PostgreSQL, with this image."""
        folder, name = f"{self.folder}/overlay", image.partition(":")
        os.makedirs(folder, exist_ok=True)
        base = os.path.relpath(f"{KUBERNETES}/overlays/postgres", os.path.realpath(folder))
        with open(f"{folder}/kustomization.yaml", "w") as file:
            json.dump({"resources": [base], "images": [{"name": name[0], "newTag": name[2]}]}, file)
        return folder

    def roll_out(self, image):
        done = subprocess.run([f"{KUBERNETES}/roll-out", self.overlay(image)], env={**os.environ, "KUBECONFIG": self.kubeconfig},
                              capture_output=True, text=True, timeout=300)
        if done.returncode:
            self.tell_why([pod for pod in self.pods if not pod.ready][:3])
            raise SystemExit(f"roll-out: {done.stdout}{done.stderr}")
        self.note(f"roll-out: {done.stdout.count('created')} objects created, {done.stdout.count('configured')} configured")
        self.settle("two of each")

    def migrate(self, image):
        self.kubectl("delete", "job", "migrate", "--namespace", "hms", "--ignore-not-found")
        self.kubectl("apply", "--kustomize", self.overlay(image), "--selector", "hms/step=migrate")
        self.kubectl("wait", "job/migrate", "--namespace", "hms", "--for=condition=complete", "--timeout=60s")

    def settle(self, what, replicas=2):
        self.until(what, lambda: all(len(mine) == (replicas if name in self.scaled else 1) and all(pod.ready for pod in mine)
                                     for name, mine in ((name, self.pods_of(name)) for name in self.deployments)))

    def roll(self, name):
        self.kubectl("rollout", "restart", f"deployment/{name}", "--namespace", "hms")
        self.kubectl("rollout", "status", f"deployment/{name}", "--namespace", "hms", "--timeout", "120s")

    def scale(self, replicas):
        for name in self.scaled:
            self.kubectl("patch", "hpa", name, "--namespace", "hms", "--patch", json.dumps({"spec": {"minReplicas": replicas, "maxReplicas": replicas}}))
        self.settle(f"{replicas} of each", replicas)

    def drain(self, node):
        self.kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", "--timeout", "240s")
        self.settle(f"without node {node}")
        self.kubectl("uncordon", node)

    def rest(self):
        self.kubectl("delete", "deployment,hpa,job", "--all", "--namespace", "hms", "--wait=false")
        self.until("the end", lambda: not self.pods, 90)
        self.running = False
