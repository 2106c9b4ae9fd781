"""An unreliable proxy in front of a gateway: it loses, cuts, delays and refuses what a test has it do."""

import http.client
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Fault:
    """What happens to the next request of a method whose address fits a pattern."""

    method: str
    path: str
    kind: str
    """`unsent`: dropped on the way there; `unanswered`: carried out, the answer lost; `cut`: half of the answer;
    `slow`: answered after the client has given up; `busy`: 503 with `Retry-After`; `none`: carried out."""
    before: Callable[[], object] = lambda: None
    """Done before the request goes on."""
    after: Callable[[], object] = lambda: None
    """Done when it was carried out."""


@dataclass
class Passed:
    """A request that came."""

    method: str
    path: str
    headers: dict[str, str]


class UnreliableProxy(ThreadingHTTPServer):
    """Passes everything on to a gateway, but for the faults that are planned, each of which happens once."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.host = urlsplit(target).netloc
        self.url = f"http://127.0.0.1:{self.server_port}{urlsplit(target).path}"
        self.passed: list[Passed] = []
        self.came = threading.Event()
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def plan(self, *faults: Fault) -> None:
        """Has these faults happen, and forgets which requests came before."""
        with self._lock:
            self._faults, self.passed = list(faults), []

    def left(self) -> int:
        """How many of the faults have not happened."""
        return len(self._faults)

    def next_fault(self, method: str, path: str) -> Fault:
        """The fault of a request, which then has happened."""
        with self._lock:
            for fault in self._faults:
                if fault.method == method and re.search(fault.path, path):
                    self._faults.remove(fault)
                    return fault
        return Fault(method, path, "none")

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what is being played."""


class _Handler(BaseHTTPRequestHandler):
    server: UnreliableProxy

    def _pass(self) -> None:
        self.server.came.set()
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.passed.append(Passed(self.command, self.path, headers))
        fault = self.server.next_fault(self.command, self.path)
        fault.before()
        if fault.kind == "busy":
            return self._answer(503, {"retry-after": "1", "content-type": "text/html"}, b"<h1>busy</h1>")
        if fault.kind == "unsent":
            return
        self.server.came.clear()
        status, answered, content = self._forward(headers, body)
        fault.after()
        if fault.kind == "slow":
            self.server.came.wait(20)  # until the client asks again
        if fault.kind != "unanswered":
            self._answer(status, answered, content, len(content) // 2 if fault.kind == "cut" else len(content))

    do_GET = do_PUT = do_POST = do_PATCH = _pass

    def _forward(self, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection(self.server.host, timeout=60)
        passed_on = {name: value for name, value in headers.items() if name not in ("host", "connection", "accept-encoding")}
        connection.request(self.command, self.path, body or None, passed_on | {"connection": "close"})
        answer = connection.getresponse()
        content = answer.read()
        kept = {n: v for n, v in answer.getheaders() if n.lower() not in ("content-length", "connection", "transfer-encoding")}
        return answer.status, kept, content

    def _answer(self, status: int, headers: dict[str, str], content: bytes, sent: int | None = None) -> None:
        self.send_response(status)
        for name, value in (headers | {"content-length": str(len(content)), "connection": "close"}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content[:sent])

    def log_message(self, *_: object) -> None:
        """Silent."""
