"""Assistants, threads and messages: the official clients, the REST resource and the command line."""

import datetime
import json
import os
import pathlib
import sqlite3
import subprocess
import unittest

from daemon import BUILD, DaemonTest, Reply, until

NODE = pathlib.Path(__file__).parent / "node"
PATIENCE_S = 240


def ask(daemon, method, path, body=None, headers=None):
    """One request to the Assistants API."""
    connection, response = daemon._send(method, f"/v1{path}", body, headers)
    try:
        return Reply(response)
    finally:
        connection.close()


class Clients(DaemonTest):
    def test_the_official_client(self):
        environment = os.environ | {"ASSISTD_OPENAI_URL": f"http://127.0.0.1:{self.d.port}/v1"}
        done = subprocess.run([NODE / "node_modules/.bin/node", "assistants.mjs"], cwd=NODE, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-20000:] + done.stderr[-5000:])

    def test_requests_that_are_none(self):
        for method, path, body, status in (("GET", "/nothing", None, 404), ("PUT", "/assistants", "{}", 405),
                                           ("POST", "/assistants", "{", 400), ("POST", "/assistants", "[]", 400),
                                           ("POST", "/assistants", " ", 400), ("POST", "/threads", "5", 400),
                                           ("POST", "/threads", '{"a": 1, "a": 2}', 400),
                                           ("POST", "/assistants", " " * (5 << 20), 413)):
            reply = ask(self.d, method, path, body)
            self.assertEqual(reply.status, status, (method, path))
            self.assertEqual(set(reply.error), {"message", "type", "param", "code"})
            self.assertTrue(reply.headers["X-Request-ID"])
        self.assertEqual(ask(self.d, "POST", "/threads", "").status, 200)
        old = ask(self.d, "GET", "/assistants", headers={"OpenAI-Beta": "assistants=v1"})
        self.assertEqual((old.status, old.error["param"]), (400, "OpenAI-Beta"))


class Resource(DaemonTest):
    def test_assistants(self):
        made = self.d.good("POST", "/assistants", {"name": "測る", "model": "offline", "temperature": 0.5}, status=201)
        self.assertEqual(made["id"][:5], "asst_")
        self.assertEqual(made["created_at"][-1], "Z")
        self.assertEqual(self.d.good("GET", f"/assistants/{made['id']}"), made)
        changed = self.d.good("PATCH", f"/assistants/{made['id']}", {"name": None, "metadata": {"a": "1"}})
        self.assertEqual(changed, made | {"name": None, "metadata": {"a": "1"}})
        others = [self.d.good("POST", "/assistants", {"model": "offline"}, status=201)["id"] for _ in range(4)]
        seen, cursor = [], ""
        while cursor is not None:
            page = self.d.good("GET", f"/assistants?limit=2{cursor}")
            seen += [one["id"] for one in page["assistants"]]
            cursor = f"&cursor={page['next_cursor']}" if page["has_more"] else None
        self.assertEqual(seen, others[::-1] + [made["id"]])
        self.check_error(self.d.post("/assistants", {}), 422, "validation", "model")
        self.check_error(self.d.post("/assistants", {"model": "offline", "colour": 1}), 422, "validation", "colour")
        self.check_error(self.d.get("/assistants?cursor=x"), 422, "validation", "cursor")
        self.check_error(self.d.get("/assistants/asst_" + "0" * 32), 404, "not_found")
        conversation = self.d.good("GET", f"/conversations/{self.d.conversation(assistant_id=made['id'])}")
        self.assertEqual(conversation["assistant_id"], made["id"])
        wrong = self.d.post("/conversations", {"assistant_id": "asst_" + "0" * 32})
        self.check_error(wrong, 422, "validation", "assistant_id")
        self.d.good("DELETE", f"/assistants/{made['id']}", status=204)
        self.check_error(self.d.get(f"/assistants/{made['id']}"), 404, "not_found")

    def test_the_command_line(self):
        def assistctl(*arguments):
            command = [BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", *arguments]
            return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        for one in self.d.good("GET", "/assistants?limit=100")["assistants"]:
            self.d.good("DELETE", f"/assistants/{one['id']}", status=204)
        self.assertIn("There are no assistants.", assistctl("assistants").stdout)
        made = assistctl("assistants", "create", "Helper", "--model", "offline", "--instructions", "Be brief.",
                         "--tool", "file_search", "--tool", "run_dla_simulation", "--json")
        self.assertEqual(made.returncode, 0, made.stderr)
        assistant = json.loads(made.stdout)
        self.assertIn(assistant["id"], assistctl("assistants").stdout)
        shown = assistctl("assistants", "show", assistant["id"]).stdout
        self.assertIn("Be brief.", shown)
        self.assertIn("file_search, run_dla_simulation", shown)
        self.assertEqual(assistctl("assistants", "delete", assistant["id"]).returncode, 0)
        self.assertEqual(assistctl("assistants", "show", assistant["id"]).returncode, 1)
        self.assertEqual(assistctl("assistants", "create", "Helper").returncode, 2)


class Retention(DaemonTest):
    config = "assistants: {keep_threads_days: 7}\n"

    def test_unused_threads_are_removed_and_conversations_are_not(self):
        threads = [ask(self.d, "POST", "/threads", {"messages": [{"role": "user", "content": "old"}]}).json["id"]
                   for _ in range(12)]
        conversation = self.d.conversation()
        self.d.end()
        with sqlite3.connect(self.d.state / "assistd.db") as database:
            eight_days = 8 * 24 * 3600 * 1_000_000
            database.execute("UPDATE conversations SET updated_at = updated_at - ? WHERE hex(id) <> upper(?)",
                             (eight_days, threads[-1].removeprefix("thread_")))
        database.close()

        # A clock that is eight days ahead of where it was when the daemon ran last: nobody knows what is old.
        clock = self.d.state / "clock.json"
        was = clock.read_text()
        ahead = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=8)
        clock.write_text(json.dumps({"believed": ahead.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}))
        for starts in (1, 2):
            self.d.start()
            until(lambda: self.d.log.read_text().count("Nothing is removed by age") == starts, "a warning")
            for thread in threads:
                self.assertEqual(ask(self.d, "GET", f"/threads/{thread}").status, 200)
            self.d.end()
        self.assertIn("doubted_for_s", json.loads(clock.read_text()))
        self.assertIn(f"it should be about {ahead:%Y-%m-%d}", self.d.log.read_text())
        # Nor when nothing is known of that, as after a restore.
        clock.write_text("{}")
        self.d.start()
        until(lambda: "it is not known when assistd ran last" in self.d.log.read_text(), "another warning")
        self.d.end()

        clock.write_text(was)
        self.d.start()
        until(lambda: all(ask(self.d, "GET", f"/threads/{thread}").status == 404 for thread in threads[:-1]),
              "the old threads are gone")
        self.assertEqual(ask(self.d, "GET", f"/threads/{threads[-1]}").status, 200)
        self.d.good("GET", f"/conversations/{conversation}")
        self.assertEqual(len(self.d.good("GET", "/conversations?q=old")["conversations"]), 1)


if __name__ == "__main__":
    unittest.main()
