"""A project outside of this tree: described structs, the manifest that the build completes, and its mistakes."""

import json
import shutil
import unittest

import sdk
from daemon import FolderTest

PROJECT = """
cmake_minimum_required(VERSION 3.24)
project(outside LANGUAGES CXX)
find_package(assistd-plugin 1.0 REQUIRED)
assistd_add_plugin(outside SOURCES outside.cpp MANIFEST plugin.json)
"""
CODE = """
#include <assistd/plugin.hpp>
namespace {
enum class Shape { ball, cube };
void describe(assistd::Names<Shape>& names) { names.add("ball", Shape::ball).add("cube", Shape::cube); }
struct Arguments {
    double size = 1;
    Shape shape = Shape::ball;
    std::vector<assistd::Artifact> sources;
};
void describe(assistd::Fields<Arguments>& fields) {
    fields.required("size", &Arguments::size, "How large").more_than(0).at_most(10);
    fields.optional("shape", &Arguments::shape, "Of what form");
    fields.optional("sources", &Arguments::sources, "Made of what").kinds({"simulation"}).max_items(2);
}
struct Volume { double volume = 0; };
void describe(assistd::Fields<Volume>& fields) { fields.required("volume", &Volume::volume, "How much"); }
assistd::ResultOf<Volume> measure(assistd::Call&, const Arguments& given) {
    return {{given.size * given.size * given.size * (given.shape == Shape::cube ? 1 : 0.5)}, "Measured."};
}
}  // namespace
ASSISTD_PLUGIN(tools) { tools.add<Arguments>("measure_volume", measure); }
"""
INPUT = {
    "type": "object",
    "properties": {
        "size": {"type": "number", "exclusiveMinimum": 0, "maximum": 10, "description": "How large"},
        "shape": {"type": "string", "enum": ["ball", "cube"], "default": "ball", "description": "Of what form"},
        "sources": {"type": "array", "items": {"type": "string", "format": "artifact", "x-artifact-kinds": ["simulation"]},
                    "maxItems": 2, "default": [], "description": "Made of what"},
    },
    "required": ["size"],
    "additionalProperties": False,
}
OUTPUT = {"type": "object", "properties": {"volume": {"type": "number", "description": "How much"}},
          "required": ["volume"]}


def manifest(**tool):
    return {"id": "org.example.outside", "version": "1.0.0", "abi": "1.0", "licence": "MIT", "tools": [
        {"name": "measure_volume", "description": "Measures.", "category": "test", "effects": {}} | tool]}


class Outside(FolderTest):
    """One project, built again and again: what a first build takes is not paid for each time."""

    def setUp(self):
        super().setUp()
        self.prefix = self.folder / "prefix"
        self.library = self.folder / "build/plugins/outside.so"
        sdk.install(self.prefix)
        self.write("CMakeLists.txt", PROJECT)
        self.write("outside.cpp", CODE)
        self.write("plugin.json", json.dumps(manifest()))

    def write(self, name, text):
        (self.folder / name).write_text(text)

    def build(self, good=True):
        sdk.run("cmake", "-S", self.folder, "-B", self.folder / "build", f"-DCMAKE_PREFIX_PATH={self.prefix}",
                "-DCMAKE_BUILD_TYPE=Debug")
        return sdk.run("cmake", "--build", self.folder / "build", good=good)

    def refused(self, sentence):
        """The build fails with that sentence and leaves no library behind, however often it is tried."""
        for _ in range(2):
            self.assertIn(sentence, " ".join(self.build(good=False).split()))
            self.assertFalse(self.library.exists())

    def test_the_manifest_follows_the_code(self):
        self.build()
        whole = manifest(input=INPUT, output=OUTPUT)
        self.assertEqual(sdk.manifest_of(self.library), whole)
        self.check_with_a_daemon()
        self.check_parts_of_phrases()

        # A change of the code alone, and one of the manifest alone.
        self.write("outside.cpp", CODE.replace("at_most(10)", "at_most(20)"))
        self.write("plugin.json", json.dumps(manifest(title="Volume")))
        self.build()
        wider = json.loads(json.dumps(whole))
        wider["tools"][0]["input"]["properties"]["size"]["maximum"] = 20
        wider["tools"][0]["title"] = "Volume"
        self.assertEqual(sdk.manifest_of(self.library), wider)

        # What stands in both must be the same.
        self.write("plugin.json", json.dumps(wider))
        self.build()
        self.assertEqual(sdk.manifest_of(self.library), wider)
        self.write("outside.cpp", CODE)
        self.refused('the tool measure_volume has an "input" that its code contradicts at /properties/size/maximum.')

        # What stands in neither.
        self.write("plugin.json", json.dumps(manifest()))
        self.write("outside.cpp", CODE.replace('<Arguments>("measure_volume"', '<Arguments>("measure_volumes"'))
        self.refused('the tool measure_volume has no "input", and the code has no typed tool of that name.')

        # A description that contradicts itself.
        self.write("outside.cpp", CODE.replace('"Of what form")', '"Of what form").set("enum", {"cube"})'))
        self.refused('The tool measure_volume is described wrongly. The default of a field does not fit its own '
                     'description: shape must be "cube"; it is "ball".')

        # And all is well again.
        self.write("outside.cpp", CODE)
        self.build()
        self.assertEqual(sdk.manifest_of(self.library), whole)

    def check_parts_of_phrases(self):
        whole = manifest(input=INPUT, output=OUTPUT, phrases=["measure [the] (ball{shape=ball}|cube{shape=cube})"],
                         options=["[with] (size|edge) {size}"])
        parts = {"form": "(ball{shape=ball}|cube{shape=cube})", "size": "(size|edge) {size}"}
        named = manifest(phrases=["measure [the] <form>"], options=["[with] <size>"])
        self.write("plugin.json", json.dumps({"phrase_parts": parts} | named))
        self.build()
        self.assertEqual(sdk.manifest_of(self.library), whole)

        self.write("plugin.json", json.dumps({"phrase_parts": {"form": parts["form"]}} | named))
        self.refused('the option "[with] <size>" of the tool measure_volume names <size>, which "phrase_parts" does '
                     'not have.')
        # Of two parts of one name, JSON has the second one.
        twice = json.dumps({"phrase_parts": parts} | named).replace('{"form"', '{"size": "size {size}", "form"')
        self.write("plugin.json", twice)
        self.refused('the key "size" stands twice in one object.')

        # What puts them in is a C++ program.
        (self.folder / "c").mkdir()
        self.write("c/CMakeLists.txt", PROJECT.replace("LANGUAGES CXX", "LANGUAGES C").replace(".cpp", ".c"))
        self.write("c/plugin.json", json.dumps({"phrase_parts": parts} | manifest(input=INPUT)))
        refusal = sdk.run("cmake", "-S", self.folder / "c", "-B", self.folder / "c/build",
                          f"-DCMAKE_PREFIX_PATH={self.prefix}", good=False)
        self.assertIn('and may have no "phrase_parts", because no C++ program can be built and run here',
                      " ".join(refusal.split()))

    def check_with_a_daemon(self):
        plugins = self.folder / "plugins"
        plugins.mkdir()
        shutil.copy(self.library, plugins)
        daemon = self.daemon(arguments=["--plugins", f"{plugins}"])
        tool = daemon.good("GET", "/tools/measure_volume")
        self.assertIn(INPUT, tool.values())

        def call(**arguments):
            return daemon.good("POST", "/tools/measure_volume/execute", arguments)

        self.assertEqual(call(size=2)["data"], {"volume": 4})
        for arguments, sentence in (
                ({}, "size is missing."),
                ({"size": 0}, "size must be more than 0; it is 0."),
                ({"size": 11}, "size must be at most 10; it is 11."),
                ({"size": 1, "shape": "flat"}, 'shape must be one of "ball" or "cube"; it is "flat".'),
                ({"size": 1, "sources": ["a", "b", "c"]}, "sources must have at most 2 items; it has 3."),
                ({"size": 1, "sources": ["simulation-1"]},
                 'sources[0] names the artifact "simulation-1", which does not exist.'),
                ({"size": 1, "colour": 1},
                 "colour is not an argument of measure_volume; it takes shape, size and sources.")):
            error = call(**arguments)["error"]
            self.assertEqual((error["error_type"], error["message"]), ("ValidationError", sentence))


if __name__ == "__main__":
    unittest.main()
