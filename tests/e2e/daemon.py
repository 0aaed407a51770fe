"""Starts real daemons for the end-to-end tests and talks to them as any client would.

Each daemon has a port and a state folder of its own and is ended by its process id. Python's standard library only.
"""

import http.client
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

BUILD = pathlib.Path(os.environ["ASSISTD_BUILD"]).resolve()
API = "/api/v1/ai"
CHAIN = "Run a DLA simulation with 500 particles, then analyze it and export it as CSV"
# Whether every request and reply is compared with what describes it.
WATCHED = os.environ.get("ASSISTD_E2E_WATCHED") == "1"
# Generous: sanitizer builds on a busy machine pass too. Nothing waits this long when all is well.
PATIENCE_S = 60.0


def until(condition, what, patience_s=PATIENCE_S):
    """Polls until the condition gives something true, and returns that."""
    deadline = time.monotonic() + patience_s
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {patience_s} s: {what}")
        time.sleep(0.01)


class Reply:
    """One whole HTTP reply."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def error(self):
        return self.json["error"]


class Event:
    def __init__(self, number, name, data):
        self.id, self.name, self.data = number, name, data

    def __repr__(self):
        return f"{self.id}:{self.name}"


class Stream:
    """A reply of events, read one by one as they come."""

    def __init__(self, connection, response):
        self.connection, self.response = connection, response
        self.status, self.headers = response.status, response.headers

    def __iter__(self):
        fields = {}
        for raw in self.response:
            line = raw.decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif fields:
                if "data" in fields:
                    yield Event(int(fields["id"]), fields["event"], json.loads(fields["data"]))
                fields = {}
        self.close()

    def all(self):
        return list(self)

    def __del__(self):
        self.close()

    def until(self, name):
        """The events up to the first one of that name."""
        seen = []
        for event in self:
            seen.append(event)
            if event.name == name:
                return seen
        raise AssertionError(f"the stream ended without {name}: {seen}")

    def close(self):
        self.response.close()
        self.connection.close()


def process_is_there(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def processes_of(folder):
    """The ids of all processes whose program lies below the folder."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.readlink(f"/proc/{entry}/exe").startswith(f"{folder}/"):
                found.append(int(entry))
        except OSError:
            pass
    return [pid for pid in found if process_is_there(pid)]


class Daemon:
    """The daemon over one state folder; it may be started and ended many times."""

    def __init__(self, folder, config=None, build=BUILD, arguments=(), environment=None, patience_s=PATIENCE_S):
        self.folder, self.build, self.patience_s = pathlib.Path(folder), build, patience_s
        self.state = self.folder / "state"
        self.log = self.folder / "log"
        # Whatever becomes of the test, its daemon does not outlive it.
        self.command = ["setpriv", "--pdeathsig", "KILL", "--", str(build / "bin/assistd")]
        self.command += ["--listen", "127.0.0.1:0", "--state", str(self.state)]
        if config is not None:
            (self.folder / "assistd.yaml").write_text(config)
            self.command += ["--config", str(self.folder / "assistd.yaml")]
        self.command += arguments
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("ASSISTD_")} | (environment or {})
        self.process = None
        self.port = None
        self.key = None  # that every request carries
        self.witness = None

    def start(self):
        command = self.command
        if self.witness:
            # Whoever wants the daemon where it was finds the witness there.
            command = ["127.0.0.1:0" if word == f"127.0.0.1:{self.witness.port}" else word for word in command]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=self.environment)
        patience = threading.Timer(self.patience_s, self.process.kill)
        patience.start()
        line = self.process.stdout.readline().decode()
        patience.cancel()
        if not line.startswith("assistd: listening on http://"):
            self.kill()
            raise AssertionError(f"the daemon did not start: {line!r}\n{self.log.read_text()}")
        self.port = int(line.rpartition(":")[2])
        if WATCHED:
            self.watch()
        return self

    def watch(self):
        """From now on whoever talks to the daemon talks through a witness."""
        from witness import Witness
        self.witness = self.witness or Witness()
        self.witness.target, self.port = self.port, self.witness.port

    def check_described(self):
        """Fails when something was said that daemon/api/openapi does not describe."""
        problems = self.witness.finish() if self.witness else []
        assert not problems, f"{len(problems)} times something is not as it is described:\n" + "\n".join(problems[:20])

    def end(self, number=signal.SIGTERM):
        """Sends the signal and waits; returns the exit code and the seconds that it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        try:
            code = self.process.wait(self.patience_s)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the daemon did not end\n{self.log.read_text()}") from None
        self.process.stdout.close()
        return code, time.monotonic() - began

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def restart(self):
        code, _ = self.end()
        assert code == 0, f"exit code {code}\n{self.log.read_text()}"
        return self.start()

    # Requests

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.patience_s)

    def _send(self, method, path, body, headers):
        headers = dict(headers or {})
        if self.key:
            headers.setdefault("Authorization", f"Bearer {self.key}")
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        if isinstance(body, str):
            body = body.encode()
        connection = self.connect()
        connection.request(method, path, body, headers)
        return connection, connection.getresponse()

    def call(self, method, path, body=None, headers=None):
        """One request on a connection of its own; the path is below the API's prefix."""
        connection, response = self._send(method, API + path, body, headers)
        try:
            return Reply(response)
        finally:
            connection.close()

    def get(self, path, headers=None):
        return self.call("GET", path, None, headers)

    def post(self, path, body=None, headers=None):
        return self.call("POST", path, body, headers)

    def good(self, method, path, body=None, headers=None, status=200):
        """The JSON of an answer that must have the status."""
        reply = self.call(method, path, body, headers)
        assert reply.status == status, f"{method} {path}: {reply.status} {reply.body[:2000]!r}"
        return reply.json if reply.body else None

    def conversation(self, **fields):
        return self.good("POST", "/conversations", fields, status=201)["id"]

    def project(self, name, **fields):
        return self.good("POST", "/projects", {"name": name} | fields, status=201)["id"]

    def chat(self, conversation, content, headers=None, **fields):
        return self.good("POST", f"/conversations/{conversation}/chat", {"content": content} | fields, headers)

    def stream(self, conversation, content, headers=None, **fields):
        body = {"content": content, "stream": True} | fields
        return Stream(*self._send("POST", f"{API}/conversations/{conversation}/chat", body, headers))

    def rejoin(self, conversation, turn, query="", headers=None):
        return Stream(*self._send("GET", f"{API}/conversations/{conversation}/turns/{turn}/events{query}", None, headers))

    def messages(self, conversation):
        items, cursor = [], ""
        while True:
            page = self.good("GET", f"/conversations/{conversation}/messages?limit=100{cursor}")
            items += page["messages"]
            if not page["has_more"]:
                return items
            cursor = f"&cursor={page['next_cursor']}"

    def turn(self, conversation, turn):
        return self.good("GET", f"/conversations/{conversation}/turns/{turn}")

    def job(self, job):
        return self.good("GET", f"/jobs/{job}")


class FolderTest(unittest.TestCase):
    """A test with a folder of its own."""

    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="assistd-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def daemon(self, *args, **kwargs):
        """A daemon in the test's folder, started; it is gone when the test ends."""
        daemon = Daemon(self.folder, *args, **kwargs)
        daemon.start()
        self.addCleanup(daemon.check_described)
        self.addCleanup(daemon.kill)
        return daemon


class DaemonTest(FolderTest):
    """Tests that share one daemon, each with conversations of its own."""

    config = None

    @classmethod
    def setUpClass(cls):
        cls.shared_folder = tempfile.mkdtemp(prefix="assistd-e2e-")
        cls.addClassCleanup(shutil.rmtree, cls.shared_folder, ignore_errors=True)
        cls.d = Daemon(cls.shared_folder, cls.config).start()
        cls.addClassCleanup(cls.d.check_described)
        cls.addClassCleanup(cls.d.kill)

    def check_error(self, reply, status, code, field=None):
        """The shape that every error has; returns the error."""
        self.assertEqual(reply.status, status, reply.body)
        self.assertEqual(reply.headers["Content-Type"], "application/json")
        self.assertEqual(list(reply.json), ["error"])
        error = reply.error
        self.assertEqual(error["code"], code)
        self.assertTrue(error["type"])
        self.assertRegex(error["message"], r"\.$")
        self.assertEqual(error["request_id"], reply.headers["X-Request-ID"])
        self.assertLessEqual(set(error), {"type", "code", "message", "details", "request_id"})
        if field is not None:
            self.assertIn(field, [entry["field"] for entry in error["details"]])
            for entry in error["details"]:
                self.assertRegex(entry["message"], r"\.$")
        return error


def in_threads(work, count):
    """Runs work(0) … work(count - 1) side by side; returns the results in order, or raises what one raised."""
    results, errors = [None] * count, []

    def run(number):
        try:
            results[number] = work(number)
        except BaseException as error:  # shown by the caller's thread
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results
