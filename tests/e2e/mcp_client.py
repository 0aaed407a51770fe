"""Speaks the Model Context Protocol with a daemon message by message, right and wrong, as no client library would."""

import json

from daemon import Reply

BOTH = "application/json, text/event-stream"
MODERN = "2026-07-28"
META = "io.modelcontextprotocol/"


def events_of(response):
    """The events of a stream as (id, message), read as they come; an event without data has the message None."""
    fields = {}
    for raw in response:
        line = raw.decode().rstrip("\r\n")
        if line:
            name, _, value = line.partition(":")
            fields[name] = value.removeprefix(" ")
        elif fields:
            if "data" in fields:
                yield fields.get("id"), json.loads(fields["data"]) if fields["data"] else None
            fields = {}


class Stream:
    """A reply of events. close() is a client that leaves."""

    def __init__(self, connection, response):
        self.connection, self.response = connection, response
        self.status, self.headers = response.status, response.headers
        self.last_id = None
        self.events = events_of(response)

    def __iter__(self):
        for number, message in self.events:
            self.last_id = number or self.last_id
            if message is not None:
                yield message
        self.close()

    def until(self, method):
        """The messages up to the first one with this method."""
        seen = []
        for message in self:
            seen.append(message)
            if message.get("method") == method:
                return seen
        raise AssertionError(f"the stream ended without {method}: {seen}")

    def answer(self):
        """The response at the end of the stream."""
        messages = list(self)
        self.close()
        assert messages and "id" in messages[-1], messages
        return messages[-1]

    def __del__(self):
        self.close()

    def close(self):
        # Both: the response holds the socket, too.
        self.response.close()
        self.connection.close()


def message(method, params=None, number=None):
    made = {"jsonrpc": "2.0", "method": method}
    if number is not None:
        made["id"] = number
    if params is not None:
        made["params"] = params
    return made


def send(daemon, body, headers=None, method="POST"):
    """(connection, response) of any request to /mcp."""
    all_headers = {"Content-Type": "application/json", "Accept": BOTH} | (headers or {})
    all_headers = {name: value for name, value in all_headers.items() if value is not None}
    return daemon._send(method, "/mcp", body, all_headers)


def whole(daemon, body, headers=None, method="POST"):
    connection, response = send(daemon, body, headers, method)
    try:
        return Reply(response)
    finally:
        connection.close()


class Client:
    """What both kinds of clients do."""

    def __init__(self, daemon):
        self.daemon, self.last = daemon, 0

    def next(self):
        self.last += 1
        return self.last

    def ask(self, method, params=None):
        """The response to a request, whichever way it comes."""
        connection, response = self.start(method, params)
        if response.headers["Content-Type"] == "text/event-stream":
            return Stream(connection, response).answer()
        try:
            return json.loads(response.read())
        finally:
            connection.close()

    def ask_stream(self, method, params=None):
        return Stream(*self.start(method, params))

    def result(self, method, params=None):
        answer = self.ask(method, params)
        assert "result" in answer, answer
        return answer["result"]

    def error(self, method, params=None):
        answer = self.ask(method, params)
        assert "error" in answer, answer
        return answer["error"]

    def call(self, tool, arguments=None, **params):
        return self.result("tools/call", {"name": tool, "arguments": arguments or {}} | params)

    def calling(self, tool, arguments=None, **params):
        """The stream of a call that goes on."""
        stream = Stream(*self.start("tools/call", {"name": tool, "arguments": arguments or {}} | params))
        assert stream.headers["Content-Type"] == "text/event-stream", stream.status
        return stream


class Session(Client):
    """A client of a revision with a handshake."""

    def __init__(self, daemon, revision="2025-11-25", capabilities=None):
        super().__init__(daemon)
        reply = whole(daemon, message("initialize", {"protocolVersion": revision, "capabilities": capabilities or {},
                                                     "clientInfo": {"name": "tests", "version": "1"}}, self.next()))
        assert reply.status == 200, reply.body
        self.initialized = reply.json["result"]
        self.headers = {"Mcp-Session-Id": reply.headers["Mcp-Session-Id"],
                        "MCP-Protocol-Version": self.initialized["protocolVersion"]}
        assert self.notify("notifications/initialized").status == 202

    def start(self, method, params=None, number=None):
        return send(self.daemon, message(method, params, number or self.next()), self.headers)

    def notify(self, method, params=None):
        return whole(self.daemon, message(method, params), self.headers)

    def respond(self, number, result):
        return whole(self.daemon, {"jsonrpc": "2.0", "id": number, "result": result}, self.headers)

    def listen(self, last_id=None):
        headers = self.headers | {"Accept": "text/event-stream", "Content-Type": None}
        if last_id:
            headers["Last-Event-ID"] = last_id
        return Stream(*send(self.daemon, None, headers, "GET"))

    def end(self):
        return whole(self.daemon, None, self.headers | {"Content-Type": None}, "DELETE")


class Modern(Client):
    """A client of the revision in which every request stands for itself."""

    def __init__(self, daemon, capabilities=None):
        super().__init__(daemon)
        self.meta = {META + "protocolVersion": MODERN, META + "clientCapabilities": capabilities or {},
                     META + "clientInfo": {"name": "tests", "version": "1"}}

    def parts(self, method, params=None, number=None):
        """The body and the headers of a request."""
        params = dict(params or {})
        params["_meta"] = self.meta | params.get("_meta", {})
        headers = {"MCP-Protocol-Version": MODERN, "Mcp-Method": method}
        name = params.get("uri" if method == "resources/read" else "name")
        if name is not None:
            headers["Mcp-Name"] = name
        return message(method, params, number or self.next()), headers

    def start(self, method, params=None):
        return send(self.daemon, *self.parts(method, params))


def text_of(result):
    return "\n".join(block["text"] for block in result["content"] if block["type"] == "text")
