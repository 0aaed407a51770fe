"""The configuration is read again while the daemon works: by SIGHUP and by the API, all of it or nothing.

ASSISTD_E2E_ROUNDS says how often it is done under load.
"""

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import threading
import unittest

from daemon import BUILD, FolderTest, in_threads, process_is_there, until
from mcp_support import FIXTURE, config
from upstream import Gate, Reply, Text, ToolCall, Upstream

ROUNDS = int(os.environ.get("ASSISTD_E2E_ROUNDS", "40"))


class ReloadTest(FolderTest):
    def write(self, text, name="assistd.yaml"):
        """Replaces the file as editors and packages do: there is always a whole one."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        aside = path.with_name("." + path.name)
        aside.write_text(text)
        aside.rename(path)
        return path

    def reload(self, status=200):
        return self.d.good("POST", "/admin/reload", status=status)

    def log(self):
        return self.d.log.read_text()

    def by_signal(self):
        """Sends SIGHUP and waits until the log says what came of it."""
        pattern = r"the configuration (was|is not) read again"
        before = len(re.findall(pattern, self.log()))
        self.d.process.send_signal(signal.SIGHUP)
        until(lambda: len(re.findall(pattern, self.log())) > before, "a line about the reload")

    def upstreams(self, *names):
        servers = [Upstream().start() for _ in names]
        for name, server in zip(names, servers):
            self.addCleanup(server.stop)
            setattr(self, name, server)
        return servers

    def provider(self, name, server):
        return f"{name}: {{kind: openai, base_url: '{server.url}/v1'}}"

    def assistctl(self, *arguments):
        return subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", *arguments],
                              capture_output=True, text=True, timeout=60)


class WhatChanges(ReloadTest):
    def setUp(self):
        super().setUp()
        self.d = self.daemon("titles: first_message\n")

    def test_by_signal_and_by_request(self):
        for number, again in ((3, self.by_signal), (4, self.reload)):
            self.write(f"titles: first_message\nturns: {{max_rounds: {number}}}\n")
            again()
            self.assertRegex(self.d.get("/admin/config").body.decode(), rf"max_rounds: {number} +# .*assistd.yaml:2\n")
        self.assertEqual(self.reload(), {"changed": [], "after_restart": [], "warnings": []})
        self.assertIn("the configuration was read again; changed: turns.max_rounds", self.log())

    def test_what_counts_after_a_restart_is_named(self):
        file = self.write("titles: model\nstate: /somewhere/else\nmcp: {serve: false}\nhttp: {max_connections: 9}\n")
        report = self.reload()
        self.assertEqual(report["changed"], ["titles"])
        # The state is an option of the command line, which wins.
        self.assertEqual(report["after_restart"], ["mcp.serve", "http.max_connections"])
        self.assertEqual(report["warnings"][:1], [f"{file}:3: mcp.serve has another value than at the start, "
                                                  "which counts after a restart."])
        # They are named as long as they differ.
        self.assertEqual(self.reload()["after_restart"], ["mcp.serve", "http.max_connections"])
        self.write("titles: model\n")
        self.assertEqual(self.reload()["after_restart"], [])

    def test_the_level_of_the_log(self):
        self.d.good("POST", "/tools/list_algorithms/execute")
        self.assertNotIn(" debug ", self.log())
        self.write("log: {level: debug}\n")
        self.reload()
        self.d.good("POST", "/tools/list_algorithms/execute")
        until(lambda: " debug " in self.log(), "a line that is debug's")

    def test_policy_approvals_and_background_jobs(self):
        self.assertEqual(self.d.post("/tools/list_algorithms/execute").status, 200)
        self.write("policy: {rules: [{deny: [list_algorithms]}]}\n"
                   "tools: {run_dla_simulation: {approval: always, job_after_s: 0}}\n")
        self.reload()
        self.assertEqual(self.d.post("/tools/list_algorithms/execute").status, 403)
        self.assertTrue(self.d.good("GET", "/tools/run_dla_simulation")["needs_approval"])
        started = self.d.good("POST", "/tools/run_dla_simulation/execute", {"n_particles": 200_000})
        self.assertEqual(started["data"]["status"], "running")
        self.d.good("POST", f"/jobs/{started['data']['job_id']}/cancel")
        self.write("titles: model\n")
        self.reload()
        self.assertEqual(self.d.post("/tools/list_algorithms/execute").status, 200)
        self.assertFalse(self.d.good("GET", "/tools/run_dla_simulation")["needs_approval"])

    def test_limits_that_stay_go_on_counting(self):
        limits = "policy: {limits: [{tools: [list_algorithms], per_minute: %d}]}\n"
        self.write(limits % 2)
        self.reload()
        call = lambda: self.d.post("/tools/list_algorithms/execute").status
        self.assertEqual([call(), call()], [200, 200])
        self.write(limits % 2 + "turns: {max_rounds: 3}\n")
        self.reload()
        self.assertEqual(call(), 429)
        self.write(limits % 5)
        self.reload()
        self.assertEqual(call(), 200)

    def test_origins(self):
        def allowed():
            return self.d.get("/tools", {"Origin": "https://a.example"}).headers.get("Access-Control-Allow-Origin")
        self.assertIsNone(allowed())
        self.write("http: {cors_origins: ['https://a.example']}\n")
        self.reload()
        self.assertEqual(allowed(), "https://a.example")

    def test_sessions_of_chatkit(self):
        def session():
            connection, response = self.d._send("POST", "/api/v1/chatkit/sessions", {}, {})
            self.addCleanup(connection.close)
            return response.status
        self.assertEqual(session(), 200)
        self.write("chatkit: {sessions: 1}\n")
        self.reload()
        self.assertEqual(session(), 429)
        self.write("chatkit: {sessions: 2}\n")
        self.reload()
        self.assertEqual(session(), 200)

    def test_plugin_folders(self):
        self.assertEqual(self.d.get("/tools/run_dla_simulation").status, 200)
        empty = self.folder / "empty"
        empty.mkdir()
        self.write(f"plugins: {{folders: [{empty}]}}\n")
        self.reload()
        self.assertEqual(self.d.get("/tools/run_dla_simulation").status, 404)
        self.write("plugins: {warm: 1}\n")
        self.reload()
        self.assertEqual(self.d.get("/tools/run_dla_simulation").status, 200)
        self.assertTrue(self.d.good("POST", "/tools/run_dla_simulation/execute", {"n_particles": 30})["success"])

    def test_a_call_that_runs_ends_on_its_old_plugin(self):
        self.write("tools: {run_dla_simulation: {job_after_s: 600}}\n")
        self.reload()
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, "Run a 2D DLA simulation with 300000 particles")
        stream.until("tool.progress")
        self.write("plugins: {max_scratch_mib: 100}\n")
        self.reload()
        results = [event for event in stream if event.name in ("tool.result", "turn.completed")]
        self.assertTrue(results[0].data["success"], results[0].data)
        self.assertEqual(results[-1].name, "turn.completed")

    def test_mcp_servers(self):
        def server(prefix):
            program = {"command": sys.executable, "args": ["-B", str(FIXTURE), "good", str(self.folder)]}
            return config({"lab": program | {"tools": ["echo"], "prefix": prefix}})

        self.write(server("one_"))
        self.assertEqual(self.reload()["changed"], ["titles", "mcp.servers"])
        until(lambda: self.d.get("/tools/one_echo").status == 200, "the server's tool")
        processes = subprocess.run(["pgrep", "-P", str(self.d.process.pid), "-f", "assistd-keeper"], capture_output=True,
                                   text=True).stdout.split()
        self.assertEqual(len(processes), 1)
        self.reload()
        self.assertTrue(process_is_there(int(processes[0])))
        self.write(server("two_"))
        self.reload()
        until(lambda: self.d.get("/tools/two_echo").status == 200, "the server's tool by its new name")
        self.assertEqual(self.d.get("/tools/one_echo").status, 404)
        until(lambda: not process_is_there(int(processes[0])), "the end of the old one")
        self.write("titles: model\n")
        self.reload()
        self.assertEqual(self.d.get("/tools/two_echo").status, 404)

    def test_at_the_command_line(self):
        file = self.write("titles: model\nstore: {reserve_mib: 1}\n")
        check = self.assistctl("config", "check")
        self.assertEqual((check.returncode, check.stdout), (0, "The configuration is good; reading it again would change: "
                                                               "titles\nCounts after a restart: store.reserve_mib\n"))
        self.assertIn("first_message", self.assistctl("config", "show").stdout)
        done = self.assistctl("config", "reload")
        self.assertEqual(done.stdout, "The configuration was read again; changed: titles\n"
                                      "Counts after a restart: store.reserve_mib\n")
        self.assertEqual(json.loads(self.assistctl("--json", "config", "check").stdout)["changed"], [])
        self.write("titles: perhaps\nturns: {max_rounds: 0}\n")
        for command in ("check", "reload"):
            failed = self.assistctl("config", command)
            self.assertEqual((failed.returncode, failed.stdout), (1, ""))
            self.assertIn("The configuration is not good, so everything stays as it was.\n"
                          f"  {file}:1: titles must be one of model, first_message; it is \"perhaps\".\n"
                          f"  {file}:2: turns.max_rounds must be a number from 1 to 1000; it is \"0\".", failed.stderr)


class WhatRuns(ReloadTest):
    def test_a_turn_ends_with_the_model_that_it_began_with(self):
        one, two = self.upstreams("one", "two")
        self.d = self.daemon(f"titles: first_message\nmodel: one:m\nproviders: {{{self.provider('one', one)}}}\n")
        gate = Gate()
        one.script(Reply([Text("from "), gate, Text("one")], ), Reply([Text("unexpected")]))
        two.script(Reply([Text("from two")]))
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, "Hello")
        gate.wait_reached()
        self.write(f"titles: first_message\nmodel: two:m\nproviders: {{{self.provider('two', two)}}}\n")
        self.assertEqual(self.reload()["changed"], ["model", "providers"])
        self.assertEqual(self.d.chat(self.d.conversation(), "Hello")["content"], "from two")
        gate.open()
        self.assertEqual(stream.all()[-1].data["message"]["content"], "from one")

    def test_budgets_and_prompts_are_those_of_the_beginning(self):
        upstream, = self.upstreams("server")
        config = (f"titles: first_message\nmodel: main:m\nproviders: {{{self.provider('main', upstream)}}}\n"
                  f"prompts: {self.folder}/%s\nturns: {{max_rounds: %d}}\n")
        for name in ("old", "new"):
            self.write("Answer, says the " + name, f"{name}/final_answer.mustache")
        self.d = self.daemon(config % ("old", 1))
        gate = Gate()
        upstream.script(Reply([gate, ToolCall("list_algorithms", {})]), Reply([Text("done")]))
        stream = self.d.stream(self.d.conversation(), "Hello")
        gate.wait_reached()
        self.write(config % ("new", 5))
        self.assertEqual(self.reload()["changed"], ["turns.max_rounds", "prompts"])
        gate.open()
        stream.all()
        self.assertIn("says the old", json.dumps(upstream.requests[-1].json))


class AllOrNothing(ReloadTest):
    def setUp(self):
        super().setUp()
        self.d = self.daemon("titles: first_message\nturns: {max_rounds: 3}\n")
        self.before = self.d.get("/admin/config").body

    def stays(self):
        self.assertEqual(self.d.get("/admin/config").body, self.before)
        self.assertTrue(self.d.good("POST", "/tools/list_algorithms/execute")["success"])

    def test_a_bad_file_changes_nothing_and_says_why(self):
        file = self.write("titles: model\npolicy: {rules: [{deny: ['*']}]}\nturns:\n  max_rounds: 0\n  timeout_s: soon\n")
        error = self.reload(422)["error"]
        self.assertEqual(error["message"], "The configuration is not good, so everything stays as it was.")
        self.assertEqual([(one["field"], one["message"]) for one in error["details"]],
                         [("turns.max_rounds", f"{file}:4: turns.max_rounds must be a number from 1 to 1000; it is \"0\"."),
                          ("turns.timeout_s", f"{file}:5: turns.timeout_s must be a number from 1 to 604800; it is \"soon\".")])
        self.stays()
        self.by_signal()
        self.assertIn("everything stays as it was: ", self.log())
        self.assertIn(f"{file}:4: turns.max_rounds", self.log())
        self.stays()

    def test_what_only_a_part_refuses(self):
        """Prompts and keys are read after the file is found to be good."""
        self.write("{{unknown_name}}", "prompts/system.mustache")
        self.write("titles: model\nturns: {max_rounds: 9}\n")
        self.reload(422)
        self.stays()

    def test_files_that_are_away_or_no_configuration(self):
        file = self.folder / "assistd.yaml"
        for spoil in (file.unlink, lambda: file.mkdir(), lambda: (file.rmdir(), file.write_bytes(b"\0")),
                      lambda: file.write_text("a: [" * 5_000), lambda: file.write_text("turns: &a {x: *a}")):
            spoil()
            self.reload(422)
            self.stays()

    def test_a_file_that_does_not_answer(self):
        """As one on a server that is away: opening a file on which somebody has a lease waits for him."""
        prompt = self.write("Answer.", "prompts/final_answer.mustache")
        self.addCleanup(signal.signal, signal.SIGIO, signal.signal(signal.SIGIO, signal.SIG_IGN))
        with open(prompt, "r+", encoding="utf-8") as file:
            try:
                fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            except OSError as error:
                self.skipTest(f"no leases here: {error}")
            self.d.process.send_signal(signal.SIGHUP)
            until(lambda: fcntl.fcntl(file, fcntl.F_GETLEASE) != fcntl.F_WRLCK, "the daemon wants the file")
            self.stays()
            self.assertEqual(self.d.end()[0], 0)
        self.assertIn("as it was: The daemon is shutting down.", self.log())

    def test_fields_are_refused(self):
        for body, status in (({"force": True}, 422), ("[]", 400), ("{", 400)):
            reply = self.d.post("/admin/reload", body)
            self.assertEqual(reply.status, status, reply.body)


class UnderLoad(ReloadTest):
    """Requests of all kinds while the configuration is read again and again; none of them may fail."""

    def config(self, number):
        return (f"titles: first_message\nmodel: main:m{number % 2}\n"
                f"providers: {{{self.provider('main', self.server)}}}\n"
                f"turns: {{max_rounds: {number % 7 + 1}}}\n"
                f"policy: {{rules: [{{deny: [nothing_{number}]}}], limits: [{{per_day: {1_000_000 + number % 3}}}]}}\n"
                f"http: {{cors_origins: ['https://{number}.example']}}\n"
                f"log: {{level: {'warn' if number % 2 else 'info'}}}\n"
                f"tools: {{list_algorithms: {{approval: never, job_after_s: {5 + number % 2}}}}}\n")

    def resources(self):
        pid = self.d.process.pid
        with open(f"/proc/{pid}/status") as file:
            status = file.read()
        return (int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024, len(os.listdir(f"/proc/{pid}/fd")),
                int(re.search(r"Threads:\s+(\d+)", status)[1]))

    def serve(self, number):
        """Until the load ends: conversations, tools and streams. Returns how many requests there were."""
        done = 0
        conversation = self.d.conversation()
        while not self.over.is_set():
            if number % 3 == 0:
                self.assertEqual(self.d.stream(conversation, "Hello").all()[-1].name, "turn.completed")
            elif number % 3 == 1:
                self.assertTrue(self.d.good("POST", "/tools/list_algorithms/execute")["success"])
            else:
                self.d.good("GET", "/conversations?limit=5")
                self.assertEqual(self.d.chat(conversation, "Hello")["content"], "Hello there")
            done += 1
        return done

    def reload_often(self, rounds):
        for number in range(rounds):
            if number % 5 == 4:
                self.write(self.config(number) + "turns: {max_rounds: 0}\n")
                self.reload(422)
                continue
            self.write(self.config(number))
            if number % 2:
                self.reload()
            else:
                self.d.process.send_signal(signal.SIGHUP)
                shown = f"https://{number}.example"
                until(lambda: shown in self.d.get("/admin/config").body.decode(), "the new configuration")

    def with_load(self, rounds):
        self.over = threading.Event()

        def work(number):
            if number < 6:
                return self.serve(number)
            try:
                return self.reload_often(rounds)
            finally:
                self.over.set()

        return sum(in_threads(work, 7)[:6])

    def test_no_request_fails_and_nothing_is_left(self):
        self.upstreams("server")
        self.server.script(otherwise=lambda request: Reply([Text("Hello ", "there")]))
        self.d = self.daemon("")
        self.d.command[-1:] = [str(self.write(self.config(0)))]
        self.d.restart()
        self.with_load(max(10, ROUNDS // 4))  # until everything has its size
        memory, descriptors, threads = self.resources()
        done = self.with_load(ROUNDS)
        print(f"\n{ROUNDS} reloads under {done} requests: {memory:.1f} MiB -> {self.resources()[0]:.1f} MiB, "
              f"{descriptors} -> {self.resources()[1]} descriptors, {threads} -> {self.resources()[2]} threads")
        until(lambda: self.resources()[1] <= descriptors + 4, "descriptors that are closed")
        self.assertLessEqual(self.resources()[2], threads + 1)
        self.assertLess(self.resources()[0], memory * 1.2 + 10)
        self.assertEqual(self.d.end()[0], 0)


if __name__ == "__main__":
    unittest.main()
