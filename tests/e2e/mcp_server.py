"""The daemon as a server of the Model Context Protocol, message by message: both kinds of revisions, and what is wrong."""

import base64
import json
import shutil
import unittest

from daemon import BUILD, DaemonTest, FolderTest, in_threads, until
from mcp_client import BOTH, META, MODERN, Modern, Session, message, send, text_of, whole

FIXTURE = f"""
plugins: {{folders: ['{BUILD}/test-plugins/mcp', '{BUILD}/plugins']}}
tools:
  test_elicitation: {{approval: always}}
"""
FORMS = {"elicitation": {"form": {}}}


class Tools(DaemonTest):
    """What both kinds of clients see of tools."""

    config = FIXTURE

    def both(self, capabilities=None):
        return Session(self.d, capabilities=capabilities), Modern(self.d, capabilities)

    def test_what_is_offered(self):
        shown = {tool["name"]: tool for tool in self.d.good("GET", "/tools")["tools"]}
        for client in self.both():
            tools = {tool["name"]: tool for tool in client.result("tools/list")["tools"]}
            self.assertEqual(set(tools), set(shown))
            dla = tools["run_dla_simulation"]
            self.assertEqual(dla["title"], shown["run_dla_simulation"]["title"])
            self.assertEqual((dla["inputSchema"]["type"], dla["outputSchema"]["type"]), ("object", "object"))
            self.assertIn("n_particles", dla["inputSchema"]["properties"])
            self.assertNotIn("outputSchema", tools["test_simple_text"])
            hints = tools["erase_everything"]["annotations"]
            self.assertEqual((hints["readOnlyHint"], hints["destructiveHint"], hints["idempotentHint"],
                              hints["openWorldHint"]), (False, True, False, False))
            self.assertTrue(tools["test_simple_text"]["annotations"]["readOnlyHint"])
            self.assertEqual(client.error("tools/list", {"cursor": "nonsense"})["code"], -32602)

    def test_a_call(self):
        for client in self.both():
            result = client.call("run_dla_simulation", {"n_particles": 60, "seed": 7})
            self.assertNotIn("isError", result)
            self.assertEqual(result["structuredContent"]["n_particles"], 60)
            self.assertIn("Grew a 3-D DLA cluster", text_of(result))
            [link] = [block for block in result["content"] if block["type"] == "resource_link"]
            self.assertRegex(link["uri"], r"^assistd://artifacts/simulation-\d+$")
            self.assertEqual(link["mimeType"], "application/x-npy")
            self.assertGreater(link["size"], 100)
            # Other tools take the file by its handle.
            again = client.call("export_simulation_csv", {"simulation": link["name"]})
            self.assertNotIn("isError", again, text_of(again))

    def test_what_a_tool_refuses_is_its_result(self):
        for client in self.both():
            result = client.call("run_dla_simulation", {"n_particles": -5})
            self.assertTrue(result["isError"])
            self.assertIn("n_particles", text_of(result))
            self.assertNotIn("structuredContent", result)
            failed = client.call("test_error_handling")
            self.assertEqual((failed["isError"], text_of(failed)),
                             (True, "This tool intentionally returns an error for testing."))

    def test_what_is_no_call_is_an_error(self):
        for client in self.both():
            self.assertEqual(client.error("tools/call", {"name": "no_such_tool"})["code"], -32602)
            for params in ({}, {"name": 3}, {"name": "test_simple_text", "arguments": [1]}):
                self.assertEqual(client.error("tools/call", params)["code"], -32602)

    def test_pictures_and_sounds_are_in_the_result(self):
        for client in self.both():
            for tool, kind, mark in (("test_image_content", "image", b"\x89PNG"), ("test_audio_content", "audio", b"RIFF")):
                content = client.call(tool)["content"]
                [shown] = [block for block in content if block["type"] == kind]
                self.assertTrue(base64.b64decode(shown["data"]).startswith(mark))
                self.assertEqual([block["type"] for block in content], ["text", kind, "resource_link"])

    def test_progress(self):
        for client in self.both():
            stream = client.calling("test_tool_with_progress", _meta={"progressToken": "mine"})
            messages = list(stream)
            told = [one["params"] for one in messages if one.get("method") == "notifications/progress"]
            self.assertEqual({one["progressToken"] for one in told}, {"mine"})
            values = [one["progress"] for one in told]
            self.assertEqual(values, sorted(set(values)))
            self.assertGreaterEqual(len(values), 3)
            self.assertLess(abs(values[-1] - 100), 1)
            self.assertIn("result", messages[-1])
            self.assertEqual([one["method"] for one in messages[:-1] if "progress" not in one["method"]], [])

    def test_a_tool_that_says_nothing_does_not_look_dead(self):
        # Once by itself, and then every 10 s by the daemon; clients give up after a minute of silence.
        def told(client):
            messages = list(client.calling("silent_wait", {"seconds": 14}, _meta={"progressToken": 1}))
            self.assertIn("result", messages[-1])
            return [one["params"] for one in messages[:-1]]

        for reports in in_threads(lambda i: told((Session, Modern)[i](self.d)), 2):
            self.assertGreaterEqual(len(reports), 2)
            self.assertGreater(reports[1]["progress"], reports[0]["progress"])
            self.assertEqual({report["message"] for report in reports}, {"waiting"})

    def test_a_long_call_is_waited_for(self):
        # It would be a job for anybody else.
        self.assertEqual(self.d.good("POST", "/tools/long_work/execute", {})["data"]["status"], "running")
        for client in self.both():
            self.assertEqual(text_of(client.call("long_work")), "Waited.")

    def test_a_result_of_many_bytes_is_whole(self):
        for client in self.both():
            for count in (200_000, 3_000_000):
                result = client.call("large_result", {"bytes": count})
                self.assertEqual(len(result["structuredContent"]["text"]), count)
                self.assertLess(len(text_of(result)), 70_000)

    def test_a_tool_of_projects(self):
        project = self.d.project("Sands")
        for client in self.both():
            tools = {tool["name"]: tool for tool in client.result("tools/list")["tools"]}
            self.assertEqual(tools["in_project"]["inputSchema"]["required"], ["project_id"])
            self.assertNotIn("isError", client.call("in_project", {"project_id": project}))
            self.assertTrue(client.call("in_project")["isError"])
            nobodys = client.call("in_project", {"project_id": "proj_" + "0" * 32})
            self.assertTrue(nobodys["isError"], nobodys)
            self.d.call("DELETE", f"/projects/{project}")
            project = self.d.project("Sands")

    def test_calls_run_side_by_side(self):
        client = Modern(self.d)
        bodies = [client.parts("tools/call", {"name": "silent_wait", "arguments": {"seconds": 0.2}}) for _ in range(8)]
        answers = in_threads(lambda i: whole(self.d, *bodies[i]), 8)
        numbers = [json.loads(answer.body.decode().split("data: ")[-1])["id"] for answer in answers]
        self.assertEqual(numbers, [body["id"] for body, _ in bodies])

    def test_calls_are_in_the_audit_log(self):
        Modern(self.d).call("silent_wait", {"seconds": 0})
        [entry] = self.d.good("GET", "/audit?tool=silent_wait&limit=1")["calls"]
        self.assertEqual((entry["outcome"], entry["tool"]), ("success", "silent_wait"))


class Cancels(DaemonTest):
    config = FIXTURE

    def until_cancelled(self, count):
        def cancelled():
            entries = self.d.good("GET", "/audit?tool=silent_wait&outcome=CancelledError&limit=100")["calls"]
            return len(entries) == count
        until(cancelled, f"{count} cancelled calls")

    def test_every_way(self):
        session = Session(self.d)
        stream = session.calling("silent_wait", {"seconds": 300})
        self.assertEqual(session.notify("notifications/cancelled", {"requestId": session.last}).status, 202)
        self.assertEqual(list(stream), [])
        self.until_cancelled(1)
        number = session.last

        def is_free():
            connection, response = session.start("tools/call", {"name": "test_simple_text"}, number)
            connection.close()
            return response.status == 200

        until(is_free, "the id of the cancelled call")
        # Nobody minds a cancel that comes too late.
        self.assertEqual(session.notify("notifications/cancelled", {"requestId": session.last}).status, 202)
        self.assertEqual(text_of(session.call("test_simple_text")), "This is a simple text response for testing.")

        session.calling("silent_wait", {"seconds": 300})
        self.assertEqual(session.end().status, 204)
        self.until_cancelled(2)

        Modern(self.d).calling("silent_wait", {"seconds": 300}).close()
        self.until_cancelled(3)


class Approvals(DaemonTest):
    config = FIXTURE
    CALL = {"message": "Hello"}

    def check_refused(self, result, word):
        self.assertTrue(result["isError"])
        self.assertIn(word, text_of(result))

    def test_a_client_that_cannot_ask(self):
        for client in (Session(self.d), Modern(self.d), Modern(self.d, {"elicitation": {"url": {}}})):
            for tool in ("test_elicitation", "erase_everything"):
                result = client.call(tool, self.CALL if tool == "test_elicitation" else {})
                self.check_refused(result, f"assistctl tools run {tool}")

    def test_with_a_session(self):
        session = Session(self.d, capabilities=FORMS)
        for action, word in (("accept", "simple text"), ("decline", "A person refused"), ("cancel", "Nobody said")):
            stream = session.calling("test_elicitation", self.CALL)
            question = stream.until("elicitation/create")[-1]
            self.assertIn("Hello", question["params"]["message"])
            self.assertEqual(question["params"]["requestedSchema"], {"type": "object", "properties": {}})
            self.assertEqual(session.respond(question["id"], {"action": action, "content": {}}).status, 202)
            result = stream.answer()["result"]
            self.assertIn(word, text_of(result))
            self.assertEqual(result.get("isError", False), action != "accept")
        self.assertEqual(self.d.good("GET", "/audit?limit=1")["calls"][0]["outcome"], "PermissionError")

    def test_a_client_that_refuses_to_ask(self):
        session = Session(self.d, capabilities={"elicitation": {}})
        stream = session.calling("test_elicitation", self.CALL)
        question = stream.until("elicitation/create")[-1]
        whole(self.d, {"jsonrpc": "2.0", "id": question["id"], "error": {"code": -1, "message": "No."}}, session.headers)
        self.check_refused(stream.answer()["result"], "Nobody said")

    def test_without_a_session(self):
        client = Modern(self.d, FORMS)
        for action, word in (("accept", "simple text"), ("decline", "A person refused"), ("cancel", "Nobody said")):
            asked = client.call("test_elicitation", self.CALL)
            self.assertEqual(asked["resultType"], "input_required")
            question = asked["inputRequests"]["approval"]
            self.assertEqual(question["method"], "elicitation/create")
            answer = {"inputResponses": {"approval": {"action": action}}, "requestState": asked["requestState"]}
            result = client.call("test_elicitation", self.CALL, **answer)
            self.assertEqual(result["resultType"], "complete")
            self.assertIn(word, text_of(result))
            # It counts once.
            params = {"name": "test_elicitation", "arguments": self.CALL} | answer
            self.assertEqual(client.error("tools/call", params)["code"], -32602)

    def test_an_answer_is_for_the_call_that_was_asked_about(self):
        client = Modern(self.d, FORMS)
        asked = client.call("test_elicitation", self.CALL)
        answer = {"inputResponses": {"approval": {"action": "accept"}}, "requestState": asked["requestState"]}
        for tool, arguments in (("test_elicitation", {"message": "Other"}), ("erase_everything", {})):
            params = {"name": tool, "arguments": arguments} | answer
            self.assertEqual(client.error("tools/call", params)["code"], -32602)
        for state in (asked["requestState"] + "x", "", None, 3):
            params = {"name": "test_elicitation", "arguments": self.CALL} | answer | {"requestState": state}
            self.assertEqual(client.error("tools/call", params)["code"], -32602)
        # An answer without a question is none, and nobody is asked about a call that would be refused.
        asked = client.call("test_elicitation", self.CALL, inputResponses={"other": {"action": "accept"}})
        self.assertEqual(asked["resultType"], "input_required")
        self.assertIn("message", text_of(client.call("test_elicitation", {})))


class Resources(DaemonTest):
    config = FIXTURE

    def upload(self, name, body, media_type):
        reply = self.d.call("POST", f"/artifacts?name={name}", body, {"Content-Type": media_type})
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json["handle"]

    def test_lists_pages_and_bytes(self):
        handles = [self.upload(f"{i}.txt", f"text {i} ä".encode(), "text/plain") for i in range(103)]
        data = self.upload("b.bin", bytes(range(256)), "application/octet-stream")
        broken = self.upload("c.txt", b"\xff\xfe", "text/plain")
        for client in (Session(self.d), Modern(self.d)):
            page = client.result("resources/list")
            rest = client.result("resources/list", {"cursor": page["nextCursor"]})
            self.assertNotIn("nextCursor", rest)
            uris = [one["uri"] for one in page["resources"] + rest["resources"]]
            self.assertEqual(len(set(uris)), len(uris))
            self.assertEqual(uris[:3], [f"assistd://artifacts/{handle}" for handle in (broken, data, handles[-1])])
            self.assertLessEqual({f"assistd://artifacts/{handle}" for handle in handles}, set(uris))
            [text] = client.result("resources/read", {"uri": uris[2]})["contents"]
            self.assertEqual((text["text"], text["mimeType"], text["uri"]), ("text 102 ä", "text/plain", uris[2]))
            [blob] = client.result("resources/read", {"uri": uris[1]})["contents"]
            self.assertEqual(base64.b64decode(blob["blob"]), bytes(range(256)))
            [no_text] = client.result("resources/read", {"uri": uris[0]})["contents"]
            self.assertEqual(base64.b64decode(no_text["blob"]), b"\xff\xfe")
            [template] = client.result("resources/templates/list")["resourceTemplates"]
            self.assertEqual(template["uriTemplate"], "assistd://artifacts/{handle}")
            self.assertEqual(client.error("resources/list", {"cursor": "nonsense"})["code"], -32602)

    def test_what_there_is_not(self):
        for client, code in ((Session(self.d), -32002), (Modern(self.d), -32602)):
            for uri in ("assistd://artifacts/plot-99", "assistd://artifacts/", "assistd://artifacts/%", "file:///etc/passwd",
                        "assistd://artifacts/..%2F..", "", "x" * 3000):
                error = client.error("resources/read", {"uri": uri})
                self.assertEqual((error["code"], error["data"]["uri"]), (code, uri[:2000]))
            self.assertEqual(client.error("resources/read", {})["code"], -32602)

    def test_what_is_too_large_is_to_be_downloaded(self):
        handle = self.upload("large.bin", bytes(9 << 20), "application/octet-stream")
        fits = self.upload("fits.bin", bytes(8 << 20), "application/octet-stream")
        for client in (Session(self.d), Modern(self.d)):
            error = client.error("resources/read", {"uri": f"assistd://artifacts/{handle}"})
            self.assertIn(f"GET /api/v1/ai/artifacts/{handle}/content", error["message"])
            [whole_file] = client.result("resources/read", {"uri": f"assistd://artifacts/{fits}"})["contents"]
            self.assertEqual(len(base64.b64decode(whole_file["blob"])), 8 << 20)


class Sessions(DaemonTest):
    config = FIXTURE

    def test_revisions(self):
        for wanted, spoken in (("2024-11-05",) * 2, ("2025-03-26",) * 2, ("2025-06-18",) * 2, ("2025-11-25",) * 2,
                               ("2023-01-01", "2025-11-25"), (MODERN, "2025-11-25")):
            session = Session(self.d, wanted)
            self.assertEqual(session.initialized["protocolVersion"], spoken)
            self.assertEqual(session.initialized["capabilities"],
                             {"logging": {}, "resources": {}, "tools": {"listChanged": True}})
            self.assertEqual(session.result("ping"), {})
            # Only the newest begins a stream with an event that has no data.
            connection, response = session.start("tools/call", {"name": "test_simple_text"})
            first = response.readline() + response.readline()
            self.assertEqual(b"retry: 1000" in first, spoken == "2025-11-25")
            connection.close()

    def test_the_headers_are_checked(self):
        session = Session(self.d)
        body = message("tools/list", {}, 5)
        for change, status in (({"Mcp-Session-Id": None}, 400), ({"Mcp-Session-Id": "0" * 32}, 404),
                               ({"Mcp-Session-Id": ""}, 404), ({"MCP-Protocol-Version": "1999-01-01"}, 400)):
            reply = whole(self.d, body, session.headers | change)
            self.assertEqual((reply.status, reply.json["error"]["code"], reply.json["id"]), (status, -32600, 5))
        # Clients of the first revisions have no such header.
        self.assertEqual(whole(self.d, body, session.headers | {"MCP-Protocol-Version": None}).status, 200)

    def test_the_end(self):
        session = Session(self.d)
        listening = session.listen()
        self.assertEqual(session.end().status, 204)
        self.assertEqual(list(listening), [])
        self.assertEqual(session.end().status, 404)
        reply = whole(self.d, message("ping", None, 1), session.headers)
        self.assertEqual(reply.status, 404)

    def test_many_sessions(self):
        busy = Session(self.d)
        listening = busy.listen()
        first = Session(self.d)
        for _ in range(64):
            Session(self.d)
        # The one that was idle longest made room, and one in use did not.
        self.assertEqual(whole(self.d, message("ping", None, 1), first.headers).status, 404)
        self.assertEqual(busy.result("ping"), {})
        listening.close()

    def test_an_id_that_is_in_use(self):
        session = Session(self.d)
        stream = session.calling("silent_wait", {"seconds": 300})
        connection, response = session.start("tools/call", {"name": "test_simple_text"}, session.last)
        self.assertEqual((response.status, json.loads(response.read())["error"]["code"]), (400, -32600))
        connection.close()
        # 1 and "1" are different ids.
        connection, response = session.start("tools/call", {"name": "test_simple_text"}, str(session.last))
        self.assertEqual(response.status, 200)
        connection.close()
        session.end()
        self.assertEqual(list(stream), [])

    def test_a_stream_is_taken_up_again(self):
        session = Session(self.d)
        stream = session.calling("test_reconnection", _meta={"progressToken": 1})
        number, nothing = next(stream.events)
        self.assertIsNone(nothing)
        stream.close()
        answer = session.listen(number).answer()
        self.assertEqual(text_of(answer["result"]), "Waited.")
        # Also after the end, and as often as one likes.
        again = list(session.listen(number))
        self.assertEqual(again[-1], answer)
        for wrong in ("7-x", "99-1", "-1-1", "nonsense", "1"):
            stream = session.listen(wrong)
            self.assertEqual(stream.status, 400)
            stream.close()
        other = Session(self.d)
        stream = other.listen(number)
        self.assertEqual(stream.status, 400)
        stream.close()

    def test_the_newest_listener_is_told(self):
        session = Session(self.d)
        first = session.listen()
        next(first.events)
        second = session.listen()
        self.assertEqual(list(first), [])
        second.close()

    def test_the_log(self):
        session = Session(self.d)
        self.assertEqual(session.error("logging/setLevel", {"level": "loud"})["code"], -32602)
        quiet = list(session.calling("test_tool_with_logging"))
        self.assertEqual(len(quiet), 1)
        self.assertEqual(session.result("logging/setLevel", {"level": "info"}), {})
        told = [one["params"]["data"] for one in session.calling("test_tool_with_logging") if "method" in one]
        self.assertEqual(told, ["test_tool_with_logging begins.", "started", "processing data", "completed",
                                "test_tool_with_logging has ended."])
        session.result("logging/setLevel", {"level": "error"})
        [failure] = [one for one in session.calling("test_error_handling") if "method" in one]
        self.assertEqual((failure["params"]["level"], failure["params"]["logger"]), ("error", "test_error_handling"))


class ModernRules(DaemonTest):
    config = FIXTURE

    def check(self, body, headers, status, code):
        reply = whole(self.d, body, headers)
        self.assertEqual((reply.status, reply.json["error"]["code"], reply.json["id"]), (status, code, body.get("id")),
                         reply.body)
        return reply.json["error"]

    def test_discovery(self):
        result = Modern(self.d).result("server/discover")
        self.assertEqual(result["supportedVersions"], [MODERN])
        self.assertEqual(result["capabilities"], {"logging": {}, "resources": {}, "tools": {"listChanged": True}})
        self.assertEqual(result["_meta"][META + "serverInfo"]["name"], "assistd")
        self.assertEqual((result["resultType"], result["cacheScope"]), ("complete", "public"))
        self.assertIsInstance(result["ttlMs"], int)

    def test_headers_and_body_agree(self):
        client = Modern(self.d)
        body, headers = client.parts("tools/call", {"name": "test_simple_text"})
        for change in ({"MCP-Protocol-Version": None}, {"MCP-Protocol-Version": "2025-11-25"}, {"Mcp-Method": None},
                       {"Mcp-Method": "Tools/Call"}, {"Mcp-Name": None}, {"Mcp-Name": "other"},
                       {"Mcp-Name": "=?base64?!!!?="}):
            self.check(body, headers | change, 400, -32020)
        encoded = base64.b64encode(b"test_simple_text").decode()
        for good in ({"Mcp-Name": f"=?base64?{encoded}?="}, {"Mcp-Name": "  test_simple_text "}):
            self.assertEqual(whole(self.d, body, headers | good).status, 200)

    def test_what_a_request_must_say(self):
        client = Modern(self.d)
        body, headers = client.parts("tools/list")
        for meta in (None, {}, {META + "protocolVersion": MODERN}, {META + "clientCapabilities": {}}, 3,
                     {META + "protocolVersion": MODERN, META + "clientCapabilities": []}):
            self.check(body | {"params": {"_meta": meta}}, headers, 400, -32602)
        for version in ("2025-11-25", "2099-01-01"):
            meta = client.meta | {META + "protocolVersion": version}
            error = self.check(body | {"params": {"_meta": meta}}, headers | {"MCP-Protocol-Version": version}, 400, -32022)
            self.assertEqual(error["data"], {"supported": [MODERN], "requested": version})

    def test_what_there_is_no_more(self):
        client = Modern(self.d)
        for method in ("initialize", "ping", "logging/setLevel", "resources/subscribe", "prompts/list", "nonsense"):
            self.check(*client.parts(method), 404, -32601)
        for method in ("GET", "DELETE"):
            reply = whole(self.d, None, {"MCP-Protocol-Version": MODERN}, method)
            self.assertEqual((reply.status, reply.headers["Allow"]), (405, "POST"))
        response = {"jsonrpc": "2.0", "id": 1, "result": {}}
        self.check(response, {"MCP-Protocol-Version": MODERN}, 400, -32600)

    def test_lists_say_how_long_they_are_good(self):
        for method in ("tools/list", "resources/list", "resources/templates/list"):
            result = Modern(self.d).result(method)
            self.assertEqual((result["resultType"], result["cacheScope"]), ("complete", "private"))
            self.assertGreaterEqual(result["ttlMs"], 0)


class BadInput(DaemonTest):
    config = FIXTURE + "http: {cors_origins: ['https://app.example']}\n"

    def test_what_is_no_message(self):
        session = Session(self.d)
        deep = '{"jsonrpc":"2.0","id":1,"method":"ping","params":' + '{"a":' * 5000 + "1" + "}" * 5001
        for body, code in (("", -32700), ("{", -32700), ("nonsense", -32700), (b"\xff\xfe", -32700), (deep, -32700),
                           ("[]", -32600), ("3", -32600), ("null", -32600), ("{}", -32600), ('"x"', -32600),
                           ('[{"jsonrpc":"2.0","id":1,"method":"ping"}]', -32600), ('{"id":1,"method":"ping"}', -32600),
                           ('{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600), ('{"jsonrpc":"2.0","id":1}', -32600),
                           ('{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600),
                           ('{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600),
                           ('{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600),
                           ('{"jsonrpc":"2.0","id":1,"method":3}', -32600), ('{"jsonrpc":"2.0","result":{}}', -32600),
                           ('{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}', -32600)):
            with self.subTest(body[:60]):
                reply = whole(self.d, body, session.headers)
                self.assertEqual((reply.status, reply.json["error"]["code"]), (400, code), reply.body)
                self.assertRegex(reply.json["error"]["message"], r"\.$")
        self.assertEqual(session.result("ping"), {})

    def test_types(self):
        body = message("ping", None, 1)
        for headers, status in (({"Content-Type": "text/plain"}, 415), ({"Content-Type": None}, 415),
                                ({"Accept": "application/json"}, 406), ({"Accept": "text/event-stream"}, 406),
                                ({"Accept": "text/html"}, 406)):
            reply = whole(self.d, json.dumps(body), headers)
            self.assertEqual((reply.status, reply.json["error"]["code"]), (status, -32600))
        for accept in (None, "*/*", "text/*, application/*;q=0.5", BOTH.upper().lower()):
            # It gets as far as the session, which is missing.
            self.assertEqual(whole(self.d, body, {"Accept": accept}).status, 400)
        session = Session(self.d)
        reply = whole(self.d, None, session.headers | {"Accept": "application/json"}, "GET")
        self.assertEqual(reply.status, 406)

    def test_a_body_that_is_too_large(self):
        reply = whole(self.d, b"x" * (5 << 20))
        self.assertEqual((reply.status, reply.json["error"]["code"], reply.json["id"]), (413, -32600, None))

    def test_methods(self):
        for method in ("PUT", "PATCH"):
            reply = whole(self.d, "{}", method=method)
            self.assertEqual(reply.status, 405)
            self.assertEqual(reply.json["error"]["code"], -32600)

    def test_pages_of_others(self):
        session = Session(self.d)
        body = message("ping", None, 1)
        own = f"http://127.0.0.1:{self.d.port}"
        for headers, status in (({"Origin": "https://evil.example"}, 403), ({"Origin": "null"}, 403),
                                ({"Host": "evil.example"}, 403), ({"Host": f"evil.example:{self.d.port}"}, 403),
                                ({"Origin": "https://app.example"}, 200), ({"Origin": own}, 200),
                                ({"Host": f"localhost:{self.d.port}"}, 200)):
            with self.subTest(headers):
                reply = whole(self.d, body, session.headers | headers)
                self.assertEqual(reply.status, status)
                connection, response = send(self.d, None, session.headers | headers | {"Content-Type": None}, "GET")
                self.assertEqual(response.status, status)
                connection.close()
                if status == 403:
                    self.assertEqual(reply.json["error"]["code"], -32600)
                    self.assertEqual(whole(self.d, None, session.headers | headers, "DELETE").status, 403)
        reply = whole(self.d, body, session.headers | {"Origin": "https://app.example"})
        self.assertIn("Mcp-Session-Id", reply.headers["Access-Control-Expose-Headers"])


class Changes(FolderTest):
    def test_listeners_are_told_of_other_tools(self):
        plugins = self.folder / "plugins"
        plugins.mkdir()
        daemon = self.daemon(f"plugins: {{folders: ['{plugins}']}}\n")
        session, modern = Session(daemon), Modern(daemon)
        listening = session.listen()
        to_tools = modern.ask_stream("subscriptions/listen", {"notifications": {"toolsListChanged": True}})
        to_nothing = modern.ask_stream("subscriptions/listen", {"notifications": {"resourcesListChanged": True}})
        for stream, honoured in ((to_tools, {"toolsListChanged": True}), (to_nothing, {})):
            [acknowledged] = stream.until("notifications/subscriptions/acknowledged")
            self.assertEqual(acknowledged["params"]["notifications"], honoured)
        shutil.copy(BUILD / "test-plugins/test_echo_plugin.so", plugins / "echo.so")
        changed = "notifications/tools/list_changed"
        self.assertEqual([one["method"] for one in listening.until(changed)], [changed])
        [told] = to_tools.until(changed)
        self.assertEqual(told["params"]["_meta"][META + "subscriptionId"], modern.last - 1)
        self.assertIn("echo", [tool["name"] for tool in session.result("tools/list")["tools"]])
        (plugins / "echo.so").unlink()
        listening.until(changed)
        to_tools.until(changed)
        # A daemon that stops says goodbye, to both.
        code, _ = daemon.end()
        self.assertEqual(code, 0)
        self.assertEqual(list(listening), [])
        [end] = list(to_tools)
        self.assertEqual((end["id"], end["result"]["resultType"]), (modern.last - 1, "complete"))
        self.assertEqual([one["id"] for one in to_nothing], [modern.last])

    def test_it_can_be_left_out(self):
        daemon = self.daemon("mcp: {serve: false}\n")
        reply = whole(daemon, message("ping", None, 1))
        self.assertEqual((reply.status, reply.error["code"]), (404, "not_found"))

    def test_rules_count(self):
        daemon = self.daemon(FIXTURE + "policy:\n  rules:\n    - {deny: ['run_*']}\n    - {ask: [silent_wait]}\n"
                             "  limits:\n    - {tools: [test_simple_text], per_day: 1}\n")
        client = Modern(daemon)
        names = [tool["name"] for tool in client.result("tools/list")["tools"]]
        self.assertNotIn("run_dla_simulation", names)
        self.assertEqual(client.error("tools/call", {"name": "no_such_tool"})["code"], -32602)
        for one in (client, Session(daemon)):
            denied = one.call("run_dla_simulation")
            self.assertTrue(denied["isError"])
            self.assertIn("local may not call run_dla_simulation: the rule in assistd.yaml:", text_of(denied))
        calls = daemon.good("GET", "/audit?tool=run_dla_simulation")["calls"]
        self.assertEqual([call["outcome"] for call in calls], ["PermissionError"] * 2)
        self.assertTrue(calls[0]["decided_by"].startswith("assistd.yaml:"), calls[0])
        self.assertIn("needs a person's approval", text_of(client.call("silent_wait", {"seconds": 0})))
        self.assertNotIn("isError", client.call("test_simple_text"))
        self.assertTrue(client.call("test_simple_text")["isError"])

    def test_a_daemon_that_stops_ends_calls(self):
        daemon = self.daemon(FIXTURE)
        stream = Session(daemon).calling("silent_wait", {"seconds": 300})
        other = Modern(daemon).calling("silent_wait", {"seconds": 300})
        code, seconds = daemon.end()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 10)
        for told in (list(stream), list(other)):
            self.assertEqual(text_of(told[-1]["result"]), "The call was stopped because the daemon is shutting down.")
            self.assertTrue(told[-1]["result"]["isError"])


if __name__ == "__main__":
    unittest.main()
