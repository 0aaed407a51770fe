"""A fresh Debian 12 in a folder, with systemd as its first process: systemd-nspawn without the rest of the machine.

It has a network of its own with nothing but loopback in it, so its ports are nobody else's. Needs root.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import time

PATIENCE_S = 120.0
# What the sandbox of plugins is made of, and which systemd-nspawn would not let through.
EXTRA_SYSTEM_CALLS = "landlock_create_ruleset landlock_add_rule landlock_restrict_self seccomp"
CGROUPS = pathlib.Path("/sys/fs/cgroup")


def run(command, **options):
    """Output of a command that must succeed."""
    options = {"text": True, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "timeout": 900} | options
    done = subprocess.run([str(word) for word in command], **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{(done.stdout or '')[-8000:]}")
    return done.stdout


def what_is_missing():
    """Why no such machine can be had here; empty when one can."""
    if os.geteuid() != 0:
        return "a machine in a folder needs root"
    for program in ("mmdebstrap", "systemd-nspawn", "nsenter"):
        if not shutil.which(program):
            return f"{program} is not installed (packaging/packages.txt)"
    return ""


def fresh_debian(archive):
    """The archive of a fresh Debian 12, made when it is not there."""
    if not archive.exists():
        archive.parent.mkdir(parents=True, exist_ok=True)
        made = archive.with_suffix(".new.tar")
        run(["mmdebstrap", "--quiet", "--variant=apt", "--include=systemd,systemd-sysv,dbus,ca-certificates,curl", "bookworm", made,
             "http://deb.debian.org/debian"])
        made.rename(archive)
    return archive


class Machine:
    def __init__(self, root, archive):
        self.root = pathlib.Path(root)
        self.root.mkdir()
        run(["tar", "-xf", archive, "-C", self.root])
        self.nspawn = None
        self.leader = None

    def _command(self, *arguments):
        command = ["systemd-nspawn", "--quiet", f"--directory={self.root}", "--register=no", "--console=pipe"]
        if not os.path.isdir("/run/systemd/system"):
            command.append("--keep-unit")
        return command + list(arguments)

    def _own_cgroup(self):
        """systemd-nspawn makes groups below its own, and moves itself there: not beside those of others."""
        self.groups = [folder / f"assistd-test-{os.getpid()}" for folder in (CGROUPS / "systemd", CGROUPS / "unified")
                       if (folder / "cgroup.procs").exists()]
        for group in self.groups:
            group.mkdir(exist_ok=True)

    def _enter_own_cgroup(self):
        for group in self.groups:
            (group / "cgroup.procs").write_text(str(os.getpid()))

    def prepare(self, *words):
        """Runs a command before the machine is started, with this machine's network."""
        self._own_cgroup()
        return run(self._command("--resolv-conf=copy-host", "--setenv=DEBIAN_FRONTEND=noninteractive", *words),
                   preexec_fn=self._enter_own_cgroup)

    def boot(self):
        self._own_cgroup()
        log = open(self.root.parent / "boot.log", "ab")
        self.nspawn = subprocess.Popen(
            self._command("--private-network", f"--system-call-filter={EXTRA_SYSTEM_CALLS}", "--boot"),
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=self._enter_own_cgroup, start_new_session=True)
        log.close()
        self.until(self._find_leader, "its first process")
        self.until(lambda: self.try_run("systemctl", "is-system-running").stdout.strip() == "running", "a machine that runs")

    def _find_leader(self):
        if self.nspawn.poll() is not None:
            raise AssertionError("the machine did not start: " + (self.root.parent / "boot.log").read_text())
        children = pathlib.Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split()
        for child in children:
            if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == "systemd":
                self.leader = int(child)
                return True
        return False

    def until(self, condition, what, patience_s=PATIENCE_S):
        deadline = time.monotonic() + patience_s
        while True:
            result = condition()
            if result:
                return result
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {patience_s} s: {what}")
            time.sleep(0.05)

    def try_run(self, *words, **options):
        options = {"capture_output": True, "text": True, "timeout": 300} | options
        enter = ["nsenter", f"--target={self.leader}", "--all", "--root", "--wd"]
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive", "LANG": "C.UTF-8"}
        return subprocess.run(enter + [str(word) for word in words], env=environment, **options)

    def run(self, *words, **options):
        """Output of a command in the machine, which must succeed."""
        done = self.try_run(*words, **options)
        if done.returncode != 0:
            raise AssertionError(f"{words} ended with {done.returncode}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}\n{self.journal()}")
        return done.stdout

    def journal(self, *options):
        return self.try_run("journalctl", "--no-pager", "--unit=assistd.service", "--lines=60", *options).stdout

    def show(self, field, unit="assistd.service"):
        """What systemd has of the unit in this field."""
        return self.run("systemctl", "show", f"--property={field}", "--value", unit).strip()

    def write(self, path, text, mode=0o644):
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    def end(self):
        if self.nspawn and self.nspawn.poll() is None:
            self.nspawn.send_signal(signal.SIGTERM)  # an orderly end
            try:
                self.nspawn.wait(60)
            except subprocess.TimeoutExpired:
                os.kill(self.leader, signal.SIGKILL)
                self.nspawn.kill()
                self.nspawn.wait()
        for group in getattr(self, "groups", []):
            for folder in sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True) + [group]:
                try:
                    folder.rmdir()
                except OSError:
                    pass  # somebody is still in it; it is empty of meaning
