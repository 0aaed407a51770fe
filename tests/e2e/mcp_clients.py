"""Other people's MCP clients against the daemon: the official libraries and the inspector."""

import json
import os
import pathlib
import subprocess
import unittest

from daemon import BUILD, DaemonTest

NODE = pathlib.Path(__file__).parent / "node"
MODULES = NODE / "node_modules"
CONFIG = f"""
plugins: {{folders: ['{BUILD}/test-plugins/mcp', '{BUILD}/plugins']}}
tools:
  test_elicitation: {{approval: always}}
  test_streaming_elicitation: {{approval: always}}
  test_input_required_result_elicitation: {{approval: always}}
  test_input_required_result_request_state: {{approval: always}}
  test_input_required_result_tampered_state: {{approval: always}}
"""
PATIENCE_S = 240


class NodeTest(DaemonTest):
    """A daemon with the tools that other people's clients ask for, and those clients."""

    config = CONFIG

    def node(self, *arguments, **environment):
        """Runs Node 22, which the newer clients want."""
        return subprocess.run([MODULES / ".bin/node", *arguments], cwd=NODE, env=os.environ | environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S, check=False)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.d.port}/mcp"


class Clients(NodeTest):
    def test_the_official_clients(self):
        done = self.node("mcp_clients.mjs", ASSISTD_MCP_URL=self.url, ASSISTD_MCP_ASSISTCTL=str(BUILD / "bin/assistctl"))
        self.assertEqual(done.returncode, 0, done.stdout[-20000:] + done.stderr[-5000:])

    def inspect(self, *arguments):
        """What the inspector prints, over HTTP and through assistctl, which must be the same."""
        inspector = MODULES / "@modelcontextprotocol/inspector-cli/build/cli.js"
        ways = ([self.url, "--transport", "http"],
                [str(BUILD / "bin/assistctl"), "mcp"])
        printed = []
        for way in ways:
            done = self.node(str(inspector), "--cli", *way, *arguments, ASSISTD_SERVER=f"http://127.0.0.1:{self.d.port}")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            printed.append(json.loads(done.stdout))
        self.assertEqual(*printed)
        return printed[0]

    def test_the_inspector(self):
        golden = json.loads((NODE / "mcp_inspector.json").read_text())
        tools = {tool["name"]: tool for tool in self.inspect("--method", "tools/list")["tools"]}
        for name, expected in golden["tools"].items():
            self.assertEqual(tools[name], expected)
        for name, expected in golden["calls"].items():
            self.assertEqual(self.inspect("--method", "tools/call", "--tool-name", name), expected)
        self.assertEqual(self.inspect("--method", "resources/templates/list"), golden["templates"])
        self.assertEqual(set(self.inspect("--method", "resources/list")), {"resources"})


if __name__ == "__main__":
    unittest.main()
