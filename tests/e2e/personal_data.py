"""What belongs to one user: taken along as an archive, and removed; and a check of all that is stored."""

import io
import json
import os
import pty
import select
import sqlite3
import subprocess
import threading
import unittest
import zipfile

from access_support import KEYS, administrator, user
from daemon import API, BUILD, CHAIN, FolderTest, until


class PersonalData(FolderTest):
    def assistctl(self, daemon, *words, code=0):
        command = [BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{daemon.port}", *map(str, words)]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ASSISTD_")}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, cwd=self.folder)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def filled(self):
        daemon = self.daemon()
        conversation = daemon.conversation(title="About soot")
        daemon.chat(conversation, CHAIN)
        reply = daemon.call("POST", "/documents?name=notes.txt", b"The furnace runs at 1800 K.")
        self.assertEqual(reply.status, 201, reply.body)
        until(lambda: daemon.good("GET", "/documents")["documents"][0]["status"] == "completed", "the document is read")
        return daemon, conversation

    def test_an_export_has_what_the_api_tells(self):
        daemon, conversation = self.filled()
        reply = daemon.get("/me/export")
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.headers["Content-Type"], "application/zip")
        with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
            self.assertIsNone(archive.testzip())
            messages = json.loads(archive.read("data/messages.json"))
            self.assertEqual([one["id"] for one in messages if not one["hidden"]], [one["id"] for one in daemon.messages(conversation)])
            self.assertEqual(json.loads(archive.read("data/conversations.json"))[0]["title"], "About soot")
            for one in daemon.good("GET", "/artifacts?limit=100")["artifacts"]:
                name = f"files/{one['handle']}/{one['name']}"
                self.assertEqual(archive.read(name), daemon.get(f"/artifacts/{one['handle']}/content").body)
            self.assertIn("1800 K", archive.read("documents/chunks.json").decode())
            about = json.loads(archive.read("about.json"))
        self.assertEqual(about["user"], "local")
        self.assertEqual(about["faults"], [])
        said = self.assistctl(daemon, "users", "export", "local", "-o", "mine.zip")
        self.assertIn("mine.zip", said)
        self.assertEqual((self.folder / "mine.zip").stat().st_mode & 0o777, 0o600)
        self.assertTrue(zipfile.is_zipfile(self.folder / "mine.zip"))
        self.assertIn("Nothing is stored", self.assistctl(daemon, "users", "export", "nobody", code=1))
        self.assertEqual(daemon.get("/users/nobody/export").status, 404)
        self.assertEqual(daemon.get("/me/export?format=pdf").status, 422)

    def test_removed_is_removed(self):
        daemon, conversation = self.filled()
        # One that runs is stopped first.
        running = daemon.conversation()
        daemon.stream(running, "Run a DLA simulation with 20000 particles").until("tool.call")
        self.assertEqual(daemon.call("DELETE", "/users/local/data").status, 422)
        self.assertEqual(daemon.call("DELETE", "/users/local/data?confirm=somebody").status, 422)
        self.assertIn("--yes", self.assistctl(daemon, "users", "remove-data", "local", code=2))
        self.assertEqual(daemon.get(f"/conversations/{conversation}").status, 200)
        said = self.assistctl(daemon, "users", "remove-data", "local", "--yes")
        self.assertIn("conversations: 2", said)
        self.assertIn("The audit log still tells which tools were called", said)
        self.assertEqual(daemon.get(f"/conversations/{conversation}").status, 404)
        for path, name in (("/conversations", "conversations"), ("/artifacts", "artifacts"), ("/documents", "documents"),
                           ("/jobs", "jobs"), ("/projects", "projects")):
            page = daemon.good("GET", path)
            self.assertEqual([items for items in page.values() if isinstance(items, list) and items], [], path)
        # That it was removed, and by whom.
        self.assertEqual([one["tool"] for one in daemon.good("GET", "/audit")["calls"]], ["users.remove_data"])
        files = [path for path in (daemon.state / "artifacts").rglob("*") if path.is_file()]
        until(lambda: not [path for path in files if path.exists()], "the files are gone")
        report = daemon.good("POST", "/admin/check", {"contents": True})
        self.assertEqual(report["faults"], [])
        daemon.chat(daemon.conversation(), "What can you do?")  # the name may come again

    def test_who_is_being_removed_begins_nothing(self):
        daemon = self.daemon(KEYS)
        admin = administrator(daemon)
        alice = user(admin, "alice")
        database = sqlite3.connect(daemon.state / "assistd.db", isolation_level=None, timeout=30)
        self.addCleanup(database.close)
        path = f"{API}/users/alice/removal"
        self.assertEqual(admin.ask("GET", path).status, 404)

        def statuses():
            """What alice and an administrator are told while a removal waits for the database."""
            alice.good("POST", "/conversations", {"title": "Soot"})
            database.execute("BEGIN IMMEDIATE")
            asked = threading.Thread(target=lambda: admin.ask("DELETE", f"{API}/users/alice/data?confirm=alice"))
            asked.start()
            until(lambda: admin.ask("GET", path).status == 200 or not asked.is_alive(), "the removal has begun")
            told = (alice.ask("GET", f"{API}/conversations").status, alice.ask("POST", f"{API}/conversations", {}).status,
                    admin.ask("GET", f"{API}/conversations").status, admin.ask("GET", path).json)
            database.execute("ROLLBACK")
            asked.join()
            return told

        # A database that is held for seconds fails the removal, which is no matter of this.
        until(lambda: statuses() == (409, 409, 200, {"user": "alice", "removed": {}}), "alice is refused")
        until(lambda: admin.ask("DELETE", f"{API}/users/alice/data?confirm=alice").status == 200, "all is removed")
        self.assertEqual(alice.good("GET", "/conversations")["conversations"], [])

    def test_how_far_a_removal_is_is_told_on_a_terminal(self):
        daemon = self.daemon()
        daemon.conversation()
        database = sqlite3.connect(daemon.state / "assistd.db", isolation_level=None, timeout=30)
        self.addCleanup(database.close)
        shown, terminal = pty.openpty()
        command = [BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{daemon.port}", "users", "remove-data", "local", "--yes"]

        def told():
            database.execute("BEGIN IMMEDIATE")  # the removal waits for it
            client = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal)
            ready = select.select([shown], [], [], 4)[0]
            text = os.read(shown, 4096) if ready else b""
            database.execute("ROLLBACK")
            client.communicate(timeout=60)
            return b"removed so far: nothing" in text

        until(told, "it is told")
        os.close(shown)
        os.close(terminal)

    def test_an_index_that_is_damaged_is_made_anew(self):
        daemon, conversation = self.filled()
        daemon.end()
        for name, index in (("assistd.db", "message_search"), ("knowledge.db", "passages")):
            database = sqlite3.connect(daemon.state / name)
            database.execute(f"INSERT INTO {index} ({index}) VALUES ('delete-all')")
            database.commit()
            database.close()
        daemon.start()
        self.assertEqual(daemon.good("GET", "/conversations?q=particles")["conversations"], [])
        said = " ".join(self.doctor(daemon, code=1).split())
        self.assertIn("assistd --rebuild-search --state", said)
        rebuild = [BUILD / "bin/assistd", "--rebuild-search", "--state", daemon.state]
        self.assertEqual(subprocess.run(rebuild, capture_output=True, timeout=60).returncode, 1)  # it is in use
        daemon.end()
        done = subprocess.run(rebuild, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        daemon.start()
        self.assertEqual([one["id"] for one in daemon.good("GET", "/conversations?q=particles")["conversations"]], [conversation])
        until(lambda: "1800 K" in json.dumps(daemon.good("POST", "/documents/search", {"query": "furnace"})),
              "the documents are indexed")
        self.assertEqual(daemon.good("POST", "/admin/check")["faults"], [])

    def test_a_check_finds_what_is_wrong(self):
        daemon, _ = self.filled()
        report = daemon.good("POST", "/admin/check", {"contents": True})
        self.assertEqual(report["faults"], [])
        self.assertTrue(report["ok"])
        self.assertEqual(report["documents"], 1)
        self.assertIn("All of it is sound", self.doctor(daemon))
        file = next(path for path in (daemon.state / "artifacts").rglob("*") if path.is_file())
        file.write_bytes(b"spoilt")
        report = daemon.good("POST", "/admin/check")
        self.assertFalse(report["ok"])
        self.assertIn("bytes instead of", report["faults"][0]["message"])
        self.assertIn("FAIL", self.doctor(daemon, code=1))
        self.assertEqual(daemon.post("/admin/check", {"contents": 1}).status, 422)
        self.assertEqual(daemon.post("/admin/check", {"everything": True}).status, 422)
        orphan = daemon.state / "artifacts/ab" / ("c" * 62)
        orphan.parent.mkdir(exist_ok=True)
        orphan.write_bytes(b"nobody's")
        os.utime(orphan, (1, 1))
        self.assertEqual(daemon.good("POST", "/admin/check")["orphans"], 1)
        self.assertTrue(orphan.exists())
        self.assertIn("1 files that belonged to no artifact were removed", self.doctor(daemon, "--remove-orphans", code=1))
        self.assertFalse(orphan.exists())

    def doctor(self, daemon, *words, code=0):
        config = self.folder / "doctor.yaml"
        config.write_text(f"listen: 127.0.0.1:{daemon.port}\nstate: {daemon.state}\n")
        daemon.state.chmod(0o700)
        environment = {"OLLAMA_HOST": "127.0.0.1:1", "LLAMA_ARG_PORT": "1"}
        command = [BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{daemon.port}", "doctor", "--data", "--config", config, *words]
        done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout


if __name__ == "__main__":
    unittest.main()
