"""The conversation API but for chat: every call, what it answers, and what it refuses."""

import json
import unittest

from daemon import API, DaemonTest, FolderTest

NOBODY = "conv_" + "0" * 32
NO_TURN = "turn_" + "0" * 32
NO_JOB = "job_" + "0" * 32


class Shape(DaemonTest):
    def test_a_new_conversation_is_whole(self):
        project = self.d.project("whole")
        reply = self.d.post("/conversations", {"title": "Größen", "project_id": project, "metadata": {"a": [1, None]},
                                               "assistant_id": None})
        self.assertEqual(reply.status, 201)
        made = reply.json
        self.assertEqual(reply.headers["Location"], f"{API}/conversations/{made['id']}")
        self.assertRegex(made["id"], r"^conv_[0-9a-f]{32}$")
        self.assertRegex(made["created_at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
        expected = {"id": made["id"], "title": "Größen", "project_id": project, "provider": None, "model": None,
                    "assistant_id": None, "metadata": {"a": [1, None]}, "created_at": made["created_at"],
                    "updated_at": made["created_at"], "is_archived": False, "state": "open",
                    "state_reason": None, "message_count": 0, "last_message_preview": None}
        self.assertEqual(made, expected)
        shown = self.d.good("GET", f"/conversations/{made['id']}")
        self.assertEqual(shown, expected | {"messages": [], "has_earlier_messages": False, "running_turn_id": None})

    def test_every_body_may_be_absent_where_nothing_is_needed(self):
        self.assertEqual(self.d.post("/conversations").status, 201)
        conversation = self.d.conversation()
        self.assertEqual(self.d.post(f"/conversations/{conversation}/archive").status, 200)

    def test_patch_changes_only_what_it_names(self):
        conversation = self.d.conversation(title="Before", metadata={"kept": 1})
        changed = self.d.good("PATCH", f"/conversations/{conversation}", {"title": "After"})
        self.assertEqual((changed["title"], changed["metadata"]), ("After", {"kept": 1}))
        changed = self.d.good("PATCH", f"/conversations/{conversation}", {"metadata": {"new": 2}, "model": "offline"})
        self.assertEqual((changed["title"], changed["metadata"], changed["model"]), ("After", {"new": 2}, "offline"))

    def test_null_in_a_patch_takes_away_what_was_there(self):
        project = self.d.project("taken away")
        conversation = self.d.conversation(title="Mine", metadata={"a": 1}, project_id=project, model="offline")
        path = f"/conversations/{conversation}"
        changed = self.d.good("PATCH", path, {"title": None, "metadata": None, "project_id": None, "model": None})
        self.assertEqual((changed["title"], changed["metadata"], changed["project_id"]), (None, {}, None))
        self.assertEqual((changed["provider"], changed["model"]), (None, None))
        self.assertEqual(self.d.good("GET", path)["title"], None)
        self.assertEqual(self.d.good("GET", "/conversations?q=Mine")["conversations"], [])
        # The next turn finds a title as it does for a new conversation.
        self.d.chat(conversation, "Hello again")
        self.assertEqual(self.d.good("GET", path)["title"], "Hello again")
        project = f"/projects/{self.d.project('Taken away whole', description='Soot', facts={'n': 1}, metadata={'m': 1})}"
        changed = self.d.good("PATCH", project, {"description": None, "facts": None, "metadata": None})
        self.assertEqual((changed["description"], changed["facts"], changed["metadata"]), (None, {}, {}))
        self.check_error(self.d.call("PATCH", project, {"name": None}), 422, "validation", "name")

    def test_an_assistant_that_does_not_exist_is_refused(self):
        reply = self.d.post("/conversations", {"assistant_id": "helper"})
        self.check_error(reply, 422, "validation", "assistant_id")
        self.assertIn("names no assistant", reply.error["details"][0]["message"])

    def test_an_archived_conversation_is_listed_as_such(self):
        project = self.d.project("archive")
        conversation = self.d.conversation(project_id=project)
        self.assertTrue(self.d.good("POST", f"/conversations/{conversation}/archive")["is_archived"])
        listed = self.d.good("GET", f"/conversations?project_id={project}&archived=true")["conversations"]
        self.assertEqual([entry["id"] for entry in listed], [conversation])
        self.assertEqual(self.d.good("GET", f"/conversations?project_id={project}&archived=false")["conversations"], [])
        self.assertFalse(self.d.good("POST", f"/conversations/{conversation}/unarchive")["is_archived"])
        listed = self.d.good("GET", f"/conversations?project_id={project}&archived=false")["conversations"]
        self.assertEqual([entry["id"] for entry in listed], [conversation])

    def test_the_title_is_the_first_message_and_stays(self):
        conversation = self.d.conversation()
        self.d.chat(conversation, "Hello there,\nfriend")
        self.assertEqual(self.d.good("GET", f"/conversations/{conversation}")["title"], "Hello there,")
        self.d.chat(conversation, "Something else")
        self.assertEqual(self.d.good("GET", f"/conversations/{conversation}")["title"], "Hello there,")
        named = self.d.conversation(title="Mine")
        self.d.chat(named, "Hello")
        self.assertEqual(self.d.good("GET", f"/conversations/{named}")["title"], "Mine")

    def test_a_long_title_is_cut_between_characters(self):
        conversation = self.d.conversation()
        self.d.chat(conversation, "ü😀" * 200)
        title = self.d.good("GET", f"/conversations/{conversation}")["title"]
        self.assertEqual(title, "ü😀" * 30 + "…")

    def test_previews_have_100_characters_whatever_their_size(self):
        # Nothing matches, so the reply is the offline provider's; it is longer than 100 characters too.
        conversation = self.d.conversation()
        reply = self.d.chat(conversation, "日本😀é" * 60)
        shown = self.d.good("GET", f"/conversations/{conversation}")
        self.assertGreater(len(reply["content"]), 100)
        self.assertEqual(shown["last_message_preview"], reply["content"][:100])

    def test_messages_are_in_order_and_whole(self):
        conversation = self.d.conversation()
        self.d.chat(conversation, "Run a DLA simulation with 50 particles and seed 7")
        shown = self.d.good("GET", f"/conversations/{conversation}")
        messages = self.d.messages(conversation)
        self.assertEqual(shown["messages"], messages)
        self.assertEqual(shown["message_count"], len(messages))
        self.assertEqual([message["role"] for message in messages], ["user", "assistant", "tool", "assistant"])
        call = messages[1]["tool_calls"][0]
        self.assertEqual(call["function"]["name"], "run_dla_simulation")
        self.assertEqual(json.loads(call["function"]["arguments"]), {"n_particles": 50, "seed": 7})
        self.assertEqual(messages[2]["tool_call_id"], call["id"])
        self.assertTrue(json.loads(messages[2]["content"])["success"])
        self.assertIsNone(messages[3]["tool_calls"])
        self.assertEqual(shown["updated_at"], messages[3]["created_at"])

    def test_a_long_conversation_shows_its_newest_100_messages(self):
        conversation = self.d.conversation()
        for number in range(51):
            self.d.chat(conversation, f"Hello {number}")
        shown = self.d.good("GET", f"/conversations/{conversation}")
        messages = self.d.messages(conversation)
        self.assertEqual(len(messages), 102)
        self.assertTrue(shown["has_earlier_messages"])
        self.assertEqual(shown["messages"], messages[2:])


class Deleting(DaemonTest):
    def test_everything_of_it_goes(self):
        conversation = self.d.conversation()
        reply = self.d.chat(conversation, "Run a DLA simulation with 60 particles called zebrafish")
        handle, turn = reply["artifacts"][0]["handle"], reply["turn_id"]
        self.assertEqual(self.d.get(f"/artifacts/{handle}/content").status, 200)
        found = self.d.good("GET", "/conversations?q=zebrafish")["conversations"]
        self.assertEqual([entry["id"] for entry in found], [conversation])

        gone = self.d.call("DELETE", f"/conversations/{conversation}")
        self.assertEqual((gone.status, gone.body), (204, b""))
        for path in ("", "/messages", f"/turns/{turn}", f"/turns/{turn}/events"):
            self.check_error(self.d.get(f"/conversations/{conversation}{path}"), 404, "not_found")
        self.check_error(self.d.get(f"/artifacts/{handle}"), 404, "not_found")
        self.check_error(self.d.get(f"/artifacts/{handle}/content"), 404, "not_found")
        self.check_error(self.d.call("DELETE", f"/conversations/{conversation}"), 404, "not_found")
        self.check_error(self.d.post(f"/conversations/{conversation}/chat", {"content": "x"}), 404, "not_found")
        self.assertEqual(self.d.good("GET", "/conversations?q=zebrafish")["conversations"], [])


class Searching(DaemonTest):
    def search(self, words):
        connection_safe = words.replace(" ", "%20").replace('"', "%22").replace("ü", "%C3%BC").replace("*", "%2A")
        return [entry["id"] for entry in self.d.good("GET", f"/conversations?q={connection_safe}")["conversations"]]

    def test_words_are_found_in_messages_and_titles(self):
        in_title = self.d.conversation(title="Platypus notes")
        in_message = self.d.conversation(title="Other")
        self.d.chat(in_message, "The platypus and the müsli bowl")
        self.assertEqual(self.search("platypus"), [in_message, in_title])
        self.assertEqual(self.search("müsli"), [in_message])
        self.assertEqual(self.search("platypus notes"), [in_title])
        self.d.good("PATCH", f"/conversations/{in_title}", {"title": "Renamed"})
        self.assertEqual(self.search("platypus"), [in_message])

    def test_a_hit_says_where(self):
        conversation = self.d.conversation(title="Animals")
        self.d.chat(conversation, "The wombat\nlives in Größenwahn, near the wombats' hill")
        asked = self.d.messages(conversation)[0]
        found = self.d.good("GET", "/conversations?q=wombat")["conversations"][0]
        self.assertEqual(found["hit"]["message_id"], asked["id"])
        text, marks = found["hit"]["excerpt"]["text"], found["hit"]["excerpt"]["marks"]
        self.assertEqual(text, "The wombat lives in Größenwahn, near the wombats' hill")
        self.assertEqual([text[mark["start"]:mark["end"]] for mark in marks], ["wombat", "wombats"])
        self.assertIsNone(self.d.good("GET", "/conversations?q=animals")["conversations"][0]["hit"])
        self.assertNotIn("hit", self.d.good("GET", "/conversations")["conversations"][0])

    def test_messages_are_read_around_one_of_them(self):
        conversation = self.d.conversation()
        for number in range(6):
            self.d.chat(conversation, f"Hello {number}")
        ids = [message["id"] for message in self.d.messages(conversation)]
        path = f"/conversations/{conversation}/messages"

        def around(index, limit):
            page = self.d.good("GET", f"{path}?around={ids[index]}&limit={limit}")
            return [message["id"] for message in page["messages"]], page["has_earlier"], page["has_later"]

        self.assertEqual(around(5, 5), (ids[3:8], True, True))
        self.assertEqual(around(0, 5), (ids[0:3], False, True))
        self.assertEqual(around(11, 5), (ids[9:12], True, False))
        self.assertEqual(around(5, 1), (ids[5:6], True, True))
        self.assertEqual(around(5, 100), (ids, False, False))
        after = self.d.good("GET", f"{path}?after={ids[5]}&limit=4")
        self.assertEqual(([message["id"] for message in after["messages"]], after["has_more"]), (ids[6:10], True))
        after = self.d.good("GET", f"{path}?after={ids[7]}&limit=4")
        self.assertEqual(([message["id"] for message in after["messages"]], after["has_more"]), (ids[8:12], False))
        other = self.d.conversation()
        self.d.chat(other, "Hello")
        strange = self.d.messages(other)[0]["id"]
        for key in ("around", "after", "before"):
            self.check_error(self.d.get(f"{path}?{key}={strange}"), 422, "validation", key)
            self.check_error(self.d.get(f"{path}?{key}=x"), 422, "validation", key)
            self.check_error(self.d.get(f"/conversations/{other}/messages?{key}={ids[0]}"), 422, "validation", key)
        self.check_error(self.d.get(f"{path}?before={ids[1]}&after={ids[1]}"), 422, "validation", "before")
        self.check_error(self.d.get(f"/conversations/{NOBODY}/messages?around={ids[0]}"), 404, "not_found")

    def test_no_text_is_a_syntax_error(self):
        for words in ('"', "AND", "a* NEAR(", "-", "*", "title:x", "(", "'"):
            self.search(words)


class Refusals(DaemonTest):
    def test_names_of_nothing_are_not_found(self):
        conversation = self.d.conversation()
        for wrong in (NOBODY, "x", "conv_", "turn_" + "0" * 32, "conv_" + "g" * 32, "conv_" + "0" * 33, "%00", "..%2f"):
            for method, path, body in (
                    ("GET", "", None), ("PATCH", "", {"title": "x"}), ("DELETE", "", None), ("POST", "/archive", None),
                    ("POST", "/unarchive", None), ("GET", "/messages", None), ("POST", "/chat", {"content": "Hello"}),
                    ("GET", f"/turns/{NO_TURN}", None), ("POST", f"/turns/{NO_TURN}/cancel", None),
                    ("GET", f"/turns/{NO_TURN}/events", None)):
                with self.subTest(method=method, path=path, id=wrong):
                    reply = self.d.call(method, f"/conversations/{wrong}{path}", body)
                    if wrong in ("%00", "..%2f") and reply.status == 400:
                        self.check_error(reply, 400, "invalid_request")
                    else:
                        self.check_error(reply, 404, "not_found")
        for path in (f"/conversations/{conversation}/turns/{NO_TURN}", f"/conversations/{conversation}/turns/x",
                     "/artifacts/plot-99999", "/artifacts/plot-99999/content", "/artifacts/art_" + "0" * 32,
                     f"/jobs/{NO_JOB}", "/jobs/x", "/tools/nothing", "/nothing", ""):
            self.check_error(self.d.get(path), 404, "not_found")
        self.check_error(self.d.call("DELETE", "/artifacts/plot-99999"), 404, "not_found")
        self.check_error(self.d.post(f"/jobs/{NO_JOB}/cancel"), 404, "not_found")
        self.check_error(self.d.post("/tools/nothing/execute", {}), 404, "not_found")

    def test_a_turn_is_found_in_its_own_conversation_only(self):
        one, other = self.d.conversation(), self.d.conversation()
        turn = self.d.chat(one, "Hello")["turn_id"]
        for method, path in (("GET", ""), ("GET", "/events"), ("POST", "/cancel")):
            self.check_error(self.d.call(method, f"/conversations/{other}/turns/{turn}{path}"), 404, "not_found")
        self.assertEqual(self.d.turn(one, turn)["state"], "completed")

    def test_numbers_beyond_every_bound(self):
        for path in ("/conversations", "/tools/run_dla_simulation/execute"):
            reply = self.d.call("POST", path, b'{"metadata": {"a": 1e999}}')
            self.check_error(reply, 400, "invalid_request")

    def test_bad_json(self):
        conversation = self.d.conversation()
        targets = (("POST", "/conversations"), ("PATCH", f"/conversations/{conversation}"),
                   ("POST", f"/conversations/{conversation}/chat"), ("POST", "/tools/list_artifacts/execute"))
        for body in (b"{", b"[]", b'"x"', b"null", b"{\"content\": }", b"\xff", b'{"content": "\xff"}',
                     b'{"content": "x"} y', b"[" * 100_000, b'{"a":' * 1000 + b"1" + b"}" * 1000):
            for method, path in targets:
                with self.subTest(body=body[:20], path=path):
                    self.check_error(self.d.call(method, path, body), 400, "invalid_request")
        for method, path in targets[1:3]:
            self.check_error(self.d.call(method, path), 400, "invalid_request")

    def test_empty_and_blank_content(self):
        conversation = self.d.conversation()
        for content in ("", " ", "\n\t \r\n", None):
            reply = self.d.post(f"/conversations/{conversation}/chat", {"content": content})
            self.check_error(reply, 400, "invalid_request")
        self.check_error(self.d.post(f"/conversations/{conversation}/chat", {}), 400, "invalid_request")
        self.assertEqual(self.d.messages(conversation), [])

    def test_unknown_and_wrong_fields_are_all_named(self):
        conversation = self.d.conversation()
        chat = f"/conversations/{conversation}/chat"
        cases = (("POST", "/conversations", {"titel": "x"}, ["titel"]),
                 ("POST", "/conversations", {"title": 5, "metadata": [], "x": 1}, ["title", "metadata", "x"]),
                 ("POST", "/conversations", {"title": "  "}, ["title"]),
                 ("POST", "/conversations", {"title": "x" * 201}, ["title"]),
                 ("POST", "/conversations", {"provider": "nobody"}, ["provider"]),
                 ("POST", "/conversations", {"model": "nobody:x"}, ["model"]),
                 ("PATCH", f"/conversations/{conversation}", {"is_archived": True}, ["is_archived"]),
                 ("PATCH", f"/conversations/{conversation}", {"title": ""}, ["title"]),
                 ("POST", chat, {"content": "x", "streem": True}, ["streem"]),
                 ("POST", chat, {"content": 5}, ["content"]),
                 ("POST", chat, {"content": 5, "project_id": "p"}, ["content", "project_id"]),
                 ("POST", chat, {"content": "x", "stream": "yes", "wait": 1, "attachments": "a"},
                  ["stream", "wait", "attachments"]),
                 ("POST", chat, {"content": "x", "attachments": [1]}, ["attachments"]),
                 ("POST", f"/conversations/{conversation}/archive", {"x": 1}, ["x"]),
                 ("POST", "/tools/list_artifacts/execute", {"arguments": [], "x": 1}, ["arguments", "x"]))
        for method, path, body, fields in cases:
            with self.subTest(path=path, body=body):
                error = self.check_error(self.d.call(method, path, body), 422, "validation")
                self.assertEqual([entry["field"] for entry in error["details"]], fields)
        self.assertEqual(self.d.messages(conversation), [])
        reply = self.d.post(chat, {"content": "x"}, {"Idempotency-Key": "k" * 256})
        self.check_error(reply, 422, "validation", "Idempotency-Key")
        self.check_error(self.d.post(chat, {"content": "x", "attachments": ["plot-999"]}), 404, "not_found")

    def test_limits_cursors_and_query_keys(self):
        conversation = self.d.conversation()
        lists = ("/conversations", f"/conversations/{conversation}/messages", "/artifacts", "/jobs")
        for path in lists:
            for limit in ("0", "101", "-1", "x", "", "1.5", "1e1", "99999999999999999999", "%2010"):
                with self.subTest(path=path, limit=limit):
                    self.check_error(self.d.get(f"{path}?limit={limit}"), 422, "validation", "limit")
            for limit in ("1", "100"):
                self.assertEqual(self.d.get(f"{path}?limit={limit}").status, 200)
            for cursor in ("x", "%00", "0", "AAAA", "bm90aGluZw", "%F0%9F%98%80", "a" * 2000):
                with self.subTest(path=path, cursor=cursor[:10]):
                    reply = self.d.get(f"{path}?cursor={cursor}")
                    if cursor == "%00" and reply.status == 400:
                        continue
                    self.check_error(reply, 422, "validation")
            self.check_error(self.d.get(f"{path}?limitt=5"), 422, "validation", "limitt")
            self.check_error(self.d.get(f"{path}?limit=5&limit=6"), 422, "validation", "limit")
        for path in (f"/conversations/{conversation}?x=1", "/tools?x=1", "/tools/list_artifacts?x=1"):
            self.check_error(self.d.get(path), 422, "validation", "x")
        self.check_error(self.d.get("/conversations?archived=yes"), 422, "validation", "archived")
        self.check_error(self.d.get("/jobs?state=done"), 422, "validation", "state")
        self.check_error(self.d.get("/artifacts?conversation_id=x"), 422, "validation", "conversation_id")

    def test_a_cursor_counts_in_its_own_list_only(self):
        conversation = self.d.conversation()
        self.d.chat(conversation, "Hello")
        self.d.conversation()
        cursors = {path: self.d.good("GET", f"{path}?limit=1")["next_cursor"]
                   for path in ("/conversations", f"/conversations/{conversation}/messages")}
        (one, first), (other, second) = cursors.items()
        self.check_error(self.d.get(f"{one}?cursor={second}"), 422, "validation")
        self.check_error(self.d.get(f"{other}?cursor={first}"), 422, "validation")


class Http(DaemonTest):
    def test_a_trailing_slash_changes_nothing(self):
        conversation = self.d.conversation()
        for path in ("/conversations", f"/conversations/{conversation}", f"/conversations/{conversation}/messages",
                     "/tools", "/tools/list_artifacts", "/artifacts", "/jobs"):
            with self.subTest(path=path):
                self.assertEqual(self.d.get(path).body, self.d.get(path + "/").body)
        self.assertEqual(self.d.post("/conversations/", {}).status, 201)
        self.assertEqual(self.d.get("/conversations/?limit=1").status, 200)

    def test_head_is_get_without_its_body(self):
        conversation = self.d.conversation()
        for path in ("/conversations", f"/conversations/{conversation}", "/tools/list_artifacts", "/nothing",
                     "/conversations?limit=0"):
            with self.subTest(path=path):
                got, head = self.d.get(path), self.d.call("HEAD", path)
                self.assertEqual((head.status, head.body), (got.status, b""))
                self.assertEqual(head.headers["Content-Type"], got.headers["Content-Type"])
                self.assertEqual(abs(int(head.headers["Content-Length"]) - len(got.body)), 0)

    def test_other_methods_are_told_which_are_allowed(self):
        for path, allowed in (("/conversations", {"GET", "HEAD", "POST", "OPTIONS"}),
                              (f"/conversations/{NOBODY}", {"GET", "HEAD", "PATCH", "DELETE", "OPTIONS"}),
                              (f"/conversations/{NOBODY}/chat", {"POST", "OPTIONS"}),
                              (f"/conversations/{NOBODY}/messages", {"GET", "HEAD", "OPTIONS"}),
                              ("/artifacts", {"GET", "HEAD", "POST", "OPTIONS"}),
                              (f"/jobs/{NO_JOB}/cancel", {"POST", "OPTIONS"})):
            with self.subTest(path=path):
                reply = self.d.call("PUT", path, b"{}")
                self.check_error(reply, 405, "method_not_allowed")
                self.assertEqual(set(reply.headers["Allow"].split(", ")), allowed)

    def test_request_ids_are_taken_or_made(self):
        reply = self.d.get("/nothing", {"X-Request-ID": "mine-1"})
        self.assertEqual((reply.headers["X-Request-ID"], reply.error["request_id"]), ("mine-1", "mine-1"))
        self.assertEqual(self.d.get("/tools", {"X-Request-ID": "mine-2"}).headers["X-Request-ID"], "mine-2")
        made = {self.d.get("/conversations").headers["X-Request-ID"] for _ in range(3)}
        self.assertEqual(len(made), 3)

    def test_a_body_that_is_too_large_is_refused(self):
        conversation = self.d.conversation()
        reply = self.d.post(f"/conversations/{conversation}/chat", {"content": "x" * (5 << 20)})
        self.check_error(reply, 413, "payload_too_large")


class Paging(FolderTest):
    def pages(self, path, name, limit):
        items, sizes, cursor = [], [], ""
        while True:
            page = self.d.good("GET", f"{path}{'&' if '?' in path else '?'}limit={limit}{cursor}")
            items += page[name]
            sizes.append(len(page[name]))
            self.assertEqual(page["has_more"], page["next_cursor"] is not None)
            if not page["has_more"]:
                return items, sizes
            cursor = f"&cursor={page['next_cursor']}"

    def check(self, path, name, count):
        whole = self.d.good("GET", f"{path}{'&' if '?' in path else '?'}limit=100")[name]
        self.assertEqual(len(whole), count)
        for limit in (1, 3, count - 1, count, 100):
            items, sizes = self.pages(path, name, limit)
            self.assertEqual(items, whole)
            self.assertEqual(sizes, [limit] * (count // limit) + ([count % limit] if count % limit else []))
        return whole

    def test_nothing_is_lost_or_repeated(self):
        self.d = self.daemon("tools: {run_dla_simulation: {job_after_s: 0}}\n")
        projects = [self.d.project(name) for name in ("even", "odd")]
        made = [self.d.conversation(project_id=projects[number % 2]) for number in range(13)]
        listed = self.check("/conversations", "conversations", 13)
        self.assertEqual([entry["id"] for entry in listed], made[::-1])
        self.check(f"/conversations?project_id={projects[1]}", "conversations", 6)

        for number in range(8):
            self.d.chat(made[0], f"Hello {number}")
        messages = self.check(f"/conversations/{made[0]}/messages", "messages", 16)
        self.assertEqual([message["content"] for message in messages[::2]], [f"Hello {n}" for n in range(8)])
        self.assertEqual(self.d.good("GET", "/conversations?limit=1")["conversations"][0]["id"], made[0])

        for number in range(7):
            upload = self.d.post(f"/artifacts?name=f{number}.txt", f"file {number % 3}", {"Content-Type": "text/plain"})
            self.assertEqual(upload.status, 201)
        artifacts = self.check("/artifacts", "artifacts", 7)
        self.assertEqual([artifact["name"] for artifact in artifacts], [f"f{n}.txt" for n in range(6, -1, -1)])
        self.check("/artifacts?kind=file", "artifacts", 7)

        for number in range(5):
            answer = self.d.good("POST", "/tools/run_dla_simulation/execute", {"n_particles": 20000})
            self.assertEqual(answer["data"]["status"], "running")
            last = self.d.good("POST", "/tools/wait_for_job/execute", {"job_id": answer["data"]["job_id"]})
            self.assertEqual(last["data"]["status"], "completed", last)
        self.check("/jobs", "jobs", 5)
        self.check("/jobs?state=completed", "jobs", 5)
        self.assertEqual(self.d.good("GET", "/jobs?state=failed")["jobs"], [])

    def test_a_page_that_was_begun_goes_on_below_what_is_new(self):
        self.d = self.daemon()
        made = [self.d.conversation() for _ in range(6)]
        first = self.d.good("GET", "/conversations?limit=3")
        self.d.conversation()
        second = self.d.good("GET", f"/conversations?limit=3&cursor={first['next_cursor']}")
        seen = [entry["id"] for entry in first["conversations"] + second["conversations"]]
        self.assertEqual(seen, made[::-1])


if __name__ == "__main__":
    unittest.main()
