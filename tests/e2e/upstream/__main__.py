"""The fake model server as a program, to try a daemon by hand:

    cd tests/e2e && python3 -m upstream --port 0 --script FILE.json

It prints its port and serves until its standard input ends or it is interrupted. Without a script every request is
answered with a sentence. The script's form: server.py (add) and script.py (reply_from); an example is example.json.
"""

import argparse
import json
import pathlib
import sys

from .script import Reply, Text
from .server import Upstream


def main():
    arguments = argparse.ArgumentParser(description="A fake model server that speaks OpenAI, Anthropic and Ollama.")
    arguments.add_argument("--port", type=int, default=0)
    arguments.add_argument("--script", type=pathlib.Path)
    arguments.add_argument("--key", help="the only API key that it takes")
    arguments.add_argument("--keep", action="store_true", help="do not end with the standard input")
    options = arguments.parse_args()
    upstream = Upstream(key=options.key, port=options.port)
    if options.script:
        upstream.add(json.loads(options.script.read_text()))
    else:
        upstream.script(otherwise=Reply([Text("This is ", "a fake ", "model.")]))
    with upstream:
        print(upstream.port, flush=True)
        try:
            while options.keep or sys.stdin.readline():
                if options.keep:
                    upstream.wait_for(lambda: False, "the end", 3600)
        except (KeyboardInterrupt, AssertionError):
            pass


main()
