#!/usr/bin/env python3
"""Fails on an include that points against the architecture, and on a circle of includes.

Dependencies point one way: what a folder of daemon/ may include is written here and nowhere else.
"""
import pathlib
import re
import sys

ALLOWED = {
    "base": set(),
    "core": {"base"},
    "http": {"base"},
    # What both databases are made of: connections, readers, migrations.
    "sqlite": {"base"},
    "store": {"core", "sqlite", "base"},
    # The host's side of the plugin ABI, for hosts and for plugins that the daemon loads itself.
    "plugin_abi": {"base"},
    # How servers are asked over HTTP: models as well as MCP servers.
    "upstream": {"base"},
    # Spans on their way to a collector.
    "telemetry": {"upstream", "base"},
    "tools": {"core", "upstream", "plugin_abi", "base"},
    "providers": {"core", "upstream", "base"},
    # Who asks: keys, tokens, logins. http has the question, app joins them.
    "auth": {"core", "http", "upstream", "base"},
    # What a process may do that runs other people's code or reads other people's files.
    "sandbox": {"base"},
    "knowledge": {"core", "sqlite", "sandbox", "base"},
    # Everything that is stored, as a whole: backups, exports, checks.
    "backup": {"core", "sqlite", "store", "knowledge", "base"},
    "api": {"core", "http", "base"},
    "plugin_host": {"base", "plugin_abi", "sandbox"},
    "keeper": {"base"},
    "cli": {"base"},
    "app": {"api", "auth", "core", "http", "store", "telemetry", "tools", "providers", "upstream", "knowledge", "backup", "sqlite", "base"},
    "main.cpp": {"app", "base"},
}
# The offline assistant, from what is said to what is done and told: each folder sees those before it.
OFFLINE = "providers/offline"
OFFLINE_LAYERS = ["words", "phrases", "orders", "conversation", "plan", "reply"]
# plugin-api/check, which is a program beside the daemon.
CHECK_MAY_SEE = {"tools", "providers", "core", "base", "plugin_host", "plugin_abi"}
# Libraries that belong to one folder.
OWNED = {
    "pistache/": {"http"},
    "sqlite3.h": {"sqlite", "store"},
    "hnswlib/": {"knowledge"},
    "curl/": {"upstream", "cli"},
    "histedit.h": {"cli"},
    "md4c.h": {"cli"},
    "archive": {"backup", "knowledge"},
    "dlfcn.h": {"plugin_abi"},
    "boost/dll": {"plugin_abi"},
    "prometheus/": {"app"},
    "systemd/sd-journal.h": {"base"},
}


def includes_of(file):
    return re.findall(r'^\s*#\s*include\s+(["<])([^">]+)[">]', file.read_text(), re.MULTILINE)


def offline_layer(path):
    inner = pathlib.PurePath(path).relative_to(OFFLINE).parts
    return OFFLINE_LAYERS.index(inner[0]) if len(inner) > 1 else len(OFFLINE_LAYERS)


def complaints(root):
    daemon = root / "daemon"
    graph = {}
    for file in sorted(daemon.rglob("*")):
        if file.suffix not in {".h", ".cpp"}:
            continue
        name = file.relative_to(daemon)
        folder = name.parts[0]
        graph[str(name)] = []
        for kind, target in includes_of(file):
            if kind == '"' and (daemon / target).exists():
                graph[str(name)].append(target)
                other = pathlib.PurePath(target).parts[0]
                if other != folder and other not in ALLOWED[folder]:
                    yield f"daemon/{name} includes {target}: {folder} may not see {other}"
                if all(str(one).startswith(OFFLINE + "/") for one in (name, target)) and offline_layer(target) > offline_layer(name):
                    yield f"daemon/{name} includes {target}, which comes after it in {', '.join(OFFLINE_LAYERS)}"
            for library, folders in OWNED.items():
                if target.startswith(library) and folder not in folders:
                    yield f"daemon/{name} includes {target}: only {', '.join(sorted(folders))} may"
    for plugin in sorted((root / "plugins").rglob("*")):
        if plugin.suffix not in {".h", ".cpp"}:
            continue
        own = root / "plugins" / plugin.relative_to(root / "plugins").parts[0]
        for kind, target in includes_of(plugin):
            if kind == '"' and (daemon / target).exists() and not (own / target).exists():
                yield f"{plugin.relative_to(root)} includes {target}: plugins see plugin-api and nothing else"
    # What tests plugins is made of the daemon's own code; the rest of plugin-api knows nothing of the daemon.
    for file in sorted((root / "plugin-api").rglob("*")):
        if file.suffix not in {".h", ".hpp", ".cpp", ".c"}:
            continue
        allowed = CHECK_MAY_SEE if file.is_relative_to(root / "plugin-api/check") else set()
        for kind, target in includes_of(file):
            if kind == '"' and (daemon / target).exists() and pathlib.PurePath(target).parts[0] not in allowed:
                yield f"{file.relative_to(root)} includes {target}: it may see {', '.join(sorted(allowed)) or 'plugin-api'}"
    yield from circles(graph)


def circles(graph):
    done, path = set(), []

    def visit(name):
        if name in path:
            yield "a circle of includes: " + " -> ".join(path[path.index(name):] + [name])
            return
        if name in done or name not in graph:
            return
        path.append(name)
        for target in graph[name]:
            yield from visit(target)
        path.pop()
        done.add(name)

    for name in graph:
        yield from visit(name)


if __name__ == "__main__":
    found = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(found))
    sys.exit(1 if found else 0)
