"""The first key, users and keys by assistctl, logins of the page, and what keeps them from being misused."""

import json
import os
import pathlib
import re
import stat
import subprocess
import unittest

from access_support import KEYS, Person, administrator, first_key, key, user
from daemon import API, BUILD, Daemon, DaemonTest, FolderTest, until

SESSION = "/api/v1/session"
PASSWORD = "a long password"
# As the README has it, for a line with its time.
FAIL2BAN = r"^\S+\s*warning request_id=\S+ (?:trace_id=\w+ )?refused peer=(\S+) by=(?:key|token|password) "


class FirstKey(FolderTest):
    def test_is_left_for_whoever_runs_the_daemon(self):
        daemon = self.daemon(KEYS)
        file = daemon.state / "admin.key"
        self.assertEqual(stat.S_IMODE(os.stat(file).st_mode), 0o600)
        admin = administrator(daemon)
        me = admin.good("GET", "/me")
        self.assertEqual((me["user"], me["role"], me["scopes"]), ("local", "admin", ["read", "write", "tools", "admin"]))
        self.assertIn(str(file), daemon.log.read_text())
        # Once: who took it and deleted the file gets no other.
        file.unlink()
        daemon.restart()
        self.assertFalse(file.exists())
        self.assertEqual(admin.good("GET", "/me")["user"], "local")

    def test_that_is_left_there_is_told_of(self):
        daemon = self.daemon(KEYS)
        told = f"{daemon.state / 'admin.key'} is still there"
        self.assertNotIn(told, daemon.log.read_text(), "it has only just been made")
        daemon.restart()
        self.assertIn(told, daemon.log.read_text())
        self.assertIn(told, self.checked(daemon, KEYS))
        (daemon.state / "admin.key").unlink()
        self.assertNotIn(told, self.checked(daemon, KEYS))

    def checked(self, daemon, config):
        (self.folder / "check.yaml").write_text(config)
        done = subprocess.run([BUILD / "bin/assistd", "--check-config", "--config", self.folder / "check.yaml", "--state", daemon.state],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stderr

    def test_users_whom_nobody_is_asked_for_are_told_of(self):
        daemon = self.daemon(KEYS)
        admin = administrator(daemon)
        for name in ("alice", "bob"):
            admin.good("POST", "/users", {"name": name})
        told = ('auth.mode is none, but the state folder {} knows 2 users besides "local" (alice, bob): nobody is asked for a key '
                'or a password').format(daemon.state)
        self.assertNotIn(told, self.checked(daemon, KEYS))
        self.assertIn(told, self.checked(daemon, "auth: {mode: none}\n"), "also while a daemon runs")
        daemon.end()
        self.assertIn(told, self.checked(daemon, ""), "also after it has ended")
        daemon = self.daemon()
        self.assertIn(told, daemon.log.read_text())
        port = daemon.witness.target if daemon.witness else daemon.port
        doctor = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{port}", "doctor"],
                                capture_output=True, text=True, timeout=60)
        self.assertIn('access: 2 users besides "local" are known, but auth.mode is none', doctor.stdout)
        self.assertIn("admin.key is still there", doctor.stdout)

    def test_the_last_way_in_stays(self):
        daemon = self.daemon(KEYS)
        admin = administrator(daemon)
        key, = admin.good("GET", "/keys")["keys"]
        refused = admin.ask("DELETE", f"{API}/keys/{key['id']}")
        self.assertEqual(refused.status, 409, refused.body)
        self.assertIn("no administrator could get in any more", refused.body.decode())
        self.assertEqual(admin.good("GET", "/me")["user"], "local", "it is good as before")
        for method, body in (("DELETE", None), ("PATCH", {"role": "user"}), ("PATCH", {"disabled": True})):
            self.assertEqual(admin.ask(method, f"{API}/users/local", body).status, 409)
        admin.good("POST", "/keys", {"name": "another", "scopes": ["read", "write", "tools", "admin"]})
        self.assertIn(admin.ask("DELETE", f"{API}/keys/{key['id']}").status, (200, 204))

    def test_counts_only_once_it_can_be_taken(self):
        daemon = Daemon(self.folder, KEYS)
        in_the_way = daemon.state / "admin.key" / "not empty"
        in_the_way.mkdir(parents=True)
        ended = subprocess.run(daemon.command, capture_output=True, text=True, timeout=60)
        self.assertEqual(ended.returncode, 1)
        self.assertIn("admin.key", ended.stderr)
        self.assertFalse((daemon.state / "admin.key.new").exists())
        in_the_way.rmdir()
        in_the_way.parent.rmdir()
        daemon.start()
        self.addCleanup(daemon.kill)
        admin = administrator(daemon)
        self.assertEqual(len(admin.good("GET", "/keys")["keys"]), 1)

    def test_goes_on_with_what_was_made_before(self):
        daemon = self.daemon()
        conversation = daemon.conversation()
        made = Person(daemon, "local").good("POST", "/keys", {"name": "mine", "scopes": ["read", "write", "tools", "admin"]})
        daemon.end()
        daemon = self.daemon(KEYS)
        self.assertFalse((daemon.state / "admin.key").exists())
        self.assertEqual(daemon.get(f"/conversations/{conversation}").status, 401)
        mine = Person(daemon, "local", made["key"])
        self.assertEqual(mine.good("GET", f"/conversations/{conversation}")["id"], conversation)

    def test_can_be_made_again_while_no_daemon_runs(self):
        daemon = self.daemon(KEYS)
        make = [str(BUILD / "bin/assistd"), "--make-admin-key", "--state", str(daemon.state)]
        busy = subprocess.run(make, capture_output=True, text=True, timeout=60)
        self.assertEqual((busy.returncode, busy.stdout), (1, ""))
        self.assertRegex(busy.stderr, r"another|already|process")
        daemon.end()
        made = subprocess.run(make, capture_output=True, text=True, timeout=60)
        self.assertRegex(made.stdout, r"^ak_\w{49}\n$", made.stderr)
        daemon.start()
        self.assertEqual(Person(daemon, "local", made.stdout.strip()).good("GET", "/users")["count"], 1)

    def test_without_authentication_nothing_but_loopback(self):
        for config, good in (("", False), ("auth: {mode: none}\n", False), (KEYS, True)):
            (self.folder / "assistd.yaml").write_text(config + "listen: 0.0.0.0:0\n")
            checked = subprocess.run([str(BUILD / "bin/assistd"), "--check-config", "--config",
                                      str(self.folder / "assistd.yaml")], capture_output=True, text=True, timeout=60)
            self.assertEqual(checked.returncode == 0, good, checked.stderr)
            if not good:
                self.assertIn("auth.mode is none", checked.stderr)
        daemon = Daemon(self.folder, KEYS)
        daemon.command[daemon.command.index("127.0.0.1:0")] = "0.0.0.0:0"
        daemon.start()
        self.addCleanup(daemon.kill)
        self.assertEqual(daemon.get("/me").status, 401)
        self.assertEqual(administrator(daemon).good("GET", "/me")["user"], "local")


class ByAssistctl(DaemonTest):
    config = KEYS

    def test_users_and_keys_from_beginning_to_end(self):
        admin = administrator(self.d)
        self.assertIn("local", admin.ctl("users").stdout)
        made = admin.ctl("users", "create", "alice", "--password", stdin=PASSWORD + "\n")
        self.assertEqual((made.returncode, made.stdout), (0, "Made alice.\n"), made.stderr)
        again = admin.ctl("users", "create", "alice")
        self.assertEqual(again.returncode, 1)
        self.assertIn("already", again.stderr)
        created = admin.ctl("keys", "create", "laptop", "--user", "alice", "--days", "3", "--scope", "read", "--scope", "write")
        self.assertRegex(created.stdout, r"^ak_\w{49}\n$")
        self.assertIn("this once", created.stderr)
        alice = Person(self.d, "alice", created.stdout.strip())
        told = alice.ctl("whoami").stdout
        for words in ("alice", "user", "read, write", "laptop"):
            self.assertIn(words, told)
        self.assertIn("laptop", alice.ctl("keys").stdout)
        spare = alice.ctl("keys", "create", "spare")
        self.assertEqual(spare.returncode, 0, spare.stderr)
        self.assertIn("Revoked spare of alice.", alice.ctl("keys", "revoke", "spare").stdout)
        again = alice.ctl("keys", "revoke", "spare")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn("was revoked at", again.stdout)
        self.assertIn("revoked", alice.ctl("keys", "show", "spare").stdout)
        self.assertEqual(admin.ctl("limits", "--user", "alice").returncode, 0)
        self.assertIn("There is no user", admin.ctl("limits", "--user", "nosuch").stderr)
        self.assertNotIn(created.stdout.strip(), alice.ctl("keys", "--json").stdout)
        self.assertIn("administrator", alice.ctl("users").stderr)
        self.assertIn('scope "tools"', alice.ctl("tools", "run", "list_algorithms").stderr)
        self.assertEqual(alice.ctl("ask", "list algorithms").returncode, 0)
        self.assertEqual(admin.ctl("users", "disable", "alice").stdout, "Disabled alice.\n")
        self.assertIn("alice is disabled", alice.ctl("whoami").stderr)
        admin.ctl("users", "enable", "alice")
        self.assertEqual(admin.ctl("keys", "revoke", "laptop", "--user", "alice").stdout, "Revoked laptop of alice.\n")
        refused = alice.ctl("whoami")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("was revoked", refused.stderr)
        self.assertIn("ASSISTD_API_KEY", refused.stderr)
        self.assertEqual(admin.ctl("users", "role", "alice", "admin").returncode, 0)
        self.assertIn("admin", admin.ctl("users", "show", "alice").stdout)
        self.assertEqual(admin.ctl("users", "delete", "alice").returncode, 0)
        self.assertIn("There is no user", admin.ctl("users", "show", "alice").stderr)
        for own in (("users", "delete", "local"), ("users", "disable", "local"), ("users", "role", "local", "user")):
            self.assertIn("yourself", admin.ctl(*own).stderr)

    def test_every_command_sends_the_key(self):
        admin = administrator(self.d)
        for command in (("conversations",), ("tools",), ("plugins",), ("providers",), ("status",), ("usage",), ("audit",),
                        ("jobs",), ("studies",), ("projects",), ("assistants",), ("documents",), ("artifacts",)):
            with self.subTest(command=command):
                self.assertEqual(admin.ctl(*command).returncode, 0, admin.ctl(*command).stderr)
                self.assertEqual(Person(self.d).ctl(*command).returncode, 1)
        begin = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}
        self.assertIn("serverInfo", admin.ctl("mcp", stdin=json.dumps(begin) + "\n").stdout)
        self.assertIn("needs an API key", Person(self.d).ctl("mcp", stdin=json.dumps(begin) + "\n").stdout)
        wrong = subprocess.run([BUILD / "bin/assistctl", "--key", "a b", "--server", f"http://127.0.0.1:{self.d.port}", "tools"],
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(wrong.returncode, 2)
        self.assertNotIn("a b", wrong.stderr)
        by_option = subprocess.run([BUILD / "bin/assistctl", "whoami", "--key", admin.key, "--server",
                                    f"http://127.0.0.1:{self.d.port}"], capture_output=True, text=True, timeout=60)
        self.assertIn("local", by_option.stdout)
        words = ["__complete", "--server", f"http://127.0.0.1:{self.d.port}", "users", "show", ""]
        shell = lambda: subprocess.run([BUILD / "bin/assistctl", *words], capture_output=True, text=True, timeout=60,
                                       env={"PATH": "/usr/bin:/bin", "ASSISTD_API_KEY": admin.key}).stdout
        # On a busy machine it gives up before the daemon has answered.
        until(lambda: "local" in shell(), "names of users")


class Keys(DaemonTest):
    config = KEYS

    def test_one_key_makes_none_that_reaches_further(self):
        admin = administrator(self.d)
        alice = user(admin, "alice")
        writer = Person(self.d, "alice", key(alice, "writer", scopes=["write", "read"], expires_days=2))
        refused = writer.ask("POST", f"{API}/keys", {"name": "more", "scopes": ["tools"]})
        self.assertIn('with the scope \\"tools\\"', refused.body.decode())
        self.check_error(refused, 403, "forbidden")
        self.check_error(writer.ask("POST", f"{API}/keys", {"name": "longer", "expires_days": 3}), 403, "forbidden")
        same = writer.good("POST", "/keys", {"name": "same"})
        own = writer.good("GET", f"/keys/{writer.good('GET', '/me')['key']['id']}")
        self.assertEqual((same["scopes"], same["expires_at"]), (["read", "write"], own["expires_at"]))
        by_cookie = self.log_in(writer)
        self.check_error(by_cookie.ask("POST", f"{API}/keys", {"name": "tools", "scopes": ["tools"]}), 403, "forbidden")
        self.check_error(by_cookie.ask("POST", f"{API}/keys", {"name": "longer", "expires_days": 3}), 403, "forbidden")
        self.check_error(alice.ask("POST", f"{API}/keys", {"name": "root", "scopes": ["admin"]}), 403, "forbidden")
        none = alice.ask("POST", f"{API}/keys", {"name": "none", "scopes": ["root"]})
        self.assertIn('scopes are read, write, tools and admin; one is "root".',
                      self.check_error(none, 422, "validation", "scopes")["message"])
        self.assertEqual(alice.good("POST", "/keys", {"name": "twice", "scopes": ["read", "read"]})["scopes"], ["read"])
        # Nor does it become a password, which reaches everywhere.
        self.check_error(writer.ask("PUT", f"{API}/me/password", {"new_password": PASSWORD}), 403, "forbidden")

    def test_an_administrators_makes_nothing_better_either(self):
        admin = administrator(self.d)
        erna = user(admin, "erna")
        admin.good("POST", "/users", {"name": "chief", "role": "admin"})
        admin.good("POST", "/users", {"name": "former", "role": "admin"})
        admin.good("PATCH", "/users/former", {"disabled": True})
        every = ["read", "write", "tools", "admin"]
        expiring = Person(self.d, "expiring", key(admin, "expiring", scopes=every, expires_days=1))
        narrow = Person(self.d, "narrow", key(admin, "narrow", scopes=["write", "admin"]))
        for person in (expiring, self.log_in(expiring), narrow, self.log_in(narrow)):
            with self.subTest(person=person.name):
                for method, path, body in (("POST", "/users", {"name": "eve", "role": "admin", "password": PASSWORD}),
                                           ("PATCH", "/users/erna", {"role": "admin"}),
                                           ("PATCH", "/users/chief", {"password": PASSWORD}),
                                           ("PATCH", "/users/local", {"password": PASSWORD}),
                                           ("PATCH", "/users/former", {"disabled": False})):
                    self.check_error(person.ask(method, API + path, body), 403, "forbidden")
        longer = {"name": "longer", "scopes": ["read"], "expires_days": 2}
        for more in ({}, {"user": "erna"}):
            self.check_error(expiring.ask("POST", f"{API}/keys", longer | more), 403, "forbidden")
            self.check_error(narrow.ask("POST", f"{API}/keys", {"name": "reads", "scopes": ["read"]} | more), 403, "forbidden")
        expires = next(k for k in admin.good("GET", "/keys")["keys"] if k["name"] == "expiring")["expires_at"]
        self.assertEqual(expiring.good("POST", "/keys", {"name": "as long"})["expires_at"], expires)
        # What does not expire and reaches everywhere does all of that, but for what only the owner of a password knows.
        admin.good("PATCH", "/users/chief", {"password": PASSWORD})
        chief = self.by_password("chief")
        chief.good("PATCH", "/users/erna", {"role": "admin"})
        own = chief.ask("PATCH", f"{API}/users/chief", {"password": "another password"})
        self.assertIn("me/password", self.check_error(own, 409, "conflict")["message"])
        self.assertEqual(erna.good("GET", "/me")["role"], "admin")

    def by_password(self, name):
        reply = Person(self.d).ask("POST", SESSION, {"name": name, "password": PASSWORD})
        cookie = reply.headers["Set-Cookie"].partition(";")[0]
        return Person(self.d, name, headers={"Cookie": cookie, "X-CSRF-Token": reply.json["csrf_token"]})

    def log_in(self, person):
        reply = person.ask("POST", SESSION, {"key": person.key})
        cookie = reply.headers["Set-Cookie"].partition(";")[0]
        return Person(self.d, "cookie", headers={"Cookie": cookie, "X-CSRF-Token": reply.json["csrf_token"]})

    def test_wrong_orders_are_told_field_by_field(self):
        admin = administrator(self.d)
        for body, field in (({}, "name"), ({"name": ""}, "name"), ({"name": "a\nb"}, "name"), ({"name": "x" * 101}, "name"),
                            ({"name": "\u202enimda"}, "name"),
                            ({"name": "a", "scopes": []}, "scopes"), ({"name": "a", "scopes": ["root"]}, "scopes"),
                            ({"name": "a", "scopes": "read"}, "scopes"), ({"name": "a", "expires_days": 0}, "expires_days"),
                            ({"name": "a", "expires_at": "tomorrow"}, "expires_at"),
                            ({"name": "a", "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
                            ({"name": "a", "expires_at": "2090-01-01T00:00:00Z", "expires_days": 1}, "expires_days"),
                            ({"name": "a", "key": "ak_x"}, "key")):
            with self.subTest(body=body):
                self.check_error(admin.ask("POST", f"{API}/keys", body), 422, "validation", field)
        self.check_error(admin.ask("POST", f"{API}/keys", {"name": "a", "user": "nobody"}), 404, "not_found")
        for body, field in (({}, "name"), ({"name": "*"}, "name"), ({"name": "a b"}, "name"), ({"name": "x" * 65}, "name"),
                            ({"name": "a", "role": "root"}, "role"), ({"name": "a", "password": "short"}, "password"),
                            ({"name": "a", "disabled": True}, "disabled")):
            with self.subTest(body=body):
                self.check_error(admin.ask("POST", f"{API}/users", body), 422, "validation", field)
        self.check_error(admin.ask("POST", f"{API}/users", b"{"), 400, "invalid_request")

    def test_live_on_after_kill_9(self):
        admin = administrator(self.d)
        kept, ended = key(admin, "kept"), admin.good("POST", "/keys", {"name": "ended"})
        admin.good("DELETE", f"/keys/{ended['id']}")
        self.d.kill()
        self.d.start()
        self.assertEqual(Person(self.d, "kept", kept).good("GET", "/me")["user"], "local")
        self.assertEqual(Person(self.d, "ended", ended["key"]).ask("GET", f"{API}/me").status, 401)


class Logins(DaemonTest):
    config = KEYS + "http: {trusted_proxies: [127.0.0.1]}\n"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = administrator(cls.d)
        cls.admin.good("POST", "/users", {"name": "alice", "password": PASSWORD})
        cls.nobody = Person(cls.d)

    def log_in(self, body=None, headers=None):
        return self.nobody.ask("POST", SESSION, body or {"name": "alice", "password": PASSWORD}, headers)

    def test_what_is_taken_is_told_before(self):
        self.assertEqual(self.nobody.good("GET", SESSION), {"auth": "keys", "takes_keys": True})

    def test_the_cookie_is_read_by_no_script_and_sent_from_no_other_site(self):
        reply = self.log_in()
        self.assertEqual(reply.status, 200, reply.body)
        name, _, rest = reply.headers["Set-Cookie"].partition("=")
        attributes = rest.split("; ")[1:]
        self.assertEqual((name, attributes), ("assistd_session", ["Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=604800"]))
        self.assertEqual(reply.headers["Cache-Control"], "no-store")
        self.assertNotIn(rest.partition(";")[0], reply.body.decode())
        secure = self.log_in(headers={"X-Forwarded-Proto": "https"}).headers["Set-Cookie"]
        self.assertIn("; Secure", secure)

    def test_what_changes_something_needs_the_token_beside_the_cookie(self):
        reply = self.log_in()
        cookie = {"Cookie": reply.headers["Set-Cookie"].partition(";")[0]}
        page = Person(self.d, "page", headers=cookie)
        me = page.good("GET", "/me")
        self.assertEqual((me["user"], me["csrf_token"]), ("alice", reply.json["csrf_token"]))
        self.assertEqual((me["role"], me["scopes"]), ("user", ["read", "write", "tools"]))
        self.assertIn("X-CSRF-Token", self.check_error(page.ask("POST", f"{API}/conversations", {}), 403, "forbidden")["message"])
        token = {"X-CSRF-Token": me["csrf_token"]}
        self.assertEqual(page.ask("POST", f"{API}/conversations", {}, token).status, 201)
        foreign = page.ask("POST", f"{API}/conversations", {}, token | {"Origin": "https://evil.example"})
        self.check_error(foreign, 403, "forbidden")
        own = page.ask("POST", f"{API}/conversations", {}, token | {"Origin": f"http://127.0.0.1:{self.d.port}"})
        self.assertEqual(own.status, 201)
        self.assertEqual(page.ask("DELETE", SESSION).status, 204)
        self.check_error(page.ask("GET", f"{API}/me"), 401, "unauthenticated")
        self.assertEqual(page.ask("DELETE", SESSION).status, 204)

    def test_a_wrong_present_password_is_not_blamed_on_the_key(self):
        alice = Person(self.d, "alice", key(self.admin, user="alice"))
        done = alice.ctl("users", "password", "alice", stdin="a wrong password\nanother password\nanother password\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("The present password is wrong. Nothing was changed.", done.stderr)
        self.assertNotIn("--key", done.stderr)

    def test_a_form_of_another_site_logs_nobody_in(self):
        body = json.dumps({"name": "alice", "password": PASSWORD}).encode()
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            self.check_error(self.nobody.ask("POST", SESSION, body, {"Content-Type": kind}), 400, "invalid_request")
        self.check_error(self.log_in(headers={"Origin": "https://evil.example"}), 403, "forbidden")

    def test_wrong_ones_are_refused_and_then_have_to_wait(self):
        as_peer = {"X-Forwarded-For": "203.0.113.7"}
        for body in ({"name": "alice", "password": "wrong"}, {"name": "nobody", "password": PASSWORD}):
            error = self.check_error(self.log_in(body, as_peer), 401, "unauthenticated")
            self.assertEqual(error["message"], "The name or the password is wrong.")
        for body in ({}, {"name": ""}, {"password": "x"}, {"name": "alice", "key": "ak_x"}, {"name": 7}):
            self.assertEqual(self.nobody.ask("POST", SESSION, body, as_peer).status, 422, body)
        self.check_error(self.log_in({"key": "ak_nonsense"}, as_peer), 401, "unauthenticated")
        statuses = [self.log_in({"name": "alice", "password": "wrong"}, as_peer).status for _ in range(10)]
        self.assertEqual(statuses, [401] * 8 + [429] * 2)
        waiting = self.log_in(headers=as_peer)
        said = self.check_error(waiting, 429, "rate_limited")["message"]
        self.assertGreater(int(waiting.headers["Retry-After"]), 0)
        self.assertEqual(said, f"Too many logins have failed; try again in {waiting.headers['Retry-After']} s.")
        self.assertEqual(self.log_in().status, 200)

    def test_they_and_what_is_refused_are_in_the_log_and_counted(self):
        def counts():
            text = self.admin.ask("GET", "/metrics").body.decode()
            return {by: float(n) for by, n in re.findall(r'assistd_authentications_refused_total{credential="(\w+)"} (\S+)', text)}

        before = counts()
        peer = {"X-Forwarded-For": "203.0.113.99"}
        self.log_in({"name": 'x" peer=1.2.3.4 \n', "password": "wrong secret"}, peer)
        self.log_in({"key": "ak_nonsense"}, peer | {"traceparent": f"00-{'7' * 32}-{'7' * 16}-01"})
        self.log_in(headers=peer)
        self.nobody.ask("GET", f"{API}/refused%20peer=1.2.3.4%20by=key%20", headers=peer)
        Person(self.d, key="ak_nonsense").ask("GET", f"{API}/me", headers=peer)
        self.nobody.ask("GET", f"{API}/me", headers=peer)
        after = counts()
        self.assertEqual({by: after[by] - before[by] for by in after},
                         {"nothing": 1, "key": 2, "token": 0, "cookie": 0, "password": 1})
        lines = [line for line in self.d.log.read_text().splitlines() if "203.0.113.99" in line]
        told = [re.sub(r".*?(refused|logged in) ", r"\1 ", line) for line in lines if "request_id" in line]
        for words in ('refused peer=203.0.113.99 by=password user="x\\" peer=1.2.3.4 \\\\n" what="The name or the password is wrong."',
                      'refused peer=203.0.113.99 by=key user="" what=', "logged in peer=203.0.113.99 by=password user=alice",
                      'refused peer=203.0.113.99 by=nothing user="" what='):
            self.assertTrue(any(line.startswith(words) for line in told), (words, told))
        banned = re.compile(FAIL2BAN)
        self.assertEqual([banned.search(line).group(1) for line in lines if banned.search(line)], ["203.0.113.99"] * 3)
        self.assertFalse(any("wrong secret" in line for line in lines))

    def test_people_change_their_own_password(self):
        self.admin.good("POST", "/users", {"name": "erna", "password": PASSWORD})
        reply = self.log_in({"name": "erna", "password": PASSWORD})
        page = Person(self.d, "page", headers={"Cookie": reply.headers["Set-Cookie"].partition(";")[0],
                                               "X-CSRF-Token": reply.json["csrf_token"]})
        change = lambda **body: page.ask("PUT", f"{API}/me/password", body)
        self.check_error(change(new_password="another password"), 403, "forbidden")
        self.check_error(change(current_password="wrong", new_password="another password"), 401, "unauthenticated")
        self.check_error(change(current_password=PASSWORD, new_password="short"), 422, "validation", "new_password")
        self.assertEqual(change(current_password=PASSWORD, new_password="another password").status, 204)
        self.assertEqual(page.ask("GET", f"{API}/me").status, 401)
        self.assertEqual(self.log_in({"name": "erna", "password": "another password"}).status, 200)
        erna = Person(self.d, "erna", key(self.admin, "of erna", user="erna", scopes=["read", "write"]))
        changed = erna.ctl("users", "password", "erna", stdin="another password\n" + PASSWORD + "\n")
        self.assertEqual(changed.returncode, 0, changed.stderr)
        self.assertEqual(self.log_in({"name": "erna", "password": PASSWORD}).status, 200)

    def test_without_authentication_there_is_none(self):
        with FolderTestDaemon() as daemon:
            nobody = Person(daemon)
            self.assertEqual(nobody.good("GET", "/me")["auth"], "none")
            self.check_error(nobody.ask("POST", SESSION, {"name": "a", "password": "b"}), 404, "not_found")


class FolderTestDaemon(FolderTest):
    """A daemon without authentication, for as long as a test needs one."""

    def __enter__(self):
        self.setUp()
        return self.daemon()

    def __exit__(self, *_):
        self.doCleanups()


class Roles(DaemonTest):
    config = KEYS + """
policy:
  rules:
    - {allow: ["*"], roles: [admin]}
    - {deny: [run_dla_simulation], roles: [user]}
"""

    def test_the_policy_knows_the_role_that_a_user_has(self):
        admin = administrator(self.d)
        alice = user(admin, "alice")
        grow = (f"{API}/tools/run_dla_simulation/execute", {"arguments": {"n_particles": 30}})
        self.assertEqual(admin.ask("POST", *grow).status, 200)
        refused = alice.ask("POST", *grow)
        self.assertEqual(refused.status, 403)
        self.assertIn("alice may not call run_dla_simulation", refused.body.decode())
        admin.good("PATCH", "/users/alice", {"role": "admin"})
        self.assertEqual(alice.ask("POST", *grow).status, 200)

    def test_where_plugins_lie_is_for_administrators(self):
        admin = administrator(self.d)
        bob = user(admin, "bob")
        files = lambda person: [plugin["file"] for plugin in person.good("GET", "/plugins")["plugins"]]
        self.assertTrue(files(admin))
        self.assertTrue(all(file.startswith("/") for file in files(admin)), files(admin))
        self.assertEqual(files(bob), [pathlib.Path(file).name for file in files(admin)])
        one = bob.good("GET", "/plugins")["plugins"][0]
        self.assertEqual(bob.good("GET", f"/plugins/{one['id']}")["file"], one["file"])


if __name__ == "__main__":
    unittest.main()
