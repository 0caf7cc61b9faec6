#!/usr/bin/python3
"""A mail server for tests: SMTP with STARTTLS or TLS and with a login, on a free port of this
machine. What it takes is in DIR/mail/N.eml, whom it was for in DIR/mail/N.json; its port is in
DIR/port. How it behaves is read from DIR/fault for each mail: "hang" (never answers MAIL),
"refuse" (every address), "refuse ADDRESS" (one), "later" (a temporary refusal), "stay" (never answers
QUIT), or nothing. Each QUIT is a line of DIR/quits."""

import argparse
import asyncio
import base64
import json
import os
import signal
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.n = 0

    def fault(self):
        try:
            with open(os.path.join(self.folder, "fault"), encoding="utf-8") as file:
                return file.read().split()
        except FileNotFoundError:
            return []

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.fault()[:1] == ["hang"]:
            with open(os.path.join(self.folder, "hangs"), "a", encoding="utf-8") as file:
                file.write(address + "\n")
            await asyncio.sleep(3600)
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        fault = self.fault()
        if fault[:1] == ["refuse"] and fault[1:] in ([], [address]):
            return "550 5.1.1 No such mailbox here"
        if fault[:1] == ["later"]:
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_QUIT(self, server, session, envelope):
        with open(os.path.join(self.folder, "quits"), "a", encoding="utf-8") as file:
            file.write("QUIT\n")
        if self.fault()[:1] == ["stay"]:
            await asyncio.sleep(3600)
        return "221 2.0.0 Bye"

    async def handle_DATA(self, server, session, envelope):
        self.n += 1
        name = os.path.join(self.folder, "mail", str(self.n))
        about = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": server.transport.get_extra_info("sslcontext") is not None,
            "user": session.auth_data.login.decode() if session.auth_data else None,
        }
        with open(name + ".json", "w", encoding="utf-8") as file:
            json.dump(about, file)
        with open(name + ".part", "wb") as file:
            file.write(envelope.original_content)
        os.rename(name + ".part", name + ".eml")
        return "250 2.0.0 Taken as number %d" % self.n


def authenticator(user, password, handler):
    def check(server, session, envelope, mechanism, data):
        good = data.login.decode() == user and data.password.decode() == password
        if handler.fault()[:1] == ["repeat"]:
            both = base64.b64encode(b"\0" + data.login + b"\0" + data.password)
            what = data.password if handler.fault()[1:] == ["plain"] else both
            return AuthResult(
                success=False, handled=False, message="535 5.7.8 Not valid: " + what.decode()
            )
        return AuthResult(success=good, handled=False, auth_data=data)

    return check


async def serve(args):
    os.makedirs(os.path.join(args.dir, "mail"), exist_ok=True)
    context = None
    if args.tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(args.cert, args.key)
    handler = Handler(args.dir)
    options = {"enable_SMTPUTF8": False, "timeout": 3600}
    if args.user:
        options["authenticator"] = authenticator(args.user, args.password, handler)
        options["auth_required"] = True
        options["auth_require_tls"] = args.tls == "starttls"
    if args.tls == "starttls":
        options["tls_context"] = context

    def make():
        return SMTP(handler, hostname="mail.test", **options)

    server = await asyncio.get_running_loop().create_server(
        make, "127.0.0.1", args.port, ssl=context if args.tls == "smtps" else None
    )
    port = os.path.join(args.dir, "port")
    with open(port + ".part", "w", encoding="utf-8") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.rename(port + ".part", port)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dir", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--tls", choices=["starttls", "smtps", "none"], default="starttls")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--user")
    parser.add_argument("--password")
    asyncio.run(serve(parser.parse_args()))


main()
