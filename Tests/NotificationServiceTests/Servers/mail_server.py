"""A mail server for tests. Writes its port to standard output and every mail that it takes, as a line of JSON, to a file.
It ends with its standard input.

A recipient 451@… is answered 451, and one data554@… when the mail was sent. In the mode “closed” it greets with 554.

usage: mail_server.py starttls|smtps|plain|closed CERTIFICATE KEY USER PASSWORD MAILS
"""

import asyncio
import email
import email.policy
import json
import os
import ssl
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult

threading.Thread(target=lambda: os._exit(len(sys.stdin.read())), daemon=True).start()
mode, certificate, key, user, password, mails = sys.argv[1:]


class Inbox:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return "550 5.1.1 There is no such mailbox"
        if address.startswith("full@"):
            return "452 4.2.2 The mailbox is full"
        if address[:3].isdigit():
            return address[:3] + " as you ask"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if envelope.rcpt_tos[0].startswith("data"):
            return envelope.rcpt_tos[0][4:7] + " as you ask"
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        taken = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in mail.items()],
            "body": mail.get_content().replace("\r\n", "\n"),
            "raw": envelope.content.decode("ascii"),
            "encrypted": server.transport.get_extra_info("cipher") is not None,
            "login": session.auth_data.login.decode() if session.authenticated else None,
        }
        with open(mails, "a", encoding="utf-8") as file:
            file.write(json.dumps(taken) + "\n")
        return "250 OK, taken"


def authenticate(server, session, envelope, mechanism, data):
    right = data.login.decode() == user and data.password.decode() == password
    return AuthResult(success=right, handled=right, auth_data=data)


def make_server():
    return SMTP(
        Inbox(),
        hostname="localhost",
        tls_context=tls if mode == "starttls" else None,
        require_starttls=mode == "starttls",
        auth_required=mode != "plain",
        auth_require_tls=mode == "starttls",
        authenticator=authenticate,
        enable_SMTPUTF8=False,
    )


class Closed(asyncio.Protocol):
    def connection_made(self, transport):
        transport.write(b"554 No service here\r\n")


async def serve():
    protocol = Closed if mode == "closed" else make_server
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0, ssl=tls if mode == "smtps" else None)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


tls = None
if mode in ("starttls", "smtps"):
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)
asyncio.run(serve())
