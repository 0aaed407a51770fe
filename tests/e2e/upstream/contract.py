"""What the real servers refuse: a request that breaks one of these rules is answered 400 here, too.

Each check gives the sentence that tells what is wrong, or None.
"""

import re

TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def check_openai(body, headers):
    if not isinstance(body.get("model"), str):
        return "you must provide a model parameter"
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return "[] is too short - 'messages'"
    open_calls = []
    for number, message in enumerate(messages):
        if message.get("role") == "tool":
            if message.get("tool_call_id") not in open_calls:
                return f"messages[{number}]: a message with role 'tool' must follow its 'tool_calls'"
            open_calls.remove(message["tool_call_id"])
            continue
        if open_calls:
            return f"messages[{number}]: tool calls without a result: {open_calls}"
        if message.get("role") not in ("system", "developer", "user", "assistant"):
            return f"messages[{number}]: no role {message.get('role')!r}"
        calls = message.get("tool_calls")
        if calls is not None and not calls:
            return f"messages[{number}].tool_calls: [] is too short"
        if message.get("content") is None and not calls:
            return f"messages[{number}].content: expected a string, got null"
        open_calls = [call["id"] for call in calls or []]
        if any(not isinstance(call["function"]["arguments"], str) for call in calls or []):
            return f"messages[{number}]: arguments must be a string"
    if open_calls:
        return f"tool calls without a result: {open_calls}"
    return check_names([tool["function"]["name"] for tool in body.get("tools") or []])


def check_names(names):
    for number, name in enumerate(names):
        if not TOOL_NAME.fullmatch(name):
            return f"tools[{number}].name: {name!r} does not match ^[a-zA-Z0-9_-]{{1,64}}$"
        if name in names[:number]:
            return f"tools[{number}].name: {name!r} is there twice"
    return None


def check_anthropic(body, headers):
    if "anthropic-version" not in headers:
        return "anthropic-version: header is required"
    if not isinstance(body.get("model"), str) or not isinstance(body.get("max_tokens"), int):
        return "max_tokens: Field required"
    messages = body.get("messages")
    if not isinstance(messages, list) or not messages:
        return "messages: at least one message is required"
    if messages[0].get("role") != "user":
        return 'messages: first message must use the "user" role'
    open_calls = []
    for number, message in enumerate(messages):
        wrong = check_blocks(number, message, open_calls)
        if wrong:
            return wrong
        open_calls = [block["id"] for block in blocks_of(message) if block["type"] == "tool_use"]
    if open_calls:
        return f"messages: tool_use ids without tool_result blocks: {open_calls}"
    last = blocks_of(messages[-1])
    if messages[-1]["role"] == "assistant" and last and last[-1].get("text", "").rstrip() != last[-1].get("text", ""):
        return "messages: final assistant content cannot end with trailing whitespace"
    return check_names([tool["name"] for tool in body.get("tools") or []])


def blocks_of(message):
    content = message.get("content")
    return [{"type": "text", "text": content}] if isinstance(content, str) else content or []


def check_blocks(number, message, open_calls):
    if message.get("role") not in ("user", "assistant"):
        return f"messages.{number}.role: Input should be 'user' or 'assistant'"
    blocks = blocks_of(message)
    if not blocks:
        return f"messages.{number}: all messages must have non-empty content"
    results = [block["tool_use_id"] for block in blocks if block["type"] == "tool_result"]
    if sorted(results) != sorted(open_calls):
        return f"messages.{number}: tool_use ids {open_calls} need tool_result blocks, there are {results}"
    if any(block["type"] != "tool_result" for block in blocks[:len(results)]):
        return f"messages.{number}: tool_result blocks must come first"
    for block in blocks:
        if block["type"] == "text" and not block["text"].strip():
            return f"messages.{number}: text content blocks must contain non-whitespace text"
        if block["type"] == "tool_use" and not isinstance(block["input"], dict):
            return f"messages.{number}: tool_use.input: Input should be a valid dictionary"
        if block["type"] == "thinking" and not block.get("signature"):
            return f"messages.{number}: thinking.signature: Field required"
    return None


def check_ollama(body, headers):
    if not body.get("model"):
        return "model is required"
    for number, message in enumerate(body.get("messages") or []):
        if message.get("role") not in ("system", "user", "assistant", "tool"):
            return f"invalid role: {message.get('role')}"
        if not isinstance(message.get("content", ""), str):
            return f"messages[{number}]: cannot unmarshal content into a string"
        for call in message.get("tool_calls") or []:
            if not isinstance(call["function"]["arguments"], dict):
                return f"messages[{number}]: cannot unmarshal arguments into an object"
    return None
