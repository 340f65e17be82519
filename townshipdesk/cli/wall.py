"""Serving the wall board to a browser on the office's own screen: read only, no personal data."""

from __future__ import annotations

import json
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from townshipdesk.services.wall import Wall

if TYPE_CHECKING:
    from townshipdesk.services.office import Office

WEB: Final = Path(__file__).resolve().parents[1] / "web"
PAGES: Final = {
    "/": ("board.html", "text/html; charset=utf-8"),
    "/board.css": ("board.css", "text/css; charset=utf-8"),
    "/board.js": ("board.js", "text/javascript; charset=utf-8"),
}
_HEADERS: Final = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'self' 'unsafe-inline'; "
     "script-src 'self'; connect-src 'self'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-store"),
)  # fmt: skip


class WallServer(ThreadingHTTPServer):
    """Serves three files and the figures, nothing else. Figures are computed when they changed."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, office: Office, host: str, port: int) -> None:
        super().__init__((host, port), _Handler)
        self._office = office
        self._lock = threading.Lock()
        self._version = -1
        self._minute = ""
        self._answer = b""
        self._wall = Wall()

    def figures(self) -> bytes:
        """Give the figures as JSON; they are the same bytes until another desk has committed."""
        with self._lock:  # one connection, one thread at a time
            version = self._office.database.data_version()
            minute = self._office.now().strftime("%Y-%m-%d %H:%M")
            if (version, minute) != (self._version, self._minute):
                document = self._wall.figures(self._office)
                self._answer = json.dumps(document, ensure_ascii=False).encode("utf-8")
                self._version, self._minute = version, minute
            return self._answer


class _Handler(BaseHTTPRequestHandler):
    server: WallServer
    server_version = "townshipdesk"
    sys_version = ""
    timeout: ClassVar[int] = 10

    def do_GET(self) -> None:
        """Answer for one of the known paths."""
        if not self._host_is_an_address():
            # A page elsewhere could point a name of its own here (DNS rebinding).
            self._send(HTTPStatus.FORBIDDEN, b"", "text/plain; charset=utf-8")
        elif self.path == "/figures.json":
            self._send(HTTPStatus.OK, self.server.figures(), "application/json; charset=utf-8")
        elif self.path in PAGES:
            name, kind = PAGES[self.path]
            self._send(HTTPStatus.OK, (WEB / name).read_bytes(), kind)
        else:
            self._send(HTTPStatus.NOT_FOUND, b"", "text/plain; charset=utf-8")

    def log_message(self, format: str, *args: object) -> None:
        """Keep no log: the board asks every second."""

    def _host_is_an_address(self) -> bool:
        host = self.headers.get("Host", "").rsplit(":", 1)[0].strip("[]")
        if host == "localhost":
            return True
        try:
            ip_address(host)
        except ValueError:
            return False
        return True

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in _HEADERS:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
