"""A pod as its node runs it: a network of its own, its volumes, its container with the probes, the grace and the restarts that the
manifest says."""

import json
import os
import re
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TICK = 0.05


class Probe:
    def __init__(self, kind, manifest):
        self.kind, self.command = kind, manifest["exec"]["command"]
        self.period, self.timeout = manifest.get("periodSeconds", 10), manifest.get("timeoutSeconds", 1)
        self.failures_allowed, self.failures, self.due = manifest.get("failureThreshold", 3), 0, 0.0


class Pod:
    def __init__(self, name, part, revision, node, template, world):
        self.name, self.part, self.revision, self.node, self.world = name, part, revision, node, world
        self.labels, self.spec = template["metadata"]["labels"], template["spec"]
        self.container = self.spec["containers"][0]
        self.ports = {port["name"]: port["containerPort"] for port in self.container.get("ports", [])}
        self.folder = f"{world.folder}/pods/{name}"
        self.address = self.process = self.ended_with = None
        self.ready = self.terminating = self.ended = False
        self.restarts, self.created, self.ready_after, self.drained_after = 0, time.monotonic(), None, None
        self.asked_to_stop = threading.Event()
        self.thread = threading.Thread(target=self.live, daemon=True)
        self.thread.start()

    # What there is before a container.

    def live(self):
        self.sandbox = subprocess.Popen(["unshare", "--net", "--uts", "--ipc", "sleep", "infinity"], stdin=subprocess.DEVNULL)
        while os.readlink(f"/proc/{self.sandbox.pid}/ns/net") == os.readlink("/proc/self/ns/net"):
            time.sleep(0.002)
        self.address = self.world.network.attach(self.sandbox.pid)
        options = " ".join(f"{one['name']}:{one['value']}" for one in self.spec.get("dnsConfig", {}).get("options", []))
        self.files = []
        for name, text in (("resolv.conf", f"nameserver {self.world.names}\nsearch hms.svc.cluster.local\noptions ndots:5 {options}\n"),
                           ("hosts", f"127.0.0.1 localhost\n{self.address} {self.name}\n")):
            self.write(f"{self.folder}/{name}", text.encode(), 0o644)
            self.files.append({"from": f"{self.folder}/{name}", "to": f"/etc/{name}", "read_only": True})
        self.world.changed()
        while self.address not in self.world.network.known:
            time.sleep(0.01)
        pause, last = 0, self.container
        for self.container in self.spec.get("initContainers", []):
            if self.ended_with in (None, 0):
                self.run_container()
        self.container, failed = last, self.ended_with not in (None, 0)
        while not self.terminating and not failed:
            self.run_container()
            if self.terminating or self.spec.get("restartPolicy") == "Never":
                break
            self.restarts += 1
            self.ready = False
            self.world.changed()
            time.sleep(pause)
            pause = min(pause * 2 or 10, 300)
        self.sandbox.kill()
        self.sandbox.wait()
        subprocess.run(["umount", "--lazy", *self.emptied], stderr=subprocess.DEVNULL)
        self.ended = True
        self.world.changed()

    emptied = claimed = ()

    def volume(self, mount):
        volume = next(one for one in self.spec["volumes"] if one["name"] == mount["name"])
        path, group = f"{self.folder}/{mount['name']}", self.spec["securityContext"].get("fsGroup", 0)
        os.makedirs(path, exist_ok=True)
        if "persistentVolumeClaim" in volume:
            # What is on it stays when the pod goes, and one pod has it at a time, unless it says otherwise.
            claim = volume["persistentVolumeClaim"]["claimName"]
            path = f"{self.world.folder}/volumes/{claim}"
            os.makedirs(path, exist_ok=True)
            os.chown(path, 0, group)
            os.chmod(path, 0o2775)
            if claim not in self.world.shared and any(pod is not self and not pod.ended and path in pod.claimed for pod in self.world.pods):
                raise SystemExit(f"{self.name} and another pod would have {path}")
            self.claimed += (path,)
        elif "emptyDir" in volume:
            size = volume["emptyDir"].get("sizeLimit", "64Mi").replace("Mi", "m")
            if path not in self.emptied:
                subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=2777,gid={group}", "data", path], check=True)
                self.emptied += (path,)
        else:
            # As a node lays a secret out: links into a folder that can be exchanged as a whole.
            os.makedirs(f"{path}/..first", exist_ok=True)
            secret = self.world.secrets[volume["secret"]["secretName"]]
            wanted = {one["path"]: secret[one["key"]] for one in volume["secret"]["items"]} if "items" in volume["secret"] else secret
            for key, value in wanted.items():
                self.write(f"{path}/..first/{key}", value, 0o640, group)
                os.path.lexists(f"{path}/{key}") or os.symlink(f"..data/{key}", f"{path}/{key}")
            os.path.lexists(f"{path}/..data") or os.symlink("..first", f"{path}/..data")
        path = os.path.join(path, mount.get("subPath", ""))
        return {"from": path.rstrip("/"), "to": mount["mountPath"], "read_only": mount.get("readOnly", False)}

    @staticmethod
    def write(path, data, mode, group=0):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(data)
        os.chmod(path, mode)
        os.chown(path, 0, group)

    def environment(self):
        values = dict(self.world.image_environment)
        for source in self.container.get("envFrom", []):
            values |= self.world.settings[source["configMapRef"]["name"]]
        for one in self.container.get("env", []):
            source = one.get("valueFrom", {})
            if source.get("fieldRef", {}).get("fieldPath") == "metadata.name":
                values[one["name"]] = self.name
            elif "configMapKeyRef" in source:
                values[one["name"]] = self.world.settings[source["configMapKeyRef"]["name"]][source["configMapKeyRef"]["key"]]
            elif "fieldRef" in source:
                values[one["name"]] = self.labels[re.fullmatch(r"metadata\.labels\['(.*)'\]", source["fieldRef"]["fieldPath"])[1]]
            elif "secretKeyRef" in source:
                values[one["name"]] = self.world.secrets[source["secretKeyRef"]["name"]][source["secretKeyRef"]["key"]].decode()
            else:
                values[one["name"]] = one["value"]
        return values

    # A container from its start to its end.

    def run_container(self):
        environment, who = self.environment(), self.spec["securityContext"]
        mounts = [self.volume(one) for one in self.container.get("volumeMounts", [])] + self.files
        filled = [re.sub(r"\$\((\w+)\)", lambda found: environment[found[1]], one) for one in self.container["args"]]
        image = self.world.images[self.container["image"]]
        what = {"root": image, "mounts": mounts, "folder": "/data", "uid": who["runAsUser"], "gid": who["runAsGroup"],
                "arguments": [self.world.entry(image)] + filled, "environment": environment}
        with open(f"{self.world.folder}/logs/{self.name}.log", "ab") as log:
            self.process = subprocess.Popen(
                ["nsenter", "--target", str(self.sandbox.pid), "--net", "--uts", "--ipc", "unshare", "--mount", "--pid", "--fork", "--kill-child",
                 sys.executable, f"{HERE}/container.py"], stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)
        self.process.stdin.write(json.dumps(what).encode() + b"\n")
        self.process.stdin.close()
        probes = {kind: Probe(kind, self.container[f"{kind}Probe"]) for kind in ("startup", "liveness", "readiness") if f"{kind}Probe" in self.container}
        while self.process.poll() is None:
            if self.asked_to_stop.wait(TICK):
                break
            self.ask(probes, environment)
        if self.terminating:
            self.drain()
        self.ended_with = self.process.wait()

    def ask(self, probes, environment):
        now = time.monotonic()
        for kind in ["startup"] if "startup" in probes else list(probes):
            probe = probes[kind]
            if now < probe.due:
                continue
            probe.due = now + probe.period
            good = self.within(probe.command, environment, probe.timeout)
            probe.failures = 0 if good else probe.failures + 1
            if kind == "startup" and good:
                del probes["startup"]
            elif kind == "readiness" and (good or probe.failures >= probe.failures_allowed) and good != self.ready and not self.terminating:
                self.ready = good
                if good and self.ready_after is None:
                    self.ready_after = time.monotonic() - self.created
                self.world.changed()
            elif kind != "readiness" and probe.failures >= probe.failures_allowed:
                self.world.note(f"{self.name} is killed: its {kind} probe fails")
                self.process.kill()

    def within(self, command, environment, seconds):
        """Whether a command in the container ends well in time."""
        who, process = self.spec["securityContext"], self.first_process()
        if process is None:
            return False
        entered = ["nsenter", "--target", str(process), "--mount", "--net", "--pid", "--uts", "--ipc", "--root", "--setuid", str(who["runAsUser"]),
                   "--setgid", str(who["runAsGroup"]), *command]
        try:
            return subprocess.run(entered, env=environment, timeout=seconds, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def run(self, command, text):
        """What a command in the container says to this input, as `kubectl exec --stdin` does it."""
        who = self.spec["securityContext"]
        entered = ["nsenter", "--target", str(self.first_process()), "--mount", "--net", "--pid", "--uts", "--ipc", "--root",
                   "--setuid", str(who["runAsUser"]), "--setgid", str(who["runAsGroup"]), *command]
        return subprocess.run(entered, env=self.environment(), input=text, text=True, cwd="/", check=True, timeout=60, stdout=subprocess.PIPE).stdout

    def first_process(self):
        """The container's process 1, by its number outside."""
        try:
            with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children") as file:
                return next(iter(int(one) for one in file.read().split()), None)
        except (AttributeError, OSError):
            return None

    def memory(self):
        """(resident, its own share of what is shared) in MiB."""
        with open(f"/proc/{self.first_process()}/smaps_rollup") as file:
            sizes = dict(re.findall(r"^(Rss|Pss): +(\d+)", file.read(), re.MULTILINE))
        return int(sizes["Rss"]) / 1024, int(sizes["Pss"]) / 1024

    def last_words(self):
        with open(f"{self.world.folder}/logs/{self.name}.log") as log:
            return log.read().strip().splitlines()

    def delete(self):
        """Asks it to go: nobody is sent here from now on, and it has the grace that its manifest says."""
        self.terminating, self.ready, self.deleted = True, False, time.monotonic()
        self.world.changed()
        self.asked_to_stop.set()

    def kill(self):
        process = self.first_process()
        if process is not None:
            os.kill(process, 9)

    def drain(self):
        end = self.deleted + self.spec.get("terminationGracePeriodSeconds", 30)
        sleep = self.container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        try:
            self.process.wait(sleep)
        except subprocess.TimeoutExpired:
            process = self.first_process()
            if process is not None:
                os.kill(process, 15)
            try:
                self.process.wait(max(0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.world.note(f"{self.name} is killed: it has not drained in time")
                self.kill()
        self.drained_after = time.monotonic() - self.deleted
