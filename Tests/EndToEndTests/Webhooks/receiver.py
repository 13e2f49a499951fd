"""Somebody who is told of events by a webhook, as the client for Python has him check what comes.

Writes its port to standard output, and to a file each post as a line of JSON. Answers with each of the statuses in turn, and with the
last for ever; 401 what is not signed with the secret. It ends with its standard input.

usage: receiver.py SECRET FILE STATUS…
"""

import http.server
import json
import os
import sys
import threading

# The module alone: the rest of the client needs httpx.
import webhooks

threading.Thread(target=lambda: os._exit(len(sys.stdin.read())), daemon=True).start()
secret, path, *statuses = sys.argv[1:]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        post = {"delivery_id": self.headers["Idempotency-Key"]}
        try:
            post["event"] = webhooks.read(body, self.headers["X-HMS-Signature"], secret)
            post["status"] = int(statuses.pop(0) if len(statuses) > 1 else statuses[0])
        except webhooks.WrongSignature:
            post["status"] = 401
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(post) + "\n")
        self.send_response(post["status"])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
