"""The daemon as systemd starts it: what it tells, what it takes over, and what the unit allows.

systemd's part is played by this program, with its protocol: sd_notify(3), sd_listen_fds(3). tests/packaging has the real one.
"""

import contextlib
import os
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import tempfile
import unittest
import unittest.mock

from daemon import Daemon, FolderTest, until

UNITS = pathlib.Path(__file__).parents[2] / "packaging/systemd"


class Service(FolderTest):
    def setUp(self):
        super().setUp()
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.manager.close)
        self.manager.bind(str(self.folder / "notify"))
        self.manager.settimeout(60)
        self.environment = {"NOTIFY_SOCKET": str(self.folder / "notify")}

    def told(self, wanted):
        """What was told up to and with the first message that has the field."""
        seen = []
        while not seen or wanted not in seen[-1]:
            seen.append(self.manager.recv(4096).decode().split("\n"))
        return seen

    def listening(self, family=socket.AF_INET, address="127.0.0.1"):
        given = socket.socket(family)
        self.addCleanup(given.close)
        given.bind((address, 0))
        given.listen(16)
        return given

    def given(self, *sockets, config=None):
        """A daemon that is given the sockets as systemd gives them: from number 3 on."""
        daemon = Daemon(self.folder, config, environment=self.environment)
        # The shell closes nothing and keeps its process id.
        moves = " ".join(f"{3 + i}<&{one.fileno()}" for i, one in enumerate(sockets))
        script = f'export LISTEN_PID=$$ LISTEN_FDS={len(sockets)}; exec "$@" {moves}'
        daemon.command = ["bash", "-c", script, "bash"] + daemon.command
        for one in sockets:
            one.set_inheritable(True)
        return daemon

    def start_given(self, *sockets, **options):
        daemon = self.given(*sockets, **options)
        popen = subprocess.Popen
        with unittest.mock.patch("subprocess.Popen", lambda *a, **k: popen(*a, **k, close_fds=False)):
            daemon.start()
        self.addCleanup(daemon.kill)
        return daemon

    def test_a_socket_that_is_open_to_all_is_blamed_on_itself(self):
        daemon = self.given(self.listening(address="0.0.0.0"))
        popen = subprocess.Popen
        with unittest.mock.patch("subprocess.Popen", lambda *a, **k: popen(*a, **k, close_fds=False)):
            self.assertRaises(AssertionError, daemon.start)
        said = daemon.log.read_text()
        self.assertIn("assistd.socket, ListenStream=: listen must be an address on loopback", said)
        self.assertNotIn("--listen", said)

    def test_it_tells_when_it_is_ready_reloads_and_stops(self):
        daemon = self.daemon(environment=self.environment)
        before = self.told("READY=1")
        self.assertIn(f"STATUS=Listening on http://127.0.0.1:{daemon.port}", before[-1])
        self.assertTrue(before[0][0].startswith("STATUS=Opening the store"), before)
        daemon.process.send_signal(signal.SIGHUP)
        again = self.told("READY=1")
        self.assertEqual(again[0][0], "RELOADING=1")
        self.assertRegex(again[0][1], r"^MONOTONIC_USEC=\d+$")
        code, _ = daemon.end()
        self.assertEqual(code, 0)
        self.assertRegex(" ".join(self.told("STOPPING=1")[-1]), r"EXTEND_TIMEOUT_USEC=\d{7,}")

    def test_a_configuration_that_is_refused_is_in_the_status_until_one_is_taken(self):
        daemon = self.daemon("titles: first_message\n", environment=self.environment | {"WATCHDOG_USEC": "2000000"})
        self.told("READY=1")
        file = self.folder / "assistd.yaml"

        def status_after(text):
            file.with_suffix(".new").write_text(text)
            file.with_suffix(".new").rename(file)
            daemon.process.send_signal(signal.SIGHUP)
            self.told("RELOADING=1")
            return " ".join(self.told("READY=1")[-1])

        def watchdog_status():
            self.told("WATCHDOG=1")  # may have been on its way before
            return " ".join(self.told("WATCHDOG=1")[-1])
        refused = f"; the new configuration was refused: {file}:1: there is no key \"nonsense\"."
        self.assertTrue(status_after("nonsense: 1\ntitle: 1\n").endswith(refused))
        self.assertIn(refused, watchdog_status())
        self.assertNotIn("refused", status_after("titles: first_message\n"))
        self.assertNotIn("refused", watchdog_status())

    def test_an_upgrade_asks_for_more_time(self):
        daemon = self.daemon(environment=self.environment)
        self.assertEqual(daemon.end()[0], 0)
        before = " ".join(" ".join(message) for message in self.told("STOPPING=1"))
        self.assertNotIn("Upgrading", before)  # which a start without one does not
        file = daemon.state / "assistd.db"
        file.unlink()
        make_of_earlier_schema(file)
        self.daemon(environment=self.environment)
        told = self.told("READY=1")
        for doing in (f"Copying {file} before its upgrade", f"Upgrading {file}"):
            asked = [message for message in told if f"STATUS={doing}" in message]
            self.assertEqual([message[0] for message in asked[:1]], ["EXTEND_TIMEOUT_USEC=600000000"], told)

    def test_the_container_s_health_is_the_daemon_s(self):
        text = (UNITS.parent / "container/Containerfile").read_text()
        check = re.search(r"^HEALTHCHECK .*\n\s+CMD (.*)$", text, re.MULTILINE)[1]
        daemon = self.daemon()
        health = lambda port: subprocess.run(["sh", "-c", check], env=os.environ | {"ASSISTD_LISTEN": f"0.0.0.0:{port}"}, timeout=60).returncode
        self.assertEqual(health(daemon.port), 0)
        self.assertEqual(daemon.end()[0], 0)
        self.assertNotEqual(health(daemon.port), 0)

    def test_the_watchdog_is_told_as_long_as_everything_goes_on(self):
        daemon = self.daemon(environment=self.environment | {"WATCHDOG_USEC": "2000000"})
        for _ in range(3):
            self.assertIn("0 turns run", " ".join(self.told("WATCHDOG=1")[-1]))
        self.assertEqual(daemon.end()[0], 0)

    def test_who_connects_while_it_is_restarted_waits(self):
        given = self.listening()
        port = given.getsockname()[1]
        daemon = self.start_given(given)
        self.assertEqual(daemon.port, port)
        self.assertEqual(daemon.get("/tools").status, 200)
        self.assertEqual(daemon.end()[0], 0)
        waiting = daemon.connect()
        self.addCleanup(waiting.close)
        waiting.request("GET", "/livez")
        self.start_given(given)
        self.assertEqual(waiting.getresponse().status, 200)

    def test_ipv6_is_taken_over_too(self):
        given = self.listening(socket.AF_INET6, "::1")
        daemon = self.start_given(given)
        self.assertEqual(daemon.port, given.getsockname()[1])

    def refused(self, *sockets):
        daemon = self.given(*sockets)
        done = subprocess.run(daemon.command, env=daemon.environment, close_fds=False, capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertFalse(daemon.state.exists())
        return done.stderr

    def test_a_socket_that_others_reach_is_refused_without_authentication(self):
        self.assertIn("must be an address on loopback", self.refused(self.listening(address="0.0.0.0")))

    def test_what_is_no_socket_to_listen_on_is_refused(self):
        self.assertIn("gives 2 sockets", self.refused(self.listening(), self.listening()))
        local = socket.socket(socket.AF_UNIX)
        self.addCleanup(local.close)
        local.bind(str(self.folder / "socket"))
        local.listen()
        self.assertIn("something else than a TCP socket", self.refused(local))
        mute = socket.socket()
        self.addCleanup(mute.close)
        self.assertIn("something else than a TCP socket", self.refused(mute))

    def test_what_systemd_passed_is_not_passed_on(self):
        daemon = self.start_given(self.listening())
        environment = pathlib.Path(f"/proc/{daemon.process.pid}/environ").read_bytes()
        self.assertIn(b"LISTEN_FDS", environment)  # what it was started with
        host = until(lambda: [pid for pid in children(daemon.process.pid)] or None, "a plugin's process") \
            if daemon.good("POST", "/tools/run_dla_simulation/execute", {"n_particles": 2_000_000, "dimensions": 2}) else []
        for pid in host:
            self.assertNotIn(b"LISTEN_", pathlib.Path(f"/proc/{pid}/environ").read_bytes())


def make_of_earlier_schema(file):
    """The database that a program one schema back would have left, with nothing in it."""
    sources = UNITS.parents[1] / "daemon/store"
    steps = sorted((sources / "migrations").glob("*.sql"))[:-1]
    identity = int(re.search(r"application_id = (0x[0-9a-f]+)", (sources / "migrations.h").read_text())[1], 16)
    with contextlib.closing(sqlite3.connect(file)) as database:
        database.executescript(f"PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = {identity};"
                               + "".join(step.read_text() for step in steps) + f"PRAGMA user_version = {len(steps)};")


def children(parent):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "stat").read_text().rpartition(")")[2].split()[1] == str(parent):
                found.append(int(entry.name))
        except OSError:
            pass
    return found


class Units(unittest.TestCase):
    def analyze(self, *arguments):
        return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, timeout=60)

    def test_the_service_is_exposed_little(self):
        done = self.analyze("security", "--offline=true", "--threshold=15", "--no-pager", UNITS / "assistd.service")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        exposure = re.search(r"exposure level for assistd.service: ([\d.]+)", done.stdout)
        self.assertLessEqual(float(exposure[1]), 1.2)

    def groups(self):
        """The system calls of each group of systemd's, such as @resources."""
        members, name = {}, None
        for line in self.analyze("syscall-filter", "--no-pager").stdout.splitlines():
            if line.startswith(("@", "#")):
                name = line.strip("# ").split(" ")[0]
            elif line.strip() and not line.strip().startswith("#") and name:
                members.setdefault(name, set()).add(line.strip())
        flat = lambda word: set().union(*map(flat, members[word])) if word.startswith("@") else {word}
        return {name: flat(name) for name in members if name.startswith("@")}

    def test_what_the_code_asks_of_the_system_is_allowed(self):
        groups = self.groups()
        allowed = set()
        for line in re.findall(r"^SystemCallFilter=(.*)$", (UNITS / "assistd.service").read_text(), re.MULTILINE):
            words = line.lstrip("~").split()
            calls = set().union(*(groups[word] if word.startswith("@") else {word} for word in words))
            allowed = allowed - calls if line.startswith("~") else allowed | calls
        sources = pathlib.Path(__file__).parents[2] / "daemon"
        text = "\n".join(file.read_text() for file in sources.rglob("*.cpp")
                         if not {"web", "cli"} & set(file.relative_to(sources).parts))  # which are not the service
        # Calls of the C library that have a system call's name are that on this machine when a group for it has them.
        grouped = set().union(*(calls for name, calls in groups.items() if name != "@known"))
        made = set(re.findall(r"(?<![\w>)])::(\w+)\(", text)) & grouped | set(re.findall(r"\bSYS_(\w+)", text))
        made = {"prlimit64" if call == "setrlimit" else call for call in made}
        self.assertLess({"sched_setscheduler", "setpriority", "ioprio_set", "pidfd_open"}, made)
        # What a restore makes, and the lock of a folder, is given to the folder's owner, which root does; and the service
        # has no capabilities that a plugin's process could give up.
        self.assertEqual(made - allowed, {"lchown", "fchown", "capset"})

    def test_systemd_finds_nothing_wrong(self):
        programs = pathlib.Path(os.environ["ASSISTD_BUILD"]) / "bin"
        with tempfile.TemporaryDirectory() as folder:
            for name in ("assistd.service", "assistd.socket"):
                text = (UNITS / name).read_text().replace("/usr/bin", str(programs))
                (pathlib.Path(folder) / name).write_text(text)
            done = self.analyze("verify", "--man=no", f"{folder}/assistd.socket", f"{folder}/assistd.service")
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
