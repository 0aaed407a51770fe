"""Ollama's own interface: how a reply is written, line by line and whole."""

import datetime
import json
import uuid

from .script import Text, Thinking, ToolCall

STREAM_TYPE = "application/x-ndjson"
STREAMS_UNLESS_ASKED = True


def request_id_header():
    return {}


def error_body(message, kind=None, status=400):
    return {"error": "the input length exceeds the context length" if kind == "context" else message}


def now():
    return datetime.datetime.now(datetime.UTC).isoformat().replace("+00:00", "Z")


def call_of(call, index, quirks):
    function = {"name": call.name, "arguments": call.arguments}
    if "with_ids" in quirks:
        return {"id": call.id or f"call_{uuid.uuid4().hex[:8]}", "function": {"index": index} | function}
    return {"function": function}


def last_fields(reply):
    reason = {"tool_calls": "stop", "content_filter": "stop", "pause": "stop"}.get(reply.stop_reason(),
                                                                                reply.stop_reason())
    fields = {"done": True, "done_reason": reason, "total_duration": 5_000_000, "load_duration": 1_000_000}
    if reply.usage:
        # A prompt that was cached as a whole is not counted at all.
        if reply.usage.prompt > reply.usage.cached:
            fields |= {"prompt_eval_count": reply.usage.prompt, "prompt_eval_duration": 2_000_000}
        fields |= {"eval_count": reply.usage.completion, "eval_duration": 2_000_000}
    return fields


class Stream:
    """The lines of one reply."""

    def __init__(self, reply, request):
        self.reply, self.model, self.calls = reply, request["model"], 0

    def frame(self, data):
        return data.encode() + b"\n"

    def line(self, message, **fields):
        body = {"model": self.model, "created_at": now(), "message": {"role": "assistant", "content": ""} | message}
        return self.frame(json.dumps(body | ({"done": False} | fields), ensure_ascii=False))

    def start(self):
        return []

    def step(self, step):
        if isinstance(step, ToolCall):
            self.calls += 1
            return [self.line({"tool_calls": [call_of(step, self.calls - 1, self.reply.quirks)]})]
        kind = "thinking" if isinstance(step, Thinking) else "content"
        return [self.line({kind: piece}) for piece in step.pieces]

    def end(self):
        return [self.line({}, **last_fields(self.reply))]

    def error(self, fault):
        return self.frame(json.dumps({"error": fault.message}))

    def ping(self):
        return b"\n"

    def endless(self):
        return b'{"model": "fake", "message": {"role": "assistant", "content": "'


def whole(reply, request):
    message = {"role": "assistant", "content": reply.text()}
    if reply.thinking():
        message["thinking"] = reply.thinking()
    if reply.calls():
        message["tool_calls"] = [call_of(call, index, reply.quirks) for index, call in enumerate(reply.calls())]
    return {"model": request["model"], "created_at": now(), "message": message} | last_fields(reply)


def tags(names):
    details = {"parent_model": "", "format": "gguf", "family": "fake", "families": ["fake"], "parameter_size": "1B",
               "quantization_level": "Q4_K_M"}
    return {"models": [{"name": name, "model": name, "modified_at": "2026-01-01T00:00:00Z", "size": 1_000_000,
                        "digest": "0" * 64, "details": details} for name in names]}


def show(context_window):
    return {"modelfile": "", "parameters": "", "template": "{{ .Prompt }}", "details": tags(["x"])["models"][0]["details"],
            "model_info": {"general.architecture": "fake", "fake.context_length": context_window},
            "capabilities": ["completion", "tools", "thinking", "vision"], "modified_at": "2026-01-01T00:00:00Z"}


def embed(request, vector_of):
    texts = request["input"] if isinstance(request["input"], list) else [request["input"]]
    return {"model": request["model"], "embeddings": [vector_of(text, 8) for text in texts],
            "total_duration": 1_000_000, "load_duration": 1_000, "prompt_eval_count": len(texts)}
