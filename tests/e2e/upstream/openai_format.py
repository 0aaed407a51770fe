"""OpenAI's chat completions: how a reply is written, streamed and whole."""

import base64
import json
import struct
import time
import uuid

from .script import Text, Thinking, ToolCall

STREAM_TYPE = "text/event-stream"
STREAMS_UNLESS_ASKED = False
STATUS_TYPES = {400: "invalid_request_error", 401: "invalid_request_error", 404: "invalid_request_error",
                429: "rate_limit_exceeded", 500: "server_error", 503: "server_error", 529: "overloaded_error"}


def finish_reason(reply):
    reason = "stop" if "stop_for_calls" in reply.quirks and reply.calls() else reply.stop_reason()
    return {"pause": "stop"}.get(reason, reason)


def usage_of(usage):
    if usage is None:
        return None
    return {"prompt_tokens": usage.prompt, "completion_tokens": usage.completion,
            "total_tokens": usage.prompt + usage.completion,
            "prompt_tokens_details": {"cached_tokens": usage.cached},
            "completion_tokens_details": {"reasoning_tokens": usage.reasoning}}


def error_body(message, kind=None, status=400):
    code = None
    if kind == "context":
        code = "context_length_exceeded"
        message = ("This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 "
                   "tokens. Please reduce the length of the messages.")
    if status == 429:
        code = "rate_limit_exceeded"
    return {"error": {"message": message, "type": STATUS_TYPES.get(status, "server_error"), "param": None, "code": code}}


def request_id_header():
    return {"x-request-id": f"req_{uuid.uuid4().hex}"}


class Stream:
    """The frames of one reply."""

    def __init__(self, reply, request):
        self.reply, self.quirks = reply, reply.quirks
        self.base = {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": "chat.completion.chunk",
                     "created": int(time.time()), "model": request["model"], "system_fingerprint": "fp_fake"}
        self.with_usage = bool((request.get("stream_options") or {}).get("include_usage"))
        self.calls = 0

    def frame(self, data):
        return b"data: " + data.encode() + b"\n\n"

    def chunk(self, delta, finish=None):
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        body = self.base | {"choices": [choice]} | ({"usage": None} if self.with_usage else {})
        return self.frame(json.dumps(body, ensure_ascii=False))

    def start(self):
        return [self.chunk({"role": "assistant", "content": ""})]

    def step(self, step):
        if isinstance(step, Thinking):
            return [self.chunk({"reasoning_content": piece}) for piece in step.pieces]
        if isinstance(step, Text):
            return [self.chunk({"content": piece}) for piece in step.pieces]
        return self.call(step)

    def call(self, step):
        index = {} if "missing_index" in self.quirks else {"index": self.calls}
        identity = {} if "missing_id" in self.quirks else {"id": step.id or f"call_{uuid.uuid4().hex[:24]}"}
        self.calls += 1
        begun = index | identity | {"type": "function"}
        if "whole_calls" in self.quirks:
            return [self.chunk({"tool_calls": [begun | {"function": {"name": step.name, "arguments": step.text}}]})]
        frames = [self.chunk({"tool_calls": [begun | {"function": {"name": step.name, "arguments": ""}}]})]
        return frames + [self.chunk({"tool_calls": [index | {"function": {"arguments": piece}}]})
                         for piece in step.pieces]

    def end(self):
        frames = []
        if "missing_finish" not in self.quirks:
            frames.append(self.chunk({}, finish_reason(self.reply)))
            if self.with_usage and self.reply.usage:
                last = self.base | {"choices": [], "usage": usage_of(self.reply.usage)}
                frames.append(self.frame(json.dumps(last)))
        return frames if "missing_done" in self.quirks else frames + [self.frame("[DONE]")]

    def error(self, fault):
        return self.frame(json.dumps({"error": {"message": fault.message, "type": fault.type, "param": None,
                                                "code": None}}))

    def ping(self):
        return b": ping\n\n"

    def endless(self):
        return b'data: {"choices": [{"index": 0, "delta": {"content": "'


def whole(reply, request):
    message = {"role": "assistant", "content": reply.text() or None, "refusal": None}
    if reply.thinking():
        message["reasoning_content"] = reply.thinking()
    calls = [({} if "missing_id" in reply.quirks else {"id": call.id or f"call_{uuid.uuid4().hex[:24]}"})
             | {"type": "function", "function": {"name": call.name, "arguments": call.text}} for call in reply.calls()]
    if calls:
        message["tool_calls"] = calls
    body = {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": "chat.completion", "created": int(time.time()),
            "model": request["model"], "system_fingerprint": "fp_fake",
            "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish_reason(reply)}]}
    return body | ({"usage": usage_of(reply.usage)} if reply.usage else {})


def models(names):
    return {"object": "list", "data": [model(name) for name in names]}


def model(name):
    return {"id": name, "object": "model", "created": 1700000000, "owned_by": "fake"}


def embeddings(request, vector_of):
    texts = request["input"] if isinstance(request["input"], list) else [request["input"]]
    data = []
    for index, text in enumerate(texts):
        vector = vector_of(text, request.get("dimensions") or 8)
        if request.get("encoding_format") == "base64":
            vector = base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
        data.append({"object": "embedding", "index": index, "embedding": vector})
    tokens = sum(len(str(text)) // 4 + 1 for text in texts)
    return {"object": "list", "model": request["model"], "data": data,
            "usage": {"prompt_tokens": tokens, "total_tokens": tokens}}
