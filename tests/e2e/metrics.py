"""What /metrics tells Prometheus of turns, tokens, tools and providers."""

import re
import unittest
import urllib.request

from provider_tests import ProviderTest
from upstream import Failure, Reply, Text, ToolCall, Usage


class Metrics(ProviderTest):
    breaker = "{failures: 1, pause_s: 60}"
    more_keys = ", retry: {attempts: 1}, models: {fake: {price: {input: 1, output: 10}}}"

    def scrape(self):
        """{NAME{labels}: value}; the labels in the order in which they are written."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.d.port}/metrics", timeout=10) as reply:
            self.assertEqual(reply.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
            text = reply.read().decode()
        lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        for line in lines:
            self.assertRegex(line, r'^[a-z_]+(\{[a-z_]+="[^"]*"(,[a-z_]+="[^"]*")*\})? [-+0-9.eInf]+$')
        names = {re.split(r"[{ ]", line)[0] for line in lines}
        for name in names:
            family = re.sub(r"_(bucket|sum|count)$", "", name)
            self.assertTrue(f"# TYPE {name} " in text or f"# TYPE {family} histogram" in text, name)
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}

    def test_what_was_done_and_how_the_provider_is(self):
        before = self.scrape()
        self.assertEqual(before['assistd_turns_total{outcome="completed"}'], 0)
        self.assertEqual(before["assistd_turns_running"], 0)
        self.assertEqual(before["assistd_tools"], self.d.good("GET", "/tools")["count"])
        self.assertEqual(before['assistd_provider_circuit_state{provider="main",state="closed"}'], 1)
        self.assertGreater(before["process_resident_memory_bytes"], 1e6)
        self.assertGreater(before["process_open_fds"], 5)

        self.script(Reply([ToolCall("list_algorithms", id="call_a"), ToolCall("made_up_name", id="call_b")],
                          usage=Usage(100, 20)),
                    Reply([Text("Done.")], usage=Usage(1000, 30)), Failure(500))
        conversation, events, _ = self.turn_of(f"Go {self.words}")
        self.check_ended(conversation, events, "completed")
        self.assertEqual(self.d.stream(conversation, "And then?").all()[-1].name, "turn.failed")

        after = self.scrape()
        self.assertEqual(after['assistd_turns_total{outcome="completed"}'], 1)
        self.assertEqual(after['assistd_turns_total{outcome="failed"}'], 1)
        self.assertEqual(after['assistd_turn_failures_total{code="provider_failed"}'], 1)
        self.assertEqual(after['assistd_turn_duration_seconds_count{outcome="completed"}'], 1)
        tokens = {kind: value for key, value in after.items() if key.startswith("assistd_tokens_total")
                  for kind in re.findall('kind="([a-z]+)"', key)}
        self.assertEqual(tokens, {"prompt": 1100, "completion": 50})
        cost, = (value for key, value in after.items() if key.startswith("assistd_cost_dollars_total"))
        self.assertAlmostEqual(cost, (1100 * 1 + 50 * 10) / 1e6)
        calls = {key: value for key, value in after.items() if key.startswith("assistd_tool_calls_total")}
        self.assertEqual(sorted(calls.values()), [1, 1])
        self.assertIn('tool="list_algorithms"', "".join(calls))
        self.assertNotIn("made_up_name", "".join(after))
        states = {state: after[f'assistd_provider_circuit_state{{provider="main",state="{state}"}}']
                  for state in ("closed", "open", "half_open")}
        self.assertEqual(states, {"closed": 0, "open": 1, "half_open": 0})
        self.assertEqual(after['assistd_provider_failures_in_a_row{provider="main"}'], 1)


if __name__ == "__main__":
    unittest.main()
