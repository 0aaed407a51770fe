"""Calls that wait for a person: over REST, and asked by assistctl at a terminal and in a pipe."""

import json
import subprocess
import unittest

from daemon import BUILD, Daemon, DaemonTest, FolderTest, in_threads, until
from terminal import Terminal

ASK = "Run a DLA simulation with 60 particles"
CONFIG = "tools: {run_dla_simulation: {approval: always}}\n"
ERASE = {"tag": "x"}


class Deciding(DaemonTest):
    config = CONFIG

    def begin(self):
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, ASK)
        self.addCleanup(stream.close)
        events = stream.until("approval.required")
        return conversation, stream, events

    def decide(self, conversation, about, decision, **fields):
        return self.d.post(f"/conversations/{conversation}/turns/{about['turn_id']}/approvals",
                           {"call_id": about["tool_call_id"], "decision": decision} | fields)

    def test_allowed(self):
        conversation, stream, events = self.begin()
        about = events[-1].data
        self.assertEqual((about["name"], about["arguments"]), ("run_dla_simulation", {"n_particles": 60}))
        self.assertEqual(set(about["effects"]), {"reads", "writes", "network", "destructive", "idempotent"})
        self.assertRegex(about["message"], r"run_dla_simulation .*\.$")
        turn = self.d.turn(conversation, about["turn_id"])
        self.assertEqual(turn["state"], "running")
        self.assertEqual([one["tool_call_id"] for one in turn["approvals"]], [about["tool_call_id"]])
        reply = self.decide(conversation, about, "allow")
        self.assertEqual((reply.status, reply.json["decision"]), (200, "allow"), reply.body)
        rest = stream.all()
        self.assertEqual(rest[-1].name, "turn.completed")
        self.assertEqual(rest[-1].data["message"]["artifacts"][0]["kind"], "simulation")
        self.assertEqual(self.d.turn(conversation, about["turn_id"])["approvals"], [])
        again = self.d.rejoin(conversation, about["turn_id"]).all()
        self.assertEqual([(e.id, e.data) for e in again if e.name == "approval.required"],
                         [(events[-1].id, about)])
        self.assertEqual(self.decide(conversation, about, "allow").status, 200)
        self.check_error(self.decide(conversation, about, "refuse"), 409, "conflict")

    def test_refused(self):
        conversation, stream, events = self.begin()
        reply = self.decide(conversation, events[-1].data, "refuse", reason="Too dear.")
        self.assertEqual((reply.status, reply.json["reason"]), (200, "Too dear."))
        rest = stream.all()
        self.assertEqual(rest[-1].name, "turn.completed")
        error = json.loads(self.d.messages(conversation)[2]["content"])["error"]
        self.assertEqual((error["error_type"], error["recoverable"]), ("PermissionError", False))
        self.assertIn("Too dear.", error["message"])

    def test_what_is_wrong_is_said(self):
        conversation, stream, events = self.begin()
        about = events[-1].data
        path = f"/conversations/{conversation}/turns/{about['turn_id']}/approvals"
        for body, field in (({}, "call_id"), ({"call_id": "x"}, "decision"), ({"call_id": None, "decision": "allow"}, "call_id"),
                            ({"call_id": 3, "decision": "allow"}, "call_id"),
                            ({"call_id": "x", "decision": "perhaps"}, "decision"),
                            ({"call_id": "x", "decision": "allow", "resaon": "y"}, "resaon"),
                            ({"call_id": "x", "decision": "allow", "reason": 3}, "reason")):
            with self.subTest(body=body):
                self.check_error(self.d.post(path, body), 422, "validation", field)
        self.check_error(self.d.post(path, {"call_id": "x", "decision": "allow"}), 404, "not_found")
        other = self.d.conversation()
        self.check_error(self.decide(other, about, "allow"), 404, "not_found")
        self.check_error(self.d.post(path.replace(about["turn_id"], "turn_x"), {}), 422, "validation")
        self.decide(conversation, about, "refuse")
        stream.all()

    def test_a_cancel_ends_the_wait(self):
        conversation, stream, events = self.begin()
        about = events[-1].data
        cancelled = self.d.good("POST", f"/conversations/{conversation}/turns/{about['turn_id']}/cancel")
        self.assertEqual(cancelled["state"], "cancelled")
        self.assertEqual(stream.all()[-1].name, "turn.cancelled")
        self.check_error(self.decide(conversation, about, "allow"), 409, "conflict")

    def test_many_deciding_at_once_agree(self):
        conversation, stream, events = self.begin()
        words = ["allow", "refuse"] * 4
        replies = in_threads(lambda n: self.decide(conversation, events[-1].data, words[n]), 8)
        kinds = {(word, reply.status) for word, reply in zip(words, replies)}
        self.assertIn(kinds, ({("allow", 200), ("refuse", 409)}, {("allow", 409), ("refuse", 200)}))
        stream.all()

    def test_a_persons_own_call_is_its_approval_and_bad_arguments_ask_nobody(self):
        result = self.d.good("POST", "/tools/run_dla_simulation/execute", {"n_particles": 50})
        self.assertTrue(result["success"])
        self.assertTrue(self.d.good("GET", "/tools/run_dla_simulation")["needs_approval"])
        self.assertFalse(self.d.good("GET", "/tools/run_box_counting")["needs_approval"])


class Rules(FolderTest):
    def names(self, config):
        daemon = self.daemon(config, arguments=["--plugins", str(BUILD / "test-plugins/steps")])
        needed = [tool["name"] for tool in daemon.good("GET", "/tools")["tools"] if tool["needs_approval"]]
        daemon.end()
        return needed

    def test_destructive_tools_and_those_that_the_config_names(self):
        self.assertEqual(self.names(None), ["delete_artifacts", "erase"])
        self.assertEqual(self.names("tools: {erase: {approval: never}, note: {approval: always}}\n"),
                         ["delete_artifacts", "note"])

    def test_nobody_decides(self):
        daemon = self.daemon(CONFIG + "turns: {approval_timeout_s: 1, timeout_s: 1}\n")
        conversation = daemon.conversation()
        self.assertEqual(daemon.chat(conversation, ASK)["finish_reason"], "stop")
        error = json.loads(daemon.messages(conversation)[2]["content"])["error"]
        self.assertEqual(error["error_type"], "PermissionError")
        self.assertIn("Nobody decided within 1 s", error["message"])

    def test_a_stop_does_not_wait_for_the_person_and_the_call_waits_again(self):
        daemon = self.daemon(CONFIG)
        conversation = daemon.conversation()
        stream = daemon.stream(conversation, ASK)
        asked = stream.until("approval.required")[-1]
        code, seconds = daemon.end()
        stream.close()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 5)
        daemon.start()
        turn = asked.data["turn_id"]
        self.assertEqual(len(daemon.turn(conversation, turn)["approvals"]), 1)
        again = daemon.rejoin(conversation, turn)
        self.assertEqual((again.until("approval.required")[-1].id), asked.id)
        daemon.good("POST", f"/conversations/{conversation}/turns/{turn}/approvals",
                    {"call_id": asked.data["tool_call_id"], "decision": "allow"})
        self.assertEqual(again.all()[-1].name, "turn.completed")


class Asking(DaemonTest):
    config = CONFIG

    def test_at_a_terminal(self):
        for answer, said, rest in (("y\n", "simulation-", "✓"), ("maybe\nn\n", "refused", "✗")):
            with self.subTest(answer):
                terminal = Terminal(self.d, "ask", ASK)
                self.addCleanup(terminal.close)
                terminal.read(lambda seen: "[y/n]" in seen)
                self.assertIn("run_dla_simulation: n_particles=60", terminal.seen)
                terminal.type(answer)
                self.assertEqual(terminal.end(), 0)
                self.assertIn(said, terminal.seen)
                self.assertIn(rest, terminal.seen)

    def assistctl(self, *arguments):
        return subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", *arguments],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)

    def test_in_a_pipe(self):
        refused = self.assistctl("ask", ASK)
        self.assertEqual(refused.returncode, 3)
        self.assertIn("--yes", refused.stderr)
        self.assertIn("nobody can be asked where this request came from; ask for it again where somebody can answer", refused.stdout)
        audit = json.loads(self.assistctl("audit", "--limit", "1", "--json").stdout)
        self.assertEqual([(call["outcome"], call["decided_by"]) for call in audit["calls"]], [("PermissionError", None)])
        allowed = self.assistctl("ask", "--yes", ASK)
        self.assertEqual(allowed.returncode, 0)
        self.assertIn("DLA simulation (run_dla_simulation): started", allowed.stderr)
        self.assertIn("DLA simulation: done", allowed.stderr)
        self.assertNotIn("DLA simulation: done", allowed.stdout)
        as_json = self.assistctl("ask", "--json", "--yes", ASK)
        self.assertEqual(json.loads(as_json.stdout.splitlines()[-1])["event"], "turn.completed")


if __name__ == "__main__":
    unittest.main()
