"""Stands between a daemon and its clients, passes every byte on, and looks whether what is said is described.

Every client is covered so, whatever it is written in. What is found is kept until somebody asks.
"""

import http.client
import io
import os
import pathlib
import socket
import threading

from description import Description

MOST_KEPT = 16 << 20  # of one direction of a connection; what comes after that is passed on unseen


class Unclosed(io.BytesIO):
    def close(self):
        """http.client closes what it has read to its end; the next reply stands behind it."""


class Bytes:
    """What http.client takes for a socket."""

    def __init__(self, data):
        self.file = Unclosed(data)

    def makefile(self, *_):
        return self.file


class Exchange:
    operation = ""

    def __init__(self, method, target, request_body, response):
        self.method, self.target, self.request_body = method, target, request_body
        self.status, self.headers, self.whole = response.status, response.headers, True
        try:
            self.body = response.read()
        except http.client.IncompleteRead as cut:
            self.body, self.whole = cut.partial, False


def chunked(file):
    body = b""
    while size := int(file.readline().partition(b";")[0] or b"0", 16):
        body += file.read(size)
        file.readline()
    while file.readline().strip():
        pass
    return body


def exchanges_in(asked, answered):
    """What was said on one connection, as far as both sides got."""
    questions, answers = io.BytesIO(asked), Bytes(answered)
    while (line := questions.readline()).strip() or line:
        if not line.strip():
            continue
        words = line.decode("latin-1").split()
        if len(words) != 3:
            return
        headers = http.client.parse_headers(questions)
        if "chunked" in headers.get("Transfer-Encoding", ""):
            body = chunked(questions)
        else:
            body = questions.read(int(headers.get("Content-Length") or 0))
        response = http.client.HTTPResponse(answers, method=words[0])
        response.begin()
        yield Exchange(words[0], words[1], body, response)


class Witness:
    def __init__(self):
        self.description = Description()
        self.target = None
        self.problems, self.seen, self.lock = [], set(), threading.Lock()
        self.threads = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self.connection, args=(client,), daemon=True)
            self.threads.append(thread)
            thread.start()

    def connection(self, client):
        try:
            daemon = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            client.close()
            return
        for one in (client, daemon):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        asked, answered = bytearray(), bytearray()
        back = threading.Thread(target=self.pump, args=(daemon, client, answered), daemon=True)
        back.start()
        self.pump(client, daemon, asked)
        back.join()
        client.close()
        daemon.close()
        self.look(bytes(asked), bytes(answered))

    @staticmethod
    def pump(source, sink, kept):
        try:
            while data := source.recv(1 << 16):
                if len(kept) < MOST_KEPT:
                    kept += data
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            # One side is gone; the other one shall see it.
            for one in (source, sink):
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass

    def look(self, asked, answered):
        try:
            for exchange in exchanges_in(asked, answered):
                problems = self.description.check(exchange)
                with self.lock:
                    self.seen.add((exchange.operation, exchange.status))
                    self.problems += [f"{exchange.method} {exchange.target} -> {exchange.status}: {one}" for one in problems]
        except (http.client.HTTPException, ValueError, EOFError, OSError):
            pass  # what is no HTTP, or was broken off, is for other tests

    def finish(self):
        """Waits for what is under way; returns what was found."""
        self.listener.close()
        for thread in self.threads:
            thread.join(10)
        if path := os.environ.get("ASSISTD_E2E_SEEN"):
            with pathlib.Path(path).open("a") as file:
                file.writelines(f"{operation} {status}\n" for operation, status in sorted(self.seen) if operation)
        return self.problems
