"""A client across a restart of the daemon: the message that the model was saying begins anew, and is shown once."""

import json
import os
import subprocess
import unittest

from daemon import BUILD, FolderTest
from upstream import Gate, Reply, Text, Upstream


class Rejoining(FolderTest):
    def setUp(self):
        super().setUp()
        self.upstream = Upstream().start()
        self.addCleanup(self.upstream.stop)
        self.d = self.daemon(config=f"model: main:fake\ntitles: first_message\n"
                                    f"providers: {{main: {{kind: openai, base_url: '{self.upstream.url}/v1'}}}}\n")
        # It comes back where its clients look for it.
        self.d.command[self.d.command.index("--listen") + 1] = f"127.0.0.1:{self.d.port}"

    def asked_across_a_restart(self, *flags):
        """What assistctl writes of a reply that is broken off once by the daemon's death."""
        gate = Gate()
        self.upstream.script(Reply([Text("Half ", "an answer"), gate]),
                             Reply([Text("Half ", "an answer, ", "and the rest.")]))
        asking = subprocess.Popen([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", *flags,
                                   "ask", "Hello"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(asking.kill)
        gate.wait_reached()
        seen = b""
        while b"answer" not in seen:
            piece = os.read(asking.stdout.fileno(), 4096)
            self.assertTrue(piece, seen)
            seen += piece
        self.d.kill()
        self.d.start()
        out, err = asking.communicate(timeout=60)
        self.assertEqual((asking.returncode, err), (0, b""))
        return (seen + out).decode()

    def test_assistctl_shows_the_text_once(self):
        self.assertEqual(self.asked_across_a_restart(), "Half an answer, and the rest.\n")

    def test_the_stream_begins_the_message_again_under_a_new_id(self):
        lines = self.asked_across_a_restart("--json").splitlines()
        texts = {}
        for event in map(json.loads, lines):
            if event["event"] == "message.delta":
                texts.setdefault(event["data"]["message_id"], []).append(event["data"]["delta"])
        self.assertEqual(["".join(pieces) for pieces in texts.values()],
                         ["Half an answer", "Half an answer, and the rest."])
        completed = [json.loads(line)["data"]["message"] for line in lines if '"message.completed"' in line]
        self.assertEqual([message["id"] for message in completed], [list(texts)[1]])


if __name__ == "__main__":
    unittest.main()
