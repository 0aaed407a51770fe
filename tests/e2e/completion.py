"""Command lines that real shells complete with the scripts of assistctl, and the manual pages."""

import os
import pathlib
import re
import subprocess
import unittest

from daemon import BUILD, DaemonTest
from terminal import Pty

ROOT = pathlib.Path(__file__).resolve().parents[2]
MANUALS = ROOT / "packaging/man"


class Shells(DaemonTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.d.chat(cls.d.conversation(), "Run a DLA simulation with 50 particles")
        (pathlib.Path(cls.shared_folder) / "my-file.csv").write_text("x")

    def environment(self):
        return {"PATH": f"{BUILD / 'bin'}:{os.environ['PATH']}", "ASSISTD_SERVER": f"http://127.0.0.1:{self.d.port}",
                "HOME": self.shared_folder}

    def check(self, shell, ready="@ "):
        """Presses Tab in a shell that has the script."""
        def completed(typed, wanted):
            before = len(shell.seen)
            shell.type(typed + "\t")
            shell.expect(wanted, before)
            shell.type("\x15")  # throws the line away
        shell.expect(ready)
        completed("assistctl conv", "assistctl conversations ")
        completed("assistctl conversations ren", "conversations rename ")
        completed("assistctl usage --by mo", "--by model ")
        completed("assistctl artifacts get simu", "get simulation-1 ")
        completed("assistctl tools show run_dla", "run_dla_simulation ")
        completed("assistctl documents add my-f", "my-file.csv ")

    def pty(self, command):
        shell = Pty(command, self.environment())
        self.addCleanup(shell.close)
        return shell

    def test_bash(self):
        shell = self.pty(["bash", "--noprofile", "--norc", "-i"])
        shell.type(f"cd {self.shared_folder}; bind 'set enable-bracketed-paste off'; source <(assistctl completion bash); PS1='@'' '\n")
        self.check(shell)

    def test_bash_with_colons(self):
        """bash takes a colon for the end of a word."""
        script = ("source <(assistctl completion bash); COMP_LINE='assistctl --server=http://127.0.0.1:1 conv'; "
                  "COMP_POINT=${#COMP_LINE}; _assistctl; printf '%s\\n' \"${COMPREPLY[@]}\"")
        done = subprocess.run(["bash", "-c", script], env=os.environ | self.environment(), capture_output=True, text=True)
        self.assertEqual(done.stdout, "conversations\n", done.stderr)

    def test_zsh(self):
        shell = self.pty(["zsh", "-f", "-i"])
        shell.type(f"cd {self.shared_folder}; autoload -Uz compinit; compinit -u -D; source <(assistctl completion zsh); PS1='@'' '\n")
        self.check(shell)

    def test_fish(self):
        def completed(typed):
            done = subprocess.run(["fish", "--no-config", "-c", f"assistctl completion fish | source; complete -C '{typed}'"],
                                  env=os.environ | self.environment(), capture_output=True, text=True, cwd=self.shared_folder)
            return [line.split("\t")[0] for line in done.stdout.splitlines()]
        self.assertEqual(completed("assistctl conv"), ["conversations"])
        self.assertEqual(completed("assistctl usage --by m"), ["model"])
        self.assertEqual(completed("assistctl artifacts get simu"), ["simulation-1"])
        self.assertEqual(completed("assistctl documents add my-f"), ["my-file.csv"])


class Manuals(unittest.TestCase):
    def test_options_of_the_daemon(self):
        helped = subprocess.run([BUILD / "bin/assistd", "--help"], capture_output=True, text=True, check=True).stdout
        page = (MANUALS / "assistd.8").read_text()
        section = page[page.index(".Sh OPTIONS"):page.index(".Sh SIGNALS")]
        self.assertEqual(set(re.findall(r"^\.It Fl -([a-z-]+)", section, re.M)), set(re.findall(r"--([a-z-]+)", helped)))
        synopsis = page[page.index(".Sh SYNOPSIS"):page.index(".Sh DESCRIPTION")]
        self.assertEqual(set(re.findall(r"Fl -([a-z-]+)", synopsis)), set(re.findall(r"--([a-z-]+)", helped)))

    def test_keys_of_the_configuration(self):
        keys = re.findall(r"^\.It Li ([a-z_.]+) : ", (MANUALS / "assistd.yaml.5").read_text(), re.M)
        self.assertGreater(len(keys), 30)
        # The table that the daemon reads by.
        table = re.findall(r'^    \{"([a-z_.]+)",', (ROOT / "daemon/base/config_keys.cpp").read_text(), re.M)
        self.assertEqual(sorted(keys), sorted(table))

    def test_they_are_well_formed(self):
        for page in sorted(MANUALS.iterdir()):
            done = subprocess.run(["mandoc", "-Tlint", "-W", "warning", page], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stdout), (0, ""), page)


if __name__ == "__main__":
    unittest.main()
