"""The certification: both reference clients earn a certificate, which verifies, and every mutant of one is refused for its defect.

usage: certify.py PROGRAM PYTHON-CLIENT COMMAND-OF-TYPESCRIPT-CLIENT...
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from gateway import Sandbox
from mutants import ATTENDANCE, REPORTS, STAFF, WEBHOOKS, Mutant

HERE = Path(__file__).resolve().parent
DRIVER, LIBRARY = str(HERE.parents[2] / "sandbox/clients/driver.py"), str(HERE / "library_driver.py")
OF_CLIENTS = ("attendance", "webhooks")
"""The profiles of the reference clients; those of the others are passed with the library alone."""
AT_ONCE = 4


class Certification:
    """`passerelle certify` against a sandbox."""

    def __init__(self, program: str, sandbox: Sandbox) -> None:
        self._program, self._base = program, sandbox.url.removesuffix("/creche/v1")
        self._folder = Path(sandbox.folder.name)

    def play(self, name: str, profile: str, driver: list[str], path: Path | None, host: str, *options: str) -> tuple[int, Any, str]:
        """The exit status, the run, and what was printed."""
        result = self._folder / f"{name}.json"
        command = [self._program, "certify", "--api", self._base, "--profile", profile, "--product", name, "--product-version", "1"]
        command += ["--driver", subprocess.list2cmdline([sys.executable, *driver]), "--json", str(result), *options]
        environment = os.environ | {"PASSERELLE_RECEIVER_HOST": host} | ({"PYTHONPATH": str(path)} if path else {})
        played = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
        run = json.loads(result.read_text(encoding="utf-8")) if result.exists() else None
        return played.returncode, run, played.stdout + played.stderr

    def certify(self, name: str, driver: list[str], path: Path | None, host: str, *profiles: str) -> None:
        """The client passes every case of the profiles, and its certificates verify off-line."""
        for profile in profiles:
            signed, keys = self._folder / f"{name}-{profile}.jws", self._folder / "jwks.json"
            files = ["--certificate", str(signed), "--junit", f"{signed}.xml", "--html", f"{signed}.html"]
            status, _, told = self.play(f"{name}-{profile}", profile, driver, path, host, *files)
            assert status == 0, told
            with urllib.request.urlopen(f"{self._base}/.well-known/jwks.json", timeout=30) as answer:
                keys.write_bytes(answer.read())
            verify = [self._program, "verify-certificate", str(signed), "--jwks", str(keys)]
            verified = subprocess.run(verify, capture_output=True, text=True)
            assert verified.returncode == 0 and "practice" in verified.stdout, verified
            altered = signed.with_suffix(".altered")
            altered.write_text(signed.read_text(encoding="utf-8").replace(".", ".e30", 1), encoding="utf-8")
            assert subprocess.run([*verify[:2], str(altered), *verify[3:]], capture_output=True).returncode == 1

    def refuse(self, mutant: Mutant, profile: str, client: Path, number: int) -> str | None:
        """What is wrong with the refusal of a mutant; nothing where it fails its case for its defect."""
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(shutil.copytree(client, f"{folder}/client"))
            shutil.copy(LIBRARY, copy)
            file = copy / mutant.file
            text = file.read_text(encoding="utf-8")
            if mutant.old not in text:
                return f"{mutant.name}: the text to change is not in {mutant.file}"
            file.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
            # A receiver that was delivered something has read the feed once: what is caused next it learns in another way.
            cases = ["endpoint", "delivery", mutant.case] if profile == "webhooks" else [mutant.case]
            only = [option for case in dict.fromkeys(cases) for option in ("--case", f"{profile}.{case}")]
            driver = [DRIVER, sys.executable, "-m", "vendor"] if profile in OF_CLIENTS else [str(copy / Path(LIBRARY).name)]
            status, run, told = self.play(f"mutant-{profile}-{number}", profile, driver, copy, f"127.0.1.{number + 1}", *only)
        failed = {each["id"]: each["failure"]["code"] for each in run["cases"] if "failure" in each} if run else {}
        right = status == 1 and failed.get(f"{profile}.{mutant.case}") == mutant.failure
        return None if right else f"{mutant.name}: {failed or told} in place of {mutant.case}: {mutant.failure}"


def main(program: str, python: str, *typescript: str) -> None:
    os.environ |= {"PASSERELLE_WORLDS__PER_ADDRESS_PER_HOUR": "1000", "PYTHONDONTWRITEBYTECODE": "1"}
    sandbox, begun = Sandbox(program), time.monotonic()
    try:
        certification = Certification(program, sandbox)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            clients = [
                pool.submit(certification.certify, "python", [DRIVER, sys.executable, "-m", "vendor"], Path(python), "127.0.0.2", *OF_CLIENTS),
                pool.submit(certification.certify, "typescript", [DRIVER, *typescript], None, "127.0.0.3", *OF_CLIENTS),
                pool.submit(certification.certify, "library", [LIBRARY], Path(python), "127.0.0.4", "medical", "staff", "reports"),
            ]
            profiles = [("attendance", ATTENDANCE), ("staff", STAFF), ("reports", REPORTS), ("webhooks", WEBHOOKS)]
            tries = [(mutant, profile, number) for profile, mutants in profiles for number, mutant in enumerate(mutants)]
            refusals = [pool.submit(certification.refuse, mutant, profile, Path(python), number) for mutant, profile, number in tries]
            for client in clients:
                client.result()
            wrong = [told for refusal in refusals if (told := refusal.result())]
        assert not wrong, "\n".join(wrong)
        assert len(tries) >= 25
        print(f"both clients are certified, {len(tries)} mutants are refused ({time.monotonic() - begun:.1f} s)")
    finally:
        sandbox.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
