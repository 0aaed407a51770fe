"""The last message answered again: as JSON and as a stream, with the earlier replies kept aside."""

import unittest

from daemon import Stream, API, in_threads
from provider_tests import ProviderTest
from upstream import Fault, Gate, Reply, Text, ToolCall


class Again(ProviderTest):
    def again(self, conversation, body=None, headers=None):
        return self.d.post(f"/conversations/{conversation}/regenerate", body, headers)

    def asked(self):
        """What the model was shown last, without the system prompt."""
        messages = self.upstream.asked(self.words)[-1].json["messages"]
        return [(m["role"], m["content"]) for m in messages if m["role"] not in ("system", "developer")]

    def test_the_old_reply_is_a_sibling(self):
        self.script(Reply([Text("First.")]), Reply([ToolCall("list_algorithms"), Text("Hm.")]), Reply([Text("Second.")]),
                    Reply([Text("Third.")]), Reply([Text("And so on.")]))
        conversation = self.d.conversation()
        first = self.d.chat(conversation, f"Hello {self.words}")
        reply = self.again(conversation)
        self.assertEqual((reply.status, reply.json["content"]), (200, "Second."), reply.body)
        second = reply.json
        self.assertEqual(second["tools_executed"], ["list_algorithms"])
        shown = self.d.messages(conversation)
        self.assertEqual([m["content"] for m in shown if m["role"] in ("user", "assistant")],
                         [f"Hello {self.words}", "Hm.", "Second."])
        self.assertEqual((shown[0]["replies"], shown[0]["turn_id"]), (2, second["turn_id"]))
        third = self.again(conversation, {"stream": False}).json
        self.assertEqual(self.asked(), [("user", f"Hello {self.words}")])

        turns = [first["turn_id"], second["turn_id"], third["turn_id"]]
        for turn, content in zip(turns, (["First."], ["Hm.", None, "Second."], ["Third."])):
            about = self.d.turn(conversation, turn)
            self.assertEqual((about["siblings"], about["user_message_id"]), (turns, shown[0]["id"]))
            own = self.d.good("GET", f"/conversations/{conversation}/turns/{turn}/messages")
            self.assertEqual(own["user_message_id"], shown[0]["id"])
            self.assertEqual([m["content"] if m["role"] == "assistant" else None for m in own["messages"]], content)
            told = self.d.rejoin(conversation, turn).all()
            self.assertEqual((told[0].data["message_id"], told[-1].name), (shown[0]["id"], "turn.completed"))
            self.assertEqual(told[-1].data["message"]["content"], content[-1])
        about = self.d.good("GET", f"/conversations/{conversation}")
        self.assertEqual((about["message_count"], about["last_message_preview"]), (2, "Third."))
        self.assertEqual(len(about["messages"]), 2)
        # None of it is part of what the model is shown.
        self.d.chat(conversation, "Go on")
        self.assertEqual([content for _, content in self.asked()], [f"Hello {self.words}", "Third.", "Go on"])
        self.d.restart()
        self.assertEqual([m["content"] for m in self.d.messages(conversation)],
                         [f"Hello {self.words}", "Third.", "Go on", "And so on."])

    def test_as_a_stream_and_with_a_key(self):
        self.script(Reply([Text("First.")]), Reply([Text("Se", "cond.")]))
        conversation = self.d.conversation()
        self.d.chat(conversation, f"Hello {self.words}")
        headers = {"Idempotency-Key": f"again {self.words}"}
        events = Stream(*self.d._send("POST", f"{API}/conversations/{conversation}/regenerate", {"stream": True},
                                      headers)).all()
        self.assertEqual([event.name for event in events],
                         ["turn.started", "message.delta", "message.delta", "message.completed", "turn.completed"])
        same = self.again(conversation, None, headers)
        self.assertEqual(same.json, events[-1].data["message"])
        self.check_error(self.d.post(f"/conversations/{conversation}/chat", {"content": "x"}, headers), 409, "conflict")

    def test_after_a_failure(self):
        self.script(Reply([Text("Half"), Fault("reset")]), Reply([Text("Whole.")]))
        conversation = self.d.conversation()
        failed = self.d.post(f"/conversations/{conversation}/chat", {"content": f"Hello {self.words}"})
        self.assertEqual(failed.status, 502)
        self.assertEqual(self.again(conversation).json["content"], "Whole.")
        self.assertEqual([m["content"] for m in self.d.messages(conversation)], [f"Hello {self.words}", "Whole."])

    def test_where_it_makes_no_sense(self):
        conversation = self.d.conversation()
        self.check_error(self.again(conversation), 409, "conflict")
        self.check_error(self.again(conversation, {"content": "x"}), 422, "validation", "content")
        self.check_error(self.again(conversation, {"stream": "yes"}), 422, "validation", "stream")
        self.check_error(self.again("conv_" + "0" * 32), 404, "not_found")

    def test_it_waits_for_the_turn_that_runs(self):
        gate = Gate(self.words)
        self.script(Reply([gate, Text("First.")]), Reply([Text("Second.")]))
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, f"Hello {self.words}")
        gate.wait_reached()
        self.check_error(self.again(conversation, {"wait": False}), 409, "conflict")

        def again_or_open(number):
            return self.again(conversation) if number == 0 else gate.open()

        second, _ = in_threads(again_or_open, 2)
        self.assertEqual(stream.all()[-1].data["message"]["content"], "First.")
        self.assertEqual(second.json["content"], "Second.")
        self.assertEqual([m["content"] for m in self.d.messages(conversation)], [f"Hello {self.words}", "Second."])


if __name__ == "__main__":
    unittest.main()
