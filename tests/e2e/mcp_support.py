"""What the tests of MCP servers share."""

import json
import os
import pathlib
import subprocess

from daemon import BUILD, until

HERE = pathlib.Path(__file__).resolve().parent
NODE = os.environ.get("ASSISTD_NODE", "node")
MODULES = HERE / "node/node_modules/@modelcontextprotocol"
FIXTURE = HERE / "mcp/fixture_server.py"


def node_server(name):
    return {"command": NODE, "args": [str(MODULES / f"server-{name}/dist/index.js")]}


def config(servers, **more):
    """JSON is YAML."""
    return json.dumps({"mcp": {"servers": servers}} | more)


def processes_naming(text):
    """The ids of all processes that have the text among their words."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            words = pathlib.Path(f"/proc/{entry}/cmdline").read_bytes() if entry.isdigit() else b""
        except OSError:
            continue
        if str(text).encode() in words and int(entry) != os.getpid():
            found.append(int(entry))
    return found


class Clients:
    """What tests ask a daemon `self.d`."""

    def plugin(self, name, daemon=None):
        return (daemon or self.d).good("GET", f"/plugins/mcp.{name}")

    def ready(self, name, daemon=None):
        until(lambda: self.plugin(name, daemon)["state"] == "ready", f"{name} to be ready")
        return self.plugin(name, daemon)

    def run_tool(self, tool, arguments=None, daemon=None):
        daemon = daemon or self.d
        result = daemon.good("POST", f"/tools/{tool}/execute", {"arguments": arguments or {}})
        data = result.get("data")
        if isinstance(data, dict) and "job_id" in data:  # it took more than two seconds
            until(lambda: daemon.job(data["job_id"])["state"] != "running", f"{tool} to end")
            result = daemon.job(data["job_id"])["result"]
        return result

    def data(self, tool, arguments=None, daemon=None):
        result = self.run_tool(tool, arguments, daemon)
        self.assertTrue(result["success"], result)
        return result["data"]

    def error(self, tool, arguments=None, daemon=None):
        result = self.run_tool(tool, arguments, daemon)
        self.assertFalse(result["success"], result)
        return result["error"]

    def assistctl(self, *arguments, code=0):
        result = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", *arguments],
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stdout


class Program:
    """A server that listens somewhere; gone when the test ends."""

    def __init__(self, test, command, environment=None):
        self.process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *command], stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, env=os.environ | (environment or {}))
        test.addClassCleanup(self.kill) if isinstance(test, type) else test.addCleanup(self.kill)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
