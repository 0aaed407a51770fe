"""What daemon/api/openapi says of the routes, and whether a request and its reply are as it says."""

import copy
import gzip
import json
import pathlib
import re
import urllib.parse

import jsonschema

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "daemon/api/openapi"


def assembled():
    """The files as one description, as the daemon puts them together."""
    whole = json.loads((FOLDER / "assistd.json").read_text())
    for file in sorted(FOLDER.glob("*.json")):
        if file.name == "assistd.json":
            continue
        part = json.loads(file.read_text())
        whole["paths"].update(part["paths"])
        for kind, members in part.get("components", {}).items():
            whole["components"].setdefault(kind, {}).update(members)
    return whole


def closed(schema):
    """The schema without room for members that it does not name: what a reply has must be described."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: value if key in ("example", "enum", "const") else closed(value) for key, value in schema.items()}
    if isinstance(result.get("properties"), dict) and result.get("type") == "object":
        result.setdefault("additionalProperties", False)
    return result


def events_in(text):
    """The complete events of a stream: (name, data)."""
    for frame in text.replace("\r\n", "\n").split("\n\n")[:-1]:
        name, data = "message", []
        for line in frame.split("\n"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if field == "event":
                name = value
            elif field == "data":
                data.append(value)
        if any(data):
            yield name, "\n".join(data)


class Operation:
    def __init__(self, description, method, path, about):
        self.description, self.method, self.path, self.about = description, method, path, about
        self.id = about["operationId"]
        self.literal = path.count("{") == 0
        self.pattern = re.compile("/".join("[^/]+" if part.startswith("{") else re.escape(part) for part in path.split("/")))

    def parameters(self, place):
        return [one for one in map(self.description.resolved, self.about.get("parameters", [])) if one["in"] == place]

    def body(self, media="application/json"):
        return self.about.get("requestBody", {}).get("content", {}).get(media)

    def response(self, status):
        responses = self.about["responses"]
        found = responses.get(str(status)) or responses.get(f"{status // 100}XX")
        return found and self.description.resolved(found)


class Description:
    def __init__(self, whole=None):
        self.whole = whole or assembled()
        self.strict = {"components": closed(copy.deepcopy(self.whole["components"]))}
        self.operations = [Operation(self, method, path, about) for path, methods in self.whole["paths"].items()
                           for method, about in methods.items()]

    def resolved(self, value):
        while "$ref" in value:
            found = self.whole
            for step in value["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            value = found
        return value

    def find(self, method, path):
        """The operation that answers a request; None for none."""
        method = "get" if method == "HEAD" else method.lower()
        path = path.rstrip("/") or "/"
        fitting = [one for one in self.operations if one.method == method and one.pattern.fullmatch(path)]
        return min(fitting, key=lambda one: not one.literal, default=None)

    def errors(self, schema, value, strict):
        """What of the value is not as the schema says; in `strict` terms all of it must be described."""
        root = self.strict if strict else {"components": self.whole["components"]}
        validator = jsonschema.Draft202012Validator({**(closed(schema) if strict else schema), **root})
        return [f"{'.'.join(map(str, error.absolute_path)) or 'it'}: {best(error)}" for error in validator.iter_errors(value)]

    # One exchange

    def check(self, exchange):
        """Sentences on what of the exchange is not described."""
        target = urllib.parse.urlsplit(exchange.target)
        operation = self.find(exchange.method, target.path)
        if operation is None:
            return [f"{exchange.status}, and nothing describes it"] if 200 <= exchange.status < 300 and exchange.method != "OPTIONS" else []
        exchange.operation = operation.id
        problems = []
        if 200 <= exchange.status < 300:
            problems += self.check_request(operation, exchange, target.query)
        return problems + self.check_reply(operation, exchange)

    def check_request(self, operation, exchange, query):
        known = {one["name"].removesuffix("[]") for one in operation.parameters("query")}
        given = {key.removesuffix("[]") for key, _ in urllib.parse.parse_qsl(query, keep_blank_values=True)}
        problems = [f"the query key {key} was taken, and nothing describes it" for key in sorted(given - known)]
        described = operation.body()
        if not exchange.request_body or not (described or "requestBody" not in operation.about):
            return problems
        try:
            value = json.loads(exchange.request_body)
        except ValueError:
            return problems
        if not described:
            return problems + ([f"a body was taken, and nothing describes it: {value}"] if value != {} else [])
        return problems + [f"the request was taken, but {error}" for error in self.errors(described["schema"], value, strict=False)]

    def check_reply(self, operation, exchange):
        response = operation.response(exchange.status)
        if response is None:
            return [f"the status {exchange.status} is not described"]
        content = response.get("content")
        media_type = exchange.headers.get("Content-Type", "").partition(";")[0]
        if exchange.method == "HEAD" or not exchange.body:
            may_be_empty = exchange.method == "HEAD" or not content or not exchange.whole or media_type == "text/event-stream"
            return [] if may_be_empty else ["the reply has no body"]
        if not content:
            return [f"the reply has a body, and nothing describes it: {exchange.body[:200]!r}"]
        media = content.get(media_type) or content.get(media_type.partition("/")[0] + "/*") or content.get("*/*")
        if media is None:
            return [f"the media type {media_type} is not described"]
        body = exchange.body
        if exchange.headers.get("Content-Encoding") == "gzip" and exchange.whole:
            body = gzip.decompress(body)
        if media_type == "text/event-stream":
            return self.check_events(media, body.decode(errors="replace"))
        if media_type != "application/json" or not exchange.whole or "schema" not in media or not media["schema"]:
            return []
        return self.errors(media["schema"], json.loads(body), strict=True)

    def check_events(self, media, text):
        problems = []
        for name, data in events_in(text):
            if data == media.get("x-end"):
                continue
            schema = media["x-events"].get(name)
            if schema is None:
                problems.append(f"the event {name} is not described")
            else:
                problems += [f"event {name}: {error}" for error in self.errors(schema, json.loads(data), strict=True)]
        return problems


def best(error):
    """The most telling of what went wrong in the branches of a choice."""
    text = error.message[:300]
    if error.context:
        deepest = max(error.context, key=lambda one: len(one.absolute_path))
        text += f" (nearest: {'.'.join(map(str, deepest.absolute_path))}: {deepest.message[:200]})"
    return text
