"""The daemon is killed at every step of one turn, started again, and comes to the same end as if nothing had been.

The turn has four rounds, calls side by side, tools that may and may not run twice, a background job, a call that a
person allows and one that is refused. It is ended after each commit of the store (one write each, by a preloaded
library), inside each tool call, inside each request to the model, and around each approval.
"""

import concurrent.futures
import http.client
import json
import pathlib
import re
import shutil
import tempfile
import threading
import unittest

from daemon import BUILD, Daemon, until
from upstream import Gate, Reply, Text, ToolCall, Upstream

AT_ONCE = 4
MOST_WRITES = 200  # more than the turn has: an endless test is none
ONCE = ("call_b", "call_d", "call_g")  # calls that may not run twice
UNKNOWN = "its outcome is unknown"
ENDS = ("turn.completed", "turn.failed", "turn.cancelled")


def call(name, tag, id):
    return ToolCall(name, {"tag": tag} if tag else {}, id=id)


ROUNDS = [
    [Text("I ", "begin."), call("note", "a", "call_a"), call("stamp", "b", "call_b"), call("brew", "c", "call_c"),
     call("erase", "d", "call_d")],
    [call("wait_for_job", None, "call_e"), call("note", "f", "call_f"), call("stamp", "g", "call_g")],
    [Text("One more."), call("erase", "h", "call_h")],
    [Text("All ", "is ", "done.")],
]
DECISIONS = {"call_d": {"decision": "allow"}, "call_h": {"decision": "refuse", "reason": "Keep it."}}


def round_of(request):
    return sum(message["role"] == "assistant" for message in request.json["messages"])


def asks_in(round_, words=""):
    return lambda request: round_of(request) == round_ and words in json.dumps(request.json["messages"])


class Killed(Exception):
    """The daemon is gone, by our own doing."""


class Scene:
    """One conversation with a daemon of its own, ended at one moment."""

    def __init__(self, upstream, name, environment=None):
        self.name, self.folder = name, pathlib.Path(tempfile.mkdtemp(prefix="assistd-step-"))
        config = (f"model: main:fake\ntitles: first_message\nstore: {{most_together: 1}}\n"
                  f"providers: {{main: {{kind: openai, base_url: '{upstream.url}/v1'}}}}\n"
                  # However slow the machine is, only what is meant to goes on in the background.
                  "tools: {note: {job_after_s: 600}, stamp: {job_after_s: 600}, erase: {job_after_s: 600}}\n")
        self.armed = self.folder / "armed"
        self.daemon = Daemon(self.folder, config, arguments=["--plugins", str(BUILD / "test-plugins/steps")],
                             environment=(environment or {}) | {"ASSISTD_TEST_KILL_FROM": str(self.armed)})
        self.daemon.start()
        self.conversation = self.daemon.conversation()
        self.crashes = 0

    def close(self):
        self.daemon.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def run(self, kill_when=lambda event: False, after_decision=None, lives=2):
        """Drives the turn to its end, across the crashes; kill_when says at which event to kill."""
        self.armed.touch()
        while not self.attempt(kill_when, after_decision):
            self.crashes += 1
            assert self.crashes < lives, "it does not come to its end"
            kill_when, after_decision = lambda event: False, None
            self.daemon.kill()
            if self.crashes == lives - 1:
                self.daemon.environment.pop("LD_PRELOAD", None)
            self.start_again()
        return self.story()

    def start_again(self):
        while True:
            try:
                return self.daemon.start()
            except AssertionError:  # killed before it was ready
                self.crashes += 1
                assert self.crashes < MOST_WRITES, "it does not come up"

    def crashes_and_story(self, **kwargs):
        story = self.run(**kwargs)
        return self.crashes, story

    def attempt(self, kill_when, after_decision):
        try:
            stream = self.daemon.stream(self.conversation, f"Do it {self.name}", {"Idempotency-Key": "one"})
            for event in stream:
                if kill_when(event):
                    self.daemon.process.kill()
                    raise Killed
                if event.name == "approval.required":
                    self.decide(event.data, after_decision)
                if event.name in ENDS:
                    assert event.name == "turn.completed", event.data
                    # Its last write may be what the daemon was killed after.
                    self.daemon.turn(self.conversation, event.data["turn_id"])
                    return True
            return False
        except (OSError, http.client.HTTPException, json.JSONDecodeError, Killed):
            return False

    def decide(self, about, after_decision):
        call_id = about["tool_call_id"]
        path = f"/conversations/{self.conversation}/turns/{about['turn_id']}/approvals"
        reply = self.daemon.post(path, {"call_id": call_id} | DECISIONS[call_id])
        assert reply.status == 200, reply.body
        if after_decision == call_id:
            self.daemon.process.kill()
            raise Killed

    def story(self):
        """The conversation as it is stored at the end, without what differs from run to run."""
        daemon = self.daemon
        until(lambda: all(job["state"] != "running" for job in daemon.good("GET", "/jobs")["jobs"]), "the jobs' ends")
        messages = daemon.messages(self.conversation)
        turns = {message["turn_id"] for message in messages if message["turn_id"]}
        assert len(turns) == 1, turns
        turn = daemon.turn(self.conversation, turns.pop())
        assert (turn["state"], turn["approvals"]) == ("completed", []), turn
        told = [(m["role"], plain(m["content"]), json.dumps(m["tool_calls"]), m["tool_call_id"]) for m in messages]
        log = daemon.log.read_text()
        runs = {tag: len(re.findall(rf"\bran {tag}\b", log)) for tag in "abcdfgh"}
        title = daemon.good("GET", f"/conversations/{self.conversation}")["title"]
        return {"messages": [m for m in told if m[0] != "system"], "notices": [m for m in told if m[0] == "system"],
                "title": title.replace(self.name, ""), "runs": runs}


def plain(content):
    content = re.sub(r"job_[0-9a-f]{32}", "JOB", content)
    content = re.sub(r'("progress":)[0-9.]+', r"\g<1>0", content)
    content = re.sub(r'("(?:created_at|finished_at)":)"[^"]*"', r'\g<1>""', content)
    return re.sub(r"\[step [^]]*\]", "", content)


def killing(number):
    """The environment of a daemon that is killed after so many writes."""
    library = BUILD / "tests/test_kill_at_write.so"
    assert library.exists()
    return {"LD_PRELOAD": str(library), "ASSISTD_TEST_KILL_AT": str(number), "ASAN_OPTIONS": "verify_asan_link_order=0"}


class EveryStep(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.upstream = Upstream().start()
        cls.addClassCleanup(cls.upstream.stop)
        for number, steps in enumerate(ROUNDS):
            cls.upstream.script(when=asks_in(number), otherwise=Reply(steps))
        scene = Scene(cls.upstream, "[step none]")
        try:
            cls.expected = scene.run()
        finally:
            scene.close()

    def check(self, story):
        """As undisturbed, but that the outcome of a call that may not run twice may be unknown."""
        messages = []
        for got, wanted in zip(story["messages"], self.expected["messages"]):
            if got[3] in ONCE and UNKNOWN in got[1]:
                got = wanted
            messages.append(got)
        self.assertEqual(messages, self.expected["messages"])
        self.assertEqual(len(story["messages"]), len(self.expected["messages"]))
        self.assertEqual(story["notices"], self.expected["notices"])
        self.assertEqual(story["title"], self.expected["title"])
        for tag in "bdg":
            self.assertLessEqual(story["runs"][tag], 1, f"{tag} ran twice")
        self.assertEqual(story["runs"]["h"], 0, "what was refused ran")

    def scene(self, name, environment=None, strike=None, **kwargs):
        """One scene from its begin to its end, in any thread: its name, how often it was killed, and what came of it."""
        scene = Scene(self.upstream, f"[step {name}]", environment)
        try:
            if strike:
                threading.Thread(target=strike, args=[scene], daemon=True).start()
            return name, scene.crashes_and_story(**kwargs)
        except Exception as error:
            return name, AssertionError(f"{error!r}\n{scene.daemon.log.read_text()[-3000:]}")
        finally:
            scene.close()

    def side_by_side(self, work, items, crashes=1):
        """Checks the scenes; returns how often each was killed."""
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            ended = list(pool.map(work, items))
        killed = []
        for name, result in ended:
            with self.subTest(name):
                if isinstance(result, Exception):
                    raise result
                killed.append(result[0])
                self.check(result[1])
                if crashes is not None:
                    self.assertEqual(result[0], crashes)
        return killed

    def test_undisturbed(self):
        roles = [message[0] for message in self.expected["messages"]]
        self.assertEqual(roles, ["user", "assistant"] + ["tool"] * 4 + ["assistant"] + ["tool"] * 3 +
                         ["assistant", "tool", "assistant"])
        self.assertEqual(self.expected["runs"], {tag: int(tag != "h") for tag in "abcdfgh"})
        self.assertEqual(len(self.expected["notices"]), 1)
        self.assertIn("PermissionError", self.expected["messages"][-2][1])
        self.assertIn("Keep it.", self.expected["messages"][-2][1])

    def test_after_each_write_of_the_store(self):
        def at(number):
            return self.scene(f"write {number}", killing(number))

        # As many as it has, known once one comes to its end undisturbed.
        for first in range(1, MOST_WRITES, AT_ONCE):
            if 0 in self.side_by_side(at, range(first, first + AT_ONCE), crashes=None):
                self.assertGreater(first, 16, "the turn has more writes than that")
                return
        self.fail("the turn's writes have no end")

    def test_again_and_again(self):
        """Each life ends after its first few writes, also those that take up what the one before has left."""
        def every(number):
            return self.scene(f"every {number}", killing(number), lives=100)

        crashes = self.side_by_side(every, [4, 5, 7], crashes=None)
        self.assertGreater(min(crashes), 2)

    def test_inside_each_tool_call(self):
        # A call that goes on as a job ends at once, and who waits for a job may find that it has ended.
        told = {"call_c": "tool.result", "call_e": "tool.call"}

        def inside(id):
            name = told.get(id, "tool.progress")
            return self.scene(f"in {id}", kill_when=lambda event: event.name == name and
                              event.data["tool_call_id"] == id)

        self.side_by_side(inside, [f"call_{tag}" for tag in "abcdefg"])

    def test_around_each_approval(self):
        def asked(id):
            return self.scene(f"asked {id}", kill_when=lambda event: event.name == "approval.required" and
                              event.data["tool_call_id"] == id)

        def decided(id):
            return self.scene(f"decided {id}", after_decision=id)

        self.side_by_side(lambda item: item[0](item[1]), [(f, id) for f in (asked, decided) for id in DECISIONS])

    def test_inside_each_request_to_the_model(self):
        def inside(place):
            number, said = place
            name = f"model {number} {said}"
            gate = Gate(name)
            self.upstream.script(Reply(ROUNDS[number][:said] + [gate]), when=asks_in(number, f"[step {name}]"))

            def strike(scene):
                gate.wait_reached()
                scene.daemon.process.kill()

            return self.scene(name, strike=strike)

        self.side_by_side(inside, [(number, said) for number in range(len(ROUNDS)) for said in (0, 1)])


if __name__ == "__main__":
    unittest.main()
