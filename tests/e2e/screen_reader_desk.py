"""A display with a browser and the screen reader Orca, which is listened to: see screen_reader.py.

Orca, Chromium and a window manager run on a display of their own (Xvfb) with a session bus of their own; keys are pressed
on that display, so that Orca hears them as well. What Orca says is written down instead of spoken.
"""

import contextlib
import json
import os
import pathlib
import re
import signal
import subprocess

from daemon import until

PROGRAMS = ("orca", "Xvfb", "xdotool", "openbox", "dbus-daemon", "chromium")
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
           "--disable-component-update", "--disable-sync", "--password-store=basic", "--window-size=1280,880",
           "--window-position=0,0"]
# The browser's own questions stay out of what is heard of the page.
PREFERENCES = {"credentials_enable_service": False, "profile": {"password_manager_enabled": False}}
ORCA = {"enableKeyEcho": False, "enableBraille": False}
# What can have the focus, as Orca calls it.
NAMED = r" (push button|toggle button .*|link|entry|combo box|image|visited link|password text|check box .*|radio menu item.*)\b"
PATIENCE_S = 60
SILENCE_S = 3
QUESTIONS = 20
LOADS = 5


def end_group(leader):
    """Ends a program with those that it has started: the bus of the screen readers is one."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)


class Desk(contextlib.ExitStack):
    """A display with a window manager, a screen reader and a browser."""

    def __init__(self, folder):
        super().__init__()
        self.folder = pathlib.Path(folder)
        self.heard = self.folder / "heard"
        self.heard.touch()
        self.taken = 0
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
        # Without keys of its own: some are Orca's.
        keyless = self.folder / "openbox.xml"
        keyless.write_text('<openbox_config xmlns="http://openbox.org/3.4/rc"/>\n')
        self.start(["openbox", "--config-file", str(keyless)])
        self.start(["/usr/libexec/at-spi-bus-launcher", "--launch-immediately"])
        self.start(["orca", "--user-prefs", str(prefs)])
        self.hears("Screen reader on")

    def start(self, command, **options):
        """A program that ends with the test."""
        log = self.enter_context(open(self.folder / f"{pathlib.Path(command[0]).name}.log", "ab"))
        process = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *command], env=self.environment, stderr=log,
                                   start_new_session=True, **{"stdout": log} | options)
        self.callback(process.wait)
        self.callback(end_group, process.pid)
        return process

    def first_line(self, command):
        process = self.start(command, stdout=subprocess.PIPE, text=True)
        self.callback(process.stdout.close)
        return process.stdout.readline().strip()

    def browse(self, url, first):
        """Opens the page; what has the focus there is called `first`."""
        profile = self.folder / "profile"
        (profile / "Default").mkdir(parents=True)
        (profile / "Default/Preferences").write_text(json.dumps(PREFERENCES))
        self.start([*BROWSER, f"--user-data-dir={profile}", url])
        self.hears(rf"^({first}|Focus mode|Finished loading)")
        self.comes_to(first)

    def comes_to(self, first):
        """Waits for a page that is being loaded; what has the focus there is called `first`."""
        for _ in range(LOADS):
            said = self.there_and_back(first)
            # That the way to a button led through browse mode is told by who knows that the page is there.
            if "Browse mode" in said or " push button" not in said:
                return
            # As a person would: Orca 43 has mixed up the page's events, and goes on waiting for it to be loaded.
            self.press("F5")
        raise AssertionError("Orca never heard that the page was loaded:\n" + "\n".join(self.transcript[-60:]))

    def there_and_back(self, first):
        """What is said from what has the focus first to what is next, and back: again when the page comes meanwhile."""
        for _ in range(QUESTIONS):
            begun = len(self.transcript)
            with contextlib.suppress(AssertionError):
                self.press("Tab")
                self.hears(rf"^(?!{first}).*{NAMED}", patience_s=SILENCE_S)
                self.press("shift+Tab")
                self.hears(rf"^{first}", patience_s=SILENCE_S)
                self.wait_for_mode("Focus mode", SILENCE_S)
                self.settle()
                return "\n".join(self.transcript[begun:])
        raise AssertionError(f"Tab never led from {first} and back:\n" + "\n".join(self.transcript[-60:]))

    def settle(self):
        """Asks for the time: what was still to be said was said before."""
        self.press("Insert+t")
        self.hears(r"^\d+:\d\d")

    def listen(self):
        """Takes what was said meanwhile."""
        with open(self.heard, "rb") as file:
            file.seek(self.taken)
            new = file.read()
        whole = new[: new.rfind(b"\n") + 1]
        self.taken += len(whole)
        said = [json.loads(line).strip() for line in whole.splitlines()]
        self.unheard += said
        self.transcript += [f"    {text}" for text in said]

    def hears(self, *wanted, patience_s=PATIENCE_S):
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
            number = until(all_said, wanted, patience_s)
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

    def wait_for_mode(self, mode, patience_s=PATIENCE_S):
        """In browse mode Orca keeps letters for itself, and says when that is over; or the other way round."""
        def is_said():
            self.listen()
            said = [line.strip(" .") for line in self.transcript if re.search(r"^ *(Browse|Focus) mode", line)]
            return said and said[-1] == mode

        until(is_said, mode, patience_s)

    def read(self, key):
        """Presses a letter that is Orca's."""
        self.wait_for_mode("Browse mode")
        self.press(key)

    def write(self, text):
        self.wait_for_mode("Focus mode")
        self.ready()
        self.transcript.append(f"[writes] {text}")
        subprocess.run(["xdotool", "type", "--delay", "30", text], env=self.environment, check=True)

    def choose_file(self, name):
        """Goes to a file of the home folder in the browser's own dialog, which a button has opened."""
        row_end = r"^\d\d\W+\d\d\.$"  # when it was written
        said = self.hears(r"^table with ", row_end)
        while f"{name}." not in said:
            self.press("Down")
            said = self.hears(row_end)
        # Its button's key: of the Return key Chromium makes another than that.
        self.press("alt+o")

    def ask(self, key, wanted):
        """Presses the key until that is said: who hears nothing asks again."""
        for _ in range(QUESTIONS):
            self.press(key)
            with contextlib.suppress(AssertionError):
                return self.hears(wanted, patience_s=SILENCE_S)
        raise AssertionError(f"{key} never told {wanted}:\n" + "\n".join(self.transcript[-60:]))

    def is_at(self, wanted):
        """Asks Orca where the focus is, which it does not always tell by itself when a page comes or a dialog goes."""
        self.ask("KP_Enter", wanted)
        self.settle()

    def go(self, key, wanted, most=40):
        """Presses the key until that is said, each time waiting for what is there to be named."""
        for _ in range(most):
            self.press(key)
            said = self.hears(NAMED)
            if any(re.search(wanted, text) for text in said):
                return said
        raise AssertionError(f"{key} never came to {wanted}:\n" + "\n".join(self.transcript[-60:]))
