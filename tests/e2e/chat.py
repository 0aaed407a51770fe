"""Chat: turns as JSON and as a stream of events, re-joined, repeated, cancelled, left, and what they leave behind."""

import hashlib
import io
import json
import time
import unittest

from daemon import API, CHAIN, DaemonTest, in_threads

# A call that runs for about ten seconds inside its turn, and can be cancelled at any moment.
SLOW = "Run a 2D DLA simulation with 10000000 particles"
IN_TURN = "tools: {run_dla_simulation: {job_after_s: 600}, run_box_counting: {job_after_s: 600}}\n"


def stored(events):
    """What of a stream is told again with the same id when it comes from the store."""
    return [(e.id, e.name, e.data.get("tool_call_id"), e.data.get("message", {}).get("id")) for e in events
            if e.name in ("turn.started", "tool.call", "tool.result", "message.completed", "turn.completed")]


class Whole(DaemonTest):
    config = IN_TURN

    def check_chain_reply(self, reply, conversation):
        self.assertEqual(set(reply), {"id", "role", "content", "tool_calls", "tools_executed", "artifacts", "citations",
                                      "usage", "finish_reason", "created_at", "conversation_id", "turn_id", "provider", "model"})
        self.assertEqual((reply["role"], reply["tool_calls"], reply["finish_reason"]), ("assistant", None, "stop"))
        self.assertEqual(reply["tools_executed"], ["run_dla_simulation", "run_box_counting", "export_geometry"])
        self.assertEqual([artifact["kind"] for artifact in reply["artifacts"]], ["simulation", "analysis", "geometry"])
        self.assertEqual(reply["conversation_id"], conversation)
        usage = reply["usage"]
        self.assertGreater(usage["prompt_tokens"], 0)
        self.assertEqual(usage["total_tokens"], usage["prompt_tokens"] + usage["completion_tokens"])

    def test_the_chain_sentence_runs_three_tools_and_leaves_three_files(self):
        conversation = self.d.conversation()
        answer = self.d.post(f"/conversations/{conversation}/chat", {"content": CHAIN})
        reply = answer.json
        self.check_chain_reply(reply, conversation)
        self.assertEqual(answer.headers["X-Turn-ID"], reply["turn_id"])
        self.assertEqual(self.d.turn(conversation, reply["turn_id"])["usage"], reply["usage"])
        for artifact in reply["artifacts"]:
            about = self.d.good("GET", f"/artifacts/{artifact['handle']}")
            file = self.d.get(f"/artifacts/{artifact['handle']}/content")
            self.assertEqual(len(file.body), artifact["size"])
            self.assertEqual(hashlib.sha256(file.body).hexdigest(), about["sha256"])
            self.assertEqual((about["conversation_id"], about["turn_id"]), (conversation, reply["turn_id"]))
            self.assertEqual(self.d.good("GET", f"/artifacts/{about['id']}"), about)
        table = self.d.get(f"/artifacts/{reply['artifacts'][2]['handle']}/content").body.decode()
        rows = [line for line in table.splitlines() if not line.startswith("#")]
        numbers = [[float(cell) for cell in row.split(",")] for row in rows[1:]]
        self.assertEqual(len(numbers), 500)
        self.check_with_numpy(reply, rows, numbers)

    def check_with_numpy(self, reply, rows, numbers):
        try:
            import numpy
        except ImportError:
            return  # the rows were read above; numpy only reads them once more
        read = numpy.genfromtxt(rows, delimiter=",", names=True)
        self.assertEqual(read.shape, (500,))
        self.assertEqual([list(row) for row in read.tolist()], numbers)
        raw = self.d.get(f"/artifacts/{reply['artifacts'][0]['handle']}/content").body
        array = numpy.load(io.BytesIO(raw))
        self.assertEqual(array.shape[0], 500)

    def test_the_stream_tells_the_same_in_order(self):
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, CHAIN)
        self.assertEqual(stream.headers["Content-Type"], "text/event-stream")
        events = stream.all()
        self.assertEqual([event.id for event in events], list(range(1, len(events) + 1)))
        for event in events:
            self.assertEqual(event.data["conversation_id"], conversation)
            self.assertEqual(event.data["turn_id"], stream.headers["X-Turn-ID"])
        names = [event.name for event in events]
        self.assertEqual(names[0:4], ["turn.started", "title.updated", "message.completed", "tool.call"])
        self.assertEqual(names[-2:], ["message.completed", "turn.completed"])
        self.assertEqual(names.count("tool.call"), 3)
        self.assertEqual(names.count("tool.result"), 3)
        self.check_chain_reply(events[-1].data["message"], conversation)

        called = {}
        for event in events:
            if event.name == "tool.call":
                called[event.data["tool_call_id"]] = event.data["name"]
                self.assertIsInstance(event.data["arguments"], dict)
            if event.name in ("tool.progress", "tool.result"):
                self.assertEqual(called[event.data["tool_call_id"]], event.data["name"])
            if event.name == "tool.progress":
                self.assertTrue(0 <= event.data["fraction"] <= 1)
            if event.name == "tool.result":
                self.assertTrue(event.data["success"])
                self.assertTrue(event.data["summary"])
                self.assertEqual(len(event.data["artifacts"]), 1)
        text = "".join(event.data["delta"] for event in events if event.name == "message.delta")
        self.assertEqual(text, events[-1].data["message"]["content"])
        self.assertEqual(text, self.d.messages(conversation)[-1]["content"])

    def test_accept_asks_for_a_stream_and_the_body_wins(self):
        conversation = self.d.conversation()
        wanted = {"Accept": "text/event-stream"}
        path = f"/conversations/{conversation}/chat"
        reply = self.d.post(path, {"content": "Hello"}, wanted)
        self.assertEqual(reply.headers["Content-Type"], "text/event-stream")
        reply = self.d.post(path, {"content": "Hello", "stream": False}, wanted)
        self.assertEqual(reply.headers["Content-Type"], "application/json")
        refused = self.d.post(path, {"content": " "}, wanted)
        self.assertEqual((refused.status, refused.headers["Content-Type"]), (400, "application/json"))

    def test_it_and_attachments_reach_the_tools(self):
        conversation = self.d.conversation()
        first = self.d.chat(conversation, "Run a DLA simulation with 80 particles")["artifacts"][0]["handle"]
        reply = self.d.chat(conversation, "Export it as xyz")
        self.assertEqual(reply["tools_executed"], ["export_geometry"])
        about = self.d.good("GET", f"/artifacts/{reply['artifacts'][0]['handle']}")
        self.assertEqual((about["parents"], about["tool"]), ([first], "export_geometry"))
        self.d.chat(conversation, "Hello", attachments=[first])
        said = self.d.messages(conversation)[-2]
        self.assertEqual((said["content"], [file["handle"] for file in said["attachments"]]), ("Hello", [first]))


class Rejoining(DaemonTest):
    def test_every_place_of_an_ended_turn(self):
        conversation = self.d.conversation()
        events = self.d.stream(conversation, CHAIN).all()
        turn = events[0].data["turn_id"]
        # The progress of calls that have ended is not told again.
        told = [(e.id, e.name, e.data) for e in events if e.name != "tool.progress"]
        whole = self.d.rejoin(conversation, turn).all()
        self.assertEqual([(e.id, e.name, e.data) for e in whole], told)
        for after in (0, 1, 5, len(events) // 2, len(events) - 1, len(events), len(events) + 5):
            expected = [event for event in told if event[0] > after]
            for headers, query in (({"Last-Event-ID": str(after)}, ""), ({}, f"?after={after}")):
                got = self.d.rejoin(conversation, turn, query, headers).all()
                self.assertEqual([(e.id, e.name, e.data) for e in got], expected)
        both = self.d.rejoin(conversation, turn, f"?after={len(events) - 1}", {"Last-Event-ID": "1"}).all()
        self.assertEqual(len(both), 1)

    def test_no_place(self):
        conversation = self.d.conversation()
        turn = self.d.chat(conversation, "Hello")["turn_id"]
        path = f"/conversations/{conversation}/turns/{turn}/events"
        for after in ("x", "-1", "1.5", "", "99999999999999999999"):
            self.check_error(self.d.get(f"{path}?after={after}"), 422, "validation", "after")
        for after in ("x", "-1", "1 2", "99999999999999999999"):
            self.check_error(self.d.get(path, {"Last-Event-ID": after}), 422, "validation", "Last-Event-ID")

    def test_the_same_ids_after_a_restart(self):
        conversation = self.d.conversation()
        events = self.d.stream(conversation, CHAIN).all()
        turn = events[0].data["turn_id"]
        self.d.restart()
        again = self.d.rejoin(conversation, turn).all()
        self.assertEqual(stored(again), stored(events))
        self.assertEqual(again[-1].data["message"], events[-1].data["message"])
        ids = [event.id for event in again]
        self.assertEqual(ids, sorted(set(ids)))
        results = {e.data["tool_call_id"]: e.data for e in events if e.name == "tool.result"}
        for event in again:
            if event.name == "tool.result":
                self.assertEqual(event.data, results[event.data["tool_call_id"]])
        middle = next(event.id for event in events if event.name == "tool.result")
        rest = self.d.rejoin(conversation, turn, "", {"Last-Event-ID": str(middle)}).all()
        self.assertEqual(stored(rest), [entry for entry in stored(events) if entry[0] > middle])


class Live(DaemonTest):
    """Turns that run for long."""

    config = IN_TURN

    def begin(self, conversation, **kwargs):
        stream = self.d.stream(conversation, SLOW, **kwargs)
        self.addCleanup(stream.close)
        events = stream.until("tool.progress")
        return stream, events, stream.headers["X-Turn-ID"]

    def cancel(self, conversation, turn):
        return self.d.good("POST", f"/conversations/{conversation}/turns/{turn}/cancel")

    def test_cancel_reaches_the_tool_and_every_call_has_a_result(self):
        conversation = self.d.conversation()
        stream, events, turn = self.begin(conversation)
        self.assertEqual(self.d.turn(conversation, turn)["state"], "running")
        began = time.monotonic()
        self.assertEqual(self.cancel(conversation, turn)["state"], "cancelled")
        self.assertLess(time.monotonic() - began, 5)
        events += stream.all()
        self.assertEqual(events[-1].name, "turn.cancelled")
        result = next(event for event in events if event.name == "tool.result")
        self.assertFalse(result.data["success"])
        messages = self.d.messages(conversation)
        self.assertEqual([message["role"] for message in messages], ["user", "assistant", "tool"])
        self.assertEqual(messages[1]["tool_calls"][0]["id"], messages[2]["tool_call_id"])
        self.assertEqual(json.loads(messages[2]["content"])["error"]["error_type"], "CancelledError")
        self.assertEqual(self.cancel(conversation, turn)["state"], "cancelled")
        self.assertEqual(self.d.chat(conversation, "Hello")["finish_reason"], "stop")

    def test_a_waiting_reader_as_json_learns_of_the_cancel(self):
        conversation = self.d.conversation()
        headers = {"Idempotency-Key": f"json-{conversation}"}
        stream, _, turn = self.begin(conversation, headers=headers)

        def wait_or_cancel(number):
            if number == 0:
                return self.d.post(f"/conversations/{conversation}/chat", {"content": SLOW}, headers)
            return self.cancel(conversation, turn)

        reply, _ = in_threads(wait_or_cancel, 2)
        self.check_error(reply, 409, "conflict")
        self.assertEqual(reply.headers["X-Turn-ID"], turn)
        stream.close()

    def test_rejoining_a_running_turn_gives_what_was_missed_and_goes_on(self):
        conversation = self.d.conversation()
        stream, events, turn = self.begin(conversation)
        other = self.d.rejoin(conversation, turn, f"?after={events[1].id}")
        self.assertEqual([e.id for e in other.until("tool.progress")], [e.id for e in events[2:]])
        stream.until("tool.progress")
        self.cancel(conversation, turn)
        last, other_last = stream.all()[-1], other.all()[-1]
        self.assertEqual((last.id, last.name), (other_last.id, other_last.name))

    def test_a_client_that_leaves_ends_nothing(self):
        conversation = self.d.conversation()
        stream, events, turn = self.begin(conversation)
        stream.close()
        again = self.d.rejoin(conversation, turn, f"?after={events[-1].id}")
        again.until("tool.progress")
        self.assertEqual(self.d.turn(conversation, turn)["state"], "running")
        self.cancel(conversation, turn)

    def test_a_second_post_waits_for_the_first(self):
        conversation = self.d.conversation()
        stream, _, turn = self.begin(conversation)
        refused = self.d.post(f"/conversations/{conversation}/chat", {"content": "Hello", "wait": False})
        self.check_error(refused, 409, "conflict")

        def second_or_cancel(number):
            if number == 0:
                return self.d.chat(conversation, "Hello")
            self.assertEqual(self.d.turn(conversation, turn)["state"], "running")
            return self.cancel(conversation, turn)

        second, _ = in_threads(second_or_cancel, 2)
        self.assertEqual(second["tools_executed"], [])
        turns = [message["turn_id"] for message in self.d.messages(conversation)]
        self.assertEqual(turns, [turn] * 3 + [second["turn_id"]] * 2)
        stream.close()

    def test_posts_at_once_are_not_interleaved(self):
        conversation = self.d.conversation()
        replies = in_threads(lambda n: self.d.chat(conversation, f"Run a DLA simulation with {50 + n} particles"), 8)
        messages = self.d.messages(conversation)
        self.assertEqual(len(messages), 32)
        for first in range(0, 32, 4):
            self.assertEqual(len({message["turn_id"] for message in messages[first:first + 4]}), 1)
            self.assertEqual([m["role"] for m in messages[first:first + 4]], ["user", "assistant", "tool", "assistant"])
        self.assertEqual({reply["turn_id"] for reply in replies}, {message["turn_id"] for message in messages})

    def test_deleting_a_conversation_ends_its_turn(self):
        conversation = self.d.conversation()
        stream, _, turn = self.begin(conversation)
        self.assertEqual(self.d.call("DELETE", f"/conversations/{conversation}").status, 204)
        self.assertEqual(stream.all()[-1].name, "turn.cancelled")
        self.check_error(self.d.get(f"/conversations/{conversation}/turns/{turn}"), 404, "not_found")
        self.check_error(self.d.get(f"/conversations/{conversation}/turns/{turn}/events"), 404, "not_found")


class Idempotency(DaemonTest):
    def post(self, conversation, content, key, **fields):
        return self.d.post(f"/conversations/{conversation}/chat", {"content": content} | fields, {"Idempotency-Key": key})

    def test_the_same_key_gives_the_same_turn(self):
        conversation = self.d.conversation()
        content = "Run a DLA simulation with 70 particles"
        first = self.post(conversation, content, "key-a")
        again = self.post(conversation, content, "key-a")
        self.assertEqual((again.status, again.json), (200, first.json))
        streamed = self.d.stream(conversation, content, {"Idempotency-Key": "key-a"}).all()
        self.assertEqual(streamed[-1].data["message"], first.json)
        self.assertEqual(len(self.d.messages(conversation)), 4)
        self.d.restart()
        again = self.post(conversation, content, "key-a")
        self.assertEqual((again.status, again.json), (200, first.json))
        self.assertEqual(len(self.d.messages(conversation)), 4)

    def test_a_repeated_request_does_not_wait_for_another_turn(self):
        conversation = self.d.conversation()
        first = self.post(conversation, "Hello", "key-w")
        stream = self.d.stream(conversation, SLOW)
        self.addCleanup(stream.close)
        stream.until("tool.progress")
        turn = stream.headers["X-Turn-ID"]
        again = self.post(conversation, "Hello", "key-w", wait=False)
        self.assertEqual((again.status, again.json), (200, first.json))
        self.assertEqual(self.d.turn(conversation, turn)["state"], "running")
        self.d.good("POST", f"/conversations/{conversation}/turns/{turn}/cancel")

    def test_another_request_with_the_key_is_a_conflict(self):
        conversation, other = self.d.conversation(), self.d.conversation()
        self.post(conversation, "Hello", "key-b")
        self.check_error(self.post(conversation, "Goodbye", "key-b"), 409, "conflict")
        self.check_error(self.post(other, "Hello", "key-b"), 409, "conflict")
        project = self.d.project("another request")
        self.check_error(self.post(conversation, "Hello", "key-b", project_id=project), 409, "conflict")
        self.d.restart()
        self.check_error(self.post(conversation, "Goodbye", "key-b"), 409, "conflict")
        self.assertEqual(len(self.d.messages(conversation)), 2)
        self.assertEqual(self.d.messages(other), [])

    def test_many_at_once_make_one_turn(self):
        conversation = self.d.conversation()
        replies = in_threads(lambda _: self.post(conversation, "Run a DLA simulation with 90 particles", "key-c"), 8)
        self.assertEqual({reply.status for reply in replies}, {200})
        self.assertEqual(len({reply.json["turn_id"] for reply in replies}), 1)
        self.assertEqual(len(self.d.messages(conversation)), 4)


class Downloads(DaemonTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bytes = bytes(range(256)) * 40
        reply = cls.d.post("/artifacts?name=b%C3%A4r.bin", cls.bytes, {"Content-Type": "application/x-test"})
        assert reply.status == 201, reply.body
        cls.about = reply.json
        assert reply.headers["Location"] == f"{API}/artifacts/{cls.about['handle']}"
        cls.path = f"/artifacts/{cls.about['handle']}/content"
        cls.etag = f'"{hashlib.sha256(cls.bytes).hexdigest()}"'

    def test_the_whole_file(self):
        reply = self.d.get(self.path)
        self.assertEqual((reply.status, reply.body), (200, self.bytes))
        self.assertEqual(reply.headers["Content-Type"], "application/x-test")
        self.assertEqual(reply.headers["ETag"], self.etag)
        self.assertEqual(reply.headers["Accept-Ranges"], "bytes")
        self.assertEqual(reply.headers["X-Content-Type-Options"], "nosniff")
        self.assertIn("attachment", reply.headers["Content-Disposition"])
        self.assertEqual((self.about["size"], self.about["name"]), (len(self.bytes), "bär.bin"))
        head = self.d.call("HEAD", self.path)
        self.assertEqual((head.status, head.body, head.headers["Content-Length"]), (200, b"", str(len(self.bytes))))
        self.assertEqual(head.headers["ETag"], self.etag)

    def test_ranges(self):
        size = len(self.bytes)
        for header, first, last in (("bytes=0-0", 0, 0), ("bytes=0-99", 0, 99), ("bytes=100-", 100, size - 1),
                                    ("bytes=-7", size - 7, size - 1), (f"bytes=0-{size * 9}", 0, size - 1),
                                    (f"bytes=-{size * 9}", 0, size - 1), (f"bytes={size - 1}-", size - 1, size - 1)):
            with self.subTest(header=header):
                reply = self.d.get(self.path, {"Range": header})
                self.assertEqual((reply.status, reply.body), (206, self.bytes[first:last + 1]))
                self.assertEqual(reply.headers["Content-Range"], f"bytes {first}-{last}/{size}")
        for header in ("bytes=5-4", "bytes=a-b", "bytes=", "bytes=-", "bits=0-1", "bytes=0-1,5-6", "nonsense", "bytes=--5"):
            with self.subTest(header=header):
                reply = self.d.get(self.path, {"Range": header})
                self.assertEqual((reply.status, reply.body), (200, self.bytes))
        for header in (f"bytes={size}-", f"bytes={size + 5}-{size + 9}", "bytes=-0"):
            with self.subTest(header=header):
                reply = self.d.get(self.path, {"Range": header})
                self.check_error(reply, 416, "range_not_satisfiable")
                self.assertEqual(reply.headers["Content-Range"], f"bytes */{size}")

    def test_conditions(self):
        for known in (self.etag, "*", f'"x", {self.etag}', f"W/{self.etag}"):
            reply = self.d.get(self.path, {"If-None-Match": known})
            self.assertEqual((reply.status, reply.body, reply.headers["ETag"]), (304, b"", self.etag))
        self.assertEqual(self.d.get(self.path, {"If-None-Match": '"x"'}).status, 200)
        reply = self.d.get(self.path, {"Range": "bytes=0-3", "If-Range": self.etag})
        self.assertEqual((reply.status, reply.body), (206, self.bytes[:4]))
        for other in ('"x"', f"W/{self.etag}", "Sat, 01 Jan 2000 00:00:00 GMT"):
            reply = self.d.get(self.path, {"Range": "bytes=0-3", "If-Range": other})
            self.assertEqual((reply.status, reply.body), (200, self.bytes))

    def test_uploads_and_removal(self):
        self.check_error(self.d.post("/artifacts?name=x", b""), 400, "invalid_request")
        self.check_error(self.d.post("/artifacts?nam=x", b"a"), 422, "validation", "nam")
        one = self.d.good("POST", "/artifacts?name=../../etc/passwd", "same", status=201)
        other = self.d.good("POST", "/artifacts?name=two", "same", status=201)
        self.assertEqual((one["name"], one["sha256"]), ("passwd", other["sha256"]))
        self.assertEqual(self.d.call("DELETE", f"/artifacts/{one['handle']}").status, 204)
        self.check_error(self.d.get(f"/artifacts/{one['handle']}/content"), 404, "not_found")
        self.assertEqual(self.d.get(f"/artifacts/{other['handle']}/content").body, b"same")

    def send_form(self, path, *parts):
        body = b"".join(f"--AaB\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode() + content + b"\r\n"
                        for about, content in parts)
        return self.d.post(path, body + b"--AaB--\r\n", {"Content-Type": "multipart/form-data; boundary=AaB"})

    def test_a_form_is_its_file(self):
        file = ('name="file"; filename="a dir/dot.png"\r\nContent-Type: image/png', self.bytes)
        sent = self.send_form("/artifacts", file)
        self.assertEqual((sent.status, sent.json["name"], sent.json["media_type"]), (201, "dot.png", "image/png"))
        self.assertEqual(self.d.get(f"/artifacts/{sent.json['handle']}/content").body, self.bytes)
        for path, more in (("/artifacts?name=b.txt", ()), ("/artifacts", (('name="name"', b"b.txt"),))):
            named = self.send_form(path, ('name="file"; filename="a.txt"', b"text"), *more).json
            self.assertEqual((named["name"], named["media_type"]), ("b.txt", "text/plain"))
        document = self.send_form("/documents", ('name="file"; filename="notes.md"', b"Words of a form."))
        self.assertEqual((document.status, document.json["name"]), (201, "notes.md"))
        before = len(self.d.good("GET", "/artifacts?limit=100")["artifacts"])
        self.check_error(self.send_form("/artifacts", ('name="name"', b"b")), 400, "invalid_request")
        self.check_error(self.send_form("/artifacts", ('name="file"; filename="a"', b"")), 400, "invalid_request")
        self.check_error(self.send_form("/artifacts", file, ('name="nam"', b"b")), 422, "validation", "nam")
        self.check_error(self.send_form("/artifacts?name=x", file, ('name="name"', b"b")), 422, "validation", "name")
        self.assertEqual(len(self.d.good("GET", "/artifacts?limit=100")["artifacts"]), before)


if __name__ == "__main__":
    unittest.main()
