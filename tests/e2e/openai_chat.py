"""Chat completions and models at /v1: the wire form, tools of both sides, kept conversations, and what is refused."""

import base64
import json
import os
import struct
import subprocess
import threading
import unittest

from daemon import in_threads, until
from mcp_clients import MODULES, NODE, PATIENCE_S
from provider_tests import ProviderTest
from upstream import Failure, Fault, Gate, Reply, Text, Thinking, ToolCall, Usage

WEATHER = {"type": "function", "function": {
    "name": "get_weather", "description": "The weather somewhere.",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}
PICTURE = ("data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


class DoorTest(ProviderTest):
    def user(self, content="Hello"):
        return {"role": "user", "content": f"{content} {self.words}"}

    def body(self, messages=None, **fields):
        return {"model": "main:fake", "messages": messages or [self.user()]} | fields

    def post_chat(self, body, headers=None):
        return self.d._send("POST", "/v1/chat/completions", body, headers)

    def ask(self, messages=None, headers=None, status=200, **fields):
        connection, response = self.post_chat(self.body(messages, **fields), headers)
        body = response.read()
        connection.close()
        self.assertEqual(response.status, status, body)
        self.headers = response.headers
        return json.loads(body)

    def stream(self, messages=None, headers=None, **fields):
        """The data of every frame; the frames have no names."""
        connection, response = self.post_chat(self.body(messages, stream=True, **fields), headers)
        self.assertEqual(response.status, 200, response.headers)
        self.assertEqual(response.headers["Content-Type"].partition(";")[0], "text/event-stream")
        self.headers = response.headers
        text = response.read().decode()
        connection.close()
        lines = [line for line in text.split("\n") if line and not line.startswith(":")]
        self.assertTrue(all(line.startswith("data: ") for line in lines), text)
        return [line[6:] if line == "data: [DONE]" else json.loads(line[6:]) for line in lines]

    def refused(self, status, param=None, code=None, headers=None, **fields):
        error = self.ask(status=status, headers=headers, **fields)["error"]
        self.assertEqual(set(error), {"message", "type", "param", "code"})
        self.assertRegex(error["message"], r"\.$")
        self.assertEqual((error["param"], error["code"]), (param, code), error)
        return error


class WireForm(DoorTest):
    def test_a_whole_completion(self):
        self.script(Reply([Thinking("Hm."), Text("Grüße, ", "世界 🚀.")], Usage(120, 30, cached=100)))
        reply = self.ask([{"role": "system", "content": "Be brief."}, self.user()], temperature=0.5, top_p=0.9,
                         max_completion_tokens=77, seed=5, stop=["END"], frequency_penalty=0.5, user="somebody",
                         store=True, service_tier="auto", logit_bias={}, metadata={"a": "b"})
        choice = reply["choices"][0]
        self.assertEqual(choice["message"]["content"], "Grüße, 世界 🚀.")
        self.assertEqual(choice["message"]["reasoning_content"], "Hm.")
        self.assertEqual((choice["index"], choice["finish_reason"], choice["logprobs"]), (0, "stop", None))
        self.assertEqual((reply["object"], reply["model"]), ("chat.completion", "main:fake"))
        self.assertRegex(reply["id"], "^chatcmpl-")
        self.assertEqual(reply["usage"], {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150,
                                          "prompt_tokens_details": {"cached_tokens": 100}, "completion_tokens_details": {"reasoning_tokens": 0}})
        asked = self.upstream.asked(self.words)[0].json
        self.assertEqual((asked["temperature"], asked["top_p"], asked["seed"], asked["stop"], asked["frequency_penalty"]),
                         (0.5, 0.9, 5, ["END"], 0.5))
        self.assertIn(77, (asked.get("max_tokens"), asked.get("max_completion_tokens")))
        self.assertIn("Be brief.", asked["messages"][0]["content"])

    def test_a_stream(self):
        self.script(Reply([Text("Grüße, ", "世界 🚀.")], Usage(120, 30)), Reply([Text("Again.")]))
        *chunks, closing, usage, done = self.stream(stream_options={"include_usage": True})
        self.assertEqual(done, "[DONE]")
        self.assertEqual(len({(c["id"], c["created"], c["model"], c["object"]) for c in [*chunks, closing, usage]}), 1)
        self.assertEqual(chunks[0]["choices"][0]["delta"], {"role": "assistant", "content": ""})
        self.assertEqual("".join(c["choices"][0]["delta"]["content"] for c in chunks), "Grüße, 世界 🚀.")
        self.assertTrue(all(c["choices"][0]["finish_reason"] is None for c in chunks))
        self.assertEqual((closing["choices"][0]["delta"], closing["choices"][0]["finish_reason"]), ({}, "stop"))
        self.assertEqual((usage["choices"], usage["usage"]["total_tokens"]), ([], 150))
        self.assertFalse(any("usage" in c and c["usage"] for c in self.stream() if c != "[DONE]"))

    def test_thoughts_are_told_in_streams_too(self):
        self.script(Reply([Thinking("Hm."), Text("Yes.")]))
        deltas = [c["choices"][0]["delta"] for c in self.stream()[:-1]]
        self.assertEqual("".join(delta.get("reasoning_content", "") for delta in deltas), "Hm.")

    def test_length_and_json(self):
        self.script(Reply([Text("Half")], stop="length"), Reply([Text("{}")]))
        self.assertEqual(self.ask(max_tokens=1)["choices"][0]["finish_reason"], "length")
        wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}}
        self.ask(response_format=wanted)
        self.assertEqual(self.upstream.asked(self.words)[1].json["response_format"], wanted)

    def test_what_is_counted_of_tokens(self):
        self.script(Reply([Text("Hi.")], Usage(120, 30, cached=100, reasoning=12)))
        usage = self.ask()["usage"]
        self.assertEqual((usage["prompt_tokens_details"], usage["completion_tokens_details"]),
                         ({"cached_tokens": 100}, {"reasoning_tokens": 12}))

    def test_ids_of_requests(self):
        self.script(Reply([Text("Hi.")]), Reply([Text("Hi.")]), Failure(400, message="No."))
        self.ask(headers={"X-Correlation-ID": "trace-1"})
        self.assertEqual((self.headers["X-Correlation-ID"], self.headers["X-Request-ID"]), ("trace-1", "trace-1"))
        self.ask(headers={"X-Correlation-ID": "trace-2", "X-Request-ID": "mine-2"})
        self.assertEqual((self.headers["X-Correlation-ID"], self.headers["X-Request-ID"]), ("trace-2", "mine-2"))
        self.ask(headers={"X-Request-ID": "mine-3"}, status=502)
        self.assertEqual((self.headers["X-Correlation-ID"], self.headers["X-Request-ID"]), (None, "mine-3"))
        until(lambda: any("turn" in line and "failed" in line and "request_id=mine-3" in line
                          for line in self.d.log.read_text().splitlines()), "the log names the request")

    def test_errors_before_and_inside_the_stream(self):
        self.script(Failure(429, message="Slow down.", headers={"Retry-After": "90"}),
                    Reply([Text("Half a "), Fault("error", message="It broke.")]))
        error = self.refused(429, None, "rate_limit_exceeded", stream=True)
        self.assertIn("Slow down", error["message"])
        self.assertEqual(self.headers["Retry-After"], "90")
        *chunks, last = self.stream()
        self.assertEqual("".join(c["choices"][0]["delta"]["content"] for c in chunks), "Half a ")
        self.assertIn("It broke", last["error"]["message"])

    def test_a_client_that_leaves_stops_the_model(self):
        gate = Gate()
        self.script(Reply([Text("One "), gate, Text("two.")]))
        connection, response = self.post_chat(self.body(stream=True))
        self.assertTrue(response.readline().startswith(b"data: "))
        gate.wait_reached()
        connection.close()
        response.close()
        until(lambda: self.upstream.asked(self.words)[0].client_left, "the model's server is left")
        gate.open()


class Tools(DoorTest):
    def test_the_daemons_tools_run_inside(self):
        self.script(Reply([Text("Let me see."), ToolCall("list_algorithms")], Usage(100, 10)), Reply([Text("Done.")], Usage(200, 20)))
        reply = self.ask()
        self.assertEqual(reply["choices"][0]["message"]["content"], "Let me see.\n\nDone.")
        self.assertNotIn("tool_calls", reply["choices"][0]["message"])
        self.assertEqual(reply["usage"]["total_tokens"], 330)
        result = self.upstream.asked(self.words)[1].json["messages"][-1]
        self.assertEqual(result["role"], "tool")
        self.assertIn("dla", result["content"])

    def test_the_clients_tools_come_back(self):
        calls = [ToolCall("get_weather", {"city": "Köln"}, id="call_a"), ToolCall("get_weather", {"city": "Ulm"}, id="call_b")]
        self.script(Reply([Text("Let me ask."), *calls]), Reply([Text("Rain.")]))
        *chunks, closing, _ = self.stream(tools=[WEATHER])
        deltas = [call for c in chunks for call in c["choices"][0]["delta"].get("tool_calls", [])]
        self.assertEqual([call["index"] for call in deltas], [0, 0, 1, 1])
        self.assertEqual(deltas[0], {"index": 0, "id": "call_a", "type": "function", "function": {"name": "get_weather", "arguments": ""}})
        self.assertEqual((set(deltas[1]), json.loads(deltas[1]["function"]["arguments"])), ({"index", "function"}, {"city": "Köln"}))
        self.assertEqual(closing["choices"][0]["finish_reason"], "tool_calls")
        said = {"role": "assistant", "content": "Let me ask.", "tool_calls": [
            {"id": f"call_{letter}", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}} for letter in "ab"]}
        results = [{"role": "tool", "tool_call_id": "call_b", "content": "dry"}, {"role": "tool", "tool_call_id": "call_a", "content": [{"type": "text", "text": "wet"}]}]
        reply = self.ask([self.user(), said, *results], tools=[WEATHER])
        self.assertEqual(reply["choices"][0]["message"]["content"], "Rain.")
        told = self.upstream.asked(self.words)[1].json["messages"]
        self.assertEqual([(m["tool_call_id"], m["content"]) for m in told if m["role"] == "tool"], [("call_a", "wet"), ("call_b", "dry")])

    def test_both_kinds_in_one_reply(self):
        self.script(Reply([ToolCall("list_algorithms", id="call_ours"), ToolCall("get_weather", {"city": "Ulm"}, id="call_theirs")]),
                    Reply([Text("Both.")]))
        message = self.ask(tools=[WEATHER])["choices"][0]["message"]
        self.assertIsNone(message["content"])
        self.assertEqual([call["id"] for call in message["tool_calls"]], ["call_theirs"])
        reply = self.ask([self.user(), message, {"role": "tool", "tool_call_id": "call_theirs", "content": "wet"}], tools=[WEATHER])
        self.assertEqual(reply["choices"][0]["message"]["content"], "Both.")
        results = [m for m in self.upstream.asked(self.words)[1].json["messages"] if m["role"] == "tool"]
        self.assertEqual([m["tool_call_id"] for m in results], ["call_ours", "call_theirs"])
        self.assertIn("dla", results[0]["content"])

    def test_what_is_remembered_of_calls_is_not_another_chats(self):
        call = lambda city: ToolCall("get_weather", {"city": city}, id="call_0")
        self.script(Reply([Text("Alice."), call("Ulm")]), Reply([Text("Bob."), call("Bonn")]), Reply([Text("Rain.")]))
        alice = self.ask(tools=[WEATHER])["choices"][0]["message"]
        self.ask(tools=[WEATHER])
        self.ask([self.user(), alice, {"role": "tool", "tool_call_id": "call_0", "content": "wet"}], tools=[WEATHER])
        told = next(m for m in self.upstream.asked(self.words)[2].json["messages"] if m["role"] == "assistant")
        self.assertEqual((told["content"], json.loads(told["tool_calls"][0]["function"]["arguments"])), ("Alice.", {"city": "Ulm"}))

    def test_choices_of_tools(self):
        for choice in ("required", {"type": "function", "function": {"name": "get_weather"}}):
            self.script(Reply([ToolCall("get_weather", {"city": "Ulm"})]))
            self.ask(tools=[WEATHER], tool_choice=choice, parallel_tool_calls=False)
            asked = self.upstream.asked(self.words)[-1].json
            self.assertEqual((asked["tool_choice"], asked["parallel_tool_calls"]), (choice, False))
        self.script(Reply([Text("No tools.")]))
        self.ask(tools=[WEATHER], tool_choice="none")
        asked = self.upstream.asked(self.words)[-1].json
        self.assertNotIn("tools", asked)
        self.assertEqual([m["role"] for m in asked["messages"]], ["user"])


class Approvals(DoorTest):
    more_config = "tools: {{list_algorithms: {{approval: always}}}}\n"

    def test_a_tool_that_needs_a_person_is_refused_kept_or_not(self):
        self.script(*[Reply([ToolCall("list_algorithms")]), Reply([Text("Not done.")])] * 2)
        for headers in (None, {"X-Conversation-ID": "new"}):
            self.assertEqual(self.ask(headers=headers)["choices"][0]["message"]["content"], "Not done.")
            self.assertIn("PermissionError", self.upstream.asked(self.words)[-1].json["messages"][-1]["content"])


class Kept(DoorTest):
    def test_the_exchange_is_kept_in_a_conversation(self):
        self.script(Reply([Text("First.")]), Reply([Text("Second.")]))
        self.ask(headers={"X-Conversation-ID": "new"})
        conversation = self.headers["X-Conversation-ID"]
        self.ask([self.user("And now?")], metadata={"conversation_id": conversation})
        self.assertEqual([m["content"] for m in self.d.messages(conversation)],
                         [f"Hello {self.words}", "First.", f"And now? {self.words}", "Second."])
        asked = self.upstream.asked(self.words)[1].json["messages"]
        self.assertEqual([m["content"] for m in asked if m["role"] == "assistant"], ["First."])

    def test_the_clients_tools_in_a_conversation(self):
        self.script(Reply([ToolCall("list_algorithms", id="call_ours"), ToolCall("get_weather", {"city": "Ulm"}, id="call_theirs")], Usage(10, 5)),
                    Reply([Text("Both.")], Usage(20, 5)))
        for streamed in (False, True):
            with self.subTest(streamed=streamed):
                self.upstream.forget() if hasattr(self.upstream, "forget") else None
                ask = self.stream if streamed else self.ask
                if streamed:
                    self.script(Reply([ToolCall("list_algorithms", id="call_2"), ToolCall("get_weather", {"city": "Ulm"}, id="call_theirs2")]),
                                Reply([Text("Both.")]))
                first = ask(headers={"X-Conversation-ID": "new"}, tools=[WEATHER])
                conversation = self.headers["X-Conversation-ID"]
                call = "call_theirs2" if streamed else first["choices"][0]["message"]["tool_calls"][0]["id"]
                said = {"role": "assistant", "tool_calls": [{"id": call, "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]}
                last = self.ask([said, {"role": "tool", "tool_call_id": call, "content": "wet"}],
                                headers={"X-Conversation-ID": conversation}, tools=[WEATHER])
                self.assertEqual(last["choices"][0]["message"]["content"], "Both.")
                stored = self.d.messages(conversation)
                self.assertEqual([m["role"] for m in stored], ["user", "assistant", "tool", "tool", "assistant"])
                self.assertEqual(stored[3]["content"], "wet")
        # A client that did not get the answer asks once more.
        again = self.ask([said, {"role": "tool", "tool_call_id": call, "content": "wet"}],
                         headers={"X-Conversation-ID": conversation}, tools=[WEATHER])
        self.assertEqual(again, last)
        chunks = self.stream([said, {"role": "tool", "tool_call_id": call, "content": "wet"}],
                             headers={"X-Conversation-ID": conversation}, tools=[WEATHER])
        self.assertEqual("".join(c["choices"][0]["delta"].get("content", "") for c in chunks[:-1]), "Both.")
        self.assertEqual(len(self.d.messages(conversation)), 5)
        for other in ({"tool_call_id": call, "content": "dry"}, {"tool_call_id": "call_x", "content": "wet"}):
            calls = [{"id": other["tool_call_id"], "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]
            self.refused(409, None, "conflict", messages=[{"role": "assistant", "tool_calls": calls}, {"role": "tool"} | other],
                         headers={"X-Conversation-ID": conversation})

    def test_results_once_more_after_a_failure(self):
        self.script(Reply([ToolCall("get_weather", {"city": "Ulm"}, id="call_a")]), *[Failure(400, message="No.")] * 3, Reply([Text("Rain.")]))
        first = self.ask(headers={"X-Conversation-ID": "new"}, tools=[WEATHER])
        conversation = {"X-Conversation-ID": self.headers["X-Conversation-ID"]}
        result = [first["choices"][0]["message"], {"role": "tool", "tool_call_id": "call_a", "content": "wet"}]
        for _ in range(3):
            self.ask(result, headers=conversation, status=502, tools=[WEATHER])
        last = self.ask(result, headers=conversation, tools=[WEATHER])
        self.assertEqual(last["choices"][0]["message"]["content"], "Rain.")
        self.assertEqual(self.ask(result, headers=conversation, tools=[WEATHER]), last)
        asked = self.upstream.asked(self.words)
        self.assertEqual([one.json["messages"][1:] for one in asked[2:]], [asked[1].json["messages"][1:]] * 3)

    def test_the_same_results_twice_at_once(self):
        gate = Gate()
        self.addCleanup(gate.open)
        self.script(Reply([ToolCall("get_weather", {"city": "Ulm"}, id="call_a")]), Reply([gate, Text("Rain.")]))
        first = self.ask(headers={"X-Conversation-ID": "new"}, tools=[WEATHER])
        conversation = self.headers["X-Conversation-ID"]
        result = [first["choices"][0]["message"], {"role": "tool", "tool_call_id": "call_a", "content": "wet"}]
        bodies = []
        def bring(_):
            connection, response = self.post_chat(self.body(result, tools=[WEATHER]), {"X-Conversation-ID": conversation})
            bodies.append((response.status, json.loads(response.read())))
            connection.close()
        opener = threading.Thread(target=lambda: (gate.wait_reached(), gate.open()))
        opener.start()
        in_threads(bring, 4)
        opener.join()
        self.assertEqual([status for status, _ in bodies], [200] * 4, bodies)
        self.assertEqual({body["choices"][0]["message"]["content"] for _, body in bodies}, {"Rain."})
        self.assertEqual(len(self.upstream.asked(self.words)), 2)

    def test_going_on_without_the_results(self):
        self.script(Reply([ToolCall("get_weather", {"city": "Ulm"})]), Reply([Text("Never mind.")]))
        self.ask(headers={"X-Conversation-ID": "new"}, tools=[WEATHER])
        conversation = self.headers["X-Conversation-ID"]
        reply = self.ask([self.user("Forget it.")], headers={"X-Conversation-ID": conversation})
        self.assertEqual(reply["choices"][0]["message"]["content"], "Never mind.")

    def test_pictures_are_kept(self):
        self.script(Reply([Text("Grey.")]))
        self.ask([{"role": "user", "content": [{"type": "text", "text": f"What is it? {self.words}"},
                                               {"type": "image_url", "image_url": {"url": PICTURE}}]}],
                 headers={"X-Conversation-ID": "new"})
        user = self.d.messages(self.headers["X-Conversation-ID"])[0]
        self.assertIn("image/png", json.dumps(user))


class Refusals(DoorTest):
    more_keys = ", models: {fake: {alias: quick, images: true}}"

    def without_tools(self):
        connection, response = self.d._send("POST", "/v1/assistants", {"model": "main:fake"}, None)
        assistant = json.loads(response.read())["id"]
        connection.close()
        return assistant

    def test_what_is_wrong_is_named(self):
        tool = {"role": "tool", "tool_call_id": "call_x", "content": "?"}
        picture = [{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]
        table = [
            (400, "messages", None, {"messages": []}),
            (400, "messages[1].tool_call_id", None, {"messages": [self.user(), tool]}),
            (400, "messages[0].role", None, {"messages": [{"role": "robot", "content": "x"}]}),
            (400, "messages[0].content", None, {"messages": [{"role": "user"}]}),
            (400, "messages[0].content[0].image_url.url", None, {"messages": [{"role": "user", "content": picture}]}),
            (400, "tool_choice", None, {"tools": [WEATHER], "tool_choice": {"type": "function", "function": {"name": "other"}}}),
            (400, "tool_choice", None, {"tool_choice": "sometimes"}),
            (400, "tool_choice", None, {"tool_choice": "required", "model": self.without_tools()}),
            (400, "tools[0].function", None, {"tools": [{"type": "function"}]}),
            (400, "tools[1].function.name", None, {"tools": [WEATHER, WEATHER]}),
            (400, "temperature", None, {"temperature": 3}),
            (400, "n", None, {"n": 2}),
            (400, "stop", None, {"stop": list("abcde")}),
            (400, "response_format.type", None, {"response_format": {"type": "xml"}}),
            (404, "model", "model_not_found", {"model": "main:other"}),
            (404, None, "not_found", {"headers": {"X-Conversation-ID": "conv_" + "0" * 32}}),
            (404, None, "not_found", {"headers": {"X-Conversation-ID": "nonsense"}}),
        ]
        for status, param, code, fields in table:
            with self.subTest(param=param, fields=str(fields)[:80]):
                messages = fields.pop("messages", None)
                if messages == []:
                    error = self.refused_body(status, {"model": "main:fake", "messages": []})
                    self.assertEqual(error["param"], param)
                else:
                    self.refused(status, param, code, messages=messages, **fields)

    def refused_body(self, status, body):
        connection, response = self.post_chat(body)
        error = json.loads(response.read())["error"]
        connection.close()
        self.assertEqual(response.status, status)
        return error

    def test_bodies_that_are_no_requests(self):
        for body, param in ((b"{", None), (b"[]", None), (b"", None), (b"{}", "model")):
            error = self.refused_body(400, body)
            self.assertEqual((error["type"], error["param"]), ("invalid_request_error", param))

    def test_pictures_are_shown_to_the_model(self):
        self.script(Reply([Text("Grey.")]))
        self.ask([{"role": "user", "content": [{"type": "text", "text": self.words}, {"type": "image_url", "image_url": {"url": PICTURE}}]}],
                 model="quick")
        parts = self.upstream.asked(self.words)[0].json["messages"][-1]["content"]
        self.assertEqual(parts[1]["image_url"]["url"], PICTURE)

    def test_models(self):
        def get(path):
            connection, response = self.d._send("GET", path, None, None)
            body = json.loads(response.read())
            connection.close()
            return response.status, body
        status, models = get("/v1/models")
        self.assertEqual((status, models["object"]), (200, "list"))
        self.assertEqual([m["id"] for m in models["data"]], ["main:fake", "offline", "quick"])
        self.assertEqual(set(models["data"][0]), {"id", "object", "created", "owned_by"})
        self.assertEqual(get("/v1/models/main%3Afake")[1]["id"], "main:fake")
        self.assertEqual(get("/v1/models/quick/")[1]["id"], "quick")
        status, error = get("/v1/models/a%2Fb%3Ac")
        self.assertEqual((status, error["error"]["code"]), (404, "model_not_found"))
        self.assertEqual(get("/v1/nothing")[1]["error"]["type"], "invalid_request_error")


class Embeddings(DoorTest):
    def embed(self, body, status=200):
        connection, response = self.d._send("POST", "/v1/embeddings", body, None)
        text = response.read()
        connection.close()
        self.assertEqual(response.status, status, text)
        return json.loads(text)

    def test_texts_and_tokens_as_floats_and_base64(self):
        floats = self.embed({"model": "main:fake", "input": ["one", "世界"]})
        self.assertEqual([(one["object"], one["index"]) for one in floats["data"]], [("embedding", 0), ("embedding", 1)])
        self.assertGreater(floats["usage"]["total_tokens"], 0)
        packed = self.embed({"model": "main:fake", "input": ["one", "世界"], "encoding_format": "base64"})
        for one, other in zip(floats["data"], packed["data"]):
            numbers = struct.unpack(f"<{len(one['embedding'])}f", base64.b64decode(other["embedding"]))
            for a, b in zip(numbers, one["embedding"]):
                self.assertAlmostEqual(a, b, 6)
        self.assertEqual(len(self.embed({"model": "main:fake", "input": "one"})["data"]), 1)
        self.assertEqual(len(self.embed({"model": "main:fake", "input": [1, 2, 3]})["data"]), 1)
        self.assertEqual(len(self.embed({"model": "main:fake", "input": [[1, 2], [3]]})["data"]), 2)

    def test_what_is_wrong_is_named(self):
        for param, fields in (("input", {}), ("input", {"input": []}), ("input", {"input": ""}), ("input[1]", {"input": ["a", 1]}),
                              ("input", {"input": ["a"] * 2049}), ("encoding_format", {"input": "a", "encoding_format": "hex"}),
                              ("dimensions", {"input": "a", "dimensions": 0})):
            with self.subTest(param=param):
                self.assertEqual(self.embed({"model": "main:fake"} | fields, 400)["error"]["param"], param)
        self.assertEqual(self.embed({"model": "nobody", "input": "a"}, 404)["error"]["code"], "model_not_found")


class Clients(DoorTest):
    def test_the_official_clients(self):
        """openai@6.49.0 and ai@6.0.326, each request answered by the offline provider or the script."""
        environment = os.environ | {"ASSISTD_URL": f"http://127.0.0.1:{self.d.port}/v1", "FAKE_MODEL_URL": self.upstream.url}
        done = subprocess.run([MODULES / ".bin/node", "openai_chat.mjs"], cwd=NODE, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-20000:] + done.stderr[-5000:])


if __name__ == "__main__":
    unittest.main(verbosity=2)
