"""What those see who watch over the daemon: its health and its log."""

import json
import os
import pathlib
import re
import socket
import subprocess
import unittest
import urllib.error
import urllib.request

from daemon import BUILD, Daemon, DaemonTest, FolderTest, until
from provider_tests import ProviderTest
from upstream import Failure, Reply, Text, ToolCall

PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TITLE = "Write a title for the conversation below"


def get(daemon, path):
    """The status and the body of a page that is not below the API."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{daemon.port}{path}", timeout=30) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class Health(ProviderTest):
    breaker = "{failures: 1, pause_s: 60}"
    more_keys = ", retry: {attempts: 1}"

    def test_all_is_well_until_a_provider_keeps_failing(self):
        status, page = get(self.d, "/health")
        health = json.loads(page)
        self.assertEqual((status, health["status"]), (200, "ok"), page)
        self.assertRegex(health["version"], r"^\d+\.\d+")
        self.assertGreaterEqual(health["uptime_s"], 0)
        self.assertEqual(set(health["parts"]), {"store", "documents", "turns", "providers", "plugins", "mcp_servers", "jobs",
                                                "traces", "tokens"})
        self.assertEqual({part["status"] for part in health["parts"].values()}, {"ok"})
        store = health["parts"]["store"]
        self.assertTrue(store["readable"] and store["writable"])
        self.assertGreater(store["free_bytes"], 0)
        self.assertGreater(store["database_bytes"], 0)
        self.assertEqual(health["parts"]["providers"]["servers"]["main"], {"circuit": "closed", "failures_in_a_row": 0})
        self.assertEqual(get(self.d, "/readyz")[0], 200)
        self.assertEqual(get(self.d, "/livez")[0], 200)

        self.script(Failure(500))
        self.turn_of(f"Go {self.words}")
        status, page = get(self.d, "/health")
        health = json.loads(page)
        self.assertEqual((status, health["status"]), (200, "degraded"), page)
        self.assertEqual(health["parts"]["providers"]["status"], "degraded")
        self.assertIn("main kept failing", health["parts"]["providers"]["reason"])
        self.assertEqual(health["parts"]["store"]["status"], "ok")
        self.assertEqual(get(self.d, "/readyz")[0], 200, "other models and the tools can be used")


class OwnMounts(FolderTest):
    """Daemons in namespaces of their own, where other file systems are mounted than outside."""

    def daemon_in(self, mounts, config):
        daemon = Daemon(self.folder, config)
        at = daemon.command.index("--") + 1
        script = f"mount --make-rprivate / && {mounts} && exec \"$@\""
        daemon.command[at:at] = ["unshare", "-m", "sh", "-c", script, "sh"]
        daemon.start()
        self.addCleanup(daemon.kill)
        return daemon

    @unittest.skipUnless(os.getuid() == 0, "mounts")
    def test_it_is_not_ready_while_nothing_can_be_written(self):
        state = self.folder / "state"
        state.mkdir()
        daemon = self.daemon_in(f"mount -t tmpfs -o size=24m,mode=700 none {state}", "store: {reserve_mib: 0}\n")
        state = pathlib.Path(f"/proc/{daemon.process.pid}/root{state}")  # as the daemon sees it
        self.assertEqual(get(daemon, "/readyz")[0], 200)
        kept = daemon.conversation()
        filler = state / "filler"
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass

        def refuses():
            # The log that is there already may take some more.
            daemon.post("/conversations", {"title": "t" * 100})
            status, page = get(daemon, "/readyz")
            return status == 503 and page
        page = json.loads(until(refuses, "the full disk to be noticed"))
        self.assertIn("The store cannot be written to", page["error"]["message"])
        status, health = get(daemon, "/health")
        health = json.loads(health)
        self.assertEqual((status, health["status"]), (503, "down"))
        self.assertEqual(health["parts"]["store"]["status"], "down")
        self.assertTrue(health["parts"]["store"]["readable"])
        self.assertFalse(health["parts"]["store"]["writable"])
        self.assertEqual(page["name"], "assistd")
        self.assertIn("the disk that it is on is full", page["error"]["message"])
        self.assertIn("free space there; it then goes on by itself", page["error"]["message"])
        self.check_doctor(daemon)
        self.assertEqual(get(daemon, "/livez")[0], 200)
        self.assertEqual(daemon.get(f"/conversations/{kept}").status, 200)
        failed = re.search(r'assistd_store_writes_total\{outcome="failed"\} (\S+)', get(daemon, "/metrics")[1])
        self.assertGreater(float(failed[1]), 0)

        filler.unlink()
        until(lambda: get(daemon, "/readyz")[0] == 200, "it to be ready again by itself")
        self.assertEqual(json.loads(get(daemon, "/health")[1])["status"], "ok")
        daemon.conversation()

    def check_doctor(self, daemon):
        """Asked of the daemon that cannot write, where its disk is mounted: it is known, with what it was started with."""
        port = daemon.witness.target if daemon.witness else daemon.port
        done = subprocess.run(["nsenter", "-t", str(daemon.process.pid), "-m", BUILD / "bin/assistctl", "--server",
                               f"http://127.0.0.1:{port}", "doctor"], capture_output=True, text=True, timeout=60,
                              env=os.environ | {"OLLAMA_HOST": "127.0.0.1:1", "LLAMA_ARG_PORT": "1"})
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(f"FAIL  daemon: http://127.0.0.1:{port} is assistd, which cannot work: The store cannot be written to", done.stdout)
        self.assertIn(f"ok    daemon: It is the process {daemon.process.pid}, started in ", done.stdout)
        self.assertIn(f"FAIL  state: The disk of {self.folder}/state is full: 0 kB of 0.0 GB are left.", done.stdout)
        self.assertIn("Free space there", done.stdout)
        self.assertNotIn("another program", done.stdout)

    @unittest.skipUnless(os.getuid() == 0, "mounts")
    def test_the_journal_gets_fields(self):
        journal = self.folder / "journal"
        journal.mkdir()
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        receiver.bind(str(journal / "socket"))
        receiver.settimeout(30)
        daemon = self.daemon_in(f"mount -t tmpfs none /run && mkdir -p /run/systemd/journal && "
                                f"mount --bind {journal} /run/systemd/journal", "log: {to: journald}\n")
        daemon.good("GET", "/conversations", headers={"X-Request-ID": "mine-7"})
        while True:
            entry = receiver.recv(65536).decode()
            fields = dict(line.split("=", 1) for line in entry.strip().splitlines() if "=" in line)
            if fields.get("ASSISTD_ROUTE"):
                break
        self.assertEqual(fields["SYSLOG_IDENTIFIER"], "assistd")
        self.assertEqual(fields["PRIORITY"], "6")
        self.assertEqual(fields["ASSISTD_REQUEST_ID"], "mine-7")
        self.assertEqual(fields["ASSISTD_METHOD"], "GET")
        self.assertEqual(fields["ASSISTD_ROUTE"], "/api/v1/ai/conversations")
        self.assertEqual(fields["ASSISTD_STATUS"], "200")
        self.assertEqual(fields["ASSISTD_USER"], "local")
        self.assertTrue(fields["MESSAGE"].startswith("request method=GET"))
        self.assertEqual(daemon.log.read_text(), "")


class WithoutAJournal(FolderTest):
    def test_the_log_goes_to_standard_error_and_says_so(self):
        if pathlib.Path("/run/systemd/journal/socket").exists():
            self.skipTest("this machine has a journal")
        daemon = self.daemon("log: {to: journald}\n")
        self.assertIn("There is no journal here", daemon.log.read_text())


class Draining(FolderTest):
    def test_it_is_not_ready_while_it_shuts_down(self):
        daemon = self.daemon("listen: 127.0.0.1:0\ntools: {run_dla_simulation: {job_after_s: 600}}\n")
        conversation = daemon.conversation()
        # A turn that takes a while keeps it from ending at once.
        stream = daemon.stream(conversation, "Run a DLA simulation with 200000 particles in 3d")
        stream.until("tool.call")
        daemon.process.terminate()

        def not_ready():
            status, page = get(daemon, "/readyz")
            return status == 503 and page
        page = until(not_ready, "it not to be ready")
        self.assertIn("shutting down", json.loads(page)["error"]["message"])
        stream.close()
        daemon.process.wait(30)


class Log(ProviderTest):
    titles = "model"
    more_config = "log: {{level: debug, format: json}}\n"

    def lines(self):
        return [json.loads(line) for line in self.d.log.read_text().splitlines()]

    def test_every_line_says_whose_it_is(self):
        self.script(Reply([ToolCall("list_algorithms", id="call_a"), ToolCall("run_dla_simulation", {"n_particles": 5},
                                                                              id="call_b")]),
                    Failure(500), Reply([Text("Done.")]))
        self.upstream.script(Failure(400), when=lambda request: TITLE in str(request.json["messages"]) and
                             self.words in str(request.json["messages"]))
        before = len(self.lines())
        conversation = self.d.conversation()
        self.d.chat(conversation, f"Go {self.words}",
                    headers={"X-Request-ID": "mine-1", "X-Correlation-ID": "theirs-1", "traceparent": PARENT})
        untitled = lambda: [line for line in self.lines()[before:] if "keeps its title" in line["message"]]
        until(untitled, "the title to fail")
        # A request's own line comes when its reply has gone.
        requests = lambda: [line for line in self.lines()[before:] if line["message"] == "request"]
        until(lambda: len(requests()) == 2, "the lines of both requests")
        lines = self.lines()[before:]
        mine = [line for line in lines if line.get("request_id") == "mine-1"]
        told = "\n".join(line["message"] for line in mine)
        for words in ("tool call tool=list_algorithms", "tool call tool=run_dla_simulation", "is asked again in",
                      "keeps its title", "request"):
            self.assertIn(words, told)
        others = [line for line in lines if line.get("request_id") != "mine-1"]
        # The conversation was begun by a request of its own; nothing else is anybody else's, or nobody's.
        self.assertEqual({line["message"] for line in others}, {"request"}, others)
        self.assertEqual({line["trace_id"] for line in mine}, {"0af7651916cd43dd8448eb211c80319c"})
        self.assertEqual({line["correlation_id"] for line in mine}, {"theirs-1"})
        access, = [line for line in mine if line["message"] == "request"]
        self.assertEqual((access["method"], access["route"], access["status"], access["user"], access["peer"]),
                         ("POST", "/api/v1/ai/conversations/{id}/chat", 200, "local", "127.0.0.1"))
        self.assertGreater(access["bytes"], 100)
        self.assertGreater(access["ms"], 0)

    def test_nobody_can_forge_a_line(self):
        evil = "x\n{\"level\": \"error\", \"message\": \"forged\"}\r\x1b[31m"
        before = len(self.lines())
        quoted = urllib.request.quote(evil)
        self.assertIn(self.d.get(f"/conversations/{quoted}").status, (400, 404))
        self.d.post(f"/tools/{quoted}/execute", {})
        until(lambda: len(self.lines()) >= before + 2, "the lines")
        for line in self.lines()[before:]:
            self.assertNotEqual(line["message"], "forged")
        raw = self.d.log.read_text()
        self.assertNotIn("\x1b", raw)
        self.assertNotIn("\r", raw)

    def test_every_entry_is_one_request(self):
        before = len(self.lines())
        self.d.get("/nothing")
        get(self.d, "/livez")
        until(lambda: len(self.lines()) >= before + 2, "the lines")
        first, second = self.lines()[before:]
        self.assertEqual((first["level"], first["status"]), ("info", 404))
        self.assertEqual((second["level"], second["route"], second["status"]), ("debug", "/livez", 200))


class TextLog(DaemonTest):
    def test_people_read_it_and_watchdogs_are_not_in_it(self):
        before = len(self.d.log.read_text())
        get(self.d, "/livez")
        self.d.good("GET", "/conversations", headers={"X-Request-ID": "mine-2"})
        line = until(lambda: self.d.log.read_text()[before:], "the line")
        self.assertRegex(line, r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info request_id=mine-2 request method=GET "
                               r"route=/api/v1/ai/conversations status=200 ms=[\d.e-]+ bytes=\d+ user=local peer=127\.0\.0\.1 "
                               r"path=/api/v1/ai/conversations\n$")


if __name__ == "__main__":
    unittest.main()
