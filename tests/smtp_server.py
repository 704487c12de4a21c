"""A mail server for tests: enough of SMTP to take, refuse or postpone a message."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Received:
    """What arrived, and how the next recipients are answered."""

    port: int = 0
    messages: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    credentials: list[str] = field(default_factory=list)
    recipient_answers: list[str] = field(default_factory=list)
    """Answers to the coming RCPT commands; "250 ok" when there are none left."""


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    received: Received


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self._say("220 ready")
        word = ""
        while word != "QUIT" and (line := self.rfile.readline().decode("ascii").strip()):
            word = line.partition(" ")[0].upper()
            self._answer(word, line)

    def _answer(self, word: str, line: str) -> None:
        received = self.server.received
        if word == "EHLO":
            self.wfile.write(b"250-here\r\n")
            self._say("250 AUTH PLAIN")
        elif word == "AUTH":
            received.credentials.append(line.rsplit(maxsplit=1)[-1])
            self._say("235 welcome")
        elif word == "RCPT":
            received.recipients.append(line)
            answers = received.recipient_answers
            self._say(answers.pop(0) if answers else "250 ok")
        elif word == "DATA":
            self._take_message(received)
        else:
            self._say("221 bye" if word == "QUIT" else "250 ok")

    def _take_message(self, received: Received) -> None:
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        received.messages.append(b"".join(lines))
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


@contextmanager
def smtp_server() -> Iterator[Received]:
    """Serve on a free port of the loopback until the block ends."""
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.received = Received(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.received
        finally:
            server.shutdown()
            thread.join()
