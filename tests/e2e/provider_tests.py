"""What the tests with real providers share: a daemon whose model is the fake server, and what must hold after a turn."""

import json
import os
import subprocess
import time

from daemon import DaemonTest, until
from upstream import Upstream

KEY = "sk-secret-0123456789abcdef"
HEADER_KEY = "gateway-secret-0123456789"
# What the base_url of each kind ends in.
PATHS = {"openai": "/v1", "anthropic": "", "ollama": ""}
KINDS = os.environ.get("ASSISTD_E2E_KINDS", "openai,anthropic,ollama").split(",")
TURN_LIMIT_S = 3


class ProviderTest(DaemonTest):
    """A test per kind derives from this: kind = "anthropic"."""

    kind = "openai"
    more_config = ""
    more_keys = ""  # of the provider
    breaker = "{failures: 0}"  # what one test breaks is not left alone in the next one
    titles = "first_message"  # else each first turn asks for one more reply

    @classmethod
    def setUpClass(cls):
        cls.upstream = Upstream(key=KEY).start()
        cls.addClassCleanup(cls.upstream.stop)
        os.environ["FAKE_MODEL_KEY"] = KEY
        base = cls.upstream.url + PATHS[cls.kind]
        cls.config = (f"model: main:fake\ntitles: {cls.titles}\nturns: {{timeout_s: {TURN_LIMIT_S}}}\n"
                      f"providers:\n  main: {{kind: {cls.kind}, base_url: '{base}', api_key_env: FAKE_MODEL_KEY,"
                      f" headers: {{X-Gateway-Key: 'Bearer {HEADER_KEY}'}},"
                      f" circuit_breaker: {cls.breaker}{cls.more_keys}}}\n"
                      f"{cls.more_config.format(url=cls.upstream.url, path=PATHS[cls.kind])}")
        super().setUpClass()
        # After everything else, while the daemon still runs.
        cls.addClassCleanup(cls.check_the_key_is_nowhere)

    @classmethod
    def check_the_key_is_nowhere(cls):
        """The log, the database and whatever else the daemon wrote."""
        def files_with(words):
            found = subprocess.run(["grep", "-rlaF", words, cls.shared_folder], capture_output=True, text=True)
            assert not found.stderr, found.stderr
            return found.stdout.split()

        for key in (KEY, HEADER_KEY):
            found = [file for file in files_with(key[:12]) if not file.endswith(".yaml")]
            assert not found, f"the key is in {found}"
        assert any("/state/" in file for file in files_with("[")), "nothing was stored: the search proves nothing"

    def setUp(self):
        # No conversation's script is another's: these words are in its first message.
        self.words = f"[{self.id().rpartition('.')[2]}]"

    def script(self, *replies, words=None, **kwargs):
        self.upstream.script(*replies, when=words or self.words, **kwargs)

    def turn_of(self, content):
        """One streamed turn: its conversation, its events, its end and how long it took."""
        conversation = self.d.conversation()
        began = time.monotonic()
        events = self.d.stream(conversation, content).all()
        took = time.monotonic() - began
        for key in (KEY, HEADER_KEY):
            self.assertNotIn(key[:12], json.dumps([event.data for event in events]))
        return conversation, events, took

    def check_ended(self, conversation, events, state):
        """The turn is over in every place that tells of it."""
        self.assertEqual(events[-1].name, f"turn.{state}", events[-1].data)
        turn = events[0].data["turn_id"]
        # The state may be told a moment later than the event; that it never comes is what must not be.
        until(lambda: self.d.turn(conversation, turn)["state"] != "running", "the turn's end", 5)
        self.assertEqual(self.d.turn(conversation, turn)["state"], state)

    def check_broken(self, content, partial, code, within_s=TURN_LIMIT_S + 1):
        """A turn that fails: with this code, in time, with the user's message and the partial text kept."""
        conversation, events, took = self.turn_of(content)
        self.assertLess(took, within_s)
        self.check_ended(conversation, events, "failed")
        error = events[-1].data["error"]
        self.assertEqual(error["code"], code, error)
        self.assertRegex(error["message"], r"\.$")
        shown = "".join(event.data["delta"] for event in events if event.name == "message.delta")
        self.assertEqual(shown, partial)
        messages = self.d.messages(conversation)
        self.assertEqual((messages[0]["role"], messages[0]["content"]), ("user", content))
        kept = [message["content"] for message in messages[1:]]
        self.assertEqual(kept, [partial] if partial else [])
        return conversation, error
