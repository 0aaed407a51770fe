"""A model server of each kind: the main job with calls side by side, and every fault that a server can have.

ASSISTD_E2E_KINDS names the kinds, separated by commas.
"""

import json
import unittest

from daemon import in_threads
from provider_tests import HEADER_KEY, KEY, KINDS, PATHS, ProviderTest
from upstream import Failure, Fault, Gate, Pause, Reply, Text, Thinking, ToolCall, Usage, proxy_page

PARTIAL = "Half a 回答"


def unmarked(messages):
    return [message | {"content": [{k: v for k, v in block.items() if k != "cache_control"}
                                   for block in message["content"]]}
            if isinstance(message.get("content"), list) else message for message in messages]


class MainJob:
    def test_calls_side_by_side_then_the_answer(self):
        self.script(
            Reply([Text("I ", "begin."), ToolCall("run_dla_simulation", {"n_particles": 60}, id="call_a"),
                   ToolCall("run_dla_simulation", {"n_particles": 70}, id="call_b"), ToolCall("no_such_tool")],
                  Usage(1000, 50, cached=600)),
            Reply([Text("Both ", "are ", "done: 世界.")], Usage(1200, 10, cached=1000)))
        conversation, events, _ = self.turn_of(f"Two simulations, please {self.words}")
        self.check_ended(conversation, events, "completed")
        message = events[-1].data["message"]
        self.assertEqual((message["content"], message["finish_reason"]), ("Both are done: 世界.", "stop"))
        self.assertEqual(message["tools_executed"][:2], ["run_dla_simulation"] * 2)
        usage = message["usage"]
        self.assertEqual((usage["prompt_tokens"], usage["completion_tokens"]), (2200, 60))
        self.assertEqual([event.name for event in events].count("tool.call"), 3)
        stored = self.d.messages(conversation)
        self.assertEqual([m["role"] for m in stored], ["user", "assistant", "tool", "tool", "tool", "assistant"])
        self.assertEqual([call["id"] for call in stored[1]["tool_calls"]], [m["tool_call_id"] for m in stored[2:5]])
        self.assertEqual([json.loads(m["content"])["success"] for m in stored[2:5]], [True, True, False])
        asked = self.upstream.asked(self.words)
        self.assertEqual(len(asked), 2)
        if self.kind != "ollama":
            self.assertIn(KEY, (asked[0].headers.get("x-api-key"),
                                asked[0].headers.get("authorization", "").removeprefix("Bearer ")))
        self.assertIn("run_dla_simulation", json.dumps(asked[0].json["tools"]))

    def test_its_server_is_asked_whether_it_answers(self):
        def about(query=""):
            return {one["name"]: one for one in self.d.good("GET", f"/providers{query}")["providers"]}

        asked = about("?check=true")
        self.assertEqual(asked["main"]["check"], {"ok": True, "lists_models": True, "message": "It answers and lists 1 model."})
        self.assertEqual(asked["main"]["base_url"], self.upstream.url + PATHS[self.kind])
        self.assertIsNone(asked["offline"]["check"])
        self.assertNotIn("check", about()["main"])
        self.addCleanup(setattr, self.upstream, "key", KEY)
        self.upstream.key = "another"
        refused = about("?check=true")["main"]["check"]
        # Ollama's servers know no keys.
        self.assertEqual(refused["ok"], self.kind == "ollama", refused)
        self.assertNotIn(KEY, json.dumps(refused))
        self.upstream.refuse()
        self.addCleanup(self.upstream.listen_again)
        self.assertFalse(about("?check=true")["main"]["check"]["ok"])

    def test_a_second_turn_sends_the_first_one_as_it_was(self):
        self.script(Reply([ToolCall("list_algorithms")]), Reply([Text("One.")]), Reply([Text("Two.")]))
        conversation, events, _ = self.turn_of(f"What is there? {self.words}")
        self.check_ended(conversation, events, "completed")
        self.assertEqual(self.d.chat(conversation, "And now?")["content"], "Two.")
        # The marks for the cache move on with the conversation; they are no part of what is cached.
        first, second, third = [unmarked(request.json["messages"]) for request in self.upstream.asked(self.words)]
        self.assertEqual(second[:len(first)], first)
        self.assertEqual(third[:len(second)], second)

    def test_thoughts_are_told_while_they_are_thought(self):
        thinking = Gate("thinking")
        self.script(Reply([Thinking("Let me ", "see.", signature="c2ln"), thinking, Text("It is ", "so.")]))
        conversation = self.d.conversation()
        events = []
        for event in self.d.stream(conversation, f"Think {self.words}"):
            events.append(event)
            if event.name == "thinking.delta" and event.data["delta"].endswith("see."):
                listed = self.d.good("GET", "/conversations?limit=100")["conversations"]
                self.assertEqual([one["id"] for one in listed if one["running_turn_id"] == event.data["turn_id"]], [conversation])
                thinking.open()
        pieces = [event for event in events if event.name == "thinking.delta"]
        self.assertEqual([event.data["delta"] for event in pieces], ["Let me ", "see."])
        reply = self.d.messages(conversation)[-1]
        self.assertEqual((reply["thinking"], reply["content"]), ("Let me see.", "It is so."))
        self.assertEqual({event.data["message_id"] for event in pieces}, {reply["id"]})
        # Who comes later is told the same, also of a turn that is read from the store.
        self.d.restart()
        again = self.d.rejoin(conversation, pieces[0].data["turn_id"], f"?after={pieces[0].id}").all()
        self.assertEqual([(event.id, event.name) for event in again],
                         [(event.id, event.name) for event in events if event.id > pieces[0].id])
        self.assertEqual(again[0].data["delta"], "see.")

    def test_as_odd_as_servers_are(self):
        call = ToolCall("list_algorithms", id="call_odd")
        shapes = [{"quirks": ["missing_index"]}, {"quirks": ["missing_id"]}, {"quirks": ["stop_for_calls"]},
                  {"quirks": ["whole_calls"]}, {"quirks": ["missing_done"]}, {"quirks": ["crlf"], "cut": 3},
                  {"quirks": ["with_ids"]}, {"cut": 1}, {"usage": None}]
        for number, shape in enumerate(shapes):
            words = f"[odd {number}]"
            self.script(Reply([Thinking("Hm.", signature="c2ln"), call], **shape), Reply([Text("Grüße.")], **shape),
                        words=words)
            with self.subTest(**shape):
                conversation, events, _ = self.turn_of(words)
                self.check_ended(conversation, events, "completed")
                self.assertEqual(events[-1].data["message"]["content"], "Grüße.")
                self.assertEqual(events[-1].data["message"]["tools_executed"], ["list_algorithms"])

    def test_arguments_that_were_cut_off_are_not_run(self):
        self.script(Reply([ToolCall("run_dla_simulation", '{"n_particles": 5')], stop="length"),
                    Reply([Text("It was cut off.")]))
        conversation, events, _ = self.turn_of(f"Go {self.words}")
        self.assertIn(events[-1].name, ("turn.completed", "turn.failed"))
        for message in self.d.messages(conversation):
            if message["role"] == "tool":
                self.assertFalse(json.loads(message["content"])["success"])
        self.assertFalse([event for event in events if event.name == "tool.result" and event.data["success"]])

    def test_arguments_that_nobody_can_walk_are_refused(self):
        # Where they are text, a hundred thousand levels pass through the fake server too.
        depth = 200 if self.kind == "ollama" else 100_000
        self.script(otherwise=Reply([ToolCall("list_algorithms", '{"a":' * depth + "1" + "}" * depth)]))
        _, error = self.check_broken(self.words, "", "provider_failed")
        self.assertIn("nested deeper than 64 levels", error["message"])

    def test_a_reply_that_ends_early_says_so(self):
        cases = [("length", PARTIAL, "limit of tokens"), ("length", "", "limit of tokens")]
        if self.kind != "ollama":  # which knows of no refusals
            cases += [("content_filter", PARTIAL, "refused"), ("content_filter", "", "refused")]
        for number, (stop, text, note) in enumerate(cases):
            words = f"[early {number}]"
            self.script(Reply([Text(text)] if text else [], stop=stop), words=words)
            with self.subTest(stop=stop, text=text):
                conversation, events, _ = self.turn_of(words)
                self.check_ended(conversation, events, "completed")
                told = next(event for event in events if event.name == "message.completed").data["message"]
                for message in (told, events[-1].data["message"], self.d.messages(conversation)[-1]):
                    self.assertEqual((message["content"], message["finish_reason"]), (text, stop))
                    self.assertIn("not complete", message["note"])
                    self.assertIn(note, message["note"])
                self.script(Reply([Text("More.")]), words="Go on")
                whole = self.d.chat(conversation, "Go on")
                self.assertEqual((whole["content"], whole.get("note")), ("More.", None))
        self.assertEqual(self.upstream.violations, [])

    def test_a_reply_that_says_nothing_is_asked_for_once_more(self):
        self.script(Reply([]), Reply([Text("Here.")]), words="[nothing, then something]")
        conversation, events, _ = self.turn_of("[nothing, then something]")
        self.check_ended(conversation, events, "completed")
        self.assertEqual(events[-1].data["message"]["content"], "Here.")
        self.script(otherwise=Reply([]))
        _, error = self.check_broken(self.words, "", "provider_failed")
        self.assertRegex(error["message"], r'^The provider "main" sent an empty reply( \(request \w+\))?\.$')
        self.assertEqual(len(self.upstream.asked(self.words)), 2)

    def test_a_cancel_closes_the_socket(self):
        self.script(Reply([Text(PARTIAL), Fault("silence")], Usage(70, 20)))
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, f"Go {self.words}")
        stream.until("message.delta")
        self.d.good("POST", f"/conversations/{conversation}/turns/{stream.headers['X-Turn-ID']}/cancel")
        self.assertEqual(stream.all()[-1].name, "turn.cancelled")
        request = self.upstream.asked(self.words)[0]
        self.upstream.wait_for(lambda: request.done, "the socket's end")
        self.assertTrue(request.client_left)
        messages = self.d.messages(conversation)
        self.assertEqual([m["content"] for m in messages], [f"Go {self.words}", PARTIAL])
        self.assertEqual((messages[1]["finish_reason"], "cancelled" in messages[1]["note"]), ("cancelled", True))
        usage = self.d.turn(conversation, stream.headers["X-Turn-ID"])["usage"]
        self.assertEqual(messages[1]["usage"], usage)
        self.assertTrue(usage["estimated"])
        self.assertGreater(usage["completion_tokens"], 0)
        # Only this kind of server says at the beginning what the prompt costs.
        if self.kind == "anthropic":
            self.assertEqual(usage["prompt_tokens"], 70)
        else:
            self.assertGreater(usage["prompt_tokens"], 1000)

    def test_what_a_server_does_not_count_is_estimated(self):
        self.script(Reply([Text("A reply of some words.")], usage=None))
        conversation, events, _ = self.turn_of(f"Go {self.words}")
        usage = events[-1].data["message"]["usage"]
        self.assertTrue(usage["estimated"])
        self.assertGreater(usage["prompt_tokens"], 1000)
        self.assertIn(usage["completion_tokens"], range(5, 15))
        turn = self.d.turn(conversation, events[-1].data["turn_id"])
        self.assertEqual(turn["usage"], usage)
        self.assertTrue(self.d.good("GET", "/usage")["totals"]["estimated"])

    def test_calls_that_were_turned_down_were_not_executed(self):
        self.script(Reply([ToolCall("no_such_tool", id="call_none"), ToolCall("list_algorithms", id="call_list")]),
                    Reply([Text("Done.")]))
        conversation, events, _ = self.turn_of(f"Go {self.words}")
        self.check_ended(conversation, events, "completed")
        self.assertEqual(events[-1].data["message"]["tools_executed"], ["list_algorithms"])
        types = {e.data["name"]: e.data.get("error_type") for e in events if e.name == "tool.result"}
        self.assertEqual(types, {"no_such_tool": "ToolNotFoundError", "list_algorithms": None})
        again = self.d.rejoin(conversation, events[0].data["turn_id"]).all()
        self.assertEqual([e.data for e in again if e.name == "tool.result"],
                         [e.data for e in events if e.name == "tool.result"])


class Faults:
    """Each one ends the turn in its state; nothing was scripted that would let a repetition succeed."""

    def test_statuses(self):
        for status in (400, 401, 403, 404, 429, 500, 503, 529):
            words = f"[status {status}]"
            # Servers quote the key that they do not like.
            self.script(words=words, otherwise=Failure(status, f"No for {KEY} of {HEADER_KEY}. " + "So no. " * 50 + KEY, headers={"retry-after": "1"}))
            with self.subTest(status=status):
                _, error = self.check_broken(words, "", "rate_limited" if status == 429 else "provider_failed")
                self.assertIn(str(status), error["message"])
                self.assertIn('"main"', error["message"])

    def test_what_comes_instead_of_a_reply(self):
        cases = {"reset": Reply([Fault("reset")]), "closed": Reply([Fault("eof")]), "garbage": Reply([Fault("garbage")]),
                 "wrong JSON": Reply([Fault("wrong_json")]), "error": Reply([Fault("error", "Overloaded.")]),
                 "page": proxy_page(502), "page under 200": proxy_page(200),
                 "endless line": Reply([Fault("endless_line")])}
        for name, reply in cases.items():
            words = f"[instead: {name}]"
            self.script(words=words, otherwise=reply)
            with self.subTest(name):
                self.check_broken(words, "", "provider_failed")

    def test_what_breaks_in_the_middle(self):
        for kind in ("reset", "eof", "closed", "garbage", "wrong_json", "error", "endless_line"):
            words = f"[middle: {kind}]"
            self.script(Reply([Text("Half ", "a 回答"), Pause(0.02), Fault(kind)]), words=words)
            with self.subTest(kind):
                _, error = self.check_broken(words, PARTIAL, "provider_failed")
                self.assertEqual(len(self.upstream.asked(words)), 1, "repeated after the first streamed token")

    def test_slowness_ends_at_the_time_limit(self):
        cases = {"never answers": (Reply([Fault("silence")]), ""),
                 "stops talking": (Reply([Text(PARTIAL), Fault("silence")]), PARTIAL),
                 "drips": (Reply([Text("x" * 4000)], cut=1, pace_s=0.05), "")}

        def check(number):
            name = list(cases)[number]
            reply, partial = cases[name]
            words = f"[slow: {name}]"
            self.script(words=words, otherwise=reply)
            self.check_broken(words, partial, "provider_timeout")
            for request in self.upstream.asked(words):
                self.upstream.wait_for(lambda: request.done, "the socket's end")
                self.assertTrue(request.client_left)

        in_threads(check, len(cases))

    def test_a_wrong_content_type_is_no_reason_to_fail(self):
        self.script(Reply([Text("Fine.")], content_type="text/plain"))
        conversation, events, _ = self.turn_of(self.words)
        self.check_ended(conversation, events, "completed")

    def test_after_a_fault_the_conversation_goes_on(self):
        self.script(Reply([Text(PARTIAL), Fault("reset")]), Reply([Text("Here.")]))
        conversation, _ = self.check_broken(f"Hello {self.words}", PARTIAL, "provider_failed")
        self.assertEqual(self.d.chat(conversation, "Again, please")["content"], "Here.")
        self.assertEqual(self.upstream.violations, [])


class Unreachable:
    """Apart from the others: the server is theirs, too."""

    def test_a_refused_connection(self):
        self.upstream.refuse()
        try:
            self.check_broken(f"Hello {self.words}", "", "provider_failed")
        finally:
            self.upstream.listen_again()
        self.script(Reply([Text("Here.")]))
        self.assertEqual(self.d.chat(self.d.conversation(), self.words)["content"], "Here.")


for kind in KINDS:
    for subject in (MainJob, Faults, Unreachable):
        name = f"{subject.__name__}_{kind}"
        globals()[name] = type(name, (subject, ProviderTest), {"kind": kind})

if __name__ == "__main__":
    unittest.main()
