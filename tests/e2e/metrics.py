"""What /metrics tells Prometheus of turns, tokens, tools and providers."""

import json
import pathlib
import re
import unittest
import urllib.request

from provider_tests import ProviderTest
from upstream import Failure, Reply, Text, ToolCall, Usage

PACKAGING = pathlib.Path(__file__).resolve().parents[2] / "packaging"
BASE_UNITS = ("seconds", "bytes", "dollars")


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


class Told(ProviderTest):
    """The page, the document that explains it, and the dashboard that shows it say the same."""

    more_keys = ", retry: {attempts: 2, first_wait_ms: 1}, models: {fake: {price: {input: 1, output: 10}}}"
    breaker = "{failures: 100}"

    def page(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.d.port}/metrics", timeout=10) as reply:
            return reply.read().decode()

    def families(self):
        """{name: (type, help, {label names}, [samples])} of a daemon that has done a bit of everything."""
        self.script(Reply([ToolCall("run_dla_simulation", {"n_particles": 50}, id="call_a"),
                           ToolCall("made_up_name", id="call_b")], usage=Usage(100, 20)),
                    Failure(500), Reply([Text("Done.")], usage=Usage(1000, 30)), Failure(400))
        conversation, events, _ = self.turn_of(f"Go {self.words}")
        self.check_ended(conversation, events, "completed")
        self.d.stream(conversation, "And then?").all()
        self.d.get("/nothing")
        families = {}
        for line in self.page().splitlines():
            if line.startswith("# HELP "):
                _, _, name, help_text = line.split(" ", 3)
                families[name] = [None, help_text, set(), []]
            elif line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                families[name][0] = kind
            elif line:
                sample, value = re.fullmatch(r"(\S+?(?:\{.*\})?) (\S+)", line).groups()
                own = re.split(r"[{ ]", sample)[0]
                family = own if own in families else re.sub("_(bucket|sum|count)$", "", own)
                families[family][2] |= set(re.findall(r'([a-z_]+)="', sample)) - {"le"}
                families[family][3].append((sample, float(value)))
        return families

    def documented(self):
        """{name: (type, {label names})} as the table has them."""
        rows = re.findall(r"^\| `([a-z_]+)` \| (\w+) \| ([a-z_, ]*) ?\|", (PACKAGING / "observability.md").read_text(),
                          re.MULTILINE)
        return {name: (kind, {label.strip() for label in labels.split(",") if label.strip()})
                for name, kind, labels in rows}

    def test_the_page_the_document_and_the_dashboard_agree(self):
        families, documented = self.families(), self.documented()
        self.assertEqual(set(families), set(documented))
        for name, (kind, help_text, labels, samples) in families.items():
            with self.subTest(name):
                self.assertEqual((kind, labels), documented[name])
                self.check_rules(name, kind, help_text, samples)
        self.check_dashboard(documented)

    def check_rules(self, name, kind, help_text, samples):
        """What promtool says of metrics."""
        self.assertRegex(name, "^(assistd|process)_[a-z_]+$")
        self.assertEqual(name.endswith("_total"), kind == "counter")
        self.assertRegex(help_text, r"\.$")
        self.assertIn(kind, ("counter", "gauge", "histogram"))
        unit = name.removesuffix("_total").rpartition("_")[2]
        self.assertNotIn(unit, ("ms", "milliseconds", "microseconds", "kib", "mib", "percent"))
        if "duration" in name or "bytes" in name or "cost" in name:
            self.assertIn(unit, BASE_UNITS)
        self.assertNotIn(kind, name.split("_"))
        keys = [sample for sample, _ in samples]
        self.assertEqual(len(keys), len(set(keys)), "a sample is there twice")
        if kind != "histogram":
            return
        series = {}
        for sample, value in samples:
            if "_bucket{" in sample:
                le = re.search(r'le="([^"]+)"', sample)[1]
                series.setdefault(re.sub(r',?le="[^"]+"', "", sample), []).append((float(le), value))
        for buckets in series.values():
            self.assertEqual(buckets[-1][0], float("inf"))
            self.assertEqual(sorted(buckets), buckets, "buckets in order, and each holds those before")
            self.assertEqual([value for _, value in buckets], sorted(value for _, value in buckets))

    def check_dashboard(self, documented):
        dashboard = json.loads((PACKAGING / "grafana/assistd.json").read_text())
        shown, taken = set(), set()
        for panel in dashboard["panels"]:
            place = panel["gridPos"]
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & taken, panel["title"])
            self.assertLessEqual(place["x"] + place["w"], 24)
            taken |= cells
            for target in panel.get("targets", []):
                names = set(re.findall(r"\b(?:assistd|process)_[a-z_]+", target["expr"]))
                families = {re.sub("_(bucket|sum|count)$", "", name) for name in names}
                self.assertTrue(families and families <= set(documented), target["expr"])
                shown |= families
                labels = set().union(*(documented[name][1] for name in families)) | {"le", "instance"}
                used = set(re.findall(r"([a-z_]+)=~?\"", target["expr"]))
                for group in re.findall(r"by \(([^)]*)\)", target["expr"]):
                    used |= {label.strip() for label in group.split(",")}
                used |= set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
                self.assertLessEqual(used, labels, target["expr"])
        self.assertEqual(set(documented) - shown, set(), "metrics that the dashboard does not show")

    def test_users_cannot_make_up_labels(self):
        for number in range(50):
            self.d.get(f"/made-up-{number}")
            self.d.post(f"/tools/made_up_{number}/execute", {})
            self.d.post("/conversations", {"model": f"made-up-{number}"})
        self.assertNotIn("made-up", self.page())
        self.assertNotIn("made_up", self.page())


if __name__ == "__main__":
    unittest.main()
