"""A driver that deposits medical statements with the Python library: the cases of the profile `medical` can be passed."""

import json
import sys
from typing import Any

from passerelle import Gateway, GatewayError, PreconditionError, RefusedError


class MedicalGateway(Gateway):
    """The library with the deposit of a medical statement."""

    def put_medical(self, path: str, document: object, etag: str | None) -> tuple[Any, str | None]:
        """The answer and the `ETag`."""
        answer = self._call("PUT", path, {}, {"If-Match": etag} if etag else {}, document)
        return answer.json(), answer.headers.get("etag")

    def etag_of(self, path: str) -> str | None:
        """The `ETag` of what is stored."""
        return self._call("GET", path).headers.get("etag")


def deposit(known: dict[str, str], step: dict[str, Any]) -> dict[str, Any]:
    """The report on a deposit."""
    gateway, path = MedicalGateway(step["apiUrl"], step["key"]), f"/creches/{step['crecheId']}/medicalStatements/{step['month']}"
    try:
        etag = gateway.etag_of(path) if step["instruction"] == "replace" else known.get(path)
        accepted, etag = gateway.put_medical(path, step["document"], etag)
    except RefusedError as refused:
        return {"outcome": "refused", "findings": [finding["code"] for finding in refused.findings]}
    except PreconditionError:
        return {"outcome": "conflict"}
    except GatewayError:
        return {"outcome": "notDone"}
    if etag:
        known[path] = etag
    return {"outcome": "done", "findings": [finding["code"] for finding in accepted["warnings"]]}


def main() -> None:
    known: dict[str, str] = {}
    for line in sys.stdin:
        step = json.loads(line)
        is_known = step["instruction"] in ("deposit", "replace") and step["kind"] == "medical"
        print(json.dumps(deposit(known, step) if is_known else {"outcome": "unsupported"}), flush=True)


if __name__ == "__main__":
    main()
