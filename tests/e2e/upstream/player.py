"""Plays one scripted reply over one connection."""

import asyncio
import json

from .script import Fault, Gate, Pause, Ping, Text, Thinking, ToolCall

# What a line without end is made of; the client leaves long before there were so many.
ENDLESS_PIECE = b"x" * 65536
ENDLESS_PIECES = 16384
GARBAGE = bytes(range(256)) * 4 + b"\n\n\xff\xfe{]}\n\n"


class ConnectionIsOver(Exception):
    """The script ended the connection itself."""


class Player:
    def __init__(self, connection, reply, wire, request):
        self.connection, self.reply, self.wire, self.request = connection, reply, wire, request
        self.begun = False

    async def play(self):
        """True: the reply is whole and the connection may be used again."""
        wanted = self.request.json.get("stream", self.wire.STREAMS_UNLESS_ASKED)
        try:
            await (self._stream() if wanted else self._whole())
            return True
        except ConnectionIsOver:
            return False

    def _headers(self, content_type):
        return {"content-type": self.reply.content_type or content_type} | self.wire.request_id_header() \
            | self.reply.headers

    async def _wait(self, step):
        if isinstance(step, Pause):
            await asyncio.sleep(step.seconds)
        elif isinstance(step, Gate):
            step.is_reached.set()
            while not step.is_open.is_set():
                await asyncio.sleep(0.002)

    # Streamed

    async def _stream(self):
        self.frames = self.wire.Stream(self.reply, self.request.json)
        for step in self.reply.steps:
            if isinstance(step, (Text, Thinking, ToolCall)):
                await self._begin()
                await self._write(self.frames.step(step))
            elif isinstance(step, Ping):
                await self._begin()
                await self._write([self.frames.ping()])
            elif isinstance(step, Fault):
                await self._stream_fault(step)
            else:
                await self._wait(step)
        await self._begin()
        await self._write(self.frames.end())
        await self.connection.end()

    async def _begin(self):
        if self.begun:
            return
        self.begun = True
        await self.connection.head(200, self._headers(self.wire.STREAM_TYPE) | {"cache-control": "no-cache"})
        await self._write(self.frames.start())

    async def _write(self, frames):
        for frame in frames:
            if "crlf" in self.reply.quirks:
                frame = frame.replace(b"\n", b"\r\n")
            size = self.reply.cut or len(frame)
            for at in range(0, len(frame), size):
                await self.connection.part(frame[at:at + size])
                if self.reply.pace_s:
                    await asyncio.sleep(self.reply.pace_s)

    async def _stream_fault(self, fault):
        if fault.kind in ("reset", "eof", "closed", "silence"):
            await self._break_off(fault)
        await self._begin()
        if fault.kind == "endless_line":
            await self.connection.part(self.frames.endless())
            for _ in range(ENDLESS_PIECES):
                await self.connection.part(ENDLESS_PIECE)
        elif fault.kind == "garbage":
            await self.connection.part(GARBAGE)
        elif fault.kind == "wrong_json":
            await self.connection.part(self.frames.frame('{"choices": [{"delta": {"content": "x"]]'))
        else:
            await self.connection.part(self.frames.error(fault))
        await self.connection.end()
        raise ConnectionIsOver

    async def _break_off(self, fault):
        if fault.kind == "silence":
            await asyncio.Event().wait()  # until the client leaves
        if fault.kind == "reset":
            self.connection.reset()
        if fault.kind == "eof" and self.begun:
            await self.connection.end()
        raise ConnectionIsOver

    # Whole

    async def _whole(self):
        body = json.dumps(self.wire.whole(self.reply, self.request.json), ensure_ascii=False).encode()
        for step in self.reply.steps:
            if isinstance(step, Fault):
                await self._whole_fault(step, body)
            else:
                await self._wait(step)
        await self._send_whole(body)

    async def _send_whole(self, body):
        await self.connection.head(200, self._headers("application/json"), len(body))
        await self._write([body])

    async def _whole_fault(self, fault, body):
        said = any(isinstance(step, Text) for step in self.reply.steps[:self.reply.steps.index(fault)])
        if fault.kind in ("reset", "eof", "closed", "silence"):
            if said:  # half of it
                await self.connection.head(200, self._headers("application/json"), len(body))
                await self._write([body[:len(body) // 2]])
            await self._break_off(fault)
        if fault.kind == "endless_line":
            await self.connection.head(200, self._headers("application/json"), len(ENDLESS_PIECE) * ENDLESS_PIECES)
            for _ in range(ENDLESS_PIECES):
                await self.connection.part(ENDLESS_PIECE)
        elif fault.kind == "garbage":
            await self._send_whole(GARBAGE)
        elif fault.kind == "wrong_json":
            await self._send_whole(body[:len(body) // 2])
        else:
            error = self.wire.error_body(fault.message, status=529)
            await self._send_whole(json.dumps(error).encode())
        raise ConnectionIsOver
