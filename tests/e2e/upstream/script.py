"""What a fake model server is told to say: replies made of steps, in no wire format.

A Reply's steps are played in order. Those that say something (Text, Thinking, ToolCall) are written in the format
that the client asked in; the others wait (Pause, Gate) or do harm (Fault). The reply's head is sent with the first
thing that is said, so a harmful first step comes instead of an answer, a later one in its middle.
"""

import dataclasses
import json
import threading
from dataclasses import dataclass, field


class Text:
    """A piece of text; each argument is sent by itself."""

    def __init__(self, *pieces):
        self.pieces = list(pieces)

    @property
    def whole(self):
        return "".join(self.pieces)


class Thinking(Text):
    """Thinking with its signature; with `redacted` (a string) the form that hides it. Both are Anthropic's alone."""

    def __init__(self, *pieces, signature="", redacted=None):
        super().__init__(*pieces)
        self.signature, self.redacted = signature, redacted


class ToolCall:
    """One call; its arguments are an object, or a string that is sent as it is, truncated for example."""

    def __init__(self, name, arguments=None, id=None, pieces=3):
        self.name, self.id, self.count = name, id, pieces
        self.arguments = {} if arguments is None else arguments

    @property
    def text(self):
        return self.arguments if isinstance(self.arguments, str) else json.dumps(self.arguments)

    @property
    def pieces(self):
        size = max(1, -(-len(self.text) // self.count))
        return [self.text[at:at + size] for at in range(0, len(self.text), size)]


@dataclass
class Pause:
    seconds: float


class Gate:
    """The reply waits here until the test opens it. wait_reached() tells when a reply has come so far."""

    def __init__(self, name=""):
        self.name = name
        self.is_open = threading.Event()
        self.is_reached = threading.Event()

    def open(self):
        self.is_open.set()

    def wait_reached(self, patience_s=60):
        if not self.is_reached.wait(patience_s):
            raise AssertionError(f"no reply reached the gate {self.name!r}")


@dataclass
class Ping:
    """A sign of life that says nothing."""


FAULTS = {
    "reset": "the connection is reset",
    "eof": "the HTTP reply ends in good order, but before its terminal event",
    "closed": "the connection is closed within the HTTP reply",
    "silence": "nothing more is sent, the connection stays",
    "garbage": "bytes that belong to no protocol, then the end",
    "endless_line": "one line that never ends, until the client leaves",
    "wrong_json": "a frame as it should be around JSON that is none, then the end",
    "error": "an error in the format's own form under status 200, then the end",
}


@dataclass
class Fault:
    kind: str
    message: str = "The server is overloaded."
    type: str = "overloaded_error"

    def __post_init__(self):
        if self.kind not in FAULTS:
            raise ValueError(f"There is no fault {self.kind!r}.")


@dataclass
class Usage:
    """As the daemon counts: `prompt` with what was cached and what was written to the cache."""
    prompt: int = 100
    completion: int = 20
    cached: int = 0
    written: int = 0
    reasoning: int = 0


# Deviations of real servers, by format; those that a format does not know change nothing there.
QUIRKS = {
    "missing_index": "tool calls without their index (openai)",
    "missing_id": "tool calls without an id (openai)",
    "missing_finish": "no finish reason and no usage, only the end mark (openai)",
    "missing_done": "no [DONE] (openai)",
    "stop_for_calls": "the finish reason is stop although tools are called (openai)",
    "whole_calls": "each call in one piece (openai)",
    "with_ids": "tool calls with id and index, as newer servers send (ollama)",
    "crlf": "lines end in CR LF",
}


@dataclass
class Reply:
    steps: list = field(default_factory=list)
    usage: Usage | None = field(default_factory=Usage)
    # stop, length, tool_calls, content_filter, pause; None: what the steps say. Any other word is sent as it is.
    stop: str | None = None
    pace_s: float = 0.0         # between two writes
    cut: int = 0                # at most so many bytes in one write; 0: each frame is one
    quirks: frozenset = frozenset()
    content_type: str | None = None  # instead of the right one
    headers: dict = field(default_factory=dict)

    def __post_init__(self):
        self.quirks = frozenset(self.quirks)
        if self.quirks - set(QUIRKS):
            raise ValueError(f"There are no quirks {sorted(self.quirks - set(QUIRKS))}.")

    def calls(self):
        return [step for step in self.steps if isinstance(step, ToolCall)]

    def text(self):
        return "".join(step.whole for step in self.steps if type(step) is Text)

    def thinking(self):
        return "".join(step.whole for step in self.steps if isinstance(step, Thinking))

    def stop_reason(self):
        return self.stop or ("tool_calls" if self.calls() else "stop")


@dataclass
class Failure:
    """An answer with an HTTP status other than 200, in the format's error shape; `html` or `body` replace that."""
    status: int
    message: str = "The fake server was told to fail."
    kind: str | None = None     # "context": the prompt is too long, as each format says it
    headers: dict = field(default_factory=dict)
    body: str | None = None
    content_type: str = "application/json"


def rate_limited(**headers):
    """429; retry_after="2" becomes the header retry-after, and so on."""
    return Failure(429, "Rate limit reached.", headers={name.replace("_", "-"): str(v) for name, v in headers.items()})


def context_too_long():
    return Failure(400, "The prompt is too long.", kind="context")


def proxy_page(status=502):
    """What a proxy between us and the server says."""
    page = "<!DOCTYPE html>\n<html><head><title>Bad Gateway</title></head><body><h1>502</h1></body></html>\n"
    return Failure(status, body=page, content_type="text/html; charset=utf-8")


def step_from(about, gates):
    about = dict(about)
    if "text" in about:
        return Text(*_pieces(about["text"]))
    if "thinking" in about:
        return Thinking(*_pieces(about.pop("thinking")), **about)
    if "call" in about:
        return ToolCall(about.pop("call"), **about)
    if "pause_s" in about:
        return Pause(about["pause_s"])
    if "gate" in about:
        return gates(about["gate"])
    if "fault" in about:
        return Fault(about.pop("fault"), **about)
    if "ping" in about:
        return Ping()
    raise ValueError(f"No step: {about!r}")


def reply_from(about, gates):
    """A Reply or a Failure from its JSON; `gates` gives the gate of a name."""
    about = dict(about)
    if "status" in about:
        return Failure(**about)
    about["steps"] = [step_from(step, gates) for step in about.get("steps", [])]
    if about.get("usage"):
        about["usage"] = Usage(**about["usage"])
    unknown = set(about) - {each.name for each in dataclasses.fields(Reply)}
    if unknown:
        raise ValueError(f"A reply has no {sorted(unknown)}.")
    return Reply(**about)


def _pieces(value):
    return [value] if isinstance(value, str) else value
