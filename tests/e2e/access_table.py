"""Every route of every door: what it needs, and how to ask it about one person's things.

A route that is not here fails the test, as does one that is here and nowhere else.
"""

import dataclasses

from access_support import form

AI, CHATKIT, V1 = "/api/v1/ai", "/api/v1/chatkit", "/v1"
USER_INPUT = {"content": [{"type": "input_text", "text": "hello"}], "attachments": [], "inference_options": {}}


@dataclasses.dataclass
class Row:
    method: str
    path: str
    needs: str
    # open: for everybody; own: about whatever the caller owns; thing: about one thing, which is not there for
    # others; admin: for administrators alone.
    kind: str
    names: dict = dataclasses.field(default_factory=dict)  # of the path's values, where it calls them differently
    body: object = None
    headers: dict = dataclasses.field(default_factory=dict)
    query: str = ""

    @property
    def name(self):
        return f"{self.method} {self.path}"

    def filled(self, values):
        path = self.path
        while "{" in path:
            name = path[path.index("{") + 1:path.index("}")]
            path = path.replace("{" + name + "}", str(values[self.names.get(name, name)]))
        return path + (self.query and "?" + self.query)

    def body_with(self, values):
        return filled(self.body, values)


def filled(body, values):
    """With "{name}" replaced by what is called so."""
    if isinstance(body, str) and body.startswith("{") and body.endswith("}"):
        return values[body[1:-1]]
    if isinstance(body, dict):
        return {name: filled(value, values) for name, value in body.items()}
    return [filled(one, values) for one in body] if isinstance(body, list) else body


def rows():
    table = []

    def add(prefix, needs, kind, *routes, names=None):
        for route in routes:
            line, body, headers = (route, None, {}) if isinstance(route, str) else (*route, {})[:3]
            method, _, path = line.partition(" ")
            path, _, query = path.partition("?")
            scope = needs or ("read" if method == "GET" else "write")
            table.append(Row(method, prefix + path, scope, kind, names or {}, body, headers, query))

    upload, upload_headers = form(purpose="assistants", file=("a.txt", b"abc"))
    attach, attach_headers = form(file=("a.txt", b"abc"))
    offered = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
    conversation = {"id": "conversation"}
    thread = {"message": "thread_message", "run": "thread_run"}

    add("", "nothing", "open", "GET /", "GET /c/{conversation}", "GET /documents", "GET /artifacts",
        "GET /artifacts/{handle}", "GET /admin", "GET /admin/{view}", "GET /assets/{name}", "GET /livez", "GET /readyz",
        "GET /docs", "GET /openapi.json", "GET /favicon.ico", "GET /robots.txt",
        names={"view": "run", "name": "run"})
    # What stands in the address lets in, or does not: see chatkit.py.
    add(CHATKIT, "nothing", "open", "GET /attachments/{attachment}/preview")
    add("/api/v1", "nothing", "open", "GET /session", ("POST /session", {"key": "ak_wrong"}), "DELETE /session")
    add("", "read", "own", "GET /metrics", "GET /health")
    add(AI, "admin", "admin", ("POST /admin/backup", {}), "POST /admin/check", "GET /users/{user}/export",
        "GET /users/{user}/data", "DELETE /users/{user}/data", "GET /users/{user}/removal")
    add(AI, None, "own", "GET /me", "GET /me/export", ("PUT /me/password", {"new_password": "x"}), "GET /keys", ("POST /keys", {}))
    add(AI, None, "thing", "GET /keys/{key}", "DELETE /keys/{key}")
    add(AI, "admin", "admin", "GET /users", ("POST /users", {}), "GET /users/{user}", ("PATCH /users/{user}", {}),
        "DELETE /users/{user}", "GET /routes", "GET /admin/config", "POST /admin/config/check", "POST /admin/reload", "POST /plugins/{plugin}/release", "POST /plugins/{plugin}/approve")

    add(AI, None, "own", "GET /conversations", ("POST /conversations", {}), "GET /tools", "GET /tools/{name}",
        "GET /plugins", "GET /plugins/{plugin}", "GET /providers", "GET /artifacts", ("POST /artifacts?name=a.txt", b"abc"),
        "GET /documents", ("POST /documents?name=a.txt", b"abc"), "GET /projects", ("POST /projects", {"name": ""}),
        "GET /assistants", ("POST /assistants", {}), "GET /usage", "GET /audit", "GET /jobs", "GET /studies", "GET /limits",
        names={"name": "tool"})
    add(AI, "read", "own", ("POST /documents/search", {"query": "secret"}))
    add(AI, "tools", "own", ("POST /tools/{name}/execute", {"arguments": {}}), ("POST /studies", {}),
        names={"name": "tool"})

    add(AI, None, "thing", "GET /conversations/{id}", ("PATCH /conversations/{id}", {"title": "theirs"}),
        "POST /conversations/{id}/archive", "POST /conversations/{id}/unarchive", "GET /conversations/{id}/messages",
        ("PUT /conversations/{id}/messages/{message}/feedback", {"feedback": "positive"}),
        ("POST /conversations/{id}/chat", {"content": "hello"}), "POST /conversations/{id}/regenerate",
        "GET /conversations/{id}/turns/{turn}", "GET /conversations/{id}/turns/{turn}/messages",
        ("POST /conversations/{id}/turns/{turn}/approvals", {"call_id": "call_1", "decision": "allow"}),
        "POST /conversations/{id}/turns/{turn}/cancel", "GET /conversations/{id}/turns/{turn}/events",
        names=conversation)
    add(AI, None, "thing", "GET /artifacts/{handle}", "GET /artifacts/{handle}/content", "GET /documents/{document}",
        "GET /documents/{document}/text",
        "GET /projects/{project}", ("PATCH /projects/{project}", {"description": "theirs"}),
        "POST /projects/{project}/archive", "POST /projects/{project}/unarchive", "GET /assistants/{assistant}",
        ("PATCH /assistants/{assistant}", {"description": "theirs"}), "GET /jobs/{job}", "POST /jobs/{job}/cancel",
        "GET /studies/{study}", "GET /studies/{study}/runs", "GET /studies/{study}/runs/{run}",
        "GET /studies/{study}/results", names={"handle": "artifact"})
    add(AI, "tools", "thing", "POST /artifacts/{handle}/reproduce", "POST /studies/{study}/cancel",
        "POST /studies/{study}/retry", names={"handle": "artifact"})

    add(V1, None, "own", ("POST /chat/completions", {}), "GET /models", "GET /models/{model}", ("POST /embeddings", {}),
        ("POST /assistants", {}), "GET /assistants", ("POST /threads", {}), ("POST /threads/runs", {}),
        ("POST /files", upload, upload_headers), "GET /files", ("POST /vector_stores", {}), "GET /vector_stores")
    add(V1, None, "thing", "GET /assistants/{assistant}", ("POST /assistants/{assistant}", {"description": "theirs"}),
        "GET /threads/{thread}", ("POST /threads/{thread}", {"metadata": {}}),
        ("POST /threads/{thread}/messages", {"role": "user", "content": "hello"}), "GET /threads/{thread}/messages",
        "GET /threads/{thread}/messages/{message}", ("POST /threads/{thread}/messages/{message}", {"metadata": {}}),
        ("POST /threads/{thread}/runs", {"assistant_id": "{assistant}"}), "GET /threads/{thread}/runs",
        "GET /threads/{thread}/runs/{run}", ("POST /threads/{thread}/runs/{run}", {"metadata": {}}),
        "POST /threads/{thread}/runs/{run}/cancel",
        ("POST /threads/{thread}/runs/{run}/submit_tool_outputs", {"tool_outputs": [{"tool_call_id": "c", "output": "x"}]}),
        "GET /threads/{thread}/runs/{run}/steps", "GET /threads/{thread}/runs/{run}/steps/{step}",
        "GET /files/{file}", "GET /files/{file}/content", "GET /vector_stores/{store}",
        ("POST /vector_stores/{store}", {"name": "theirs"}), ("POST /vector_stores/{store}/files", {"file_id": "{file}"}),
        "GET /vector_stores/{store}/files", "GET /vector_stores/{store}/files/{file}",
        ("POST /vector_stores/{store}/files/{file}", {"attributes": {}}), "GET /vector_stores/{store}/files/{file}/content",
        ("POST /vector_stores/{store}/file_batches", {"file_ids": ["{file}"]}),
        "GET /vector_stores/{store}/file_batches/{batch}", "POST /vector_stores/{store}/file_batches/{batch}/cancel",
        "GET /vector_stores/{store}/file_batches/{batch}/files", names=thread)
    add(V1, "read", "thing", ("POST /vector_stores/{store}/search", {"query": "secret"}))

    add(CHATKIT, None, "own", ("POST ", {"type": "threads.list", "params": {}}),
        ("POST /attachments", attach, attach_headers), "POST /sessions", "GET /sessions")
    add(CHATKIT, None, "thing", ("POST /attachments/{attachment}", attach, attach_headers), "GET /sessions/{session}",
        "POST /sessions/{session}/threads",
        ("POST /sessions/{session}/threads/{thread}/runs", {"message": USER_INPUT | {"role": "user"}}),
        names={"thread": "session"})
    add("/mcp", "tools", "own", ("POST ", {"jsonrpc": "2.0", "id": 1, "method": "ping"}, offered), ("GET ", None, offered),
        ("DELETE ", None, offered))

    # Last, as they leave nothing.
    add(V1, None, "thing", "DELETE /vector_stores/{store}/files/{file}", "DELETE /vector_stores/{store}",
        "DELETE /files/{file}", "DELETE /threads/{thread}/messages/{message}", "DELETE /threads/{thread}",
        "DELETE /assistants/{assistant}", names=thread)
    add(CHATKIT, None, "thing", "DELETE /sessions/{session}")
    add(AI, None, "thing", "DELETE /artifacts/{handle}", "DELETE /documents/{document}", "DELETE /studies/{study}",
        "DELETE /projects/{project}", names={"handle": "artifact"})
    add(AI, None, "thing", "DELETE /assistants/{assistant}", names={"assistant": "second_assistant"})
    add(AI, None, "thing", "DELETE /conversations/{id}", names=conversation)
    return table
