"""What the README shows as replies, next to what the daemon replies to the commands above them."""

import pathlib
import re
import subprocess
import unittest

from daemon import DaemonTest

README = pathlib.Path(__file__).parents[2] / "README.md"


def masked(text):
    """Without what differs from one time to the next: numbers, ids, times, sums."""
    text = re.sub(r"\b([a-z]+)_[0-9a-f]{32}\b", r"\1_#", text)
    return re.sub(r"-?\d+(\.\d+)?", "#", re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", "#", text)).strip()


class Readme(DaemonTest):
    def reply_to(self, commands, conversation):
        """What the first request of the commands is answered, with this daemon and this conversation in them."""
        lines = re.sub("conv_[0-9a-f]{32}", conversation, commands).replace(":8080", f":{self.d.port}").splitlines()
        requests = [line for line in lines if line.startswith("curl")]
        self.variables += [line for line in lines if line not in requests]
        done = subprocess.run(["bash", "-c", "\n".join([*self.variables, requests[0]])], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_its_samples_are_what_is_replied(self):
        chapter = README.read_text().partition("\n## A whole conversation with curl\n")[2].partition("\n## ")[0]
        blocks = re.findall(r"^```(\w*)\n(.*?)^```$", chapter, re.MULTILINE | re.DOTALL)
        self.variables, compared = [], 0
        conversation = self.d.conversation()
        for (kind, commands), (shown, sample) in zip(blocks, blocks[1:]):
            if kind != "sh" or shown not in ("json", ""):
                continue
            reply = self.reply_to(commands, conversation)
            if shown == "":
                continue  # a stream, whose steps may come in another order
            # "…" stands for what the README leaves out.
            whole = ".*".join(re.escape(piece) for piece in masked(sample).split("…"))
            self.assertRegex(masked(reply), rf"\A{whole}\Z", f"{sample}\n{reply}")
            compared += 1
        self.assertEqual(compared, chapter.count("```json"))


if __name__ == "__main__":
    unittest.main()
