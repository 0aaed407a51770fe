"""Anthropic's Messages: how a reply is written, streamed and whole."""

import json
import uuid

from .script import Thinking, ToolCall, Text

STREAM_TYPE = "text/event-stream; charset=utf-8"
STREAMS_UNLESS_ASKED = False
STATUS_TYPES = {400: "invalid_request_error", 401: "authentication_error", 403: "permission_error",
                404: "not_found_error", 413: "request_too_large", 429: "rate_limit_error", 529: "overloaded_error"}
STOPS = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use", "content_filter": "refusal",
         "pause": "pause_turn"}


def request_id_header():
    return {"request-id": f"req_{uuid.uuid4().hex[:24]}"}


def error_body(message, kind=None, status=400):
    if kind == "context":
        message = "prompt is too long: 200001 tokens > 200000 maximum"
    return {"type": "error", "error": {"type": STATUS_TYPES.get(status, "api_error"), "message": message},
            "request_id": f"req_{uuid.uuid4().hex[:24]}"}


def input_usage(usage):
    usage_in = usage.prompt - usage.cached - usage.written if usage else 0
    return {"input_tokens": usage_in, "cache_creation_input_tokens": usage.written if usage else 0,
            "cache_read_input_tokens": usage.cached if usage else 0}


def message_of(reply, request):
    return {"id": f"msg_{uuid.uuid4().hex[:24]}", "type": "message", "role": "assistant", "model": request["model"],
            "content": [], "stop_reason": None, "stop_sequence": None}


def call_id(call):
    return call.id or f"toolu_{uuid.uuid4().hex[:24]}"


class Stream:
    """The frames of one reply."""

    def __init__(self, reply, request):
        self.reply, self.message, self.blocks = reply, message_of(reply, request), 0

    def frame(self, data, name="content_block_delta"):
        return f"event: {name}\ndata: {data}\n\n".encode()

    def event(self, name, **fields):
        return self.frame(json.dumps({"type": name} | fields, ensure_ascii=False), name)

    def start(self):
        usage = input_usage(self.reply.usage) | {"output_tokens": 1}
        return [self.event("message_start", message=self.message | {"usage": usage}), self.ping()]

    def step(self, step):
        begin, deltas = self.parts(step)
        index, self.blocks = self.blocks, self.blocks + 1
        frames = [self.event("content_block_start", index=index, content_block=begin)]
        frames += [self.event("content_block_delta", index=index, delta=delta) for delta in deltas]
        return frames + [self.event("content_block_stop", index=index)]

    def parts(self, step):
        if isinstance(step, ToolCall):
            begin = {"type": "tool_use", "id": call_id(step), "name": step.name, "input": {}}
            pieces = [] if step.text == "{}" else step.pieces
            return begin, [{"type": "input_json_delta", "partial_json": piece} for piece in ["", *pieces]]
        if isinstance(step, Thinking) and step.redacted is not None:
            return {"type": "redacted_thinking", "data": step.redacted}, []
        if isinstance(step, Thinking):
            deltas = [{"type": "thinking_delta", "thinking": piece} for piece in step.pieces]
            deltas.append({"type": "signature_delta", "signature": step.signature})
            return {"type": "thinking", "thinking": "", "signature": ""}, deltas
        return {"type": "text", "text": ""}, [{"type": "text_delta", "text": piece} for piece in step.pieces]

    def end(self):
        stop = STOPS.get(self.reply.stop_reason(), self.reply.stop_reason())
        usage = input_usage(self.reply.usage)
        usage["output_tokens"] = self.reply.usage.completion if self.reply.usage else 0
        return [self.event("message_delta", delta={"stop_reason": stop, "stop_sequence": None}, usage=usage),
                self.event("message_stop")]

    def error(self, fault):
        return self.event("error", error={"type": fault.type, "message": fault.message})

    def ping(self):
        return self.event("ping")

    def endless(self):
        return b'event: content_block_delta\ndata: {"type": "content_block_delta", "index": 0, "delta": {"text": "'


def whole(reply, request):
    content = []
    for step in reply.steps:
        if isinstance(step, ToolCall):
            arguments = step.arguments
            content.append({"type": "tool_use", "id": call_id(step), "name": step.name, "input": arguments})
        elif isinstance(step, Thinking) and step.redacted is not None:
            content.append({"type": "redacted_thinking", "data": step.redacted})
        elif isinstance(step, Thinking):
            content.append({"type": "thinking", "thinking": step.whole, "signature": step.signature})
        elif isinstance(step, Text):
            content.append({"type": "text", "text": step.whole})
    stop = STOPS.get(reply.stop_reason(), reply.stop_reason())
    usage = input_usage(reply.usage) | {"output_tokens": reply.usage.completion if reply.usage else 0}
    return message_of(reply, request) | {"content": content, "stop_reason": stop, "usage": usage}


def models(names):
    data = [{"type": "model", "id": name, "display_name": name, "created_at": "2026-01-01T00:00:00Z"}
            for name in names]
    return {"data": data, "has_more": False, "first_id": names[0], "last_id": names[-1]}
