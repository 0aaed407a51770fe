"""The chat page in a real browser, against the real daemon: what people do with it, and that nobody is shut out.

Each test starts a script of page/*.mjs, which drives Chromium and asks this side for what only it can do (killing
the daemon, opening a gate of the fake model). Pictures of every step are in the build folder, under page-shots.
"""

import json
import os
import pathlib
import shutil
import subprocess
import unittest

from access_support import KEYS, administrator, key, user
from daemon import API, BUILD, FolderTest
from tokens import config as token_config
from tokens import signed
from upstream import Failure, Gate, Reply, Text, Thinking, ToolCall, Upstream

HERE = pathlib.Path(__file__).resolve().parent
NODE = HERE / "node/node_modules/.bin/node"
CHROMIUM = shutil.which("chromium")
SHOTS = BUILD / "page-shots"
PATIENCE_S = 240
FORMULAS = r"""The law is $N = k_f \left(\frac{R_g}{a}\right)^{D_f}$, and in full

$$\sum_{i=1}^{N} r_i^2 = N R_g^2, \qquad \begin{aligned} a &= b^2 \\ c &= \sqrt{d} \end{aligned}$$

or \(\vec{x} \cdot \hat{y} \le \infty\); not $\undefinedcommand{x}$, and it costs from $5 to $10.

- [x] grow it
- [ ] measure it
- no task
"""
ARABIC = """## البعد الكسري

هذا نص عربي.

- النقطة الأولى

| اسم | قيمة |
|---|---|
| كسر | رقم |

In English it is a fractal dimension.

```python
print("كسر")
```
"""


class PageTest(FolderTest):
    """A daemon, and scripts in a browser that talk to it."""

    def setUp(self):
        super().setUp()
        self.assertIsNotNone(CHROMIUM, "There is no chromium; install the packages of packaging/packages.txt.")

    def start(self, config=None):
        self.d = self.daemon(config=config)
        # It comes back where the page looks for it.
        self.d.command[self.d.command.index("--listen") + 1] = f"127.0.0.1:{self.d.port}"

    def start_with_model(self, others=""):
        """A daemon whose model says what the test scripts; others are providers beside its own."""
        self.upstream = Upstream().start()
        self.addCleanup(self.upstream.stop)
        self.start(f"model: main:fake\ntitles: first_message\n"
                   f"providers: {{main: {{kind: openai, base_url: '{self.upstream.url}/v1'}}, {others}}}\n")

    def browse(self, name, /, **commands):
        """Runs page/NAME.mjs; it may ask for the commands by their names."""
        environment = os.environ | {"ASSISTD_PAGE_URL": f"http://127.0.0.1:{self.d.port}", "ASSISTD_PAGE_SHOTS": str(SHOTS),
                                    "ASSISTD_CHROMIUM": CHROMIUM, "ASSISTD_PAGE_FOLDER": str(self.folder)}
        command = ["setpriv", "--pdeathsig", "KILL", "--", "timeout", str(PATIENCE_S), NODE, HERE / f"page/{name}.mjs"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True) as child:
            for line in child.stdout:
                if line.startswith("@"):
                    wanted, *given = json.loads(line[1:])
                    answer = commands[wanted](*given)
                    child.stdin.write(json.dumps(answer) + "\n")
                    child.stdin.flush()
                else:
                    print(line, end="", flush=True)
        self.assertEqual(child.returncode, 0, f"page/{name}.mjs failed; the pictures are in {SHOTS}")


class Docs(PageTest):
    def test_the_description_is_readable(self):
        self.start()
        self.browse("docs")


class Journeys(PageTest):
    def test_from_a_question_to_a_cited_document(self):
        self.start()
        self.browse("journey")


    def test_a_login(self):
        self.start(KEYS)
        admin = administrator(self.d)
        admin.good("POST", "/users", {"name": "alice", "password": "a long password"})
        user(admin, "bob", role="admin")
        shut_out = lambda: admin.good("PATCH", "/users/alice", {"disabled": True}) and None
        scopes = ["read", "write", "tools", "admin"]
        self.browse("login", shut_out=shut_out, key=lambda: key(admin, "page", user="bob", scopes=scopes))

    def test_uploads_survive_networks_and_logins(self):
        self.start(KEYS)
        for name in ("alice", "bob"):
            administrator(self.d).good("POST", "/users", {"name": name, "password": "a long password"})
        self.browse("uploads")

    def test_files_that_are_sent_again_or_were_sent_before(self):
        self.start()
        self.browse("same_files")

    def test_logins_in_two_tabs(self):
        self.start(KEYS)
        for name in ("alice", "bob"):
            administrator(self.d).good("POST", "/users", {"name": name, "password": "a long password"})
        self.browse("tabs")

    def test_where_only_tokens_are_let_in(self):
        secret = self.folder / "secret"
        secret.write_text("0123456789abcdef0123456789abcdef\n")
        self.start(token_config("HS256", f"secret_file: {secret}", auth="  keys: false\n"))
        self.browse("tokens", token=lambda: signed(secret.read_text().strip()))

    def test_keys_users_and_passwords(self):
        self.start(KEYS)
        administrator(self.d).good("POST", "/users", {"name": "boss", "role": "admin", "password": "a long password"})
        self.browse("accounts")

    def test_replies_that_are_stopped_broken_off_and_taken_up_again(self):
        self.start_with_model()
        gates = {name: Gate(name) for name in ("stopping", "dying", "reloading")}

        def script(name):
            replies = {
                "stopping": [Reply([Text("Once upon ", "a time "), gates["stopping"], Text("there was an end.")])],
                "dying": [Reply([Text("The first ", "half,"), gates["dying"]]), Reply([Text("The first ", "half, ", "and the second.")])],
                "reloading": [Reply([Text("Before ", "the reload"), gates["reloading"], Text(" and after it.")])],
                "dark": [Reply([Text("There ", "is light.")])],
            }
            self.upstream.script(*replies[name], when=f"[{name}]")

        def kill():
            self.d.kill()

        def restart():
            self.d.start()

        def requests(words):
            # Later turns have the message in their history; none follows here.
            return sum(words in json.dumps(request.json.get("messages")) for request in self.upstream.requests)

        self.browse("returns", script=script, open=lambda name: gates[name].open(), kill=kill, restart=restart, requests=requests)

    def test_what_was_said_is_found_where_it_stands(self):
        self.start()
        self.browse("found")

    def test_a_long_conversation(self):
        self.start()
        self.browse("long")

    def test_thoughts_formulas_and_tasks(self):
        self.start_with_model()
        gate = Gate("thinking")
        self.upstream.script(Reply([Thinking("Let me ", "see."), gate, Thinking(" It is so."), Text("It is so: ", "all is well.")]), when="[thinking]")
        self.upstream.script(Reply([Text(FORMULAS)]), when="[formulas]")
        self.browse("thoughts", open=lambda name: gate.open())

    def test_studies_are_followed_in_the_chat(self):
        self.start()
        self.browse("studies")

    def test_two_windows_of_one_conversation(self):
        self.start_with_model()
        gates = {name: Gate(name) for name in ("stopping", "reloading", "waiting")}
        self.upstream.script(Reply([Text("The one ", "after.")]), when="[after]")

        def script(name):
            replies = {
                "stopping": [Reply([Text("Once upon ", "a time "), gates["stopping"], Text("there was an end.")])],
                "reloading": [Reply([Text("Before ", "the reload"), gates["reloading"], Text(" and after it.")])],
                "waiting": [Reply([Text("The one ", "before"), gates["waiting"], Text(" it is there.")])],
            }
            self.upstream.script(*replies[name], when=f"[{name}]")

        self.browse("windows", script=script, open=lambda name: gates[name].open())

    def test_nothing_happens_twice(self):
        gates = {name: Gate(name) for name in ("story", "second", "again", "edited", "long")}
        self.upstream = Upstream().start()
        self.addCleanup(self.upstream.stop)
        script = self.upstream.script
        script(Reply([Text("Once upon ", "a time "), gates["story"], Text("there was an end.")]), when="[story]")
        script(Reply([Text("A second "), gates["second"], Text("one.")]), Reply([Text("Another second "), gates["again"], Text("one.")]),
               when="[second]")
        script(Reply([gates["edited"], Text("Otherwise.")]), when="[edited]")
        script(Reply([Text("It is long"), gates["long"], Text(" and longer.")]), when="[long]")
        script(Reply([Text("It is short.")]), when="[short]")
        script(Reply([ToolCall("run_dla_simulation", {"n_particles": 60})]), Reply([Text("It has grown.")]), when="[grow]")
        script(*(Reply([Text("Yes.")]) for _ in range(3)), when="[x]")
        self.start(f"model: main:fake\ntitles: first_message\ntools: {{run_dla_simulation: {{approval: always}}}}\n"
                   f"providers: {{main: {{kind: openai, base_url: '{self.upstream.url}/v1'}}}}\n")
        self.browse("twice", open=lambda name: gates[name].open())

    def test_tools_that_wait_for_a_person(self):
        self.start("tools: {run_dla_simulation: {approval: always}}\n")
        self.browse("approvals")

    def test_escape_and_scrolling_while_a_reply_streams(self):
        self.start_with_model()
        lines = lambda first, last: Text("".join(f"Line {i}\n\n" for i in range(first, last + 1)))
        gates = {name: Gate(name) for name in ("tale", "more", "end")}
        self.addCleanup(gates["end"].open)
        self.upstream.script(Reply([lines(1, 60), gates["tale"], lines(61, 90), gates["more"], lines(91, 120), gates["end"]]), when="[tale]")
        self.browse("escape", open=lambda name: gates[name].open())

    def test_a_conversation_that_is_deleted_elsewhere(self):
        self.start_with_model()
        gate = Gate("long")
        for name, steps in {"one": [Text("One.")], "two": [Text("Two.")], "three": [Text("Three.")],
                            "long": [Text("It is long", " and "), gate, Text("longer.")]}.items():
            self.upstream.script(Reply(steps), when=f"[{name}]")
        self.browse("gone", open=lambda name: gate.open())

    def test_a_failure_stays_where_it_was(self):
        self.start_with_model("gone: {kind: openai, base_url: 'http://127.0.0.1:9/v1', models: {fake: {}}}")
        self.upstream.script(Reply([Text("All is well.")]), when="[well]")
        self.upstream.script(Failure(400, "The model is out of order."), when="[fail]")
        self.browse("failures")

    def test_who_may_only_read(self):
        self.start(KEYS)
        admin = administrator(self.d)
        alice = user(admin, "alice")
        conversation = alice.good("POST", "/conversations", {})["id"]
        alice.good("POST", f"/conversations/{conversation}/chat", {"content": "I was here before"})
        alice.good("POST", "/documents?name=there.txt", b"It was here before.", headers={"Content-Type": "text/plain"})
        self.browse("reader", key=lambda: key(alice, "reading", scopes=["read"]))

    def test_many_models_and_what_could_be_said(self):
        # Nobody answers there: its models are only to be chosen.
        models = ", ".join(f"instructed-{i}: {{}}" for i in range(1, 25))
        self.start(f"model: offline\nproviders: {{main: {{kind: openai, base_url: 'http://127.0.0.1:9/v1', models: {{{models}}}}}}}\n")
        self.browse("picker")

    def test_projects(self):
        self.start()
        self.browse("projects")

    def test_directions_and_forced_colours(self):
        self.start_with_model()
        self.upstream.script(Reply([Text(ARABIC)]), when="[rtl]")
        self.browse("directions")

    def test_conversations_are_renamed_archived_and_deleted(self):
        self.start()
        self.browse("conversations")

    def test_what_is_typed_and_attached_stays(self):
        self.start()
        self.browse("drafts")

    def test_a_duplicated_tab_keeps_its_own(self):
        self.start()
        self.browse("copies")

    def test_what_the_page_says_does_not_stand_in_the_way(self):
        self.start()
        self.browse("toasts")

    def test_on_a_phone(self):
        self.start()
        self.browse("phone")

    def test_by_the_keyboard_alone(self):
        self.start()
        self.browse("keyboard")

    def test_what_a_screen_reader_is_told(self):
        self.start(KEYS + "tools: {run_dla_simulation: {approval: always}}\n")
        admin = administrator(self.d)
        admin.good("POST", "/users", {"name": "boss", "role": "admin", "password": "a long password"})

        def revoke(name):
            keys = admin.good("GET", "/keys?all=true")["keys"]
            found = next(key for key in keys if key["name"] == name)
            admin.good("DELETE", f"/keys/{found['id']}")

        self.browse("told", revoke=revoke)

    def test_what_is_told_of_what_one_does(self):
        # Nobody answers there: its models are only to be chosen.
        models = "{main: {kind: openai, base_url: 'http://127.0.0.1:9/v1', models: {big: {}, small: {}}}}"
        self.start(f"model: offline\nproviders: {models}\n")
        self.browse("acts")

    def test_every_view_is_open_to_everybody(self):
        self.start()
        self.browse("views")

    def test_artifacts(self):
        self.start()
        self.browse("artifacts")

    def test_several_files_at_once(self):
        self.start()
        self.browse("several")

    def test_documents(self):
        self.start()
        self.browse("documents")

    def test_administration(self):
        self.start()
        self.browse("admin")


if __name__ == "__main__":
    unittest.main()
