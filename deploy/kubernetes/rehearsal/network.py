"""The network of a cluster within one network namespace: an address for each pod, names that mean the pods that are ready, one address
for those Services that have one, and a way from one to the other only where the NetworkPolicies let it through."""

import random
import socket
import struct
import subprocess
import threading

HOME = "10.77.0.1"
DOMAIN = "hms.svc.cluster.local"


def run(*command, text=None):
    subprocess.run(command, input=text, text=True, check=True)


def selects(selector, labels):
    """Whether a label selector means these labels. An empty one means all."""
    if any(labels.get(key) != value for key, value in (selector or {}).get("matchLabels", {}).items()):
        return False
    for one in (selector or {}).get("matchExpressions", []):
        value, operator = labels.get(one["key"]), one["operator"]
        if operator == "In" and value not in one["values"] or operator == "NotIn" and value in one["values"]:
            return False
        if operator == "Exists" and value is None or operator == "DoesNotExist" and value is not None:
            return False
    return True


class Place:
    """Who may be reached, or reaches: a pod, the Ingress, the database, the server of names."""

    def __init__(self, address, labels, namespace, ports):
        self.address, self.labels, self.namespace, self.ports = address, labels, namespace, ports


class Network:
    def __init__(self, policies, services):
        self.policies, self.services = policies, services
        self.virtual = {name: f"10.77.255.{n + 1}" for n, name in enumerate(sorted(services)) if services[name].get("clusterIP") != "None"}
        self.endpoints = {name: [] for name in services}
        self.count, self.lock, self.known = 0, threading.Lock(), set()
        run("ip", "link", "set", "lo", "up")
        run("ip", "address", "replace", f"{HOME}/32", "dev", "lo")
        with open("/proc/sys/net/ipv4/ip_forward", "w") as file:
            file.write("1")
        run("nft", "-f", "-", text="""table ip cluster {
            set allowed { type ipv4_addr . ipv4_addr . inet_service; }
            chain services { type nat hook prerouting priority -100; }
            chain between { type filter hook forward priority 0; policy drop; jump judge; }
            chain home { type filter hook input priority 0; policy drop; iif lo accept; udp dport 53 accept; jump judge; }
            chain judge {
                ct state established,related accept
                ip saddr . ip daddr . tcp dport @allowed accept
                counter reject
            }
        }""")
        self.names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.names.bind((HOME, 53))
        threading.Thread(target=self.answer, daemon=True).start()

    def attach(self, process):
        """Gives the network namespace of a process an address of its own, and a way out."""
        with self.lock:
            self.count += 1
            number = self.count
        name, address = f"pod{number}", f"10.77.{1 + number // 200}.{1 + number % 200}"
        run("ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", str(process))
        run("ip", "link", "set", name, "up")
        run("ip", "route", "add", f"{address}/32", "dev", name, "src", HOME)
        run("nsenter", "--target", str(process), "--net", "ip", "-batch", "-", text=f"""link set lo up
            link set eth0 up
            address add {address}/32 dev eth0
            route add {HOME} dev eth0 scope link
            route add default via {HOME} dev eth0""")
        return address

    def publish(self, places, endpoints):
        """Takes over who there is, and who of them is ready behind each Service: (address, port) pairs."""
        allowed = {(one.address, other.address, port) for one in places for other in places if one is not other
                   for name, port in other.ports.items() if self.passes(one, other, name, port)}
        rules = ["flush set ip cluster allowed", "flush chain ip cluster services"]
        if allowed:
            rules.append("add element ip cluster allowed { %s }" % ", ".join(f"{a} . {b} . {port}" for a, b, port in sorted(allowed)))
        for name, address in self.virtual.items():
            if endpoints[name]:
                ways = ", ".join(f"{n} : {address}" for n, (address, _) in enumerate(endpoints[name]))
                rules.append(f"add rule ip cluster services ip daddr {address} tcp dport {self.services[name]['ports'][0]['port']} "
                             f"dnat to numgen random mod {len(endpoints[name])} map {{ {ways} }} : {endpoints[name][0][1]}")
        run("nft", "-f", "-", text="\n".join(rules))
        with self.lock:
            self.endpoints, self.known = endpoints, {one.address for one in places}

    def passes(self, one, other, name, port):
        return self.lets(one, other, "egress", name, port) and self.lets(other, one, "ingress", name, port)

    def lets(self, subject, other, direction, name, port):
        """Whether the policies for a pod let it speak to, or be spoken to by, another one. Whom none selects is free."""
        if subject.namespace.get("kubernetes.io/metadata.name") != "hms":
            return True
        mine = [policy for policy in self.policies
                if selects(policy.get("podSelector"), subject.labels) and direction.capitalize() in policy["policyTypes"]]
        return not mine or any(
            self.means(rule, other, "to" if direction == "egress" else "from", name, port) for policy in mine for rule in policy.get(direction, []))

    @staticmethod
    def means(rule, other, key, name, port):
        if "ports" in rule and not any(one["port"] in (name, port) for one in rule["ports"]):
            return False
        if key not in rule:
            return True
        home = {"kubernetes.io/metadata.name": "hms"}
        return any(
            (selects(peer["namespaceSelector"], other.namespace) if "namespaceSelector" in peer else other.namespace == home)
            and selects(peer.get("podSelector"), other.labels) for peer in rule[key])

    def answer(self):
        """As the cluster's server of names: all ready pods of a headless Service, the one address of another."""
        while True:
            query, asker = self.names.recvfrom(512)
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode())
                at += 1 + query[at]
            kind, question = struct.unpack(">H", query[at + 1:at + 3])[0], query[12:at + 5]
            service, _, domain = ".".join(labels).partition(".")
            known = domain == DOMAIN and service in self.services
            with self.lock:
                addresses = [self.virtual[service]] if known and service in self.virtual else [a for a, _ in self.endpoints.get(service, [])]
            addresses = random.sample(addresses, len(addresses)) if known and kind == 1 else []
            head = query[:2] + struct.pack(">HHHHH", 0x8580 if known else 0x8583, 1, len(addresses), 0, 0)
            answers = b"".join(struct.pack(">HHHIH", 0xC00C, 1, 1, 5, 4) + socket.inet_aton(address) for address in addresses)
            self.names.sendto(head + question + answers, asker)
