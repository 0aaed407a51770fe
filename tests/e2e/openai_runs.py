"""Runs of OpenAI's Assistants API: states, the order of their events, tools of both sides, limits, restarts."""

import json
import os
import subprocess
import unittest

from daemon import API, in_threads, until
from mcp_clients import MODULES, NODE, PATIENCE_S
from openai_chat import PICTURE, WEATHER
from provider_tests import ProviderTest
from upstream import Failure, Fault, Gate, Reply, Text, ToolCall, Usage

TEXT_RUN = ["thread.run.created", "thread.run.queued", "thread.run.in_progress", "thread.run.step.created",
            "thread.run.step.in_progress", "thread.message.created", "thread.message.in_progress"]
TEXT_STEP = TEXT_RUN[3:]
END = ["thread.message.completed", "thread.run.step.completed", "thread.run.completed", "done"]
CALLS = ["thread.run.step.created", "thread.run.step.in_progress"]


class RunTest(ProviderTest):
    def request(self, method, path, body=None, status=200):
        connection, response = self.d._send(method, f"/v1{path}", body, {"OpenAI-Beta": "assistants=v2"})
        text = response.read()
        connection.close()
        self.assertEqual(response.status, status, text)
        self.headers = response.headers
        return json.loads(text)

    def refused(self, status, method, path, body, param=None):
        error = self.request(method, path, body, status)["error"]
        self.assertEqual(set(error), {"message", "type", "param", "code"})
        self.assertEqual(error["param"], param, error)
        return error

    def assistant(self, **fields):
        return self.request("POST", "/assistants", {"model": "main:fake", "instructions": "Be brief."} | fields)["id"]

    def upload(self, content, name="notes.md"):
        connection, response = self.d._send("POST", f"{API}/artifacts?name={name}", content, None)
        file = json.loads(response.read())["id"].replace("art_", "file-")
        connection.close()
        return file

    def thread(self, *contents):
        contents = contents or (f"Hello {self.words}",)
        return self.request("POST", "/threads", {"messages": [{"role": "user", "content": c} for c in contents]})["id"]

    def run_of(self, thread, assistant, status=200, **fields):
        return self.request("POST", f"/threads/{thread}/runs", {"assistant_id": assistant} | fields, status)

    def stream(self, path, body):
        """The events of a stream as (name, data)."""
        connection, response = self.d._send("POST", f"/v1{path}", body | {"stream": True}, None)
        self.assertEqual(response.status, 200, response.headers)
        frames = [frame for frame in response.read().decode().split("\n\n") if frame and not frame.startswith(":")]
        connection.close()
        events = []
        for frame in frames:
            name, data = frame.split("\n")
            self.assertTrue(name.startswith("event: ") and data.startswith("data: "), frame)
            events.append((name[7:], data[6:] if data == "data: [DONE]" else json.loads(data[6:])))
        return events

    def names(self, events):
        """Their names, pieces of text and of calls left out."""
        return [name for name, _ in events if not name.endswith(".delta")]

    def ended(self, thread, run):
        def state():
            found = self.request("GET", f"/threads/{thread}/runs/{run}")
            return found if found["status"] not in ("queued", "in_progress", "cancelling") else None
        return until(state, "the run's end")

    def texts(self, thread):
        messages = self.request("GET", f"/threads/{thread}/messages?order=asc")["data"]
        return [(m["role"], "".join(part["text"]["value"] for part in m["content"])) for m in messages]


class Streams(RunTest):
    def test_a_text(self):
        self.script(Reply([Text("Grüße, ", "世界 ", "🚀.")], Usage(120, 30)))
        thread, assistant = self.thread(), self.assistant()
        events = self.stream(f"/threads/{thread}/runs", {"assistant_id": assistant})
        self.assertEqual(self.names(events), TEXT_RUN + END)
        deltas = [data["delta"]["content"][0] for name, data in events if name == "thread.message.delta"]
        self.assertEqual("".join(delta["text"]["value"] for delta in deltas), "Grüße, 世界 🚀.")
        created = next(data for name, data in events if name == "thread.message.created")
        self.assertEqual((created["content"], created["status"], created["run_id"]), ([], "in_progress", events[0][1]["id"]))
        run = events[-2][1]
        self.assertEqual(run["usage"], {"prompt_tokens": 120, "completion_tokens": 30, "total_tokens": 150})
        self.assertEqual((run["status"], run["instructions"], run["model"]), ("completed", "Be brief.", "main:fake"))
        self.assertEqual(run, self.request("GET", f"/threads/{thread}/runs/{run['id']}"))
        self.assertEqual(self.texts(thread), [("user", f"Hello {self.words}"), ("assistant", "Grüße, 世界 🚀.")])
        steps = self.request("GET", f"/threads/{thread}/runs/{run['id']}/steps")["data"]
        told = [data for name, data in events if name == "thread.run.step.completed"]
        self.assertEqual([step["id"] for step in steps], [step["id"] for step in told])
        self.assertEqual(steps[0]["step_details"]["message_creation"]["message_id"], created["id"])
        self.assertIn("Be brief.", json.dumps(self.upstream.asked(self.words)[0].json["messages"][0]))

    def test_functions_of_the_client(self):
        self.script(Reply([Text("Wait."), ToolCall("get_weather", {"city": "Köln"}, id="call_a"), ToolCall("get_weather", {"city": "Ulm"}, id="call_b")]),
                    Reply([Text("Rain.")]))
        thread, assistant = self.thread(), self.assistant(tools=[WEATHER])
        events = self.stream(f"/threads/{thread}/runs", {"assistant_id": assistant})
        self.assertEqual(self.names(events), TEXT_RUN + ["thread.message.completed", "thread.run.step.completed", *CALLS, "thread.run.requires_action", "done"])
        run = events[-2][1]
        calls = run["required_action"]["submit_tool_outputs"]["tool_calls"]
        self.assertEqual([(c["id"], c["function"]["name"], json.loads(c["function"]["arguments"])) for c in calls],
                         [("call_a", "get_weather", {"city": "Köln"}), ("call_b", "get_weather", {"city": "Ulm"})])
        path = f"/threads/{thread}/runs/{run['id']}"
        self.assertEqual(self.request("GET", path)["status"], "requires_action")
        self.assertNotIn("openai-poll-after-ms", [] if not self.headers else [])
        self.refused(400, "POST", f"/threads/{thread}/messages", {"role": "user", "content": "More"})
        self.refused(400, "POST", f"/threads/{thread}/runs", {"assistant_id": assistant}, "thread_id")
        self.refused(400, "POST", f"{path}/submit_tool_outputs", {"tool_outputs": [{"tool_call_id": "call_a", "output": "wet"}]}, "tool_outputs")
        step = self.request("GET", f"{path}/steps")["data"][0]
        self.assertEqual((step["status"], step["step_details"]["tool_calls"][0]["function"]["output"]), ("in_progress", None))
        outputs = [{"tool_call_id": "call_b", "output": "dry"}, {"tool_call_id": "call_a", "output": "wet"}]
        more = self.stream(f"{path}/submit_tool_outputs", {"tool_outputs": outputs})
        self.assertEqual(self.names(more), ["thread.run.step.completed", "thread.run.queued", "thread.run.in_progress", *TEXT_STEP, *END])
        done = more[0][1]
        self.assertEqual((done["id"], [c["function"]["output"] for c in done["step_details"]["tool_calls"]]), (step["id"], ["wet", "dry"]))
        results = [m for m in self.upstream.asked(self.words)[1].json["messages"] if m["role"] == "tool"]
        self.assertEqual([(m["tool_call_id"], m["content"]) for m in results], [("call_a", "wet"), ("call_b", "dry")])
        self.refused(400, "POST", f"{path}/submit_tool_outputs", {"tool_outputs": outputs}, "run_id")

    def test_the_daemons_tools_run_by_themselves(self):
        self.script(Reply([ToolCall("list_algorithms", id="call_a"), ToolCall("no_such_thing", id="call_b")]), Reply([Text("Done.")]))
        listed = {"type": "function", "function": {"name": "list_algorithms"}}
        thread, assistant = self.thread(), self.assistant(tools=[listed])
        events = self.stream(f"/threads/{thread}/runs", {"assistant_id": assistant})
        self.assertEqual(self.names(events), TEXT_RUN[:3] + [*CALLS, "thread.run.step.completed", *TEXT_STEP, *END])
        step = next(data for name, data in events if name == "thread.run.step.completed")
        outputs = [call["function"]["output"] for call in step["step_details"]["tool_calls"]]
        self.assertIn("dla", outputs[0])
        self.assertIn("ToolNotFoundError", outputs[1])
        offered = self.upstream.asked(self.words)[0].json["tools"]
        self.assertEqual([tool["function"]["name"] for tool in offered], ["list_algorithms"])

    def test_citations(self):
        connection, response = self.d._send("POST", f"{API}/artifacts?name=notes.md", b"# Results\n\nThe porosity of the aggregate is 0.4.\n", None)
        artifact = json.loads(response.read())
        connection.close()
        file = artifact["id"].replace("art_", "file-")
        store = self.request("POST", "/vector_stores", {"name": "notes", "file_ids": [file]})["id"]
        until(lambda: self.request("GET", f"/vector_stores/{store}/files/{file}")["status"] == "completed", "the file is indexed")
        marker = "【1:1†notes.md】"
        answer = f"世界: it is 0.4 {marker}."
        self.script(Reply([ToolCall("file_search", {"query": "porosity of the aggregate"}, id="call_s")]), Reply([Text(*answer)]))
        thread = self.thread()
        assistant = self.assistant(tools=[{"type": "file_search"}], tool_resources={"file_search": {"vector_store_ids": [store]}})
        events = self.stream(f"/threads/{thread}/runs?include[]=step_details.tool_calls[*].file_search.results[*].content", {"assistant_id": assistant})
        self.assertEqual(self.names(events), TEXT_RUN[:3] + [*CALLS, "thread.run.step.completed", *TEXT_STEP, *END])
        call = next(data for name, data in events if name == "thread.run.step.completed")["step_details"]["tool_calls"][0]
        self.assertEqual((call["type"], call["file_search"]["results"][0]["file_id"], call["file_search"]["results"][0]["file_name"]),
                         ("file_search", file, "notes.md"))
        self.assertIn("porosity", call["file_search"]["results"][0]["content"][0]["text"])
        start = answer.index(marker)
        expected = {"type": "file_citation", "text": marker, "start_index": start, "end_index": start + len(marker),
                    "file_citation": {"file_id": file}}
        deltas = [data["delta"]["content"][0]["text"] for name, data in events if name == "thread.message.delta"]
        self.assertEqual([a for delta in deltas for a in delta.get("annotations", [])], [expected | {"index": 0}])
        message = self.request("GET", f"/threads/{thread}/messages")["data"][0]
        self.assertEqual(message["content"], [{"type": "text", "text": {"value": answer, "annotations": [expected]}}])
        stored = self.d.messages(thread.replace("thread_", "conv_"))[-1]
        self.assertEqual((stored["citations"][0]["artifact"], stored["citations"][0]["marker"]), (artifact["id"], marker))
        self.assertIn("porosity", stored["citations"][0]["quote"])

    def test_the_first_run_finds_what_came_with_its_thread(self):
        connection, response = self.d._send("POST", f"{API}/artifacts?name=first.md", b"The zebrafish sleeps at night.\n", None)
        file = json.loads(response.read())["id"].replace("art_", "file-")
        connection.close()
        self.script(Reply([ToolCall("file_search", {"query": "zebrafish"}, id="call_s")]), Reply([Text("At night.")]))
        run = self.request("POST", "/threads/runs", {"assistant_id": self.assistant(tools=[{"type": "file_search"}]), "thread": {"messages": [
            {"role": "user", "content": f"When? {self.words}", "attachments": [{"file_id": file, "tools": [{"type": "file_search"}]}]}]}})
        self.ended(run["thread_id"], run["id"])
        self.assertIn("file_search", json.dumps(self.upstream.asked(self.words)[0].json["tools"]))

    def test_what_a_refused_run_was_to_say_is_not_said(self):
        thread, assistant = self.thread(), self.assistant()
        more = {"assistant_id": assistant, "additional_messages": [{"role": "user", "content": "More."}]}
        self.refused(400, "POST", f"/threads/{thread}/runs?include[]=bad", more, "include")
        self.assertEqual(len(self.texts(thread)), 1)

    def test_of_many_runs_at_once_the_refused_ones_say_nothing(self):
        gate = Gate()
        self.addCleanup(gate.open)
        self.script(Reply([gate, Text("One.")]))
        thread, assistant = self.thread(), self.assistant()
        replies = []
        def begin(number):
            body = {"assistant_id": assistant, "additional_messages": [{"role": "user", "content": f"Says {number}."}]}
            connection, response = self.d._send("POST", f"/v1/threads/{thread}/runs", body, None)
            replies.append((response.status, number, json.loads(response.read())))
            connection.close()
        in_threads(begin, 20)
        taken = [number for status, number, _ in replies if status == 200]
        self.assertEqual((len(taken), {status for status, _, _ in replies}), (1, {200, 400}), replies)
        self.assertEqual([text for _, text in self.texts(thread)], [f"Hello {self.words}", f"Says {taken[0]}."])

    def test_what_is_refused_leaves_nothing(self):
        # Of a model that has counted nothing yet, so that no other test says how long a text is.
        assistant = self.assistant(tools=[{"type": "file_search"}], model="main:unheard")
        file, gone = self.upload(b"The zebrafish sleeps at night.\n"), f"file-{'0' * 32}"
        stores = lambda: [store["id"] for store in self.request("GET", "/vector_stores?limit=100")["data"]]
        artifacts = lambda: len(self.d.good("GET", "/artifacts?limit=100")["artifacts"])
        conversations = lambda: len(self.d.good("GET", "/conversations?limit=100")["conversations"])
        before = stores(), artifacts(), conversations()
        described = {"file_search": {"vector_stores": [{"file_ids": [file]}]}}
        picture = {"role": "user", "content": [{"type": "text", "text": "Look"}, {"type": "image_url", "image_url": {"url": PICTURE}}]}
        attached = {"role": "user", "content": "x", "attachments": [{"file_id": file, "tools": [{"type": "file_search"}]}]}
        long = {"role": "user", "content": "word " * 50_000}
        missing = {"role": "user", "content": "x", "attachments": [{"file_id": gone, "tools": [{"type": "file_search"}]}]}
        self.refused(400, "POST", "/threads", {"messages": [picture, missing], "tool_resources": described}, "messages[1].attachments[0].file_id")
        thread = {"messages": [picture, attached, *[long] * 10], "tool_resources": described}
        small = {"assistant_id": assistant, "instructions": "word " * 50_000, "additional_instructions": "word " * 50_000}
        self.request("POST", "/threads/runs", small | {"thread": thread}, 400)
        self.assertEqual((stores(), artifacts(), conversations()), before)
        # In a thread that is there: it is as it was.
        there = self.request("POST", "/threads", {})["id"]
        self.request("POST", f"/threads/{there}/runs", small | {"additional_messages": [picture, attached, long]}, 400)
        self.refused(400, "POST", f"/threads/{there}/messages", missing, "attachments[0].file_id")
        self.assertEqual(self.request("GET", f"/threads/{there}")["tool_resources"], {})
        self.assertEqual((self.texts(there), stores(), artifacts()), ([], *before[:2]))

    def test_a_run_waits_for_its_files(self):
        # Large enough that reading it takes longer than beginning a run.
        text = b"".join(b"Line %d tells of nothing much at all, as lines do.\n" % i for i in range(60_000))
        file = self.upload(text + b"The zebrafish sleeps at night.\n")
        self.script(Reply([ToolCall("file_search", {"query": "zebrafish"}, id="call_s")]), Reply([Text("At night.")]))
        run = self.request("POST", "/threads/runs", {"assistant_id": self.assistant(tools=[{"type": "file_search"}]), "thread": {"messages": [
            {"role": "user", "content": f"When? {self.words}", "attachments": [{"file_id": file, "tools": [{"type": "file_search"}]}]}]}})
        self.assertEqual(self.ended(run["thread_id"], run["id"])["status"], "completed")
        self.assertIn("sleeps at night", self.upstream.asked(self.words)[1].json["messages"][-1]["content"])

    def test_a_runs_own_vector_store(self):
        stores = []
        for text in (b"The quagga eats grass.\n", b"The zebrafish sleeps at night.\n"):
            stores.append(self.request("POST", "/vector_stores", {"file_ids": [self.upload(text)]})["id"])
        resources = [{"file_search": {"vector_store_ids": [store]}} for store in stores]
        assistant = self.assistant(tools=[{"type": "file_search"}], tool_resources=resources[0])
        self.script(Reply([ToolCall("file_search", {"query": "zebrafish quagga"}, id="call_s")]), Reply([Text("At night.")]))
        asked = {"assistant_id": assistant, "thread": {"messages": [{"role": "user", "content": self.words}]}}
        run = self.request("POST", "/threads/runs", asked | {"tool_resources": resources[1]})
        self.ended(run["thread_id"], run["id"])
        found = self.upstream.asked(self.words)[1].json["messages"][-1]["content"]
        self.assertIn("zebrafish sleeps", found)
        self.assertNotIn("quagga eats", found)
        gone = {"file_search": {"vector_store_ids": [f"vs_{'0' * 32}"]}}
        self.refused(400, "POST", "/threads/runs", asked | {"tool_resources": gone}, "tool_resources.file_search.vector_store_ids[0]")

    def test_a_reply_that_was_given_again_is_still_its_runs(self):
        self.script(Reply([Text("First.")]), Reply([Text("Second.")]))
        thread, assistant = self.thread(), self.assistant()
        run = self.ended(thread, self.run_of(thread, assistant)["id"])
        again = self.d.post(f"/conversations/{thread.replace('thread_', 'conv_')}/regenerate", {})
        self.assertEqual(again.status, 200, again.body)
        self.assertEqual([text for _, text in self.texts(thread)], [f"Hello {self.words}", "Second."])
        step = self.request("GET", f"/threads/{thread}/runs/{run['id']}/steps")["data"][0]
        named = step["step_details"]["message_creation"]["message_id"]
        message = self.request("GET", f"/threads/{thread}/messages/{named}")
        self.assertEqual((message["content"][0]["text"]["value"], message["run_id"]), ("First.", run["id"]))
        of_run = self.request("GET", f"/threads/{thread}/messages?run_id={run['id']}")["data"]
        self.assertEqual([each["id"] for each in of_run], [named])

    def test_ten_thousand_messages_without_an_answer(self):
        self.script(Reply([Text("Enough.")]), Reply([Text("Three.")]))
        thread = self.thread(*(f"Message {i} of a long list {self.words}" for i in range(10_000)))
        assistant = self.assistant()
        ended = self.ended(thread, self.run_of(thread, assistant)["id"])
        self.assertEqual(ended["status"], "completed", ended)
        asked = self.upstream.asked(self.words)[0].json["messages"]
        self.assertIn("Message 9999 ", json.dumps(asked[-1]))
        self.assertLess(len(asked), 9_000)
        self.run_of(thread, assistant, truncation_strategy={"type": "last_messages", "last_messages": 3},
                    additional_messages=[{"role": "user", "content": f"One {self.words}"}, {"role": "user", "content": f"Two {self.words}"}])
        until(lambda: len(self.upstream.asked(self.words)) == 2, "the second run asks")
        asked = [m for m in self.upstream.asked(self.words)[1].json["messages"] if m["role"] != "system"]
        # What was answered together is told together, or not at all.
        self.assertEqual([m["content"] for m in asked], [f"One {self.words}", f"Two {self.words}"])

    def test_files_of_other_threads_are_not_searched(self):
        self.script(Reply([ToolCall("file_search", {"query": "anything"}, id="call_s")]), Reply([Text("Nothing.")]))
        thread, assistant = self.thread(), self.assistant(tools=[{"type": "file_search"}])
        self.ended(thread, self.run_of(thread, assistant)["id"])
        asked = self.upstream.asked(self.words)
        self.assertNotIn("tools", asked[0].json)
        self.assertIn("ToolNotFoundError", asked[1].json["messages"][-1]["content"])

    def test_create_thread_and_run(self):
        self.script(Reply([Text("Hi.")]))
        events = self.stream("/threads/runs", {"assistant_id": self.assistant(), "thread": {
            "messages": [{"role": "user", "content": f"Hello {self.words}"}], "metadata": {"a": "b"}}})
        self.assertEqual(self.names(events), ["thread.created", *TEXT_RUN, *END])
        self.assertEqual(events[0][1]["metadata"], {"a": "b"})

    def test_a_failure(self):
        self.script(Reply([Text("Half "), Fault("error", message="It broke.")]))
        thread, assistant = self.thread(), self.assistant()
        events = self.stream(f"/threads/{thread}/runs", {"assistant_id": assistant})
        self.assertEqual(self.names(events), TEXT_RUN + ["thread.message.incomplete", "thread.run.step.failed", "thread.run.failed", "done"])
        run = events[-2][1]
        self.assertEqual(run["last_error"]["code"], "server_error")
        # What the model's server says, and its name, are for the log.
        for told in (run, self.request("GET", f"/threads/{thread}/runs/{run['id']}/steps")["data"][0]):
            self.assertRegex(told["last_error"]["message"], r"\.$")
            self.assertNotRegex(json.dumps(told["last_error"]), r"It broke|main|fake|127\.0")
        self.assertIn("It broke", self.d.log.read_text())

    def test_a_model_that_is_asked_too_often(self):
        self.script(Failure(429, message="Slow down, org-1234.", headers={"Retry-After": "90"}))
        thread, assistant = self.thread(), self.assistant()
        ended = self.ended(thread, self.run_of(thread, assistant)["id"])
        self.assertEqual((ended["status"], ended["last_error"]["code"]), ("failed", "rate_limit_exceeded"))
        self.assertNotIn("org-1234", json.dumps(ended))

    def test_cancelling(self):
        gate = Gate()
        self.addCleanup(gate.open)
        self.script(Reply([Text("One "), gate, Text("two.")]))
        thread, assistant = self.thread(), self.assistant()
        run = self.run_of(thread, assistant)
        self.assertEqual(run["status"], "queued")
        gate.wait_reached()
        self.assertEqual(self.request("POST", f"/threads/{thread}/runs/{run['id']}/cancel")["status"], "cancelling")
        self.assertEqual(self.ended(thread, run["id"])["status"], "cancelled")
        message = self.request("GET", f"/threads/{thread}/messages")["data"][0]
        self.assertEqual((message["status"], message["incomplete_details"]), ("incomplete", {"reason": "run_cancelled"}))
        self.assertEqual(self.request("GET", f"/threads/{thread}/runs/{run['id']}/steps")["data"][0]["status"], "cancelled")
        self.refused(400, "POST", f"/threads/{thread}/runs/{run['id']}/cancel", None, "run_id")

    def test_a_client_that_leaves_does_not_cancel(self):
        gate = Gate()
        self.script(Reply([Text("One "), gate, Text("two.")]))
        thread, assistant = self.thread(), self.assistant()
        connection, response = self.d._send("POST", f"/v1/threads/{thread}/runs", {"assistant_id": assistant, "stream": True}, None)
        run = json.loads(response.readline() and response.readline()[6:])["id"]
        gate.wait_reached()
        response.close()
        connection.close()
        gate.open()
        self.assertEqual(self.ended(thread, run)["status"], "completed")
        self.assertEqual(self.texts(thread)[-1], ("assistant", "One two."))


class Settings(RunTest):
    def test_what_the_model_is_asked_for(self):
        self.script(Reply([Text("{}")]))
        wanted = {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}}
        thread, assistant = self.thread(), self.assistant(temperature=0.25, tools=[WEATHER])
        run = self.run_of(thread, assistant, instructions="Only this.", additional_instructions="And this.", top_p=0.5,
                          response_format=wanted, tool_choice={"type": "function", "function": {"name": "get_weather"}},
                          parallel_tool_calls=False, max_completion_tokens=300, reasoning_effort="low", metadata={"k": "v"},
                          additional_messages=[{"role": "user", "content": "One more."}])
        ended = self.ended(thread, run["id"])
        asked = self.upstream.asked(self.words)[0].json
        self.assertEqual((asked["temperature"], asked["top_p"], asked["response_format"], asked["reasoning_effort"]), (0.25, 0.5, wanted, "low"))
        self.assertEqual((asked["tool_choice"]["function"]["name"], asked["parallel_tool_calls"]), ("get_weather", False))
        self.assertIn(300, (asked.get("max_tokens"), asked.get("max_completion_tokens")))
        self.assertIn("Only this.\n\nAnd this.", asked["messages"][0]["content"])
        self.assertNotIn("Be brief.", asked["messages"][0]["content"])
        self.assertEqual([m["content"] for m in asked["messages"][1:]], [f"Hello {self.words}", "One more."])
        for field, value in {"temperature": 0.25, "top_p": 0.5, "max_completion_tokens": 300, "max_prompt_tokens": None,
                             "parallel_tool_calls": False, "response_format": wanted, "metadata": {"k": "v"},
                             "truncation_strategy": {"type": "auto", "last_messages": None}, "reasoning_effort": "low"}.items():
            self.assertEqual(ended[field], value, field)
        changed = self.request("POST", f"/threads/{thread}/runs/{run['id']}", {"metadata": {"k": None, "n": "m"}})
        self.assertEqual(changed["metadata"], {"n": "m"})

    def test_the_last_messages_only(self):
        self.script(Reply([Text("One.")]), Reply([Text("Two.")]), Reply([Text("Three.")]))
        thread, assistant = self.thread(), self.assistant()
        self.ended(thread, self.run_of(thread, assistant)["id"])
        for content in ("Second", "Third"):
            self.request("POST", f"/threads/{thread}/messages", {"role": "user", "content": f"{content} {self.words}"})
            self.ended(thread, self.run_of(thread, assistant, truncation_strategy={"type": "last_messages", "last_messages": 2})["id"])
        asked = self.upstream.asked(self.words)[2].json["messages"]
        self.assertEqual([m["content"] for m in asked if m["role"] != "system"], [f"Second {self.words}", "Two.", f"Third {self.words}"])

    def test_running_out_of_tokens(self):
        self.script(Reply([Text("Half")], Usage(50, 300), stop="length"))
        thread, assistant = self.thread(), self.assistant()
        ended = self.ended(thread, self.run_of(thread, assistant, max_completion_tokens=300)["id"])
        self.assertEqual((ended["status"], ended["incomplete_details"]), ("incomplete", {"reason": "max_completion_tokens"}))
        message = self.request("GET", f"/threads/{thread}/messages")["data"][0]
        self.assertEqual((message["status"], message["incomplete_details"]), ("incomplete", {"reason": "max_tokens"}))

    def test_what_is_wrong_is_named(self):
        thread, assistant = self.thread(), self.assistant()
        for param, fields in (("temperature", {"temperature": 3}), ("top_p", {"top_p": -1}), ("max_prompt_tokens", {"max_prompt_tokens": 255}),
                              ("max_completion_tokens", {"max_completion_tokens": 1}), ("tools", {"tools": [WEATHER] * 21}),
                              ("truncation_strategy.type", {"truncation_strategy": {"type": "x"}}),
                              ("truncation_strategy.last_messages", {"truncation_strategy": {"type": "last_messages"}}),
                              ("tool_choice", {"tool_choice": {"type": "function", "function": {"name": "other"}}}),
                              ("tools[0].type", {"tools": [{"type": "code_interpreter"}]}),
                              ("metadata", {"metadata": {str(i): "x" for i in range(17)}}),
                              ("tool_choice", {"tool_choice": "required"}),
                              ("additional_messages[0].attachments[0].tools[0].type", {"additional_messages": [
                                  {"role": "user", "content": "x", "attachments": [{"file_id": f"file-{'1' * 32}", "tools": [{"type": "code_interpreter"}]}]}]}),
                              ("additional_messages[0].role", {"additional_messages": [{"role": "system", "content": "x"}]})):
            with self.subTest(param=param):
                error = self.refused(400, "POST", f"/threads/{thread}/runs", {"assistant_id": assistant} | fields, param)
                self.assertEqual(error["type"], "invalid_request_error")
        self.refused(400, "POST", f"/threads/{thread}/runs", {}, "assistant_id")
        for path in (f"/threads/thread_{'0' * 32}/runs", f"/threads/{thread}/runs/run_{'0' * 32}", "/threads/x/runs"):
            self.request("GET", path, status=404)
        self.request("POST", f"/threads/{thread}/runs", {"assistant_id": "asst_nothing"}, 404)
        self.assertEqual(self.request("GET", f"/threads/{thread}/runs")["data"], [])

    def test_runs_and_steps_page(self):
        self.script(*[Reply([Text("Yes.")]) for _ in range(5)])
        thread, assistant = self.thread(), self.assistant()
        runs = []
        for _ in range(5):
            self.request("POST", f"/threads/{thread}/messages", {"role": "user", "content": self.words})
            runs.append(self.run_of(thread, assistant)["id"])
            self.ended(thread, runs[-1])
        listed = lambda query: [run["id"] for run in self.request("GET", f"/threads/{thread}/runs?{query}")["data"]]
        self.assertEqual(listed(""), runs[::-1])
        self.assertEqual(listed("order=asc&limit=2"), runs[:2])
        self.assertEqual(listed(f"order=asc&limit=2&after={runs[1]}"), runs[2:4])
        self.assertEqual(listed(f"limit=2&after={runs[3]}"), runs[1:3][::-1])
        self.assertEqual(listed(f"order=asc&before={runs[2]}&limit=1"), [runs[1]])
        self.refused(400, "GET", f"/threads/{thread}/runs?after=run_{'0' * 32}", None, "after")
        self.refused(400, "GET", f"/threads/{thread}/runs?limit=101", None, "limit")

    def test_the_same_conversation_at_every_door(self):
        self.script(Reply([Text("One.")]), Reply([Text("Two.")]))
        thread, assistant = self.thread(), self.assistant()
        self.ended(thread, self.run_of(thread, assistant)["id"])
        conversation = thread.replace("thread_", "conv_")
        self.d.chat(conversation, f"And here? {self.words}")
        self.assertEqual([text for _, text in self.texts(thread)], [f"Hello {self.words}", "One.", f"And here? {self.words}", "Two."])
        self.assertEqual(len(self.request("GET", f"/threads/{thread}/runs")["data"]), 2)
        own = self.d.conversation()
        self.assertEqual(self.request("GET", f"/threads/{own.replace('conv_', 'thread_')}")["object"], "thread")


class Restarts(RunTest):
    def test_a_run_that_waits_is_there_after_a_restart(self):
        self.script(Reply([ToolCall("get_weather", {"city": "Ulm"}, id="call_a")]), Reply([Text("Rain.")]))
        thread, assistant = self.thread(), self.assistant(tools=[WEATHER])
        run = self.run_of(thread, assistant)["id"]
        self.assertEqual(self.ended(thread, run)["status"], "requires_action")
        self.d.kill()
        self.d.start()
        until(lambda: self.request("GET", f"/threads/{thread}/runs/{run}")["status"] == "requires_action", "the run waits again")
        path = f"/threads/{thread}/runs/{run}/submit_tool_outputs"
        self.request("POST", path, {"tool_outputs": [{"tool_call_id": "call_a", "output": "wet"}]})
        self.assertEqual(self.ended(thread, run)["status"], "completed")
        self.assertEqual(self.texts(thread)[-1], ("assistant", "Rain."))


class Clients(RunTest):
    def test_the_official_client(self):
        environment = os.environ | {"ASSISTD_URL": f"http://127.0.0.1:{self.d.port}/v1", "FAKE_MODEL_URL": self.upstream.url}
        done = subprocess.run([MODULES / ".bin/node", "openai_runs.mjs"], cwd=NODE, env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-20000:] + done.stderr[-5000:])


if __name__ == "__main__":
    unittest.main(verbosity=2)
