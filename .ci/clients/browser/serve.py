"""Serves a page and the compiled client to a browser that it starts, and passes on what the page asks of a hospital, as the web
server of a hospital's own pages does. Ends with what the page says.

serve.py BROWSER CLIENT_FOLDER URL HMS DATA
"""

import http.client
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

browser, client, url, hms, data = sys.argv[1:]
here = pathlib.Path(__file__).parent
files = {"/": here / "index.html", "/page.js": here / "page.js"}
files |= {f"/hms-client/{file.name}": file for file in pathlib.Path(client).glob("*.js")}
kinds = {".html": "text/html", ".js": "text/javascript"}
hospital = urlsplit(url).netloc
said: list[str] = []
over = threading.Event()


def token(role: str) -> str:
    command = [hms, "token", "--data", data, "--role", role]
    # One who treats nobody.
    command += ["--subject", "doc_01hv0000000000000000000000"] if role == "doctor" else []
    made = subprocess.run(command, capture_output=True, text=True, check=True)
    return made.stdout.strip()


tokens = json.dumps({role: token(role) for role in ("admin", "doctor", "reception")}).encode()


class Page(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if file := files.get(self.path):
            self.reply(200, [("Content-Type", kinds[file.suffix])], file.read_bytes())
        elif self.path == "/tokens":
            self.reply(200, [("Content-Type", "application/json")], tokens)
        else:
            self.pass_on()

    def do_POST(self) -> None:
        if self.path != "/said":
            return self.pass_on()
        said.append(self.body().decode())
        self.reply(204, [], b"")
        over.set()

    do_PATCH = do_PUT = do_DELETE = do_POST

    def pass_on(self) -> None:
        connection = http.client.HTTPConnection(hospital, timeout=30)
        fields = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        connection.request(self.command, self.path, self.body(), fields)
        answer = connection.getresponse()
        hop = ("connection", "keep-alive", "transfer-encoding", "content-length")
        self.reply(answer.status, [field for field in answer.getheaders() if field[0].lower() not in hop], answer.read())
        connection.close()

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def reply(self, status: int, fields: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
threading.Thread(target=server.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
    # Its own sandbox wants rights that containers seldom have; it opens nothing but this page.
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", f"--user-data-dir={profile}"]
    running = subprocess.Popen(
        [browser, *flags, f"http://127.0.0.1:{server.server_port}/"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    over.wait(timeout=90)
    running.terminate()
    running.wait()
print(f"browser: {said[0] if said else 'the page said nothing in 90 s'}")
sys.exit(0 if said == ["all of it held"] else 1)
