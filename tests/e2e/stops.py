"""SIGTERM with streams open and tools running: a quick, clean end, after which everything goes on."""

import signal
import threading
import unittest

from daemon import BUILD, FolderTest, Reply as Answer, in_threads, until
from upstream import Gate, Reply, Text, ToolCall, Upstream

IN_TURN = "tools: {run_dla_simulation: {job_after_s: 600}}\n"
SLOW = "Run a 2D DLA simulation with 10000000 particles"


class Stop(FolderTest):
    def test_an_idle_daemon_ends_at_once(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            daemon = self.daemon()
            idle = [daemon.connect() for _ in range(5)]
            for connection in idle:
                self.addCleanup(connection.close)
                connection.connect()
            code, seconds = daemon.end(number)
            self.assertEqual(code, 0)
            self.assertLess(seconds, 5)

    def test_a_running_turn_goes_on_after_the_restart(self):
        daemon = self.daemon(IN_TURN)
        conversation = daemon.conversation()
        stream = daemon.stream(conversation, SLOW, {"Idempotency-Key": "slow"})
        events = stream.until("tool.progress")
        turn = stream.headers["X-Turn-ID"]

        def read_or_end(number):
            return stream.all() if number == 0 else daemon.end()

        rest, (code, seconds) = in_threads(read_or_end, 2)
        self.assertEqual(code, 0)
        self.assertLess(seconds, 10.5)
        self.assertFalse([event for event in rest if event.name.startswith("turn.")], "an end that is none")

        daemon.start()
        self.assertEqual(daemon.turn(conversation, turn)["state"], "running")
        again = daemon.rejoin(conversation, turn)
        before = again.until("tool.progress")
        # What was told before the stop comes again with its ids, but for titles and progress.
        kept = [(e.id, e.name) for e in events if e.name in ("turn.started", "message.completed", "tool.call")]
        self.assertEqual([(e.id, e.name) for e in before[:-1]], kept)
        self.assertGreater(before[-1].id, (events + rest)[-1].id)
        later = daemon.rejoin(conversation, turn, "", {"Last-Event-ID": str((events + rest)[-1].id)})
        self.assertGreater(later.until("tool.progress")[-1].id, (events + rest)[-1].id)
        self.assertEqual(daemon.good("POST", f"/conversations/{conversation}/turns/{turn}/cancel")["state"], "cancelled")
        self.assertEqual(again.all()[-1].name, "turn.cancelled")
        self.assertEqual([m["role"] for m in daemon.messages(conversation)], ["user", "assistant", "tool"])

    def test_a_running_job_is_begun_again(self):
        daemon = self.daemon()
        result = daemon.good("POST", "/tools/run_dla_simulation/execute", {"n_particles": 10_000_000, "dimensions": 2})
        job = result["data"]["job_id"]
        code, seconds = daemon.end()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 10)
        daemon.start()
        self.assertEqual(daemon.job(job)["state"], "running")
        until(lambda: daemon.job(job)["progress"] > 0, "progress")
        self.assertEqual(daemon.good("POST", f"/jobs/{job}/cancel")["state"], "cancelled")

    def test_many_streams_are_ended(self):
        daemon = self.daemon(IN_TURN)
        conversations = [daemon.conversation() for _ in range(3)]
        streams = [daemon.stream(conversation, SLOW) for conversation in conversations]
        turn = streams[0].headers["X-Turn-ID"]
        streams += [daemon.rejoin(conversations[0], turn) for _ in range(20)]
        for stream in streams:
            self.addCleanup(stream.close)
        code, seconds = daemon.end()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 10.5)
        for stream in streams:
            stream.all()


class Calls(FolderTest):
    """Calls of tools whose callers wait, with no turn between."""

    def begin(self, config=""):
        """A call that takes for ever, and a function that gives what it is answered."""
        self.d = self.daemon(f"tools: {{run_dla_simulation: {{job_after_s: 600}}}}\n{config}")
        arguments = {"n_particles": 10_000_000, "dimensions": 2}
        answers = []

        def ask():
            try:
                answers.append(self.d.post("/tools/run_dla_simulation/execute", arguments))
            except OSError as error:
                answers.append(error)
        thread = threading.Thread(target=ask)
        thread.start()
        self.addCleanup(thread.join)
        until(lambda: self.outcomes() == ["running"], "the beginning of the call in the audit log")

        def answer():
            thread.join(60)
            return answers[0]
        return answer

    def outcomes(self):
        return [call["outcome"] for call in self.d.good("GET", "/audit")["calls"]]

    def test_they_are_cancelled_when_the_time_is_over(self):
        answer = self.begin("turns: {drain_s: 1}\n")
        code, seconds = self.d.end()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 8)
        reply = answer()
        self.assertEqual(reply.status, 200)
        error = reply.json["error"]
        self.assertEqual((error["error_type"], error["message"]),
                         ("CancelledError", "The call was stopped because the daemon is shutting down."))
        self.d.start()
        self.assertEqual(self.outcomes(), ["CancelledError"])

    def test_one_that_ran_when_the_daemon_died_is_lost(self):
        answer = self.begin()
        self.d.kill()
        self.assertIsInstance(answer(), OSError)
        self.d.start()
        self.assertEqual(self.outcomes(), ["lost"])
        self.assertEqual(len(self.d.good("GET", "/audit?outcome=lost")["calls"]), 1)

    def test_one_that_the_daemon_died_of_is_known(self):
        self.d = self.daemon(f"plugins: {{folders: ['{BUILD}/test-plugins/faults'], in_process: [org.assistd.test.faults]}}\n")
        with self.assertRaises(OSError):
            self.d.post("/tools/fault_segv/execute", {})
        self.d.kill()
        self.d.start()
        entry, = self.d.good("GET", "/audit")["calls"]
        self.assertEqual((entry["tool"], entry["outcome"]), ("fault_segv", "lost"))

    def test_those_of_turns_and_studies_that_may_not_be_repeated_are_lost(self):
        upstream = Upstream().start()
        self.addCleanup(upstream.stop)
        upstream.script(Reply([ToolCall("cling", {"how": "turn"})]), otherwise=Reply([Text("So it is.")]))
        self.d = self.daemon(f"model: main:fake\ntitles: first_message\ntools: {{cling: {{job_after_s: 600}}}}\n"
                             f"providers: {{main: {{kind: openai, base_url: '{upstream.url}/v1'}}}}\n"
                             f"plugins: {{folders: ['{BUILD}/test-plugins/stubborn']}}\n")
        conversation = self.d.conversation()
        turn = self.d.stream(conversation, "Cling!").headers["X-Turn-ID"]
        until(lambda: self.outcomes() == ["running"], "the beginning of the turn's call in the audit log")
        self.assertEqual(self.d.post("/studies", {"tool": "cling", "base_parameters": {"how": "study"}}).status, 201)
        until(lambda: self.outcomes() == ["running"] * 2, "the beginning of the study's call in the audit log")
        self.d.kill()
        self.d.start()
        until(lambda: self.d.turn(conversation, turn)["state"] == "completed", "the turn's end")
        self.assertEqual(self.outcomes(), ["lost"] * 2)


class Drain(FolderTest):
    """What is asked of a daemon that has been told to stop, and what becomes of the turns that run."""

    def setUp(self):
        super().setUp()
        self.upstream = Upstream().start()
        self.addCleanup(self.upstream.stop)

    def begin(self, drain_s):
        """A daemon with a turn that waits in the middle of its reply."""
        self.d = self.daemon(f"model: main:fake\ntitles: first_message\nturns: {{drain_s: {drain_s}}}\n"
                             f"providers: {{main: {{kind: openai, base_url: '{self.upstream.url}/v1'}}}}\n")
        self.gate = Gate()
        self.upstream.script(Reply([Text("Half ", "an answer"), self.gate, Text(", and the rest.")]),
                             otherwise=lambda request: Reply([Text("Half ", "an answer, ", "and the rest.")]))
        self.conversation = self.d.conversation()
        self.stream = self.d.stream(self.conversation, "Hello")
        self.gate.wait_reached()
        self.seen = self.stream.until("message.delta")
        # Clients look for it where it was.
        self.d.command[self.d.command.index("--listen") + 1] = f"127.0.0.1:{self.d.port}"

    def stop(self, number=signal.SIGTERM):
        def stops():
            return self.d.log.read_text().count("stopping: turns get a while to end")
        before = stops()
        self.d.process.send_signal(number)
        until(lambda: stops() > before, "the beginning of the stop")

    def ask(self, method, path, body=None):
        connection, response = self.d._send(method, path, body, {"OpenAI-Beta": "assistants=v2"})
        self.addCleanup(connection.close)
        return Answer(response)

    def test_new_turns_are_refused_and_running_ones_end(self):
        self.begin(600)
        other = self.d.conversation()
        self.assertEqual(self.ask("GET", "/readyz").status, 200)
        self.stop()
        until(lambda: self.ask("GET", "/readyz").status == 503, "that it is not ready")
        reply = self.d.post(f"/conversations/{other}/chat", {"content": "Hello"})
        self.assertEqual((reply.status, reply.error["code"]), (503, "unavailable"))
        self.assertGreaterEqual(int(reply.headers["Retry-After"]), 1)
        answer = self.ask("POST", "/v1/chat/completions",
                          {"model": "main:fake", "messages": [{"role": "user", "content": "Hello"}]})
        self.assertEqual(answer.status, 503, answer.body)
        self.assertIn("Retry-After", answer.headers)
        # What was said is there to be read meanwhile, and nothing of what was refused.
        self.assertEqual(self.d.messages(other), [])
        self.assertEqual(len(self.d.messages(self.conversation)), 1)
        self.gate.open()
        events = self.stream.all()
        self.assertEqual(events[-1].name, "turn.completed")
        self.assertEqual(events[-1].data["message"]["content"], "Half an answer, and the rest.")
        self.assertEqual(self.d.process.wait(60), 0)

    def test_after_drain_s_the_rest_goes_on_after_the_start(self):
        self.begin(1)
        code, seconds = self.d.end()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 6)
        rest = self.stream.all()
        self.assertFalse([event for event in rest if event.name.startswith("turn.")])
        self.d.start()
        turn = self.stream.headers["X-Turn-ID"]
        later = self.d.rejoin(self.conversation, turn, "", {"Last-Event-ID": str((self.seen + rest)[-1].id)}).all()
        self.assertEqual(later[-1].name, "turn.completed")
        ids = [event.id for event in self.seen + rest + later]
        self.assertEqual(ids, sorted(set(ids)))
        # The message that was broken off begins anew, under an id of its own.
        texts = {}
        for event in self.seen + rest + later:
            if event.name == "message.delta":
                texts.setdefault(event.data["message_id"], []).append(event.data["delta"])
        self.assertEqual("".join(list(texts.values())[-1]), "Half an answer, and the rest.")
        self.assertEqual([m["content"] for m in self.d.messages(self.conversation)], ["Hello", "Half an answer, and the rest."])

    def test_a_second_signal_ends_it_at_once(self):
        for first, second in ((signal.SIGTERM, signal.SIGTERM), (signal.SIGTERM, signal.SIGINT), (signal.SIGINT, signal.SIGINT)):
            self.begin(600)
            self.stop(first)
            self.d.process.send_signal(signal.SIGHUP)  # which is none
            code, seconds = self.d.end(second)
            self.assertEqual(code, 0)
            self.assertLess(seconds, 5)
            self.d.start()
            until(lambda: len(self.d.messages(self.conversation)) == 2, "the answer after the restart")
            self.d.end()

    def test_an_hour_is_not_waited_for_nothing(self):
        daemon = self.daemon("turns: {drain_s: 3600}\n")
        code, seconds = daemon.end()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 5)

    def test_runs_of_assistants_and_threads_of_chatkit_go_on(self):
        """Their streams have no ids to come back by: clients look at the run, or the thread, and find the whole of it."""
        self.begin(0)
        self.upstream.script(Reply([Text("Half "), Gate()]), Reply([Text("Half "), Gate()]),
                             otherwise=lambda request: Reply([Text("Half ", "and the rest.")]))

        def send(method, path, body):
            connection, response = self.d._send(method, path, body, {"OpenAI-Beta": "assistants=v2"})
            self.addCleanup(connection.close)
            return response

        def good(method, path, body=None):
            answer = self.ask(method, path, body)
            self.assertEqual(answer.status, 200, answer.body)
            return answer.json

        def until_text(response, words):
            seen = b""
            while words not in seen:
                line = response.readline()
                self.assertTrue(line, seen)
                seen += line
            return seen

        assistant = good("POST", "/v1/assistants", {"model": "main:fake", "tools": []})["id"]
        thread = good("POST", "/v1/threads", {"messages": [{"role": "user", "content": "Hello run"}]})["id"]
        stream = send("POST", f"/v1/threads/{thread}/runs", {"assistant_id": assistant, "stream": True})
        run = until_text(stream, b"Half").decode().partition('"id":"run_')[2].partition('"')[0]
        said = {"content": [{"type": "input_text", "text": "Hello thread"}], "attachments": [], "inference_options": {}}
        chatkit = send("POST", "/api/v1/chatkit", {"type": "threads.create", "params": {"input": said}})
        told = until_text(chatkit, b"Half").decode()
        thread_id = told.partition('"thread":{"id":"')[2].partition('"')[0]
        self.assertTrue(run and thread_id, told)
        code, seconds = self.d.end()
        self.assertEqual(code, 0)
        self.assertLess(seconds, 10)
        self.assertNotIn(b"thread.run.failed", stream.read())
        self.d.start()
        # While it was away, they had nothing to ask.
        until(lambda: good("GET", f"/v1/threads/{thread}/runs/run_{run}")["status"] == "completed", "the end of the run")
        messages = good("GET", f"/v1/threads/{thread}/messages")["data"]
        self.assertEqual([m["content"][0]["text"]["value"] for m in messages], ["Half and the rest.", "Hello run"])

        def texts():
            page = good("POST", "/api/v1/chatkit", {"type": "items.list", "params": {"thread_id": thread_id, "order": "asc"}})
            return [part["text"] for item in page["data"] for part in item["content"] if item["type"] == "assistant_message"]
        until(lambda: texts() == ["Half and the rest."], "the answer in the thread")


if __name__ == "__main__":
    unittest.main()
