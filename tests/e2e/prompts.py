"""What models are told beside the conversation: by default, by the user's own texts, and at a turn's end."""

import pathlib
import shutil
import tempfile
import unittest

from provider_tests import KINDS, ProviderTest
from upstream import Reply, Text, ToolCall


def system_of(request):
    """The system prompt, whichever way the kind sends it."""
    if "system" in request.json:
        return "".join(block["text"] for block in request.json["system"])
    first = request.json["messages"][0]
    assert first["role"] == "system", first
    return first["content"]


class Default:
    def ask(self, conversation):
        self.script(Reply([Text("Yes.")]))
        self.d.chat(conversation, f"Hello {self.words}")
        return system_of(self.upstream.asked(self.words)[-1])

    def test_the_system_prompt_says_who_what_and_when(self):
        project = self.d.project("Soot", description="Flames.", facts={"temperature": "1800 K"})
        conversation = self.d.conversation(project_id=project)
        system = self.ask(conversation)
        for words in ('"Soot". ', 'Description: "Flames."', '- "temperature": "1800 K"', "1 conversation, 0 artifacts, 0 jobs",
                      "signed in as local", "(UTC)", "- simulation: ", "handle"):
            self.assertIn(words, system)
        # Its numbers have changed; what is in the provider's cache has not.
        self.d.conversation(project_id=project)
        self.assertEqual(self.ask(conversation), system)
        self.d.good("PATCH", f"/projects/{project}", {"facts": {"temperature": "900 K"}})
        self.assertIn('- "temperature": "900 K"', self.ask(conversation))
        self.assertNotIn("project", self.ask(self.d.conversation()).partition("signed in")[2])

    def test_a_final_answer_is_asked_for_behind_what_was_sent(self):
        rounds = [Reply([ToolCall("list_jobs", id=f"call_{number}")]) for number in range(10)]
        self.script(*rounds, Reply([Text("Enough.")]))
        conversation, events, _ = self.turn_of(f"Go on {self.words}")
        self.check_ended(conversation, events, "completed")
        self.assertEqual(events[-1].data["message"]["content"], "Enough.")
        *_, before, last = self.upstream.asked(self.words)
        self.assertEqual(system_of(last), system_of(before))
        self.assertIn("used up what this turn may spend", str(last.json["messages"][-1]))
        sent = before.json["messages"]
        if self.kind != "anthropic":  # there the marks for the cache move on (providers.py)
            self.assertEqual(last.json["messages"][:len(sent)], sent)
            self.assertEqual(last.json["messages"][-1]["role"], "system")
        *_, answer = messages = self.d.messages(conversation)
        self.assertNotIn("used up what this turn may spend", str(messages))
        self.assertIn("budget was used up (turns.max_rounds)", answer["note"])
        self.assertEqual(events[-1].data["message"]["note"], answer["note"])
        self.assertEqual(self.d.turn(conversation, answer["turn_id"])["limit_reached"], "max_rounds")
        self.assertEqual(self.upstream.violations, [])


class Own(ProviderTest):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.mkdtemp(prefix="assistd-e2e-prompts-")
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        file = pathlib.Path(folder) / "system.mustache"
        file.write_text("You are Bob, and this is {{user}}.\n{{#project}}In {{name}}.\n{{/project}}")
        (pathlib.Path(folder) / "notes.txt").write_text("{{no prompt}}")
        cls.more_config = f"prompts: {folder}\n"
        super().setUpClass()

    def test_the_users_text_takes_the_place_of_ours(self):
        self.script(Reply([Text("Yes.")]))
        self.d.chat(self.d.conversation(project_id=self.d.project("Soot")), f"Hello {self.words}")
        self.assertEqual(system_of(self.upstream.asked(self.words)[0]), 'You are Bob, and this is local.\nIn "Soot".')


for kind in KINDS:
    name = f"Default_{kind}"
    globals()[name] = type(name, (Default, ProviderTest), {"kind": kind})

if __name__ == "__main__":
    unittest.main()
