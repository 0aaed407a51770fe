"""ChatKit's own endpoint: every order of events, items and their pages, what the client answers, and what is refused."""

import unittest

from access_support import KEYS, Person, administrator, form, user
from chatkit_support import ChatKitTest
from daemon import FolderTest, until
from upstream import Fault, Gate, Reply, Text, Thinking, ToolCall

MESSAGE = ["item.added assistant_message", "added", "text_delta", "done", "item.done assistant_message"]
CALLS = ["item.added workflow", "workflow.task.added", "workflow.task.updated", "item.done workflow"]
WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {}}}}


class Orders(ChatKitTest):
    def test_a_thread_is_created(self):
        self.script(Reply([Text("Hel", "lo.")]))
        told = self.create()
        self.assertEqual(told.names(), ["created", "item.done user_message", "stream_options"] + MESSAGE + ["updated"])
        self.assertEqual((told.end["status"], told.end["cache"]), (200, "no-cache"))
        self.assertNotIn("[DONE]", told.end["raw"])
        self.assertNotIn("null", told.end["raw"])
        user, reply = told.items()
        self.assertEqual(user["content"], [{"type": "input_text", "text": f"Hello {self.words}"}])
        self.assertEqual(reply["content"], [{"type": "output_text", "text": "Hello.", "annotations": []}])
        thread = self.ask("threads.get_by_id", thread_id=self.thread_of(told)).json
        self.assertEqual((thread["items"]["data"], thread["title"]), ([user, reply], f"Hello {self.words}"))

    def test_a_message_is_added(self):
        self.script(Reply([Text("One.")]), Reply([Text("Two.")]))
        thread = self.thread_of(self.create())
        self.assertEqual(self.add(thread, "And?").names(), ["item.done user_message", "stream_options"] + MESSAGE)

    def test_tools_of_the_daemon_are_a_workflow(self):
        self.script(Reply([Text("Let me see."), ToolCall("list_algorithms"), ToolCall("run_dla_simulation", {"n_particles": 1})]),
                    Reply([Text("There.")]))
        told = self.create()
        self.assertEqual([name for name in told.names()[3:] if name != "workflow.task.updated"],
                         MESSAGE + ["item.added workflow", "workflow.task.added", "workflow.task.added", "item.done workflow"] + MESSAGE + ["updated"])
        work = told.items()[2]["workflow"]
        self.assertEqual([task["status_indicator"] for task in work["tasks"]], ["complete", "none"])
        self.assertIn("n_particles must be at least 10", work["tasks"][1]["content"])
        self.assertEqual(self.items(self.thread_of(told), order="asc")["data"], told.items())

    def test_thoughts_are_a_workflow_in_front_of_the_message(self):
        self.script(Reply([Thinking("Let me ", "see. " * 100, "So."), Text("It is ", "so.")]))
        told = self.create()
        self.assertEqual([name for name in told.names()[3:] if name != "workflow.task.updated"],
                         ["item.added workflow", "workflow.task.added", "item.done workflow"] + MESSAGE + ["updated"])
        work = told.items()[1]["workflow"]
        self.assertEqual(work["type"], "reasoning")
        self.assertEqual(work["tasks"], [{"type": "thought", "status_indicator": "complete",
                                          "content": "Let me " + "see. " * 100 + "So."}])
        self.assertEqual(self.items(self.thread_of(told), order="asc")["data"], told.items())

    def test_a_title_is_told(self):
        self.script(Reply([Text("One.")]))
        told = self.create()
        titles = [e["thread"]["title"] for e in told.all().events if e["type"] == "thread.updated"]
        self.assertEqual(titles, [f"Hello {self.words}"])
        self.assertEqual(told.all().events[-1]["type"], "thread.updated", "behind the items")

    def test_an_item_keeps_its_time(self):
        self.script(Reply([Text("One ", "two.")], pace_s=0.05))
        told = self.create()
        times = [e["item"]["created_at"] for e in told.all().events
                 if e["type"] in ("thread.item.added", "thread.item.done") and e["item"]["type"] == "assistant_message"]
        self.assertEqual(len(times), 2)
        self.assertEqual(times[0], times[1])
        self.assertEqual(self.items(self.thread_of(told), order="asc")["data"], told.items())

    def test_a_failure_is_an_event(self):
        self.script(Reply([Text("Half"), Fault("closed")]))
        told = self.create()
        self.assertEqual(told.names()[-4:], ["done", "item.done assistant_message", "updated", "error"])
        self.assertEqual((told.events[-1]["allow_retry"], told.end["status"]), (True, 200))
        self.assertEqual(told.items()[-1]["content"][0]["text"], "Half")
        kept = self.items(self.thread_of(told), order="asc")["data"]
        self.assertEqual([item["content"][0]["text"] for item in kept], [f"Hello {self.words}", "Half"])

    def test_who_leaves_cancels(self):
        self.script(Reply([Text("Half"), Gate("never"), Text("whole.")]), Reply([Text("Again.")]))
        told = self.create(leave_after="assistant_message.content_part.text_delta")
        thread = self.thread_of(told)
        conversation = thread.replace("thr_", "conv_")
        until(lambda: self.d.good("GET", f"/conversations/{conversation}")["running_turn_id"] is None, "the turn's end")
        kept = self.items(thread, order="asc")["data"]
        self.assertEqual([item["content"][0]["text"] for item in kept], [f"Hello {self.words}", "Half"])
        self.assertEqual(self.add(thread, "Go on").items()[-1]["content"][0]["text"], "Again.")

    def test_an_item_is_retried(self):
        self.script(*(Reply([Text(f"{n}.")]) for n in (1, 2, 3, 4)))
        thread = self.thread_of(self.create())
        self.add(thread, "Two").all()
        items = self.items(thread, order="asc")["data"]
        again = self.ask("threads.retry_after_item", thread_id=thread, item_id=items[2]["id"])
        self.assertEqual(again.names(), ["stream_options"] + MESSAGE)
        self.assertEqual(again.items()[-1]["content"][0]["text"], "3.")
        self.ask("threads.retry_after_item", thread_id=thread, item_id=items[0]["id"]).all()
        left = self.items(thread, order="asc")["data"]
        self.assertEqual([item["content"][0]["text"] for item in left], [f"Hello {self.words}", "4."])
        self.assertEqual(left[0]["id"], items[0]["id"])
        self.refused(self.ask("threads.retry_after_item", thread_id=thread, item_id=left[1]["id"]), 400, "user")
        self.refused(self.ask("threads.retry_after_item", thread_id=thread, item_id=items[2]["id"]), 404)

    def test_quotes_options_and_tags(self):
        self.script(Reply([Text("One.")]))
        content = [{"type": "input_text", "text": f"Hello {self.words} "},
                   {"type": "input_tag", "id": "t1", "text": "@soot", "data": {"a": 1}, "interactive": True}]
        told = self.ask("threads.create", input={"content": content, "attachments": [], "quoted_text": "first\nsecond",
                                                 "inference_options": {"model": "main:fake"}})
        user = told.items()[0]
        self.assertEqual((user["content"][0]["text"], user["quoted_text"]), (f"Hello {self.words} @soot", "first\nsecond"))
        self.assertEqual(user["inference_options"], {"model": "main:fake"})
        asked = self.upstream.asked(self.words)[-1].json["messages"][-1]["content"]
        self.assertEqual(asked, f"> first\n> second\n\nHello {self.words} @soot")

    def test_a_tool_is_chosen(self):
        self.script(Reply([Text("One.")]))
        told = self.create(inference_options={"tool_choice": {"id": "list_algorithms"}})
        told.all()
        asked = self.upstream.asked(self.words)[-1].json["tool_choice"]
        self.assertEqual(asked, {"type": "function", "function": {"name": "list_algorithms"}})
        self.refused(self.create(inference_options={"tool_choice": {"id": "nothing"}}), 400, "nothing")


class Answers(ChatKitTest):
    more_config = "tools: {{run_dla_simulation: {{approval: always}}}}\n"

    def assistant(self):
        made = self.d.post("/assistants", {"model": "main:fake", "tools": [WEATHER, {"type": "function", "function": {"name": "list_algorithms"}}]})
        self.assertEqual(made.status, 201, made.body)
        return made.json["id"]

    def test_a_call_of_the_clients(self):
        self.script(Reply([Text("A moment."), ToolCall("get_weather", {"city": "Ulm"}, id="call_a")]), Reply([Text("Rain.")]))
        told = self.create(inference_options={"model": self.assistant()})
        self.assertEqual(told.names()[3:], MESSAGE + ["updated", "item.done client_tool_call"])
        thread, call = self.thread_of(told), told.items()[-1]
        self.assertEqual((call["status"], call["name"], call["arguments"], call["call_id"]),
                         ("pending", "get_weather", {"city": "Ulm"}, "call_a"))
        self.assertEqual(self.items(thread, limit=1)["data"], [call])
        self.refused(self.ask("threads.add_client_tool_output", thread_id=thread), 400, "result")
        rest = self.ask("threads.add_client_tool_output", thread_id=thread, result={"sky": "wet"})
        self.assertEqual(rest.names(), ["stream_options"] + MESSAGE)
        self.assertEqual(self.upstream.asked(self.words)[-1].json["messages"][-1]["content"], '{"sky":"wet"}')
        done = self.items(thread, order="asc")["data"][2]
        self.assertEqual((done["id"], done["status"], done["output"]), (call["id"], "completed", {"sky": "wet"}))
        self.refused(self.ask("threads.add_client_tool_output", thread_id=thread, result=1), 400, "waits")

    def test_several_calls_are_handed_out_one_by_one(self):
        self.script(Reply([ToolCall("get_weather", {"city": "Ulm"}, id="call_a"), ToolCall("list_algorithms", id="call_b"),
                           ToolCall("get_weather", {"city": "Bonn"}, id="call_c")]), Reply([Text("Rain.")]))
        told = self.create(inference_options={"model": self.assistant()})
        self.assertEqual(told.names()[3:], CALLS + ["updated", "item.done client_tool_call"])
        thread = self.thread_of(told)
        second = self.ask("threads.add_client_tool_output", thread_id=thread, result="wet")
        self.assertEqual(second.names(), ["stream_options", "item.done client_tool_call"])
        self.assertEqual(second.items()[0]["arguments"], {"city": "Bonn"})
        self.assertEqual(self.ask("threads.add_client_tool_output", thread_id=thread, result="dry").names(), ["stream_options"] + MESSAGE)
        results = {m["tool_call_id"]: m["content"] for m in self.upstream.asked(self.words)[-1].json["messages"] if m["role"] == "tool"}
        self.assertEqual((results["call_a"], results["call_c"]), ("wet", "dry"))

    def test_a_call_survives_a_restart(self):
        self.script(Reply([ToolCall("get_weather", {}, id="call_a")]), Reply([Text("Rain.")]))
        thread = self.thread_of(self.create(inference_options={"model": self.assistant()}))
        self.d.restart()
        self.client.url = f"http://127.0.0.1:{self.d.port}/api/v1/chatkit"
        until(lambda: self.items(thread, limit=1)["data"][0]["type"] == "client_tool_call", "the call waits again")
        told = self.ask("threads.add_client_tool_output", thread_id=thread, result="wet")
        self.assertEqual(told.names(), ["stream_options"] + MESSAGE)

    def test_who_goes_on_without_an_answer(self):
        self.script(Reply([ToolCall("get_weather", {}, id="call_a")]), Reply([Text("Fine.")]))
        thread = self.thread_of(self.create(inference_options={"model": self.assistant()}))
        self.assertEqual(self.add(thread, "Never mind").items()[-1]["content"][0]["text"], "Fine.")
        kinds = [(item["type"], item.get("status")) for item in self.items(thread, order="asc")["data"]]
        self.assertEqual(kinds, [("user_message", None), ("client_tool_call", "completed"), ("user_message", None), ("assistant_message", None)])

    def test_results_that_came_by_another_door(self):
        two = [ToolCall("get_weather", {}, id="call_a"), ToolCall("get_weather", {}, id="call_b")]
        self.script(Reply(two), Reply([ToolCall("get_weather", {}, id="call_c")]), Reply([Text("Rain.")]))
        thread = self.thread_of(self.create(inference_options={"model": self.assistant()}))
        self.ask("threads.add_client_tool_output", thread_id=thread, result="first").all()
        conversation = thread.replace("thr_", "conv_")
        turn = self.d.good("GET", f"/conversations/{conversation}")["running_turn_id"]
        reply = self.client.send(f"http://127.0.0.1:{self.d.port}/v1/threads/{thread.replace('thr_', 'thread_')}/runs/"
                                 f"{turn.replace('turn_', 'run_')}/submit_tool_outputs",
                                 body={"tool_outputs": [{"tool_call_id": f"call_{c}", "output": c} for c in "ab"]})
        self.assertEqual(reply.status, 200, reply.end)
        until(lambda: self.items(thread, limit=1)["data"][0].get("call_id") == "call_c", "the next call")
        told = self.ask("threads.add_client_tool_output", thread_id=thread, result="dry")
        self.assertEqual(told.names(), ["stream_options"] + MESSAGE)
        results = {m["tool_call_id"]: m["content"] for m in self.upstream.asked(self.words)[-1].json["messages"] if m["role"] == "tool"}
        self.assertEqual(results, {"call_a": "a", "call_b": "b", "call_c": "dry"})

    def test_after_a_restart_several_calls_are_asked_for_anew(self):
        two = [ToolCall("get_weather", {"city": "Rome"}, id="call_a"), ToolCall("get_weather", {"city": "Paris"}, id="call_b")]
        self.script(Reply(two), Reply([Text("Rain.")]))
        thread = self.thread_of(self.create(inference_options={"model": self.assistant()}))
        self.ask("threads.add_client_tool_output", thread_id=thread, result="of Rome").all()
        self.d.restart()
        self.client.url = f"http://127.0.0.1:{self.d.port}/api/v1/chatkit"
        until(lambda: self.items(thread, limit=1)["data"][0].get("status") == "pending", "the calls wait again")
        again = self.ask("threads.add_client_tool_output", thread_id=thread, result="of Paris")
        self.assertEqual([item["arguments"]["city"] for item in again.items()], ["Rome"])
        self.assertEqual(self.ask("threads.add_client_tool_output", thread_id=thread, result="of Rome").items()[0]["arguments"]["city"], "Paris")
        self.ask("threads.add_client_tool_output", thread_id=thread, result="of Paris").all()
        results = {m["tool_call_id"]: m["content"] for m in self.upstream.asked(self.words)[-1].json["messages"] if m["role"] == "tool"}
        self.assertEqual(results, {"call_a": "of Rome", "call_b": "of Paris"})

    def test_a_question_that_nobody_answers_is_skipped(self):
        thread, item = self.question()
        self.assertEqual(self.items(thread, limit=1)["data"], [item])  # at once
        self.script(Reply([Text("Fine.")]))
        self.add(thread, f"Never mind {self.words}").all()
        kept = [one for one in self.items(thread)["data"] if one["id"] == item["id"]]
        self.assertEqual([one["status"] for one in kept], ["skipped"])

    def question(self):
        self.script(Reply([ToolCall("run_dla_simulation", {"n_particles": 50}, id="call_a")]), Reply([Text("So be it.")]))
        told = self.create()
        self.assertEqual(told.names()[3:], ["item.added workflow", "workflow.task.added", "updated", "item.done structured_input"])
        return self.thread_of(told), told.items()[-1]

    def answer(self, thread, item, status, **answers):
        given = {name: {"values": [value], "skipped": False} for name, value in answers.items()}
        return self.ask("threads.add_structured_input", thread_id=thread, item_id=item["id"], input={"status": status, "answers": given})

    def test_a_tool_is_allowed(self):
        thread, item = self.question()
        self.assertEqual((item["status"], [one["id"] for one in item["inputs"]]), ("pending", ["decision", "reason"]))
        self.assertTrue(item["inputs"][0]["question"].endswith('\n\nrun_dla_simulation {"n_particles": 50}'), item["inputs"][0])
        told = self.answer(thread, item, "answered", decision="allow")
        self.assertEqual(told.names(), ["item.replaced structured_input", "stream_options", "workflow.task.updated",
                                        "item.done workflow"] + MESSAGE)
        self.assertEqual((told.items()[0]["status"], told.items()[0]["answers"]["decision"]["values"]), ("answered", ["allow"]))
        task = told.items()[1]["workflow"]["tasks"][0]
        self.assertIn("simulation-", task["content"])
        self.assertEqual(task["status_indicator"], "complete")
        self.refused(self.answer(thread, item, "answered", decision="refuse"), 409)

    def test_a_tool_is_refused(self):
        for status, answers in (("answered", {"decision": "refuse", "reason": "Too dear."}), ("skipped", {})):
            thread, item = self.question()
            self.answer(thread, item, status, **answers).all()
            work = [one for one in self.items(thread)["data"] if one["type"] == "workflow"][0]["workflow"]
            self.assertIn(answers.get("reason", "refused"), work["tasks"][0]["content"])
            self.assertEqual(work["tasks"][0]["status_indicator"], "none")
        thread, item = self.question()
        self.refused(self.answer(thread, item, "answered", decision="perhaps"), 400, "decision")
        self.refused(self.answer(thread, {"id": item["id"][:-1] + "7"}, "skipped"), 404)


class Lists(ChatKitTest):
    def test_items_page_without_loss(self):
        self.script(*(Reply([Text("See."), ToolCall("list_algorithms"), ToolCall("list_algorithms")] if n % 2 else [Text(f"{n}.")])
                      for n in range(12)), *(Reply([Text("Well.")]) for _ in range(6)))
        thread = self.thread_of(self.create())
        for n in range(5):
            self.add(thread, f"Message {n}").all()
        everything = self.items(thread, order="asc", limit=100)
        self.assertFalse(everything["has_more"])
        self.assertNotIn("after", everything)
        for order in ("asc", "desc"):
            for limit in (1, 2, 3, 7):
                seen, after = [], {}
                while True:
                    page = self.items(thread, order=order, limit=limit, **after)
                    self.assertLessEqual(len(page["data"]), limit)
                    seen += page["data"]
                    if not page["has_more"]:
                        break
                    after = {"after": page["after"]}
                self.assertEqual(seen, everything["data"][::1 if order == "asc" else -1], (order, limit))

    def test_threads(self):
        self.script(*(Reply([Text("One.")]) for _ in range(3)))
        threads = [self.thread_of(self.create()) for _ in range(3)]
        ids = lambda **params: [thread["id"] for thread in self.ask("threads.list", **params).json["data"]]
        self.assertEqual(ids(limit=3), threads[::-1])
        self.assertEqual(ids(order="asc", after=threads[0], limit=2), threads[1:])
        page = self.ask("threads.list", limit=2).json
        self.assertEqual((page["has_more"], page["after"], page["data"][0]["items"]), (True, threads[1], {"data": [], "has_more": False}))
        # A conversation of another door is one as well.
        own = self.d.conversation(title="Elsewhere")
        self.assertEqual(self.ask("threads.list", limit=1).json["data"][0]["id"], own.replace("conv_", "thr_"))
        titled = self.ask("threads.update", thread_id=threads[0], title="Größen").json
        self.assertEqual(titled["title"], "Größen")
        self.assertEqual(self.d.good("GET", f"/conversations/{threads[0].replace('thr_', 'conv_')}")["title"], "Größen")
        self.assertEqual(self.ask("threads.delete", thread_id=threads[0]).json, {})
        self.refused(self.ask("threads.get_by_id", thread_id=threads[0]), 404)

    def test_what_is_locked_or_closed(self):
        self.script(Reply([Text("One.")]))
        thread = self.thread_of(self.create())
        path = f"/conversations/{thread.replace('thr_', 'conv_')}"
        for state in ("locked", "closed"):
            self.d.call("PATCH", path, {"state": state, "state_reason": "It is in review."})
            self.assertEqual(self.ask("threads.get_by_id", thread_id=thread).json["status"], {"type": state, "reason": "It is in review."})
            self.refused(self.add(thread, "Hello?"), 409, "It is in review.")
        self.assertEqual(len(self.items(thread)["data"]), 2)

    def test_feedback(self):
        self.script(Reply([Text("One.")]))
        told = self.create()
        thread, (user, reply) = self.thread_of(told), told.items()
        self.assertEqual(self.ask("items.feedback", thread_id=thread, item_ids=[reply["id"]], kind="positive").json, {})
        shown = self.d.messages(thread.replace("thr_", "conv_"))
        self.assertEqual([message.get("feedback") for message in shown], [None, "positive"])
        self.refused(self.ask("items.feedback", thread_id=thread, item_ids=[user["id"]], kind="negative"), 404)
        self.refused(self.ask("items.feedback", thread_id=thread, item_ids=[reply["id"]], kind="fine"), 400, "kind")


class Attachments(ChatKitTest):
    def test_direct(self):
        self.script(Reply([Text("One.")]))
        file = self.client.send("/attachments", form={"name": "größe.csv", "content": "a,b\n1,2\n", "type": "text/csv"}).json
        self.assertEqual((file["type"], file["name"], file["mime_type"]), ("file", "größe.csv", "text/csv"))
        told = self.create(attachments=[file["id"]])
        self.assertEqual(told.items()[0]["attachments"], [file])
        self.assertEqual(self.items(self.thread_of(told), order="asc")["data"][0]["attachments"], [file])
        self.assertIn("größe.csv", str(self.upstream.asked(self.words)[-1].json["messages"][-1]["content"]))

    def test_two_phase(self):
        self.script(Reply([Text("One.")]))
        made = self.ask("attachments.create", name="plot.png", size=4, mime_type="image/png").json
        target = made["upload_descriptor"]
        self.assertEqual((target["method"], made["type"]), ("POST", "image"))
        self.refused(self.create(attachments=[made["id"]]), 400, "uploaded before")
        upload = lambda content: self.client.send(target["url"], form={"name": "x", "content": content, "type": "image/png"})
        self.refused(upload("too long"), 400, "4 were announced")
        done = upload("\x01PNG").json
        preview = done.pop("preview_url")  # the hour may have changed since it was announced
        self.assertEqual({key: made[key] for key in done}, done)
        for address in (made["preview_url"], preview):
            self.assertEqual(self.client.send(address, method="GET").all().end["text"], "\x01PNG")
        self.refused(upload("\x01PNG"), 404)

    def test_deleted(self):
        file = self.client.send("/attachments", form={"name": "a.txt", "content": "text", "type": "text/plain"}).json
        announced = self.ask("attachments.create", name="a.txt", size=4, mime_type="text/plain").json
        for one in (file, announced):
            self.assertEqual(self.ask("attachments.delete", attachment_id=one["id"]).json, {})
            self.refused(self.ask("attachments.delete", attachment_id=one["id"]), 404)
        self.refused(self.create(attachments=[file["id"]]), 400, file["id"])
        self.refused(self.client.send("/attachments", form={"name": "a.txt", "content": "", "type": "text/plain"}), 400, "empty")


class Previews(FolderTest):
    """An <img> sends no key: what the address says lets in."""

    def test_are_seen_by_whoever_was_told_the_address(self):
        daemon = self.daemon(config=KEYS)
        admin, nobody = administrator(daemon), Person(daemon)
        alice, bob = user(admin, "alice"), user(admin, "bob")

        def upload(name, content):
            body, headers = form(file=(name, content))
            return alice.good("POST", "/api/v1/chatkit/attachments", body, headers=headers)

        picture, text = upload("plot.png", b"\x89PNG\r\n\x1a\n"), upload("a.txt", "text")
        self.assertNotIn("preview_url", text)
        origin = f"http://127.0.0.1:{daemon.port}"
        address = picture["preview_url"].removeprefix(origin)
        self.assertTrue(address.startswith("/api/v1/chatkit/attachments/atc_"), picture)
        self.assertNotIn(alice.key, address)

        shown = nobody.ask("GET", address, headers={"Origin": "https://elsewhere.example", "Sec-Fetch-Mode": "no-cors"})
        self.assertEqual((shown.status, shown.body), (200, b"\x89PNG\r\n\x1a\n"))
        told = {name: shown.headers[name] for name in ("Content-Type", "Cache-Control", "X-Content-Type-Options")}
        self.assertEqual(told, {"Content-Type": "image/png", "Cache-Control": "private", "X-Content-Type-Options": "nosniff"})
        self.assertTrue(shown.headers["Content-Disposition"].startswith("inline"))
        again = nobody.ask("GET", address, headers={"If-None-Match": shown.headers["ETag"]})
        self.assertEqual(again.status, 304)

        path, _, query = address.partition("?")
        for wrong in (path, f"{path}?{query}0", address.replace("until=1", "until=2"), address.replace("user=alice", "user=bob"),
                      address.replace(picture["id"], text["id"]), address.replace(picture["id"], "simulation-1")):
            for person in (nobody, bob, alice):
                with self.subTest(address=wrong, person=person.name):
                    self.assertNotEqual(wrong, address)
                    refused = person.ask("GET", wrong)
                    self.assertEqual((refused.status, refused.error["code"]), (404, "not_found"), refused.body)
                    self.assertIn("Ask for the thread again", refused.error["message"])
        # Nothing of a user's is shown any more who is shut out.
        admin.good("PATCH", "/users/alice", {"disabled": True})
        self.assertEqual(nobody.ask("GET", address).status, 404)
        admin.good("PATCH", "/users/alice", {"disabled": False})
        self.assertEqual(nobody.ask("GET", address).status, 200)


class Refusals(ChatKitTest):
    def test_what_is_no_request(self):
        for body, words in (({"type": "threads.fly", "params": {}}, "threads.fly"), ({"params": {}}, "type"), ({"type": 1}, "type"),
                            ({"type": "threads.create", "params": {}}, "params.input"),
                            ({"type": "threads.list", "params": {"limit": 0}}, "params.limit"),
                            ({"type": "threads.list", "params": {"order": "up"}}, "params.order"),
                            ({"type": "threads.list", "params": {"after": "x"}}, "params.after"),
                            ({"type": "threads.list", "params": []}, "params"),
                            ({"type": "threads.list"}, "params")):
            self.refused(self.client.send(body=body), 400, words)
        for content, words in (([], "content"), ([{"type": "input_text", "text": " \n "}], "content"),
                               ([{"type": "input_text"}], "content[0].text"), ([{"type": "image"}], "content[0].type")):
            self.refused(self.ask("threads.create", input={"content": content, "attachments": [], "inference_options": {}}), 400, words)
        whole = {"content": [{"type": "input_text", "text": "Hello"}], "attachments": [], "inference_options": {}}
        for name in whole:
            parts = {other: part for other, part in whole.items() if other != name}
            self.refused(self.ask("threads.create", input=parts), 400, name)
        self.refused(self.create(inference_options={"model": "asst_" + "1" * 32}), 400, "assistant")
        before = self.ask("threads.list").json["data"]
        self.refused(self.create("\u2003\u00a0"), 400, "content")
        self.refused(self.create("word " * 200_000), 400, "too long")
        self.assertEqual(self.ask("threads.list").json["data"], before)  # what is refused leaves nothing

    def test_what_is_somebody_elses_or_nothing(self):
        for thread in ("thr_" + "1" * 32, "conv_" + "1" * 32, "x"):
            for kind, params in (("threads.get_by_id", {}), ("threads.add_user_message", {"input": self.said("Hello")}), ("items.list", {}),
                                 ("threads.update", {"title": "x"}), ("threads.delete", {}), ("threads.retry_after_item", {"item_id": "msg_x"}),
                                 ("items.feedback", {"item_ids": ["msg_x"], "kind": "positive"})):
                self.refused(self.ask(kind, thread_id=thread, **params), 404, f'There is no thread "{thread}".')

    def test_what_there_is_not(self):
        self.script(Reply([Text("One.")]))
        thread = self.thread_of(self.create())
        told = self.ask("threads.custom_action", thread_id=thread, action={"type": "x", "payload": {}})
        self.assertEqual([(e["type"], e["code"], e["allow_retry"]) for e in told.all().events], [("error", "stream.error", False)])
        self.refused(self.ask("threads.sync_custom_action", thread_id=thread, action={"type": "x"}), 400, "widgets")
        self.refused(self.ask("input.transcribe", audio_base64="", mime_type="audio/webm"), 501, "speech")


if __name__ == "__main__":
    unittest.main()
