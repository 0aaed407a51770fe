"""Titles by the model: they come after the reply, cost what they cost, and never take the place of the user's."""

import unittest

from daemon import until
from provider_tests import KINDS, ProviderTest
from upstream import Failure, Reply, Text, Usage

# How requests for titles begin (prompts/title.mustache).
MARK = "Write a title for the conversation below"


class Titles:
    titles = "model"

    def asked_for_titles(self):
        return [request for request in self.upstream.asked(self.words) if MARK in str(request.json["messages"])]

    def script_title(self, *replies, **kwargs):
        self.upstream.script(*replies, when=lambda request: MARK in str(request.json["messages"]) and
                             self.words in str(request.json["messages"]), **kwargs)

    def title(self, conversation):
        return self.d.good("GET", f"/conversations/{conversation}")["title"]

    def told(self, events):
        return [event.data["title"] for event in events if event.name == "title.updated"]

    def test_no_reply_waits_for_its_title(self):
        gate = self.upstream.gate(self.words)
        self.script(Reply([Text("Hello.")]), Reply([Text("Again.")]), Reply([Text("More.")]))
        self.script_title(Reply([gate, Text("\"A polite", " greeting\"\n")], Usage(50, 5)))
        before = self.d.good("GET", "/usage")["totals"]
        first = f"Hi {self.words}"
        conversation, events, _ = self.turn_of(first)  # the title's reply is held back all this time
        self.check_ended(conversation, events, "completed")
        self.assertEqual(self.told(events), [first])
        gate.wait_reached()
        self.assertEqual(self.title(conversation), first)
        gate.open()
        until(lambda: self.title(conversation) == "A polite greeting", "the model's title", 20)
        second = self.d.stream(conversation, "And now?").all()
        self.assertEqual([event.name for event in second[:2]], ["turn.started", "title.updated"])
        self.assertEqual(self.told(second), ["A polite greeting"])
        self.assertEqual(self.told(self.d.stream(conversation, "And then?").all()), [])
        again = self.d.rejoin(conversation, second[0].data["turn_id"]).all()
        self.assertEqual(self.told(again), ["A polite greeting"])
        after = self.d.good("GET", "/usage")["totals"]
        self.assertEqual((after["turns"] - before["turns"], after["requests"] - before["requests"]), (3, 4))
        self.check_request()

    def check_request(self):
        asked = self.asked_for_titles()
        self.assertEqual(len(asked), 1)
        self.assertNotIn("tools", asked[0].json)
        options = asked[0].json.get("options", asked[0].json)
        self.assertLessEqual(options.get("max_tokens") or options.get("num_predict"), 2048)
        self.assertEqual(self.upstream.violations, [])

    def test_the_users_title_stays(self):
        gate = self.upstream.gate(self.words)
        self.script(Reply([Text("Hello.")]), Reply([Text("Yes.")]))
        self.script_title(Reply([gate, Text("A model's title")]))
        conversation, _, _ = self.turn_of(f"Hi {self.words}")
        gate.wait_reached()
        self.d.good("PATCH", f"/conversations/{conversation}", {"title": "Mine"})
        gate.open()
        self.upstream.wait_for(lambda: self.asked_for_titles()[0].done, "the title's reply")
        self.assertEqual(self.d.chat(conversation, "And now?")["content"], "Yes.")
        self.assertEqual(self.title(conversation), "Mine")

    def test_a_refusal_and_a_failure_keep_the_first_message(self):
        for number, answer in enumerate((Reply([Text("I'm sorry, I can't help with that.")]), Reply([]),
                                         Failure(400, "No."))):
            self.words = f"[keeps {number}]"
            self.script(Reply([Text("Hello.")]))
            self.script_title(otherwise=answer)
            with self.subTest(number):
                conversation, events, _ = self.turn_of(f"Hi {self.words}")
                self.check_ended(conversation, events, "completed")
                self.upstream.wait_for(lambda: self.asked_for_titles() and self.asked_for_titles()[0].done, "its end")
                self.assertEqual(self.title(conversation), f"Hi {self.words}")

    def test_a_stop_does_not_wait_for_a_title(self):
        gate = self.upstream.gate(self.words)
        self.script(Reply([Text("Hello.")]))
        self.script_title(Reply([gate, Text("Too late")]))
        conversation, _, _ = self.turn_of(f"Hi {self.words}")
        gate.wait_reached()
        code, took = self.d.end()
        self.assertEqual(code, 0)
        self.assertLess(took, 5)
        self.d.start()
        self.assertEqual(self.title(conversation), f"Hi {self.words}")


for kind in KINDS:
    name = f"Titles_{kind}"
    globals()[name] = type(name, (Titles, ProviderTest), {"kind": kind})

if __name__ == "__main__":
    unittest.main()
