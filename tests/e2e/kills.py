"""Kill -9 while plugins run that do all they can to stay: no process and no file of theirs outlives the daemon.

ASSISTD_E2E_SEED and ASSISTD_E2E_ROUNDS choose the moments.
"""

import json
import os
import random
import shutil
import time
import unittest

from daemon import API, BUILD, Daemon, FolderTest, process_is_there, until

SEED = int(os.environ.get("ASSISTD_E2E_SEED", "20240607"))
ROUNDS = int(os.environ.get("ASSISTD_E2E_ROUNDS", "20"))
CALLS = [("cling", {"how": how}) for how in ("threads", "children", "scratch", "exit", "main", "stay")]
CALLS += [("wait", {"seconds": 60}), ("fault_fork", {}), ("fault_thread_bomb", {}), ("fault_loop", {})]
# "dies with the daemon": the kernel ends them at once, and takes their memory back meanwhile.
GONE_WITHIN_S = 2


def mentions(pid, name, folder):
    try:
        with open(f"/proc/{pid}/{name}", "rb") as file:
            return folder in file.read()
    except OSError:
        return False


def processes_of(folder):
    """All processes whose program, arguments or environment lead to the folder: also one that has left its group, its
    session and its parent."""
    found = []
    for pid in (int(entry) for entry in os.listdir("/proc") if entry.isdigit()):
        try:
            ours = os.readlink(f"/proc/{pid}/exe").startswith(f"{folder}/")
        except OSError:
            ours = False
        if pid != os.getpid() and (ours or any(mentions(pid, name, str(folder).encode())
                                               for name in ("cmdline", "environ"))):
            found.append(pid)
    return [pid for pid in found if process_is_there(pid)]


class Kills(FolderTest):
    def setUp(self):
        super().setUp()
        # Copies of the programs, so that no other process is taken for one of theirs.
        build = self.folder / "build"
        (build / "bin").mkdir(parents=True)
        for program in ("assistd", "assistd-plugin-host"):
            shutil.copy(BUILD / "bin" / program, build / "bin")
        plugins = self.folder / "plugins"
        plugins.mkdir()
        for plugin in ("stubborn/test_stubborn_plugin.so", "faults/test_fault_plugin.so", "test_echo_plugin.so"):
            shutil.copy(BUILD / "test-plugins" / plugin, plugins)
        self.d = Daemon(self.folder, build=build, arguments=["--plugins", str(plugins)])
        self.addCleanup(lambda: self.d.process and self.d.kill())

    def test_nothing_outlives_the_daemon(self):
        moments = random.Random(SEED)
        with_hosts, slowest = 0, 0.0
        for round_ in range(ROUNDS):
            with self.subTest(round=round_, seed=SEED):
                hosts, took = self.round(moments)
                with_hosts += hosts > 0
                slowest = max(slowest, took)
        print(f"{ROUNDS} kills, {with_hosts} of them while plugins ran; the last process was gone {slowest:.3f} s after")
        self.assertGreater(with_hosts, ROUNDS // 2)

    def round(self, moments):
        self.d.start()
        scratch = self.d.state / "scratch"
        self.assertEqual(os.listdir(scratch), [], "scratch of the daemon before")
        # Nobody waits for the replies.
        callers = [self.d.connect() for _ in range(moments.randint(1, 4))]
        for caller in callers:
            tool, arguments = moments.choice(CALLS)
            caller.request("POST", f"{API}/tools/{tool}/execute", json.dumps(arguments),
                           {"Content-Type": "application/json"})
        time.sleep(moments.uniform(0.0, 0.06))  # the moment of the kill
        hosts = len(processes_of(self.folder)) - 1
        self.d.kill()
        began = time.monotonic()
        until(lambda: not processes_of(self.folder), "the end of every process of the daemon", GONE_WITHIN_S)
        for caller in callers:
            caller.close()
        return hosts, time.monotonic() - began


if __name__ == "__main__":
    unittest.main()
