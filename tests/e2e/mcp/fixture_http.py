"""An MCP server of 2025-11-25 over Streamable HTTP that misbehaves in the way that its path names.

Says its port on standard output. What it was asked is at GET /log. Python's standard library only.
"""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOOLS = ["echo", "key", "stall", "polled", "dropped", "lost", "html", "status", "empty", "huge", "huge_event", "redirect",
         "several", "changes", "asks", "progress", "reset"]
log = []
sessions = {}
lock = threading.Lock()
changed = threading.Event()
stalled_gone = threading.Event()


def message(id, value):
    return {"jsonrpc": "2.0", "id": id, "result": {"content": [{"type": "text", "text": value}]}}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def note(self, method=""):
        with lock:
            log.append({"http": self.command, "method": method, "path": self.path, "headers": dict(self.headers)})

    def answer(self, status, body=b"", content_type="application/json", headers=()):
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def event(self, data="", id=None, retry=None):
        lines = [f"id: {id}"] if id else []
        lines += [f"retry: {retry}"] if retry else []
        lines.append("data: " + (json.dumps(data) if data else ""))
        self.wfile.write(("\n".join(lines) + "\n\n").encode())
        self.wfile.flush()

    def do_GET(self):
        if self.path == "/log":
            with lock:
                return self.answer(200, log)
        self.note()
        if self.path == "/no_stream":
            return self.answer(405)
        last = self.headers.get("Last-Event-ID")
        if last and last.startswith("polled-"):
            self.stream()
            number = int(last.split("-")[1])
            # Broken off once more, and then the answer.
            if self.path.endswith("again") or number % 2 == 0:
                return self.event(id=f"polled-{number + 1}", retry=100)
            return self.event(message(number // 2, "at last"), id=f"polled-{number + 1}")
        self.stream()
        self.event()
        changed.wait(60)
        changed.clear()
        self.event({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})

    def do_DELETE(self):
        self.note()
        self.answer(200)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        method, id = body.get("method", "reply"), body.get("id")
        self.note(method)
        if self.path == "/locked":
            return self.answer(401, {"error": "who are you? you said " + self.headers.get("Authorization", "nothing")})
        if self.path == "/broken":
            return self.answer(200, b"<html>", "text/html")
        if method == "server/discover":
            return self.answer(404 if self.path == "/no_stream" else 400, b"what?", "text/plain")
        if method == "initialize":
            result = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {"listChanged": True}},
                      "serverInfo": {"name": "http fixture", "version": "3"}}
            session = f"session-{len(sessions)}"
            sessions[session] = True
            return self.answer(200, {"jsonrpc": "2.0", "id": id, "result": result}, headers=[("MCP-Session-Id", session)])
        if not sessions.get(self.headers.get("MCP-Session-Id")):
            return self.answer(404)
        if id is None or method == "reply":
            if method == "reply":
                with lock:
                    log.append({"reply": body})
            return self.answer(202)
        if method == "tools/list":
            tools = [{"name": name, "inputSchema": {"type": "object"}} for name in TOOLS]
            return self.answer(200, {"jsonrpc": "2.0", "id": id, "result": {"tools": tools}})
        if method == "tools/call":
            return self.call(id, body["params"]["name"], body["params"])
        self.answer(200, {"jsonrpc": "2.0", "id": id, "error": {"code": -32601, "message": "no"}})

    def call(self, id, name, params):
        if name in ("echo", "grown"):
            self.answer(200, message(id, name))
        elif name == "key":
            self.answer(200, message(id, self.headers.get("Authorization", "") + " " + self.headers.get("X-Team", "")))
        elif name == "stall":
            self.stream()
            try:
                while True:
                    self.wfile.write(b": still here\n\n")
                    self.wfile.flush()
                    time.sleep(0.05)
            except OSError:
                with lock:
                    log.append({"stall": "closed"})
        elif name == "polled":
            self.stream()
            self.event(id=f"polled-{id * 2}", retry=100)
        elif name == "dropped":
            self.stream()
            self.event({"jsonrpc": "2.0", "method": "notifications/message", "params": {}})
        elif name == "reset":
            self.connection.close()
            self.close_connection = True
        elif name == "lost":
            sessions.clear()
            self.answer(200, message(id, "forgotten"))
        elif name == "html":
            self.answer(200, b"<html>hello</html>", "text/html")
        elif name == "status":
            self.answer(503, b"closed for today")
        elif name == "empty":
            self.answer(202)
        elif name == "huge":
            self.answer(200, b" " * (17 << 20))
        elif name == "huge_event":
            self.stream()
            self.wfile.write(b"data: " + b"x" * (17 << 20) + b"\n\n")
        elif name == "redirect":
            self.answer(307, headers=[("Location", "/log")])
        elif name == "several":
            self.stream()
            self.event([message(id + 100, "wrong"), message(id, "right")])
            self.event(message(id, "twice"))
        elif name == "changes":
            TOOLS.append("grown")
            changed.set()
            self.answer(200, message(id, "changed"))
        elif name == "asks":
            self.stream()
            for asked in ("ping", "sampling/createMessage"):
                self.event({"jsonrpc": "2.0", "id": asked, "method": asked})
            self.event(message(id, "asked"))
        elif name == "progress":
            self.stream()
            for step in range(8):
                time.sleep(0.5)
                self.event({"jsonrpc": "2.0", "method": "notifications/progress",
                            "params": {"progressToken": params["_meta"]["progressToken"], "progress": step}})
            self.event(message(id, "done"))


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
print(server.server_port, flush=True)
server.serve_forever()
