"""A program with a terminal of its own, for the end-to-end tests: what it shows, and what is typed."""

import codecs
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios

from daemon import BUILD, PATIENCE_S, until

ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z~]|[=>])")


class Pty:
    def __init__(self, command, environment=None, columns=100, rows=40):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        # A session of its own, so that Ctrl-C is sent to it as a terminal does.
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
                                        env={"TERM": "xterm", "LANG": "C.UTF-8", "PATH": os.environ["PATH"],
                                             "HOME": "/nonexistent"} | (environment or {}))
        os.close(slave)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.raw = ""

    def resize(self, columns, rows=40):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def seen(self):
        """All that was ever written, without what steers the terminal."""
        return ESCAPES.sub("", self.raw).replace("\r", "").replace("\a", "")

    def read(self, done, patience_s=PATIENCE_S):
        """Reads until `done` is true of what was written, or the program has ended."""
        def step():
            ready, _, _ = select.select([self.master], [], [], 0.1)
            if ready:
                try:
                    self.raw += self.decoder.decode(os.read(self.master, 4096))
                except OSError:
                    return True
            return done(self.seen)
        try:
            until(step, "the program's words", patience_s)
        except AssertionError:
            raise AssertionError(f"not within {patience_s} s; seen was:\n{self.raw!r}") from None

    def expect(self, words, after=0):
        """Reads until the words stand behind the first `after` characters; returns where they end."""
        self.read(lambda seen: words in seen[after:])
        at = self.seen.find(words, after)
        if at < 0:
            raise AssertionError(f"it ended without {words!r}; seen was:\n{self.raw!r}")
        return at + len(words)

    def type(self, text):
        os.write(self.master, text.encode())

    def resize(self, columns, rows=40):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def end(self):
        """Waits until it has ended; returns its exit code."""
        self.read(lambda _: False)
        return self.process.wait(PATIENCE_S)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.master >= 0:
            os.close(self.master)
        self.master = -1


class Terminal(Pty):
    """assistctl."""

    def __init__(self, daemon, *arguments, environment=None, **size):
        super().__init__([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{daemon.port}", *arguments],
                         environment, **size)
