"""Tools of MCP servers over Streamable HTTP, of both eras, and over standard input for the newer one."""

import json
import pathlib
import socket
import sys
import unittest
import urllib.request

from daemon import BUILD, Daemon, DaemonTest, FolderTest, until
from mcp_support import HERE, MODULES, NODE, Clients, Program, config


class OverHttp(Clients, FolderTest):
    """Streamable HTTP: the reference server with its sessions, and servers of 2026-07-28."""

    def test_sessions(self):
        port = self.free_port()
        program = self.everything(port)
        self.d = self.daemon(config({"web": {"url": f"http://127.0.0.1:{port}/mcp"}}))
        self.assertEqual(len(self.ready("web")["tools"]), 17)
        self.assertEqual(self.data("web_echo", {"message": "hi"}), "Echo: hi")
        self.assertEqual(self.data("web_trigger-long-running-operation", {"duration": 1, "steps": 4})[:22], "Long running operation")
        self.assertTrue(self.data("web_list_resources")["resources"])
        # A server that was started again knows no session of before.
        program.kill()
        self.assertIn("could not be reached", self.error("web_echo", {"message": "x"})["message"])
        self.everything(port)
        self.assertEqual(self.data("web_echo", {"message": "again"}), "Echo: again")

    def test_a_session_that_was_lost_between_two_calls(self):
        port = self.free_port()
        program = self.everything(port)
        self.d = self.daemon(config({"web": {"url": f"http://127.0.0.1:{port}/mcp"}}))
        self.ready("web")
        program.kill()
        self.everything(port)
        self.assertEqual(self.data("web_echo", {"message": "again"}), "Echo: again")

    def free_port(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return probe.getsockname()[1]

    def everything(self, port):
        program = Program(self, [NODE, str(MODULES / "server-everything/dist/index.js"), "streamableHttp"], {"PORT": str(port)})

        def answers():
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", port)) == 0
        until(answers, "the server to listen")
        return program

    def modern(self, *words):
        program = Program(self, [NODE, str(HERE / "node/mcp_modern.mjs"), "http", *words])
        return f"http://127.0.0.1:{int(program.process.stdout.readline())}/mcp"

    def use_modern(self):
        self.assertEqual(self.ready("m")["version"], "7.0.0")
        self.assertIn("speaks 2026-07-28", self.d.log.read_text())
        self.assertEqual(self.data("m_echo", {"text": "häßlich"}), "häßlich")
        # The argument stands in a header as well, which the server compares.
        self.assertEqual(self.data("m_echo", {"text": "hello", "region": "köln"}), "hello from köln")
        self.assertEqual(self.data("m_progress"), "done")
        self.assertEqual(self.data("m_list_resources")["resources"][0]["uri"], "motd://today")
        self.assertEqual(self.data("m_read_resource", {"uri": "motd://today"}), "be kind")
        self.assertEqual(self.data("m_get_prompt", {"name": "greet", "arguments": {"name": "Ada"}})["messages"][0]["text"], "Hello Ada")
        self.assertFalse(self.run_tool("m_read_resource", {"uri": "motd://nothing"})["success"])
        self.assertEqual(self.error("m_stall")["error_type"], "TimeoutError")
        until(lambda: self.data("m_cancelled") == "stall", "the server to be told")
        self.data("m_grow")
        until(lambda: "m_grown" in self.plugin("m")["tools"], "the new tool")
        self.assertEqual(self.data("m_grown"), "grown up")

    def test_modern(self):
        self.d = self.daemon(config({"m": {"url": self.modern(), "timeout_s": 15, "idle_timeout_s": 3}}))
        self.use_modern()

    def test_modern_alone(self):
        self.d = self.daemon(config({"m": {"url": self.modern("reject"), "timeout_s": 15, "idle_timeout_s": 3}}))
        self.use_modern()

    def test_modern_over_standard_input(self):
        words = [str(HERE / "node/mcp_modern.mjs"), "stdio"]
        self.d = self.daemon(config({"m": {"command": NODE, "args": words, "timeout_s": 15, "idle_timeout_s": 3}}))
        self.use_modern()


class Assistds(Clients, FolderTest):
    """Daemons that lend each other their tools."""

    def assistd(self, name, port, servers):
        folder = self.folder / name
        folder.mkdir()
        daemon = Daemon(folder, config(servers))
        daemon.command[daemon.command.index("--listen") + 1] = f"127.0.0.1:{port}"
        daemon.start()
        self.addCleanup(daemon.kill)
        return daemon

    def free_ports(self):
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            other.bind(("127.0.0.1", 0))
            return one.getsockname()[1], other.getsockname()[1]

    def names(self, daemon):
        return [tool["name"] for tool in daemon.good("GET", "/tools")["tools"]]

    def test_one_that_names_itself(self):
        port, _ = self.free_ports()
        bridge = {"command": str(BUILD / "bin/assistctl"), "args": ["--server", f"http://127.0.0.1:{port}", "mcp"]}
        daemon = self.assistd("itself", port, {"me": {"url": f"http://127.0.0.1:{port}/mcp"}, "bridge": bridge})
        for name in ("me", "bridge"):
            reason = until(lambda: (self.plugin(name, daemon)["reason"] or "").startswith("It is this")
                           and self.plugin(name, daemon)["reason"], f"{name} to be refused")
            self.assertEqual(reason, "It is this daemon itself, whose tools are here already. It is tried again every five minutes.")
        self.assertEqual([name for name in self.names(daemon) if name.startswith(("me_", "bridge_"))], [])

    def test_two_that_name_each_other(self):
        here, there = self.free_ports()
        a = self.assistd("a", here, {"b": {"url": f"http://127.0.0.1:{there}/mcp"}})
        own = set(self.names(a))
        b = self.assistd("b", there, {"a": {"url": f"http://127.0.0.1:{here}/mcp"}})
        lent = own | {"list_resources", "read_resource"}
        for daemon, server in ((a, "b"), (b, "a")):
            until(lambda: "lends" in (self.plugin(server, daemon)["reason"] or ""), f"{server} to lend what is not its own")
            until(lambda: set(self.names(daemon)) == own | {f"{server}_{name}" for name in lent}, "the tools to be these")
            self.assertEqual(self.plugin(server, daemon)["reason"],
                             f"It lends {len(lent)} of this daemon's own tools back; they are left out.")
        self.assertTrue(self.data("b_run_limiting_case", {"geometry": "chain", "n_particles": 10}, a))

    def test_handles_are_those_of_the_server(self):
        here, there = self.free_ports()
        b = self.assistd("b", there, {})
        a = self.assistd("a", here, {"b": {"url": f"http://127.0.0.1:{there}/mcp"}})
        for daemon, names in ((a, ["ours.txt"]), (b, ["theirs.txt", "far.txt"])):
            for name in names:
                self.assertEqual(daemon.call("POST", f"/artifacts?name={name}", name.encode(), {"Content-Type": "text/plain"}).status, 201)
        self.ready("b", a)
        for handle, name in (("file-1", "theirs.txt"), ("file-2", "far.txt")):
            self.assertIn(name, json.dumps(self.run_tool("b_show_artifact", {"artifact": handle}, a)))
            self.assertEqual(self.data("b_read_resource", {"uri": f"assistd://artifacts/{handle}"}, a), name)
        self.assertIn("ours.txt", json.dumps(self.run_tool("show_artifact", {"artifact": "file-1"}, a)))


class BadServer(Clients, DaemonTest):
    """A server of the older era that does everything wrong that HTTP allows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Program(cls, [sys.executable, "-B", str(HERE / "mcp/fixture_http.py")])
        cls.port = int(cls.server.process.stdout.readline())
        url = f"http://127.0.0.1:{cls.port}"
        servers = {"web": {"url": f"{url}/mcp", "headers": {"X-Team": "blue team"}, "api_key_env": "WEB_KEY", "timeout_s": 30, "idle_timeout_s": 3},
                   "plain": {"url": f"{url}/no_stream"}, "broken": {"url": f"{url}/broken"},
                   "locked": {"url": f"{url}/locked", "api_key_env": "WEB_KEY"}}
        path = pathlib.Path(cls.shared_folder) / "assistd.yaml"
        path.write_text(config(servers))
        cls.d.command += ["--config", str(path)]
        cls.d.environment["WEB_KEY"] = "sk-very-secret-key"
        cls.d.restart()

    def asked(self, **wanted):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/log", timeout=10) as reply:
            return [one for one in json.load(reply) if all(one.get(key) == value for key, value in wanted.items())]

    def setUp(self):
        super().setUp()
        self.ready("web")

    def test_what_is_sent(self):
        self.assertEqual(self.data("web_key"), "Bearer sk-very-secret-key blue team")
        first, = self.asked(path="/mcp", method="server/discover")[:1]
        self.assertEqual((first["headers"]["MCP-Protocol-Version"], first["headers"]["Mcp-Method"]), ("2026-07-28", "server/discover"))
        greeting, = self.asked(path="/mcp", method="initialize")[:1]
        self.assertNotIn("MCP-Protocol-Version", greeting["headers"])
        call = self.asked(path="/mcp", method="tools/call")[0]["headers"]
        self.assertEqual((call["MCP-Protocol-Version"], call["Accept"]), ("2025-06-18", "application/json, text/event-stream"))
        self.assertRegex(call["MCP-Session-Id"], "^session-")
        self.assertNotIn("Mcp-Method", call)

    def test_servers_that_are_no_use_say_why(self):
        self.ready("plain")
        self.assertEqual(self.data("plain_echo"), "echo")
        reason = until(lambda: self.plugin("locked")["reason"] not in ("It has not answered yet.", None) and self.plugin("locked")["reason"], "locked")
        self.assertIn("answered 401: \"{\"error\": \"who are you? you said ***", reason)
        self.assertIn("api_key_env", reason)
        until(lambda: "sent what is no MCP message: \"<html>" in (self.plugin("broken")["reason"] or ""), "broken")
        self.assertNotIn("very-secret", self.d.log.read_text())

    def test_replies_that_are_none(self):
        for tool, sentence in (("html", "sent what is no MCP message: \"<html>hello</html>\"."), ("empty", "ended its reply without an answer"),
                               ("dropped", "ended its reply without an answer"), ("huge", "a reply of more than 16777216 bytes"),
                               ("huge_event", "more than 16777216 bytes"), ("redirect", "answered 307, which leads to \"/log\"; redirects are not followed"), ("status", "answered 503: \"closed for today"),
                               ("reset", "broke off its reply")):
            with self.subTest(tool):
                error = self.error(f"web_{tool}")
                self.assertEqual(error["error_type"], "InternalError")
                self.assertIn(sentence, error["message"])
                self.assertEqual(self.data("web_echo"), "echo")

    def test_a_stream_that_is_broken_off_is_taken_up_again(self):
        self.assertEqual(self.data("web_polled"), "at last")
        self.assertEqual(self.data("web_several"), "right")

    def test_a_session_that_is_lost(self):
        self.data("web_lost")
        self.assertEqual(self.data("web_echo"), "echo")
        self.assertGreaterEqual(len(self.asked(path="/mcp", method="initialize")), 2)

    def test_limits_of_time(self):
        self.assertEqual(self.data("web_progress"), "done")
        error = self.error("web_stall")
        self.assertEqual(error["error_type"], "TimeoutError")
        until(lambda: self.asked(stall="closed"), "the stream to be closed")
        until(lambda: self.asked(method="notifications/cancelled"), "the server to be told")

    def test_changes_are_heard(self):
        self.data("web_changes")
        until(lambda: "web_grown" in self.plugin("web")["tools"], "the new tool")
        self.assertEqual(self.data("web_grown"), "grown")

    def test_what_it_asks_is_answered(self):
        self.assertEqual(self.data("web_asks"), "asked")
        until(lambda: len([one for one in self.asked() if "reply" in one]) >= 2, "the answers")
        answers = {one["reply"]["id"]: one["reply"] for one in self.asked() if "reply" in one}
        self.assertEqual(answers["ping"]["result"], {})
        self.assertEqual(answers["sampling/createMessage"]["error"]["code"], -32601)

    def test_z_the_session_is_ended(self):
        self.d.restart()
        self.assertTrue(self.asked(http="DELETE"))
        self.ready("web")


if __name__ == "__main__":
    unittest.main()
