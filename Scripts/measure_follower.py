#!/usr/bin/env python3
"""What one follower costs its source, with deploy/nginx.conf and Debian's nginx in between (docs/scaling.md).

    Scripts/measure_follower.py PROGRAM DATA [--idle-seconds N] [--wrk-seconds N]

PROGRAM is a built tongzhou and DATA a node's data directory, of which a copy is used. A node is started on it, nginx
before it, and a follower that knows nothing yet; when it has every block, it is watched for a while as it waits for
the next one. Prints JSON: entries and bytes of the log, seconds until the follower had verified all of it, what nginx
handed out for that, and what it handed out a second afterwards. With wrk installed also how many full tiles a second
the node and nginx give, each alone, while wrk shares the machine with them.
"""

import argparse
import json
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

SITE = Path(__file__).resolve().parent.parent / "deploy/nginx.conf"
KINDS = (("bundle", r"/tile/entries/"), ("tile", r"/tile/"), ("checkpoint", r"/checkpoint$"), ("other", r""))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def chains(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/chains", timeout=10) as answer:
            return json.load(answer)["chains"]
    except OSError:
        return []


def wait(what, seconds, condition):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    sys.exit(f"measure_follower: {what} took more than {seconds} s")


def nginx_settings(folder, node, port):
    """The site as it lies in the checkout, but for what an operator sets, with a line for each answer."""
    site = SITE.read_text()
    for line, own in (("server 127.0.0.1:8080;", f"server 127.0.0.1:{node};"), ("listen 80;", f"listen 127.0.0.1:{port};"),
                      ("root /var/lib/tongzhou;", f"root {folder}/data;"),
                      ("access_log off;", f"access_log {folder}/asked.log asked;")):
        if site.count(line) != 1:
            sys.exit(f"measure_follower: {SITE} has not one line {line}")
        site = site.replace(line, own)
    (folder / "site.conf").write_text(site)
    places = "".join(f"{name}_temp_path {folder}/{name}; " for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;\n"
        "events { worker_connections 512; }\n"
        f"http {{ {places} sendfile on; tcp_nopush on;\n"
        f"log_format asked '$uri $status $bytes_sent'; include {folder}/site.conf; }}\n")


def tally(lines):
    """Requests and bytes, header fields included, by what was asked for."""
    found = {kind: {"requests": 0, "bytes": 0} for kind, _ in KINDS}
    for line in lines:
        uri, _, sent = line.rsplit(" ", 2)
        kind = next(kind for kind, pattern in KINDS if re.search(pattern, uri))
        found[kind]["requests"] += 1
        found[kind]["bytes"] += int(sent)
    return found


def tiles_a_second(port, path, seconds):
    run = subprocess.run(["wrk", "-t1", "-c32", f"-d{seconds}s", f"http://127.0.0.1:{port}{path}"],
                         capture_output=True, text=True, check=True)
    if "Non-2xx" in run.stdout:
        sys.exit(f"measure_follower: not every answer was a tile: {run.stdout}")
    return round(float(re.search(r"Requests/sec:\s+([0-9.]+)", run.stdout)[1]))


def measure(options, folder, processes):
    shutil.copytree(options.data, folder / "data", ignore=shutil.ignore_patterns("node.lock"))

    def start(*words):
        log = (folder / "said.log").open("a")
        processes.append(subprocess.Popen(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL))

    node, front, copy = free_port(), free_port(), free_port()
    start(options.program, "node", "run", "--data", folder / "data", "--port", str(node))
    chain = wait("the node's start", 120, lambda: chains(node))[0]
    nginx_settings(folder, node, front)
    start("/usr/sbin/nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "error.log")
    wait("the start of nginx", 20, lambda: chains(front))
    asked = folder / "asked.log"
    asked.write_text("")
    log = f"/log/{chain['name']}"
    began = time.monotonic()
    start(options.program, "follow", f"http://127.0.0.1:{front}{log}", "--data", folder / "copy", "--port", str(copy),
          "--genesis", chain["id"])
    wait("catching up", 600, lambda: any(c["height"] >= chain["height"] for c in chains(copy)))
    seconds = time.monotonic() - began
    lines = asked.read_text().splitlines()
    time.sleep(options.idle_seconds)
    idle = tally(asked.read_text().splitlines()[len(lines):])
    files = [file for file in (folder / "data" / log[1:]).rglob("*") if file.is_file()]
    result = {
        "entries": chain["size"], "blocks": chain["height"], "log_files": len(files),
        "log_bytes": sum(file.stat().st_size for file in files), "catch_up_seconds": round(seconds, 2),
        "catch_up": tally(lines), "idle_seconds": options.idle_seconds, "idle": idle,
    }
    if options.wrk_seconds and shutil.which("wrk") and chain["size"] >= 256:
        result["tiles_per_s_node"] = tiles_a_second(node, log + "/tile/0/000", options.wrk_seconds)
        result["tiles_per_s_nginx"] = tiles_a_second(front, log + "/tile/0/000", options.wrk_seconds)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("data")
    parser.add_argument("--idle-seconds", type=int, default=10)
    parser.add_argument("--wrk-seconds", type=int, default=5)
    options = parser.parse_args()
    processes = []
    with tempfile.TemporaryDirectory(prefix="tongzhou-follower-") as name:
        try:
            print(json.dumps(measure(options, Path(name), processes), indent=2))
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait()


if __name__ == "__main__":
    main()
