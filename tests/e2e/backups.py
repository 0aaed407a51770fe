"""Backups of a daemon that works meanwhile, and their way back."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import threading
import unittest

from access_support import KEYS, Person, administrator, user
from daemon import API, BUILD, CHAIN, Daemon, FolderTest, in_threads, until


class BackupTest(FolderTest):
    def assistctl(self, *words, daemon=None, code=0):
        command = [BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{daemon.port if daemon else 1}", *map(str, words)]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ASSISTD_")}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def restored(self, file, name="restored"):
        """A daemon over what was restored."""
        folder = self.folder / name
        folder.mkdir()
        said = self.assistctl("restore", file, "--state", folder / "state")
        self.assertIn("Restored: ", said)
        daemon = Daemon(folder).start()
        self.addCleanup(daemon.kill)
        return daemon

    def seen(self, daemon):
        """All that the API tells of conversations, artifacts and documents."""
        conversations = daemon.good("GET", "/conversations?limit=100")["conversations"]
        for one in conversations:
            one["messages"] = daemon.messages(one["id"])
        artifacts = daemon.good("GET", "/artifacts?limit=100")["artifacts"]
        for one in artifacts:
            one["bytes"] = daemon.get(f"/artifacts/{one['handle']}/content").body
        documents = daemon.good("GET", "/documents?limit=100")
        usage = daemon.good("GET", "/usage")
        return conversations, artifacts, documents, usage


class Backups(BackupTest):
    def test_there_and_back(self):
        daemon = self.daemon()
        conversation = daemon.conversation()
        daemon.chat(conversation, CHAIN)
        reply = daemon.call("POST", "/documents?name=notes.txt", b"The furnace runs at 1800 K.")
        self.assertEqual(reply.status, 201, reply.body)
        until(lambda: daemon.good("GET", "/documents")["documents"][0]["status"] == "completed", "the document is read")
        before = self.seen(daemon)
        self.assertGreaterEqual(len(before[1]), 4)
        file = self.folder / "backup.tar.zst"
        said = self.assistctl("backup", file, daemon=daemon)
        self.assertIn(str(file), said)
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.assertEqual(list(self.folder.glob("*.part")), [])
        # Anybody's tar opens it.
        listed = subprocess.run(["tar", "--zstd", "-tf", file], capture_output=True, text=True)
        if listed.returncode == 0:
            self.assertIn("manifest.json", listed.stdout)
        self.assertIn("The backup is good: 1 conversation with ", self.assistctl("restore", "--check", file))
        again = self.restored(file)
        self.assertEqual(self.seen(again), before)
        found = again.good("POST", "/documents/search", {"query": "furnace"})
        self.assertIn("1800 K", json.dumps(found))
        again.chat(conversation, "What can you do?")

    def test_a_folder_gets_a_name_with_the_time(self):
        daemon = self.daemon()
        folder = self.folder / "backups"
        folder.mkdir()
        self.assistctl("backup", folder, daemon=daemon)
        names = [path.name for path in folder.iterdir()]
        self.assertRegex(names[0], r"^assistd-\d{8}T\d{6}Z\.tar\.zst$")
        self.assertEqual(len(names), 1)
        told = json.loads(self.assistctl("--json", "backup", self.folder / "other", daemon=daemon))
        self.assertEqual(told["size"], (self.folder / "other").stat().st_size)
        self.assertEqual(told["faults"], 0)

    def test_turns_go_on_meanwhile(self):
        daemon = self.daemon()
        stop, acknowledged, lock = threading.Event(), [], threading.Lock()

        def talk(number):
            while not stop.is_set():
                conversation = daemon.conversation(title=f"talk {number}")
                reply = daemon.chat(conversation, "Run a DLA simulation with 60 particles")
                with lock:
                    acknowledged.append((conversation, reply["id"]))

        talkers = [threading.Thread(target=talk, args=(number,)) for number in range(3)]
        for talker in talkers:
            talker.start()
        self.addCleanup(stop.set)
        promised = []
        for number in range(3):
            until(lambda: len(acknowledged) > 4 * (number + 1), "turns have been made")
            with lock:
                before = list(acknowledged)
            file = self.folder / f"backup-{number}"
            self.assistctl("backup", file, daemon=daemon)
            promised.append((file, before))
        stop.set()
        for talker in talkers:
            talker.join()
        for number, (file, before) in enumerate(promised):
            again = self.restored(file, f"restored-{number}")
            for conversation, message in before:
                messages = again.messages(conversation)
                self.assertIn(message, [one["id"] for one in messages])
            for one in again.good("GET", "/artifacts?limit=100")["artifacts"]:
                self.assertEqual(len(again.get(f"/artifacts/{one['handle']}/content").body), one["size"])
            again.kill()

    def test_never_over_a_living_daemon_or_other_files(self):
        daemon = self.daemon()
        file = self.folder / "backup"
        self.assistctl("backup", file, daemon=daemon)
        said = self.assistctl("restore", file, "--state", daemon.state, code=1)
        self.assertIn(f"Another assistd (process {daemon.process.pid}) uses the state folder", said)
        daemon.end()
        said = self.assistctl("restore", file, "--state", daemon.state, code=1)
        self.assertIn("is not empty", said)
        daemon.start()  # and nothing was changed
        damaged = bytearray(file.read_bytes())
        damaged[len(damaged) // 2] ^= 1
        file.write_bytes(damaged)
        said = self.assistctl("restore", file, "--state", self.folder / "new", code=1)
        self.assertIn(f"{file}: The backup is damaged", said)
        self.assertFalse((self.folder / "new").exists())
        self.assertIn(f"{file}: The backup is damaged", self.assistctl("restore", "--check", file, code=1))
        self.assertIn("cannot be read", self.assistctl("restore", "--check", self.folder / "none", code=1))

    @unittest.skipUnless(os.geteuid() == 0, "only root restores for others")
    def test_what_root_did_not_restore_leaves_nothing_of_roots(self):
        file = self.folder / "none.tar.zst"
        file.write_text("no backup")
        state = self.folder / "theirs"
        state.mkdir()
        os.chown(state, 65534, 65534)
        self.assertIn("backup", self.assistctl("restore", file, "--state", state, code=1))
        self.assertEqual({path.stat().st_uid for path in state.iterdir()} | {65534}, {65534})

    def test_what_is_no_file_or_no_folder_is_said_at_once(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        self.assertIn("is no file", self.assistctl("restore", pipe, "--state", self.folder / "new", code=1))
        self.assertIn("--state FOLDER", self.assistctl("restore", pipe, code=2))
        self.assertIn("empty", self.assistctl("restore", "", "--state", self.folder / "new", code=2))
        for option in ("--restore", "--check-backup", "--config"):
            done = subprocess.run([BUILD / "bin/assistd", option, "", "--state", self.folder / "new"],
                                  capture_output=True, text=True, timeout=60)
            self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
            self.assertIn(f"{option} wants the name of a file", done.stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["pipe"])

    def test_programs_are_told_in_json(self):
        daemon = self.daemon()
        daemon.conversation()
        file = self.folder / "backup"
        self.assistctl("backup", file, daemon=daemon)
        checked = json.loads(self.assistctl("--json", "restore", "--check", file))
        self.assertEqual((checked["good"], checked["conversations"]), (True, 1))
        state = self.folder / "new"
        told = json.loads(self.assistctl("--json", "restore", file, "--state", state))
        self.assertEqual((told["restored"], told["state"], told["conversations"], told["keys_ended"]),
                         (True, str(state), 1, False))
        for words in (("restore", file, "--state", state), ("restore", "--check", self.folder / "none")):
            error = json.loads(self.assistctl("--json", *words, code=1))["error"]
            self.assertEqual((error["type"], error["code"]), ("client_error", "failed"))
            self.assertRegex(error["message"], "is not empty|cannot be read")

    def test_keys_come_back_unless_they_are_ended_and_logins_never(self):
        daemon = self.daemon(KEYS)
        admin = administrator(daemon)
        alice = user(admin, "alice")
        login = alice.ask("POST", "/api/v1/session", {"key": alice.key})
        cookie = {"Cookie": login.headers["Set-Cookie"].split(";")[0]}
        self.assertEqual(Person(daemon, "alice", headers=cookie).ask("GET", f"{API}/me").status, 200)
        file = self.folder / "backup"
        file.write_bytes(admin.ask("POST", f"{API}/admin/backup").body)
        for key in alice.good("GET", "/keys")["keys"]:
            admin.good("DELETE", f"/keys/{key['id']}")
        self.assertEqual(alice.ask("GET", f"{API}/me").status, 401)
        for words, status in (((), 200), (("--end-keys",), 401)):
            folder = self.folder / f"restored{len(words)}"
            folder.mkdir()
            said = self.assistctl("restore", file, "--state", folder / "state", *words)
            self.assertIn("2 users have the passwords and rights", said)
            self.assertIn("All 2 API keys have ended" if words else "2 API keys are good that were good then", said)
            again = Daemon(folder, KEYS).start()
            self.addCleanup(again.kill)
            self.assertEqual(Person(again, "alice", alice.key).ask("GET", f"{API}/me").status, status)
            self.assertEqual(Person(again, "alice", headers=cookie).ask("GET", f"{API}/me").status, 401)
            # Who has no key any more gets the first one again.
            self.assertEqual((again.state / "admin.key").exists(), bool(words))

    def test_killed_in_the_middle(self):
        daemon = self.daemon()
        for _ in range(3):
            reply = daemon.call("POST", "/artifacts?name=noise", os.urandom(4_000_000))
            self.assertEqual(reply.status, 201)
        for _ in range(4):
            asked = threading.Thread(target=lambda: self.asked_in_vain(daemon))
            asked.start()
            until(lambda: list(daemon.state.glob("backup.unfinished-*")), "a backup is being made")
            daemon.kill()
            asked.join()
            daemon.start()
            self.assertEqual(list(daemon.state.glob("*unfinished*")), [])
        self.assistctl("backup", self.folder / "backup", daemon=daemon)
        self.assertEqual(len(self.seen(self.restored(self.folder / "backup"))[1]), 3)

    def asked_in_vain(self, daemon):
        file = self.folder / "in-vain"
        command = [BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{daemon.port}", "backup", file]
        subprocess.run(command, capture_output=True, timeout=120)
        self.assertFalse(file.exists())
        self.assertFalse(pathlib.Path(f"{file}.part").exists())

    def test_who_stops_waiting_leaves_nothing(self):
        daemon = self.daemon()
        reply = daemon.call("POST", "/artifacts?name=noise", os.urandom(8_000_000))
        self.assertEqual(reply.status, 201)
        file = self.folder / "stopped"
        command = [BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{daemon.port}", "backup", file]
        client = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        until(lambda: list(daemon.state.glob("backup.unfinished-*")), "a backup is being made")
        client.send_signal(signal.SIGINT)
        self.assertEqual(client.wait(60), 1)
        client.communicate()
        until(lambda: not list(daemon.state.glob("*unfinished*")), "the daemon has given it up")
        self.assertEqual(list(self.folder.glob("stopped*")), [])
        until(lambda: daemon.call("POST", "/admin/backup").status == 200, "another one may be made")

    def test_the_route(self):
        daemon = self.daemon()
        reply = daemon.call("POST", "/admin/backup")
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.headers["Content-Type"], "application/zstd")
        self.assertEqual(reply.headers["Cache-Control"], "no-store")
        self.assertEqual(reply.headers["Assistd-Faults"], "0")
        self.assertRegex(reply.headers["Content-Disposition"], r'filename="assistd-\d{8}T\d{6}Z\.tar\.zst"')
        self.assertEqual(daemon.get("/admin/backup").status, 405)
        self.assertEqual(daemon.post("/admin/backup", {"to": "/etc/passwd"}).status, 422)
        self.assertEqual(daemon.post("/admin/backup?to=x").status, 422)
        self.assertEqual(daemon.post("/admin/backup", {}).status, 200)
        # One at a time; whoever else asks is told so.
        codes = in_threads(lambda number: daemon.call("POST", "/admin/backup").status, 6)
        self.assertIn(200, codes)
        self.assertLessEqual(set(codes), {200, 409})


@unittest.skipUnless(os.geteuid() == 0, "only root may mount a small file system")
class SmallDisk(BackupTest):
    def setUp(self):
        super().setUp()
        self.disk = self.folder / "disk"
        self.disk.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", self.disk], capture_output=True)
        if done.returncode != 0:
            self.skipTest("nothing may be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk])

    def test_a_full_disk_keeps_the_backup_from_being_made_and_nothing_else(self):
        daemon = Daemon(self.disk, config="store: {reserve_mib: 8}\n").start()
        self.addCleanup(daemon.kill)
        files = 0
        while shutil.disk_usage(self.disk).free > files * 2_000_000 + 6_000_000:
            files += 1
            self.assertEqual(daemon.call("POST", "/artifacts?name=noise", os.urandom(2_000_000)).status, 201)
        reply = daemon.call("POST", "/admin/backup")
        self.assertEqual(reply.status, 503, reply.body[:500])
        self.assertIn("has no room", reply.error["message"])
        self.assertEqual(list(daemon.state.glob("*unfinished*")), [])
        daemon.chat(daemon.conversation(), "What can you do?")
        for number in range(1, files - 1):
            daemon.good("DELETE", f"/artifacts/file-{number}", status=204)
        self.assertEqual(daemon.call("POST", "/admin/backup").status, 200)


if __name__ == "__main__":
    unittest.main()
