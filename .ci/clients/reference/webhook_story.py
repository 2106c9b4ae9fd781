"""Webhooks: an endpoint that is made once, deliveries that are verified, and a feed that fills the gaps."""

import base64
import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

from proxy import Fault

World = Any


def an_endpoint_is_made_once_though_answers_are_lost_and_the_program_is_killed(world: World) -> None:
    killed = threading.Event()

    def kill() -> None:
        first.kill()
        killed.set()

    world.proxy.plan(*(Fault("POST", "/webhookEndpoints$", "unanswered", after=after) for after in (kill, killed.wait)))
    first = world.client.start("receive")
    assert killed.wait(60)
    world.receiver = world.client.start("receive", "--patience", "60")
    world.hook = world.receiver.line("receiving at ").split()[-1]
    keys = [each.headers["idempotency-key"] for each in world.proxy.passed if each.path.endswith("/webhookEndpoints")]
    assert world.proxy.left() == 0 and len(keys) == 3 and len(set(keys)) == 1
    made = world.sandbox.call("GET", "/webhookEndpoints")[1]["items"]
    assert [(each["url"], each["state"]) for each in made] == [(world.hook, "active")]
    world.receiver.line("webhook for event 0")


def a_delivery_leads_to_the_event_in_the_feed(world: World) -> None:
    world.sandbox.somebody_else_deposits("2025-09")
    number = world.sandbox.events()[-1]["number"]
    world.receiver.line(f"webhook for event {number}")
    world.receiver.line(f"{number} attendanceStatement.deposited")


def forged_and_old_deliveries_are_refused_and_doubled_ones_handled_once(world: World) -> None:
    event = world.sandbox.events()[-1]
    secret = json.loads((world.client.state / "endpoint.json").read_text(encoding="utf-8"))["secret"]
    now, body = int(time.time()), json.dumps(event).encode()
    right, wrong = sign(secret, event["id"], now, body), sign("whsec_" + "A" * 43 + "=", event["id"], now, body)
    assert deliver(world.hook, event["id"], now, wrong, body) == 401
    assert deliver(world.hook, event["id"], now, right, body + b" ") == 401
    assert deliver(world.hook, event["id"], now + 1, right, body) == 401
    assert deliver(world.hook, event["id"], now, "", body) == 401
    for then in (now - 600, now + 600):
        assert deliver(world.hook, event["id"], then, sign(secret, event["id"], then, body), body) == 401
    assert deliver(world.hook, event["id"], now, f"v1a,eA== {wrong} {right}", body) == 204
    world.receiver.line(f"webhook for event {event['number']}, which came before")
    assert len([line for line in world.receiver.lines if line.startswith(f"{event['number']} ")]) == 1
    assert len([line for line in world.receiver.lines if line.startswith("refused a delivery")]) == 6


def what_was_not_announced_is_found_in_the_feed(world: World) -> None:
    lines = world.receiver.kill()
    assert not any(line.startswith("no webhook announced") for line in lines), lines
    handled = [line.split()[0] for line in lines if " attendanceStatement." in line]
    assert len(handled) == len(set(handled)), lines
    world.sandbox.somebody_else_deposits("2025-08")
    number = world.sandbox.events()[-1]["number"]
    receiver = world.client.start("receive", "--patience", "0.3")
    moved = receiver.line("receiving at ").split()[-1]
    receiver.line(f"{number} attendanceStatement.deposited")
    made = world.sandbox.call("GET", "/webhookEndpoints")[1]["items"]
    assert [(each["url"], each["state"]) for each in made] == [(moved, "active")] and moved != world.hook
    pause(world, made[0]["id"])
    world.sandbox.somebody_else_deposits("2025-07")
    receiver.line(f"{number + 1} attendanceStatement.deposited")
    receiver.line(f"no webhook announced event {number + 1}; the feed had it")
    receiver.kill()


def pause(world: World, endpoint: str) -> None:
    """Has the gateway announce nothing for a while."""
    status, told, _ = world.sandbox.call("PATCH", f"/webhookEndpoints/{endpoint}", {"state": "paused"})
    assert status == 200 and told["state"] == "paused", told


def sign(secret: str, id_: str, timestamp: int, body: bytes) -> str:
    """A signature as Standard Webhooks has it, by other code than that of the clients."""
    content = b".".join([id_.encode(), str(timestamp).encode(), body])
    mac = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), content, hashlib.sha256)
    return "v1," + base64.b64encode(mac.digest()).decode()


def deliver(hook: str, id_: str, timestamp: int, signature: str, body: bytes) -> int:
    """The status that a delivery is answered with."""
    headers = {"webhook-id": id_, "webhook-timestamp": str(timestamp), "webhook-signature": signature}
    request = urllib.request.Request(hook, body, headers | {"content-type": "application/cloudevents+json"}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


STORIES: list[Callable[[World], None]] = [
    an_endpoint_is_made_once_though_answers_are_lost_and_the_program_is_killed,
    a_delivery_leads_to_the_event_in_the_feed,
    forged_and_old_deliveries_are_refused_and_doubled_ones_handled_once,
    what_was_not_announced_is_found_in_the_feed,
]
