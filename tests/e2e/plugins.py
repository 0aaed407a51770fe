"""Plugin files that come, change and go while the daemon answers, and one that keeps crashing."""

import json
import os
import pathlib
import shutil
import subprocess
import unittest
import urllib.request

from daemon import BUILD, DaemonTest, FolderTest, until

BUILT = BUILD / "test-plugins"
# "effect within 2 s"
SOON_S = 2


class Hot(DaemonTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Beside what came with the daemon.
        cls.folder_of_plugins = pathlib.Path(cls.shared_folder) / "dropped"
        cls.d.command += ["--plugins", f"{BUILD / 'plugins'}:{cls.folder_of_plugins}"]
        cls.d.restart()

    def install(self, library, name):
        self.folder_of_plugins.mkdir(exist_ok=True)
        part = self.folder_of_plugins / f"{name}.part"
        shutil.copy(BUILT / library, part)
        part.rename(self.folder_of_plugins / name)

    def plugin(self, id):
        reply = self.d.get(f"/plugins/{id}")
        return reply.json if reply.status == 200 else None

    def call(self, tool, arguments=None):
        return self.d.good("POST", f"/tools/{tool}/execute", arguments or {})

    def assistctl(self, *arguments):
        result = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", *arguments],
                                capture_output=True, text=True, timeout=30)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def test_what_it_tells_differently_is_shown_and_agreed_to(self):
        id = "org.assistd.test.versions"
        self.install("versions/version_1.so", "versions.so")
        until(lambda: self.plugin(id), "the plugin", SOON_S)
        self.assertEqual(self.plugin(id)["changes"], [])
        self.install("versions/version_3.so", "versions.so")
        until(lambda: self.plugin(id)["version"] == "3.0.0", "the new version", SOON_S)
        self.assertRegex(self.assistctl("plugins", "show", id), "Send it your keys first")
        self.assertIn("1 change", self.assistctl("plugins"))
        self.assertIn(f"note  plugin: {id} 3.0.0 tells other things of its tools than somebody agreed to.", self.assistctl("doctor"))
        self.d.restart()
        self.assertEqual(len(self.plugin(id)["changes"]), 1)
        self.assertEqual(self.d.post(f"/plugins/{id}/approve", {"changes": ["something else"]}).status, 409)
        approved = self.assistctl("plugins", "approve", id)
        self.assertIn("Send it your keys first", approved)
        self.assertTrue(approved.endswith(f"{id} 3.0.0 is ready.\n"), approved)
        self.assertEqual(self.plugin(id)["changes"], [])
        self.d.restart()
        self.assertEqual(self.plugin(id)["changes"], [])
        self.assertEqual(self.d.post("/plugins/org.nobody/approve").status, 404)
        (self.folder_of_plugins / "versions.so").unlink()
        until(lambda: self.plugin(id) is None, "the plugin's end", SOON_S)

    def test_dropped_in_replaced_and_taken_away(self):
        id = "org.assistd.test.versions"
        self.assertIsNone(self.plugin(id))
        pid = self.d.process.pid
        self.install("versions/version_1.so", "versions.so")
        until(lambda: self.plugin(id), "the plugin", SOON_S)
        self.assertEqual(self.call("which_version")["data"], 1)
        self.assertIn("which_version", [tool["name"] for tool in self.d.good("GET", "/tools")["tools"]])
        self.install("versions/version_2.so", "versions.so")
        until(lambda: self.plugin(id)["version"] == "2.0.0", "the new version", SOON_S)
        self.assertEqual(self.call("which_version")["data"], 2)
        self.assertRegex(self.assistctl("plugins"), rf"{id} +2\.0\.0 +ready +1")
        (self.folder_of_plugins / "versions.so").unlink()
        until(lambda: self.plugin(id) is None, "the plugin's end", SOON_S)
        # The list of tools is made anew right behind that of plugins.
        until(lambda: self.d.post("/tools/which_version/execute").status == 404, "the tool's end", SOON_S)
        self.assertEqual(self.d.process.pid, pid)

    def test_every_call_is_in_the_audit_log(self):
        arguments = json.dumps({"geometry": "chain", "n_particles": 10})
        self.assertTrue(self.d.post("/tools/run_limiting_case/execute", arguments).json["success"])
        self.d.post("/tools/run_limiting_case/execute", {"geometry": "none"})
        page = self.d.good("GET", "/audit?tool=run_limiting_case")
        refused, good = page["calls"]
        self.assertEqual((refused["outcome"], good["outcome"], good["user"]), ("ValidationError", "success", "local"))
        self.assertEqual((good["plugin"]["id"], good["artifacts"]), ("org.assistd.simulation", 1))
        self.assertRegex(good["arguments_sha256"], "^[0-9a-f]{64}$")
        self.assertGreater(good["duration_s"], 0)
        self.assertGreater(good["cpu_s"], 0)
        self.assertLess(good["cpu_s"], 10)
        self.assertGreater(good["peak_memory_bytes"], 1 << 20)
        self.assertEqual((refused["cpu_s"], refused["peak_memory_bytes"]), (None, None))
        with urllib.request.urlopen(f"http://127.0.0.1:{self.d.port}/metrics", timeout=10) as reply:
            self.assertIn('assistd_tool_cpu_seconds_total{tool="run_limiting_case"}', reply.read().decode())
        self.assertEqual(self.d.good("GET", "/audit?outcome=success&limit=1&tool=run_limiting_case")["calls"], [good])
        self.assertRegex(self.assistctl("audit", "--tool", "run_limiting_case"), r"success +\d+\.\d+ +\d+\.\d+ +\d+\.\d MiB")
        self.assertRegex(self.assistctl("audit", "--tool", "run_limiting_case"), r"(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ")
        self.check_error(self.d.get("/audit?outcom=x"), 422, "validation", "outcom")
        # What was done stays known when the conversation is gone.
        conversation = self.d.conversation()
        turn = self.d.chat(conversation, "list algorithms")["turn_id"]
        self.assertEqual(self.d.call("DELETE", f"/conversations/{conversation}").status, 204)
        call, = [one for one in self.d.good("GET", "/audit")["calls"] if one["turn_id"] == turn]
        self.assertEqual((call["tool"], call["conversation_id"]), ("list_algorithms", conversation))

    def test_one_that_keeps_crashing_is_left_alone_and_released(self):
        id = "org.assistd.test.faults"
        self.install("faults/test_fault_plugin.so", "faults.so")
        until(lambda: self.plugin(id), "the plugin", SOON_S)
        for _ in range(4):
            error = self.call("fault_segv")["error"]
            self.assertEqual(error["error_type"], "PluginCrashedError")
            self.assertIn("SIGSEGV", error["message"])
        self.assertEqual(self.plugin(id)["state"], "quarantined")
        refused = self.d.post("/tools/fault_environment/execute", {})
        error = refused.error
        self.assertIn("left alone", error["message"])
        self.assertEqual((refused.status, error["type"], error["code"]), (503, "unavailable_error", "unavailable"))
        self.assertEqual((error["error_type"], error["recoverable"]), ("QuotaExceededError", True))
        self.assertEqual(int(refused.headers["Retry-After"]), error["details"]["retry_after_s"])
        with urllib.request.urlopen(f"http://127.0.0.1:{self.d.port}/metrics", timeout=10) as reply:
            self.assertIn('assistd_tool_calls_refused_total{reason="quarantine"} 1', reply.read().decode())
        calls = [one["outcome"] for one in self.d.good("GET", "/audit?limit=5")["calls"]]
        self.assertEqual(calls, ["QuotaExceededError"] + 4 * ["PluginCrashedError"])
        self.assertIn("quarantined", self.assistctl("plugins", "list"))
        self.assertEqual(self.assistctl("plugins", "release", id), f"{id} is ready.\n")
        self.assertTrue(self.call("fault_environment")["success"])
        self.check_error(self.d.post("/plugins/org.nobody/release"), 404, "not_found")


class New(FolderTest):
    """assistctl plugin new, which needs no daemon."""

    def new(self, name):
        return subprocess.run([BUILD / "bin/assistctl", "plugin", "new", name], capture_output=True, text=True,
                              timeout=30, cwd=self.folder)

    def test_a_plugin_to_begin_with(self):
        made = self.new("rain-fall")
        self.assertEqual((made.returncode, made.stderr), (0, ""))
        folder = self.folder / "rain-fall"
        self.assertEqual(sorted(file.name for file in folder.iterdir()),
                         ["CMakeLists.txt", "plugin.json", "rain-fall.cpp", "rain-fall_test.cpp"])
        manifest = json.loads((folder / "plugin.json").read_text())
        self.assertEqual((manifest["id"], manifest["tools"][0]["name"]), ("org.example.rain-fall", "rain_fall"))
        self.assertIn('tools.add<Arguments>("rain_fall"', (folder / "rain-fall.cpp").read_text())
        self.assertIn('plugin.run("rain_fall"', (folder / "rain-fall_test.cpp").read_text())
        self.assertIn("assistd_add_plugin(rain-fall SOURCES rain-fall.cpp", (folder / "CMakeLists.txt").read_text())
        for file in folder.iterdir():
            self.assertNotIn("greeter", file.read_text())
        # Another one that is begun so is asked for by other words.
        self.assertEqual(self.new("snow").returncode, 0)
        other = json.loads((self.folder / "snow/plugin.json").read_text())
        told, others = manifest["tools"][0], other["tools"][0]
        self.assertEqual((told["title"], others["title"]), ("Rain fall", "Snow"))
        self.assertEqual(set(told["phrases"]) & set(others["phrases"]), set())

    def test_nothing_is_written_over(self):
        self.assertEqual(self.new("rain").returncode, 0)
        (self.folder / "rain/plugin.json").write_text("mine")
        again = self.new("rain")
        self.assertEqual((again.returncode, again.stdout), (1, ""))
        self.assertIn("There is a folder rain already; nothing was changed.", again.stderr)
        self.assertEqual((self.folder / "rain/plugin.json").read_text(), "mine")

    def test_names_that_are_none(self):
        for name in ("", "Rain", "../up", "a b", "-x", "x-", "1x", "x" * 41, "test", "install"):
            result = self.new(name)
            self.assertEqual((result.returncode, result.stdout), (2, ""), name)
        self.assertEqual(list(self.folder.iterdir()), [])


class Quotas(FolderTest):
    def fault(self, config, tool):
        folders = f"folders: [{BUILT / 'faults'}]"
        daemon = self.daemon(config.replace("FOLDERS", folders))
        outcome = daemon.good("POST", f"/tools/{tool}/execute", {})
        return outcome.get("error", outcome), daemon.good("GET", "/artifacts")["artifacts"]

    def test_a_call_that_writes_too_much_leaves_nothing(self):
        error, artifacts = self.fault("plugins: {FOLDERS, max_artifact_mib: 19}\n", "fault_artifact_bytes")
        self.assertEqual(error["error_type"], "QuotaExceededError")
        self.assertEqual(error["message"], "The artifacts of fault_artifact_bytes have 20.0 MiB together, and a call may "
                         "make 19 MiB (plugins.max_artifact_mib).")
        self.assertEqual(artifacts, [])

    def test_a_full_scratch_folder(self):
        error, _ = self.fault("plugins: {FOLDERS, max_scratch_mib: 5, max_artifact_mib: 5}\n", "fault_scratch_bytes")
        self.assertEqual(error["error_type"], "QuotaExceededError")
        self.assertRegex(error["message"], r"may have 5 MiB there \(plugins.max_scratch_mib\)\.$")

    def test_a_disk_with_too_little_room(self):
        left = shutil.disk_usage(self.folder).free >> 20
        error, artifacts = self.fault(f"plugins: {{FOLDERS}}\nstore: {{reserve_mib: {left + 1000}}}\n",
                                      "fault_artifact_bytes")
        self.assertEqual(error["error_type"], "QuotaExceededError")
        self.assertRegex(error["message"], r"The disk has \d+ MiB left, of which store.reserve_mib keeps \d+ free")
        self.assertEqual(artifacts, [])


class Bounds(FolderTest):
    """What an administrator takes from what plugins ask for."""

    def test_the_status_and_the_error_say_whose_limit_it_was(self):
        (self.folder / "mine").mkdir()
        shutil.copy(BUILT / "faults/test_fault_plugin.so", self.folder / "mine/faults.so")
        daemon = self.daemon(f"plugins: {{folders: [{self.folder / 'mine'}], max_memory_mib: 64, max_time_s: 1}}\n")
        told = "and the administrator allows 1 s (plugins.max_time_s) and 64 MiB (plugins.max_memory_mib)."
        self.assertIn(told, daemon.good("GET", "/plugins/org.assistd.test.faults")["reason"])
        self.assertEqual(daemon.log.read_text().count(told), 1)
        shown = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{daemon.port}", "plugins", "show",
                                "org.assistd.test.faults"], capture_output=True, text=True, timeout=30, check=True).stdout
        self.assertIn("plugins.max_time_s", " ".join(shown.split()))
        tool = daemon.good("GET", "/tools/fault_bad_alloc")
        self.assertEqual((tool["time_limit_s"], tool["memory_limit_mb"]), (1, 64))
        error = daemon.good("POST", "/tools/fault_bad_alloc/execute", {})["error"]
        self.assertEqual(error["error_type"], "QuotaExceededError")
        self.assertIn("the administrator allows 64 MiB (plugins.max_memory_mib)", error["message"])
        error = daemon.good("POST", "/tools/fault_ignores_cancel/execute", {})["error"]
        self.assertIn("after 1 s, the administrator's limit (plugins.max_time_s; its plugin asks for", error["message"])


class InProcess(FolderTest):
    """Plugins that the configuration trusts to run in the daemon itself."""

    ID = "org.assistd.test.trusted"
    CONFIG = f"plugins: {{folders: [{BUILT / 'trusted'}], in_process: [{ID}, org.nobody]}}\n"

    def where(self, daemon):
        return daemon.good("POST", "/tools/where/execute", {})["data"]

    def pid(self, daemon):
        return daemon.process.pid

    def test_runs_in_the_daemon_and_says_so(self):
        daemon = self.daemon(self.CONFIG)
        self.assertEqual(self.where(daemon)["pid"], self.pid(daemon))
        plugin = daemon.good("GET", f"/plugins/{self.ID}")
        self.assertEqual(plugin["state"], "ready")
        self.assertIn("It runs in the daemon itself (plugins.in_process): a crash of it ends the daemon", plugin["reason"])
        shown = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{daemon.port}", "plugins"],
                               capture_output=True, text=True, timeout=30)
        self.assertIn("runs in the daemon itself", shown.stdout)
        log = daemon.log.read_text()
        self.assertIn("warning plugin org.assistd.test.trusted 1.0.0: It runs in the daemon itself", log)
        self.assertIn('plugins.in_process names "org.nobody", and no plugin file has that id', log)
        error = daemon.good("POST", "/tools/throw_error/execute", {})["error"]
        self.assertEqual(error["error_type"], "PluginCrashedError")
        daemon.good("POST", "/tools/say/execute", {})
        self.assertIn("warning plugin org.assistd.test.trusted: as the plugin says in two lines", daemon.log.read_text())
        self.assertEqual(self.where(daemon)["pid"], self.pid(daemon))
        self.assertEqual(daemon.end()[0], 0)

    def test_off_by_default_and_in_safe_mode(self):
        daemon = self.daemon(f"plugins: {{folders: [{BUILT / 'trusted'}]}}\n")
        self.assertNotEqual(self.where(daemon)["pid"], self.pid(daemon))
        daemon.end()
        daemon = self.daemon(self.CONFIG.replace(self.ID, "org.assistd.simulation"), arguments=["--safe-mode"])
        plugin = daemon.good("GET", "/plugins/org.assistd.simulation")
        self.assertEqual((plugin["state"], plugin["reason"]), ("ready", None))

    def test_a_call_that_does_not_end_does_not_hold_the_daemons_end_up(self):
        daemon = self.daemon(self.CONFIG)
        stays = self.folder / "stays"
        stays.touch()
        outcome = daemon.good("POST", "/tools/stay/execute", {"file": str(stays)})
        self.assertEqual(outcome["data"]["status"], "running")  # as a job
        code, seconds = daemon.end()
        self.assertEqual(code, 0, daemon.log.read_text())
        self.assertIn("stay still runs in the daemon and ends with it", daemon.log.read_text())
        self.assertEqual(self.where(daemon.start())["pid"], self.pid(daemon))


class Jobs(FolderTest):
    def test_the_entry_of_a_call_that_goes_on_as_a_job_names_it(self):
        daemon = self.daemon("tools: {run_dla_simulation: {job_after_s: 0}}\n")
        job = daemon.good("POST", "/tools/run_dla_simulation/execute", {"n_particles": 100})["data"]["job_id"]

        def calls():
            return daemon.good("GET", "/audit")["calls"]
        until(lambda: calls()[0]["outcome"] == "success", "the end of the job")
        self.assertEqual([(call["outcome"], call["job_id"]) for call in calls()], [("success", job)])
        printed = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{daemon.port}", "audit"],
                                 capture_output=True, text=True, timeout=30, check=True).stdout.splitlines()
        self.assertEqual([line.split()[-1] for line in printed], ["JOB", job])


class Waiting(FolderTest):
    """A plugin whose changes somebody has to agree to, after a restart."""

    def test_who_asks_for_its_tools_is_told_for_what_they_wait(self):
        id = "org.assistd.test.versions"
        folder = self.folder / "mine"
        folder.mkdir()
        shutil.copy(BUILT / "versions/version_1.so", folder / "versions.so")
        daemon = self.daemon(f"plugins: {{folders: [{folder}], changes: approve}}\n")
        self.assertEqual(daemon.good("POST", "/tools/which_version/execute", {})["data"], 1)
        daemon.end()
        shutil.copy(BUILT / "versions/version_3.so", folder / "versions.so")
        daemon.start()
        sentence = (f"which_version waits: version 3.0.0 of the plugin {id} tells other things of its tools than before, and an "
                    f"administrator has to agree to that first, with: assistctl plugins approve {id}")
        for method, path in (("POST", "/tools/which_version/execute"), ("GET", "/tools/which_version")):
            refused = daemon.call(method, path, {} if method == "POST" else None)
            self.assertEqual((refused.status, refused.error["message"]), (404, sentence))
        self.assertIn(sentence, daemon.chat(daemon.conversation(), "Use which_version please")["content"])
        daemon.good("POST", f"/plugins/{id}/approve", {})
        self.assertEqual(daemon.good("POST", "/tools/which_version/execute", {})["data"], 3)
        self.assertNotIn(sentence, daemon.chat(daemon.conversation(), "list tools")["content"])


class SafeMode(FolderTest):
    def test_only_own_plugins_are_loaded(self):
        (self.folder / "mine").mkdir()
        shutil.copy(BUILT / "test_echo_plugin.so", self.folder / "mine/echo.so")
        marker = self.folder / "started"
        server = {"command": "touch", "args": [str(marker)]}
        daemon = self.daemon(json.dumps({"mcp": {"servers": {"lab": server}}}),
                             arguments=["--plugins", str(self.folder / "mine"), "--safe-mode"])
        plugins = {plugin["id"]: plugin for plugin in daemon.good("GET", "/plugins")["plugins"]}
        self.assertEqual(plugins["org.assistd.simulation"]["state"], "ready")
        echo, lab = plugins["org.assistd.test.echo"], plugins["mcp.lab"]
        self.assertEqual((echo["state"], lab["state"]), ("left_out", "left_out"))
        self.assertEqual((echo["tools"], lab["tools"]), ([], []))
        self.assertIn("in safe mode (--safe-mode) only the plugins that come with assistd are loaded", echo["reason"])
        self.assertIn("in safe mode (--safe-mode) no MCP server is started", lab["reason"])
        self.assertNotIn("echo", [tool["name"] for tool in daemon.good("GET", "/tools")["tools"]])
        refused = daemon.call("POST", "/tools/echo/execute", {})
        self.assertEqual((refused.status, refused.error["message"]), (404, "echo is not offered: " + echo["reason"]))
        refused = daemon.call("POST", "/tools/lab_read/execute", {})
        self.assertEqual((refused.status, refused.error["message"]),
                         (404, "Tools whose names begin with lab_ are not offered: in safe mode (--safe-mode) the MCP server lab is "
                               "left out."))
        self.assertIn("in safe mode (--safe-mode) the MCP server lab is left out",
                      daemon.chat(daemon.conversation(), "Use lab_read please")["content"])
        log = daemon.log.read_text()
        self.assertIn("echo.so is left out", log)
        self.assertIn("The MCP server lab is left out", log)
        # Nor does a reload start it, or a person who lets it run again.
        daemon.good("POST", "/admin/reload", {})
        daemon.good("POST", "/plugins/mcp.lab/release", {})
        self.assertEqual(daemon.good("GET", "/plugins/mcp.lab")["state"], "left_out")
        done = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{daemon.port}", "doctor"],
                              capture_output=True, text=True, timeout=60,
                              env=os.environ | {"OLLAMA_HOST": "127.0.0.1:1", "LLAMA_ARG_PORT": "1"})
        self.assertIn("note  plugin: mcp.lab: It is left out", done.stdout)
        self.assertFalse(marker.exists())

    def test_without_it_they_are_used(self):
        daemon = self.daemon(json.dumps({"mcp": {"servers": {"lab": {"command": "true"}}}}))
        self.assertNotEqual(daemon.good("GET", "/plugins/mcp.lab")["state"], "left_out")


if __name__ == "__main__":
    unittest.main()
