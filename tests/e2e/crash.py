"""Kill -9 at random moments while clients post: what was acknowledged is there, nothing happens twice, nothing hangs.

ASSISTD_E2E_SEED and ASSISTD_E2E_ROUNDS choose the moments; the seed of a failure is in its message.
"""

import http.client
import json
import os
import random
import shutil
import sqlite3
import threading
import time
import unittest

from daemon import BUILD, Daemon, FolderTest, processes_of, until

SEED = int(os.environ.get("ASSISTD_E2E_SEED", "20240607"))
ROUNDS = int(os.environ.get("ASSISTD_E2E_ROUNDS", "20"))
CLIENTS = 3
SENTENCES = ("Hello", "Run a DLA simulation with 60 particles", "List all my artifacts",
             "Run a DLA simulation with 200 particles, then analyze it and export it as CSV",
             "Run a 2D DLA simulation with 20000 particles")


class Client(threading.Thread):
    """Posts turns to one conversation, each with a key of its own, until the daemon is gone."""

    def __init__(self, daemon, conversation, number, seed):
        super().__init__()
        self.daemon_, self.conversation = daemon, conversation
        self.name, self.random = f"{number}", random.Random(seed)
        self.posted, self.answered, self.odd = {}, {}, []

    def run(self):
        for number in range(10_000):
            key = f"{self.name}-{number}"
            content = self.random.choice(SENTENCES)
            self.posted[key] = content
            try:
                if self.random.random() < 0.5:
                    reply = self.daemon_.post(f"/conversations/{self.conversation}/chat", {"content": content},
                                              {"Idempotency-Key": key})
                    if reply.status != 200:
                        self.odd.append((key, reply.status, reply.body))
                        return
                    self.answered[key] = reply.json
                else:
                    events = self.daemon_.stream(self.conversation, content, {"Idempotency-Key": key}).all()
                    if not events or events[-1].name != "turn.completed":
                        return
                    self.answered[key] = events[-1].data["message"]
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                return  # the daemon was killed


class Crash(FolderTest):
    def setUp(self):
        super().setUp()
        # A copy of the program, so that every process that it leaves can be told from others'.
        build = self.folder / "build"
        shutil.copytree(BUILD / "bin", build / "bin",
                        ignore=lambda _, names: set(names) - {"assistd", "assistd-plugin-host"})
        (build / "plugins").mkdir()
        for plugin in ("simulation.so", "analysis.so", "export.so"):
            shutil.copy(BUILD / "plugins" / plugin, build / "plugins")
        self.programs = build
        self.d = Daemon(self.folder, "tools: {run_dla_simulation: {job_after_s: 600}}\n", build=build)
        self.d.start()
        self.addCleanup(lambda: self.d.kill())

    def test_nothing_that_was_acknowledged_is_lost(self):
        moments = random.Random(SEED)
        conversations = [self.d.conversation() for _ in range(CLIENTS)]
        answered = [{} for _ in range(CLIENTS)]
        for round_ in range(ROUNDS):
            with self.subTest(round=round_, seed=SEED):
                self.round(round_, moments, conversations, answered)
        self.check_store(conversations)

    def round(self, round_, moments, conversations, answered):
        clients = [Client(self.d, conversation, f"{round_}-{index}", moments.random())
                   for index, conversation in enumerate(conversations)]
        for client in clients:
            client.start()
        time.sleep(moments.uniform(0.0, 0.3))  # the moment of the crash
        self.d.kill()
        for client in clients:
            client.join()
            self.assertEqual(client.odd, [])
        until(lambda: not processes_of(self.programs), "the end of every process of the daemon", 10)
        self.d.start()
        for index, client in enumerate(clients):
            self.check(client, answered[index])

    def check(self, client, answered):
        # Every key again, also the one whose answer was cut off: the same turn, or now its first.
        for key, content in client.posted.items():
            again = self.d.good("POST", f"/conversations/{client.conversation}/chat", {"content": content},
                                {"Idempotency-Key": key})
            if key in client.answered:
                self.assertEqual(again, client.answered[key])
            answered[key] = again["turn_id"]
        messages = self.d.messages(client.conversation)
        asked = [message["turn_id"] for message in messages if message["role"] == "user"]
        self.assertEqual(asked, list(answered.values()))
        for turn in set(answered.values()):
            own = [message for message in messages if message["turn_id"] == turn]
            calls = [call["id"] for message in own for call in message["tool_calls"] or []]
            self.assertEqual([m["tool_call_id"] for m in own if m["role"] == "tool"], calls)
            self.assertEqual((own[-1]["role"], own[-1]["finish_reason"]), ("assistant", "stop"))

    def check_store(self, conversations):
        artifacts, cursor = [], ""
        while cursor is not None:
            page = self.d.good("GET", f"/artifacts?limit=100{cursor}")
            artifacts += page["artifacts"]
            cursor = f"&cursor={page['next_cursor']}" if page["has_more"] else None
        for artifact in artifacts:
            self.assertEqual(len(self.d.get(f"/artifacts/{artifact['handle']}/content").body), artifact["size"])
        code, _ = self.d.end()
        self.assertEqual(code, 0)
        database = sqlite3.connect(f"file:{self.d.state / 'assistd.db'}?mode=ro", uri=True)
        self.addCleanup(database.close)
        self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        self.assertEqual(database.execute("PRAGMA foreign_key_check").fetchall(), [])
        self.assertEqual(database.execute("SELECT count(*) FROM turns WHERE state != 'completed'").fetchone(), (0,))
        self.assertEqual(database.execute("SELECT count(*) FROM jobs WHERE state = 'running'").fetchone(), (0,))
        until(lambda: not processes_of(self.programs), "the end of every host", 10)


if __name__ == "__main__":
    unittest.main()
