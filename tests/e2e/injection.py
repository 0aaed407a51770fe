"""What tools and documents say to the model is data: a model that obeys every word of it runs no tool that waits for a
person or is denied, and reads nothing of another user's.

injection.jsonl has the cases, one in a line: what a result says, and the calls that the model makes of it. The fake
model makes exactly these as soon as it has read the words, so nothing here rests on a model's good sense.
"""

import concurrent.futures
import json
import pathlib
import sqlite3
import unittest

from daemon import BUILD, FolderTest, until
from upstream import Reply, Text, ToolCall, Upstream

CASES = [json.loads(line) for line in (pathlib.Path(__file__).parent / "injection.jsonl").read_text().splitlines()]
PLUGINS = ":".join(str(BUILD / folder) for folder in ("plugins", "test-plugins", "test-plugins/steps", "test-plugins/catalogue"))
SECRET = "PLUM-7Q"  # stands in everything of the other user
WAITING, DENIED = {"erase", "note"}, {"stamp"}
CONFIG = """titles: first_message
turns: {{max_rounds: 6, approval_timeout_s: 5}}
tools: {{note: {{approval: always}}, brew: {{job_after_s: 0.1}}}}
policy: {{rules: [{{deny: [stamp]}}]}}
model: main:fake
providers: {{main: {{kind: openai, base_url: '{url}/v1'}}}}
"""


def databases(folder):
    return [path for path in (folder / "state").glob("*.db")]


def rows_of(folder, owner):
    """All that the databases have with this owner."""
    rows = {}
    for path in databases(folder):
        with sqlite3.connect(path) as database:
            for table, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%owner%'").fetchall():
                columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
                if "owner" in columns:
                    rows[path.name, table] = database.execute(f"SELECT * FROM {table} WHERE owner = ? ORDER BY 1", (owner,)).fetchall()
    return {name: found for name, found in rows.items() if found}


def give_away(folder, new_owner):
    """Everything of the built-in user is somebody else's from now on; the daemon is down meanwhile."""
    for path in databases(folder):
        with sqlite3.connect(path) as database:
            for table, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%owner%'").fetchall():
                if "owner" in [row[1] for row in database.execute(f"PRAGMA table_info({table})")]:
                    database.execute(f"UPDATE {table} SET owner = ? WHERE owner = 'local'", (new_owner,))


class Obedient:
    """A model that first looks where the case's words are, and then does whatever they say."""

    def __init__(self, cases, names):
        self.cases, self.names = {case["id"]: case for case in cases}, names

    def filled(self, value):
        text = value if isinstance(value, str) else json.dumps(value)
        for name, meant in self.names.items():
            text = text.replace("{" + name + "}", meant)
        return text if isinstance(value, str) else json.loads(text)

    def words_of(self, case):
        """With a mark by which it can be seen that they came through."""
        return f"<<{case['id']}>> {self.filled(case['says'])}"

    def carrier(self, case):
        if case["carrier"] in ("document", "attachment"):
            return ToolCall("file_search", {"query": case["id"]})
        if "kib" in case:
            text = self.words_of(case) + " So it goes on. "
            return ToolCall("repeat", {"text": text, "times": case["kib"] * 1024 // len(text) + 1})
        return ToolCall("echo", {"text": self.words_of(case)})

    def case_in(self, messages):
        text = json.dumps(messages, ensure_ascii=False)
        return next(case for name, case in self.cases.items() if f"[{name}]" in text)

    def __call__(self, request):
        messages = request.json["messages"]
        case = self.case_in(messages)
        results = [message for message in messages if message["role"] == "tool"]
        if not results:
            return Reply([self.carrier(case)])
        read = any(f"<<{case['id']}>>" in json.dumps(message["content"]) for message in results)
        replies = [message for message in messages if message["role"] == "assistant"]
        if read and len(replies) == 1:
            return Reply([ToolCall(call["tool"], self.filled(call["arguments"])) for call in case["calls"]])
        return Reply([Text("Done.")])


class Injection(FolderTest):
    def setUp(self):
        super().setUp()
        self.upstream = Upstream().start()
        self.addCleanup(self.upstream.stop)
        self.d = self.daemon(CONFIG.format(url=self.upstream.url), arguments=["--plugins", PLUGINS])
        self.names = self.things_of_the_other_user()
        self.assertEqual(self.d.end()[0], 0)
        give_away(self.folder, "victim")
        self.before = rows_of(self.folder, "victim")
        self.assertGreater(len(self.before), 6, "the other user has little")
        self.d.start()
        self.model = Obedient(CASES, self.names)
        self.upstream.script(otherwise=self.model)

    def run_tool(self, name, arguments):
        result = self.d.good("POST", f"/tools/{name}/execute", {"arguments": arguments})
        self.assertTrue(result["success"], result)
        return result

    def things_of_the_other_user(self):
        """Made as the built-in user, who can read them then: the secret is where the cases look for it."""
        project = self.d.project(f"Project {SECRET}", facts={"recipe": SECRET})
        grown = self.run_tool("run_dla_simulation", {"n_particles": 30, "name": SECRET, "project_id": project})["artifacts"][0]
        self.run_tool("run_dla_simulation", {"n_particles": 31, "name": SECRET})
        counted = self.run_tool("run_box_counting", {"simulation": grown["handle"]})["artifacts"][0]
        note = self.run_tool("make_note", {"text": SECRET})["artifacts"][0]
        job = self.run_tool("brew", {"tag": SECRET})["data"]["job_id"]
        study = self.d.good("POST", "/studies", {"tool": "run_dla_simulation", "name": f"Study {SECRET}", "project_id": project,
                                                 "parameter_grid": {"n_particles": [10, 12]}}, status=201)["id"]
        document = self.d.call("POST", f"/documents?name={SECRET}.txt", f"The secret recipe is {SECRET}.".encode()).json["id"]
        self.upstream.script(Reply([Text(f"It is {SECRET}.")]), when="What is the recipe")
        self.d.chat(self.d.conversation(title=SECRET, project_id=project), f"What is the recipe? {SECRET}")
        until(lambda: self.d.good("GET", f"/studies/{study}")["table"], "a study")
        until(lambda: self.d.job(job)["state"] == "completed", "a job")
        until(lambda: self.d.good("GET", f"/documents/{document}")["status"] == "completed", "a document")
        for tool, arguments in (("list_simulations", {}), ("list_studies", {}), ("file_search", {"query": "secret recipe"}),
                                ("get_job_status", {"job_id": job}), ("get_simulation_details", {"simulation": grown["handle"]})):
            self.assertIn(SECRET, json.dumps(self.run_tool(tool, arguments)), f"{tool} does not tell the secret to its owner")
        details = self.d.good("GET", f"/artifacts/{grown['handle']}")
        return {"simulation": grown["handle"], "simulation_id": grown["id"], "simulation_url": grown["url"], "simulation_sha256": details["sha256"],
                "analysis": counted["handle"], "analysis_id": counted["id"], "note": note["handle"], "note_id": note["id"], "job": job,
                "job_hex": job.removeprefix("job_"), "study": study, "study_hex": study.removeprefix("study_"), "study_name": f"Study {SECRET}",
                "table": self.d.good("GET", f"/studies/{study}")["table"]["handle"], "document_id": document, "project": project}

    # The doors

    def ask(self, path, body):
        connection, response = self.d._send("POST", path, body, None)
        try:
            return response.read().decode()
        finally:
            connection.close()

    def by_chat(self, case, content, _):
        conversation = self.d.conversation()
        attached = {}
        if case["carrier"] == "attachment":
            attached = {"attachments": [self.d.call("POST", f"/artifacts?name={case['id']}.txt", self.model.words_of(case).encode()).json["id"]]}
        stream = self.d.stream(conversation, content, **attached)
        said, asked = [], []
        for event in stream:
            said.append(event.data)
            if event.name == "approval.required":
                asked.append(event.data["name"])
                self.decide(conversation, event.data, "refuse")
        return said, asked

    def decide(self, conversation, about, decision):
        reply = self.d.post(f"/conversations/{conversation}/turns/{about['turn_id']}/approvals",
                            {"call_id": about["tool_call_id"], "decision": decision})
        # On a busy machine the question may be over before it is answered, which is a refusal.
        self.assertIn(reply.status, (200, 409) if decision == "refuse" else (200,), reply.body)

    def by_completions(self, case, content, _):
        return [self.ask("/v1/chat/completions", {"model": "main:fake", "messages": [{"role": "user", "content": content}]})], []

    def by_runs(self, case, content, document):
        """Nobody answers what is asked here, so that it is refused when its time is over."""
        message = {"role": "user", "content": content}
        if document:
            message["attachments"] = [{"file_id": document.replace("art_", "file-"), "tools": [{"type": "file_search"}]}]
        body = {"assistant_id": self.assistant, "thread": {"messages": [message]}, "stream": True}
        text = self.ask("/v1/threads/runs", body)
        self.assertIn("event: done", text)
        return [text], []

    def play(self, case):
        content = f"[{case['id']}] Please look at that."
        document = None
        if case["carrier"] == "document":
            document = self.d.call("POST", f"/documents?name={case['id']}.txt", self.model.words_of(case).encode()).json["id"]
            until(lambda: self.d.good("GET", f"/documents/{document}")["status"] == "completed", "a document")
        said, asked = getattr(self, "by_" + case["door"])(case, content, document)
        return said, asked, self.results(case, said)

    def results(self, case, said):
        """What the model was told of each call that it made of the words: name -> results."""
        requests = self.upstream.asked(f"[{case['id']}]")
        messages = max((request.json["messages"] for request in requests), key=len)
        replies = [message for message in messages if message["role"] == "assistant"]
        self.assertGreaterEqual(len(replies), 2, f"{case['id']}: the model was not told what became of its calls: {json.dumps(said)[-1500:]}")
        calls = {call["id"]: call["function"]["name"] for call in replies[1]["tool_calls"]}
        return [(calls[message["tool_call_id"]], message["content"]) for message in messages
                if message["role"] == "tool" and message["tool_call_id"] in calls]

    # What must hold

    def check(self, case):
        said, asked, results = self.play(case)
        self.assertEqual(len(results), len(case["calls"]), case["id"])
        for name, content in results:
            result = json.loads(content)
            if case["family"] != "other users":
                self.assertFalse(result["success"], f"{case['id']}: {name} ran: {content[:300]}")
            self.assertNotIn(SECRET, self.without_own_words(content, case), f"{case['id']}: {name} told of another user: {content[:600]}")
        if case["family"] == "other users":
            everything = self.without_own_words(json.dumps(said), case)
            self.assertNotIn(SECRET, everything, case["id"])
        wanted = [call["tool"] for call in case["calls"] if call["tool"] in WAITING and isinstance(call["arguments"], dict) and set(call["arguments"]) == {"tag"}]
        if case["door"] == "chat" and case["family"] != "other users":
            self.assertEqual(sorted(asked), sorted(wanted), f"{case['id']}: a person is asked about each, and about nothing else")
        for request in self.upstream.asked(f"[{case['id']}]"):
            self.assertLess(len(json.dumps(request.json["messages"])), 256 << 10, f"{case['id']}: the model is sent all of a large result")

    def without_own_words(self, text, case):
        """Names that the attacker already knew and that a sentence quotes back tell nothing."""
        for name in ("study_name",):
            text = text.replace(self.names[name], "")
        return text

    def test_no_case_gets_what_it_wants(self):
        self.assertGreaterEqual(len(CASES), 200)
        named = [{"type": "function", "function": {"name": tool["name"]}} for tool in self.d.good("GET", "/tools")["tools"] if tool["allowed"] and tool["name"] != "file_search"]
        self.assistant = json.loads(self.ask("/v1/assistants", {"model": "main:fake", "tools": [*named, {"type": "file_search"}]}))["id"]
        broken = []

        def one(case):
            try:
                self.check(case)
            except AssertionError as error:
                broken.append(str(error)[:2000])

        with concurrent.futures.ThreadPoolExecutor(6) as pool:
            list(pool.map(one, CASES))
        self.assertEqual(broken, [], f"{len(broken)} of {len(CASES)} cases")
        for tool in WAITING | DENIED:
            self.assertEqual(self.d.good("GET", f"/audit?tool={tool}&outcome=success")["calls"], [], f"{tool} ran")
        self.assertEqual(self.d.end()[0], 0)
        self.assertEqual(rows_of(self.folder, "victim"), self.before, "something of the other user's changed")

    def test_the_same_words_do_harm_when_a_person_agrees(self):
        """So the cases above would show it, if an approval were not needed."""
        case = next(case for case in CASES if case["door"] == "chat" and case["calls"] == [{"tool": "erase", "arguments": {"tag": "all"}}])
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, f"[{case['id']}] Please look at that.")
        for event in stream:
            if event.name == "approval.required":
                self.decide(conversation, event.data, "allow")
        self.assertEqual(len(self.d.good("GET", "/audit?tool=erase&outcome=success")["calls"]), 1)


if __name__ == "__main__":
    unittest.main()
