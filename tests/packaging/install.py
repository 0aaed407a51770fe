"""The packages in a fresh Debian 12 that systemd runs: installed, used, upgraded, removed, purged.

ASSISTD_DEBS names a folder with packages; without it they are built first. Each test goes on where the one before it
stopped, in the order of their names: one machine's life.
"""

import json
import os
import pathlib
import re
import shutil
import tempfile
import unittest

from machine import Machine, fresh_debian, run, what_is_missing

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["ASSISTD_BUILD"]).resolve()
API = "http://127.0.0.1:8080/api/v1/ai"
PACKAGES = ("assistd", "assistd-plugins", "assistd-dev")
CONFIGURATION = "/etc/assistd/assistd.yaml"
DROP_IN = "/etc/systemd/system/assistd.service.d/test.conf"
MCP_SERVER = r"""#!/bin/sh
# A server of the Model Context Protocol that needs nothing but a shell.
while read -r line; do
    id=$(printf '%s' "$line" | sed -n 's/.*"id": *\([0-9]*\).*/\1/p')
    case $line in
        *'"initialize"'*) result='{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"small","version":"1"}}' ;;
        *'"tools/list"'*) result='{"tools":[{"name":"whoami","description":"Says who runs it.","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}]}' ;;
        *'"tools/call"'*) result='{"content":[{"type":"text","text":"'"$(id -un)"'"}]}' ;;
        *) result='{}' ;;
    esac
    [ -z "$id" ] || printf '{"jsonrpc":"2.0","id":%s,"result":%s}\n' "$id" "$result"
done
"""


def packages(folder):
    found = {}
    for file in pathlib.Path(folder).glob("*.deb"):
        name = file.name.partition("_")[0]
        if name in PACKAGES:
            found[name] = file
    return found


def built_packages():
    if "ASSISTD_DEBS" not in os.environ:
        folder = BUILD / "deb"
        shutil.rmtree(folder, ignore_errors=True)
        run([CHECKOUT / "packaging/build-deb.sh", folder], timeout=3600,
            env=os.environ | {"DEB_BUILD_OPTIONS": "parallel=2 noautodbgsym"})
        return packages(folder)
    return packages(os.environ["ASSISTD_DEBS"])


def with_version(package, version, folder):
    """The same package as a later version of itself."""
    with tempfile.TemporaryDirectory() as scratch:
        content = pathlib.Path(scratch) / "content"
        run(["dpkg-deb", "--raw-extract", package, content])
        control = content / "DEBIAN/control"
        text = control.read_text()
        old = re.search(r"^Version: (.*)$", text, re.MULTILINE)[1]
        control.write_text(text.replace(old, version))
        configuration = content / CONFIGURATION.lstrip("/")
        if configuration.exists():
            configuration.write_text(configuration.read_text() + "\n# A later version's remark.\n")
        file = pathlib.Path(folder) / package.name.replace(f"_{old}_", f"_{version}_")
        run(["dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "--build", content, file])
        return file


@unittest.skipIf(what_is_missing(), what_is_missing())
class Installation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.debs = built_packages()
        assert sorted(cls.debs) == sorted(PACKAGES), cls.debs
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="assistd-machine-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.machine = Machine(cls.folder / "root", fresh_debian(BUILD / "packaging/debian-12.tar"))
        cls.addClassCleanup(cls.machine.end)
        cls.version = "9.0.0"
        (cls.machine.root / "debs").mkdir()
        for file in cls.debs.values():
            shutil.copy(file, cls.machine.root / "debs")
            with_version(file, cls.version, cls.machine.root / "debs")
        cls.machine.prepare("apt-get", "-qq", "update")
        first = [f"/debs/{file.name}" for file in cls.debs.values()]
        cls.machine.prepare("apt-get", "-qq", "--yes", "--download-only", "install", *first)
        cls.first = first
        cls.later = [path.replace(re.search("_(.*)_", path)[1], cls.version) for path in first]
        cls.machine.boot()

    def ask(self, question):
        return self.machine.run("assistctl", "ask", question)

    def curl(self, path, *options):
        return json.loads(self.machine.run("curl", "--silent", "--show-error", "--fail-with-body", *options, API + path))

    def titles(self):
        return {one["id"]: one["title"] for one in self.curl("/conversations")["conversations"]}

    def files(self):
        """What is left of the packages outside of /usr/share/doc and of what systemd made."""
        left = []
        for path in ("etc/assistd", "usr/bin/assistd", "usr/libexec/assistd", "usr/lib/assistd", "usr/share/assistd", "var/lib/assistd",
                     "etc/systemd/system/assistd.service.d", "lib/systemd/system/assistd.service", "usr/include/assistd"):
            if os.path.lexists(self.machine.root / path):
                left.append(path)
        return left

    def drop_in(self, text):
        self.machine.write(DROP_IN, text)
        self.machine.run("systemctl", "daemon-reload")

    # In the order of their names

    def test_01_apt_installs_it_and_it_runs(self):
        self.machine.run("apt-get", "--yes", "install", *self.first)
        self.assertEqual(self.machine.show("ActiveState"), "active")
        self.assertEqual(self.machine.show("UnitFileState"), "enabled")
        self.assertRegex(self.machine.show("StatusText"), "^Listening on .*8080")
        self.assertEqual(self.machine.show("UnitFileState", "assistd.socket"), "disabled")
        for file in ("share/assistd/schema.json", "share/doc/assistd/packaging/observability.md", "share/doc/assistd/packaging/grafana/assistd.json"):
            self.assertTrue((self.machine.root / "usr" / file).exists(), file)
        self.assertEqual(self.machine.run("stat", "-c", "%a %U %G", "/var/lib/assistd"), "700 assistd assistd\n")
        self.assertIn("ok    kernel: Landlock", self.machine.run("assistctl", "doctor"))

    def test_02_a_turn_with_a_tool(self):
        answer = self.ask("Run a DLA simulation with 500 particles, then plot it")
        self.assertIn("simulation-1", answer)
        conversation = self.curl("/conversations", "--json", "{}")["id"]
        reply = self.curl(f"/conversations/{conversation}/chat", "--json", '{"content": "Run a DLA simulation with 300 particles"}')
        self.assertEqual(reply["tools_executed"], ["run_dla_simulation"])
        type(self).conversation = conversation

    def test_02_libraries_that_are_loaded_late(self):
        conversation = self.curl("/conversations", "--json", "{}")["id"]
        for content in ("Grow a 2d dla of 100 particles and export it as hdf5", "Write a report about simulation-1 in Word"):
            reply = self.curl(f"/conversations/{conversation}/chat", "--json", json.dumps({"content": content}))
            self.assertNotIn("failed", reply["content"])
        names = [one["name"] for one in self.curl("/artifacts")["artifacts"]]
        self.assertEqual({".h5", ".docx"} - {pathlib.Path(name).suffix for name in names}, set(), names)

    def test_03_plugins_are_confined_as_much_as_without_the_unit(self):
        escape = BUILD / "test-plugins/escape/test_escape_plugin.so"
        shutil.copy(escape, self.machine.root / "usr/lib/assistd/plugins")
        secret = "/var/lib/assistd/secret"
        self.machine.run("install", "-o", "assistd", "-m", "600", "/etc/hostname", secret)
        self.machine.until(lambda: "org.assistd.test.escape" in self.machine.run("assistctl", "plugins"), "the plugin")
        tried = json.loads(self.machine.run("assistctl", "--json", "tools", "run", "try_all", json.dumps({"secret": secret, "port": 8080})))
        self.assertEqual(tried["data"]["got_through"], [])
        self.assertEqual(tried["data"]["refused"]["read the secret"], "EACCES")
        worked = json.loads(self.machine.run("assistctl", "--json", "tools", "run", "work"))
        self.assertTrue(worked["success"], worked)
        (self.machine.root / "usr/lib/assistd/plugins" / escape.name).unlink()

    def test_04_documents_and_programs_work(self):
        self.machine.write("/root/furnace.md", "# Furnace\n\nThe furnace runs at 1800 K.\n")
        self.machine.write("/root/oven.pdf", pdf("The oven runs at 450 K."))
        for name in ("furnace.md", "oven.pdf"):
            self.curl(f"/documents?name={name}", "--data-binary", f"@/root/{name}")
        listed = lambda: self.curl("/documents")["documents"]
        self.machine.until(lambda: all(one["status"] != "in_progress" for one in listed()), "documents that were read")
        self.assertEqual([one["status"] for one in listed()], ["completed"] * 2, listed())
        self.machine.write("/usr/local/bin/mcp-server", MCP_SERVER, 0o755)
        text = (self.machine.root / CONFIGURATION.lstrip("/")).read_text()
        self.assertIn("\nstate: /var/lib/assistd\n", text)
        self.machine.write(CONFIGURATION, text.replace("\n  serve: true\n", "\n  serve: true\n  servers: {small: {command: mcp-server}}\n"))
        self.machine.run("systemctl", "restart", "assistd")
        self.machine.until(lambda: "small_whoami" in self.machine.run("assistctl", "tools"), "the server's tool")
        self.assertIn("assistd", self.machine.run("assistctl", "tools", "run", "small_whoami"))

    def test_05_reload_and_status(self):
        before = self.machine.show("MainPID")
        self.machine.run("systemctl", "reload", "assistd")
        self.machine.until(lambda: self.machine.show("ActiveState") == "active", "the end of the reload")
        self.assertEqual(self.machine.show("MainPID"), before)
        text = (self.machine.root / CONFIGURATION.lstrip("/")).read_text()
        self.machine.write(CONFIGURATION, text + "nonsense: 1\n")
        self.machine.run("systemctl", "reload", "assistd")
        self.machine.until(lambda: 'there is no key "nonsense"' in self.machine.show("StatusText"), "a status with the refusal")
        self.machine.write(CONFIGURATION, text)
        self.machine.run("systemctl", "reload", "assistd")
        self.machine.until(lambda: "refused" not in self.machine.show("StatusText"), "a status without it")
        self.assertEqual(self.machine.show("MainPID"), before)
        levels = self.machine.journal("--output=json", "--lines=400").splitlines()
        self.assertIn("6", {json.loads(line).get("PRIORITY") for line in levels})

    def test_06_keys_come_as_credentials(self):
        text = (self.machine.root / CONFIGURATION.lstrip("/")).read_text()
        asks = text.replace("\nproviders: {}\n", '\nproviders: {main: {kind: openai, base_url: "http://127.0.0.1:9/v1", api_key_credential: main-key}}\n')
        self.assertNotEqual(asks, text)
        self.machine.write(CONFIGURATION, asks)
        self.machine.write("/etc/assistd/credentials/main-key", "sk-a-secret", 0o600)
        self.drop_in("[Service]\nLoadCredential=main-key:/etc/assistd/credentials/main-key\n")
        self.machine.run("systemctl", "restart", "assistd")
        self.assertEqual(self.machine.show("ActiveState"), "active")
        self.assertNotIn("sk-a-secret", self.machine.journal("--lines=1000"))
        self.machine.write(CONFIGURATION, text)
        (self.machine.root / DROP_IN.lstrip("/")).unlink()
        self.machine.run("systemctl", "daemon-reload")
        self.machine.run("systemctl", "restart", "assistd")

    def test_07_the_watchdog_restarts_what_stands_still(self):
        self.drop_in("[Service]\nWatchdogSec=2s\nTimeoutAbortSec=1s\n")
        self.machine.run("systemctl", "restart", "assistd")
        before = self.machine.show("MainPID")
        self.machine.until(lambda: "turns run" in self.machine.show("StatusText"), "a report to the watchdog")
        self.assertEqual(self.machine.show("NRestarts"), "0")
        self.machine.run("kill", "-STOP", before)
        self.machine.until(lambda: self.machine.show("NRestarts") == "1", "a restart")
        self.machine.until(lambda: self.machine.show("ActiveState") == "active", "a start")
        self.assertNotEqual(self.machine.show("MainPID"), before)
        self.assertIn("Watchdog timeout", self.machine.journal("--lines=400"))
        (self.machine.root / DROP_IN.lstrip("/")).unlink()
        self.machine.run("systemctl", "daemon-reload")
        self.machine.run("systemctl", "restart", "assistd")

    def test_08_a_client_does_not_see_a_restart_behind_the_socket(self):
        self.machine.run("systemctl", "stop", "assistd")
        self.machine.run("systemctl", "start", "assistd.socket")
        self.assertEqual(self.machine.show("ActiveState"), "inactive")
        self.assertIn(self.conversation, self.titles())  # which starts it
        self.assertEqual(self.machine.show("ActiveState"), "active")
        script = f"systemctl restart assistd & for i in $(seq 40); do curl -sf -o /dev/null {API}/tools || exit 1; done; wait"
        self.machine.run("sh", "-c", script)
        self.machine.run("systemctl", "stop", "assistd.socket", "assistd")
        self.machine.run("systemctl", "start", "assistd")

    def test_09_the_running_service_is_exposed_little(self):
        told = self.machine.run("systemd-analyze", "security", "--threshold=15", "--no-pager", "assistd.service")
        self.assertLessEqual(float(re.search(r"exposure level for assistd.service: ([\d.]+)", told)[1]), 1.2)
        status = self.machine.run("cat", f"/proc/{self.machine.show('MainPID')}/status")
        for line in ("CapBnd:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"):
            self.assertIn(line, status)

    def test_09_studies_give_way(self):
        study = {"tool": "run_dla_simulation", "base_parameters": {"n_particles": 50_000}, "seeds_per_combination": 50}
        made = self.curl("/studies", "--json", json.dumps(study))["id"]
        # The kernel cuts a process' name to 15 letters; 5 is SCHED_IDLE.
        policies = "grep -lx assistd-plugin- /proc/[0-9]*/comm | sed s/comm/stat/ | xargs -r cut -d' ' -f41"
        self.machine.until(lambda: "5" in self.machine.try_run("sh", "-c", policies).stdout.split(), "a plugin's process that gives way")
        self.curl(f"/studies/{made}/cancel", "--request", "POST")
        self.assertNotIn("give way", self.machine.journal("--lines=2000"))

    def test_10_authors_build_and_check_a_plugin(self):
        self.assertTrue((self.machine.root / "usr/share/cmake/assistd-plugin/assistd-plugin-config.cmake").exists())
        checked = self.machine.try_run("assistctl", "plugin", "check", "/usr/lib/assistd/plugins/analysis.so")
        self.assertIn("org.assistd.analysis", checked.stdout + checked.stderr)

    def test_11_an_upgrade_keeps_what_was_said(self):
        before = self.machine.show("MainPID")
        self.machine.run("apt-get", "--yes", "-o", "Dpkg::Options::=--force-confold", "install", *self.later)
        self.assertEqual(self.machine.run("dpkg-query", "-W", "-f", "${Version}", "assistd"), self.version)
        self.assertEqual(self.machine.show("ActiveState"), "active")
        self.assertNotEqual(self.machine.show("MainPID"), before)
        self.assertIn(self.conversation, self.titles())
        self.assertIn("servers: {small", (self.machine.root / CONFIGURATION.lstrip("/")).read_text())
        self.machine.run("assistctl", "artifacts", "get", "simulation-1", "-o", "/root/simulation.npy")

    def test_12_removing_keeps_state_and_configuration(self):
        self.machine.write("/etc/assistd/conf.d/10-turns.yaml", "turns: {max_rounds: 9}\n")
        self.machine.run("apt-get", "--yes", "remove", *PACKAGES)
        # Also what an administrator wrote with "systemctl edit", here drop_in().
        self.assertEqual(self.files(), ["etc/assistd", "var/lib/assistd", "etc/systemd/system/assistd.service.d"])
        self.assertNotEqual(self.machine.show("ActiveState"), "active")
        self.machine.run("apt-get", "--yes", "install", *self.later)
        self.assertIn(self.conversation, self.titles())

    def test_13_purging_leaves_nothing(self):
        self.drop_in("[Service]\nEnvironment=ANTHROPIC_API_KEY=sk-a-secret\n")
        for file in ("etc/assistd/credentials/main-key", "etc/assistd/conf.d/10-turns.yaml"):
            self.assertTrue((self.machine.root / file).exists(), file)
        self.machine.run("apt-get", "--yes", "purge", *PACKAGES)
        self.assertEqual(self.files(), [])
        self.assertEqual(self.machine.run("dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n").count("assistd"), 0)
        self.assertEqual(self.machine.run("systemctl", "is-system-running").strip(), "running")
        self.machine.run("apt-get", "--yes", "install", *self.later)
        self.assertEqual(self.titles(), {})


def pdf(text):
    """A PDF of one page with one line."""
    content = f"BT /F1 18 Tf 72 720 Td ({text}) Tj ET"
    objects = ["<</Type /Catalog /Pages 2 0 R>>", "<</Type /Pages /Kids [3 0 R] /Count 1>>",
               "<</Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources <</Font <</F1 4 0 R>>>> /Contents 5 0 R>>",
               "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>", f"<</Length {len(content)}>>stream\n{content}\nendstream"]
    file, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(file))
        file += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return file + f"xref\n0 6\n0000000000 65535 f \n{table}trailer <</Size 6 /Root 1 0 R>>\nstartxref\n{len(file)}\n%%EOF\n"


if __name__ == "__main__":
    unittest.main(failfast=True)
