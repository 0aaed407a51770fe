"""Who is let in where: every route of every door, and every argument of a tool that names a thing, as its owner, as
another user, as an administrator, as nobody, and with keys that are revoked, expired, unknown or do not reach so far."""

import json
import time
import unittest

from access_support import KEYS, Belongings, Person, administrator, first_key, key, user
from access_table import rows
from daemon import API, DaemonTest, until

SCOPES = ("read", "write", "tools")
# Asked for by everybody at the end, as what they show then is not there any more.
LIVE = ("GET /api/v1/ai/conversations/{id}/turns/{turn}/events", "GET /mcp")


class AccessTest(DaemonTest):
    config = KEYS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = administrator(cls.d)
        cls.alice = user(cls.admin, "alice")
        cls.bob = user(cls.admin, "bob")
        cls.nobody = Person(cls.d, "nobody")


class Routes(AccessTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        owned = Belongings(cls.alice)
        cls.values, cls.secrets = owned.values, owned.all_texts()
        owned.values |= {"user": "alice", "plugin": "org.assistd.simulation", "tool": "list_algorithms", "model": "offline",
                         "name": "none"}
        owned.values["second_assistant"] = cls.alice.good("POST", "/assistants", {"model": "offline", "name": "2"})["id"]
        cls.table = rows()

    def ask(self, person, row, values=None):
        values = values or self.values
        return person.ask(row.method, row.filled(values), row.body_with(values), row.headers)

    def check_shape(self, row, reply):
        """Each door has its own."""
        if row.method == "HEAD":
            return
        error = json.loads(reply.body)["error"] if reply.body else self.fail(f"{row.name}: {reply.status} without a body")
        wanted = {"/v1": {"message", "type", "param", "code"}, "/mcp": {"code", "message"}}
        door = next((fields for prefix, fields in wanted.items() if row.path.startswith(prefix)), {"code", "message"})
        self.assertLessEqual(door, set(error), row.name)
        self.assertRegex(error["message"], r"\.$", row.name)
        self.check_tells_nothing(row, reply)

    def check_tells_nothing(self, row, reply):
        asked = row.filled(self.values) + json.dumps(row.body_with(self.values), default=str)
        for secret in self.secrets:
            if secret not in asked:
                self.assertNotIn(secret.encode(), reply.body, row.name)

    def test_1_the_table_has_every_route_and_no_other(self):
        live = {f"{route['method']} {route['path']}": route["needs"]
                for route in self.admin.good("GET", "/routes")["routes"]}
        written = {row.name: row.needs for row in self.table}
        self.assertEqual(len(written), len(self.table), "a row is there twice")
        self.assertEqual(written, live)

    def test_2_who_is_nobody_is_let_in_nowhere(self):
        revoked = key(self.alice, "to be revoked")
        listed = self.alice.good("GET", "/keys")["keys"]
        self.alice.good("DELETE", f"/keys/{next(k['id'] for k in listed if k['name'] == 'to be revoked')}")
        expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 2))
        expired = Person(self.d, "expired", key(self.alice, "short", expires_at=expires))
        gone = user(self.admin, "carol")
        self.admin.good("DELETE", "/users/carol")
        disabled = user(self.admin, "dave")
        self.admin.good("PATCH", "/users/dave", {"disabled": True})
        until(lambda: expired.ask("GET", f"{API}/me").status == 401, "the key expires")
        strangers = [(self.nobody, 401, "needs an API key"), (Person(self.d, "revoked", revoked), 401, "was revoked"),
                     (expired, 401, "expired at"), (gone, 401, "not known"), (disabled, 403, "is disabled"),
                     (Person(self.d, "typo", self.alice.key[:-1] + "_"), 401, "no whole API key"),
                     (Person(self.d, "openai", "sk-" + "1" * 48), 401, "begins with"),
                     (Person(self.d, "basic", headers={"Authorization": "Basic YWxpY2U6eA=="}), 401, "needs an API key"),
                     (Person(self.d, "cookie", headers={"Cookie": "assistd_session=" + self.alice.key}), 401, "Log in")]
        for row in self.table:
            for person, status, words in strangers:
                with self.subTest(route=row.name, person=person.name):
                    reply = self.ask(person, row)
                    if row.kind == "open":
                        self.assertNotEqual(reply.status, 403)
                        self.assertTrue(reply.status != 401 or row.name == "POST /api/v1/session", reply.body)
                        continue
                    self.assertEqual(reply.status, status, reply.body)
                    self.assertEqual("WWW-Authenticate" in reply.headers, status == 401)
                    self.assertIn(words, reply.body.decode())
                    self.check_shape(row, reply)

    def test_3_a_key_reaches_as_far_as_its_scopes(self):
        chief = {scope: Person(self.d, f"only {scope}", key(self.admin, f"only {scope}", scopes=[scope]))
                 for scope in SCOPES + ("admin",)}
        for row in self.table:
            if row.kind == "open":
                continue
            for scope, person in chief.items():
                if scope == row.needs:
                    continue
                with self.subTest(route=row.name, scope=scope):
                    reply = self.ask(person, row)
                    self.assertEqual(reply.status, 403, reply.body)
                    said = "administrator" if row.needs == "admin" else f'scope \\"{row.needs}\\"'
                    self.assertIn(said, reply.body.decode())
                    self.check_shape(row, reply)

    def test_4_an_administrators_routes_are_for_administrators(self):
        for row in self.table:
            if row.kind != "admin":
                continue
            with self.subTest(route=row.name):
                reply = self.ask(self.bob, row)
                self.assertEqual(reply.status, 403, reply.body)
                self.check_shape(row, reply)

    def test_5_what_belongs_to_one_is_not_there_for_others(self):
        # An administrator looks after keys, and reads nobody's conversations.
        for row in self.table:
            if row.kind != "thing":
                continue
            for person in (self.bob, self.admin):
                if person is self.admin and "/keys/" in row.path:
                    continue
                with self.subTest(route=row.name, person=person.name):
                    reply = self.ask(person, row)
                    self.assertEqual(reply.status, 404, reply.body)
                    self.check_shape(row, reply)

    def test_6_nobody_sees_what_others_have_in_what_is_his_own(self):
        for row in self.table:
            if row.kind != "own" or row.method != "GET" or row.name in LIVE:
                continue
            for person in (self.bob, self.admin):
                with self.subTest(route=row.name, person=person.name):
                    reply = self.ask(person, row)
                    if row.path.endswith("/audit") and person is self.admin:
                        # Which keys he made he may know; of calls there is none.
                        self.assertTrue(all(one["deed"] for one in reply.json["calls"]))
                        continue
                    self.check_tells_nothing(row, reply)
        for path in ("/api/v1/ai/documents/search", f"/v1/vector_stores/{self.values['store']}/search"):
            found = self.bob.ask("POST", path, {"query": "secret colour metal"})
            self.assertNotIn(b"vermilion", found.body)
            self.assertNotIn(b"osmium", found.body)

    def test_7_its_owner_gets_to_all_of_it(self):
        kept = self.admin.good("GET", "/keys?user=alice")["keys"]
        for row in sorted(self.table, key=lambda row: row.method == "DELETE"):
            if row.kind in ("open", "admin") or row.name in LIVE:
                continue
            with self.subTest(route=row.name):
                reply = self.ask(self.alice, row)
                refused = (401, 405) if row.path.endswith("/me/password") else (401, 403, 405)
                self.assertNotIn(reply.status, refused, reply.body)
                if row.kind == "thing" and row.method == "GET":
                    self.assertEqual(reply.status, 200, reply.body)
                if row.kind == "thing" and not row.path.endswith("/approvals"):  # no call of the turn waits
                    self.assertNotEqual(reply.status, 404, reply.body)
            if row.name == "DELETE /api/v1/ai/keys/{key}":
                Routes.alice = Person(self.d, "alice", key(self.admin, "again", user="alice"))
        self.assertTrue(kept)


class Arguments(AccessTest):
    """What names a thing in a body, and in what a tool is called with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.values = Belongings(cls.alice).values

    def refused(self, reply, *secrets):
        self.assertIn(reply.status, (400, 403, 404, 422), reply.body)
        for secret in secrets:
            self.assertNotIn(secret.encode(), reply.body)

    def test_in_the_body_of_every_door(self):
        v = self.values
        own = self.bob.good("POST", "/conversations", {})["id"]
        thread = self.bob.good("POST", "/v1/threads", {})["id"]
        store = self.bob.good("POST", "/v1/vector_stores", {})["id"]
        assistant = self.bob.good("POST", "/v1/assistants", {"model": "offline"})["id"]
        session = self.bob.good("POST", "/api/v1/chatkit/sessions")["data"]["id"]
        text = [{"role": "user", "content": "hello"}]
        refer = {"content": [{"type": "input_text", "text": "hello"}], "attachments": [], "inference_options": {}}
        chatkit = lambda request, **params: ("POST", "/api/v1/chatkit", {"type": request, "params": params})
        for method, path, body in (
                ("POST", "/conversations", {"project_id": v["project"]}),
                ("POST", "/conversations", {"assistant_id": v["assistant"]}),
                ("POST", f"/conversations/{own}/chat", {"content": "x", "attachments": [v["artifact"]]}),
                ("POST", f"/conversations/{own}/chat", {"content": "x", "project_id": v["project"]}),
                ("GET", f"/conversations/{own}/turns/{v['turn']}", None),
                ("PUT", f"/conversations/{own}/messages/{v['message']}/feedback", {"feedback": "positive"}),
                ("POST", "/studies", {"tool": "run_dla_simulation", "project_id": v["project"],
                                      "parameter_grid": {"n_particles": [20]}}),
                ("POST", "/tools/list_algorithms/execute", {"arguments": {}, "project_id": v["project"]}),
                ("POST", "/artifacts?name=a.txt&project_id=" + v["project"], b"abc"),
                ("POST", "/keys", {"name": "theirs", "user": "alice"}),
                ("GET", "/keys?user=alice", None), ("GET", "/keys?all=true", None),
                ("POST", "/documents/search", {"query": "secret", "store": v["store"]}),
                ("POST", "/v1/chat/completions", {"model": v["assistant"], "messages": text}),
                ("POST", "/v1/chat/completions", {"model": "offline", "messages": text,
                                                  "metadata": {"conversation_id": v["conversation"]}}),
                ("POST", f"/v1/threads/{thread}/runs", {"assistant_id": v["assistant"]}),
                ("POST", "/v1/threads/runs", {"assistant_id": v["assistant"], "thread": {"messages": text}}),
                ("POST", f"/v1/threads/{thread}/messages", text[0] | {
                    "attachments": [{"file_id": v["file"], "tools": [{"type": "file_search"}]}]}),
                ("POST", f"/v1/vector_stores/{store}/files", {"file_id": v["file"]}),
                ("POST", f"/v1/vector_stores/{store}/file_batches", {"file_ids": [v["file"]]}),
                ("POST", "/v1/vector_stores", {"file_ids": [v["file"]]}),
                ("POST", f"/v1/assistants/{assistant}", {"tools": [{"type": "file_search"}], "tool_resources": {
                    "file_search": {"vector_store_ids": [v["store"]]}}}),
                ("POST", "/v1/threads", {"tool_resources": {"file_search": {"vector_store_ids": [v["store"]]}}}),
                ("GET", f"/v1/threads/{thread}/runs/{v['thread_run']}", None),
                ("GET", f"/v1/threads/{thread}/messages/{v['thread_message']}", None),
                ("GET", f"/v1/vector_stores/{store}/file_batches/{v['batch']}", None),
                ("POST", f"/api/v1/chatkit/sessions/{session}/threads/{v['session']}/runs",
                 {"message": {"role": "user", "content": refer["content"]}}),
                chatkit("threads.get_by_id", thread_id=v["chatkit_thread"]),
                chatkit("threads.add_user_message", thread_id=v["chatkit_thread"], input=refer),
                chatkit("threads.update", thread_id=v["chatkit_thread"], title="theirs"),
                chatkit("threads.delete", thread_id=v["chatkit_thread"]),
                chatkit("threads.retry_after_item", thread_id=v["chatkit_thread"], item_id=v["item"]),
                chatkit("items.list", thread_id=v["chatkit_thread"]),
                chatkit("items.feedback", thread_id=v["chatkit_thread"], item_ids=[v["item"]], kind="positive"),
                chatkit("attachments.delete", attachment_id=v["attachment"]),
                chatkit("threads.create", input=refer | {"attachments": [v["attachment"]]})):
            whole = path if path.startswith(("/v1", "/api")) else API + path
            with self.subTest(path=path, body=body):
                self.refused(self.bob.ask(method, whole, body), "vermilion", "osmium", "soot")
        header = self.bob.ask("POST", "/v1/chat/completions", {"model": "offline", "messages": text},
                              {"X-Conversation-ID": v["conversation"]})
        self.refused(header)
        # And nothing of it has changed for its owner.
        self.assertIsNone(self.alice.good("GET", f"/projects/{v['project']}")["description"] or None)
        thread = self.alice.good("POST", "/api/v1/chatkit", {"type": "threads.get_by_id",
                                                            "params": {"thread_id": v["chatkit_thread"]}})
        self.assertNotEqual(thread.get("title"), "theirs")

    def test_in_what_tools_are_called_with(self):
        v = self.values
        theirs = {"handle": [v["handle"], v["artifact"]], "job": [v["job"]], "study": [v["study"], "mine"]}
        tried = 0
        for tool in self.bob.good("GET", "/tools")["tools"]:
            for name, schema in tool["input_schema"].get("properties", {}).items():
                kind = self.kind_of(name, schema)
                for value in theirs.get(kind, []):
                    with self.subTest(tool=tool["name"], argument=name, value=value):
                        reply = self.bob.ask("POST", f"{API}/tools/{tool['name']}/execute",
                                             {"arguments": self.arguments(tool, name, value)})
                        result = json.loads(reply.body)
                        self.assertFalse(result["success"], reply.body)
                        self.assertRegex(result["error"]["message"], r"not exist|[Nn]o such|There is no|None of your")
                        tried += 1
        self.assertGreater(tried, 30)
        job = self.alice.good("GET", f"/jobs/{v['job']}")
        self.assertNotEqual(job["state"], "cancelled")

    @staticmethod
    def kind_of(name, schema):
        """What a text argument may name; else nothing."""
        if '"format": "artifact"' in json.dumps(schema):
            return "handle"
        return name.partition("_")[0] if name in ("job_id", "study_id", "job", "study") else None

    @staticmethod
    def arguments(tool, name, value):
        """The tool's required arguments as they would be, but for one."""
        arguments = {}
        for other in tool["input_schema"].get("required", []):
            schema = tool["input_schema"]["properties"][other]
            kinds = {"integer": schema.get("minimum", 1), "number": schema.get("minimum", 1.0), "boolean": True,
                     "array": [], "object": {}}
            arguments[other] = schema["enum"][0] if "enum" in schema else kinds.get(schema.get("type"), value)
        schema = tool["input_schema"]["properties"][name]
        # Lists may want several, which differ.
        several = [value, "simulation-8", "simulation-9"][:max(1, schema.get("minItems", 1))]
        arguments[name] = several if schema.get("type") == "array" else value
        return arguments

    def test_by_mcp(self):
        v = self.values
        headers = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2026-07-28"}
        meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {}}

        def call(person, method, **params):
            message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params | {"_meta": meta}}
            more = {"Mcp-Method": method} | ({"Mcp-Name": params.get("name") or params["uri"]}
                                             if method in ("tools/call", "resources/read") else {})
            return person.ask("POST", "/mcp", message, headers | more)

        for person, works in ((self.alice, True), (self.bob, False)):
            answer = call(person, "tools/call", name="get_job_status", arguments={"job_id": v["job"]})
            self.assertEqual(b'"isError":true' in answer.body.replace(b" ", b""), not works, answer.body)
            listed = call(person, "resources/list")
            self.assertEqual(v["handle"].encode() in listed.body, works, listed.body)
        self.assertEqual(call(self.nobody, "tools/list").status, 401)

    def test_a_session_of_mcp_belongs_to_who_began_it(self):
        headers = {"Accept": "application/json, text/event-stream"}
        begin = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}
        session = self.alice.ask("POST", "/mcp", begin, headers).headers["Mcp-Session-Id"]
        more = headers | {"Mcp-Session-Id": session, "MCP-Protocol-Version": "2025-11-25"}
        ping = {"jsonrpc": "2.0", "id": 2, "method": "ping"}
        self.assertEqual(self.bob.ask("POST", "/mcp", ping, more).status, 404)
        self.assertEqual(self.bob.ask("DELETE", "/mcp", None, more).status, 404)
        self.assertEqual(self.alice.ask("POST", "/mcp", ping, more).status, 200)


class Log(AccessTest):
    def test_has_nothing_that_lets_anybody_in(self):
        wrong = "ak_" + "7" * 49
        Person(self.d, "wrong", wrong).ask("GET", f"{API}/me")
        cookie = self.alice.ask("POST", "/api/v1/session", {"key": self.alice.key}).headers["Set-Cookie"]
        self.nobody.ask("POST", "/api/v1/session", {"name": "alice", "password": "a password that is wrong"})
        log = self.d.log.read_text()
        self.assertIn("refused peer=127.0.0.1", log)
        self.assertIn("admin.key", log)
        for secret in (wrong, self.alice.key, first_key(self.d), "a password that is wrong",
                       cookie.partition("=")[2].partition(";")[0]):
            self.assertNotIn(secret, log)
            self.assertNotIn(secret[8:], log)


if __name__ == "__main__":
    unittest.main()
