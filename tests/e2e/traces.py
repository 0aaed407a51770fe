"""Traces: whose they are, what they are made of, where they go, and to whom they are passed on."""

import http.server
import json
import socket
import threading
import unittest

from daemon import FolderTest, until
from provider_tests import ProviderTest
from upstream import Failure, Reply, Text, ToolCall, Usage

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
COLLECTOR_KEY = "collector-secret-0123456789"


class Server:
    """An HTTP server in a thread; answer(path, headers, body) gives a status and what is sent as JSON."""

    def __init__(self, answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def reply(self, status, json_text):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(json_text)))
                self.end_headers()
                self.wfile.write(json_text)

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status, result = answer(self.path, dict(self.headers), body)
                self.reply(status, json.dumps(result).encode() if result is not None else b"")

            def do_GET(self):
                self.reply(405, b"")

            def do_DELETE(self):
                self.reply(405, b"")

            def log_message(self, *words):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class Collector(Server):
    """An OpenTelemetry collector: takes OTLP over HTTP in JSON, and keeps the spans."""

    def __init__(self):
        self.spans, self.requests, self.resources = [], [], []
        super().__init__(self.take)

    def take(self, path, headers, body):
        self.requests.append((path, headers))
        for resource in body["resourceSpans"]:
            self.resources.append(resource["resource"])
            for scope in resource["scopeSpans"]:
                self.spans += scope["spans"]
        return 200, {}


class McpServer(Server):
    """An MCP server with one tool, which keeps the headers that it was called with."""

    def __init__(self):
        self.calls = []
        super().__init__(self.answer)

    def answer(self, path, headers, body):
        results = {"initialize": {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                                  "serverInfo": {"name": "lab", "version": "1"}},
                   "ping": {},
                   "tools/list": {"tools": [{"name": "hello", "inputSchema": {"type": "object"}}]},
                   "tools/call": {"content": [{"type": "text", "text": "hi"}]}}
        method = body.get("method")
        if method == "tools/call":
            self.calls.append(headers)
        if "id" not in body:
            return 202, None
        if method not in results:
            return 200, {"jsonrpc": "2.0", "id": body["id"], "error": {"code": -32601, "message": "Method not found"}}
        return 200, {"jsonrpc": "2.0", "id": body["id"], "result": results[method]}


def attributes(span):
    return {one["key"]: next(iter(one["value"].values())) for one in span["attributes"]}


class Traces(ProviderTest):
    titles = "first_message"
    more_keys = ", retry: {attempts: 2, first_wait_ms: 1}"

    @classmethod
    def setUpClass(cls):
        cls.collector = Collector()
        cls.addClassCleanup(cls.collector.stop)
        cls.more_config = (f"telemetry: {{{{otlp_endpoint: '{cls.collector.url}', service_name: lab, "
                           f"headers: {{{{X-Key: {COLLECTOR_KEY}}}}}}}}}\n")
        super().setUpClass()

    def test_a_turn_is_a_tree_of_spans(self):
        self.script(Reply([ToolCall("list_algorithms", id="call_a"), ToolCall("run_dla_simulation", {"n_particles": 5},
                                                                              id="call_b")], usage=Usage(100, 20)),
                    Failure(500), Reply([Text("Done.")], usage=Usage(200, 30)))
        conversation = self.d.conversation()
        self.d.chat(conversation, f"Go {self.words}", headers={"X-Request-ID": "mine-3", "traceparent": PARENT,
                                                               "tracestate": "vendor=1"})
        asked = self.upstream.asked(self.words)
        code, _ = self.d.end()  # what waits is sent
        self.assertEqual(code, 0)
        type(self).d.start()
        mine = [span for span in self.collector.spans if span["traceId"] == "0af7651916cd43dd8448eb211c80319c"]
        for span in mine:
            self.assertRegex(span["spanId"], r"^[0-9a-f]{16}$")
            self.assertGreaterEqual(int(span["endTimeUnixNano"]), int(span["startTimeUnixNano"]))
            self.assertEqual(span["traceState"], "vendor=1")
        request, = [span for span in mine if span["kind"] == 2]
        self.assertEqual(request["name"], "POST /api/v1/ai/conversations/{id}/chat")
        self.assertEqual(request["parentSpanId"], "b7ad6b7169203331")
        self.assertEqual(attributes(request)["assistd.request_id"], "mine-3")
        self.assertEqual(attributes(request)["http.response.status_code"], "200")

        def below(span):
            return [one for one in mine if one.get("parentSpanId") == span["spanId"]]
        turn, = [span for span in below(request) if span["name"] == "invoke_agent assistd"]
        self.assertEqual(attributes(turn)["gen_ai.conversation.id"], conversation)
        self.assertEqual(attributes(turn)["assistd.turn.outcome"], "completed")
        self.assertEqual(attributes(turn)["gen_ai.usage.input_tokens"], "300")
        names = sorted(span["name"] for span in below(turn))
        self.assertEqual([name for name in names if name != "store.commit"],
                         ["chat fake", "chat fake", "chat fake", "execute_tool list_algorithms",
                          "execute_tool run_dla_simulation", "prompt"])
        self.assertIn("store.commit", names)
        chats = sorted((span for span in below(turn) if span["name"] == "chat fake"),
                       key=lambda span: int(span["startTimeUnixNano"]))
        first, failed, last = map(attributes, chats)
        self.assertEqual([span["kind"] for span in chats], [3, 3, 3])
        self.assertEqual((first["gen_ai.operation.name"], first["gen_ai.provider.name"], first["gen_ai.request.model"]),
                         ("chat", "openai", "fake"))
        self.assertEqual((first["gen_ai.usage.input_tokens"], first["gen_ai.usage.output_tokens"]), ("100", "20"))
        self.assertEqual(first["gen_ai.response.finish_reasons"], {"values": [{"stringValue": "tool_calls"}]})
        self.assertEqual((first["server.address"], int(first["server.port"])),
                         ("127.0.0.1", int(self.upstream.url.rpartition(":")[2])))
        self.assertEqual((failed["error.type"], failed["http.response.status_code"]), ("status", "500"))
        self.assertEqual(chats[1]["status"]["code"], 2)
        self.assertEqual(last["http.request.resend_count"], "1")
        refused, = [span for span in mine if span["name"] == "execute_tool run_dla_simulation"]
        self.assertEqual(attributes(refused)["error.type"], "ValidationError")
        self.assertEqual(attributes(refused)["gen_ai.tool.call.id"], "call_b")
        # Each request to the model's server was made on behalf of its span.
        self.assertEqual([request.headers["traceparent"] for request in asked],
                         [f"00-0af7651916cd43dd8448eb211c80319c-{span['spanId']}-01" for span in chats])
        self.assertEqual({request.headers["tracestate"] for request in asked}, {"vendor=1"})
        path, headers = self.collector.requests[0]
        self.assertEqual((path, headers["Content-Type"], headers["X-Key"]), ("/v1/traces", "application/json", COLLECTOR_KEY))
        resource = {one["key"]: one["value"]["stringValue"] for one in self.collector.resources[0]["attributes"]}
        self.assertEqual(resource["service.name"], "lab")
        self.assertNotIn(self.words, json.dumps(self.collector.spans), "nothing of what was said")
        self.assertNotIn(COLLECTOR_KEY, self.d.log.read_text())

    def test_a_caller_that_keeps_no_trace_gets_none(self):
        self.script(Reply([Text("Done.")]))
        not_sampled = PARENT[:-2] + "00"
        self.d.chat(self.d.conversation(), f"Go {self.words}",
                    headers={"traceparent": not_sampled.replace("0af7", "1111")})
        asked, = self.upstream.asked(self.words)
        self.assertRegex(asked.headers["traceparent"], "^00-1111651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$")
        self.assertNotIn("b7ad6b7169203331", asked.headers["traceparent"])
        self.d.restart()
        self.assertEqual([span for span in self.collector.spans if span["traceId"].startswith("1111")], [])


class WithoutTraces(ProviderTest):
    def test_servers_are_told_of_callers_traces_only(self):
        self.script(Reply([Text("One.")]), Reply([Text("Two.")]))
        conversation = self.d.conversation()
        self.d.chat(conversation, f"Go {self.words}")
        self.d.chat(conversation, f"Go {self.words}", headers={"traceparent": PARENT})
        first, second = self.upstream.asked(self.words)
        self.assertNotIn("traceparent", first.headers)
        self.assertRegex(second.headers["traceparent"], "^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$")


class CollectorAway(FolderTest):
    def test_nothing_waits_for_it(self):
        with socket.socket() as silent:  # it takes connections and never answers
            silent.bind(("127.0.0.1", 0))
            silent.listen(1)
            daemon = self.daemon(f"telemetry: {{otlp_endpoint: 'http://127.0.0.1:{silent.getsockname()[1]}'}}\n")
            for _ in range(20):
                daemon.conversation()
            code, took = daemon.end()
            self.assertEqual(code, 0)
            self.assertLess(took, 10)


class McpServers(FolderTest):
    def test_they_are_told_whose_call_it_is(self):
        lab, collector = McpServer(), Collector()
        self.addCleanup(lab.stop)
        self.addCleanup(collector.stop)
        daemon = self.daemon(f"mcp: {{servers: {{lab: {{url: '{lab.url}/mcp'}}}}}}\n"
                             f"telemetry: {{otlp_endpoint: '{collector.url}'}}\n")
        until(lambda: daemon.get("/tools/lab_hello").status == 200, "the server's tool")
        daemon.good("POST", "/tools/lab_hello/execute", {}, headers={"traceparent": PARENT})
        daemon.end()
        headers, = lab.calls
        tool, = [span for span in collector.spans if span["name"] == "execute_tool lab_hello"]
        self.assertEqual(headers["traceparent"], f"00-0af7651916cd43dd8448eb211c80319c-{tool['spanId']}-01")
        request, = [span for span in collector.spans if span["spanId"] == tool["parentSpanId"]]
        self.assertEqual(request["name"], "POST /api/v1/ai/tools/{name}/execute")


if __name__ == "__main__":
    unittest.main()
