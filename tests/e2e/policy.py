"""Who may call what, and how often: rules, limits, what users are told of them, and what is kept of calls."""

import csv
import io
import json
import re
import sqlite3
import subprocess
import time
import unittest

from daemon import BUILD, DaemonTest, FolderTest, in_threads, until
from provider_tests import ProviderTest
from upstream import Reply, Text, ToolCall

ASK = "Run a DLA simulation with 60 particles"
GROW = {"arguments": {"n_particles": 30}}
# A job that takes seconds.
LONG = {"arguments": {"n_particles": 4_000_000, "dimensions": 2, "seed": 5}}


def assistctl(daemon, *arguments):
    return subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{daemon.port}", *arguments],
                          capture_output=True, text=True, timeout=60)


class Rules(DaemonTest):
    config = """
policy:
  roles: {staff: [alice]}
  rules:
    - {allow: [run_dla_simulation], roles: [staff]}
    - {deny: [run_dla_simulation, category:export, get_job_status]}
    - {ask: [list_algorithms], users: [local]}
"""

    def test_a_denied_call_is_forbidden_and_names_its_rule(self):
        for tool, arguments in (("run_dla_simulation", GROW), ("export_geometry", {}), ("get_job_status", {})):
            with self.subTest(tool=tool):
                reply = self.d.post(f"/tools/{tool}/execute", arguments)
                self.assertEqual(reply.status, 403, reply.body)
                self.assertEqual((reply.json["success"], reply.error["error_type"], reply.error["code"]),
                                 (False, "PermissionError", "forbidden"))
                self.assertEqual(reply.error["request_id"], reply.headers["X-Request-ID"])
                self.assertEqual(reply.error["message"],
                                 f"local may not call {tool}: the rule in assistd.yaml:6 denies it. "
                                 "Whoever runs this daemon can change that.")
        self.assertTrue(self.d.good("POST", "/tools/list_algorithms/execute")["success"])
        study = self.d.post("/studies", {"tool": "run_dla_simulation", "parameter_grid": {"n_particles": [30]}})
        self.assertIn("assistd.yaml:6", self.check_error(study, 403, "forbidden")["message"])
        # Neither the project nor the arguments are looked at first.
        call = self.d.good("GET", "/audit?tool=export_geometry")["calls"][0]
        self.assertEqual((call["outcome"], call["decided_by"]), ("PermissionError", "assistd.yaml:6"))

    def test_what_a_user_may_not_call_is_shown_and_not_offered(self):
        tools = {tool["name"]: tool for tool in self.d.good("GET", "/tools")["tools"]}
        self.assertEqual((tools["run_dla_simulation"]["allowed"], tools["list_algorithms"]["allowed"]), (False, True))
        self.assertIn("assistd.yaml:6", tools["run_dla_simulation"]["reason"])
        self.assertNotIn("reason", tools["list_algorithms"])
        self.assertTrue(tools["list_algorithms"]["needs_approval"])
        alone = self.d.good("GET", "/tools/run_dla_simulation")
        alone.pop("examples")
        self.assertEqual(alone, tools["run_dla_simulation"])
        self.assertIn("not allowed", assistctl(self.d, "tools", "show", "run_dla_simulation").stdout)
        self.assertRegex(assistctl(self.d, "tools").stdout, r"export_geometry +export +\(not for you\)")
        failed = assistctl(self.d, "tools", "run", "run_dla_simulation", '{"n_particles": 30}')
        self.assertEqual(failed.returncode, 1)
        self.assertIn("local may not call run_dla_simulation", failed.stderr)
        reply = self.d.chat(self.d.conversation(), ASK)
        self.assertEqual(reply["tools_executed"], [])

    def test_a_rule_asks_a_person(self):
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, "list algorithms")
        about = stream.until("approval.required")[-1].data
        self.assertEqual(about["name"], "list_algorithms")
        self.d.good("POST", f"/conversations/{conversation}/turns/{about['turn_id']}/approvals",
                    {"call_id": about["tool_call_id"], "decision": "allow"})
        self.assertEqual(stream.all()[-1].name, "turn.completed")
        call, = [one for one in self.d.good("GET", "/audit?tool=list_algorithms")["calls"]
                 if one["turn_id"] == about["turn_id"]]
        self.assertEqual((call["outcome"], call["decided_by"]), ("success", "a person"))


class Models(ProviderTest):
    more_config = "policy: {{rules: [{{deny: [run_dla_simulation]}}], limits: [{{tools: [list_algorithms], at_once: 1}}]}}\n"

    def test_a_model_is_not_offered_what_its_user_may_not_call(self):
        self.script(Reply([ToolCall("run_dla_simulation", {"n_particles": 60}), ToolCall("list_algorithms")]),
                    Reply([Text("I may not.")]))
        conversation, events, _ = self.turn_of(f"Grow one {self.words}")
        self.check_ended(conversation, events, "completed")
        first = self.upstream.asked(self.words)[0].json
        names = [tool["function"]["name"] for tool in first["tools"]]
        self.assertIn("list_algorithms", names)
        self.assertNotIn("run_dla_simulation", names)
        self.assertNotIn("run_dla_simulation", json.dumps(first["messages"]))
        # One that knows the name all the same.
        refused, good = [json.loads(m["content"]) for m in self.d.messages(conversation) if m["role"] == "tool"]
        self.assertEqual((refused["error"]["error_type"], good["success"]), ("PermissionError", True))
        self.assertEqual(events[-1].data["message"]["tools_executed"], ["list_algorithms"])


class Limits(FolderTest):
    def quota(self, daemon, per):
        quotas = daemon.good("GET", "/tools/run_dla_simulation")["quotas"]
        return next(quota for quota in quotas if quota["per"] == per)

    def test_64_calls_at_once_do_not_exceed_a_limit_and_a_restart_keeps_the_count(self):
        d = self.daemon("policy:\n  limits:\n    - {tools: [run_dla_simulation], per_day: 20}\n")
        # A refused call does not count.
        self.assertEqual(d.good("POST", "/tools/run_dla_simulation/execute", {"n_particles": 1})["success"], False)
        replies = in_threads(lambda _: d.post("/tools/run_dla_simulation/execute", GROW), 64)
        self.assertEqual(sorted(reply.status for reply in replies), [200] * 20 + [429] * 44)
        refused = next(reply for reply in replies if reply.status == 429)
        error = refused.error
        self.assertEqual((error["error_type"], error["code"], error["recoverable"]),
                         ("QuotaExceededError", "rate_limited", False))
        self.assertRegex(error["details"]["free_at"], r"^\d{4}-\d\d-\d\dT00:00:00.000000Z$")
        self.assertEqual(refused.headers["Retry-After"], str(error["details"]["retry_after_s"]))
        self.assertIn("assistd.yaml:3", error["message"])
        self.assertEqual(self.quota(d, "day") | {"free_at": None},
                         {"per": "day", "limit": 20, "used": 20, "remaining": 0, "free_at": None,
                          "tools": ["run_dla_simulation"]})
        self.assertIn("0 of 20 calls a day left (run_dla_simulation); free again at",
                      re.sub(r"\s+", " ", assistctl(d, "tools", "show", "run_dla_simulation").stdout))

        d.kill()
        d.start()
        self.assertEqual(self.quota(d, "day")["used"], 20)
        self.assertEqual(d.post("/tools/run_dla_simulation/execute", GROW).status, 429)
        self.assertTrue(d.good("POST", "/tools/list_algorithms/execute")["success"])
        # The model is told as of every other failure, and the turn goes on.
        conversation = d.conversation()
        reply = d.chat(conversation, ASK)
        self.assertEqual((reply["finish_reason"], reply["tools_executed"]), ("stop", []))
        result = json.loads(d.messages(conversation)[2]["content"])
        self.assertEqual((result["success"], result["error"]["error_type"]), (False, "QuotaExceededError"))
        connection = d.connect()
        connection.request("GET", "/metrics")
        metrics = connection.getresponse().read().decode()
        connection.close()
        self.assertIn('assistd_tool_calls_refused_total{reason="per_day"} 2', metrics)

    def test_so_many_a_minute_and_at_once(self):
        d = self.daemon("tools: {run_dla_simulation: {job_after_s: 0.05}}\n"
                        "policy: {limits: [{per_minute: 3, at_once: 1}]}\n")
        job = d.good("POST", "/tools/run_dla_simulation/execute", LONG)["data"]["job_id"]
        busy = d.post("/tools/run_limiting_case/execute", {"geometry": "chain", "n_particles": 20})
        self.assertEqual((busy.status, busy.headers["Retry-After"]), (429, "1"), busy.body)
        self.assertIn("has 1 call running", busy.error["message"])
        # The daemon's own tools stay within reach.
        status = d.good("POST", "/tools/get_job_status/execute", {"job_id": job})
        self.assertTrue(status["success"], status)
        d.good("POST", f"/jobs/{job}/cancel")

        def is_free():
            reply = d.post("/tools/list_algorithms/execute")
            return reply if reply.status == 200 or reply.error["details"]["per"] != "at_once" else None
        self.assertEqual(until(is_free, "the place of the cancelled job").status, 200)
        statuses = [d.post("/tools/list_algorithms/execute").status for _ in range(2)]
        self.assertEqual(statuses, [200, 429])
        error = d.post("/tools/list_algorithms/execute").error
        self.assertEqual(error["details"]["per"], "minute")
        self.assertLessEqual(error["details"]["retry_after_s"], 60)

    def test_a_job_of_before_a_restart_holds_its_place_and_obeys_new_rules(self):
        config = "tools: {run_dla_simulation: {job_after_s: 0.05}}\npolicy:\n  limits: [{at_once: 1, per_day: 5}]\n"
        d = self.daemon(config)
        job = d.good("POST", "/tools/run_dla_simulation/execute", LONG)["data"]["job_id"]
        until(lambda: d.job(job)["state"] == "running", "the job")
        d.kill()
        d.start()
        self.assertEqual(d.post("/tools/list_algorithms/execute").status, 429)
        self.assertEqual(self.quota(d, "day")["used"], 1)
        d.kill()
        (self.folder / "assistd.yaml").write_text(config + "  rules: [{deny: [run_dla_simulation]}]\n")
        d.start()
        ended = d.job(job)
        self.assertEqual((ended["state"], ended["result"]["error"]["error_type"]), ("failed", "PermissionError"))
        self.assertEqual(d.good("GET", "/audit?outcome=PermissionError")["calls"][0]["job_id"], job)


class Audit(FolderTest):
    def test_old_entries_are_removed_and_others_are_found_by_time(self):
        d = self.daemon("audit: {keep_days: 30}\n")
        d.good("POST", "/tools/list_algorithms/execute")
        d.end()
        day = 86_400
        with sqlite3.connect(d.state / "assistd.db") as db:
            names = [row[1] for row in db.execute("PRAGMA table_info(audit)") if row[1] not in ("key", "at", "tool")]
            copy = f"INSERT INTO audit (at, tool, {', '.join(names)}) SELECT ?, ?, {', '.join(names)} FROM audit LIMIT 1"
            now = int(time.time())
            # The newest of them would outlive a removal that stops after its first few.
            db.executemany(copy, [((now - (31 + i % 9) * day) * 1_000_000, "old") for i in range(1_500)])
            db.executemany(copy, [((now - days * day) * 1_000_000, tool) for days, tool in
                                  ((29, "kept"), (2, '=SUM(1,"2")'), (1, "kept"))])
        db.close()
        d.start()
        until(lambda: not d.good("GET", "/audit?tool=old")["calls"], "the removal of old entries")
        self.assertEqual(len(d.good("GET", "/audit?tool=kept")["calls"]), 2)

        since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 2 * day - 60))
        before = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now - 1 * day - 60))
        found = d.good("GET", f"/audit?since={since}&until={before}")["calls"]
        self.assertEqual([call["tool"] for call in found], ['=SUM(1,"2")'])
        today = time.strftime("%Y-%m-%d", time.gmtime(now))
        tools = {call["tool"] for call in d.good("GET", f"/audit?since={today[:8]}01&until={today}")["calls"]}
        self.assertIn("list_algorithms", tools)
        for wrong in ("since=yesterday", "until=2026-02-30", "since=2026-01-01T25:00:00Z", "outcome=failed",
                      "since=2026-02-02&until=2026-02-01"):
            self.assertEqual(d.get(f"/audit?{wrong}").status, 422, wrong)

        rows = list(csv.DictReader(io.StringIO(assistctl(d, "audit", "--csv", "--since", since).stdout)))
        self.assertEqual([row["tool"] for row in rows], ["list_algorithms", "kept", '\'=SUM(1,"2")'])
        self.assertEqual((rows[0]["user"], rows[0]["outcome"]), ("local", "success"))
        self.assertEqual(len(assistctl(d, "audit", "--csv").stdout.splitlines()), 5)
        self.assertIn("kept", assistctl(d, "audit", "--since", since, "--until", today).stdout)


class Configuration(FolderTest):
    def check(self, text):
        file = self.folder / "assistd.yaml"
        file.write_text(text)
        return subprocess.run([BUILD / "bin/assistd", "--check-config", "--config", file], capture_output=True,
                              text=True, timeout=60)

    def test_wrong_rules_stop_the_start_and_name_the_line(self):
        wrong = self.check("policy:\n  rules:\n    - {deny: [effect:danger]}\n")
        self.assertEqual(wrong.returncode, 1)
        self.assertIn("assistd.yaml:3: policy.rules.deny names effects", wrong.stderr)
        unknown = self.check("policy:\n  rules:\n    - {deny: [run_dla_simulaton]}\n")
        self.assertEqual(unknown.returncode, 0)
        self.assertIn('assistd.yaml:3: policy names the tool "run_dla_simulaton", which no loaded plugin offers',
                      unknown.stderr)


if __name__ == "__main__":
    unittest.main()
