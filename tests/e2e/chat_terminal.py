"""assistctl chat at a terminal: typing, history, Ctrl-C, commands, and a daemon that is restarted meanwhile."""

import os
import signal
import stat
import termios
import unittest

from daemon import FolderTest
from terminal import Terminal
from upstream import Gate, Reply, Text, Upstream

PROMPT = "> "
UP, CTRL_C, CTRL_D, ALT_ENTER = "\x1b[A", "\x03", "\x04", "\x1b\r"
MARKDOWN = "# Result\n\nIt **grew** well:\n\n* 500 particles\n* `df` is 1.8\n\n| n | Rg |\n|---|---|\n| 500 | 12 |\n"


class ChatTest(FolderTest):
    def setUp(self):
        super().setUp()
        self.upstream = Upstream().start()
        self.addCleanup(self.upstream.stop)
        self.d = self.daemon(config=f"model: main:fake\ntitles: first_message\nturns: {{timeout_s: 300}}\n"
                                    f"providers: {{main: {{kind: openai, base_url: '{self.upstream.url}/v1'}}}}\n")

    def chat(self, *arguments, environment=None, **size):
        terminal = Terminal(self.d, "chat", *arguments, environment={"XDG_STATE_HOME": str(self.folder)} | (environment or {}),
                            **size)
        self.addCleanup(terminal.close)
        if not arguments:
            terminal.at = terminal.expect(PROMPT, terminal.expect("/help"))
        return terminal

    def said(self):
        """What people said in all conversations, the oldest first."""
        conversations = self.d.good("GET", "/conversations")["conversations"]
        return [message["content"] for conversation in reversed(conversations)
                for message in self.d.messages(conversation["id"]) if message["role"] == "user"]

    def leave(self, terminal):
        terminal.read(lambda seen: seen.endswith(PROMPT))
        terminal.type(CTRL_D)
        self.assertEqual(terminal.end(), 0)

    def throw_away_and_leave(self, terminal):
        """What is typed before the next prompt is there is the terminal's own, for which a Ctrl-D is no key."""
        terminal.type(CTRL_C)
        terminal.expect("Ctrl-C again leaves")
        self.leave(terminal)


class Typing(ChatTest):
    def test_a_message_and_its_formatted_answer(self):
        self.upstream.script(otherwise=Reply([Text(*[MARKDOWN[i:i + 5] for i in range(0, len(MARKDOWN), 5)])]))
        terminal = self.chat()
        terminal.type("Grow it\r")
        at = terminal.expect("500 │ 12")
        terminal.expect(PROMPT, at)
        for shown in ("• 500 particles", "• df is 1.8", "n   │ Rg"):
            self.assertIn(shown, terminal.seen)
        self.assertIn("\x1b[1mgrew", terminal.raw)
        self.assertIn("\x1b[1;4mResult", terminal.raw)
        self.leave(terminal)
        self.assertEqual(self.said(), ["Grow it"])

    def test_without_colours(self):
        self.upstream.script(otherwise=Reply([Text(MARKDOWN)]))
        terminal = self.chat(environment={"NO_COLOR": "1"})
        terminal.type("Grow it\r")
        terminal.expect("# Result")
        terminal.expect("**grew**")
        self.leave(terminal)
        self.assertNotRegex(terminal.raw, r"\x1b\[[0-9;]*m")

    def test_tools_have_bars_and_leave_a_line(self):
        self.d.end()
        self.d = self.daemon()
        terminal = self.chat()
        terminal.type("Run a DLA simulation with 300 particles\r")
        terminal.expect("✓ DLA simulation (run_dla_simulation): done")
        terminal.expect("(simulation-1)")
        terminal.expect("/save simulation-1 writes it here.")
        self.assertNotIn("artifacts get", terminal.seen)
        self.assertIn("DLA simulation [", terminal.seen)
        self.leave(terminal)

    def test_a_window_that_is_made_narrower(self):
        terminal = self.chat(columns=100)
        terminal.resize(50)
        at = terminal.expect("> ")
        terminal.type("/help\r")
        end = terminal.expect("was typed before.", at)
        lines = terminal.seen[at:end].splitlines()
        self.assertIn("leaves, as Ctrl-D does", " ".join(lines))
        self.assertLessEqual(max(map(len, lines)), 50)
        self.leave(terminal)

    def test_words_are_not_broken_at_the_edge(self):
        terminal = self.chat(columns=50)
        terminal.type("/nothing\r")
        terminal.expect("two.")
        terminal.type("/help\r")
        terminal.expect("typed before.")
        for line in terminal.seen.split("\n"):
            self.assertLessEqual(len(line), 50)
        self.leave(terminal)

    def test_several_lines(self):
        self.upstream.script(otherwise=Reply([Text("Fine.")]))
        terminal = self.chat()
        terminal.type("one" + ALT_ENTER + "two\\\r")
        terminal.expect("… ")
        terminal.type("three\r")
        at = terminal.expect("Fine.")
        terminal.expect(PROMPT, at)
        terminal.type("\x1b[200~pasted\rlines\r\x1b[201~ and more\r")
        at = terminal.expect("Fine.", at)
        terminal.expect(PROMPT, at)
        self.leave(terminal)
        self.assertEqual(self.said(), ["one\ntwo\nthree", "pasted\nlines and more"])

    def test_characters_of_any_script_are_typed_and_taken_back(self):
        self.upstream.script(otherwise=Reply([Text("Fine.")]))
        terminal = self.chat(environment={"LANG": "C"})
        terminal.type("Größe 漢字x\x7f?\r")
        terminal.expect("Fine.")
        self.leave(terminal)
        self.assertEqual(self.said(), ["Größe 漢字?"])

    def test_what_is_typed_stands_there_once_after_the_window_was_resized(self):
        terminal = self.chat(columns=90)
        typed = " ".join(f"word{number}" for number in range(20))
        terminal.type(typed)
        terminal.expect("word19")
        drawn = len(terminal.raw)
        terminal.resize(50)
        # The terminal has folded it into three rows: it is taken away from the first of them on, and drawn anew.
        terminal.read(lambda _: "word19" in terminal.raw[drawn:])
        anew = terminal.raw[drawn:]
        self.assertTrue(anew.startswith("\r\x1b[2A\x1b[J"), anew)
        self.assertEqual(anew.count("word0 "), 1)

    def test_an_opened_conversation_says_how_its_reply_ended(self):
        gate = Gate()
        self.upstream.script(Reply([gate, Text("Late.")]))
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, "Hello")
        turn = stream.until("turn.started")[-1].data["turn_id"]
        self.d.good("POST", f"/conversations/{conversation}/turns/{turn}/cancel", {})
        stream.all()
        terminal = self.chat("--conversation", conversation)
        at = terminal.expect("(The reply was cancelled.)", terminal.expect("> Hello"))
        terminal.expect(PROMPT, at)
        self.leave(terminal)

    def test_history_is_kept_for_the_user_alone(self):
        self.upstream.script(otherwise=Reply([Text("Fine.")]))
        first = self.chat()
        first.type("Größe of\\\rit\r")
        first.expect("Fine.")
        self.leave(first)
        file = self.folder / "assistctl/history"
        self.assertEqual(stat.S_IMODE(file.stat().st_mode), 0o600)
        second = self.chat()
        second.type("other\r")
        second.expect(PROMPT, second.expect("Fine."))
        second.type(UP + UP + "!\r")
        second.expect("Fine.", second.expect("it!"))
        self.leave(second)
        self.assertEqual(sorted(self.said()), ["Größe of\nit", "Größe of\nit!", "other"])

    def test_a_history_that_cannot_be_kept_is_no_hindrance(self):
        self.upstream.script(otherwise=Reply([Text("Fine.")]))
        (self.folder / "assistctl").write_text("no folder")
        terminal = self.chat()
        terminal.type("Hello\r")
        terminal.expect("Fine.")
        self.leave(terminal)


class Interrupts(ChatTest):
    def test_it_goes_on_after_ctrl_z(self):
        self.upstream.script(otherwise=Reply([Text("Fine.")]))
        terminal = self.chat()
        terminal.type("one")
        terminal.expect("> one")
        terminal.process.send_signal(signal.SIGSTOP)
        self.assertTrue(os.WIFSTOPPED(os.waitpid(terminal.process.pid, os.WUNTRACED)[1]))
        # As a shell does meanwhile.
        modes = termios.tcgetattr(terminal.master)
        modes[3] |= termios.ICANON | termios.ECHO
        termios.tcsetattr(terminal.master, termios.TCSANOW, modes)
        at = len(terminal.seen)
        terminal.process.send_signal(signal.SIGCONT)
        terminal.expect("> one", at)
        terminal.type(ALT_ENTER + "two\r")
        terminal.expect("Fine.")
        self.leave(terminal)
        self.assertEqual(self.said(), ["one\ntwo"])

    def test_ctrl_c_stops_the_reply_and_not_the_program(self):
        gate = Gate()
        self.upstream.script(Reply([Text("Half "), gate]), Reply([Text("Whole.")]))
        terminal = self.chat()
        terminal.type("Hello\r")
        terminal.expect("Half")
        gate.wait_reached()
        terminal.type(CTRL_C)
        at = terminal.expect("The turn was cancelled.")
        terminal.expect(PROMPT, at)
        terminal.type("Again\r")
        terminal.expect("Whole.", at)
        self.leave(terminal)

    def test_ctrl_c_at_the_prompt_throws_away_and_leaves_the_second_time(self):
        self.upstream.script(otherwise=Reply([Text("Fine.")]))
        terminal = self.chat()
        terminal.type("not this" + CTRL_C)
        at = terminal.expect(PROMPT, terminal.expect("Ctrl-C again leaves"))
        terminal.type("this\r")
        at = terminal.expect(PROMPT, terminal.expect("Fine.", at))
        terminal.type(CTRL_C)
        at = terminal.expect(PROMPT, terminal.expect("Ctrl-C again leaves", at))
        terminal.type(CTRL_C)
        self.assertEqual(terminal.end(), 0)
        self.assertEqual(self.said(), ["this"])

    def test_what_is_typed_while_a_reply_is_written_is_kept_and_not_shown(self):
        gate = Gate()
        self.upstream.script(Reply([Text("Half "), gate, Text("and half.")]), Reply([Text("Next.")]))
        terminal = self.chat()
        terminal.type("Hello\r")
        terminal.expect("Half")
        gate.wait_reached()
        terminal.type("typed early\r")
        gate.open()
        terminal.expect("and half.")
        terminal.expect("Next.")
        self.leave(terminal)
        self.assertEqual(terminal.seen.count("typed early"), 1)  # at its prompt, and not in the reply
        self.assertEqual(self.said(), ["Hello", "typed early"])


class Restarts(ChatTest):
    def setUp(self):
        super().setUp()
        # It comes back where its clients look for it.
        self.d.command[self.d.command.index("--listen") + 1] = f"127.0.0.1:{self.d.port}"

    def test_a_reply_goes_on_when_the_daemon_is_there_again(self):
        gate = Gate()
        self.upstream.script(Reply([Text("Half ", "an answer"), gate]), Reply([Text("Half ", "an answer, ", "and the rest.")]))
        terminal = self.chat()
        terminal.type("Hello\r")
        terminal.expect("an answer")
        gate.wait_reached()
        self.d.kill()
        terminal.expect("it is waited for")
        self.d.start()
        at = terminal.expect("and the rest.")
        terminal.expect(PROMPT, at)
        self.leave(terminal)

    def test_a_message_is_sent_when_the_daemon_is_there_again(self):
        self.upstream.script(otherwise=Reply([Text("Fine.")]))
        terminal = self.chat()
        terminal.type("Hello\r")
        at = terminal.expect(PROMPT, terminal.expect("Fine."))
        self.d.end()
        terminal.type("Are you there?\r")
        at = terminal.expect("it is waited for", at)
        self.d.start()
        at = terminal.expect(PROMPT, terminal.expect("Fine.", at))
        self.d.end()
        terminal.type("And now?\r")
        at = terminal.expect("it is waited for", at)
        terminal.type(CTRL_C)
        at = terminal.expect(PROMPT, terminal.expect("Left;", at))
        self.leave(terminal)
        self.d.start()
        self.assertEqual(self.said(), ["Hello", "Are you there?"])

    def test_a_daemon_that_is_not_there_is_said_not_to_be(self):
        self.d.end()
        terminal = self.chat("--no-color")
        self.assertEqual(terminal.end(), 1)
        self.assertIn("assistd does not answer at", terminal.seen)
        self.assertRegex(terminal.seen, r"\./run\.sh|bin/assistd")


class Approvals(ChatTest):
    def setUp(self):
        super().setUp()
        self.d.end()
        self.d = self.daemon(config="tools: {run_dla_simulation: {approval: always}}\n")
        self.d.command[self.d.command.index("--listen") + 1] = f"127.0.0.1:{self.d.port}"
        self.terminal = self.chat()

    def asked(self, at=0):
        return self.terminal.expect("Allow it? [y/n] ", at)

    def test_a_person_is_asked(self):
        self.terminal.type("Run a DLA simulation with 60 particles\r")
        at = self.asked()
        self.terminal.type("perhaps\r")
        self.terminal.expect("Please answer y or n: ", at)
        self.terminal.type("y\r")
        at = self.terminal.expect(PROMPT, self.terminal.expect("✓ DLA simulation (run_dla_simulation)", at))
        self.terminal.type("Run a DLA simulation with 61 particles\r")
        at = self.asked(at)
        self.terminal.type("n\r")
        at = self.terminal.expect("✗ DLA simulation (run_dla_simulation)", at)
        self.terminal.expect(PROMPT, at)
        self.leave(self.terminal)

    def test_ctrl_c_is_an_answer_too(self):
        self.terminal.type("Run a DLA simulation with 60 particles\r")
        at = self.asked()
        self.terminal.type(CTRL_C)
        at = self.terminal.expect(PROMPT, self.terminal.expect("The turn was cancelled.", at))
        self.leave(self.terminal)

    def test_an_answer_waits_for_a_daemon_that_is_away(self):
        self.terminal.type("Run a DLA simulation with 60 particles\r")
        at = self.asked()
        self.d.kill()
        self.terminal.type("y\r")
        self.d.start()
        self.terminal.read(lambda seen: "✓ DLA simulation (run_dla_simulation)" in seen or seen.count("[y/n]") > 1)
        if "✓ DLA simulation (run_dla_simulation)" not in self.terminal.seen:  # it was asked again, for the answer was lost
            self.terminal.type("y\r")
        at = self.terminal.expect(PROMPT, self.terminal.expect("✓ DLA simulation (run_dla_simulation)", at))
        self.leave(self.terminal)


class Commands(ChatTest):
    def setUp(self):
        super().setUp()
        self.d.end()
        self.d = self.daemon()  # with the offline provider
        self.terminal = self.chat()

    def typed(self, line, *words):
        """Types a line, reads the words and the next prompt; returns what was shown."""
        before = len(self.terminal.seen)
        self.terminal.type(line + "\r")
        for word in words:
            self.terminal.expect(word, before)
        self.terminal.at = self.terminal.expect(PROMPT, self.terminal.expect("\n", before + len(line)))
        return self.terminal.seen[before:]

    def test_all_of_them(self):
        before = len(self.terminal.seen)
        self.terminal.type("/help\r")
        self.terminal.expect("Ctrl-R bring", before)
        for command in ("/new", "/list", "/open", "/title", "/model", "/regenerate", "/artifacts", "/save", "/documents", "/quit"):
            self.assertIn(command, self.terminal.seen[before:])
        self.typed("Run a DLA simulation with 60 particles", "✓ DLA simulation (run_dla_simulation)", "/save simulation-1")
        self.typed("/title Soot of today", 'It is called "Soot of today" now.')
        self.typed("/artifacts", "simulation-1")
        file = self.folder / "saved.npy"
        self.typed(f"/save simulation-1 {file}", "Wrote ")
        self.assertGreater(file.stat().st_size, 500)
        self.typed("/regenerate", "✓ DLA simulation (run_dla_simulation)", "/save simulation-2")
        self.typed("/model offline", "offline answers from now on.")
        self.typed("/model nonsense:x", "nonsense")
        self.typed("/documents", "There are no documents.")
        self.typed("/new", "begins a new conversation")
        self.typed("/list", "Soot of today")
        self.typed("/open 1", "Soot of today", "> Run a DLA simulation with 60 particles")
        self.typed("/open 7", "there is no number 7")
        self.typed("/fly", "There is no command /fly")
        csv = self.folder / "table.csv"
        csv.write_text("n,Rg\n1,2\n")
        self.typed(f"/attach {csv}", "goes with the next message")
        self.typed("//not a command", "I ")
        self.terminal.type("/quit\r")
        self.assertEqual(self.terminal.end(), 0)
        self.assertEqual(len(self.d.good("GET", "/conversations")["conversations"]), 1)
        self.assertIn("/not a command", self.said()[-1])
        conversation = self.d.good("GET", "/conversations")["conversations"][0]["id"]
        said = [message for message in self.d.messages(conversation) if message["role"] == "user"][-1]
        self.assertEqual([(file["handle"], file["name"]) for file in said["attachments"]], [("file-1", "table.csv")])

    def test_tab_completes_them(self):
        (self.folder / "only.csv").write_text("x")
        self.terminal.type("/reg\t\r")
        self.terminal.expect("no message yet")
        self.terminal.type(f"/attach {self.folder}/on\t\r")
        self.terminal.expect("only.csv is file-1")
        self.terminal.type("/a\t")
        self.terminal.expect("/artifacts")
        self.throw_away_and_leave(self.terminal)

    def test_jobs_tell_their_end_above_what_is_typed(self):
        self.d.end()
        self.d = self.daemon(config="tools: {run_dla_simulation: {job_after_s: 0.001}}\n")
        self.terminal = self.chat()
        self.terminal.type("Run a DLA simulation with 3000 particles\r")
        at = self.terminal.expect("goes on as job_")
        self.terminal.expect(PROMPT, at)
        self.terminal.type("typing")
        self.terminal.expect("completed. ", at)
        self.terminal.expect("> typing", self.terminal.seen.rfind("completed. "))
        self.throw_away_and_leave(self.terminal)


if __name__ == "__main__":
    unittest.main()
