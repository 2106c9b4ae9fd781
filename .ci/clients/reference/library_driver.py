"""A driver that deposits with the Python library alone: the cases of the profiles `medical`, `staff` and
`reports` can be passed."""

import json
import sys
from typing import Any, cast

from passerelle import AccessError, Gateway, GatewayError, NotFoundError, PreconditionError, RefusedError

PLACES = {
    "medical": "/creches/{crecheId}/medicalStatements/{month}",
    "staff": "/staffRegister",
    "report": "/creches/{crecheId}/activityReports/{quarter}",
}
"""Where a document of each kind is deposited."""

Report = dict[str, Any]


class LibraryGateway(Gateway):
    """The library with the deposit of any document."""

    def put(self, path: str, document: object, etag: str | None) -> tuple[Any, str | None]:
        """The answer and the `ETag`."""
        answer = self._call("PUT", path, {}, {"If-Match": etag} if etag else {}, document)
        return answer.json(), answer.headers.get("etag")

    def etag_of(self, path: str) -> str | None:
        """The `ETag` of what is stored; none where nothing is."""
        try:
            return self._call("GET", path).headers.get("etag")
        except NotFoundError:
            return None

    def sign(self, path: str) -> str | None:
        """The page on which a person signs, because no key can; none where that is not why it was refused."""
        try:
            self._call("POST", f"{path}/signature")
        except AccessError as refused:
            page: str | None = cast(dict[str, Any], refused.problem).get("page")
            return page
        return None


class Driver:
    """The `ETag` of each document that was read or deposited, by its path."""

    def __init__(self) -> None:
        self._known: dict[str, str | None] = {}

    def carry_out(self, step: dict[str, Any]) -> Report:
        """The report on a step."""
        if step.get("kind") not in PLACES:
            return {"outcome": "unsupported"}
        gateway, path = LibraryGateway(step["apiUrl"], step["key"]), PLACES[step["kind"]].format_map(step)
        try:
            return self._sign(gateway, path) if step["instruction"] == "sign" else self._deposit(gateway, path, step)
        except RefusedError as refused:
            return {"outcome": "refused", "findings": codes(refused.findings)}
        except PreconditionError:
            return {"outcome": "conflict"}
        except GatewayError:
            return {"outcome": "notDone"}

    def _deposit(self, gateway: LibraryGateway, path: str, step: dict[str, Any]) -> Report:
        known, document = self._known, step["document"]
        if step["instruction"] == "replace" or path not in known:
            known[path] = gateway.etag_of(path)
        accepted, known[path] = gateway.put(path, document, known[path])
        return {"outcome": "done", "findings": codes(accepted["warnings"])}

    def _sign(self, gateway: LibraryGateway, path: str) -> Report:
        page = gateway.sign(path)
        return {"outcome": "refused", "page": page} if page else {"outcome": "notDone"}


def codes(findings: list[Any]) -> list[str]:
    """Their codes."""
    return [finding["code"] for finding in findings]


def main() -> None:
    driver = Driver()
    for line in sys.stdin:
        print(json.dumps(driver.carry_out(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
