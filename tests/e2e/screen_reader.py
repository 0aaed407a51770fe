"""The chat page as a blind person has it: by the keyboard, and by what the screen reader Orca says.

For whoever changes the page, and not part of the suite: what is heard is printed at the end, to be read. page/told.mjs
tests what a screen reader is given, and screen_reader_desk.py has the display, the browser and the ear.

    apt-get install at-spi2-core dbus-daemon openbox orca xdotool xvfb
    ASSISTD_BUILD=build/release python3 tests/e2e/screen_reader.py
"""

import shutil
import unittest

from access_support import KEYS, administrator
from daemon import Daemon, FolderTest, until
from screen_reader_desk import PROGRAMS, Desk

FIELD = "Message entry Ask assistd"


class ByEar(FolderTest):
    def setUp(self):
        super().setUp()
        for program in PROGRAMS:
            self.assertIsNotNone(shutil.which(program), f"There is no {program}; the head of this file says what to install.")

    def listen(self, config, go, first=FIELD, furnish=lambda: None):
        """Opens the page of a daemon, goes the way there, and prints all that was heard."""
        with Desk(self.folder) as desk:
            self.d = Daemon(self.folder, config).start()
            desk.callback(self.d.kill)
            try:
                furnish()
                desk.set_up()
                desk.browse(f"http://127.0.0.1:{self.d.port}/", first)
                go(desk)
            finally:
                print("\n".join(desk.transcript))

    def add_document(self):
        document = self.d.call("POST", "/documents?name=furnace.md", b"# The furnace\n\nThe furnace runs at 1300 kelvin.\n",
                               {"Content-Type": "text/markdown"}).json["id"]
        until(lambda: self.d.good("GET", f"/documents/{document}")["status"] == "completed", "the document being read")

    def test_conversations(self):
        self.listen("tools: {generate_plot: {approval: always}}\n", self.talk, furnish=self.add_document)

    def talk(self, desk):
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
        desk.go("shift+Tab", r"^DLA simulation done: .*n_particles .* collapsed push button")
        desk.hears(r"^Focus mode")

        # By headings, in browse mode.
        desk.press("Insert+a")
        desk.hears(r"^Browse mode")
        desk.press("ctrl+Home")
        desk.hears(r"^Skip to the content link")
        desk.read("h")
        desk.hears(r"^grow a 2d dla of 500 particles and plot it heading level 1")
        desk.read("h")
        desk.hears(r"^You said heading level 2")
        desk.read("h")
        desk.hears(r"^assistd answered heading level 2")

        # A citation, its passage, and back.
        desk.settle()
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
        desk.is_at(r"^Source 1: furnace\.md push button")

        # The conversation is deleted, and comes back.
        desk.press("ctrl+k")
        desk.hears(r"^Search conversations .*combo box")
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

    def test_files_that_do_not_arrive(self):
        self.listen("", self.attach)

    def attach(self, desk):
        # It comes back where the page looks for it.
        self.d.command[self.d.command.index("--listen") + 1] = f"127.0.0.1:{self.d.port}"
        (self.folder / "Empty.txt").touch()
        (self.folder / "Grains.txt").write_text("Grains of soot.\n")

        # What cannot be uploaded is told with its name, and can be taken away.
        desk.go("Tab", r"^Attach files push button")
        desk.press("Return")
        desk.choose_file("Empty.txt")
        desk.hears(r"^Empty\.txt: This file is empty\.$")
        desk.is_at(r"^Attach files\b")
        desk.go("shift+Tab", r"^Remove Empty\.txt push button")
        desk.press("Return")

        # What is lost on its way goes on by itself, and both ends are told.
        desk.is_at(FIELD)
        self.d.kill()
        desk.go("Tab", r"^Attach files push button")
        desk.press("Return")
        desk.choose_file("Grains.txt")
        desk.hears(r"^assistd does not answer\. What you have typed is kept, and the page goes on by itself when it is back\.$")
        self.d.start()
        desk.hears(r"^assistd answers again\.$", r"^Grains\.txt is attached\.$")
        desk.is_at(r"^Attach files\b")
        desk.go("shift+Tab", r"^Remove Grains\.txt push button")

    def test_administration(self):
        def furnish():
            conversation = self.d.conversation()
            self.d.chat(conversation, "Run a DLA simulation with 60 particles, then plot it")
            self.d.chat(conversation, "study dla with 20 particles and sticking probability 0.5 and 1 and 2 seeds each")
            until(lambda: self.d.good("GET", "/studies")["studies"][0]["status"] == "completed", "the study")

        self.listen("", self.look_after, furnish=furnish)

    def section(self, desk, name, key="Tab"):
        """Goes to a section of Administration by its tab, where the keyboard stays."""
        desk.go(key, rf"^{name} (visited )?link")
        desk.press("Return")
        desk.hears(rf"^{name} · Administration$")

    def look_after(self, desk):
        desk.go("shift+Tab", r"^Administration link")
        desk.press("Return")
        desk.hears(r"^Administration$")
        desk.go("Tab", r"^Audit link")
        desk.go("Tab", r"^Plugins 3 all in use link")
        desk.go("Tab", r"^Turns in 30 days 2 [\d,]+ tokens link")

        # What is in a plugin is named by it, and what a server says is told.
        self.section(desk, "Plugins", "shift+Tab")
        desk.go("Tab", r"^9 tools of org\.assistd\.analysis toggle button collapsed")
        desk.press("Return")
        desk.hears(r"expanded")
        self.section(desk, "Models", "shift+Tab")
        desk.go("Tab", r"^Ask each whether it answers push button")
        desk.press("Return")
        desk.hears(r"^offline: It is built in: there is no server to ask\.$")
        desk.go("shift+Tab", r"^Audit link", most=1)

        # What a choice finds is told, and a button in a row says of which.
        self.section(desk, "Jobs", "shift+Tab")
        desk.go("Tab", r"^State combo box")
        desk.press("Down")
        desk.hears(r"^No job is running\.$")
        self.section(desk, "Studies", "shift+Tab")
        desk.go("Tab", r"^Table of .+ push button")
        desk.press("Return")
        desk.hears(r"^study-1 heading level 2")
        desk.press("Escape")
        desk.is_at(r"^Table of .+ push button")

        # Numbers as a table with heads, beside the plot that has a name.
        self.section(desk, "Usage", "shift+Tab")
        desk.go("Tab", r"^By combo box")
        desk.press("Down")
        desk.hears(r"^Usage of 1 model\.$")
        desk.go("Tab", r"^Show combo box")
        desk.press("Insert+a")
        desk.hears(r"^Browse mode")
        desk.press("ctrl+Home")
        desk.hears(r"^Skip to the content link")
        desk.read("t")
        desk.hears(r"^Usage in numbers$", r"^table with 3 rows 9 columns$", r"^Model column header")
        desk.press("alt+shift+Right")
        desk.hears(r"^Turns column header")
        desk.press("alt+shift+Down")
        desk.hears(r"^Row 2, column")
        desk.read("g")
        desk.hears(r"^Tokens by model; the table below has the numbers\. image")

        # The same answer twice is heard twice.
        desk.go("shift+Tab", r"^By combo box")
        self.section(desk, "Audit", "shift+Tab")
        desk.go("Tab", r"^Outcome combo box")
        desk.press("End")
        desk.hears(r"^No call fits\.$")
        desk.press("Up")
        desk.hears(r"^No call fits\.$")
        desk.press("Home")
        desk.hears(r"^\d+ calls\.$")

    def test_what_is_found_renamed_and_chosen(self):
        def furnish():
            self.add_document()
            for title in ("The kettle", "The stove"):
                self.d.chat(self.d.conversation(title=title), "list algorithms")

        models = "{main: {kind: openai, base_url: 'http://127.0.0.1:9/v1', models: {big: {}, small: {}}}}"
        self.listen(f"model: offline\nproviders: {models}\n", self.look_around, furnish=furnish)

    def look_around(self, desk):
        # Another model, and an example to begin with.
        desk.go("Tab", r"^Model: offline collapsed push button")
        desk.press("Return")
        desk.hears(r"^offline the default selected radio menu item")
        desk.press("Down")
        desk.hears(r"^main:big not selected radio menu item")
        desk.press("Return")
        desk.hears(r"Model: main:big")

        # What is found is told, and a conversation under its new name.
        desk.press("ctrl+k")
        desk.hears(r"^Search conversations .*combo box")
        desk.write("kettle")
        desk.hears(r"^1 conversation\.$")
        desk.go("Tab", r"^What to do with “The kettle” collapsed push button")
        desk.press("Return")
        desk.hears(r"^Rename")
        desk.press("Return")
        desk.hears(r"^Title entry The kettle selected")
        desk.write("A teapot")
        desk.press("Return")
        desk.hears(r"^The conversation is called “A teapot” now\.$")
        desk.go("Tab", r"^What to do with “A teapot” collapsed push button", most=1)
        desk.go("shift+Tab", r"^Search conversations .*combo box")
        desk.write("nowhere")
        desk.hears(r"^Nothing is found for “nowhere”\.$")

        # A dialog says what it is, and nothing twice when it goes.
        desk.go("Tab", r"^Which conversations are shown", most=1)
        desk.press("question")
        desk.hears(r"^Keyboard shortcuts heading level 2")
        desk.press("Escape")
        desk.is_at(r"^Which conversations are shown")
        desk.go("Tab", r"^Documents link")
        after = desk.transcript[desk.transcript.index("[question]"):]
        self.assertEqual([], [text for text in after if "nowhere" in text])

        # In the documents, what a search finds and what it does not.
        desk.press("Return")
        desk.hears(r"^Documents$")
        desk.go("Tab", r"^Search in the documents entry")
        desk.write("kettle")
        desk.press("Return")
        desk.hears(r"^No document says anything about “kettle”\.$")
        desk.press("ctrl+a")
        desk.write("furnace")
        desk.press("Return")
        desk.hears(r"^1 passage\.$")
        desk.go("Tab", r"^furnace\.md push button")

    def test_a_login_users_and_keys(self):
        def furnish():
            administrator(self.d).good("POST", "/users", {"name": "boss", "role": "admin", "password": "a long password"})

        self.listen(KEYS, self.log_in, first="Name entry", furnish=furnish)

    def log_in(self, desk):
        # What is wrong is told, each time, and the keyboard is where it can be mended.
        desk.press("Return")
        desk.hears(r"^Name: .+")
        desk.write("boss")
        desk.go("Tab", r"^Password password text")
        desk.write("wrong password")
        for _ in range(2):
            desk.press("Return")
            desk.hears(r"^The name or the password is wrong\.$")
        desk.go("Tab", r"^Password password text")
        desk.write("a long password")
        desk.press("Return")
        desk.comes_to(FIELD)

        desk.go("shift+Tab", r"^Logged in as boss \(administrator\) collapsed push button")
        desk.go("shift+Tab", r"^Administration link")
        desk.press("Return")
        desk.hears(r"^Administration$")
        self.section(desk, "Users")
        desk.go("Tab", r"^New user push button")
        desk.press("Return")
        desk.hears(r"^A new user dialog", r"^Name entry")
        desk.write("alice")
        desk.go("Tab", r"^Password for this page password text")
        desk.write("short")
        desk.press("Return")
        desk.hears(r"^Password for this page: .*10 characters")
        desk.press("ctrl+a")
        desk.write("a good long password")
        desk.press("Return")
        desk.hears(r"^alice may use assistd, and logs in with the password\.$")
        desk.go("Tab", r"^What to do with alice collapsed push button")
        desk.press("Return")
        desk.hears(r"^Make an API key")
        desk.press("End")
        desk.hears(r"^Delete")
        desk.press("Return")
        desk.hears(r"^Delete alice\? heading level 2")
        desk.go("Tab", r"^Delete the user push button")
        desk.press("Return")
        desk.hears(r"^alice is deleted\.$")

        # A key can be read and copied.
        desk.go("shift+Tab", r"^Users (visited )?link")
        self.section(desk, "API keys", "shift+Tab")
        desk.go("Tab", r"^New key push button")
        desk.press("Return")
        desk.hears(r"^A new API key dialog", r"^Name entry")
        desk.write("laptop")
        desk.press("Return")
        desk.hears(r"^API key read only entry ak_")
        desk.go("Tab", r"^Copy the key push button")
        desk.press("Return")
        desk.hears(r"^Copied$")


if __name__ == "__main__":
    unittest.main()
