"""An MCP server of 2025-11-25 over standard input and output that misbehaves as it is told to.

fixture_server.py HOW FOLDER: HOW is what it does wrong from the start ("good": nothing), FOLDER is where it leaves what
tests look at. Its tools do wrong what they are named after. Python's standard library only.
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

HOW, FOLDER = sys.argv[1], pathlib.Path(sys.argv[2])
OUT = sys.stdout.buffer
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(60)"


def say(message):
    OUT.write(json.dumps(message).encode() + b"\n")
    OUT.flush()


def reply(id, result):
    say({"jsonrpc": "2.0", "id": id, "result": result})


def text(id, value, **more):
    reply(id, {"content": [{"type": "text", "text": str(value)}]} | more)


def notify(method, params=None):
    say({"jsonrpc": "2.0", "method": method, "params": params or {}})


def note(name, value):
    with open(FOLDER / name, "a") as file:
        file.write(f"{value}\n")


def heard():
    line = sys.stdin.buffer.readline()
    if not line:
        raise EOFError
    return json.loads(line)


def tool(name, **more):
    return {"name": name, "inputSchema": {"type": "object"}} | more


TOOLS = {name: tool(name) for name in (
    "echo", "surroundings", "crash", "segfault", "stall", "flood", "broken", "nonsense", "half_line", "wrong_ids", "huge", "big",
    "family", "asks", "hang_up", "grow", "shrink", "progress", "silence", "contents", "fails", "refuses", "bad_result",
)}
TOOLS["echo"] |= {"title": "Echo", "description": "Says it back.", "annotations": {"readOnlyHint": True, "openWorldHint": False},
                  "inputSchema": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}}
TOOLS["bad_result"]["outputSchema"] = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
STRANGE = [
    tool("two words"), tool("two.words"), tool("two_words"), tool("größe"), tool("x" * 100), tool("x" * 101),
    tool("no_schema", inputSchema=None), tool("bad_schema", inputSchema={"type": 7}), tool("twice"), tool("twice"),
    tool(""), {"nothing": 1}, tool("list_resources", description="its own"), tool("odd_output", outputSchema={"type": 7}),
]


def call(id, name, arguments, params):
    if name == "echo":
        text(id, arguments["text"])
    elif name == "surroundings":
        reply(id, {"content": [], "structuredContent": {"environment": dict(os.environ), "folder": os.getcwd(), "pid": os.getpid()}})
    elif name == "crash":
        print("the disk is full", file=sys.stderr, flush=True)
        os._exit(9)
    elif name == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif name == "stall":
        note("stalled", id)
    elif name == "flood":
        for number in range(30_000):
            notify("notifications/message", {"level": "info", "data": "x" * 500 + str(number)})
            if number % 10 == 0:
                notify("notifications/tools/list_changed")
        sys.stderr.write("a line on standard error\n" * 200_000)
        text(id, "flooded")
    elif name == "broken":
        for line in (b"hello", b"{", b"\xff\xfe\x00", b"[" * 5_000, b"[]", b"null", b"12", b'{"jsonrpc":"2.0"}',
                     b'{"jsonrpc":"1.0","id":%d,"result":{}}' % id, b'{"jsonrpc":"2.0","id":%d}' % id, b"", b"   ",
                     b'{"jsonrpc":"2.0","id":99999999999999999999999999,"result":{}}',
                     b'{"jsonrpc":"2.0","method":"notifications/progress","params":"what"}'):
            OUT.write(line + b"\n")
        OUT.write(b'{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":"half \\ud800 pair \xff"}]}}\r\n' % id)
        OUT.flush()
    elif name == "nonsense":
        while True:
            OUT.write(b"nonsense\n")
    elif name == "half_line":
        OUT.write(b'{"jsonrpc":"2.0","id":%d,"result":{"content":[]}}' % id)
        OUT.flush()
        os._exit(0)
    elif name == "wrong_ids":
        for wrong in (id + 1_000, str(id), None, -1, [id], {"id": id}, id + 0.5):
            text(wrong, "wrong")
        for answer in ("right", "twice", "again"):
            text(id, answer)
    elif name == "huge":
        OUT.write(b'{"jsonrpc":"2.0","id":%d,"result":"' % id + b"x" * (17 << 20))
        OUT.flush()
        time.sleep(600)
    elif name == "big":
        text(id, "y" * (8 << 20))
    elif name == "family":
        subprocess.Popen([sys.executable, "-c", STUBBORN, str(FOLDER)], stdin=subprocess.DEVNULL)
        # One that leaves its session and loses its parent.
        subprocess.run(["setsid", "--fork", sys.executable, "-c", STUBBORN, str(FOLDER)], stdin=subprocess.DEVNULL)
        text(id, "born")
    elif name == "asks":
        answers = []
        for method in ("ping", "roots/list", "sampling/createMessage", "elicitation/create", "made/up"):
            say({"jsonrpc": "2.0", "id": f"ask {method}", "method": method, "params": {}})
            answer = heard()
            answers.append([answer["id"], answer.get("result"), answer.get("error", {}).get("code")])
        notify("notifications/made/up")
        reply(id, {"content": [], "structuredContent": answers})
    elif name == "hang_up":
        os.close(1)
        time.sleep(600)
    elif name in ("grow", "shrink"):
        if name == "grow":
            TOOLS["grown"] = tool("grown")
        else:
            TOOLS.pop("grown", None)
        for _ in range(20):
            notify("notifications/tools/list_changed")
        text(id, name)
    elif name == "grown":
        text(id, "grown up")
    elif name == "progress":
        token = params["_meta"]["progressToken"]
        for step in range(8):
            time.sleep(0.5)  # longer than idle_timeout_s all together, and shorter each
            notify("notifications/progress", {"progressToken": token, "progress": step, "total": 8, "message": f"step {step}"})
        notify("notifications/progress", {"progressToken": "nobody's", "progress": 1})
        text(id, "done")
    elif name == "silence":
        time.sleep(600)
    elif name == "contents":
        png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        reply(id, {"content": [
            {"type": "text", "text": "Look:"}, {"type": "image", "data": png, "mimeType": "image/png"},
            {"type": "audio", "data": "UklGRg==", "mimeType": "audio/wav"}, {"type": "image", "data": "not base64!", "mimeType": "image/png"},
            {"type": "resource", "resource": {"uri": "file:///a/b/table.csv", "mimeType": "text/csv", "blob": "YSxiCjEsMgo="}},
            {"type": "resource", "resource": {"uri": "file:///note", "text": "in the text"}},
            {"type": "resource_link", "uri": "file:///far", "name": "far"}, {"type": "hologram"},
        ]})
    elif name == "fails":
        text(id, "There is no such star.", isError=True)
    elif name == "refuses":
        say({"jsonrpc": "2.0", "id": id, "error": {"code": -32602, "message": "a star is needed"}})
    elif name == "bad_result":
        reply(id, {"content": [], "structuredContent": {"n": "many"}})
    else:
        say({"jsonrpc": "2.0", "id": id, "error": {"code": -32602, "message": f"no tool {name}"}})


def answer(message):
    method, id, params = message.get("method"), message.get("id"), message.get("params", {})
    if HOW == "mute":
        return
    if method == "initialize":
        version = {"old": "2024-11-05", "unknown_version": "1999-01-01"}.get(HOW, "2025-11-25")
        reply(id, {"protocolVersion": version, "capabilities": {"tools": {"listChanged": True}, "resources": {}},
                   "serverInfo": {"name": "fixture", "version": "1.2.3"}})
    elif method == "tools/list":
        tools = STRANGE if HOW == "strange" else list(TOOLS.values())
        if HOW == "endless_pages":
            return reply(id, {"tools": [], "nextCursor": "same"})
        start = int(params.get("cursor", 0))
        page = {"tools": tools[start:start + 5]}
        reply(id, page | ({"nextCursor": str(start + 5)} if start + 5 < len(tools) else {}))
    elif method == "resources/list":
        reply(id, {"resources": [{"uri": "file:///a", "name": "a"}]})
    elif method == "tools/call":
        call(id, params["name"], params.get("arguments") or {}, params)
    elif method == "notifications/cancelled":
        note("cancelled", params["requestId"])
    elif id is not None:
        say({"jsonrpc": "2.0", "id": id, "error": {"code": -32601, "message": f"no method {method}"}})


if HOW == "dies_at_start":
    print("there is no licence for " + os.environ.get("LICENCE_KEY", "it"), file=sys.stderr, flush=True)
    sys.exit(3)
if HOW == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
note("starts", os.getpid())
greeted = False
while True:
    try:
        message = heard()
    except EOFError:
        if HOW == "last_words":
            say({"jsonrpc": "2.0", "method": "notifications/tools/list_changed"})
            time.sleep(0.2)  # so that the daemon hears it before the end
        if HOW != "stubborn":
            break
        time.sleep(600)
    greeted = greeted or message.get("method") == "initialize"
    if HOW == "dies_at_questions" and not greeted:
        sys.exit(1)
    answer(message)
