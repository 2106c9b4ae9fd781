"""The webhook endpoint of this program: made once, kept with its secret, and moved when its address changes."""

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from passerelle import Gateway, NotFoundError
from passerelle.contract import WebhookEndpoint, WebhookEndpointRequest

from .state import StateFile


class EndpointRegistration:
    """Makes or moves the endpoint. Killed at any moment and started again within a day, it makes no second one."""

    def __init__(self, gateway: Gateway, folder: Path) -> None:
        self._gateway, self._file = gateway, StateFile(folder / "endpoint.json")

    def activate(self, url: str, use_secret: Callable[[str], None]) -> bool:
        """Gives the endpoint this address and has a test event sent to it; whether that arrived.

        `use_secret` gets the secret that the test event is signed with, before it is sent.
        """
        try:
            return self._activate(url, use_secret)
        except NotFoundError:  # the sandbox was reset, or somebody deleted the endpoint
            self._file.write({})
            return self._activate(url, use_secret)

    def _activate(self, url: str, use_secret: Callable[[str], None]) -> bool:
        state = self._file.read()
        if "secret" not in state:
            state = self._create(state, url)
        if state["url"] != url:
            self._gateway.change_endpoint(state["id"], {"url": url})
            state["url"] = url
            self._file.write(state)
        use_secret(state["secret"])
        return self._gateway.verify_endpoint(state["id"])["verified"]

    def _create(self, state: dict[str, Any], url: str) -> dict[str, Any]:
        # Address and key are kept before they are sent: when the answer is lost, the same request gets it again.
        if "idempotencyKey" not in state:
            state = {"url": url, "idempotencyKey": str(uuid.uuid4())}
            self._file.write(state)
        wanted: WebhookEndpointRequest = {"url": state["url"], "description": "vendor"}
        made: WebhookEndpoint = self._gateway.create_endpoint(wanted, state["idempotencyKey"])
        kept = {"url": state["url"], "id": made["id"], "secret": made["secret"]}
        self._file.write(kept)
        return kept
