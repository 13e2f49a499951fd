"""A web service for tests. Writes its port to standard output and every request, as a line of JSON, to a file.
It ends with its standard input.

`/answer/503` answers 503, `/later/120/503` with a Retry-After of 120, `/silent` never answers, `/drip` goes on with its headers for
ever, `/endless/200` with its body, until nobody listens; how much was sent is a request of path `/sent`. usage: web_server.py REQUESTS
"""

import http.server
import json
import os
import sys
import threading
import time
import urllib.parse

threading.Thread(target=lambda: os._exit(len(sys.stdin.read())), daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        request = {"path": self.path, "headers": {name.lower(): value for name, value in self.headers.items()}, "body": body}
        self.note(request)
        if self.path == "/silent":
            threading.Event().wait()
        if self.path == "/drip":
            self.drip()
        self.send_response(int(self.path.split("/")[-1]))
        self.send_header("Location", "/answer/200")
        if self.path.startswith("/later/"):
            self.send_header("Retry-After", urllib.parse.unquote(self.path.split("/")[2]))
        if self.path.startswith("/endless/"):
            self.send_header("Content-Length", str(1 << 40))
            self.end_headers()
            return self.pour()
        self.send_header("Content-Length", "0")
        self.end_headers()

    def note(self, request):
        with open(sys.argv[1], "a", encoding="utf-8") as file:
            file.write(json.dumps(request) + "\n")

    def drip(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X-More: x\r\n")
            self.wfile.flush()
            time.sleep(0.02)

    def pour(self):
        sent = 0
        try:
            while True:
                sent += self.wfile.write(bytes(65536))
        except OSError:
            self.note({"path": "/sent", "headers": {}, "body": str(sent)})

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
