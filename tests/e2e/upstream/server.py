"""The fake model server: OpenAI, Anthropic and Ollama on one port of 127.0.0.1, in a thread of its own.

    with Upstream() as upstream:
        upstream.script(Reply([ToolCall("add", {"a": 1})]), Reply([Text("It is ", "1.")]))
        ... a client of upstream.url ...
        upstream.requests[-1].json

Replies are given in order. script(..., when="some words") is for the requests that hold these words anywhere in their
messages, so conversations at once each have a script of their own; otherwise= answers when nothing else is left (a reply, or a function that makes one for the request).
"""

import asyncio
import hashlib
import json
import socket
import threading
import time
import urllib.parse

from . import anthropic_format, ollama_format, openai_format
from .contract import check_anthropic, check_ollama, check_openai
from .http_connection import ClientLeft, Connection
from .player import Player
from .script import Failure, Gate, Reply, reply_from

FORMATS = {"openai": openai_format, "anthropic": anthropic_format, "ollama": ollama_format}
CHECKS = {"openai": check_openai, "anthropic": check_anthropic, "ollama": check_ollama}


def vector_of(text, size):
    """Some numbers that depend on nothing but the text."""
    digest = hashlib.shake_128(json.dumps(text).encode()).digest(size)
    return [(byte - 128) / 128 for byte in digest]


class Queue:
    def __init__(self, when, replies, otherwise):
        self.when, self.replies, self.otherwise = when, list(replies), otherwise

    def fits(self, request):
        if self.when is None:
            return True
        if callable(self.when):
            return self.when(request)
        return self.when in json.dumps(request.json.get("messages"), ensure_ascii=False)


class Upstream:
    def __init__(self, key=None, models=("fake",), context_window=32768, port=0):
        self.key, self.models, self.context_window = key, list(models), context_window
        self.requests = []      # every one, in order
        self.violations = []    # what requests broke of their contract
        self.unexpected = []    # requests that no script was left for
        self._queues, self._gates, self._lock = [], {}, threading.Condition()
        self._connections = set()
        self._count = 0
        self._socket = self._bound(port)
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._listener = None

    @staticmethod
    def _bound(port):
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", port))
        return sock

    # For the test, from any thread

    def start(self):
        self._thread.start()
        self._run(self._listen())
        return self

    def stop(self):
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._socket.close()

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    def script(self, *replies, when=None, otherwise=None):
        with self._lock:
            # The newest comes first, those for all requests last.
            self._queues.insert(0, Queue(when, replies, otherwise))
            self._queues.sort(key=lambda queue: queue.when is None)

    def gate(self, name=""):
        with self._lock:
            if name and name in self._gates:
                return self._gates[name]
            gate = Gate(name)
            self._gates[name] = gate
            return gate

    def refuse(self):
        """From now on connections are refused; the port stays ours."""
        self._run(self._end())
        self._socket = self._bound(self.port)

    def listen_again(self):
        self._run(self._listen())

    def wait_for(self, condition, what, patience_s=60):
        """Waits until condition() holds; it is tried whenever a request comes or ends."""
        with self._lock:
            if not self._lock.wait_for(condition, patience_s):
                raise AssertionError(f"not within {patience_s} s: {what}")

    def asked(self, words):
        """The model requests whose messages hold the words."""
        with self._lock:
            return [r for r in self.requests if r.format and words in json.dumps(r.json.get("messages"))]

    # The server's thread

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _listen(self):
        self._listener = await asyncio.start_server(self._serve, sock=self._socket, backlog=1024)

    async def _end(self):
        if self._listener:
            self._listener.close()
            self._listener = None
        for task in list(self._connections):
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._connections.add(task)
        self._count += 1
        connection = Connection(reader, writer, self._count)
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while await self._exchange(connection):
                pass
        except (ClientLeft, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            await connection.close()

    async def _exchange(self, connection):
        request = await connection.read_request()
        answer = asyncio.ensure_future(self._answer(connection, request))
        left = asyncio.ensure_future(connection.until_client_leaves())
        try:
            await asyncio.wait([answer, left], return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise ClientLeft
            return answer.result()
        except ClientLeft:
            request.client_left = True
            raise
        finally:
            for task in (answer, left):
                task.cancel()
            await asyncio.gather(answer, left, return_exceptions=True)
            self._note(lambda: setattr(request, "done", True))

    def _note(self, change):
        with self._lock:
            change()
            self._lock.notify_all()

    async def _answer(self, connection, request):
        if request.path.startswith("/_"):
            return await self._control(connection, request)
        try:
            request.json = json.loads(request.body) if request.body else {}
        except ValueError:
            request.json = None
        request.format = self._format_of(request)
        self._note(lambda: self.requests.append(request))
        wire = FORMATS[request.format or self._dialect(request)]
        refused = self._refusal(request)
        if refused:
            return await self._fail(connection, refused, wire)
        if request.format is None:
            return await self._other(connection, request, wire)
        reply = self._next(request)
        if isinstance(reply, Failure):
            return await self._fail(connection, reply, wire)
        return await Player(connection, reply, wire, request).play()

    @staticmethod
    def _format_of(request):
        if request.method == "POST":
            for end, name in (("/chat/completions", "openai"), ("/messages", "anthropic"), ("/api/chat", "ollama")):
                if request.path.endswith(end):
                    return name
        return None

    @staticmethod
    def _dialect(request):
        if "/api/" in request.path:
            return "ollama"
        return "anthropic" if "anthropic-version" in request.headers or "count_tokens" in request.path else "openai"

    def _refusal(self, request):
        given = request.headers.get("x-api-key") or request.headers.get("authorization", "").removeprefix("Bearer ")
        if self.key is not None and given != self.key and self._dialect(request) != "ollama":
            # Real servers quote what they refuse.
            return Failure(401, f"Incorrect API key provided: {given}.")
        if request.json is None or not isinstance(request.json, dict):
            return Failure(400, "We could not parse the JSON body of your request.")
        if request.format is None:
            return None
        wrong = CHECKS[request.format](request.json, request.headers)
        if wrong:
            self.violations.append(wrong)
            return Failure(400, wrong)
        return None

    def _next(self, request):
        with self._lock:
            fitting = [queue for queue in self._queues if queue.fits(request)]
            for queue in fitting:
                if queue.replies:
                    return queue.replies.pop(0)
            for queue in fitting:
                if queue.otherwise is not None:
                    return queue.otherwise(request) if callable(queue.otherwise) else queue.otherwise
            self.unexpected.append(request)
        return Failure(500, "The script of the fake server has no reply left.")

    async def _json(self, connection, body, status=200, headers=None):
        data = json.dumps(body).encode()
        await connection.head(status, {"content-type": "application/json"} | (headers or {}), len(data))
        await connection.part(data)
        return True

    async def _fail(self, connection, failure, wire):
        if failure.body is None:
            body = wire.error_body(failure.message, failure.kind, failure.status)
            return await self._json(connection, body, failure.status, wire.request_id_header() | failure.headers)
        data = failure.body.encode()
        await connection.head(failure.status, {"content-type": failure.content_type} | failure.headers, len(data))
        await connection.part(data)
        return True

    async def _other(self, connection, request, wire):
        path, body = request.path, request.json
        if path.endswith("/messages/count_tokens"):
            return await self._json(connection, {"input_tokens": len(request.body) // 4})
        if path.endswith("/embeddings"):
            return await self._json(connection, openai_format.embeddings(body, vector_of))
        if path.endswith("/models"):
            return await self._json(connection, wire.models(self.models))
        name = urllib.parse.unquote(path.partition("/models/")[2])
        if name in self.models:
            return await self._json(connection, openai_format.model(name))
        known = {"/api/tags": lambda: ollama_format.tags(self.models), "/api/ps": lambda: {"models": []},
                 "/api/version": lambda: {"version": "0.12.0"},
                 "/api/show": lambda: ollama_format.show(self.context_window),
                 "/api/embed": lambda: ollama_format.embed(body, vector_of)}
        for end, make in known.items():
            if path.endswith(end):
                return await self._json(connection, make())
        return await self._fail(connection, Failure(404, f"There is no {path} here."), wire)

    # For tests in other languages: POST /_script, POST /_gates/NAME (opens it), GET /_requests
    async def _control(self, connection, request):
        try:
            if request.path == "/_script":
                self.add(json.loads(request.body))
            elif request.path.startswith("/_gates/"):
                self.gate(request.path.rpartition("/")[2]).open()
            elif request.path == "/_requests":
                told = [{"path": r.path, "headers": r.headers, "json": r.json, "client_left": r.client_left,
                         "at": time.time()} for r in self.requests]
                return await self._json(connection, told)
            else:
                return await self._json(connection, {"error": f"no {request.path}"}, 404)
        except (ValueError, TypeError, KeyError) as error:
            return await self._json(connection, {"error": str(error)}, 400)
        return await self._json(connection, {})

    def add(self, script):
        """A script as JSON: {"replies": [...], "when"?, "otherwise"?}, or a list of such."""
        for each in script if isinstance(script, list) else [script]:
            replies = [reply_from(reply, self.gate) for reply in each.get("replies", [])]
            otherwise = reply_from(each["otherwise"], self.gate) if each.get("otherwise") else None
            self.script(*replies, when=each.get("when"), otherwise=otherwise)
