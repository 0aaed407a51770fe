"""The description of the routes against the live daemon: all of them are there, both ways; its own examples work;
what it says is wrong is refused, by name; and two programs of other people agree with it."""

import copy
import http.client
import json
import os
import pathlib
import re
import subprocess
import unittest

import daemon as e2e
from daemon import API, DaemonTest
from description import Description, assembled

HERE = pathlib.Path(__file__).resolve().parent
NODE = HERE / "node/node_modules/.bin/node"
REDOCLY = HERE / "node/node_modules/@redocly/cli/bin/cli.js"
EXAMPLE = "01a1fd9f63c67001a9b57dc883e032c7"  # the digits of every id in the description's examples
STRICT = API  # below it unknown fields and query keys are refused; OpenAI's and ChatKit's doors let them pass


class OpenApiTest(DaemonTest):
    """A daemon whose every exchange is compared with the description."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.d.witness:
            cls.d.watch()
        cls.description = Description()

    def ask(self, method, path, body=None, headers=None):
        connection = self.d.connect()
        try:
            if body is not None and not isinstance(body, bytes):
                body, headers = json.dumps(body).encode(), {"Content-Type": "application/json"} | (headers or {})
            connection.request(method, path, body, headers or {})
            return e2e.Reply(connection.getresponse())
        finally:
            connection.close()

    def made(self, method, path, body=None, headers=None):
        reply = self.ask(method, path, body, headers)
        self.assertIn(reply.status, (200, 201), f"{method} {path}: {reply.body[:500]!r}")
        return reply.json


class Whole(OpenApiTest):
    def test_every_live_route_is_described_and_every_described_one_is_live(self):
        live = {(route["method"], route["path"]) for route in self.d.good("GET", "/routes")["routes"]}
        described = {(method.upper(), path) for path, methods in assembled()["paths"].items() for method in methods}
        self.assertEqual(sorted(live - described), [], "add these to daemon/api/openapi")
        self.assertEqual(sorted(described - live), [], "the daemon does not answer these")

    def test_the_daemon_tells_the_files_with_who_may_ask(self):
        reply = self.ask("GET", "/openapi.json")
        told, files = reply.json, assembled()
        self.assertEqual(told["openapi"], "3.1.0")
        version = subprocess.run([e2e.BUILD / "bin/assistd", "--version"], capture_output=True, text=True, check=True).stdout.split()[-1]
        self.assertEqual(told["info"]["version"], version)
        needs = {(route["method"].lower(), route["path"]): route["needs"] for route in self.d.good("GET", "/routes")["routes"]}
        for path, methods in told["paths"].items():
            for method, operation in methods.items():
                scopes = {scope for way in operation.pop("security") for scopes in way.values() for scope in scopes}
                self.assertEqual(scopes or {"nothing"}, {needs[method, path]}, f"{method} {path}")
        for part in ("paths", "components"):
            differing = [name for name in told[part].keys() | files[part].keys() if told[part].get(name) != files[part].get(name)]
            self.assertEqual(differing, [], f"the daemon was built of other files ({part})")
        self.assertEqual([tag["name"] for tag in told["tags"]], [tag["name"] for tag in files["tags"]])
        again = self.ask("GET", "/openapi.json", headers={"If-None-Match": reply.headers["ETag"]})
        self.assertEqual((again.status, again.body), (304, b""))

    def test_every_operation_says_what_it_is(self):
        names = [tag["name"] for tag in self.description.whole["tags"]]
        ids = [operation.id for operation in self.description.operations]
        self.assertEqual(len(ids), len(set(ids)))
        for operation in self.description.operations:
            about = operation.about
            self.assertIn(about["tags"][0], names, operation.id)
            self.assertNotRegex(about["summary"], r"\.$", operation.id)
            placed = {one["name"] for one in operation.parameters("path")}
            self.assertEqual(placed, set(re.findall(r"{([^}]+)}", operation.path)), operation.id)
            body = operation.body()
            if body and about["requestBody"].get("required"):
                self.assertIn("example", body, operation.id)

    def test_a_linter_finds_nothing(self):
        file = pathlib.Path(self.shared_folder) / "openapi.json"
        file.write_bytes(self.ask("GET", "/openapi.json").body)
        done = self.redocly("lint", str(file), "--format=stylish", "--extends=recommended")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotRegex(done.stdout + done.stderr, r"\b(warning|error)s?\b")

    def test_journeys_of_a_contract_tester_succeed(self):
        """Redocly's Respect asks the daemon what journeys.arazzo.yaml says, and compares each reply with the description."""
        folder = pathlib.Path(self.shared_folder)
        described = json.loads(self.ask("GET", "/openapi.json").body)
        described["servers"] = [{"url": f"http://127.0.0.1:{self.d.port}"}]
        (folder / "openapi.json").write_text(json.dumps(described))
        (folder / "journeys.arazzo.yaml").write_text((HERE / "journeys.arazzo.yaml").read_text())
        told = folder / "respect.json"
        done = self.redocly("respect", str(folder / "journeys.arazzo.yaml"), "--json-output", str(told))
        self.assertEqual(done.returncode, 0, done.stdout[-6000:] + done.stderr[-2000:])
        totals = [one["totalRequests"] for one in json.loads(told.read_text())["files"].values()]
        self.assertGreaterEqual(sum(totals), 60)

    @staticmethod
    def redocly(*arguments):
        environment = os.environ | {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true", "CI": "true", "NO_COLOR": "1"}
        return subprocess.run([NODE, REDOCLY, *arguments], capture_output=True, text=True, timeout=300, env=environment)


class Things(OpenApiTest):
    """One of each thing that paths name, for requests that are to reach their handlers."""

    config = "turns: {max_rounds: 4}\n"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ids = cls().make_things()

    def make_things(self):
        conversation = self.d.conversation()
        self.d.chat(conversation, "Run a DLA simulation with 20 particles")
        messages = self.d.messages(conversation)
        assistant = self.made("POST", "/v1/assistants", {"model": "offline"})["id"]
        thread = self.made("POST", "/v1/threads", {"messages": [{"role": "user", "content": "hello"}]})["id"]
        run = self.made("POST", f"/v1/threads/{thread}/runs", {"assistant_id": assistant})["id"]
        e2e.until(lambda: self.made("GET", f"/v1/threads/{thread}/runs/{run}")["status"] == "completed", "a run")
        form = b"--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nassistants\r\n--b\r\n" \
               b"Content-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nspheres of soot\r\n--b--\r\n"
        file = self.made("POST", "/v1/files", form, {"Content-Type": "multipart/form-data; boundary=b"})["id"]
        store = self.made("POST", "/v1/vector_stores", {"file_ids": [file]})["id"]
        batch = self.made("POST", f"/v1/vector_stores/{store}/file_batches", {"file_ids": [file]})["id"]
        study = self.made("POST", API + "/studies", {"tool": "run_dla_simulation", "base_parameters": {"n_particles": 20}})["id"]
        e2e.until(lambda: self.made("GET", f"{API}/studies/{study}")["status"] == "completed", "a study")
        job = self.made("POST", API + "/tools/run_dla_simulation/execute", {"n_particles": 20})
        session = self.made("POST", "/api/v1/chatkit/sessions")["data"]["id"]
        document = self.made("POST", API + "/documents?name=a.txt", b"spheres of soot")["id"]
        e2e.until(lambda: self.made("GET", f"{API}/documents/{document}")["status"] == "completed", "a document")
        return {
            "conversation": conversation, "id": conversation, "turn": messages[0]["turn_id"] or messages[-1]["turn_id"],
            "conversations message": messages[-1]["id"], "project": self.d.project("Grown"), "assistant": "asst_" + assistant[5:],
            "name": "run_dla_simulation", "plugin": self.made("GET", API + "/plugins")["plugins"][0]["id"], "handle": "simulation-1",
            "document": document,
            "job": "job_" + EXAMPLE, "study": study, "run": "1", "threads run": run, "thread": thread,
            "threads message": self.made("GET", f"/v1/threads/{thread}/messages")["data"][0]["id"],
            "step": self.made("GET", f"/v1/threads/{thread}/runs/{run}/steps")["data"][0]["id"],
            "user": self.made("POST", API + "/users", {"name": "alice"})["name"],
            "key": self.made("POST", API + "/keys", {"name": "made"})["id"],
            "model": "offline", "file": file, "store": store, "batch": batch, "session": session, "session thread": session,
            "attachment": "atc_" + EXAMPLE, "view": "plugins", "made": job["success"],
        }

    def path_of(self, operation):
        """The operation's path with things that are there."""
        def value(match):
            name = match.group(1)
            if name == "message":
                return self.ids["threads message" if operation.path.startswith("/v1/") else "conversations message"]
            if name == "run" and operation.path.startswith("/v1/"):
                return self.ids["threads run"]
            if name == "thread" and "sessions" in operation.path:
                return self.ids["session thread"]
            return self.ids[name]
        return re.sub(r"{([^}]+)}", value, operation.path)

    def filled(self, value):
        """An example with the ids of what is there."""
        text = json.dumps(value)
        for prefix, name in (("asst_", "assistant"), ("file-", "file"), ("msg_", "threads message")):
            text = text.replace(prefix + EXAMPLE, self.ids[name])
        return json.loads(text)

    def named_in(self, reply):
        """The fields that an error names, in the shape of whatever door."""
        if reply.headers.get_content_type() != "application/json":
            return []
        error = reply.json.get("error", {})
        names = [entry["field"] for entry in error.get("details") or []]
        return names + ([error["param"]] if error.get("param") else [])


def wrong_values(schema, description):
    """Values that the schema refuses, of kinds that people and programs send."""
    meant = description.resolved(schema)
    values = [{"x": {"y": 1}}, [["x"]], 7, -1, 1.5, True, "no such word"]
    for one in [meant, *meant.get("oneOf", [])]:
        one = description.resolved(one)
        if one.get("maxLength", 1 << 30) <= 20_000:
            values.append("x" * (one["maxLength"] + 1))
        if "maximum" in one:
            values.append(one["maximum"] + 1)
        if "minimum" in one:
            values.append(one["minimum"] - 1)
        if one.get("maxItems", 1 << 30) <= 2_000:
            values.append(["x"] * (one["maxItems"] + 1))
    return [value for value in values if description.errors(schema, value, strict=False)]


class Requests(Things):
    """What the description says is wrong is refused, and the refusal names it."""

    def refused(self, operation, reply, field, value):
        where = f"{operation.id}: {field} = {json.dumps(value)[:120]}"
        with self.subTest(where):
            self.assertIn(reply.status, (400, 422), reply.body[:300])
        if reply.status < 400 or "chatkit/sessions" in operation.path or operation.path == "/mcp":
            return
        with self.subTest(where):
            self.assertTrue([name for name in self.named_in(reply) if name.removeprefix("params.").startswith(field)], reply.body[:300])

    def test_query_keys(self):
        tried = 0
        for operation in self.description.operations:
            if not operation.path.startswith((API, "/v1")):
                continue
            path = self.path_of(operation)
            # The others need a body first.
            if operation.method != "get":
                continue
            if operation.path.startswith(STRICT):
                self.refused(operation, self.ask("GET", path + "?no_such_key=1"), "no_such_key", 1)
            for parameter in operation.parameters("query"):
                schema, name = parameter["schema"], parameter["name"]
                schema = schema.get("items", schema)
                wrong = []
                if "maximum" in schema:
                    wrong += [str(schema["maximum"] + 1), str(schema["minimum"] - 1), "many", "1.5"]
                elif "enum" in schema or schema["type"] == "boolean" or schema.get("format") == "date":
                    wrong += ["no-such-word"]
                for value in wrong:
                    tried += 1
                    self.refused(operation, self.ask("GET", f"{path}?{name}={value}"), name.removesuffix("[]"), value)
                right = [schema[end] for end in ("minimum", "maximum") if end in schema] + schema.get("enum", [])
                for value in right:
                    tried += 1
                    reply = self.ask("GET", f"{path}?{name}={value}")
                    self.assertNotIn(name, self.named_in(reply), f"{operation.id}?{name}={value}: {reply.body[:200]!r}")
        self.assertGreater(tried, 150)

    def test_fields(self):
        tried = 0
        for operation in self.description.operations:
            media = operation.body()
            if media is None or operation.path in ("/mcp", "/api/v1/chatkit"):
                continue
            path = self.path_of(operation)
            schema = self.description.resolved(media["schema"])
            example = self.filled(media.get("example", {}))
            if operation.id == "executeTool":
                continue  # its arguments may stand at top level
            for name in schema.get("required", []):
                tried += 1
                without = {key: value for key, value in example.items() if key != name}
                reply = self.ask(operation.method.upper(), path, without)
                # Who says nothing is told so by another code.
                if operation.id == "chat":
                    self.assertEqual(reply.status, 400)
                else:
                    self.refused(operation, reply, name, "left out")
            if schema.get("additionalProperties") is False:
                tried += 1
                self.refused(operation, self.ask(operation.method.upper(), path, example | {"no_such_field": 1}), "no_such_field", 1)
            for name, of_field in schema.get("properties", {}).items():
                others = {} if name == "files" else example  # not together with file_ids
                for value in wrong_values(of_field, self.description):
                    tried += 1
                    self.refused(operation, self.ask(operation.method.upper(), path, others | {name: value}), name, value)
            for body in (b"", b"{", b"[]", b"7", b'{"a": 1, "a": 2}'):
                if body == b"" and not operation.about["requestBody"].get("required"):
                    continue
                tried += 1
                reply = self.ask(operation.method.upper(), path, body, {"Content-Type": "application/json"})
                self.assertIn(reply.status, (400, 422), f"{operation.id}: {body!r}: {reply.body[:200]!r}")
        self.assertGreater(tried, 700)

    def test_fields_of_chatkit(self):
        operation = self.description.find("POST", "/api/v1/chatkit")
        examples = {"input": {"content": [{"type": "input_text", "text": "hello"}]}, "thread_id": "thr_" + self.ids["thread"][7:],
                    "result": 1, "item_id": "si_" + EXAMPLE + "_0", "item_ids": [], "title": "Soot", "kind": "positive", "name": "a", "size": 1,
                    "mime_type": "text/plain", "attachment_id": "atc_" + EXAMPLE}
        for branch in operation.body()["schema"]["$ref"] and self.description.whole["components"]["schemas"]["ChatKitRequest"]["oneOf"]:
            kind = branch["properties"]["type"]
            of_params = branch["properties"]["params"]
            for name in kind.get("enum") or [kind["const"]]:
                if name == "input.transcribe":
                    continue  # not done here, whatever comes along
                params = {field: examples[field] for field in of_params.get("required", [])}
                for field in of_params.get("required", []):
                    if field == "action":
                        continue
                    without = {key: value for key, value in params.items() if key != field}
                    self.refused(operation, self.ask("POST", operation.path, {"type": name, "params": without}), field, "left out")
                for field, schema in of_params["properties"].items():
                    if field in ("action", "result", "item_id") and "custom" in name:
                        continue
                    for value in wrong_values(schema, self.description) if field != "result" else []:
                        self.refused(operation, self.ask("POST", operation.path, {"type": name, "params": params | {field: value}}), field, value)
        self.refused(operation, self.ask("POST", operation.path, {"type": "no.such"}), "type", "no.such")

    def test_things_that_are_not_there(self):
        """Every path with ids of nothing: 404 in the door's own shape."""
        tried = 0
        for operation in self.description.operations:
            if "{" not in operation.path or not operation.path.startswith((API, "/v1", "/api/v1/chatkit")):
                continue
            for nothing in (EXAMPLE, "conv_" + EXAMPLE, "%00x"[3:], "..%2f", "%f0%9f%98%80"):
                path = re.sub(r"{[^}]+}", nothing, operation.path)
                media = operation.body()
                body = self.filled(media["example"]) if media and media.get("example") is not None else None
                if operation.id in ("uploadArtifact", "uploadDocument", "chatkitUploadAnnounced", "removeUserData"):
                    continue  # what comes along is looked at first
                if operation.id == "showUserData":
                    continue  # of a name that nobody has there is nothing, which is the answer
                reply = self.ask(operation.method.upper(), path, body)
                tried += 1
                self.assertEqual(reply.status, 404, f"{operation.method} {path}: {reply.body[:200]!r}")
        self.assertGreater(tried, 300)


class Examples(Things):
    """Last of all, since some of them take things away."""

    def test_the_examples_of_the_description_are_answered_well(self):
        operations = [one for one in self.description.operations if one.path.startswith((API, "/v1", "/api/v1/chatkit", "/mcp"))]
        order = {"get": 0, "post": 1, "put": 1, "patch": 1, "delete": 2}
        operations.sort(key=lambda one: (order[one.method], -one.path.count("{") if one.method == "delete" else 0))
        # What a single request without anything before it cannot do.
        refused = {
            # Nothing runs, waits or was announced; nothing failed; no model makes vectors.
            "cancelRun": 400, "submitToolOutputs": 400, "decideApproval": 404, "cancelJob": 404, "showJob": 404, "retryStudy": 409,
            "createEmbeddings": 404, "mcpListen": 400, "mcpEnd": 400,
            # Files are not shown as examples.
            "createFile": 400, "uploadArtifact": 400, "uploadDocument": 400, "chatkitUpload": 400, "chatkitUploadAnnounced": 400,
            "chatkitPreview": 404,  # nobody was told this address
            # Nobody need log in here, and the one user has no password.
            "logIn": 404, "changeOwnPassword": 403,
            "createUser": 409,  # the user who is there to be asked about
            "removeUserData": 422,  # the name has to be said twice
            "showUserDataRemoval": 404,  # nobody's is going on
            "openaiDeleteAssistant": 404,  # the same one was deleted through the other door
        }
        for operation in operations:
            media = operation.body()
            body = self.filled(media["example"]) if media and media.get("example") is not None else None
            headers = {"Accept": "application/json, text/event-stream"} if operation.path == "/mcp" else {}
            reply = self.ask(operation.method.upper(), self.path_of(operation), body, headers)
            wanted = [refused[operation.id]] if operation.id in refused else [200, 201, 204]
            with self.subTest(operation.id):
                self.assertIn(reply.status, wanted, reply.body[:400])


class Judgement(unittest.TestCase):
    """The judge itself: what is not described does not pass."""

    def setUp(self):
        self.description = Description()

    def problems(self, **changes):
        class Said:
            method, target, status, request_body, whole = "GET", API + "/jobs", 200, b"", True
            headers = http.client.HTTPMessage()
            body = b'{"jobs": [], "has_more": false, "next_cursor": null}'
        Said.headers["Content-Type"] = "application/json"
        for name, value in changes.items():
            setattr(Said, name, value)
        return self.description.check(Said)

    def test_what_is_described_passes(self):
        self.assertEqual(self.problems(), [])

    def test_what_is_not_does_not(self):
        for changes in ({"body": b'{"jobs": [], "has_more": false}'}, {"body": b'{"jobs": [], "has_more": 0, "next_cursor": null}'},
                        {"body": b'{"jobs": [], "has_more": false, "next_cursor": null, "more": 1}'}, {"body": b""},
                        {"status": 302}, {"target": API + "/jobs?odd=1"}, {"target": API + "/no_such"}, {"method": "POST", "target": API + "/projects", "request_body": b'{"name": "a", "odd": 1}', "status": 200},
                        {"target": API + "/conversations/conv_1/turns/turn_1/events", "body": b"event: odd\ndata: {}\n\n"}):
            stream = "events" in changes.get("target", "")
            headers = copy.copy(http.client.HTTPMessage())
            headers["Content-Type"] = "text/event-stream" if stream else "application/json"
            self.assertNotEqual(self.problems(**changes, headers=headers), [], changes)


if __name__ == "__main__":
    unittest.main()
