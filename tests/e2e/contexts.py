"""What a real daemon sends of long conversations: within the window, with a summary where the policy says so."""

import json
import unittest

from provider_tests import KINDS, ProviderTest
from upstream import Failure, Reply, Text, Usage

WINDOW = 20_000
LONG = "many words of a long message " * 200


def is_summary_request(request):
    return "<conversation>" in json.dumps(request.json["messages"][-1])


class Contexts(ProviderTest):
    more_keys = f", context_window: {WINDOW}, retry: {{attempts: 1}}"

    def talk(self, conversation, turns):
        return [self.d.chat(conversation, f"{self.words} {number} {LONG}")["content"] for number in range(turns)]

    def texts(self, request):
        """What the model was told, in the order in which it was."""
        told = [json.dumps(message["content"]) for message in request.json["messages"] if message["role"] != "tool"]
        return [text for text in told if text]


class WholeExchanges(Contexts):
    def test_every_request_fits_the_window(self):
        # The server counts more than the daemon estimates at first.
        def count(request):
            return len(request.body) // 3

        self.script(otherwise=lambda request: Reply([Text("Fine.")], Usage(count(request), 2)))
        conversation = self.d.conversation()
        self.assertEqual(self.talk(conversation, 12), ["Fine."] * 12)
        asked = self.upstream.asked(self.words)
        self.assertEqual(len(asked), 12)
        for number, request in enumerate(asked):
            if number > 1:  # after the first report
                self.assertLess(count(request), WINDOW)
            self.assertIn(f"{self.words} {number} ", self.texts(request)[-1])


class Summaries(Contexts):
    more_config = "context: {{policy: summary}}\n"

    def script_summaries(self, summary):
        self.upstream.script(when=lambda r: is_summary_request(r) and self.words in r.body.decode(), otherwise=summary)
        self.upstream.script(when=lambda r: not is_summary_request(r) and self.words in r.body.decode(),
                             otherwise=Reply([Text("Fine.")], Usage(1000, 2)))

    def test_one_call_serves_many_turns(self):
        self.script_summaries(Reply([Text(" They talked. \n")], Usage(500, 5)))
        conversation = self.d.conversation()
        self.assertEqual(self.talk(conversation, 16), ["Fine."] * 16)
        asked = self.upstream.asked(self.words)
        summaries = [r for r in asked if is_summary_request(r)]
        self.assertGreaterEqual(len(summaries), 1)
        self.assertLessEqual(len(summaries), 5)
        self.assertFalse(summaries[0].json.get("tools"))
        # The next one is made from it, and stands where it stood.
        last = self.texts(asked[-1])
        self.assertTrue([text for text in last if "They talked." in text], last[:3])
        if len(summaries) > 1:
            self.assertIn("They talked.", json.dumps(summaries[1].json["messages"]))
        # What it cost is the turn's.
        usage = self.d.good("GET", "/usage")
        self.assertGreaterEqual(usage["totals"]["prompt_tokens"], 16 * 1000 + len(summaries) * 500)
        # It is for the model alone.
        roles = {message["role"] for message in self.d.messages(conversation)}
        self.assertEqual(roles, {"user", "assistant"})

    def test_without_it_the_oldest_is_left_out(self):
        self.script_summaries(Failure(500))
        conversation = self.d.conversation()
        self.assertEqual(self.talk(conversation, 10), ["Fine."] * 10)
        asked = self.upstream.asked(self.words)
        self.assertTrue([r for r in asked if is_summary_request(r)])
        self.assertIn(f"{self.words} 9 ", self.texts(asked[-1])[-1])
        self.assertNotIn(f"{self.words} 0 ", " ".join(self.texts(asked[-1])))

    def test_it_outlives_a_restart(self):
        self.script_summaries(Reply([Text("They talked.")]))
        conversation = self.d.conversation()
        self.talk(conversation, 10)
        before = len([r for r in self.upstream.asked(self.words) if is_summary_request(r)])
        self.d.restart()
        self.talk(conversation, 1)
        asked = self.upstream.asked(self.words)
        self.assertTrue([text for text in self.texts(asked[-1]) if "They talked." in text])
        self.assertLessEqual(len([r for r in asked if is_summary_request(r)]), before + 1)


for kind in KINDS:
    for subject in (WholeExchanges, Summaries):
        name = f"{subject.__name__}_{kind}"
        globals()[name] = type(name, (subject,), {"kind": kind})
del WholeExchanges, Summaries, Contexts, subject

if __name__ == "__main__":
    unittest.main()
