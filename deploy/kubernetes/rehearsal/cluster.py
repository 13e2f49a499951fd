"""A small cluster: its nodes, and Deployments and StatefulSets that replace, scale and lose pods as Kubernetes' own do."""

import base64
import json
import os
import subprocess
import threading
import time

import yaml

import network
from pod import Pod

NAMESPACES = {"hms": {"kubernetes.io/metadata.name": "hms"}, "ingress": {"kubernetes.io/metadata.name": "ingress", "hms/ingress": "yes"},
              "kube-system": {"kubernetes.io/metadata.name": "kube-system"}}


class Deployment:
    def __init__(self, manifest, replicas):
        self.name, self.template, self.replicas = manifest["metadata"]["name"], manifest["spec"]["template"], replicas
        rolling = manifest["spec"]["strategy"]["rollingUpdate"]
        self.surge, self.unavailable, self.revision, self.count = rolling["maxSurge"], rolling["maxUnavailable"], 1, 0

    def step(self, cluster):
        """One look: what is to be begun and ended now, as the strategy allows."""
        mine = [pod for pod in cluster.pods_of(self.name) if not pod.terminating and not pod.ended]
        new, old = [pod for pod in mine if pod.revision == self.revision], [pod for pod in mine if pod.revision != self.revision]
        for _ in range(min(self.replicas - len(new), self.replicas + (self.surge if old else 0) - len(mine))):
            self.count += 1
            cluster.begin(f"{self.name}-{self.revision}-{self.count}", self)
        spare = sum(pod.ready for pod in mine) - (self.replicas - self.unavailable)
        too_many = sorted(old, key=lambda pod: pod.ready) + (sorted(new, key=lambda pod: pod.ready)[:max(0, len(new) - self.replicas)] if not old else [])
        for pod in too_many:
            if pod.ready and spare <= 0:
                break
            spare -= pod.ready
            pod.delete()

    def settled(self, cluster):
        mine = cluster.pods_of(self.name)
        return len(mine) == self.replicas and all(pod.revision == self.revision and pod.ready for pod in mine)


class Single:
    """A Deployment of one pod whose strategy is Recreate: the next one comes when the last has gone."""

    def __init__(self, manifest):
        self.name, self.template, self.replicas, self.revision, self.count = manifest["metadata"]["name"], manifest["spec"]["template"], 1, 1, 0

    def next_name(self):
        self.count += 1
        return f"{self.name}-{self.revision}-{self.count}"

    def step(self, cluster):
        mine = [pod for pod in cluster.pods_of(self.name) if not pod.ended]
        if len(mine) < self.replicas:
            cluster.begin(self.next_name(), self)
        for pod in mine[self.replicas:] + [pod for pod in mine if pod.revision != self.revision]:
            if not pod.terminating:
                pod.delete()

    def settled(self, cluster):
        mine = cluster.pods_of(self.name)
        return len(mine) == self.replicas and all(pod.revision == self.revision and pod.ready for pod in mine)


class StatefulSet(Single):
    """One pod, with a volume that outlives it."""

    def __init__(self, manifest):
        super().__init__(manifest)
        self.template["spec"].setdefault("volumes", []).extend(
            {"name": claim["metadata"]["name"], "persistentVolumeClaim": {"claimName": f"{claim['metadata']['name']}-{self.name}-0"}}
            for claim in manifest["spec"]["volumeClaimTemplates"])

    def next_name(self):
        return f"{self.name}-0"


class Cluster:
    def __init__(self, folder, images, objects):
        self.folder, self.images, self.names = folder, images, network.HOME
        # As the image itself says, in its Dockerfile.
        self.image_environment = {"PATH": "/usr/bin", "HMS_DATA": "/data", "LD_LIBRARY_PATH": "/usr/lib/swift"}
        of = lambda kind: {one["metadata"]["name"]: one for one in objects if one["kind"] == kind}
        self.settings = {name: one["data"] for name, one in of("ConfigMap").items()}
        self.secrets = {name: {key: base64.b64decode(value) for key, value in one["data"].items()} for name, one in of("Secret").items()}
        self.network = network.Network([one["spec"] for one in of("NetworkPolicy").values()], {n: one["spec"] for n, one in of("Service").items()})
        least = {one["spec"]["scaleTargetRef"]["name"]: one["spec"]["minReplicas"] for one in of("HorizontalPodAutoscaler").values()}
        self.deployments, self.deployed, self.scaled = {name: Single(one) if one["spec"]["strategy"].get("type") == "Recreate" else
                                                        Deployment(one, least.get(name, one["spec"].get("replicas", 1)))
                                                        for name, one in of("Deployment").items()}, False, set(least)
        self.shared = {name for name, one in of("PersistentVolumeClaim").items() if "ReadWriteMany" in one["spec"]["accessModes"]}
        self.deployments |= {name: StatefulSet(one) for name, one in of("StatefulSet").items()}
        self.disruptions = {name: one["spec"]["maxUnavailable"] for name, one in of("PodDisruptionBudget").items()}
        self.jobs = of("Job") | {name: {"spec": one["spec"]["jobTemplate"]["spec"]} for name, one in of("CronJob").items()}
        self.pods, self.all_pods, self.nodes = [], [], {"a": True, "b": True}
        self.lock, self.moved, self.places = threading.RLock(), threading.Event(), []
        os.makedirs(f"{folder}/logs", exist_ok=True)
        self.running = True

    @staticmethod
    def entry(root):
        """What the image with this root runs: the hospital, or the cache."""
        return next(path for path in ("/usr/bin/redis-server", "/usr/bin/hms") if os.path.exists(root + path))

    def note(self, text):
        print(f"   {text}", flush=True)

    def pods_of(self, part):
        return [pod for pod in self.pods if pod.part == part]

    def changed(self):
        self.moved.set()

    def begin(self, name, deployment):
        """A pod, on the open node that has fewest of its kind."""
        taken = [pod.node for pod in self.pods_of(deployment.name) if not pod.terminating]
        node = min((name for name, open in self.nodes.items() if open), key=taken.count)
        pod = Pod(name, deployment.name, deployment.revision, node, deployment.template, self)
        self.pods.append(pod)
        self.all_pods.append(pod)

    def visitor(self, labels, namespace):
        """A network of its own for somebody who is no pod of the hospital; the process that holds it, and its place."""
        process = subprocess.Popen(["unshare", "--net", "sleep", "infinity"], stdin=subprocess.DEVNULL)
        while os.readlink(f"/proc/{process.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            time.sleep(0.002)
        self.places.append(network.Place(self.network.attach(process.pid), labels, NAMESPACES[namespace], {}))
        return process

    def run(self):
        """Looks after everything until it is told to end."""
        try:
            self.look_after()
        finally:
            self.running = False

    def look_after(self):
        while self.running:
            self.moved.wait(0.2)
            self.moved.clear()
            with self.lock:
                self.pods = [pod for pod in self.pods if not pod.ended]
                for deployment in self.deployments.values() if self.deployed else ():
                    deployment.step(self)
                ready = [pod for pod in self.pods if pod.ready and not pod.terminating]
                self.network.publish(self.all_places(), {
                    name: [(pod.address, pod.ports[service["ports"][0]["targetPort"]]) for pod in ready
                           if network.selects({"matchLabels": service.get("selector")}, pod.labels)]
                    for name, service in self.network.services.items()})

    def all_places(self):
        mine = [network.Place(pod.address, pod.labels, NAMESPACES["hms"], pod.ports) for pod in self.pods if pod.address]
        return mine + self.places + [network.Place(network.HOME, {}, {}, {"postgres": 5432})]

    def until(self, what, condition, seconds=120):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end or not self.running:
                self.tell_why([pod for pod in self.pods if not pod.ready][:3])
                raise SystemExit(f"{what}: not within {seconds} s")
            time.sleep(0.05)

    def tell_why(self, pods):
        for pod in pods:
            with open(f"{self.folder}/logs/{pod.name}.log") as log:
                self.note(f"{pod.name}, started again {pod.restarts} times, said last:\n{log.read()[-1500:]}")

    def settle(self, what):
        self.until(what, lambda: all(one.settled(self) for one in self.deployments.values()))

    # What an operator does.

    def roll_out(self, image):
        """As the script of this name: the migration to its end, then everything else."""
        if "migrate" in self.jobs:
            self.migrate(image)
        for name, deployment in self.deployments.items():
            if not self.deployed:
                deployment.template = of_image(deployment.template, image)
            elif of_image(deployment.template, image) != deployment.template:
                self.roll(name, image)
        self.deployed = True
        self.changed()
        self.settle(image)

    def migrate(self, image):
        self.run_job("migrate", image)

    def run_job(self, name, image):
        pod = Pod(name, name, 1, "a", of_image(self.jobs[name]["spec"]["template"], image), self)
        self.pods.append(pod)
        self.until(name, lambda: pod.ended)
        if pod.ended_with != 0:
            self.tell_why([pod])
            raise SystemExit(f"{name} ended with {pod.ended_with}")
        return pod

    def roll(self, name, image=None):
        with self.lock:
            deployment = self.deployments[name]
            deployment.revision += 1
            deployment.template = of_image(deployment.template, image) if image else deployment.template
        self.changed()
        self.until(f"the roll of {name}", lambda: self.deployments[name].settled(self))

    def delete(self, name):
        """Deletes a pod of it, as `kubectl delete pod` does."""
        with self.lock:
            pod = self.pods_of(name)[0]
            pod.delete()
        self.until(f"{pod.name} has gone", lambda: pod.ended)
        self.until(f"another {name} is ready", lambda: self.deployments[name].settled(self))

    def scale(self, replicas):
        with self.lock:
            for name in self.scaled:
                self.deployments[name].replicas = replicas
        self.changed()
        self.settle(f"{replicas} of each")

    def drain(self, node):
        """Closes a node and evicts who is there, no faster than the disruption budgets let."""
        self.nodes[node] = False
        end = time.monotonic() + 300
        while any(pod.node == node for pod in self.pods):
            if time.monotonic() > end:
                raise SystemExit(f"node {node} is not empty after 300 s")
            with self.lock:
                for pod in [pod for pod in self.pods if pod.node == node and not pod.terminating]:
                    healthy = sum(one.ready for one in self.pods_of(pod.part))
                    if not pod.ready or healthy - 1 >= self.deployments[pod.part].replicas - self.disruptions[pod.part]:
                        pod.delete()
            time.sleep(0.1)
        self.settle(f"without node {node}")
        self.nodes[node] = True

    def rest(self):
        for deployment in self.deployments.values():
            deployment.replicas = 0
        with self.lock:
            for pod in self.pods:
                if not pod.terminating:
                    pod.delete()
        self.until("the end", lambda: not self.pods, 60)

    def close(self):
        self.running = False


def of_image(template, image):
    """The same with the hospital's image in another version; those of others stay."""
    copy = json.loads(json.dumps(template))
    for container in copy["spec"]["containers"] + copy["spec"].get("initContainers", []):
        if container["image"].partition(":")[0] == image.partition(":")[0]:
            container["image"] = image
    return copy


def read(*paths):
    for path in paths:
        with open(path) as file:
            yield from (one for one in yaml.load_all(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if one)
