"""Files and images in the real daemon, where plugins may open no file: every format, tables of studies and comparisons,
images; the same bytes again; and nothing stored for what is refused."""

import csv
import io
import os
import subprocess
import tempfile
import unittest

import h5py
import numpy

from daemon import BUILD, DaemonTest, until

BEGINNINGS = {"csv": b"# simulation: ", "xyz": b"200\nProperties=", "vtp": b'<?xml version="1.0"?>\n<VTKFile ',
              "ply": b"ply\nformat binary_little_endian 1.0\n", "obj": b"# simulation: ", "stl": b"binary STL of ",
              "npy": b"\x93NUMPY", "hdf5": b"\x89HDF\r\n\x1a\n"}


class Exports(DaemonTest):
    def run_tool(self, tool, arguments):
        return self.d.good("POST", f"/tools/{tool}/execute", {"arguments": arguments})

    def made(self, tool, arguments):
        result = self.run_tool(tool, arguments)
        self.assertTrue(result["success"], result)
        return [artifact["handle"] for artifact in result["artifacts"]]

    def content(self, handle):
        return self.d.get(f"/artifacts/{handle}/content").body

    def rows(self, handle):
        return list(csv.DictReader(io.StringIO(self.content(handle).decode()), strict=True))

    def grown(self, **more):
        return self.made("run_dla_simulation", {"n_particles": 200, "seed": 4, **more})[0]

    def test_two_of_one_conversation_do_not_take_each_others_place(self):
        first, second = self.grown(), self.grown()
        upload = self.d.good("POST", "/artifacts?name=mine.csv", "a,b\n1,2\n", status=201)["handle"]
        self.assertEqual({self.d.good("GET", f"/artifacts/{one}")["name"] for one in (first, second)}, {"dla.npy"})
        for handle, name in ((first, f"{first}-dla.npy"), (second, f"{second}-dla.npy"), (upload, "mine.csv")):
            headers = self.d.get(f"/artifacts/{handle}/content").headers
            self.assertEqual(headers["Content-Disposition"], f'attachment; filename="{name}"')
        with tempfile.TemporaryDirectory() as folder:
            def get(*words, code=0):
                done = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", "artifacts", "get", *words],
                                      cwd=folder, capture_output=True, text=True, timeout=60, check=False)
                self.assertEqual(done.returncode, code, done.stderr)
                return done.stderr
            for handle in (first, second, upload):
                self.assertEqual(get(handle), "")
            self.assertEqual(sorted(os.listdir(folder)), sorted([f"{first}-dla.npy", f"{second}-dla.npy", "mine.csv"]))
            self.assertIn(f"{first}-dla.npy is there already; give another name for it.", get(first, code=1))
            self.assertEqual(get(first, "-o", "mine.csv"), "assistctl: what was in mine.csv before is gone.\n")

    def test_every_format_and_the_same_bytes_again(self):
        simulation = self.grown()
        place = numpy.load(io.BytesIO(self.content(simulation)))
        files = {}
        for format, beginning in BEGINNINGS.items():
            with self.subTest(format=format):
                first, second = (self.content(self.made("export_geometry", {"simulation": simulation, "format": format})[0])
                                 for _ in range(2))
                self.assertEqual(first[:len(beginning)], beginning)
                self.assertEqual(first, second)
                files[format] = first
        with h5py.File(io.BytesIO(files["hdf5"]), "r") as file:
            self.assertTrue(numpy.array_equal(file["positions"][:, 0], place["x"]))
            self.assertEqual(file.attrs["seed"], 4)
        self.assertTrue(numpy.array_equal(numpy.load(io.BytesIO(files["npy"]))[:, 1], place["y"]))

    def test_a_study_as_a_table(self):
        study = self.d.post("/studies", {"name": "two sizes", "tool": "run_dla_simulation", "seeds_per_combination": 2,
                                         "base_parameters": {"dimensions": 2, "seed": 11},
                                         "parameter_grid": {"n_particles": [50, 100]}}).json
        path = f"/studies/{study['id']}"
        until(lambda: self.d.get(path).json["status"] != "running", "the study's end")
        table = self.d.get(path).json["table"]["handle"]
        rows = self.rows(self.made("export_study_csv", {"study": table})[0])
        self.assertEqual([(row["n_particles"], row["seed"], row["dimensions"], row["status"]) for row in rows],
                         [("50", "11", "2", "completed"), ("50", "12", "2", "completed"),
                          ("100", "13", "2", "completed"), ("100", "14", "2", "completed")])
        run = self.d.good("GET", path + "/runs/4")
        self.assertEqual(float(rows[3]["rg [a]"]), run["metrics"]["rg"])
        self.assertEqual(rows[3]["artifacts"], " ".join(run["artifacts"]))

    def test_a_comparison_as_tables(self):
        simulations = [self.grown(seed=seed) for seed in (1, 2, 3)]
        comparison = self.made("compare_simulations", {"simulations": simulations})[0]
        tables = self.made("export_comparison_csv", {"comparison": comparison})
        self.assertEqual(len(tables), 3)
        first = self.rows(tables[0])
        self.assertEqual([row["simulation"] for row in first], simulations)
        statistics = {row["metric"]: row for row in self.rows(tables[1])}
        self.assertEqual((statistics["rg"]["unit"], statistics["rg"]["count"]), ("a", "3"))
        self.assertAlmostEqual(numpy.mean([float(row["rg [a]"]) for row in first]), float(statistics["rg"]["mean"]))

    def test_an_image(self):
        arguments = {"simulation": self.grown(), "size": 200, "color_by": "order"}
        handles = [self.made("render_3d_image", arguments)[0] for _ in range(2)]
        about = self.d.good("GET", f"/artifacts/{handles[0]}")
        self.assertEqual((about["kind"], about["media_type"]), ("image", "image/png"))
        first, second = map(self.content, handles)
        self.assertEqual(first[:8], b"\x89PNG\r\n\x1a\n")
        self.assertEqual(first, second)

    def test_what_is_refused_leaves_nothing(self):
        simulation = self.grown()
        for tool, arguments in (("export_geometry", {"simulation": simulation, "format": "ply", "resolution": 2}),
                                ("render_3d_image", {"simulation": simulation, "view": "top", "azimuth": 1}),
                                ("export_study_csv", {"study": simulation}),
                                ("export_comparison_csv", {"comparison": simulation})):
            with self.subTest(tool=tool):
                result = self.run_tool(tool, arguments)
                self.assertEqual((result["success"], result["error"]["error_type"], result.get("artifacts") or []),
                                 (False, "ValidationError", []))


if __name__ == "__main__":
    unittest.main()
