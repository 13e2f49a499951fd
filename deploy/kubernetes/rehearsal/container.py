"""Becomes the container of a pod, in namespaces that are its own already: reads from its input what it is, lays out its file system,
gives up what it may not have, and is the program then, as process 1."""

import ctypes
import json
import os
import subprocess
import sys

PR_SET_NO_NEW_PRIVS, PR_CAPBSET_DROP = 38, 24


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


def make_place(path, folder):
    os.makedirs(path if folder else os.path.dirname(path), exist_ok=True)
    if not folder:
        open(path, "a").close()


def lay_out(root, mounts):
    mount("--make-rprivate", "/")
    mount("--bind", root, root)
    mount("-t", "proc", "proc", f"{root}/proc")
    mount("-t", "tmpfs", "-o", "size=64k,mode=755", "dev", f"{root}/dev")
    for name in ("null", "zero", "random", "urandom"):
        open(f"{root}/dev/{name}", "w").close()
        mount("--bind", f"/dev/{name}", f"{root}/dev/{name}")
    for one in mounts:
        make_place(root + one["to"], os.path.isdir(one["from"]))
        mount("--bind", one["from"], root + one["to"])
        if one["read_only"]:
            mount("-o", "remount,bind,ro", root + one["to"])
    mount("-o", "remount,bind,ro", root)


def give_up(uid, gid):
    libc = ctypes.CDLL(None)
    for capability in range(64):
        libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    os.setgroups([gid])
    os.setgid(gid)
    os.setuid(uid)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def main():
    what = json.loads(sys.stdin.readline())
    lay_out(what["root"], what["mounts"])
    os.chroot(what["root"])
    os.chdir(what["folder"])
    give_up(what["uid"], what["gid"])
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.execve(what["arguments"][0], what["arguments"], what["environment"])


main()
