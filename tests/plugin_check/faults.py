"""assistd-plugin-check finds each fault that it is for, and says nothing of a plugin that has none."""

import json
import os
import re
import shutil
import subprocess
import unittest

from checked import BUILD, CC, CHECK, MINIMAL, CheckTest, manifest

CHECKED = BUILD / "test-plugins/checked"


class File(CheckTest):
    def test_a_good_one_passes(self):
        document = self.check(self.compile(), code=0)
        self.assertEqual((document["id"], document["version"], document["failures"]), ("org.example.minimal", "1.0.0", 0))
        self.assertTrue(self.sentences(document, "load", "ok"))
        # It answers to every name.
        self.assertIn("ASSISTD_UNKNOWN_TOOL", " ".join(self.sentences(document, "load", "note")))

    def test_lines_are_for_people_and_the_exit_code_for_programs(self):
        good = subprocess.run([CHECK, self.compile()], capture_output=True, text=True)
        self.assertEqual((good.returncode, good.stderr), (0, ""))
        self.assertRegex(good.stdout, r"(?m)^ok    exports +It exports assistd_plugin_entry and nothing else\.$")
        self.assertRegex(good.stdout.splitlines()[-1], r"minimal\.so works: \d+ checks, \d+ notes?\.")
        self.assertEqual(subprocess.run([CHECK], capture_output=True).returncode, 2)

    def test_through_assistctl(self):
        plugin = self.compile()
        command = [BUILD / "bin/assistctl", "plugin", "check"]
        good = subprocess.run([*command, plugin], capture_output=True, text=True)
        self.assertEqual((good.returncode, good.stderr), (0, ""))
        self.assertIn("works", good.stdout)
        plugin.chmod(0o666)
        bad = subprocess.run([*command, "--json", plugin], capture_output=True, text=True)
        self.assertEqual(bad.returncode, 1)
        self.assertFalse(json.loads(bad.stdout)["good"])

    def test_names_that_no_new_plugin_may_have(self):
        for name in ("a-", "3d", "A", "x" * 41):
            refused = subprocess.run([BUILD / "bin/assistctl", "plugin", "new", name], capture_output=True, text=True, cwd=self.folder)
            self.assertEqual(refused.returncode, 2)
            self.assertIn(f'begins with a letter and does not end with "-"; "{name}" is none.', refused.stderr)

    def test_rights_and_names(self):
        plugin = self.compile()
        plugin.chmod(0o664)
        self.assert_fails(self.check(plugin, code=1), "file", "chmod go-w")
        self.assert_fails(self.check(self.compile(name="minimal.dll"), code=1), "file", ".so")
        self.assert_fails(self.check(self.folder / "none.so", code=1), "file", "cannot be opened")

    def test_what_is_no_library(self):
        text = self.folder / "text.so"
        text.write_text("no library " * 10)
        self.assert_fails(self.check(text, code=1), "format", "no ELF file")

    def test_the_manifest(self):
        wrong = self.compile(about=manifest(licence=""))
        self.assert_fails(self.check(wrong, code=1), "manifest", "licence must be text.")
        without = self.compile(about="{}")
        subprocess.run(["objcopy", "--remove-section", ".assistd.manifest", without], check=True)
        self.assert_fails(self.check(without, code=1), "manifest", "objcopy --add-section")
        ours = self.check(self.compile(about=manifest(id="org.assistd.minimal")), code=1)
        self.assert_fails(ours, "manifest", "ids that begin with org.assistd. are for the plugins that come with assistd")
        newer = self.check(self.compile(about=manifest(abi="1.9")), code=1)
        self.assert_fails(newer, "abi", "built for plugin ABI 1.9")
        self.assertIn("was not loaded", " ".join(self.sentences(newer, "load", "note")))

    def test_schemas(self):
        about = manifest()
        about["tools"][0]["input"] = {"type": "object", "properties": {"n": {"type": "integer", "default": "many"}}}
        document = self.check(self.compile(about=about), code=1)
        self.assert_fails(document, "act", "The default of n")
        self.assertIn("description", " ".join(self.sentences(document, "act", "note")))

    def test_phrases(self):
        about = manifest()
        about["tools"][0].update({"phrases": ["act now", "act on {nothing}"], "options": ["(never"]})
        document = self.check(self.compile(about=about), code=1)
        self.assert_fails(document, "act", '"act on {nothing}"')
        self.assert_fails(document, "act", '"(never"')
        # The daemon takes it all the same.
        self.assertIn("gives data that fits", " ".join(self.sentences(document, "act", "ok")))
        about["tools"][0].update({"phrases": ["act now"], "options": []})
        good = self.check(self.compile(about=about), code=0)
        self.assertIn("understands its 1 phrase and 0 options.", " ".join(self.sentences(good, "act", "ok")))

    def test_more_text_than_models_can_be_told(self):
        about = manifest()
        about["tools"][0]["description"] = "word " * 100_000
        self.assert_fails(self.check(self.compile(about=about), code=1), "manifest", "tools[0].description has 500000 bytes")

    def test_symbols(self):
        exporting = MINIMAL + '__attribute__((visibility("default"))) int helper(void) { return 1; }'
        self.assert_fails(self.check(self.compile(exporting), code=1), "exports", "more than assistd_plugin_entry: helper")
        hidden = MINIMAL.replace("#include", "#define assistd_plugin_entry other_entry\n#include", 1)
        self.assert_fails(self.check(self.compile(hidden), code=1), "exports", "does not export assistd_plugin_entry")
        wanting = MINIMAL.replace("(void)host; return", "(void)host; extern void nowhere(void); nowhere(); return")
        self.assert_fails(self.check(self.compile(wanting), code=1), "needs", "defines nowhere")

    def test_libraries_that_are_missing_or_out_of_reach(self):
        source = self.folder / "library.c"
        source.write_text("void somewhere(void) {}")
        beside = self.folder / "libbeside.so"
        subprocess.run([CC, "-fPIC", "-shared", source, "-o", beside, "-Wl,-soname,libbeside.so"], check=True)
        using = MINIMAL.replace("(void)host; return", "(void)host; extern void somewhere(void); somewhere(); return")
        link = [f"-L{self.folder}", "-lbeside"]
        self.assert_fails(self.check(self.compile(using, flags=link), code=1), "needs", "libbeside.so is not on this machine")
        origin = self.compile(using, flags=[*link, "-Wl,-rpath,$ORIGIN"])
        self.assert_fails(self.check(origin, code=1), "needs", "\"$ORIGIN\" does not help")
        found = self.compile(using, flags=[*link, f"-Wl,-rpath,{self.folder}"])
        self.assert_fails(self.check(found, code=1), "needs", "which a plugin may not read")
        self.check(found, "--readable", self.folder, code=0)

    def test_code_that_cannot_be_loaded(self):
        refusing = MINIMAL.replace("return &the_plugin;", "return 0;")
        self.assert_fails(self.check(self.compile(refusing), code=1), "load", "its create function returned nothing")
        crashing = MINIMAL.replace("return &the_plugin;", "__builtin_trap();")
        self.assert_fails(self.check(self.compile(crashing), code=1), "load", "crashed while it was loaded")
        endless = MINIMAL + "__attribute__((constructor)) static void begin(void) { for (volatile int i = 0;; ++i) {} }"
        document = self.check(self.compile(endless), code=1)
        self.assert_fails(document, "load", "It was not ready within 10.0 s")
        self.assertEqual(self.sentences(document, "load", "ok"), [])

    def test_a_start_that_says_why_it_fails(self):
        refusing = MINIMAL.replace("(void)host; return &the_plugin;", 'const assistd_string why = {"no licence found.", 17};'
                                   "host->log(host, ASSISTD_LOG_ERROR, why); return 0;")
        self.assert_fails(self.check(self.compile(refusing), code=1), "load",
                          "its create function returned nothing: no licence found.")

    def test_a_failure_of_no_known_type(self):
        failing = MINIMAL.replace("return call->emit_result(call, data, nothing);",
                                  'const assistd_string type = {"NotReadyError", 13}; return call->emit_error(call, type, data, nothing, 0);')
        about = manifest()
        about["tools"][0]["examples"] = [{"arguments": {}, "fails": "InternalError"}] * 2
        self.assertEqual(self.sentences(self.check(self.compile(failing, about=about), code=0), "act", "note")[1:],
                         ['Example 1 fails with "NotReadyError", which is no type of failure and counts as '
                          "InternalError. The plugin guide names the types."])

    def test_examples_with_files(self):
        about = manifest()
        tool = about["tools"][0]
        tool["input"] = {"type": "object", "properties": {
            "source": {"type": "string", "format": "artifact", "x-artifact-kinds": ["file"], "description": "Which"}}}
        tool["examples"] = [{"arguments": {"source": "file-1"}, "artifacts": {"file-1": {"file": "data/in.txt"}}}]
        plugin = self.compile(about=about)
        self.assert_fails(self.check(plugin, code=1), "act", "in.txt cannot be read")
        (self.folder / "data").mkdir()
        (self.folder / "data/in.txt").write_text("in")
        self.assertIn('Example 1 reads 1 artifact, but the tool\'s effects say "reads": false.',
                      self.sentences(self.check(plugin, code=0), "act", "note"))
        elsewhere = self.folder / "elsewhere"
        elsewhere.mkdir()
        shutil.move(self.folder / "data", elsewhere)
        self.check(plugin, "--files", elsewhere, code=0)
        tool["examples"][0] = {"arguments": {"source": "file-2"}}
        self.assert_fails(self.check(self.compile(about=about), code=1), "act", "does not exist")


class Examples(CheckTest):
    @classmethod
    def setUpClass(cls):
        result = subprocess.run([CHECK, CHECKED / "test_check_faults.so", "--json"], capture_output=True, text=True)
        cls.document = json.loads(result.stdout)

    def test_good(self):
        self.assertEqual(self.sentences(self.document, "fits"), [])
        good = " ".join(self.sentences(self.document, "fits", "ok"))
        for words in ("and 1 artifact", "the same data again", "leaves neither descriptors nor memory behind"):
            self.assertIn(words, good)
        first = next(one for one in self.document["checks"] if "peak_memory_mb" in one)
        self.assertGreater(first["peak_memory_mb"], 1)
        self.assertGreater(first["milliseconds"], 0)

    def test_results(self):
        self.assert_fails(self.document, "misfits", "does not fit the tool's output schema: number")
        self.assert_fails(self.document, "changes", "other data when it is run again (/number)")
        self.assertIn("the same data again", " ".join(self.sentences(self.document, "may_change", "ok")))
        self.assertIn('Example 1 stores 1 artifact, but the tool\'s effects say "writes": false.',
                      self.sentences(self.document, "fits", "note"))

    def test_failures(self):
        self.assertEqual(len(self.sentences(self.document, "fails", "ok")), 3)  # the schemas, and examples 1 and 3
        self.assert_fails(self.document, "fails", "Example 2 is to fail with ValidationError, but failed with ContextError")
        self.assert_fails(self.document, "fails", "Example 4 failed: ContextError: It needs what is not there.")

    def test_crashes_are_told_each_time(self):
        crashes = self.sentences(self.document, "crashes")
        self.assertEqual(len(crashes), 5)
        for sentence in crashes:
            self.assertIn("SIGABRT", sentence)

    def test_leaks(self):
        self.assert_fails(self.document, "leaks_descriptors", "descriptors")
        self.assert_fails(self.document, "leaks_threads",
                          "Its calls leave a thread that goes on behind, so that after 1 call the process had to be replaced when")
        if os.environ.get("ASSISTD_SANITIZE"):
            self.assertEqual(self.sentences(self.document, "leaks_memory"), [])  # its memory always grows
            return
        leak = re.search(r"leaves about ([0-9.]+) KiB", " ".join(self.sentences(self.document, "leaks_memory")))
        self.assertTrue(leak, self.document)
        self.assertTrue(12 < float(leak[1]) < 24, leak)

    def test_cancel(self):
        self.assertRegex(" ".join(self.sentences(self.document, "listens", "ok")), "stops .* after a cancel")
        self.assertIn("was killed", " ".join(self.sentences(self.document, "is_deaf", "note")))

    def test_tools_that_the_code_lacks(self):
        for tool in ("missing", "missing_too"):
            self.assert_fails(self.document, tool, "code does not have it")
        self.assertIn("no examples", " ".join(self.sentences(self.document, "missing_too", "note")))


class Valgrind(CheckTest):
    def test_lost_bytes_and_wrong_reads_have_the_tools_name(self):
        document = self.check(CHECKED / "test_check_memory.so", "--valgrind", code=1)
        self.assertIn("nothing lost", " ".join(self.sentences(document, "fits", "ok")))
        self.assertEqual(self.sentences(document, "fits", "note"), [])  # nothing of assistd's own
        self.assert_fails(document, "leaks_memory", "16384 bytes in 1 blocks are lost that")
        self.assert_fails(document, "leaks_memory", "leaks_memory (faults.cpp:")
        self.assert_fails(document, "reads_behind", "Invalid read of size 1 in ")
        self.assert_fails(document, "reads_behind", "faults.cpp:")

    def test_without_valgrind_it_says_so(self):
        empty = {**os.environ, "PATH": str(self.folder)}
        result = subprocess.run([CHECK, self.compile(), "--valgrind"], capture_output=True, text=True, env=empty)
        self.assertEqual(result.returncode, 1)
        self.assertIn("There is no valgrind on this machine", result.stdout)


if __name__ == "__main__":
    unittest.main()
