"""What happens to a hospital in a cluster in some weeks, within some minutes, while visits are booked. rehearse calls it."""

import argparse
import os
import random
import shlex
import signal
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import cluster as clusters
import control

COMPOSE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../compose")
BOOKING, SHARING = f"{COMPOSE}/booking.py", f"{COMPOSE}/sharing.py"


class Load:
    """Some who book, through the Ingress, each in a process."""

    def __init__(self, cluster, ingress, tokens, clients, folder):
        self.stop_file, self.processes, self.clients = f"{folder}/stop", [], clients
        first_day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 30 * 86400))
        url = f"http://{cluster.network.virtual['rest']}:80"
        self.command = ["nsenter", "--target", str(ingress.pid), "--net", sys.executable, BOOKING, url, *tokens, self.stop_file, first_day]

    def start(self):
        if os.path.exists(self.stop_file):
            os.remove(self.stop_file)
        self.processes = [subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(self.clients)]
        time.sleep(1)

    def stop(self):
        """Ends it, and says what came of it: whether all is well."""
        open(self.stop_file, "w").close()
        well = True
        for process in self.processes:
            said, _ = process.communicate(timeout=300)
            print("   " + said.strip().replace("\n", "\n   "), flush=True)
            well = well and process.returncode == 0
        return well


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True)
    parser.add_argument("--image", required=True, help="the root of the image")
    parser.add_argument("--previous", help="that of the version before")
    parser.add_argument("--cache-image", required=True, help="the root of that of the cache")
    parser.add_argument("--desk", required=True)
    parser.add_argument("--admin", required=True)
    parser.add_argument("--rolls", type=int, required=True)
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--stories", nargs="*", default=["rolls", "kills", "drain", "scaling"])
    parser.add_argument("--kubeconfig", help="of a control plane whose nodes are to be played; without it all is decided here")
    parser.add_argument("--check", help="a command that looks at all the data of the hospital while it runs; its status is 0 where nothing is broken")
    parser.add_argument("--backup", action="store_true", help="the CronJob of the name is run when all is at rest")
    parser.add_argument("--manifests", nargs="+", required=True)
    arguments = parser.parse_args()

    images = {"hms:dev": arguments.image, "hms:previous": arguments.previous, "redis:7.2": arguments.cache_image}
    objects = list(clusters.read(*arguments.manifests))
    if arguments.kubeconfig:
        cluster = control.ControlledCluster(arguments.folder, images, objects, arguments.kubeconfig)
    else:
        cluster = clusters.Cluster(arguments.folder, images, objects)
    ingress = cluster.visitor({}, "ingress")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began = time.monotonic()
    step = lambda text: print(f"\n== {text} ({time.monotonic() - began:.0f}s)", flush=True)
    threading.Thread(target=cluster.run, daemon=True).start()

    step("the migration, then everything else" + (", of the version before" if arguments.previous else ""))
    cluster.roll_out("hms:previous" if arguments.previous else "hms:dev")
    load = Load(cluster, ingress, [arguments.desk, arguments.admin], arguments.clients, arguments.folder)

    def people():
        """Somebody is made a user at one shim, and the other knows him, his session, the password that he chooses, and another's codes."""
        password, shims = os.urandom(12).hex(), cluster.pods_of("rest")
        for name in ("asha", "lata"):
            print("   " + shims[0].run(["hms", "user", "add", name, "--role", "reception"], password + "\n").strip())
        # Each looks at the users once a second.
        time.sleep(2)
        urls = [f"http://{pod.address}:{pod.ports['http']}" for pod in shims[:2]]
        for what, name, printed in (("people", "asha", ""), ("codes", "lata", shims[0].run(["hms", "user", "totp", "lata"], ""))):
            subprocess.run(["nsenter", "--target", str(ingress.pid), "--net", sys.executable, "-B", SHARING, what, *urls, name, password],
                           input=printed, text=True, check=True)

    def under_load(what, action):
        step(what)
        load.start()
        action()
        time.sleep(2)
        if not load.stop():
            raise SystemExit(f"{what}: something failed or was lost")

    def rolls():
        names, times = sorted(cluster.deployments), []
        for number in range(arguments.rolls):
            begin = time.monotonic()
            cluster.roll(names[number % len(names)])
            times.append(time.monotonic() - begin)
        if times:
            print(f"   {len(times)} rolls, {min(times):.1f} to {max(times):.1f} s each")

    def kills():
        for pod in (random.choice(cluster.pods_of(name)) for name in sorted(cluster.deployments)):
            before = pod.restarts
            pod.kill()
            cluster.until(f"{pod.name} is back", lambda: pod.restarts > before and pod.ready)

    def deletes():
        for name in sorted(cluster.deployments):
            cluster.delete(name)

    def drain():
        for node in ("a", "b"):
            cluster.drain(node)

    def scaling():
        for replicas in (4, 2):
            cluster.scale(replicas)

    def upgrade():
        # Where nobody else has the file, each pod migrates its own.
        if "migrate" in cluster.jobs:
            cluster.migrate("hms:dev")
            kills()
        cluster.roll_out("hms:dev")

    if "people" in cluster.shared:
        step("two shims know the same")
        people()
    if arguments.previous:
        first = "the database first, a pod of each part of the version before is killed and starts on it, then " if "migrate" in cluster.jobs else ""
        under_load(f"upgrade: {first}each part", upgrade)
        under_load("back to the version before, on the same database", lambda: cluster.roll_out("hms:previous"))
        under_load("and to the new one again", lambda: cluster.roll_out("hms:dev"))
    stories = {"rolls": (f"{arguments.rolls} rolling restarts", rolls), "kills": ("one pod of each part is killed", kills),
               "deletes": ("a pod of each part is deleted", deletes), "drain": ("each of two nodes is drained", drain), "scaling": ("2 → 4 → 2 of each part", scaling)}
    for name in arguments.stories:
        under_load(*stories[name])

    if arguments.check:
        step("hms check, while it runs")
        looked = subprocess.run(shlex.split(arguments.check), stdout=subprocess.PIPE, text=True)
        lines = [line for line in looked.stdout.splitlines() if line]
        print("   " + (lines[-1] if looked.returncode == 0 else "\n   ".join(lines)), flush=True)
        if looked.returncode != 0 or "wait for" in lines[-1]:
            raise SystemExit("something is broken, or on its way for ever")

    step("by pod: ready after, resident memory, its share of it")
    for pod in sorted(cluster.pods, key=lambda pod: pod.name):
        print(f"   {pod.name:20} {pod.ready_after:5.1f} s {pod.memory()[0]:6.1f} MiB {pod.memory()[1]:6.1f} MiB")
    drained = [pod.drained_after for pod in cluster.all_pods if pod.drained_after is not None]
    step("end")
    cluster.rest()
    if arguments.backup:
        pod = cluster.run_job("backup", "hms:dev")
        print("   the volumes were backed up, and restored into an empty folder: " + (pod.last_words() or ["nothing"])[-1])
    cluster.close()
    ingress.kill()
    ends = [pod for pod in cluster.all_pods if pod.ended_with != 0]
    print(f"   {len(cluster.all_pods)} pods lived; those that went took up to {max(drained, default=0):.1f} s; {len(ends)} ended badly")
    for pod in ends:
        print(f"   {pod.name} ended with {pod.ended_with}")
    sys.exit(1 if ends else 0)


main()
