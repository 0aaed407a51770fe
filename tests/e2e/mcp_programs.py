"""Tools of MCP servers that are programs: real ones, and such that do everything wrong."""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import unittest

from daemon import BUILD, DaemonTest, FolderTest, in_threads, until
from mcp_support import FIXTURE, Clients, config, node_server, processes_naming


class RealServers(Clients, DaemonTest):
    """The reference servers, over standard input and output."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = pathlib.Path(cls.shared_folder).resolve() / "files"
        cls.files.mkdir()
        files = node_server("filesystem")
        files["args"].append(str(cls.files))
        memory = node_server("memory") | {"env": {"MEMORY_FILE_PATH": str(cls.files.parent / "memory.json")}}
        servers = {"all": node_server("everything"), "files": files, "memory": memory}
        path = pathlib.Path(cls.shared_folder) / "assistd.yaml"
        path.write_text(config(servers))
        cls.d.command += ["--config", str(path)]
        cls.d.restart()

    def test_everything(self):
        plugin = self.ready("all")
        self.assertEqual((plugin["version"], plugin["reason"]), ("2.0.0", None))
        self.assertEqual(len(plugin["tools"]), 17)
        self.assertEqual(self.data("all_echo", {"message": "häßlich 🐘"}), "Echo: häßlich 🐘")
        self.assertEqual(self.data("all_get-sum", {"a": 2, "b": 40}), "The sum of 2 and 40 is 42.")
        self.assertEqual(set(self.data("all_get-structured-content", {"location": "New York"})),
                         {"temperature", "conditions", "humidity"})
        result = self.run_tool("all_get-tiny-image")
        file, = result["artifacts"]
        self.assertEqual((file["kind"], file["name"], file["media_type"]), ("image", "image-1.png", "image/png"))
        self.assertTrue(self.d.get(f"/artifacts/{file['handle']}/content").body.startswith(b"\x89PNG"))
        self.assertEqual(self.error("all_echo", {})["error_type"], "ValidationError")

    def test_resources_and_prompts(self):
        self.ready("all")
        listed = self.data("all_list_resources")
        self.assertTrue(listed["resources"] and listed["templates"], listed)
        self.assertIn("architecture.md", json.dumps(listed))
        self.assertIn("Resource 1", self.data("all_read_resource", {"uri": "demo://resource/dynamic/text/1"}))
        blob, = self.run_tool("all_read_resource", {"uri": "demo://resource/dynamic/blob/1"})["artifacts"]
        self.assertEqual(blob["kind"], "resource")
        self.assertFalse(self.run_tool("all_read_resource", {"uri": "demo://nothing"})["success"])
        self.assertIn("simple-prompt", [prompt["name"] for prompt in self.data("all_list_prompts")["prompts"]])
        messages = self.data("all_get_prompt", {"name": "args-prompt", "arguments": {"city": "Bonn"}})["messages"]
        self.assertEqual((messages[0]["role"], "Bonn" in messages[0]["text"]), ("user", True))

    def test_files(self):
        self.assertEqual(len(self.ready("files")["tools"]), 14)
        path = str(self.files / "a.txt")
        self.data("files_write_file", {"path": path, "content": "one\ntwo\n"})
        self.assertEqual(pathlib.Path(path).read_text(), "one\ntwo\n")
        self.assertEqual(self.data("files_read_text_file", {"path": path})["content"], "one\ntwo\n")
        error = self.error("files_read_text_file", {"path": "/etc/passwd"})
        self.assertIn("outside allowed directories", error["message"])
        self.assertTrue(error["recoverable"])

    def test_memory_keeps_what_it_is_told(self):
        self.ready("memory")
        self.data("memory_create_entities", {"entities": [{"name": "Ada", "entityType": "person", "observations": ["counts"]}]})
        self.assertEqual(self.data("memory_search_nodes", {"query": "Ada"})["entities"][0]["observations"], ["counts"])

    def test_effects_say_who_is_asked(self):
        self.ready("files")
        tool = self.d.good("GET", "/tools/files_read_text_file")
        self.assertFalse(tool["needs_approval"])
        self.assertEqual(tool["plugin"]["id"], "mcp.files")
        self.assertTrue(self.d.good("GET", "/tools/files_write_file")["needs_approval"])

    def test_many_calls_at_once(self):
        self.ready("all")
        said = in_threads(lambda number: self.data("all_echo", {"message": f"m{number}"}), 24)
        self.assertEqual(said, [f"Echo: m{number}" for number in range(24)])

    def test_people_see_them(self):
        for name in ("all", "files", "memory"):
            self.ready(name)
        self.assertRegex(self.assistctl("plugins"), r"mcp\.files +\S+ +ready +14")
        self.assertRegex(self.assistctl("doctor"), r"ok +plugin: mcp\.memory")


class BadServers(Clients, DaemonTest):
    """One daemon with many servers that each do something wrong; what one does harms no other."""

    LOUD = ("dies_at_start", "mute", "unknown_version", "endless_pages")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = pathlib.Path(cls.shared_folder)
        servers = {"gone": {"command": "/nowhere/at/all"}, "nobody": {"url": "http://127.0.0.1:9/mcp"},
                   "off": {"command": "/nowhere/at/all", "enabled": False}}
        for how in ("good", "old", "dies_at_questions", "strange", *cls.LOUD):
            servers[how] = cls.fixture(how)
        servers["dies_at_start"]["env"] = {"LICENCE_KEY": "s3cret-licence"}
        servers["good"] |= {"env": {"GREETING": "hello"}, "folder": cls.shared_folder, "timeout_s": 20, "idle_timeout_s": 3}
        servers["few"] = cls.fixture("good", tools=["e*o", "list_resources"], prefix="")
        for name in ("crashing", "flooding", "huge"):
            servers[name] = cls.fixture("good")
        path = cls.folder / "assistd.yaml"
        path.write_text(config(servers))
        cls.d.command += ["--config", str(path)]
        cls.d.environment["ASSISTD_SECRET_OF_THE_DAEMON"] = "x"
        cls.d.restart()

    @classmethod
    def fixture(cls, how, **more):
        return {"command": sys.executable, "args": ["-B", str(FIXTURE), how, cls.shared_folder], **more}

    def test_what_comes_from_outside_is_minimal(self):
        self.ready("good")
        seen = self.data("good_surroundings")
        self.assertEqual((seen["folder"], seen["environment"]["GREETING"]), (self.shared_folder, "hello"))
        self.assertLessEqual(set(seen["environment"]), {"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "USER", "LOGNAME",
                                                        "SHELL", "TMPDIR", "GREETING"})

    def test_old_ones_and_those_that_die_of_a_question(self):
        self.ready("old")
        self.assertEqual(self.data("old_echo", {"text": "x"}), "x")
        self.ready("dies_at_questions")
        self.assertEqual(self.data("dies_at_questions_echo", {"text": "x"}), "x")

    def test_those_that_never_come_up_say_why(self):
        sentence = {name: until(lambda: self.plugin(name)["state"] != "starting" and self.plugin(name)["reason"], name)
                    for name in ("gone", "nobody", "dies_at_start", "unknown_version", "endless_pages")}
        self.assertRegex(sentence["gone"], "^It could not be started: /nowhere/at/all cannot be run: No such file")
        self.assertRegex(sentence["nobody"], "could not be reached")
        self.assertRegex(sentence["dies_at_start"], r"exit code 3; .* no licence for \*\*\*")
        self.assertRegex(sentence["unknown_version"], 'speaks the revision "1999-01-01"')
        self.assertRegex(sentence["endless_pages"], "same page of tools again and again")
        self.assertEqual(self.plugin("mute")["state"], "starting")
        self.assertEqual(self.d.get("/plugins/mcp.off").status, 404)
        self.assertNotIn("s3cret", self.d.log.read_text())
        doctor = self.assistctl("doctor", code=1)
        self.assertRegex(doctor, r"FAIL +plugin: mcp\.nobody has failed: It could not be reached")
        self.assertRegex(doctor, r"note +plugin: mcp\.mute is starting")

    def test_one_that_dies_at_start_is_left_alone(self):
        until(lambda: self.plugin("dies_at_start")["state"] == "quarantined", "its quarantine")
        self.assertEqual(self.d.good("POST", "/plugins/mcp.dies_at_start/release")["id"], "mcp.dies_at_start")
        until(lambda: self.plugin("dies_at_start")["state"] == "quarantined", "its next quarantine")
        # One that there is not is no danger, and is there once somebody installs it.
        self.assertNotEqual(self.plugin("gone")["state"], "quarantined")

    def test_strange_names_and_schemas(self):
        plugin = self.ready("strange")
        self.assertEqual(sorted(plugin["tools"]), sorted([
            "strange_two_words", "strange_two_words_2", "strange_two_words_3", "strange_gr__e", "strange_twice",
            "strange_list_resources", "strange_read_resource", "strange_odd_output",
            "strange_" + "x" * 56, "strange_" + "x" * 54 + "_2"]))
        for words in ("no_schema is refused", "bad_schema is refused", "lists it twice", "without a name"):
            self.assertIn(words, plugin["reason"])
        self.assertEqual(self.d.good("GET", "/tools/strange_list_resources")["description"], "its own")

    def test_patterns_and_prefix(self):
        self.assertEqual(self.ready("few")["tools"], ["echo", "list_resources"])
        self.assertEqual(self.data("echo", {"text": "x"}), "x")

    def test_effects_and_defaults(self):
        self.ready("good")
        echo, stall = (self.d.good("GET", f"/tools/good_{name}") for name in ("echo", "stall"))
        self.assertEqual((echo["title"], echo["needs_approval"], echo["category"]), ("Echo", False, "mcp"))
        self.assertEqual(echo["effects"], {"reads": True, "writes": False, "network": False, "destructive": False, "idempotent": True})
        self.assertEqual(stall["effects"], {"reads": True, "writes": True, "network": True, "destructive": True, "idempotent": False})
        self.assertTrue(stall["needs_approval"])
        self.assertEqual(stall["time_limit_s"], 20)

    def test_crashes_fail_their_call_alone(self):
        self.ready("crashing")
        error = self.error("crashing_crash")
        self.assertEqual((error["error_type"], error["recoverable"]), ("PluginCrashedError", True))
        self.assertIn("exit code 9; the last that it said: \"the disk is full\".", error["message"])
        self.assertEqual(self.data("crashing_echo", {"text": "back"}), "back")  # which forgives
        for tool in ("segfault", "half_line", "crash"):
            self.assertEqual(self.error(f"crashing_{tool}")["error_type"], "PluginCrashedError")
        self.assertEqual(self.plugin("crashing")["state"], "failed")
        self.error("crashing_segfault")
        self.assertEqual(self.plugin("crashing")["state"], "quarantined")
        alone = self.d.post("/tools/crashing_echo/execute", {"text": "x"})
        self.assertEqual((alone.status, alone.json["error"]["error_type"]), (503, "QuotaExceededError"))
        self.assertIn("left alone", alone.json["error"]["message"])
        self.assertEqual(len(self.plugin("crashing")["tools"]), len(self.plugin("good")["tools"]))
        self.assistctl("plugins", "release", "mcp.crashing")
        self.assertEqual(self.data("crashing_echo", {"text": "back"}), "back")

    def test_many_calls_fail_with_the_process(self):
        self.ready("flooding")
        stalled = pathlib.Path(self.shared_folder) / "stalled"
        before = len(stalled.read_text().split()) if stalled.exists() else 0

        def work(number):
            if number < 4:
                return self.run_tool("flooding_stall")
            until(lambda: stalled.exists() and len(stalled.read_text().split()) == before + 4, "four calls to be there")
            return self.run_tool("flooding_crash")

        results = in_threads(work, 5)
        self.assertEqual({result["error"]["error_type"] for result in results}, {"PluginCrashedError"})
        self.assertEqual(self.data("flooding_flood"), "flooded")
        self.assertEqual(self.data("flooding_echo", {"text": "x"}), "x")
        self.assertLess(self.d.log.stat().st_size, 8 << 20)

    def test_broken_lines_do_no_harm(self):
        self.ready("good")
        self.assertEqual(self.data("good_broken"), "half \ufffd pair \ufffd")
        self.assertEqual(self.data("good_wrong_ids"), "right")
        self.assertEqual(self.data("good_echo", {"text": "x"}), "x")

    def test_what_is_no_server_any_more_is_ended(self):
        self.ready("huge")
        self.assertIn("a line of more than 16777216 bytes and was ended", self.error("huge_huge")["message"])
        self.assertIn("lines in a row that are no messages and was ended", self.error("huge_nonsense")["message"])
        self.assertEqual(len(self.data("huge_big")), 8 << 20)
        hung_up = self.error("huge_hang_up")
        self.assertEqual(hung_up["error_type"], "PluginCrashedError")
        self.assertIn("closed its standard output, so that nothing more can come of it, and was ended", hung_up["message"])
        self.assertEqual(self.data("huge_echo", {"text": "x"}), "x")

    def test_limits_of_time(self):
        self.ready("good")
        # Each step begins the silence anew, and is shown.
        job = self.d.good("POST", "/tools/good_progress/execute", {"arguments": {}})["data"]["job_id"]
        until(lambda: self.d.job(job)["progress"] > 0, "the first step")
        self.assertRegex(self.d.job(job)["note"], "^step [1-7]$")
        until(lambda: self.d.job(job)["state"] != "running", "its end")
        self.assertEqual(self.d.job(job)["result"]["data"], "done")
        error = self.error("good_silence")
        self.assertEqual((error["error_type"], error["recoverable"]), ("TimeoutError", True))
        self.assertIn("was silent for 3 s", error["message"])
        # The server reads one thing after the other, and does not read now.
        until(lambda: self.plugin("good")["state"] == "failed", "its end")
        self.assertIn("did not even answer a ping and was ended", self.plugin("good")["reason"])
        self.assertEqual(self.data("good_echo", {"text": "x"}), "x")
        # One that is ended from outside.
        os.kill(self.pid_of("good"), signal.SIGKILL)
        until(lambda: self.plugin("good")["state"] == "failed", "its end to be noticed")
        self.assertEqual(self.data("good_echo", {"text": "x"}), "x")

    def pid_of(self, how):
        def is_it(pid):
            words, environment = (pathlib.Path(f"/proc/{pid}/{name}").read_bytes().split(b"\0") for name in ("cmdline", "environ"))
            return words[0] == os.fsencode(sys.executable) and os.fsencode(how) in words and b"GREETING=hello" in environment

        def the_only_one():
            try:
                found = [pid for pid in processes_naming(FIXTURE) if is_it(pid)]
            except OSError:  # one that ended meanwhile
                return None
            return found[0] if len(found) == 1 else None
        return until(the_only_one, "the one before to be gone")

    def test_what_a_server_asks_is_answered(self):
        self.ready("old")
        self.assertEqual(self.data("old_asks"), [["ask ping", {}, None], ["ask roots/list", None, -32601],
                                                 ["ask sampling/createMessage", None, -32601],
                                                 ["ask elicitation/create", None, -32601], ["ask made/up", None, -32601]])

    def test_contents_become_files(self):
        self.ready("old")
        result = self.run_tool("old_contents")
        self.assertEqual([(file["kind"], file["name"], file["media_type"]) for file in result["artifacts"]],
                         [("image", "image-1.png", "image/png"), ("audio", "audio-2.wav", "audio/wav"), ("resource", "table.csv", "text/csv")])
        self.assertEqual(self.d.get(f"/artifacts/{result['artifacts'][2]['handle']}/content").body, b"a,b\n1,2\n")
        self.assertEqual(result["data"].splitlines(), [
            "Look:", "[image content that cannot be read was left out.]", "in the text",
            "[Resource far: file:///far. old_read_resource reads it.]", '[Content of the kind "hologram" was left out.]'])

    def test_failures_are_told(self):
        self.ready("old")
        self.assertEqual(self.error("old_fails"), {"error_type": "InternalError", "message": "There is no such star.", "recoverable": True})
        error = self.error("old_refuses")
        self.assertEqual((error["error_type"], "a star is needed" in error["message"]), ("ValidationError", True))
        self.assertIn("does not fit its own output schema", self.error("old_bad_result")["message"])

    def test_changes_take_effect(self):
        self.ready("old")
        names = lambda: [tool["name"] for tool in self.d.good("GET", "/tools")["tools"]]
        self.data("old_grow")
        until(lambda: "old_grown" in names(), "the new tool")
        self.assertEqual(self.data("old_grown"), "grown up")
        self.data("old_shrink")
        until(lambda: "old_grown" not in names(), "its end")
        self.assertEqual(self.d.post("/tools/old_grown/execute").status, 404)


class Lifetimes(Clients, FolderTest):
    """No child and no grandchild outlives the daemon."""

    def start(self, how, **more):
        self.d = self.daemon(config({"one": {"command": sys.executable, "args": ["-B", str(FIXTURE), how, str(self.folder)], **more}}))
        self.addCleanup(self.end_all)
        self.ready("one")

    def end_all(self):
        for pid in processes_naming(self.folder):
            with contextlib.suppress(ProcessLookupError):  # it may just be ending by itself
                os.kill(pid, signal.SIGKILL)

    def family(self):
        self.data("one_family")
        stubborn = set(processes_naming("SIG_IGN"))
        until(lambda: len(stubborn & set(self.others())) == 2 or stubborn.update(processes_naming("SIG_IGN")), "two grandchildren")
        return self.others()

    def others(self):
        return [pid for pid in processes_naming(self.folder) if pid != self.d.process.pid]

    def test_an_orderly_end(self):
        self.start("good")
        self.family()
        code, seconds = self.d.end()
        self.assertEqual((code, self.others()), (0, []))

    def test_an_orderly_end_of_a_stubborn_one(self):
        self.start("stubborn")
        self.family()
        code, seconds = self.d.end()
        self.assertEqual((code, self.others()), (0, []))
        self.assertLess(seconds, 10)

    def test_one_that_says_something_at_the_end(self):
        self.start("last_words")
        code, seconds = self.d.end()
        self.assertEqual((code, self.others()), (0, []))

    def test_a_sudden_end_of_the_daemon(self):
        self.start("stubborn")
        self.family()
        self.d.kill()
        until(lambda: not self.others(), "everybody to be gone")

    def test_a_server_that_dies_takes_its_family_along(self):
        self.start("good")
        members = self.family()
        self.error("one_crash")
        until(lambda: not set(members) & set(self.others()), "the family to be gone")
        self.assertEqual(self.data("one_echo", {"text": "x"}), "x")

    def test_a_keeper_that_is_killed_is_no_riddle(self):
        self.start("good")
        self.family()  # which still hold the server's pipes
        keeper, = set(processes_naming("assistd-keeper")) & set(self.others())
        os.kill(keeper, signal.SIGKILL)
        until(lambda: self.plugin("one")["state"] == "failed", "its end to be noticed")
        self.assertIn("SIGKILL", self.plugin("one")["reason"])
        self.assertEqual(self.data("one_echo", {"text": "x"}), "x")

    def test_a_cancelled_call_is_told(self):
        self.start("good", timeout_s=1)
        error = self.error("one_stall")
        self.assertEqual(error["error_type"], "TimeoutError")
        cancelled = self.folder / "cancelled"
        until(lambda: cancelled.exists() and cancelled.read_text().endswith("\n"), "the server to be told")
        self.assertEqual(cancelled.read_text(), (self.folder / "stalled").read_text())

    def test_it_starts_before_they_do(self):
        self.d = self.daemon(config({"mute": {"command": sys.executable, "args": ["-B", str(FIXTURE), "mute", str(self.folder)]}}))
        self.assertEqual(self.plugin("mute")["state"], "starting")
        code, _ = self.d.end()
        self.assertEqual((code, self.others()), (0, []))

    def test_wrong_settings_are_refused(self):
        for text, sentence in (("{command: a, url: 'http://b'}", "must have either a command or a url"), ("{}", "must have either"),
                               ("{command: a, headers: {A: b}}", "servers.one.headers is for servers with a url"),
                               ("{url: 'ftp://b'}", "must begin with http"), ("{command: a, colour: blue}", 'no key "mcp.servers.one.colour"')):
            (self.folder / "bad.yaml").write_text("mcp:\n  servers:\n    one: " + text + "\n")
            result = subprocess.run([BUILD / "bin/assistd", "--config", self.folder / "bad.yaml", "--state", self.folder / "state"],
                                    capture_output=True, text=True, timeout=30)
            self.assertNotEqual(result.returncode, 0)
            self.assertRegex(result.stderr, r"bad\.yaml:3: ")
            self.assertIn(sentence, result.stderr)

if __name__ == "__main__":
    unittest.main()
