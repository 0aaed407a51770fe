"""A fake model server for tests: see server.py for how to run it and script.py for what it can be told to say."""

from .script import (FAULTS, Failure, Fault, Gate, Pause, Ping, Reply, Text, Thinking, ToolCall, Usage,
                     context_too_long, proxy_page, rate_limited)
from .server import Upstream

__all__ = ["FAULTS", "Failure", "Fault", "Gate", "Pause", "Ping", "Reply", "Text", "Thinking", "ToolCall", "Upstream",
           "Usage", "context_too_long", "proxy_page", "rate_limited"]
