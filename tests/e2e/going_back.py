"""Long conversations read upwards, messages said differently, earlier ones answered again, opinions on replies, and
conversations that take no messages."""

import threading
import unittest

from provider_tests import ProviderTest
from upstream import Gate, Reply, Text


class Back(ProviderTest):
    def talked(self, *replies):
        """A conversation of Hello, Two, … and its messages."""
        self.script(*(Reply([Text(reply)]) for reply in replies))
        conversation = self.d.conversation()
        for said, _ in zip((f"Hello {self.words}", "Two", "Three", "Four"), replies[:3]):
            self.d.chat(conversation, said)
        return conversation, self.d.messages(conversation)

    def texts(self, conversation):
        return [m["content"] for m in self.d.messages(conversation)]

    def asked(self):
        messages = self.upstream.asked(self.words)[-1].json["messages"]
        return [m["content"] for m in messages if m["role"] not in ("system", "developer")]

    def test_a_message_is_said_differently(self):
        conversation, messages = self.talked("One.", "Two.", "Three.", "Other.", "More.")
        body = {"content": f"Second {self.words}", "edits": messages[2]["id"]}
        key = {"Idempotency-Key": f"edit {self.words}"}
        reply = self.d.post(f"/conversations/{conversation}/chat", body, key)
        self.assertEqual((reply.status, reply.json["content"]), (200, "Other."), reply.body)
        left = [f"Hello {self.words}", "One.", f"Second {self.words}", "Other."]
        self.assertEqual((self.texts(conversation), self.asked()), (left, left[:3]))
        # The same once more is the same turn, and what was taken back cannot be named again.
        self.assertEqual(self.d.post(f"/conversations/{conversation}/chat", body, key).json["turn_id"],
                         reply.json["turn_id"])
        again = self.d.post(f"/conversations/{conversation}/chat", body)
        self.assertEqual(again.status, 404, again.body)
        about = self.d.good("GET", f"/conversations/{conversation}")
        self.assertEqual((about["message_count"], about["last_message_preview"]), (4, "Other."))
        self.d.restart()
        self.d.chat(conversation, "Go on")
        self.assertEqual(self.asked(), left + ["Go on"])

    def test_an_earlier_message_is_answered_again(self):
        conversation, messages = self.talked("One.", "Two.", "Three.", "Newly.")
        reply = self.d.post(f"/conversations/{conversation}/regenerate", {"message_id": messages[0]["id"]})
        self.assertEqual(reply.json["content"], "Newly.", reply.body)
        self.assertEqual(self.texts(conversation), [f"Hello {self.words}", "Newly."])
        self.assertEqual(self.asked(), [f"Hello {self.words}"])

    def test_what_names_no_message_of_the_users_is_refused(self):
        conversation, messages = self.talked("One.")
        other, _ = self.talked("One.")
        for field, call in (("edits", "chat"), ("message_id", "regenerate")):
            for wrong, status in (("x", 422), ("msg_" + "0" * 32, 422), (messages[1]["id"], 404),
                                  ("msg_" + "1" * 32, 404)):
                body = {field: wrong} | ({"content": "Hello"} if call == "chat" else {})
                refused = self.d.post(f"/conversations/{conversation}/{call}", body)
                self.assertEqual(refused.status, status, (field, wrong, refused.body))
            body = {field: messages[0]["id"]} | ({"content": "Hello"} if call == "chat" else {})
            self.assertEqual(self.d.post(f"/conversations/{other}/{call}", body).status, 404)
        self.assertEqual(self.texts(conversation), [f"Hello {self.words}", "One."])

    def test_a_conversation_is_read_upwards(self):
        conversation, messages = self.talked("One.", "Two.", "Three.")
        path = f"/conversations/{conversation}/messages"
        page = self.d.good("GET", f"{path}?before={messages[5]['id']}&limit=3")
        self.assertEqual(([m["id"] for m in page["messages"]], page["has_more"]),
                         ([m["id"] for m in messages[2:5]], True))
        page = self.d.good("GET", f"{path}?before={messages[2]['id']}&limit=2")
        self.assertEqual(([m["id"] for m in page["messages"]], page["has_more"]),
                         ([m["id"] for m in messages[:2]], False))
        self.assertEqual(self.d.good("GET", f"{path}?before={messages[0]['id']}")["messages"], [])
        for wrong in ("x", "msg_" + "0" * 32, messages[0]["id"] + "&cursor=x"):
            self.assertEqual(self.d.get(f"{path}?before={wrong}").status, 422, wrong)

    def test_what_runs_is_told(self):
        gate = Gate()
        self.script(Reply([Text("One."), gate, Text("Two.")]))
        conversation = self.d.conversation()
        self.assertIsNone(self.d.good("GET", f"/conversations/{conversation}")["running_turn_id"])
        chat = threading.Thread(target=lambda: self.d.chat(conversation, f"Hello {self.words}"))
        chat.start()
        gate.wait_reached()
        running = self.d.good("GET", f"/conversations/{conversation}")["running_turn_id"]
        self.assertEqual(self.d.turn(conversation, running)["state"], "running")
        gate.open()
        chat.join()
        self.assertIsNone(self.d.good("GET", f"/conversations/{conversation}")["running_turn_id"])

    def test_opinions_on_replies(self):
        conversation, messages = self.talked("One.", "Two.")
        path = f"/conversations/{conversation}/messages"
        for opinion in ("positive", "negative", None):
            reply = self.d.call("PUT", f"{path}/{messages[1]['id']}/feedback", {"feedback": opinion})
            self.assertEqual(reply.status, 204, reply.body)
            shown = self.d.messages(conversation)
            self.assertEqual([m.get("feedback") for m in shown], [None, opinion, None, None])
        for message, body, status in ((messages[0]["id"], {"feedback": "positive"}, 404),
                                      (messages[1]["id"], {"feedback": "good"}, 422),
                                      (messages[1]["id"], {}, 422), ("x", {"feedback": None}, 404)):
            self.assertEqual(self.d.call("PUT", f"{path}/{message}/feedback", body).status, status)

    def test_a_locked_conversation_takes_no_messages(self):
        conversation, _ = self.talked("One.", "Two.", "Three.")
        path = f"/conversations/{conversation}"
        about = self.d.call("PATCH", path, {"state": "locked", "state_reason": "It is being reviewed."})
        self.assertEqual((about.json["state"], about.json["state_reason"]), ("locked", "It is being reviewed."))
        for call, body in (("chat", {"content": "Hello"}), ("regenerate", None)):
            refused = self.d.post(f"{path}/{call}", body)
            self.assertEqual((refused.status, refused.error["message"]),
                             (409, "This conversation is locked: It is being reviewed."))
        self.d.restart()
        self.assertEqual(self.d.good("GET", path)["state"], "locked")
        self.assertEqual(self.d.call("PATCH", path, {"state": "gone"}).status, 422)
        about = self.d.call("PATCH", path, {"state": "open"}).json
        self.assertEqual((about["state"], about["state_reason"]), ("open", None))


if __name__ == "__main__":
    unittest.main()
