"""What a turn may spend: rounds, calls, tokens, cost and seconds. Each end is a defined one, with the answer or the
sentence that the user needs."""

import json
import unittest

from daemon import DaemonTest, until
from upstream import Fault, Reply, Text, ToolCall, Upstream, Usage

MODEL = "main:fake"


class Budget(DaemonTest):
    turns = ""
    price = ""

    @classmethod
    def setUpClass(cls):
        cls.upstream = Upstream().start()
        cls.addClassCleanup(cls.upstream.stop)
        cls.config = (f"model: {MODEL}\nturns: {{{cls.turns}}}\nproviders:\n"
                      f"  main: {{kind: openai, base_url: '{cls.upstream.url}/v1', models: {{fake: {{{cls.price}}}}}}}\n")
        super().setUpClass()

    def calls_for_ever(self, per_round=1, usage=None):
        """A model that calls as long as it may, and answers when it may not."""
        def may_call(request):
            return bool(request.json.get("tools")) and request.json.get("tool_choice") != "none"

        usage = usage or Usage(100, 20)
        self.upstream.script(when=may_call, otherwise=Reply([ToolCall("list_algorithms") for _ in range(per_round)], usage))
        self.upstream.script(when=lambda request: not may_call(request), otherwise=Reply([Text("Enough.")], usage))

    def turn_of(self, words="Go"):
        conversation = self.d.conversation()
        events = self.d.stream(conversation, words).all()
        turn = self.d.turn(conversation, events[0].data["turn_id"])
        self.assertEqual(events[-1].name, f"turn.{turn['state']}")
        return conversation, turn, events

    def results(self, conversation):
        return [json.loads(m["content"]) for m in self.d.messages(conversation) if m["role"] == "tool"]

    def check_answered(self, rounds, calls):
        conversation, turn, events = self.turn_of()
        self.assertEqual((turn["state"], turn["error"], turn["rounds"]), ("completed", None, rounds))
        self.assertEqual(events[-1].data["message"]["content"], "Enough.")
        self.assertEqual(len(self.results(conversation)), calls)
        return conversation, turn


class Rounds(Budget):
    turns = "max_rounds: 3"

    def test_the_last_round_is_the_answer(self):
        self.calls_for_ever()
        self.check_answered(4, 3)


class Calls(Budget):
    turns = "max_tool_calls: 5"

    def test_calls_beyond_are_refused_and_the_answer_follows(self):
        self.calls_for_ever(per_round=3)
        conversation, _ = self.check_answered(3, 6)
        results = self.results(conversation)
        self.assertEqual([result["success"] for result in results], [True] * 5 + [False])
        self.assertEqual(results[-1]["error"]["error_type"], "QuotaExceededError")


class Tokens(Budget):
    turns = "max_tokens: 250"

    def test_the_answer_follows(self):
        self.calls_for_ever(usage=Usage(100, 20))
        _, turn = self.check_answered(4, 3)  # 120, 240, 360 tokens
        self.assertEqual(turn["usage"]["total_tokens"], 480)


class Cost(Budget):
    turns = "max_cost: 0.25"
    price = "price: {input: 1000, output: 1000}"  # a tenth of a cent per token

    def test_the_answer_follows(self):
        self.calls_for_ever(usage=Usage(100, 20))
        _, turn = self.check_answered(4, 3)
        self.assertAlmostEqual(turn["usage"]["cost"], 0.48)


class Seconds(Budget):
    turns = "timeout_s: 1"

    def test_the_turn_fails_with_its_reason_and_the_conversation_goes_on(self):
        self.upstream.script(Reply([Text("Half"), Fault("silence")]))
        conversation, turn, events = self.turn_of()
        self.assertEqual((turn["state"], turn["error"]["code"]), ("failed", "provider_timeout"))
        self.assertIn("1 s", turn["error"]["message"])
        self.assertEqual([m["content"] for m in self.d.messages(conversation)], ["Go", "Half"])
        request = self.upstream.requests[-1]
        self.upstream.wait_for(lambda: request.done, "the socket's end")
        self.upstream.script(Reply([Text("Here.")]))
        self.assertEqual(self.d.chat(conversation, "Again")["content"], "Here.")

    def test_in_a_tool(self):
        self.upstream.script(Reply([ToolCall("run_dla_simulation", {"n_particles": 10_000_000, "dimensions": 2})]),
                             when="in a tool")
        conversation, turn, _ = self.turn_of("in a tool")
        self.assertEqual((turn["state"], turn["error"]["code"]), ("failed", "provider_timeout"))
        self.assertEqual([m["role"] for m in self.d.messages(conversation)], ["user", "assistant", "tool"])
        self.assertEqual(self.results(conversation)[0]["success"], False)
        until(lambda: all(job["state"] != "running" for job in self.d.good("GET", "/jobs")["jobs"]), "no job")




if __name__ == "__main__":
    unittest.main()
