"""What a deposit costs in a world when there are many others: server CPU by the kernel's account of the process.

usage: worlds.py PROGRAM [WORLDS]

It serves a sandbox on a file, deposits in one world, makes the other worlds (1 000 by default), and deposits in the same world again:
two rounds before and two after, each of another month; the smaller counts. The ratio is to be at most 1.3.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

DEPOSITS = 150
#: A month for each round, with two open days: a statement has a bound on its revisions.
MONTHS = {"2026-06": (22, 23), "2026-07": (22, 23), "2026-08": (24, 25), "2026-09": (22, 23)}


def request(method: str, url: str, body: object, key: str = "", match: str = "") -> Any:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    headers |= {"If-Match": match} if match else {}
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(body).encode(), headers, method=method), timeout=60) as answer:
        return json.load(answer)


def cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def deposits(world: Any, process: int, month: str) -> float:
    """Milliseconds of CPU of a deposit: one child, two days, another status each time, so that each is a revision."""
    creche = world["organisers"][0]["creches"][0]["id"]
    key = world["organisers"][0]["applications"][0]["keys"][0]["key"]
    child = world["children"][creche][0]
    url = f"{world['apiUrl']}/creches/{creche}/attendanceStatements/{month}"
    before = cpu_seconds(process)
    for number in range(DEPOSITS):
        status = "present" if number % 2 else "unjustifiedAbsence"
        days = [{"date": f"{month}-{day}", "status": status, "duration": "full"} for day in MONTHS[month]]
        request("PUT", url, {"lines": [child | {"days": days}]}, key, "*" if number else "")
    return (cpu_seconds(process) - before) / DEPOSITS * 1000


def main(program: str, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"PASSERELLE_WORLDS__PER_ADDRESS_PER_HOUR": "100000", "PASSERELLE_LOG__FILTER": "warn"}
        process = subprocess.Popen(
            [program, "sandbox", "--listen", "127.0.0.1:0", "--data", folder], env=environment, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        described = next(line for line in process.stdout if line.startswith("Keys and ids for scripts: "))
        base = json.loads(Path(described.partition(": ")[2].strip()).read_text())["baseUrl"]
        try:
            make = lambda seed: request("POST", f"{base}/sandbox/worlds", {"seed": seed, "startDate": "2026-10-12"})
            world = make(0)
            alone = min(deposits(world, process.pid, month) for month in list(MONTHS)[:2])
            began = time.monotonic()
            for seed in range(1, count):
                make(seed)
            took = time.monotonic() - began
            beside = min(deposits(world, process.pid, month) for month in list(MONTHS)[2:])
        finally:
            process.terminate()
            process.wait()
    print(f"alone {alone:.2f} ms, beside {count - 1} other worlds {beside:.2f} ms: {beside / alone:.2f} times; a world is made in {took / max(count - 1, 1) * 1000:.0f} ms")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
