"""The REST wrapper around ChatKit: six routes, their limits and codes, and the stream of the native endpoint."""

import re
import unittest

from chatkit_support import ChatKitTest
from upstream import Fault, Reply, Text

UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"


class Sessions(ChatKitTest):
    more_config = "chatkit: {{sessions: 3, session_messages: 4, message_characters: 40}}\n"
    more_keys = ", retry: {attempts: 1}"

    def setUp(self):
        self.words = f"[{self.id().rpartition('.')[2][:20]}]"

    def call(self, method, path="", body=None):
        more = {} if body is None else {"body": body}
        return self.client.send(f"/sessions{path}", method=method, **more).all()

    def good(self, method, path="", body=None):
        told = self.call(method, path, body)
        self.assertEqual((told.status, told.json["success"]), (200, True), told.end)
        return told.json

    def fails(self, status, code, told):
        self.assertEqual((told.status, told.json["success"], told.json["error"]["code"]), (status, False, code), told.end)
        self.assertRegex(told.json["error"]["message"], r"\.$")

    def session(self):
        made = self.good("POST")["data"]
        self.addCleanup(self.call, "DELETE", f"/{made['id']}")
        return made["id"]

    def run_in(self, session, text, thread=None):
        body = {"message": {"role": "user", "content": [{"type": "input_text", "text": text}]}}
        return self.call("POST", f"/{session}/threads/{thread or session}/runs", body)

    def test_a_session_from_its_begin_to_its_end(self):
        self.script(Reply([Text("Hel", "lo.")]))
        session = self.session()
        self.assertRegex(session, UUID)
        for _ in range(2):
            self.assertEqual(self.good("POST", f"/{session}/threads")["data"]["id"], session)
        told = self.run_in(session, f"Hello {self.words}")
        self.assertEqual(told.names(), ["item.done user_message", "stream_options", "item.added assistant_message", "added", "text_delta",
                                        "done", "item.done assistant_message", "updated"])
        self.assertEqual(told.end["cache"], "no-cache")
        listed = self.good("GET")
        self.assertEqual((listed["meta"], listed["data"][0]["id"], listed["data"][0]["message_count"]), ({"total": 1}, session, 2))
        self.assertRegex(listed["data"][0]["user_id"], UUID)
        shown = self.good("GET", f"/{session}")["data"]
        self.assertEqual([(m["role"], m["content"]) for m in shown["messages"]], [("user", f"Hello {self.words}"), ("assistant", "Hello.")])
        # The same conversation at the other doors.
        thread = "thr_" + session.replace("-", "")
        self.assertEqual(self.ask("threads.get_by_id", thread_id=thread).json["items"]["data"][1]["content"][0]["text"], "Hello.")
        self.assertEqual(self.good("DELETE", f"/{session}")["data"], {"deleted": True, "id": session, "session_id": session})
        self.fails(404, "SESSION_NOT_FOUND", self.call("GET", f"/{session}"))

    def test_the_frames_are_those_of_the_native_endpoint(self):
        words = self.words
        self.script(Reply([Text("One.")]), Reply([Text("One.")]))
        session = self.session()
        thread = "thr_" + session.replace("-", "")
        first, second = self.run_in(session, words), self.add(thread, words).all()
        blur = lambda told: re.sub(r"(msg|wf)_[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.]+Z", "*", told.end["raw"])
        self.assertEqual(re.sub(r'data: {"type":"thread.updated".*\n\n', "", blur(first)), blur(second))

    def test_limits(self):
        self.script(*(Reply([Text("One.")]) for _ in range(9)))
        begun = [self.client.send("/sessions", method="POST") for _ in range(9)]  # all at once
        sessions = [told.json["data"]["id"] for told in begun if told.status == 200]
        for session in sessions:
            self.addCleanup(self.call, "DELETE", f"/{session}")
        self.assertEqual(len(sessions), 3)
        self.fails(429, "SESSION_LIMIT", self.call("POST"))
        for blank in ("", "  \n\t", "\u2003\u00a0"):
            self.fails(400, "EMPTY_MESSAGE", self.run_in(sessions[0], blank))
        self.fails(422, "MESSAGE_TOO_LONG", self.run_in(sessions[0], "ö" * 41))
        for _ in range(2):
            self.assertEqual(self.run_in(sessions[0], f"{self.words} {'ö' * 10}").status, 200)
        self.fails(429, "SESSION_LIMIT", self.run_in(sessions[0], "One more"))

    def test_what_there_is_not(self):
        session = self.session()
        nobody = "00000000-0000-7000-8000-000000000000"
        for path, method in ((f"/{nobody}", "GET"), (f"/{nobody}", "DELETE"), (f"/{nobody}/threads", "POST"), ("/x", "GET")):
            self.fails(404, "SESSION_NOT_FOUND", self.call(method, path))
        self.fails(404, "THREAD_NOT_FOUND", self.run_in(session, "Hello", nobody))
        # A conversation of another door is no session.
        own = self.d.conversation().removeprefix("conv_")
        self.fails(404, "SESSION_NOT_FOUND", self.call("GET", f"/{own}"))
        for body in ({}, {"message": "x"}, {"message": {"role": "user", "content": [{"type": "image"}]}},
                     {"message": {"role": "assistant", "content": []}}):
            self.fails(400, "INVALID_REQUEST", self.call("POST", f"/{session}/threads/{session}/runs", body))

    def test_a_model_that_fails_before_it_says_anything(self):
        words = self.words
        self.script(Reply([Fault("closed")]), Reply([Text("Half"), Fault("closed")]))
        session = self.session()
        self.fails(502, "UPSTREAM_ERROR", self.run_in(session, words))
        later = self.run_in(session, words)
        self.assertEqual((later.status, later.names()[-1]), (200, "error"))


if __name__ == "__main__":
    unittest.main()
