"""A turn that is cancelled at every one of its events: it ends at once and in a defined state, no call is left without
a result, and the conversation goes on."""

import http.client
import json
import re
import unittest
import urllib.request

from crash_steps import DECISIONS, ENDS, ROUNDS, asks_in
from daemon import BUILD, DaemonTest, in_threads, until
from upstream import Gate, Reply, Text, Upstream

AT_ONCE = 4


class Cancel(DaemonTest):
    @classmethod
    def setUpClass(cls):
        cls.upstream = Upstream().start()
        cls.addClassCleanup(cls.upstream.stop)
        for number, steps in enumerate(ROUNDS):
            cls.upstream.script(when=asks_in(number), otherwise=Reply(steps))
        cls.upstream.script(when=lambda request: "[after]" in json.dumps(request.json["messages"]),
                            otherwise=Reply([Text("Here.")]))
        cls.config = (f"model: main:fake\nproviders: {{main: {{kind: openai, base_url: '{cls.upstream.url}/v1'}}}}\n"
                      f"plugins: {{folders: ['{BUILD}/test-plugins/steps']}}\n")
        super().setUpClass()

    def cancelled_at(self, moment):
        """Cancels at the event of that number, progress left out; False when the turn had fewer."""
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, "Do it")
        seen = 0
        for event in stream:
            seen += event.name != "tool.progress"
            turn = event.data["turn_id"]
            path = f"/conversations/{conversation}/turns/{turn}"
            if seen == moment and event.name not in ENDS:
                state = self.d.good("POST", f"{path}/cancel")["state"]
                rest = stream.all()
                self.assertEqual(rest[-1].name, f"turn.{state}", moment)
                if state == "completed":  # it was over before: nothing was left to cancel
                    self.assertEqual(self.d.messages(conversation)[-1]["content"], "All is done.")
                else:
                    self.check(conversation, turn)
                return True
            if event.name == "approval.required":
                call_id = event.data["tool_call_id"]
                self.d.good("POST", f"{path}/approvals", {"call_id": call_id} | DECISIONS[call_id])
        return False

    def check(self, conversation, turn):
        about = self.d.turn(conversation, turn)
        self.assertEqual((about["state"], about["approvals"]), ("cancelled", []))
        messages = self.d.messages(conversation)
        calls = [call["id"] for m in messages for call in m["tool_calls"] or []]
        self.assertEqual([m["tool_call_id"] for m in messages if m["role"] == "tool"], calls)
        self.assertEqual(self.d.good("POST", f"/conversations/{conversation}/turns/{turn}/cancel")["state"], "cancelled")
        told = [e for e in self.d.rejoin(conversation, turn) if e.name in ENDS]
        self.assertEqual([event.name for event in told], ["turn.cancelled"])
        self.assertEqual(self.d.chat(conversation, "And now? [after]")["content"], "Here.")

    def test_at_every_event(self):
        for first in range(1, 200, AT_ONCE):
            if not all(in_threads(lambda number: self.cancelled_at(first + number), AT_ONCE)):
                self.assertGreater(first, 20, "the turn has more events than that")
                return
        self.fail("the turn's events have no end")

    def test_before_the_model_has_answered_and_many_at_once(self):
        gate = Gate("never")
        self.upstream.script(Reply([gate]), when="[quiet]")
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, "Do it [quiet]")
        turn = stream.headers["X-Turn-ID"]
        gate.wait_reached()
        states = in_threads(lambda _: self.d.good("POST", f"/conversations/{conversation}/turns/{turn}/cancel")["state"], 8)
        self.assertEqual(set(states), {"cancelled"})
        self.assertEqual([e.name for e in stream.all() if e.name in ENDS], ["turn.cancelled"])
        self.check(conversation, turn)

    def given_up(self):
        """How many messages were answered without a turn."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.d.port}/metrics", timeout=10) as reply:
            text = reply.read().decode()
        lines = [line for line in text.splitlines() if re.match(r'assistd_http_requests_total.*/chat".*"4xx"', line)]
        return sum(float(line.rpartition(" ")[2]) for line in lines)

    def test_while_it_waits_for_the_turn_before(self):
        """A client that gives up in the queue leaves nothing behind."""
        gate = Gate("first")
        self.upstream.script(Reply([gate, Text("First.")]), when="[first]")
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, "[first]")
        gate.wait_reached()
        given_up = self.given_up()
        waiting = http.client.HTTPConnection("127.0.0.1", self.d.port)
        waiting.request("POST", f"/api/v1/ai/conversations/{conversation}/chat", json.dumps({"content": "[lost]"}))
        waiting.close()
        # A client of whose leaving the daemon has not heard yet gets its turn.
        until(lambda: self.given_up() > given_up, "the request of the client that left was given up")
        second, _ = in_threads(lambda number: self.d.chat(conversation, "[after]") if number == 0 else gate.open(), 2)
        self.assertEqual(stream.all()[-1].name, "turn.completed")
        self.assertEqual(second["content"], "Here.")
        self.assertEqual([m["content"] for m in self.d.messages(conversation) if m["role"] == "user"],
                         ["[first]", "[after]"])


if __name__ == "__main__":
    unittest.main()
