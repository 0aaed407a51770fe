"""assistctl mcp: the protocol on lines, for programs that start their servers themselves."""

import json
import queue
import shutil
import subprocess
import threading
import unittest

from daemon import BUILD, Daemon, FolderTest, until
from mcp_client import Modern, message, text_of

FIXTURE = f"plugins: {{folders: ['{BUILD}/test-plugins/mcp']}}\n"
HANDSHAKE = {"protocolVersion": "2025-11-25", "capabilities": {"elicitation": {}}}


class Bridge:
    """assistctl mcp, started; what it writes is read as it comes."""

    def __init__(self, address):
        self.process = subprocess.Popen([BUILD / "bin/assistctl", "--server", address, "mcp"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()
        self.others = []  # messages that nobody has waited for yet

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))
        self.lines.put(None)

    def write(self, line):
        self.process.stdin.write(line if isinstance(line, bytes) else line.encode())
        self.process.stdin.flush()

    def send(self, *messages):
        for one in messages:
            self.write(json.dumps(one) + "\n")

    def until(self, fits):
        """The first message that fits, whenever it came."""
        for one in self.others:
            if fits(one):
                self.others.remove(one)
                return one
        while True:
            one = self.lines.get(timeout=60)
            assert one is not None, f"it ended; it wrote {self.others}"
            if fits(one):
                return one
            self.others.append(one)

    def answer(self, number):
        return self.until(lambda one: one.get("id") == number and "method" not in one)

    def ask(self, method, params=None, number=None):
        self.send(message(method, params, number or method))
        return self.answer(number or method)

    def hello(self):
        result = self.ask("initialize", HANDSHAKE)["result"]
        self.send(message("notifications/initialized"))
        return result

    def end(self):
        """Closes its input; returns the exit code and what was left unread."""
        if not self.process.stdin.closed:
            self.process.stdin.close()
        code = self.process.wait(60)
        self.reader.join()
        rest = self.others
        while not self.lines.empty():
            rest.append(self.lines.get())
        self.process.stdout.close()
        errors = self.process.stderr.read()
        self.process.stderr.close()
        return code, [one for one in rest if one is not None], errors

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.reader.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            try:
                pipe.close()
            except BrokenPipeError:
                pass


class Stdio(FolderTest):
    def setUp(self):
        super().setUp()
        self.d = self.daemon(FIXTURE)

    def bridge(self, port=None):
        bridge = Bridge(f"http://127.0.0.1:{port or self.d.port}")
        self.addCleanup(bridge.kill)
        return bridge

    def until_cancelled(self, count):
        def cancelled():
            calls = self.d.good("GET", "/audit?tool=silent_wait&outcome=CancelledError&limit=100")["calls"]
            return len(calls) == count
        until(cancelled, f"{count} cancelled calls")

    def waits(self, bridge, call):
        """Returns once the call runs."""
        token = call["id"]
        call["params"].setdefault("_meta", {})["progressToken"] = token
        bridge.send(call)
        bridge.until(lambda one: one.get("method") == "notifications/progress" and one["params"]["progressToken"] == token)

    def test_both_kinds_of_revisions(self):
        bridge = self.bridge()
        self.assertEqual(bridge.hello()["serverInfo"]["name"], "assistd")
        self.assertEqual(bridge.ask("ping")["result"], {})
        self.assertEqual(text_of(bridge.ask("tools/call", {"name": "test_simple_text"})["result"]),
                         "This is a simple text response for testing.")
        modern, _ = Modern(self.d).parts("tools/call", {"name": "test_simple_text"}, "new")
        bridge.send(modern)
        self.assertEqual(bridge.answer("new")["result"]["resultType"], "complete")
        for uri in ("assistd://artifacts/plot-99", "ä", " x ", "=?base64?x?="):
            modern, _ = Modern(self.d).parts("resources/read", {"uri": uri}, "read")
            bridge.send(modern)
            self.assertEqual(bridge.answer("read")["error"]["data"]["uri"], uri)
        self.assertEqual(bridge.end(), (0, [], b""))

    def test_lines_that_are_no_messages(self):
        bridge = self.bridge()
        bridge.hello()
        for line in ("nonsense\n", "[]\n", "3\n", '{"a":' * 10_000 + "1" + "}" * 10_000 + "\n", b"\xff\xfe\n", b"x" * (17 << 20) + b"\n"):
            bridge.write(line)
            self.assertEqual(bridge.until(lambda one: one.get("id", 0) is None)["error"]["code"], -32700)
        bridge.write("\n\r\n")
        bridge.write(json.dumps(message("ping", None, 1)) + "\r\n")
        self.assertEqual(bridge.answer(1)["result"], {})
        # What the daemon does not take comes back as an error, with the id where there is one.
        bridge.send(message("ping", {"x": "y" * (5 << 20)}, "large"))
        self.assertIn("error", bridge.answer("large"))
        bridge.send(message("no/such/method", None, "odd"))
        self.assertEqual(bridge.answer("odd")["error"]["code"], -32601)
        bridge.send(message("ping", None, {"a": 1}))
        self.assertEqual(bridge.answer({"a": 1})["error"]["code"], -32600)
        # In two pieces, and the last one without its end.
        bridge.write('{"jsonrpc":"2.0","id":"cut",')
        bridge.write('"method":"ping"}')
        self.assertEqual(bridge.end(), (0, [{"jsonrpc": "2.0", "id": "cut", "result": {}}], b""))

    def test_a_long_call_holds_up_nothing(self):
        bridge = self.bridge()
        bridge.hello()
        long_call = message("tools/call", {"name": "silent_wait", "arguments": {"seconds": 300}}, "long")
        self.waits(bridge, long_call)
        for number in range(20):
            self.assertEqual(bridge.ask("ping", None, number)["result"], {})
        bridge.send(message("notifications/cancelled", {"requestId": "long"}))
        self.until_cancelled(1)
        modern, _ = Modern(self.d).parts("tools/call", {"name": "silent_wait", "arguments": {"seconds": 300}}, 77)
        self.waits(bridge, modern)
        bridge.send(message("notifications/cancelled", {"requestId": 77}))
        self.until_cancelled(2)
        self.assertEqual(bridge.ask("ping")["result"], {})
        code, rest, _ = bridge.end()
        # Nobody waits for the answer to what he cancelled.
        self.assertEqual((code, [one for one in rest if "method" not in one]), (0, []))

    def test_the_end_of_the_input(self):
        bridge = self.bridge()
        bridge.hello()
        self.waits(bridge, message("tools/call", {"name": "silent_wait", "arguments": {"seconds": 300}}, 1))
        modern, _ = Modern(self.d).parts("tools/call", {"name": "silent_wait", "arguments": {"seconds": 300}}, 2)
        self.waits(bridge, modern)
        listening, _ = Modern(self.d).parts("subscriptions/listen", {"notifications": {"toolsListChanged": True}}, 3)
        bridge.send(listening)
        bridge.until(lambda one: one.get("method") == "notifications/subscriptions/acknowledged")
        self.assertEqual(bridge.end()[0], 0)
        self.until_cancelled(2)
        # What is asked before the input ends is answered.
        done = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", "mcp"], timeout=60,
                              input=json.dumps(Modern(self.d).parts("tools/list")[0]).encode(), capture_output=True, check=True)
        self.assertIn("tools", json.loads(done.stdout)["result"])

    def test_questions_to_a_person(self):
        bridge = self.bridge()
        bridge.hello()
        bridge.send(message("tools/call", {"name": "erase_everything"}, "erase"))
        question = bridge.until(lambda one: one.get("method") == "elicitation/create")
        bridge.send({"jsonrpc": "2.0", "id": question["id"], "result": {"action": "accept", "content": {}}})
        self.assertNotIn("isError", bridge.answer("erase")["result"])
        [call] = self.d.good("GET", "/audit?tool=erase_everything")["calls"]
        self.assertEqual((call["outcome"], call["decided_by"]), ("success", "a person"))

    def test_changes_are_told(self):
        plugins = self.folder / "plugins"
        plugins.mkdir()
        self.d.end()
        daemon = self.daemon(f"plugins: {{folders: ['{plugins}']}}\n")
        bridge = self.bridge(daemon.port)
        bridge.hello()
        shutil.copy(BUILD / "test-plugins/test_echo_plugin.so", plugins / "echo.so")
        bridge.until(lambda one: one.get("method") == "notifications/tools/list_changed")
        self.assertIn("echo", [tool["name"] for tool in bridge.ask("tools/list")["result"]["tools"]])
        self.assertEqual(bridge.end()[0], 0)

    def test_a_daemon_that_goes_and_comes_back(self):
        bridge = self.bridge()
        bridge.hello()
        self.waits(bridge, message("tools/call", {"name": "silent_wait", "arguments": {"seconds": 300}}, "lost"))
        self.d.kill()
        self.assertIn("broke", bridge.answer("lost")["error"]["message"])
        for number in ("gone", "gone again"):
            error = bridge.ask("ping", None, number)["error"]
            self.assertRegex(error["message"], r"assistd does not answer at http://127\.0\.0\.1:\d+ .*")
        # Another one at the same address knows nothing of the session, which nobody need know.
        again = Daemon(self.folder, FIXTURE, arguments=["--listen", f"127.0.0.1:{self.d.port}"])
        again.command.remove("127.0.0.1:0")
        again.command.remove("--listen")
        again.start()
        self.addCleanup(again.kill)
        bridge.until(lambda one: one.get("method") == "notifications/tools/list_changed")
        self.assertEqual(text_of(bridge.ask("tools/call", {"name": "test_simple_text"})["result"]),
                         "This is a simple text response for testing.")
        self.assertEqual(bridge.end()[0], 0)

    def test_without_a_daemon(self):
        port = self.d.port
        self.d.end()
        bridge = self.bridge(port)
        self.assertIn("does not answer", bridge.ask("initialize", HANDSHAKE)["error"]["message"])
        modern, _ = Modern(self.d).parts("server/discover", None, 1)
        bridge.send(modern)
        self.assertIn("does not answer", bridge.answer(1)["error"]["message"])
        self.assertEqual(bridge.end(), (0, [], b""))

    def test_a_daemon_that_does_not_serve(self):
        self.d.end()
        bridge = self.bridge(self.daemon("mcp: {serve: false}\n").port)
        self.assertIn("mcp.serve", bridge.ask("initialize", HANDSHAKE)["error"]["message"])
        self.assertEqual(bridge.end()[0], 0)

    def test_a_reader_that_leaves(self):
        process = subprocess.Popen([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", "mcp"],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        ping = json.dumps(message("ping", None, 1)).encode() + b"\n"
        process.stdin.write(json.dumps(message("initialize", HANDSHAKE, 1)).encode() + b"\n")
        process.stdin.flush()
        self.assertIn(b"serverInfo", process.stdout.readline())
        process.stdout.close()

        def has_ended():
            try:
                process.stdin.write(ping)
                process.stdin.flush()
            except BrokenPipeError:
                pass
            return process.poll() is not None

        until(has_ended, "the end of assistctl")
        self.assertEqual(process.returncode, 0)
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass


if __name__ == "__main__":
    unittest.main()
