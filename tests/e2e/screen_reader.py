"""The chat page as a blind person has it: by the keyboard, and by what the screen reader Orca says.

Orca, Chromium and a window manager run on a display of their own (Xvfb) with a session bus of their own; keys are pressed
on that display, so that Orca hears them as well. What Orca says is written down instead of spoken, and printed at the end.

For whoever changes the page, and not part of the suite: in some runs the second reply is not heard, and it is not known
why yet. page/told.mjs tests what a screen reader is given.

    apt-get install at-spi2-core dbus-daemon openbox orca xdotool xvfb
    ASSISTD_BUILD=build/release python3 tests/e2e/screen_reader.py
"""

import contextlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from daemon import Daemon, FolderTest, until

# Where Orca's speech goes; Orca runs this file when it starts.
CUSTOMIZATION = """
import json, os
from orca import speech

_said = open(os.environ["ASSISTD_HEARD"], "a", buffering=1)

def _speak(text, acss, interrupt):
    _said.write(json.dumps(text) + "\\n")

speech._speak = _speak
speech.speakCharacter = lambda character, acss=None: _speak(character, acss, True)
"""
BROWSER = ["chromium", "--no-sandbox", "--test-type", "--force-renderer-accessibility", "--disable-gpu", "--no-first-run",
           "--enable-unsafe-swiftshader", "--no-default-browser-check", "--disable-background-networking",
           "--disable-component-update", "--disable-sync", "--window-size=1280,880", "--window-position=0,0"]
ORCA = {"enableKeyEcho": False, "enableBraille": False}
# What can have the focus, as Orca calls it.
NAMED = r" (push button|toggle button .*|link|entry|combo box|image|visited link)\b"
PATIENCE_S = 60


class Desk(contextlib.ExitStack):
    """A display with a window manager, a screen reader and a browser."""

    def __init__(self, folder):
        super().__init__()
        self.folder = pathlib.Path(folder)
        self.heard = self.folder / "heard"
        self.heard.touch()
        self.read = 0
        self.unheard = []
        self.transcript = []

    def set_up(self):
        prefs = self.folder / "orca"
        prefs.mkdir()
        (prefs / "orca-customizations.py").write_text(CUSTOMIZATION)
        settings = {"general": ORCA, "profiles": {"default": {"profile": ["Default", "default"]} | ORCA},
                    "pronunciations": {}, "keybindings": {}}
        (prefs / "user-settings.conf").write_text(json.dumps(settings))
        runtime = self.folder / "run"
        runtime.mkdir(mode=0o700)
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "XDG_RUNTIME_DIR": str(runtime),
                            "LANG": "C.UTF-8", "ACCESSIBILITY_ENABLED": "1", "ASSISTD_HEARD": str(self.heard),
                            "NO_AT_BRIDGE": "0"}
        self.environment["DISPLAY"] = ":" + self.first_line(["Xvfb", "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"])
        self.environment["DBUS_SESSION_BUS_ADDRESS"] = self.first_line(["dbus-daemon", "--session", "--nofork", "--print-address=1"])
        self.start(["openbox"])
        self.start(["/usr/libexec/at-spi-bus-launcher", "--launch-immediately"])
        self.start(["orca", "--user-prefs", str(prefs)])
        self.hears("Screen reader on")

    def start(self, command, **options):
        """A program that ends with the test."""
        log = self.enter_context(open(self.folder / f"{pathlib.Path(command[0]).name}.log", "ab"))
        process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *command], env=self.environment, stderr=log,
                                   start_new_session=True, **{"stdout": log} | options)
        self.callback(process.wait)
        self.callback(process.kill)
        return process

    def first_line(self, command):
        process = self.start(command, stdout=subprocess.PIPE, text=True)
        self.callback(process.stdout.close)
        return process.stdout.readline().strip()

    def browse(self, url):
        profile = self.folder / "profile"
        self.start([*BROWSER, f"--user-data-dir={profile}", url])

    def listen(self):
        """Takes what was said meanwhile."""
        with open(self.heard, "rb") as file:
            file.seek(self.read)
            new = file.read()
        whole = new[: new.rfind(b"\n") + 1]
        self.read += len(whole)
        said = [json.loads(line).strip() for line in whole.splitlines()]
        self.unheard += said
        self.transcript += [f"    {text}" for text in said]

    def hears(self, *wanted):
        """Waits until each was said, in whatever order; returns all that was said until then, since the last key."""
        def all_said():
            self.listen()
            missing = list(wanted)
            for number, text in enumerate(self.unheard, 1):
                missing = [one for one in missing if not re.search(one, text)]
                if not missing:
                    return number
            return None

        try:
            number = until(all_said, wanted, PATIENCE_S)
        except AssertionError:
            raise AssertionError(f"never heard {wanted}, but:\n" + "\n".join(self.transcript[-60:])) from None
        said, self.unheard = self.unheard[:number], self.unheard[number:]
        return said

    def ready(self):
        """What was said until now answers no key that is still to be pressed."""
        self.listen()
        self.unheard = []

    def press(self, *keys):
        self.ready()
        for key in keys:
            self.transcript.append(f"[{key}]")
            subprocess.run(["xdotool", "key", key], env=self.environment, check=True)

    def write(self, text):
        self.ready()
        self.transcript.append(f"[writes] {text}")
        subprocess.run(["xdotool", "type", "--delay", "30", text], env=self.environment, check=True)

    def go(self, key, wanted, most=40):
        """Presses the key until that is said, each time waiting for what is there to be named."""
        for _ in range(most):
            self.press(key)
            said = self.hears(NAMED)
            if any(re.search(wanted, text) for text in said):
                return said
        raise AssertionError(f"{key} never came to {wanted}:\n" + "\n".join(self.transcript[-60:]))


class ByEar(FolderTest):
    def setUp(self):
        super().setUp()
        for program in ("orca", "Xvfb", "xdotool", "openbox", "dbus-daemon", "chromium"):
            self.assertIsNotNone(shutil.which(program), f"There is no {program}; the head of this file says what to install.")

    def test_the_way_of_somebody_who_does_not_see(self):
        with Desk(self.folder) as desk:
            self.d = Daemon(self.folder, "tools: {generate_plot: {approval: always}}\n").start()
            desk.callback(self.d.kill)
            try:
                desk.set_up()
                self.go_all_the_way(desk)
            finally:
                print("\n".join(desk.transcript))

    def go_all_the_way(self, desk):
        document = self.d.call("POST", "/documents?name=furnace.md", b"# The furnace\n\nThe furnace runs at 1300 kelvin.\n",
                               {"Content-Type": "text/markdown"}).json["id"]
        until(lambda: self.d.good("GET", f"/documents/{document}")["status"] == "completed", "the document being read")
        desk.browse(f"http://127.0.0.1:{self.d.port}/")
        # How much Orca tells of a page that has come depends on how soon it came.
        desk.hears(r"^(Message entry Ask assistd|Focus mode)")

        # What goes on is heard while the field is kept; the answer once, in sentences.
        desk.write("grow a 2d dla of 500 particles and plot it")
        desk.press("Return")
        desk.hears(r"^DLA simulation is done\.$", r"^Plot waits for your approval\. Allow and Refuse are before the message field\.$")
        desk.press("shift+Tab")
        desk.hears(r"^Refuse Plot push button")
        desk.press("shift+Tab")
        desk.hears(r"^Allow Plot push button")
        desk.press("Return")
        said = desk.hears(r"^Allowed\.$", r"^Plot is done\.$", r"^Reply: Grew a 2-D DLA cluster of 500 particles: .* → simulation-1\. .* → plot-1\. Next")
        self.assertEqual([], [text for text in said if "combo box" in text], "the focus is where it was")
        self.assertEqual(1, len([text for text in said if "Df = " in text]), "the answer is heard once")

        # Back through the reply: its buttons, its picture, its cluster.
        desk.go("shift+Tab", r"^plot plot-1: Radius of gyration against number of particles of simulation-1.* push button")
        desk.go("shift+Tab", r"^Download plot-1 collapsed push button")
        desk.go("shift+Tab", r"^plot-1 simulation-1-rg-vs-n\.svg · .*kB push button")
        desk.go("shift+Tab", r"^Plot done: .* collapsed push button")
        desk.press("Return")
        desk.hears(r"expanded")
        desk.go("shift+Tab", r"^3-D view of simulation-1: Particles 500, Df .* image")
        desk.go("shift+Tab", r"^DLA simulation done: Grew a 2-D DLA cluster .* collapsed push button")
        desk.hears(r"^Focus mode")

        # By headings, in browse mode.
        desk.press("Insert+a")
        desk.hears(r"^Browse mode")
        desk.press("ctrl+Home")
        desk.hears(r"push button")
        desk.press("h")
        desk.hears(r"^grow a 2d dla of 500 particles and plot it heading level 1")
        desk.press("h")
        desk.hears(r"^You said heading level 2")
        desk.press("h")
        desk.hears(r"^assistd answered heading level 2")

        # A citation, its passage, and back.
        desk.press("slash")
        desk.hears(r"^Message entry")
        desk.write("what do the documents say about the furnace")
        desk.press("Return")
        desk.hears(r"^Reply: .*1300 kelvin.*\(source: furnace\.md\)")
        desk.go("shift+Tab", r"^Source 1: furnace\.md push button")
        desk.press("Return")
        desk.hears(r"^furnace\.md")
        desk.go("Tab", r"^Open the document there push button")
        desk.press("Escape")

        # The conversation is deleted, and comes back.
        desk.press("ctrl+k")
        desk.hears(r"^Search conversations entry")
        desk.go("Tab", r"^What to do with “grow a 2d dla.* collapsed push button")
        desk.press("Return")
        desk.hears(r"^Rename")
        desk.press("Up")
        desk.hears(r"^Delete")
        desk.press("Return")
        desk.hears(r"^“grow a 2d dla of 500 particles and plot it” is deleted\. Undo: Control Z\.$")
        desk.press("ctrl+z")
        desk.hears(r"^Undo: done\.$")
        desk.go("shift+Tab", r"^Source 1: furnace\.md push button")


if __name__ == "__main__":
    unittest.main()
