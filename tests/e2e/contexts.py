"""What a real daemon sends of long conversations: within the window, with a summary where the policy says so, and of
long results."""

import json
import unittest

from daemon import BUILD
from provider_tests import KINDS, ProviderTest
from upstream import Failure, Reply, Text, ToolCall, Usage

WINDOW = 20_000
LONG = "many words of a long message " * 200


def is_summary_request(request):
    return "<conversation>" in json.dumps(request.json["messages"][-1])


class Contexts(ProviderTest):
    more_keys = f", context_window: {WINDOW}, retry: {{attempts: 1}}"
    # All tools that are shipped would fill such a window.
    left_out = ("run_simulation", "run_cca*", "run_ballistic*", "run_eden*", "run_tunable*", "*simulations", "*fraktal*",
                "run_correlation*", "analyze*", "list_analyses", "get_simulation*", "get_box*", "export_study*",
                "export_comparison*", "*latex*", "*docx*", "*quick*", "render*")
    more_config = f"policy: {{{{rules: [{{{{deny: {json.dumps(left_out)}}}}}]}}}}\n"

    def talk(self, conversation, turns):
        return [self.d.chat(conversation, f"{self.words} {number} {LONG}")["content"] for number in range(turns)]

    def texts(self, request):
        """What the model was told, in the order in which it was, without the marks for the cache, which move on."""
        told = []
        for message in request.json["messages"]:
            content = message["content"]
            if isinstance(content, list):
                content = [{key: block[key] for key in block if key != "cache_control"} for block in content]
            if message["role"] != "tool":
                told.append(json.dumps(content))
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

    def test_a_full_window_begins_alike_for_many_turns(self):
        self.script(otherwise=Reply([Text("Fine.")], Usage(0, 2)))
        conversation = self.d.conversation()
        self.talk(conversation, 30)
        told = [self.texts(request) for request in self.upstream.asked(self.words)]
        begun = [number for number in range(1, len(told)) if told[number][:len(told[number - 1])] != told[number - 1]]
        self.assertGreaterEqual(len(begun), 2, "the window was never full")
        for one, other in zip(begun, begun[1:]):
            self.assertGreaterEqual(other - one, 3)
        # A restart costs one more begin.
        self.d.restart()
        self.talk(conversation, 2)
        before, after = [self.texts(request) for request in self.upstream.asked(self.words)][-2:]
        self.assertEqual(after[:len(before)], before)


class Summaries(Contexts):
    more_config = Contexts.more_config + "context: {{policy: summary}}\n"

    def script_summaries(self, summary):
        self.upstream.script(when=lambda r: is_summary_request(r) and self.words in r.body.decode(), otherwise=summary)
        self.upstream.script(when=lambda r: not is_summary_request(r) and self.words in r.body.decode(),
                             otherwise=Reply([Text("Fine.")], Usage(1000, 2)))

    def test_one_call_serves_many_turns(self):
        self.script_summaries(Reply([Text("<think>What did they do?</think>\nThey talked. \n")], Usage(500, 5)))
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
        self.assertNotIn("What did they do?", str(last))
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
        self.assertEqual(self.talk(conversation, 20), ["Fine."] * 20)
        asked = self.upstream.asked(self.words)
        # Not in each of the turns that have no room for everything.
        failed = [r for r in asked if is_summary_request(r)]
        self.assertGreaterEqual(len(failed), 1)
        self.assertLessEqual(len(failed), 5)
        self.assertIn(f"{self.words} 19 ", self.texts(asked[-1])[-1])
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


class LongResults(ProviderTest):
    """A tool that returns 5 MB, and a model that has room for what is shown of it, or not even for that."""

    more_config = f"plugins: {{{{folders: [{BUILD}/test-plugins]}}}}\n"
    more_keys = ", context_window: 128000"
    text, times = "0123456789 ", 500_000

    def result_in(self, request):
        """What the model is told of the one call."""
        if self.kind == "anthropic":
            blocks = [block for message in request.json["messages"] for block in message["content"]
                      if isinstance(block, dict) and block["type"] == "tool_result"]
        else:
            blocks = [message for message in request.json["messages"] if message["role"] == "tool"]
        self.assertEqual(len(blocks), 1)
        content = blocks[0]["content"]
        return json.loads(content if isinstance(content, str) else content[0]["text"])

    def test_it_is_kept_whole_and_shown_in_part(self):
        self.script(Reply([ToolCall("repeat", {"text": self.text, "times": self.times})]), Reply([Text("Long.")]),
                    Reply([Text("Still long.")]))
        conversation, events, _ = self.turn_of(f"Repeat it {self.words}")
        self.check_ended(conversation, events, "completed")
        [shown] = [event.data["artifacts"] for event in events if event.name == "tool.result"]
        self.assertEqual([artifact["kind"] for artifact in shown], ["result"])
        handle = shown[0]["handle"]
        whole = self.d.get(f"/artifacts/{handle}/content").body
        self.assertEqual(json.loads(whole), {"text": self.text * self.times})

        self.d.chat(conversation, f"And now? {self.words}")
        _, first, second = self.upstream.asked(self.words)
        for request in (first, second):
            self.assertLess(len(request.body), 200_000)
            result = self.result_in(request)
            self.assertTrue(result["success"])
            self.assertEqual([artifact["handle"] for artifact in result["artifacts"]], [handle])
            data = result["data"]
            self.assertEqual((data["truncated"], data["bytes"], data["artifact"]), (True, len(whole), handle))
            self.assertIn(f"The whole is the artifact {handle}.", data["note"])
            self.assertTrue(whole.decode().startswith(data["beginning"]))
            self.check_beginning(len(data["beginning"]))
        # The exchange stands in the next turn's history, whatever its length.
        self.assertIn("Repeat it", second.body.decode())
        # People see in the conversation what the model was shown at most.
        [stored] = [message for message in self.d.messages(conversation) if message["role"] == "tool"]
        self.assertIn(handle, json.dumps(stored))
        self.assertLess(len(json.dumps(stored)), 100_000)

    def check_beginning(self, length):
        self.assertGreater(length, 60_000)


class LongResultsInASmallWindow(LongResults):
    more_keys = f", context_window: {WINDOW}"

    def check_beginning(self, length):
        self.assertGreater(length, 2_000)
        self.assertLess(length, 60_000)


for kind in KINDS:
    for subject in (WholeExchanges, Summaries, LongResults, LongResultsInASmallWindow):
        name = f"{subject.__name__}_{kind}"
        globals()[name] = type(name, (subject,), {"kind": kind})
del WholeExchanges, Summaries, Contexts, LongResults, LongResultsInASmallWindow, subject

if __name__ == "__main__":
    unittest.main()
