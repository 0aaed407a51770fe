"""The configuration: its schema, its commented file, its manual page and what the daemon reads are one and the same; what
is wrong in it is told, and what counts can be printed."""

import copy
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

import jsonschema
import yaml

from daemon import BUILD, FolderTest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "config/assistd.yaml"
SCHEMA = json.loads((ROOT / "config/schema.json").read_text())
KEYS = {"OPENAI_API_KEY": "key", "LAB_KEY": "key"}


def typed(node):
    """As YAML 1.2 has it and editors read it; PyYAML would take "off" for false."""
    if isinstance(node, dict):
        return {key: typed(value) for key, value in node.items()}
    if isinstance(node, list):
        return [typed(value) for value in node]
    for kind in (int, float):
        try:
            return kind(node)
        except ValueError:
            pass
    return {"true": True, "false": False, "null": None, "~": None, "": None}.get(node, node)


def parsed(text):
    return typed(yaml.load(text, yaml.BaseLoader))


def with_examples(text):
    """The commented file with its examples in force."""
    text = re.sub(r"^(\s*)#( {2,}\S|\w+:)", r"\1\2", text, flags=re.M)
    return re.sub(r"^(\w+): \{\}$", r"\1:", text, flags=re.M).replace("prompts: /etc/assistd/prompts", "prompts: /")


def leaves(schema, path=()):
    """Every value that a configuration may have: its path, in which * is a name of the user's, and its schema."""
    for name, one in schema.get("properties", {}).items():
        yield from leaves(one, path + (name,))
    more = schema.get("additionalProperties")
    items = schema.get("items")
    if isinstance(more, dict):
        yield from leaves(more, path + ("*",))
    if isinstance(items, dict) and "properties" in items:
        yield from leaves(items, path + ("*",))
    elif not schema.get("properties") and not isinstance(more, dict):
        yield path, schema


def places(document, path):
    """The maps or lists that hold the path's last part, with its name there; the parts before it have to be there."""
    if len(path) == 1:
        if path[0] != "*":
            yield document, path[0]
        return
    if path[0] == "*":
        names = list(document) if isinstance(document, dict) else range(len(document or []))
    else:
        names = [path[0]]
    for name in names:
        below = document.get(name) if isinstance(document, dict) else document[name]
        if below is not None:
            yield from places(below, path[1:])


class ConfigTest(FolderTest):
    def run_program(self, *arguments, environment=None):
        clean = {key: value for key, value in os.environ.items() if not key.startswith("ASSISTD_")} | KEYS
        return subprocess.run([BUILD / "bin/assistd", *arguments], capture_output=True, text=True, timeout=60,
                              env=clean | (environment or {}), cwd=self.folder)

    def file(self, text, name="assistd.yaml"):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text) if isinstance(text, bytes) else path.write_text(text)
        return path

    def check(self, document):
        """What --check-config says of a document, line by line."""
        result = self.run_program("--config", self.file(json.dumps(document)), "--check-config")
        return result.returncode, result.stderr.splitlines()


class SameEverywhere(ConfigTest):
    def setUp(self):
        super().setUp()
        self.everything = parsed(with_examples(SHIPPED.read_text()))
        table = (ROOT / "daemon/base/config_keys.cpp").read_text()
        self.table = set(re.findall(r'^    \{"([a-z_.]+)",', table, re.M))

    def test_the_schema_takes_the_shipped_file_and_its_examples(self):
        jsonschema.Draft7Validator.check_schema(SCHEMA)
        validator = jsonschema.Draft7Validator(SCHEMA)
        self.assertEqual([], list(validator.iter_errors(parsed(SHIPPED.read_text()))))
        self.assertEqual([], [error.message for error in validator.iter_errors(self.everything)])
        code, lines = self.check(self.everything)
        self.assertEqual((code, [line for line in lines if "must" in line or "there is no key" in line]), (0, []))
        self.assertTrue(SHIPPED.read_text().startswith("# yaml-language-server: $schema=schema.json\n"))
        manual = (ROOT / "packaging/man/assistd.yaml.5").read_text()
        example = manual[manual.index(".Sh EXAMPLES"):].split(".Bd -literal -offset indent\n")[1].split(".Ed")[0]
        self.assertEqual([], list(validator.iter_errors(parsed(example))))

    def test_every_key_is_in_the_schema_and_no_other(self):
        single = {".".join(path) for path, _ in leaves(SCHEMA) if "*" not in path}
        self.assertEqual(single, self.table)

    def test_what_counts_after_a_restart_is_told_in_the_same_words_everywhere(self):
        table = (ROOT / "daemon/base/config_keys.cpp").read_text()
        entries = re.split(r'^    (?=\{"[a-z_.]+",)', table[table.index("constexpr ConfigKey keys[]"):], flags=re.M)[1:]
        later = {entry.split('"')[1] for entry in entries if "Counts::after_restart" in entry}
        self.assertGreater(len(later), 30)
        words = re.compile(r"[a-z]+(?:[._][a-z]+)*")
        manual = (ROOT / "packaging/man/assistd.yaml.5").read_text()
        told = {
            "the shipped file": re.search(r"These keys count after a restart: (.*?)\.\n",
                                          SHIPPED.read_text().replace("\n# ", " "), re.S)[1],
            "the readme": re.search(r"These keys count after a restart, and a warning says so:\s(.*?)\.\s",
                                    (ROOT / "README.md").read_text(), re.S)[1],
            "the manual": re.sub(r"^\.Li", "", re.search(r"These keys count after a restart, and a warning says so:\n(.*?) \.\n",
                                                         manual, re.S)[1], flags=re.M),
        }
        for where, text in told.items():
            with self.subTest(where=where):
                names = set(words.findall(text)) - {"and"}
                for name in names:
                    below = {key for key in self.table if key == name or key.startswith(name + ".")}
                    self.assertTrue(below and below <= later, name)
                self.assertEqual({key for key in later if not any(key == name or key.startswith(name + ".") for name in names)},
                                 set())

    def test_every_key_is_in_the_shipped_file_and_in_the_manual(self):
        manual = (ROOT / "packaging/man/assistd.yaml.5").read_text()
        words = set(re.findall(r"[a-z_]+", manual))
        for path, _ in leaves(SCHEMA):
            self.assertTrue(list(places(self.everything, path)) or path[-1] == "*", path)
            there = any(name in place for place, name in places(self.everything, path)) if path[-1] != "*" else True
            # Of several ways to name a key's place the example shows one, and so it is with what excludes each other.
            others = {"api_key_file", "api_key_credential", "allow", "deny", "ask", "users", "roles",
                      "secret_env", "secret_file", "secret_credential", "public_key_file"}
            self.assertTrue(there or path[-1] in others, path)
        for path in self.table:
            self.assertIn(f".It Li {path} :", manual)
        for path, _ in leaves(SCHEMA):
            # What is three levels down is explained in the shipped file alone.
            if path[-1] != "*" and path[0] != "policy" and len(path) <= 3 + (path[0] == "mcp"):
                self.assertIn(path[-1], words, path)

    def test_every_name_that_the_daemon_reads_is_in_the_schema(self):
        in_schema = {name for path, _ in leaves(SCHEMA) for name in path}
        for source in (ROOT / "daemon/base").glob("config_*.cpp"):
            text = source.read_text()
            read = set(re.findall(r'(?:key|member|one|value)\.name == "(\w+)"', text))
            read |= {name for path in re.findall(r'^ {4}\{"([a-z_.]+)",', text, re.M) for name in path.split(".")}
            self.assertEqual(set(), read - in_schema, source.name)

    def test_everything_is_described(self):
        for path, one in leaves(SCHEMA):
            if path[-1] != "*":
                self.assertTrue(one.get("description", "").endswith("."), path)

    def test_the_defaults_are_those_that_count(self):
        printed = self.run_program("--print-config").stdout
        for line in printed.splitlines():
            self.assertIn("# the default", line) if not line.endswith(":") else None
        effective = parsed(printed)
        for path, one in leaves(SCHEMA):
            if "*" in path:
                continue
            found = [place[name] for place, name in places(effective, path) if name in place]
            self.assertEqual(found, [one["default"]] if "default" in one else [], path)

    def test_what_belongs_together_is_missed_by_the_schema_too(self):
        jwt = {"issuer": "i", "audience": "a", "jwks_url": "https://i.example/keys", "algorithms": ["ES256"]}
        good = {"auth": {"mode": "jwt", "jwt": jwt}, "providers": {"lab": {"kind": "openai", "base_url": "http://h/v1"}}}
        jsonschema.validate(good, SCHEMA)
        self.assertEqual(self.check(good)[0], 0)
        for wrong in ({"auth": {"mode": "jwt"}}, {"auth": {"mode": "jwt", "jwt": jwt | {"algorithms": ["HS256"]}}},
                      {"providers": {"lab": {"kind": "openai"}}}):
            with self.subTest(wrong), self.assertRaises(jsonschema.ValidationError):
                self.assertEqual(self.check(wrong)[0], 1)
                jsonschema.validate(wrong, SCHEMA)

    def probe(self, change, also=lambda path, one: True):
        """Changes all leaves that are there; returns the changed document and the paths."""
        document, changed = copy.deepcopy(self.everything), []
        for path, one in leaves(SCHEMA):
            value = change(one)
            if value is None or not also(path, one):
                continue
            for place, name in places(document, path):
                if name in place:
                    place[name] = value
                    changed.append(path)
        return document, changed

    def assert_all_are_told(self, document, changed):
        """The daemon refuses each of them by its key, and the schema too."""
        code, lines = self.check(document)
        self.assertEqual(code, 1)
        for path in changed:
            pattern = re.escape(".".join(path)).replace(r"\.\*", r"(\.\S+)*") + r"\b"
            self.assertTrue([line for line in lines if re.search(pattern, line)], (path, lines))
        wrong = {tuple("*" if isinstance(part, int) else part for part in error.absolute_path)
                 for error in jsonschema.Draft7Validator(SCHEMA).iter_errors(document)}
        for path in changed:
            matching = [one for one in wrong if len(one) == len(path) and
                        all(expected in ("*", part) for expected, part in zip(path, one))]
            self.assertTrue(matching, path)

    def test_bounds(self):
        for bound, step in (("minimum", -1), ("maximum", 1)):
            # Where there is no limit, there is nothing that a burst could be of.
            good, changed = self.probe(lambda one: one.get(bound), lambda path, one: path[-1] != "requests_per_minute")
            self.assertGreater(len(changed), 30)
            code, lines = self.check(good)
            # Calls may not be forbidden to cost anything where prices are not known.
            self.assertEqual([line for line in lines if "must" in line], [], bound)
            self.assertEqual(code, 0)
            bad, changed = self.probe(lambda one: one[bound] + step if bound in one else None)
            self.assert_all_are_told(bad, changed)

    def test_words(self):
        bad, changed = self.probe(lambda one: "surely-not" if "enum" in one or one.get("type") == "boolean" else None,
                                  lambda path, one: path[0] != "policy")
        self.assertGreater(len(changed), 10)
        self.assert_all_are_told(bad, changed)

    def test_kinds(self):
        one_value = ("string", "integer", "number", "boolean")
        bad, changed = self.probe(lambda one: {"a": {"b": 1}} if one.get("type") in one_value else None,
                                  lambda path, one: path[0] != "policy")
        self.assert_all_are_told(bad, changed)

    def test_unknown_keys(self):
        def strange(document, schema):
            if isinstance(document, dict):
                for name, value in document.items():
                    strange(value, schema.get("properties", {}).get(name, schema.get("additionalProperties")) or {})
                if schema.get("additionalProperties") is False:
                    document["surely_not"] = 1
            elif isinstance(document, list):
                for value in document:
                    strange(value, schema.get("items", {}))
        document = copy.deepcopy(self.everything)
        strange(document, SCHEMA)
        code, lines = self.check(document)
        self.assertEqual(code, 1)
        places_of = {re.search(r'there is no key "(.*)surely_not"', line)[1] for line in lines if "there is no key" in line}
        for section in ("", "turns.", "providers.main.", "providers.main.retry.", "providers.main.models.gpt-4.1-mini.price.",
                        "tools.run_dla_simulation.", "policy.", "mcp.", "mcp.servers.lab."):
            self.assertIn(section, places_of)
        self.assertFalse(jsonschema.Draft7Validator(SCHEMA).is_valid(document))


class Printed(ConfigTest):
    def test_what_is_printed_is_a_configuration(self):
        file = self.file(with_examples(SHIPPED.read_text()))
        first = self.run_program("--config", file, "--print-config", "--listen", "127.0.0.1:0")
        self.assertEqual((first.returncode, first.stderr), (0, ""))
        jsonschema.validate(parsed(first.stdout), SCHEMA)
        self.assertRegex(first.stdout, r"listen: 127.0.0.1:0 +# the option --listen\n")
        self.assertRegex(first.stdout, r"max_rounds: 10 +# .*assistd.yaml:\d+\n")
        self.assertNotIn("blue", first.stdout)  # what headers say
        again = self.run_program("--config", self.file(first.stdout, "again.yaml"), "--print-config")
        self.assertEqual((again.returncode, again.stderr), (0, ""))
        self.assertEqual(parsed(again.stdout), parsed(first.stdout))

    def test_an_installed_one_reads_the_file_of_its_prefix(self):
        program = self.folder / "prefix/bin/assistd"
        program.parent.mkdir(parents=True)
        shutil.copy(BUILD / "bin/assistd", program)

        def max_rounds(*arguments, **environment):
            done = subprocess.run([program, "--print-config", *arguments], capture_output=True, text=True, timeout=60,
                                  env={"PATH": os.environ["PATH"]} | environment)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            return parsed(done.stdout)["turns"]["max_rounds"]

        self.assertEqual(max_rounds(), 10)
        file = self.folder / "prefix/etc/assistd/assistd.yaml"
        file.parent.mkdir(parents=True)
        file.write_text("turns: {max_rounds: 3}\n")
        self.assertEqual(max_rounds(), 3)
        other = self.file("turns: {max_rounds: 4}\n")
        self.assertEqual(max_rounds("--config", other), 4)
        self.assertEqual(max_rounds(ASSISTD_CONFIG=str(other)), 4)

    def test_a_wrong_one_is_not_printed(self):
        result = self.run_program("--config", self.file("turns: {max_rounds: 0}\n"), "--print-config")
        self.assertEqual((result.returncode, result.stdout), (1, ""))


class Wrong(ConfigTest):
    """None of these may take long, take much memory, or end in anything but a sentence that names the file."""

    def refused(self, file, sentence):
        result = self.run_program("--config", file, "--check-config")
        self.assertEqual(result.returncode, 1, result)
        self.assertRegex(result.stderr, sentence)
        self.assertIn(str(self.folder), result.stderr)
        return result.stderr

    def test_everything_is_told_at_once(self):
        conf_d = self.file("model: nobody\nturns: {max_tokens: -1}\n", "conf.d/10.yaml")
        file = self.file("lisen: 1\nturns:\n  max_rounds: 0\n  timeout_s: soon\n")
        lines = self.refused(file, "lisen").splitlines()
        self.assertEqual(lines, [
            f"assistd: {file}:1: there is no key \"lisen\".",
            f"assistd: {file}:3: turns.max_rounds must be a number from 1 to 1000; it is \"0\".",
            f"assistd: {file}:4: turns.timeout_s must be a number from 1 to 604800; it is \"soon\".",
            f"assistd: {conf_d}:2: turns.max_tokens must be a number from 0 to 1000000000000; it is \"-1\"."])

    def test_no_configuration_at_all(self):
        for content, sentence in ((b"a: " + b"x" * (10 << 20), "larger than 1 MiB"), (b"\x00state: x", "NUL"),
                                  (b"a: " + b"[" * 5_000, "too many levels"), (b"a:\n\tb: 1\n", "never with tabs"),
                                  (b"{" * 500_000, "levels|no YAML"), (b"state: x\nstate: y\n", "there twice"),
                                  (b"state: [x\n", "no YAML"), (b"\xff\xfe\x00s", "NUL|no YAML|no text"),
                                  (b"state: *nothing\n", "no YAML"), (b"- a\n", "a mapping"), (b"? [a]\n: b\n", "plain word"),
                                  (b"%YAML 9.9\n---\nstate: !!binary x\nlisen: 1\n", "lisen|no YAML")):
            self.refused(self.file(content), sentence)

    def test_billions_of_values(self):
        lines = ["a0: &a0 [" + "x, " * 9 + "x]"]
        lines += [f"a{i}: &a{i} [" + f"*a{i - 1}, " * 9 + f"*a{i - 1}]" for i in range(1, 12)]
        self.refused(self.file("\n".join(lines)), "too many values or levels")

    def test_other_ways_to_write_it_are_good(self):
        for content in (b"\xef\xbb\xbfturns:\n  max_rounds: 3\n", b"turns:\r\n  max_rounds: 3\r\n",
                        b"turns: &t {max_rounds: 3}\n", b'{"turns": {"max_rounds": 3}}', b"---\nturns: {max_rounds: '3'}\n...\n"):
            result = self.run_program("--config", self.file(content), "--print-config")
            self.assertEqual((result.returncode, result.stderr), (0, ""), content)
            self.assertEqual(parsed(result.stdout)["turns"]["max_rounds"], 3)

    def test_files_that_are_none(self):
        self.file("turns: {max_rounds: 3}\n")
        (self.folder / "folder.yaml").mkdir()
        self.refused(self.folder / "folder.yaml", "this is a folder")
        self.refused(self.folder / "absent.yaml", "No such file")
        conf_d = self.folder / "conf.d"
        conf_d.mkdir()
        (conf_d / "1.yaml").symlink_to("/nowhere")
        self.refused(self.folder / "assistd.yaml", r"conf.d/1.yaml: .*No such file")
        (conf_d / "1.yaml").unlink()
        (conf_d / "1.yaml").symlink_to(conf_d / "1.yaml")
        self.refused(self.folder / "assistd.yaml", r"conf.d/1.yaml: .*symbolic links")
        (conf_d / "1.yaml").unlink()
        os.mkfifo(conf_d / "1.yaml")
        self.refused(self.folder / "assistd.yaml", r"conf.d/1.yaml: .*must be a file; this is a FIFO")
        (conf_d / "1.yaml").unlink()
        os.mkfifo(self.folder / "pipe.yaml")
        self.refused(self.folder / "pipe.yaml", r"must be a file; this is a FIFO")
        (self.folder / "device.yaml").symlink_to("/dev/null")
        self.refused(self.folder / "device.yaml", r"must be a file; this is a device")

    def test_what_may_not_be_read(self):
        if os.getuid() == 0:
            # As nobody, who may neither.
            self.folder.chmod(0o755)
            file = self.file("turns: {max_rounds: 3}\n")
            file.chmod(0)
            done = subprocess.run(["setpriv", "--reuid", "65534", "--clear-groups", "--", BUILD / "bin/assistd", "--config", file,
                                   "--check-config"], capture_output=True, text=True, timeout=60, cwd="/")
            self.assertEqual(done.returncode, 1)
            self.assertIn("cannot be read: Permission denied.", done.stderr)


if __name__ == "__main__":
    unittest.main()
