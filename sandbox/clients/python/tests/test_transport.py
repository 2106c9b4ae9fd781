import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer

from passerelle.transport import LostAnswerError, Request, send


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/silent":
            self.rfile.read(1)  # until the client hangs up
            return
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "100" if self.path == "/cut" else "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        pass


class Exchange(unittest.TestCase):
    def setUp(self) -> None:
        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_port}"

    def test_a_redirect_is_not_followed(self) -> None:
        answer = send(Request("GET", self.url + "/moved"))
        self.assertEqual((answer.status, answer.headers["location"]), (302, "/elsewhere"))

    def test_half_an_answer_and_none_are_lost(self) -> None:
        for path in ("/cut", "/silent"):
            self.assertRaises(LostAnswerError, send, Request("GET", self.url + path, timeout=0.1))
