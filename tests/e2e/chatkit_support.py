"""A ChatKit client for the tests: Node's, with fetch and eventsource-parser, which checks every event by schema."""

import json
import pathlib
import queue
import subprocess
import threading

from daemon import PATIENCE_S
from provider_tests import ProviderTest

NODE = pathlib.Path(__file__).resolve().parent / "node"
USER_INPUT = {"attachments": [], "inference_options": {}}


class Told:
    """What came of one request: its events, and at the end its status and text."""

    def __init__(self, lines):
        self.lines, self.events, self.end = lines, [], None

    def next(self):
        """The next event; None at the end."""
        if self.end:
            return None
        line = self.lines.get(timeout=PATIENCE_S)
        if "event" in line:
            self.events.append(line["event"])
            return line["event"]
        if "fault" in line:
            raise AssertionError(line["fault"])
        self.end = line
        return None

    def until(self, name):
        while event := self.next():
            if name in (event["type"], event.get("update", {}).get("type")):
                return event
        raise AssertionError(f"no {name} in {[e['type'] for e in self.events]}")

    def all(self):
        while self.next():
            pass
        return self

    @property
    def status(self):
        return self.all().end["status"]

    @property
    def json(self):
        return json.loads(self.all().end["text"])

    def names(self):
        """The events' names in short, a run of pieces of text as one."""
        names = []
        for event in self.all().events:
            name = event["type"].removeprefix("thread.")
            if name == "item.updated":
                name = event["update"]["type"].removeprefix("assistant_message.").removeprefix("content_part.")
            elif name.startswith("item."):
                name += f" {event['item']['type']}"
            if name != "progress_update" and (name != "text_delta" or names[-1:] != ["text_delta"]):
                names.append(name)
        return names

    def items(self):
        """The items that are done, in order."""
        return [e["item"] for e in self.all().events if e["type"] in ("thread.item.done", "thread.item.replaced")]


class Client:
    def __init__(self, url):
        self.url, self.number, self.waiting = url, 0, {}
        self.process = subprocess.Popen([NODE / "node_modules/.bin/node", "chatkit_client.mjs"], cwd=NODE, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            told = json.loads(line)
            self.waiting[told["id"]].put(told)

    def send(self, path="", **request):
        self.number += 1
        lines = self.waiting[self.number] = queue.Queue()
        request |= {"id": self.number, "url": path if path.startswith("http") else self.url + path}
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return Told(lines)

    def close(self):
        self.process.stdin.close()
        self.process.wait(PATIENCE_S)
        self.process.stdout.close()


class ChatKitTest(ProviderTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = Client(f"http://127.0.0.1:{cls.d.port}/api/v1/chatkit")
        cls.addClassCleanup(cls.client.close)

    def ask(self, request, leave_after=None, /, **params):
        more = {"leave_after": leave_after} if leave_after else {}
        return self.client.send(body={"type": request, "params": params}, **more)

    def said(self, text, **fields):
        return USER_INPUT | {"content": [{"type": "input_text", "text": text}]} | fields

    def create(self, text=None, leave_after=None, **fields):
        return self.ask("threads.create", leave_after, input=self.said(text or f"Hello {self.words}", **fields))

    def add(self, thread, text, leave_after=None, **fields):
        return self.ask("threads.add_user_message", leave_after, thread_id=thread, input=self.said(text, **fields))

    def thread_of(self, told):
        return told.all().events[0]["thread"]["id"]

    def items(self, thread, **params):
        return self.ask("items.list", thread_id=thread, **params).json

    def refused(self, told, status, words=""):
        self.assertEqual(told.status, status, told.end)
        self.assertIn(words, told.json["error"]["message"] + json.dumps(told.json["error"].get("details", "")))
