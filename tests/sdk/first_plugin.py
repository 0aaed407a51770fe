"""Follows plugin-api/README.md, "Your first plugin in ten minutes", word for word."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import unittest

import sdk
from daemon import BUILD, FolderTest

ROOT = pathlib.Path(__file__).parent.parent.parent


def commands():
    """The chapter's shell blocks, in order."""
    readme = (ROOT / "plugin-api/README.md").read_text()
    chapter = readme.partition("## Your first plugin in ten minutes")[2].partition("\n## ")[0]
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", chapter, re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 4, blocks
    return "\n".join(blocks)


def free_port():
    """One that was free a moment ago: the README's own may be taken on this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class FirstPlugin(FolderTest):
    def test_word_for_word(self):
        # The build folder, the port and the state are this test's; everything else is the README's.
        text = commands().replace("build/release", str(BUILD)).replace("8081", str(free_port()))
        text = text.replace("/tmp/greeter-state", str(self.folder / "state"))
        script = "set -eu\ntrap 'kill $(jobs -p) 2>/dev/null' EXIT\n" + text
        environment = sdk.environment() | {"HOME": str(self.folder)}
        log = self.folder / "log"
        with log.open("w") as to:
            process = subprocess.Popen(["bash", "-c", script], cwd=ROOT, env=environment, stdout=to,
                                       stderr=subprocess.STDOUT, start_new_session=True)
        self.addCleanup(self.end, process)
        process.wait(timeout=280)
        output = log.read_text()
        self.assertEqual(process.returncode, 0, output)
        self.assertIn("100% tests passed", output)
        self.assertIn('"greeting":"Hello, Ada. Hello, Ada."', output)
        self.assertIn("times must be at most 10; it is 11.", output)
        self.assertIn("Greeted Ada.", output)
        self.assertIn("Hello, Bob. Hello, Bob. Hello, Bob.", output)

    def end(self, process):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


if __name__ == "__main__":
    unittest.main()
