"""Usage: what turns cost is told by day, model and user, and is still told when the conversation is gone."""

import datetime
import unittest

from daemon import until
from provider_tests import ProviderTest
from upstream import Failure, Reply, Text, ToolCall, Usage


def day(offset=0):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=offset)).strftime("%Y-%m-%d")


class Sums(ProviderTest):
    kind = "openai"
    more_keys = ", models: {fake: {price: {input: 2, cached_input: 1, output: 10}}}"

    def test_a_turn_is_in_the_sums_and_stays_there(self):
        self.script(Reply([ToolCall("list_algorithms")], Usage(1000, 50, cached=600)),
                    Reply([Text("One.")], Usage(1200, 10, cached=1000)))
        conversation, events, _ = self.turn_of(f"What is there? {self.words}")
        self.check_ended(conversation, events, "completed")
        failed = f"[failed] {self.words}"
        self.script(otherwise=Failure(400, "No."), words="[failed]")
        self.turn_of(failed)
        asked = datetime.date.fromisoformat(day())
        self.assertEqual(self.d.call("DELETE", f"/conversations/{conversation}").status, 204)
        self.d.restart()

        usage = self.d.good("GET", "/usage")
        self.assertEqual((usage["group_by"], usage["currency"]), ("day", "USD"))
        self.assertEqual(usage["to"], day())
        self.assertEqual((asked - datetime.date.fromisoformat(usage["from"])).days, 29)
        expected = {"turns": 2, "outcomes": {"completed": 1, "failed": 1, "cancelled": 0}, "requests": 2,
                    "tool_calls": 1, "prompt_tokens": 2200, "cached_tokens": 1600, "completion_tokens": 60,
                    "total_tokens": 2260, "cost": usage["totals"]["cost"]}
        # 600 fresh at 2, 1600 cached at 1 and 60 new at 10 dollars per million.
        self.assertAlmostEqual(expected["cost"], (600 * 2 + 1600 * 1 + 60 * 10) / 1e6)
        self.assertEqual(usage["totals"], expected)
        self.assertEqual(usage["rows"], [{"day": day()} | expected])
        by_model = self.d.good("GET", f"/usage?group_by=model&from={day()}&to={day()}")
        self.assertEqual(by_model["rows"], [{"provider": "main", "model": "fake"} | expected])
        by_user = self.d.good("GET", "/usage?group_by=user")
        self.assertEqual(by_user["rows"], [{"user": "local"} | expected])
        past = self.d.good("GET", f"/usage?from={day(-9)}&to={day(-2)}")
        self.assertEqual((past["rows"], past["totals"]["turns"], past["totals"]["cost"]), ([], 0, 0))

    def test_a_turn_of_which_nothing_is_kept_counts_all_the_same(self):
        self.script(Reply([ToolCall("list_algorithms")], Usage(100, 10)), Reply([Text("Done.")], Usage(200, 20)))
        said = {"model": "main:fake", "messages": [{"role": "user", "content": f"What is there? {self.words}"}]}
        before = self.d.good("GET", "/usage")["totals"]
        connection, response = self.d._send("POST", "/v1/chat/completions", said, None)
        response.read()
        connection.close()
        self.assertEqual(response.status, 200)
        # The answer does not wait for the book.
        after = until(lambda: (now := self.d.good("GET", "/usage")["totals"])["total_tokens"] > before["total_tokens"] and now,
                      "what was spent in the book")
        self.assertEqual({key: after[key] - before[key] for key in ("turns", "requests", "tool_calls", "total_tokens")},
                         {"turns": 1, "requests": 2, "tool_calls": 1, "total_tokens": 330})
        self.assertEqual(after["outcomes"]["completed"], before["outcomes"]["completed"] + 1)

    def test_how_well_providers_and_tools_did(self):
        before = {row["tool"]: row for row in self.d.good("GET", "/usage?group_by=tool")["rows"]}
        self.script(Reply([ToolCall("list_algorithms"), ToolCall("run_dla_simulation", {"n_particles": 5}),
                           ToolCall("made_up")], Usage(10, 5)),
                    Reply([Text("One.")], Usage(20, 5)), Failure(400, "No."))
        conversation, events, _ = self.turn_of(f"Go {self.words}")
        self.check_ended(conversation, events, "completed")
        self.d.stream(conversation, "And then?").all()
        tools = self.d.good("GET", "/usage?group_by=tool")
        self.assertNotIn("currency", tools)
        rows = {row["tool"]: row for row in tools["rows"]}
        self.assertNotIn("made_up", rows)
        good, refused = rows["list_algorithms"], rows["run_dla_simulation"]
        known = before.get("list_algorithms", {"calls": 0})["calls"]
        self.assertEqual((good["calls"], good["succeeded"], good["success_rate"]), (known + 1, known + 1, 1.0))
        self.assertGreater(good["duration_p50_s"], 0)
        self.assertGreaterEqual(good["duration_p95_s"], good["duration_p50_s"])
        self.assertEqual(refused, {"tool": "run_dla_simulation", "calls": 1, "succeeded": 0, "failed": 0, "refused": 1,
                                   "cancelled": 0, "success_rate": None, "duration_p50_s": None, "duration_p95_s": None})
        self.assertEqual(tools["totals"]["calls"], sum(row["calls"] for row in tools["rows"]))
        row, = self.d.good("GET", "/usage?group_by=provider")["rows"]
        sums = self.d.good("GET", "/usage")["totals"]
        self.assertEqual((row["provider"], row["turns"], row["total_tokens"], row["cost"]),
                         ("main", sums["turns"], sums["total_tokens"], sums["cost"]))
        self.assertEqual((row["succeeded"], row["failed"]), (sums["outcomes"]["completed"], sums["outcomes"]["failed"]))
        self.assertAlmostEqual(row["success_rate"], row["succeeded"] / (row["succeeded"] + row["failed"]))
        self.assertGreater(row["duration_p50_s"], 0)

    def test_wrong_ranges_are_refused(self):
        for query, field in ((f"from={day()}&to={day(-1)}", "from"), (f"from={day(1)}", "from"), ("from=yesterday", "from"),
                             ("to=2026-02-30", "to"), ("from=2026-1-1", "from"), ("from=", "from"),
                             ("group_by=week", "group_by"), ("limit=5", "limit"), ("to=2026-01-01T00:00:00Z", "to"),
                             (f"to={day()}&to={day()}", "to")):
            with self.subTest(query):
                self.check_error(self.d.get(f"/usage?{query}"), 422, "validation", field)
        self.assertEqual(self.d.good("GET", "/usage?to=2024-02-29")["from"], "2024-01-31")


if __name__ == "__main__":
    unittest.main()
