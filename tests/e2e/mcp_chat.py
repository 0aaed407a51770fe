"""Tools of MCP servers in turns: a model calls them, a person is asked, a cancelled turn gives the call up."""

import json
import pathlib
import sys
import unittest

from daemon import until
from mcp_support import FIXTURE, Clients
from provider_tests import ProviderTest
from upstream import Reply, Text, ToolCall

class Turns(Clients, ProviderTest):
    more_config = ("tools: {{one_stall: {{approval: never}}}}\n"
                   "mcp: {{servers: {{one: {{command: '" + sys.executable + "', args: [-B, '" + str(FIXTURE) + "', good, FOLDER], enabled: false,"
                   " env: {{PYTHONDONTWRITEBYTECODE: '1'}}}}}}}}\n")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the server leaves, it leaves in the test's own folder.
        path = pathlib.Path(cls.shared_folder) / "assistd.yaml"
        path.write_text(path.read_text().replace("good, FOLDER], enabled: false", f"good, '{cls.shared_folder}']")
                        .replace("timeout_s: 3", "timeout_s: 60"))
        cls.d.restart()

    def setUp(self):
        super().setUp()
        self.ready("one")

    def results(self, conversation):
        return [json.loads(message["content"]) for message in self.d.messages(conversation) if message["role"] == "tool"]

    def test_a_model_calls_a_tool(self):
        self.script(Reply([ToolCall("one_echo", {"text": "hello"}), ToolCall("one_echo", {"words": "x"})]), Reply([Text("It said hello.")]))
        conversation, events, _ = self.turn_of(f"Say hello {self.words}")
        self.check_ended(conversation, events, "completed")
        good, refused = self.results(conversation)
        self.assertEqual(good["data"], "hello")
        self.assertEqual(refused["error"]["error_type"], "ValidationError")
        offered = {tool["function"]["name"]: tool["function"] for tool in self.upstream.asked(self.words)[0].json["tools"]}
        self.assertEqual(offered["one_echo"]["parameters"]["required"], ["text"])

    def test_a_person_is_asked_about_what_may_do_harm(self):
        self.script(Reply([ToolCall("one_fails", {})]), Reply([Text("It failed.")]))
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, f"Do it {self.words}")
        about = stream.until("approval.required")[-1].data
        self.assertEqual((about["name"], about["effects"]["destructive"]), ("one_fails", True))
        self.d.good("POST", f"/conversations/{conversation}/turns/{about['turn_id']}/approvals",
                    {"call_id": about["tool_call_id"], "decision": "allow"})
        self.assertEqual(stream.all()[-1].name, "turn.completed")
        self.assertEqual(self.results(conversation)[0]["error"]["message"], "There is no such star.")

    def test_a_cancelled_turn_gives_its_call_up(self):
        folder = pathlib.Path(self.shared_folder)
        self.script(Reply([ToolCall("one_stall", {})]))
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, f"Wait {self.words}")
        turn = next(iter(stream)).data["turn_id"]
        until(lambda: (folder / "stalled").exists(), "the call")
        self.d.good("POST", f"/conversations/{conversation}/turns/{turn}/cancel")
        told = folder / "cancelled"
        until(lambda: told.exists() and told.read_text() == (folder / "stalled").read_text(), "the server to be told")
        stream.close()


if __name__ == "__main__":
    unittest.main()
