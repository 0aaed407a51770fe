"""People with keys of a daemon that needs them, and what one of them owns."""

import http.client
import json
import subprocess

from daemon import API, BUILD, Reply, until

KEYS = "auth: {mode: keys}\n"


class Person:
    """Asks the daemon as somebody, or as nobody."""

    def __init__(self, daemon, name="", key=None, headers=None):
        self.daemon, self.name, self.key = daemon, name, key
        self.headers = headers if headers is not None else {"Authorization": f"Bearer {key}"} if key else {}

    def ask(self, method, path, body=None, headers=None):
        """One request for a whole path."""
        connection = http.client.HTTPConnection("127.0.0.1", self.daemon.port, timeout=60)
        sent = self.headers | (headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent = {"Content-Type": "application/json"} | sent
        try:
            connection.request(method, path, body, sent)
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def good(self, method, path, body=None, status=(200, 201, 204), headers=None):
        path = path if path.startswith(("/v1", "/api", "/mcp")) else API + path
        reply = self.ask(method, path, body, headers)
        assert reply.status in status, f"{self.name}: {method} {path}: {reply.status} {reply.body[:1000]!r}"
        return json.loads(reply.body) if reply.body else None

    def ctl(self, *arguments, stdin=""):
        environment = {"PATH": "/usr/bin:/bin", "ASSISTD_API_KEY": self.key or "", "HOME": str(self.daemon.folder)}
        return subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.daemon.port}", *arguments],
                              capture_output=True, text=True, timeout=60, input=stdin, env=environment)


def first_key(daemon):
    """What the daemon left for whoever runs it."""
    return (daemon.state / "admin.key").read_text().strip()


def administrator(daemon):
    return Person(daemon, "local", first_key(daemon))


def user(admin, name, **fields):
    """A new user with a key."""
    admin.good("POST", "/users", {"name": name} | fields)
    return Person(admin.daemon, name, key(admin, user=name))


def key(person, name="a key", **fields):
    return person.good("POST", "/keys", {"name": name} | fields)["key"]


def form(**fields):
    """A multipart body of texts and of files, (name, bytes), and its headers."""
    parts = b""
    for name, value in fields.items():
        about, content = f'name="{name}"', value
        if isinstance(value, tuple):
            about, content = f'{about}; filename="{value[0]}"', value[1]
        content = content.encode() if isinstance(content, str) else content
        parts += f"--edge\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode() + content + b"\r\n"
    return parts + b"--edge--\r\n", {"Content-Type": "multipart/form-data; boundary=edge"}


class Belongings:
    """One of everything that a user can own, by the names that the routes have for it."""

    def __init__(self, person):
        self.person = person
        self.values = values = {}
        good = person.good
        values["project"] = good("POST", "/projects", {"name": "soot"})["id"]
        values["conversation"] = good("POST", "/conversations", {"project_id": values["project"]})["id"]
        reply = good("POST", f"/conversations/{values['conversation']}/chat",
                     {"content": "Run a DLA simulation with 40 particles"})
        values["turn"] = reply["turn_id"]
        values["handle"] = reply["artifacts"][0]["handle"]
        values["artifact"] = reply["artifacts"][0]["id"]
        values["message"] = reply["id"]
        values["study"] = good("POST", "/studies", {"tool": "run_dla_simulation", "name": "mine",
                                                    "parameter_grid": {"n_particles": [20]}})["id"]
        until(lambda: good("GET", f"/studies/{values['study']}")["status"] != "running", "the study ends")
        values["run"] = "1"
        values["document"] = person.good("POST", "/documents?name=secret.txt", b"The secret colour is vermilion.")["id"]
        values["key"] = good("GET", "/keys")["keys"][0]["id"]
        self.jobs()
        self.openai()
        self.chatkit()

    def jobs(self):
        result = self.person.good("POST", "/tools/run_dla_simulation/execute",
                                  {"arguments": {"n_particles": 9_000_000, "dimensions": 2, "seed": 5}})
        self.values["job"] = result["data"]["job_id"]

    def openai(self):
        good, values = self.person.good, self.values
        values["assistant"] = good("POST", "/v1/assistants", {"model": "offline", "name": "mine"})["id"]
        body, headers = form(purpose="assistants", file=("secret.txt", b"The secret metal is osmium."))
        values["file"] = good("POST", "/v1/files", body, headers=headers)["id"]
        values["store"] = good("POST", "/v1/vector_stores", {"name": "mine", "file_ids": [values["file"]]})["id"]
        values["batch"] = good("POST", f"/v1/vector_stores/{values['store']}/file_batches",
                               {"file_ids": [values["file"]]})["id"]
        values["thread"] = good("POST", "/v1/threads", {"messages": [{"role": "user", "content": "list algorithms"}]})["id"]
        values["thread_message"] = good("GET", f"/v1/threads/{values['thread']}/messages")["data"][0]["id"]
        values["thread_run"] = good("POST", f"/v1/threads/{values['thread']}/runs",
                                    {"assistant_id": values["assistant"]})["id"]
        run = f"/v1/threads/{values['thread']}/runs/{values['thread_run']}"
        until(lambda: good("GET", run)["status"] in ("completed", "failed"), "the run ends")
        values["step"] = good("GET", f"{run}/steps")["data"][0]["id"]

    def chatkit(self):
        good, values = self.person.good, self.values
        values["session"] = good("POST", "/api/v1/chatkit/sessions")["data"]["id"]
        good("POST", f"/api/v1/chatkit/sessions/{values['session']}/threads")
        values["attachment"] = good("POST", "/api/v1/chatkit", {
            "type": "attachments.create", "params": {"name": "a.txt", "size": 3, "mime_type": "text/plain"}})["id"]
        message = {"content": [{"type": "input_text", "text": "list algorithms"}], "attachments": [],
                   "inference_options": {}}
        reply = self.person.ask("POST", "/api/v1/chatkit", {"type": "threads.create", "params": {"input": message}})
        events = [json.loads(line[6:]) for line in reply.body.decode().splitlines() if line.startswith("data: ")]
        values["chatkit_thread"] = next(e["thread"]["id"] for e in events if e["type"] == "thread.created")
        values["item"] = next(e["item"]["id"] for e in events if e["type"] == "thread.item.done")

    def all_texts(self):
        """What must be in no answer to somebody else."""
        return [value for name, value in self.values.items() if name not in ("run", "handle")] + ["vermilion", "osmium"]
