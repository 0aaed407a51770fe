"""What administrators do about others: shutting users out, looking after what runs and what it costs, names of former
users; and what the audit log keeps of it."""

import csv
import io
import json
import sqlite3
import unittest

from access_support import KEYS, Person, administrator, key, user
from daemon import API, DaemonTest, FolderTest, in_threads, until

IN_TURN = "tools: {run_dla_simulation: {job_after_s: 600}}\n"
AS_JOB = "tools: {run_dla_simulation: {job_after_s: 0.05}}\n"
SLOW = "Run a 2D DLA simulation with 10000000 particles"
LONG = {"arguments": {"n_particles": 10_000_000, "dimensions": 2, "seed": 5}}
STUDY = {"tool": "run_dla_simulation", "base_parameters": {"dimensions": 2},
         "parameter_grid": {"n_particles": [9_000_000, 10_000_000]}}
DISABLED = "The user bob is disabled."


def begin_job(person):
    result = person.good("POST", "/tools/run_dla_simulation/execute", LONG)
    return result["data"]["job_id"]


def conversation_of(person):
    return person.good("POST", "/conversations", {})["id"]


def chat(person, conversation):
    return person.ask("POST", f"{API}/conversations/{conversation}/chat", {"content": SLOW})


class ShutOut(FolderTest):
    def test_what_runs_in_turns_and_calls_ends_and_what_waits_does_not_begin(self):
        d = self.daemon(KEYS + IN_TURN + "limits: {users: [{turns_at_once: 1}]}\n")
        admin = administrator(d)
        bob, carol = user(admin, "bob"), user(admin, "carol")
        running, waiting = conversation_of(bob), conversation_of(bob)

        def turns(state):
            return bob.good("GET", "/limits")["turns"][state]

        def step(number):
            if number == 0:
                return chat(bob, running)
            until(lambda: turns("running") == 1, "the first turn")
            if number == 1:
                return chat(bob, waiting)
            if number == 2:
                return bob.ask("POST", f"{API}/tools/run_dla_simulation/execute", LONG)
            until(lambda: turns("waiting") == 1, "the second turn")
            return admin.good("PATCH", "/users/bob", {"disabled": True})

        ended, refused, call, _ = in_threads(step, 4)
        self.assertEqual(refused.status, 403, refused.body)
        self.assertIn(DISABLED, refused.error["message"])
        # At the door, when it came late.
        self.assertIn("bob is disabled", json.dumps(call.json))
        self.assertEqual(bob.ask("GET", f"{API}/me").status, 403)
        self.assertEqual(carol.ask("GET", f"{API}/me").status, 200)
        admin.good("PATCH", "/users/bob", {"disabled": False})
        turn = ended.headers["X-Turn-ID"]
        about = bob.good("GET", f"/conversations/{running}/turns/{turn}")
        self.assertEqual((about["state"], about["error"]["message"]), ("cancelled", DISABLED))
        self.assertEqual(bob.good("GET", f"/conversations/{waiting}/messages")["messages"], [])

    def test_jobs_and_studies_end_and_others_go_on(self):
        d = self.daemon(KEYS + AS_JOB)
        admin = administrator(d)
        bob, carol = user(admin, "bob"), user(admin, "carol")
        job, hers = begin_job(bob), begin_job(carol)
        study = bob.good("POST", "/studies", STUDY)["id"]
        admin.good("PATCH", "/users/bob", {"disabled": True})
        # Who is disabled asks nothing; the administrator sees how it does.
        state = lambda: admin.good("GET", f"/jobs/{job}?user=bob")["state"]
        until(lambda: state() == "cancelled", "the end of the job")
        until(lambda: admin.good("GET", f"/studies/{study}?user=bob")["status"] == "cancelled", "the end of the study")
        self.assertEqual(carol.good("GET", f"/jobs/{hers}")["state"], "running")
        admin.good("PATCH", "/users/bob", {"disabled": False})
        ended = bob.good("GET", f"/jobs/{job}")
        self.assertEqual((ended["summary"], ended["result"]["error"]["error_type"]), (DISABLED, "CancelledError"))
        # A deleted one's, too.
        admin.good("DELETE", "/users/carol")
        until(lambda: admin.good("GET", f"/jobs/{hers}?user=carol")["state"] == "cancelled", "the end of her job")

    def test_nothing_is_begun_again_after_a_restart(self):
        d = self.daemon(KEYS + AS_JOB)
        admin = administrator(d)
        bob, carol, dave = (user(admin, name) for name in ("bob", "carol", "dave"))
        jobs = {person.name: begin_job(person) for person in (bob, carol, dave)}
        study = bob.good("POST", "/studies", STUDY)["id"]
        d.kill()
        with sqlite3.connect(d.state / "assistd.db") as db:
            db.execute("PRAGMA foreign_keys = ON")
            db.execute("UPDATE users SET disabled = 1 WHERE name = 'bob'")
            db.execute("DELETE FROM users WHERE name = 'carol'")
        db.close()
        d.start()
        states = {name: admin.good("GET", f"/jobs/{job}?user={name}")["state"] for name, job in jobs.items()}
        self.assertEqual(states, {"bob": "cancelled", "carol": "cancelled", "dave": "running"})
        until(lambda: admin.good("GET", f"/studies/{study}?user=bob")["status"] == "cancelled", "the end of the study")
        admin.good("PATCH", "/users/bob", {"disabled": False})
        self.assertEqual(bob.good("GET", f"/jobs/{jobs['bob']}")["summary"], DISABLED)

    def test_a_turn_is_not_taken_up_again(self):
        d = self.daemon(KEYS + IN_TURN)
        admin = administrator(d)
        bob = user(admin, "bob")
        conversation = conversation_of(bob)
        connection = d.connect()
        self.addCleanup(connection.close)
        connection.request("POST", f"{API}/conversations/{conversation}/chat", json.dumps({"content": SLOW}),
                           {"Content-Type": "application/json", "Accept": "text/event-stream"} | bob.headers)
        turn = connection.getresponse().headers["X-Turn-ID"]
        until(lambda: len(bob.good("GET", f"/conversations/{conversation}/messages")["messages"]) > 1, "the call")
        d.kill()
        with sqlite3.connect(d.state / "assistd.db") as db:
            db.execute("UPDATE users SET disabled = 1 WHERE name = 'bob'")
        db.close()
        d.start()
        admin.good("PATCH", "/users/bob", {"disabled": False})
        about = bob.good("GET", f"/conversations/{conversation}/turns/{turn}")
        self.assertEqual((about["state"], about["error"]["message"]), ("cancelled", DISABLED))

    def test_the_built_in_user_is_let_in_without_authentication(self):
        d = self.daemon(AS_JOB)
        d.good("POST", "/tools/list_algorithms/execute")
        d.kill()
        with sqlite3.connect(d.state / "assistd.db") as db:
            db.execute("UPDATE users SET disabled = 1 WHERE name = 'local'")
        db.close()
        d.start()
        d.good("POST", "/tools/list_algorithms/execute")
        self.assertEqual(d.chat(d.conversation(), "What can you do?")["role"], "assistant")


class OfOthers(DaemonTest):
    config = KEYS + AS_JOB

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = administrator(cls.d)
        cls.alice, cls.bob = user(cls.admin, "alice"), user(cls.admin, "bob")
        for person in (cls.alice, cls.bob):
            for _ in range(2 if person is cls.bob else 1):
                path = f"{API}/conversations/{conversation_of(person)}/chat"
                assert person.ask("POST", path, {"content": "list algorithms"}).status == 200

    def test_what_each_used(self):
        rows = self.admin.good("GET", "/usage?group_by=user&all=true")["rows"]
        self.assertEqual({row["user"]: row["turns"] for row in rows}, {"alice": 1, "bob": 2})
        self.assertEqual(self.admin.good("GET", "/usage?user=bob")["totals"]["turns"], 2)
        self.assertEqual(self.admin.good("GET", "/usage")["totals"]["turns"], 0)
        tools = self.admin.good("GET", "/usage?group_by=tool&all=true")["rows"]
        self.assertIn(("list_algorithms", 3), [(row["tool"], row["succeeded"]) for row in tools])
        providers = self.admin.good("GET", "/usage?group_by=provider&all=true")["rows"]
        self.assertEqual([row["succeeded"] for row in providers], [3])
        told = self.admin.ctl("usage", "--by", "user", "--all-users").stdout
        self.assertRegex(told, r"alice +1 [\s\S]*bob +2 ")
        self.assertIn("bob", self.admin.ctl("usage", "--by", "user", "--user", "bob").stdout)

    def test_what_they_called(self):
        users = lambda query: [call["user"] for call in self.admin.good("GET", f"/audit?tool=list_algorithms{query}")["calls"]]
        self.assertEqual(sorted(users("&all=true")), ["alice", "bob", "bob"])
        self.assertEqual(users("&user=bob"), ["bob", "bob"])
        self.assertEqual(users(""), [])
        # By pages.
        seen, cursor = [], ""
        while True:
            page = self.admin.good("GET", f"/audit?tool=list_algorithms&all=true&limit=1{cursor}")
            seen += [call["user"] for call in page["calls"]]
            if not page["has_more"]:
                break
            cursor = f"&cursor={page['next_cursor']}"
        self.assertEqual(sorted(seen), ["alice", "bob", "bob"])
        self.assertIn("alice", self.admin.ctl("audit", "--all-users").stdout)
        self.assertNotIn("alice", self.admin.ctl("audit", "--user", "bob").stdout)

    def test_jobs_and_studies_without_what_they_are_about(self):
        job = begin_job(self.bob)
        study = self.bob.good("POST", "/studies", STUDY | {"name": "a secret"})["id"]
        listed = {one["id"]: one for one in self.admin.good("GET", "/jobs?all=true")["jobs"]}
        self.assertEqual(listed[job]["user"], "bob")
        for name in ("arguments", "note", "summary", "result", "conversation_id", "turn_id"):
            self.assertIsNone(listed[job][name], name)
        self.assertIn(job, [one["id"] for one in self.admin.good("GET", "/jobs?user=bob")["jobs"]])
        seen = self.admin.good("GET", "/studies?all=true")["studies"]
        self.assertEqual([(one["id"], one["user"]) for one in seen], [(study, "bob")])
        self.assertNotIn("secret", json.dumps(seen))
        self.assertNotIn("9000000", json.dumps(seen))
        # It is there for who says whose it is, and for nobody else.
        self.assertEqual(self.admin.ask("GET", f"{API}/jobs/{job}").status, 404)
        self.assertEqual(self.admin.ask("GET", f"{API}/jobs/{job}?user=alice").status, 404)
        self.assertEqual(self.admin.ask("POST", f"{API}/studies/{study}/cancel").status, 404)
        self.assertIn("cancelled", self.admin.ctl("jobs", "cancel", job, "--user", "bob").stdout)
        self.assertEqual(self.admin.good("POST", f"/studies/{study}/cancel?user=bob")["status"], "cancelled")
        self.assertEqual(self.bob.good("GET", f"/jobs/{job}")["state"], "cancelled")
        deeds = self.admin.good("GET", "/audit?user=local")["calls"][:2]
        self.assertEqual([(one["tool"], one["deed"]["whom"], one["deed"]["details"]) for one in deeds],
                         [("studies.cancel", "bob", study), ("jobs.cancel", "bob", job)])

    def test_users_see_their_own(self):
        for path in ("/audit", "/usage", "/jobs", "/studies"):
            for query in ("?user=alice", "?all=true"):
                refused = self.bob.ask("GET", API + path + query)
                self.assertEqual(refused.status, 403, path + query)
                self.assertIn("administrator", refused.error["message"])
            self.assertEqual(self.bob.ask("GET", f"{API}{path}?user=bob").status, 200)
            self.assertEqual(self.admin.ask("GET", f"{API}{path}?user=bob&all=true").status, 422)
        reader = Person(self.d, "local", key(self.admin, "reader", scopes=["read"]))
        self.assertEqual(reader.ask("GET", f"{API}/audit?all=true").status, 403)
        missing = "job_01a1fd9f63c67001a9b57dc883e032c7"
        self.assertEqual(self.bob.ask("POST", f"{API}/jobs/{missing}/cancel?user=alice").status, 403)


class Deeds(DaemonTest):
    config = KEYS

    def deeds(self, person, query=""):
        calls = person.good("GET", f"/audit?limit=100{query}")["calls"]
        return [(one["tool"], one["deed"]["whom"], one["deed"]["details"]) for one in reversed(calls) if one["deed"]]

    def test_are_in_the_audit_log(self):
        admin = administrator(self.d)
        admin.good("POST", "/users", {"name": "eve"})
        made = admin.good("POST", "/keys", {"name": "hers", "user": "eve"})
        admin.good("POST", "/keys", {"name": "mine", "scopes": ["read"]})  # about nobody else
        second = admin.good("POST", "/keys", {"name": "second", "scopes": ["read", "admin"]})
        admin.good("PATCH", "/users/eve", {"role": "admin", "password": "a long password"})
        admin.good("DELETE", f"/keys/{made['id']}")
        admin.ask("GET", f"{API}/users/eve/export")
        admin.ask("POST", f"{API}/admin/backup")
        admin.good("POST", "/admin/reload")
        admin.good("DELETE", "/users/eve")
        told = self.deeds(admin)
        self.assertEqual([deed for deed in told if deed[0] != "data.backup"], [
            ("users.create", "eve", "role: user"), ("keys.create", "eve", made["id"]),
            ("keys.create", "local", second["id"]), ("users.change", "eve", "role: admin, password"),
            ("keys.revoke", "eve", made["id"]), ("users.export", "eve", None), ("config.reload", None, None),
            ("users.delete", "eve", None)])
        self.assertIn("data.backup", [deed[0] for deed in told])
        calls = admin.good("GET", "/audit?tool=users.delete")["calls"]
        own = admin.good("GET", "/me")["key"]["id"]
        self.assertEqual([(one["user"], one["outcome"], one["deed"]["credential"]) for one in calls], [("local", "success", own)])
        self.assertNotIn("a long password", json.dumps(told))
        listed = admin.ctl("audit").stdout
        self.assertIn("users.delete", listed)
        self.assertIn(own, listed)
        rows = list(csv.DictReader(io.StringIO(admin.ctl("audit", "--csv").stdout)))
        self.assertIn(("users.delete", "eve", own), [(row["tool"], row["whom"], row["credential"]) for row in rows])
        # They are no calls of tools.
        self.assertEqual(admin.good("GET", "/usage?group_by=tool&all=true")["rows"], [])

    def test_do_not_keep_the_name_of_who_was_removed(self):
        admin = administrator(self.d)
        mallory = user(admin, "mallory")
        conversation_of(mallory)
        admin.good("DELETE", "/users/mallory/data?confirm=mallory")
        admin.good("DELETE", "/users/mallory")
        told = self.deeds(admin, "&tool=users.create") + self.deeds(admin, "&tool=users.remove_data")
        # What came before has another name now, the same as that of the removal.
        whom = {deed[1] for deed in told if deed[1] not in ("eve", "former")}
        self.assertEqual(len(whom), 1, told)
        self.assertTrue(whom.pop().startswith("removed-"), told)


class FormerAdministrators(DaemonTest):
    config = KEYS

    def test_do_not_take_their_deeds_with_them(self):
        admin = administrator(self.d)
        admin.good("POST", "/users", {"name": "carl", "role": "admin"})
        made = admin.good("POST", "/keys", {"name": "his", "user": "carl", "scopes": ["read", "write", "tools", "admin"]})
        carl = Person(self.d, "carl", made["key"])
        user(carl, "dan")
        conversation_of(carl)
        carl.good("DELETE", "/users/carl/data?confirm=carl")
        calls = admin.good("GET", "/audit?all=true&limit=100")["calls"]
        deeds = {one["tool"] for one in calls if one["user"] == "carl" and one["deed"]["credential"] == made["id"]}
        self.assertEqual(deeds, {"users.create", "keys.create", "users.remove_data"})


class FormerUsers(DaemonTest):
    config = KEYS

    def test_their_things_are_nobodys_by_chance(self):
        admin = administrator(self.d)
        former = user(admin, "former")
        conversation = conversation_of(former)
        said = admin.ctl("users", "delete", "former")
        self.assertEqual(said.returncode, 0, said.stderr)
        self.assertIn("conversations: 1", said.stdout)
        self.assertIn("users remove-data former", said.stdout)
        refused = admin.ask("POST", f"{API}/users", {"name": "former"})
        self.assertEqual(refused.status, 409)
        self.assertIn("conversations: 1", refused.error["message"])
        said = admin.ctl("users", "create", "former")
        self.assertEqual(said.returncode, 1)
        self.assertIn("--take-over", said.stderr)
        self.assertEqual(admin.ask("GET", f"{API}/users/former").status, 404)
        # Taken over when it is said so.
        said = admin.ctl("users", "create", "former", "--take-over")
        self.assertEqual(said.returncode, 0, said.stderr)
        again = Person(self.d, "former", key(admin, user="former"))
        self.assertEqual(again.good("GET", f"/conversations/{conversation}")["id"], conversation)
        # Or removed first.
        admin.good("DELETE", "/users/former")
        self.assertEqual(admin.good("GET", "/users/former/data")["amounts"]["conversations"], 1)
        self.assertEqual(admin.ctl("users", "remove-data", "former", "--yes").returncode, 0)
        self.assertEqual(admin.good("GET", "/users/former/data")["amounts"], {})
        self.assertEqual(admin.ctl("users", "create", "former").returncode, 0)

    def test_a_name_that_never_was_is_not_removed(self):
        admin = administrator(self.d)
        said = admin.ctl("users", "remove-data", "nosuch", "--yes")
        self.assertEqual(said.returncode, 1)
        self.assertIn("nosuch", said.stderr)
        self.assertEqual(admin.ask("DELETE", f"{API}/users/nosuch/data?confirm=nosuch").status, 404)
        admin.good("POST", "/users", {"name": "empty"})
        # Nothing but the name in what the administrator did.
        self.assertEqual(admin.good("DELETE", "/users/empty/data?confirm=empty")["removed"], {"audit": 1})


if __name__ == "__main__":
    unittest.main()
