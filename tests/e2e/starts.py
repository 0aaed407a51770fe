"""Starts that must fail, and what they say; nothing may be damaged or made anew by them."""

import hashlib
import os
import pathlib
import shutil
import socket
import sqlite3
import subprocess
import unittest

from daemon import BUILD, Daemon, FolderTest

PROGRAM = str(BUILD / "bin/assistd")


class Start(FolderTest):
    def run_program(self, *arguments, command=(), **variables):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ASSISTD_")} | variables
        return subprocess.run([*command, PROGRAM, *map(str, arguments)], env=environment, capture_output=True, text=True,
                              timeout=60, cwd=self.folder)

    def refused(self, *arguments, command=(), **variables):
        """The one sentence of a start that must fail with exit code 1."""
        result = self.run_program(*arguments, command=command, **variables)
        self.assertEqual((result.returncode, result.stdout), (1, ""), result.stderr)
        log, _, sentence = f"\n{result.stderr}".rpartition("\nassistd: ")
        self.assertNotIn("assistd: ", log)
        self.assertRegex(sentence, r"\.\n$")
        return sentence.rstrip("\n")

    def config(self, text):
        file = self.folder / "assistd.yaml"
        file.write_text(text)
        return file

    def test_wrong_configurations_name_file_line_and_key(self):
        for text, line, words in (("listen: 127.0.0.1:0\nturns:\n  max_round: 3\n", 3, 'no key "turns.max_round"'),
                                  ("lisen: x\n", 1, 'no key "lisen"'),
                                  ("\nturns: {max_rounds: many}\n", 2, "turns.max_rounds must be a number"),
                                  ("a: [1\n", 2, "no YAML")):
            file = self.config(text)
            for arguments in (("--config", file), ("--config", file, "--check-config")):
                sentence = self.refused(*arguments)
                self.assertTrue(sentence.startswith(f"{file}:{line}: "), sentence)
                self.assertIn(words, sentence)
            self.assertIn(words, self.refused(ASSISTD_CONFIG=str(file)))
        self.assertIn("cannot be read", self.refused("--config", self.folder / "none.yaml"))
        self.assertIn("ASSISTD_TURNS_MAX_ROUNDS", self.refused(ASSISTD_TURNS_MAX_ROUNDS="x"))
        self.assertEqual([entry.name for entry in self.folder.iterdir()], ["assistd.yaml"])

    def test_a_state_folder_that_is_open_to_others_becomes_its_owners(self):
        daemon = Daemon(self.folder)
        daemon.state.mkdir(mode=0o755, exist_ok=True)
        daemon.state.chmod(0o755)
        daemon.start()
        self.addCleanup(daemon.kill)
        self.assertEqual(daemon.state.stat().st_mode & 0o777, 0o700)
        said = f"the state folder {daemon.state} was open to others (mode 755) and is its owner's alone now"
        self.assertEqual(daemon.log.read_text().count(said), 1)

    def test_a_read_only_file_system_is_not_the_users_fault(self):
        (self.folder / "disk").mkdir()
        mount = f"mount -t tmpfs -o ro none {self.folder}/disk && exec \"$@\""
        command = ["unshare", "-Urm", "sh", "-c", mount, "sh"]
        if subprocess.run([*command, "true"], capture_output=True).returncode != 0:
            self.skipTest("no mounts")
        sentence = self.refused("--state", self.folder / "disk/state", "--listen", "127.0.0.1:0", command=command)
        self.assertIn("Read-only file system. Mount its file system for writing, or choose another folder", sentence)

    def test_few_open_files_are_enough_to_answer(self):
        daemon = Daemon(self.folder)
        daemon.command = ["prlimit", "--nofile=1024:1024", *daemon.command]
        daemon.start()
        self.addCleanup(daemon.kill)
        connections = [daemon.connect() for _ in range(300)]
        for connection in connections:
            connection.request("GET", "/livez")
            self.assertEqual(connection.getresponse().read(), b'{"status":"alive"}')
        for connection in connections:
            connection.close()

    def test_wrong_prompts_name_file_and_line(self):
        prompts = self.folder / "prompts"
        prompts.mkdir()
        config = self.config("listen: 127.0.0.1:0\n")
        for name, text, place, words in (
                ("system", "Hi {{user}},\n{{#project}}\n", ":2: ", 'section "project" is never closed'),
                ("system", "Hi\n\n{{usr}}", ":3: ", 'no variable "usr"'),
                ("summary", "Summarise. {{previous}}", ": ", "must have {{conversation}}"),
                ("title", "Of {{answer}}.", ": ", "must have {{question}}"),
                ("title", "", ": ", "empty"), ("sytem", "Hi", ": ", "no prompt of this name")):
            file = prompts / f"{name}.mustache"
            file.write_text(text)
            for arguments in (("--config", config), ("--config", config, "--check-config"),
                              ("--config", config, "--state", self.folder / "state")):
                sentence = self.refused(*arguments)
                self.assertTrue(sentence.startswith(f"{file}{place}"), sentence)
                self.assertIn(words, sentence)
            file.unlink()
        self.assertFalse((self.folder / "state").exists())
        self.assertIn("ASSISTD_PROMPTS", self.refused(ASSISTD_PROMPTS=str(self.folder / "none")))
        self.assertEqual(self.run_program("--config", config, "--check-config").returncode, 0)

    def test_windows_that_are_too_small_are_warned_of(self):
        config = self.config("listen: 127.0.0.1:0\nproviders:\n"
                             "  local: {kind: ollama, base_url: 'http://127.0.0.1:9', models: {\n"
                             "    small: {context_window: 4096}, large: {context_window: 65536}}}\n"
                             "  other: {kind: ollama, base_url: 'http://127.0.0.1:9', context_window: 32768,"
                             " defaults: {max_tokens: 32000}}\n")
        result = self.run_program("--config", config, "--check-config")
        self.assertEqual((result.returncode, result.stdout), (0, "The configuration is good.\n"), result.stderr)
        small, other = result.stderr.splitlines()
        self.assertRegex(small, r"^assistd: The context window of local:small, 4096 tokens, leaves about 0 .*\.$")
        self.assertRegex(other, r"of the models of other, 32768 tokens, .* 32000 are kept for the reply\.")
        # The start counts the same tools.
        daemon = self.daemon(config.read_text())
        for line in (small, other):
            self.assertIn(line.removeprefix("assistd: "), daemon.log.read_text())
        self.assertNotIn("local:large", daemon.log.read_text())

    def test_checking_a_good_configuration_starts_nothing(self):
        result = self.run_program("--config", self.config("listen: 127.0.0.1:0\n"), "--check-config")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("good", result.stdout)
        self.assertEqual([entry.name for entry in self.folder.iterdir()], ["assistd.yaml"])

    def test_checking_warns_of_what_a_start_warns_of(self):
        file = self.config("listen: 127.0.0.1:0\nturns: {max_cost: 1}\nproviders:\n"
                           "  main: {kind: openai, base_url: 'http://127.0.0.1:9/v1'}\n"
                           "tools:\n  run_dla_simulation: {job_after_s: 1}\n  list_jobs: {approval: never}\n"
                           "  run_dla_simulaton: {job_after_s: 1}\n")
        result = self.run_program("--config", file, "--check-config")
        self.assertEqual(result.returncode, 0, result.stderr)
        cost, tool = result.stderr.splitlines()
        self.assertTrue(cost.startswith(f"assistd: {file}:4: turns.max_cost does not count"), cost)
        self.assertTrue(tool.startswith(f"assistd: {file}:8: tools.run_dla_simulaton is about a tool that no"), tool)
        self.assertEqual([entry.name for entry in self.folder.iterdir()], ["assistd.yaml"])

    def test_checking_warns_of_a_plugin_folder_that_is_not_there(self):
        file = self.config("plugins: {folders: [/nonexistent/plugins]}\n")
        result = self.run_program("--config", file, "--check-config")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stderr, "assistd: The plugin folder /nonexistent/plugins is not there.\n")

    def test_a_state_folder_has_one_daemon(self):
        daemon = self.daemon()
        sentence = self.refused("--listen", "127.0.0.1:0", "--state", self.folder / "state")
        self.assertIn("Another assistd (process ", sentence)
        # The first one is none the worse for it: its plugins still store what they make.
        reply = daemon.chat(daemon.conversation(), "Run a DLA simulation with 50 particles")
        self.assertEqual([artifact["handle"] for artifact in reply["artifacts"]], ["simulation-1"])

    def test_a_lock_that_cannot_be_opened_is_none(self):
        state = self.folder / "state"
        (state / "lock").mkdir(parents=True)
        for arguments in (("--listen", "127.0.0.1:0"), ("--make-admin-key",)):
            (state / "assistd.db").write_text("")
            sentence = self.refused(*arguments, "--state", state)
            self.assertIn(f"The lock {state}/lock cannot be taken: Is a directory.", sentence)
        self.assertEqual(sorted(path.name for path in state.iterdir()), ["assistd.db", "lock"])

    def test_a_folder_that_was_mistyped_gets_no_key_and_no_index(self):
        for option in ("--make-admin-key", "--rebuild-search"):
            self.assertIn("is no state folder", self.refused(option, "--state", self.folder / "typo"))
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_version_and_unknown_options(self):
        result = self.run_program("--version")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stdout, r"^assistd \d+\.\d+\.\d+\n$")
        result = self.run_program("--lisen", "x")
        self.assertEqual((result.returncode, result.stdout), (2, ""))
        self.assertIn("--lisen", result.stderr)

    def test_only_loopback_without_authentication(self):
        for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:0"):
            sentence = self.refused("--listen", address, "--state", self.folder / "state")
            self.assertIn("listen must be an address on loopback", sentence)
        self.assertFalse((self.folder / "state").exists())

    def test_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            sentence = self.refused("--listen", f"127.0.0.1:{port}", "--state", self.folder / "state")
        self.assertIn(str(port), sentence)

    def test_a_state_folder_that_cannot_be_used(self):
        file = self.folder / "file"
        file.write_text("kept")
        for state in (file, file / "below"):
            self.assertIn(str(state), self.refused("--listen", "127.0.0.1:0", "--state", state))
        self.assertEqual(file.read_text(), "kept")

    def test_a_state_folder_of_somebody_else(self):
        state = self.folder / "state"
        state.mkdir(mode=0o500)
        command = ()
        if os.getuid() == 0:
            # Root may write everywhere, so another user runs a copy of the program that it can reach.
            self.folder.chmod(0o755)
            shutil.copytree(BUILD / "bin", self.folder / "bin", ignore=lambda _, names: set(names) - {"assistd"})
            (self.folder / "plugins").mkdir()
            global PROGRAM
            self.addCleanup(globals().__setitem__, "PROGRAM", PROGRAM)
            PROGRAM = str(self.folder / "bin/assistd")
            command = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
        sentence = self.refused("--listen", "127.0.0.1:0", "--state", state, command=command)
        self.assertIn(str(state), sentence)
        self.assertIn("--state", sentence)
        self.assertEqual(list(state.iterdir()), [])


class Database(FolderTest):
    """A state folder with a conversation in it, whose database is then changed behind the daemon's back."""

    refused, run_program = Start.refused, Start.run_program

    def setUp(self):
        super().setUp()
        daemon = self.daemon()
        self.conversation = daemon.conversation(title="Kept")
        daemon.chat(self.conversation, "Hello")
        daemon.end()
        self.state = daemon.state
        self.file = self.state / "assistd.db"

    def check_refused(self, words):
        before = {file: hashlib.sha256(file.read_bytes()).digest()
                  for file in self.state.rglob("*") if file.is_file() and file.name != "lock"}
        sentence = self.refused("--listen", "127.0.0.1:0", "--state", self.state)
        self.assertIn(str(self.file), sentence)
        self.assertIn(words, sentence)
        after = {file: hashlib.sha256(file.read_bytes()).digest() for file in before}
        self.assertEqual(after, before)
        # SQLite may leave an empty log behind; nothing is in it.
        log = self.state / "assistd.db-wal"
        self.assertTrue(log in before or not log.exists() or log.stat().st_size == 0)

    def test_damage_is_found_and_left_as_it_is(self):
        good = self.file.read_bytes()
        broken_page = bytearray(good)
        broken_page[4096:8192] = b"\xa5" * 4096
        for name, content in (("no database", b"x" * len(good)), ("empty", b""), ("short", good[:50]),
                              ("cut", good[:len(good) // 2]), ("a broken page", bytes(broken_page))):
            with self.subTest(name):
                self.file.write_bytes(content)
                self.check_refused("damaged")
                self.check_refused("assistctl restore FILE --state FOLDER")
        self.file.write_bytes(good)
        daemon = self.daemon()
        self.assertEqual(len(daemon.messages(self.conversation)), 2)

    def test_a_newer_schema(self):
        with sqlite3.connect(self.file) as database:
            version = database.execute("PRAGMA user_version").fetchone()[0]
            database.execute(f"PRAGMA user_version = {version + 1}")
        database.close()
        self.check_refused("newer")

    def test_going_back_loses_nothing(self):
        copy = self.state / "assistd.db.version-1"
        shutil.copy2(self.file, copy)
        os.utime(copy, (1_700_000_000, 1_700_000_000))
        daemon = self.daemon()
        later = daemon.conversation(title="Later")
        daemon.chat(later, "Hello")
        daemon.kill()
        version = self.in_place("PRAGMA user_version = 9000")
        # What came last is in the log alone, as nobody has closed the database.
        sentence = self.refused("--listen", "127.0.0.1:0", "--state", self.state)
        self.assertIn("made at 2023-11-14T22:13:20", sentence)
        self.assertIn("2 conversations and 4 messages are new", sentence)
        subprocess.run(sentence[sentence.index("( for"):].rstrip("."), shell=True, check=True)
        daemon.start()
        self.assertEqual(len(daemon.messages(self.conversation)), 2)
        self.assertEqual(daemon.get(f"/conversations/{later}").status, 404)
        daemon.end()
        other = Daemon(self.folder / "newer")
        again = other.state
        again.mkdir(parents=True)
        for suffix in ("", "-wal"):
            moved = pathlib.Path(f"{self.file}.newer{suffix}")
            if moved.exists():
                shutil.move(moved, again / f"assistd.db{suffix}")
        self.in_place(f"PRAGMA user_version = {version}", again / "assistd.db")
        other.start()
        self.addCleanup(other.kill)
        self.assertEqual(len(other.messages(later)), 2)

    def in_place(self, script, file=None):
        """The schema version before a script that leaves the log where it is, as a daemon that is killed does."""
        code = ("import os, sqlite3, sys\ndb = sqlite3.connect(sys.argv[1])\n"
                "print(db.execute('PRAGMA user_version').fetchone()[0], flush=True)\n"
                "db.executescript(sys.argv[2])\ndb.commit()\nos._exit(0)")
        done = subprocess.run(["python3", "-c", code, str(file or self.file), script], capture_output=True, text=True, check=True)
        return int(done.stdout)

    def test_another_programs_database(self):
        self.file.unlink()
        with sqlite3.connect(self.file) as database:
            database.execute("CREATE TABLE other (x)")
        database.close()
        self.check_refused("not one of assistd's")


class Plugins(FolderTest):
    def test_bad_plugins_are_refused_with_their_reason_and_the_rest_works(self):
        plugins = self.folder / "plugins"
        plugins.mkdir()
        shutil.copy(BUILD / "test-plugins/test_echo_plugin.so", plugins / "echo.so")
        shutil.copy(BUILD / "plugins/export.so", plugins / "export.so")
        (plugins / "text.so").write_text("no library")
        (plugins / "empty.so").write_bytes(b"")
        (plugins / "cut.so").write_bytes((BUILD / "plugins/analysis.so").read_bytes()[:5000])
        shutil.copy("/proc/self/exe", plugins / "program.so")
        # The manifest stands in the library as it was written, so another ABI is a few other bytes.
        library = (BUILD / "plugins/simulation.so").read_bytes()
        abi = library[library.index(b'"abi"'):][:13]
        self.assertEqual(library.count(abi), 1)
        (plugins / "future.so").write_bytes(library.replace(abi, abi.replace(b"1.0", b"9.0")))
        daemon = self.daemon(arguments=["--plugins", str(plugins)])

        listed = daemon.good("GET", "/tools")
        states = {pathlib.Path(plugin["file"]).name: plugin for plugin in listed["plugins"]}
        self.assertEqual(states["echo.so"]["state"], "ready")
        # That of the installation, and in no other folder.
        self.assertEqual(states["export.so"]["state"], "refused")
        self.assertIn("ids that begin with org.assistd. are for the plugins that come with assistd", states["export.so"]["reason"])
        for name, words in (("text.so", ""), ("empty.so", ""), ("cut.so", ""), ("program.so", ""), ("future.so", "9.0")):
            with self.subTest(name):
                self.assertEqual(states[name]["state"], "refused")
                self.assertIn(words, states[name]["reason"])
                self.assertIn(name, daemon.log.read_text())
        self.assertIn("1.0", states["future.so"]["reason"])
        self.assertNotIn("run_dla_simulation", [tool["name"] for tool in listed["tools"]])
        self.assertIn("echo", [tool["name"] for tool in listed["tools"]])

    def test_no_plugins_at_all(self):
        daemon = self.daemon(arguments=["--plugins", str(self.folder / "nowhere")])
        self.assertEqual(daemon.chat(daemon.conversation(), "Hello")["finish_reason"], "stop")


if __name__ == "__main__":
    unittest.main()
