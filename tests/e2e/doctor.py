"""assistctl doctor: each problem is made for real, found, and told with what to do about it."""

import json
import os
import shutil
import socket
import subprocess
import unittest

from access_support import Person
from daemon import BUILD, Daemon, FolderTest, until
from upstream import Upstream


class Doctor(FolderTest):
    def doctor(self, *arguments, daemon=None, code=1, **variables):
        """The findings, as (level, about) -> what is said and advised."""
        server = f"http://127.0.0.1:{daemon.port if daemon else 1}"
        # Nothing of this machine's own is looked for.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ASSISTD_")}
        environment |= {"OLLAMA_HOST": "127.0.0.1:1", "LLAMA_ARG_PORT": "1"} | variables
        command = [BUILD / "bin/assistctl", "--server", server, "--state", self.folder / "state", "--json", "doctor", *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
        if code is not None:
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        document = json.loads(done.stdout)
        self.assertEqual(document["ok"], done.returncode == 0)
        for finding in document["findings"]:
            if finding["level"] == "problem":
                self.assertTrue(finding["advice"], finding)
        return [(f["level"], f["about"], f"{f['message']} → {f['advice']}") for f in document["findings"]]

    def check(self, findings, level, about, *words):
        found = [text for its_level, its_about, text in findings if (its_level, its_about) == (level, about)]
        self.assertTrue(any(all(word in text for word in words) for text in found), findings)

    def config(self, text):
        file = self.folder / "doctor.yaml"
        file.write_text(text)
        return "--config", str(file)

    def test_nothing_is_wrong(self):
        daemon = self.daemon()
        daemon.state.chmod(0o700)
        findings = self.doctor(*self.config("listen: 127.0.0.1:0\n"), daemon=daemon, code=0)
        for about in ("daemon", "plugin", "config", "state", "kernel", "documents"):
            self.check(findings, "good", about)

    def test_the_configuration(self):
        findings = self.doctor(*self.config("listen: 127.0.0.1:0\nturns:\n  max_round: 3\n"))
        self.check(findings, "problem", "config", "doctor.yaml:3: ", 'no key "turns.max_round"', "assistd --check-config")
        findings = self.doctor("--config", str(self.folder / "none.yaml"))
        self.check(findings, "problem", "config", "none.yaml", "cannot be read")
        findings = self.doctor(*self.config("listen: 127.0.0.1:0\n"), ASSISTD_TURNS_MAX_ROUNDS="x")
        self.check(findings, "problem", "config", "ASSISTD_TURNS_MAX_ROUNDS")

    def test_it_reads_the_file_that_the_daemon_beside_it_reads(self):
        for name in ("assistd", "assistctl"):
            (self.folder / "prefix/bin").mkdir(parents=True, exist_ok=True)
            shutil.copy(BUILD / "bin" / name, self.folder / "prefix/bin")
        file = self.folder / "prefix/etc/assistd/assistd.yaml"
        file.parent.mkdir(parents=True)
        file.write_text("turns: {max_rounds: 0}\n")
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ASSISTD_")}
        for command in (["assistd", "--check-config"], ["assistctl", "--server", "http://127.0.0.1:1", "doctor"]):
            done = subprocess.run([self.folder / "prefix/bin" / command[0], *command[1:]], env=environment, capture_output=True,
                                  text=True, timeout=60)
            self.assertIn(f"{file}:1: turns.max_rounds must be", done.stdout + done.stderr)

    def test_who_has_the_port(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            findings = self.doctor(*self.config(f"listen: 127.0.0.1:{port}\n"))
        self.check(findings, "problem", "port", f"Port {port} is taken by python3", f"(process {os.getpid()})", "listen: ")
        findings = self.doctor(*self.config(f"listen: 127.0.0.1:{port}\n"))
        self.check(findings, "good", "port", f"Port {port} is free.")
        self.check(findings, "problem", "daemon", "does not answer")

    def test_another_program_that_answers(self):
        with Upstream() as other:
            other.script()
            environment = os.environ | {"OLLAMA_HOST": "127.0.0.1:1", "LLAMA_ARG_PORT": "1"}
            done = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{other.port}", "doctor"],
                                  env=environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("FAIL  daemon: ", done.stdout)

    def test_the_state_folder(self):
        daemon = self.daemon()
        daemon.state.chmod(0o755)
        findings = self.doctor(daemon=daemon)
        self.check(findings, "problem", "state", "mode 755", f"chmod 700 {daemon.state}")

    def test_what_the_daemon_that_runs_was_started_with(self):
        """Asked from elsewhere, and told nothing of it."""
        (self.folder / "there").mkdir()
        (self.folder / "there/assistd.yaml").write_text("state: ./mine\nturns: {max_rounds: 7}\n")
        daemon = Daemon(self.folder / "there")
        state = daemon.command.index("--state")
        daemon.command[state:state + 2] = ["--config", "assistd.yaml"]
        at = daemon.command.index("--") + 1
        daemon.command[at:at] = ["env", "-C", str(self.folder / "there")]
        daemon.start()
        self.addCleanup(daemon.kill)
        (self.folder / "there/mine").chmod(0o755)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ASSISTD_")}
        environment |= {"OLLAMA_HOST": "127.0.0.1:1", "LLAMA_ARG_PORT": "1"}
        port = daemon.witness.target if daemon.witness else daemon.port
        done = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{port}", "doctor"],
                              env=environment, capture_output=True, text=True, timeout=60, cwd=self.folder)
        there = (self.folder / "there").resolve()
        self.assertIn(f"ok    daemon: It is the process {daemon.process.pid}, started in {there} with {there}/assistd.yaml.", done.stdout)
        self.assertIn(f"ok    config: {there}/assistd.yaml is good.", done.stdout)
        self.assertIn(f"FAIL  state: {there}/mine may be read", done.stdout)
        # Its configuration was spoilt since: its folder is what it was.
        (self.folder / "there/assistd.yaml").write_text("state: [mine\n")
        done = subprocess.run(done.args, env=environment, capture_output=True, text=True, timeout=60, cwd=self.folder)
        self.assertIn("FAIL  config: ", done.stdout)
        self.assertIn(f"FAIL  state: {there}/mine may be read", done.stdout)

    def test_keys_and_providers(self):
        gone = socket.create_server(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{gone.getsockname()[1]}/v1"
        gone.close()
        providers = f"providers: {{main: {{kind: openai, base_url: '{address}', api_key_env: DOCTOR_KEY}}}}\n"
        findings = self.doctor(*self.config(f"listen: 127.0.0.1:0\n{providers}"))
        self.check(findings, "problem", "provider", "main", "DOCTOR_KEY, which is not set")
        daemon = self.daemon(config=providers, environment={"DOCTOR_KEY": "k"})
        # The daemon has its key, and who looks has not: no problem of the configuration's.
        findings = self.doctor(*self.config(f"listen: 127.0.0.1:0\n{providers}"), daemon=daemon)
        self.check(findings, "note", "provider", "main", "DOCTOR_KEY, which is not set")
        self.check(findings, "good", "config", "is good")
        self.check(findings, "problem", "provider", "main (openai)", "providers.main")

    def test_plugins(self):
        plugins = self.folder / "plugins"
        plugins.mkdir()
        (plugins / "text.so").write_text("no library")
        daemon = self.daemon(arguments=["--plugins", str(plugins)])
        findings = self.doctor(daemon=daemon)
        self.check(findings, "problem", "plugin", "text.so", "is refused", "plugins check")

    def test_mcp_servers(self):
        daemon = self.daemon(json.dumps({"mcp": {"servers": {"lab": {"command": "/nowhere/at/all"}}}}))
        until(lambda: daemon.good("GET", "/plugins/mcp.lab")["state"] == "failed", "it to have failed")
        findings = self.doctor(daemon=daemon)
        self.check(findings, "problem", "plugin", "mcp.lab has failed: It could not be started", "Look at mcp.servers.lab in")

    def test_plugin_folders_that_no_events_tell_of(self):
        """In a user namespace that may have no inotify instances."""
        namespace = ["unshare", "-Ur", "sh", "-c", "echo 0 > /proc/sys/user/max_inotify_instances && exec \"$@\"", "sh"]
        tried = subprocess.run([*namespace, "true"], capture_output=True, text=True, timeout=60)
        if tried.returncode != 0:
            self.skipTest(tried.stderr)
        daemon = Daemon(self.folder)
        at = daemon.command.index("--") + 1
        daemon.command[at:at] = namespace
        daemon.start()
        self.addCleanup(daemon.kill)
        part = Person(daemon).ask("GET", "/health").json["parts"]["plugins"]
        self.assertEqual(part["status"], "ok")
        self.assertIn("looked for each 1.5 s only, as inotify is not to be had", part["note"])
        self.check(self.doctor(daemon=daemon, code=None), "note", "plugins", part["note"])

    @unittest.skipUnless(os.getuid() == 0, "mounts")
    def test_a_missing_pdftotext_and_little_space(self):
        """In a namespace of its own, where the helper is hidden and the state is on a tiny disk."""
        (self.folder / "state").mkdir(mode=0o700)
        (self.folder / "empty").mkdir()
        places = [path for path in ("/usr/bin/pdftotext", "/usr/local/bin/pdftotext", "/bin/pdftotext") if os.path.exists(path)]
        hide = " && ".join(f"mount --bind /dev/null {os.path.realpath(path)}" for path in places) or "true"
        script = (f"mount --make-rprivate / && {hide} && mount -t tmpfs -o size=1m,mode=700 none {self.folder}/state && "
                  f"exec '{BUILD}/bin/assistctl' --server http://127.0.0.1:1 --state '{self.folder}/state' doctor")
        done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, timeout=60,
                              env=os.environ | {"OLLAMA_HOST": "127.0.0.1:1", "LLAMA_ARG_PORT": "1"})
        if "mount" in done.stderr or "unshare" in done.stderr:
            self.skipTest(done.stderr)
        self.assertIn("FAIL  documents: pdftotext is missing", done.stdout)
        self.assertIn("apt-get install poppler-utils", done.stdout)
        self.assertIn("has 0.0 GB left", done.stdout)
        self.assertEqual(done.returncode, 1)


if __name__ == "__main__":
    unittest.main()
