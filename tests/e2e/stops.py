"""SIGTERM with streams open and tools running: a quick, clean end, after which everything goes on."""

import signal
import unittest

from daemon import FolderTest, in_threads, until

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


if __name__ == "__main__":
    unittest.main()
