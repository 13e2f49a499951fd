"""A web service for tests. Writes its port to standard output and every request, as a line of JSON, to a file.
It ends with its standard input.

`/answer/503` answers 503, `/later/120/503` with a Retry-After of 120, `/silent` never answers. usage: web_server.py REQUESTS
"""

import http.server
import json
import os
import sys
import threading
import urllib.parse

threading.Thread(target=lambda: os._exit(len(sys.stdin.read())), daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        request = {"path": self.path, "headers": {name.lower(): value for name, value in self.headers.items()}, "body": body}
        with open(sys.argv[1], "a", encoding="utf-8") as file:
            file.write(json.dumps(request) + "\n")
        if self.path == "/silent":
            threading.Event().wait()
        self.send_response(int(self.path.split("/")[-1]))
        self.send_header("Location", "/answer/200")
        if self.path.startswith("/later/"):
            self.send_header("Retry-After", urllib.parse.unquote(self.path.split("/")[2]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_address[1], flush=True)
server.serve_forever()
