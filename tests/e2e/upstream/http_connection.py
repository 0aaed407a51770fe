"""One connection of the fake server: HTTP/1.1 read and written by hand, so that it can also be written wrongly."""

import asyncio
import socket
import struct


class ClientLeft(Exception):
    """The client closed the connection, or it broke."""


class Request:
    """What a client sent, and what became of it."""

    def __init__(self, method, path, headers, body, connection):
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self.connection = connection  # a number: equal for requests over one kept connection
        self.json = None
        self.format = None     # openai, anthropic, ollama
        self.client_left = False  # before the reply's end
        self.done = False

    def __repr__(self):
        return f"{self.method} {self.path}"


class Connection:
    def __init__(self, reader, writer, number):
        self.reader, self.writer, self.number = reader, writer, number
        self.pending = b""
        self.chunked = False

    async def _more(self):
        try:
            data = await self.reader.read(65536)
        except OSError as error:
            raise ClientLeft from error
        if not data:
            raise ClientLeft
        self.pending += data

    async def read_request(self):
        while b"\r\n\r\n" not in self.pending:
            await self._more()
        head, _, self.pending = self.pending.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        body = await (self._read_chunked() if "chunked" in headers.get("transfer-encoding", "").lower()
                      else self._read_exactly(int(headers.get("content-length", "0"))))
        return Request(method, path.partition("?")[0], headers, body, self.number)

    async def _read_exactly(self, size):
        while len(self.pending) < size:
            await self._more()
        body, self.pending = self.pending[:size], self.pending[size:]
        return body

    async def _read_chunked(self):
        body = b""
        while True:
            while b"\r\n" not in self.pending:
                await self._more()
            line, _, self.pending = self.pending.partition(b"\r\n")
            chunk = await self._read_exactly(int(line.split(b";")[0], 16) + 2)
            if chunk == b"\r\n":
                return body
            body += chunk[:-2]

    async def until_client_leaves(self):
        """Returns when the client has gone; what it sends meanwhile is kept for the next request."""
        try:
            while True:
                await self._more()
        except ClientLeft:
            return

    async def send(self, data):
        try:
            self.writer.write(data)
            await self.writer.drain()
        except OSError as error:
            raise ClientLeft from error

    async def head(self, status, headers, length=None):
        """The head; without a length the body comes in chunks."""
        self.chunked = length is None
        lines = [f"HTTP/1.1 {status} Status"] + [f"{name}: {value}" for name, value in headers.items()]
        lines.append("transfer-encoding: chunked" if self.chunked else f"content-length: {length}")
        await self.send("\r\n".join(lines + ["", ""]).encode("latin-1"))

    async def part(self, data):
        await self.send(b"%x\r\n%s\r\n" % (len(data), data) if self.chunked else data)

    async def end(self):
        if self.chunked:
            await self.send(b"0\r\n\r\n")

    def reset(self):
        """The client sees "connection reset by peer"."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    async def close(self):
        self.writer.close()
        try:
            await self.writer.wait_closed()
        except (OSError, asyncio.CancelledError):
            pass
