"""Studies: a tool run many times over a grid of parameters, by REST, by assistctl, by a model, and over a kill."""

import json
import subprocess
import unittest

from daemon import BUILD, DaemonTest, FolderTest, until

A_WHILE_S = 200  # runs get the processor when nothing else wants it

CHAIN = {"tool": "run_dla_simulation", "base_parameters": {"dimensions": 2, "seed": 11}}


class Studies(DaemonTest):
    def create(self, **more):
        reply = self.d.post("/studies", {**CHAIN, **more})
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json

    def ended(self, id, within_s=A_WHILE_S):
        until(lambda: self.d.get(f"/studies/{id}").json["status"] != "running", "the study's end", within_s)
        return self.d.get(f"/studies/{id}").json

    def test_every_combination_and_its_statistics(self):
        study = self.create(name="sizes", parameter_grid={"n_particles": [50, 100]}, seeds_per_combination=3)
        self.assertEqual((study["runs"], study["first_seed"], study["seeds_per_combination"]), (6, 11, 3))
        study = self.ended(study["id"])
        self.assertEqual(study["status"], "completed")
        self.assertEqual(study["counts"], {"waiting": 0, "running": 0, "completed": 6, "failed": 0})
        self.assertEqual(study["percent"], 100)

        page = self.d.good("GET", f"/studies/{study['id']}/runs?limit=4")
        self.assertEqual([run["run"] for run in page["runs"]], [1, 2, 3, 4])
        self.assertTrue(page["has_more"])
        self.assertEqual(page["runs"][3]["parameters"], {"n_particles": 100, "seed": 14})
        run = self.d.good("GET", f"/studies/{study['id']}/runs/4")
        self.assertEqual(run["result"]["data"]["seed"], 14)
        self.assertEqual(run["metrics"]["df"], run["result"]["data"]["df"])
        artifact = self.d.good("GET", f"/artifacts/{run['artifacts'][0]}")
        self.assertEqual(artifact["kind"], "simulation")

        results = self.d.good("GET", f"/studies/{study['id']}/results")["combinations"]
        self.assertEqual([row["parameters"] for row in results], [{"n_particles": 50}, {"n_particles": 100}])
        self.assertEqual(results[0]["metrics"]["rg"]["count"], 3)
        self.assertLess(results[0]["metrics"]["rg"]["mean"], results[1]["metrics"]["rg"]["mean"])

        table = self.d.get(f"/artifacts/{study['table']['handle']}/content").json
        self.assertEqual(len(table["runs"]), 6)
        self.assertEqual(table["study"]["parameter_grid"], {"n_particles": [50, 100]})
        self.assertEqual(table["runs"][3]["metrics"], run["metrics"])

        # The same seed, parameters and version: the same numbers, also by themselves.
        alone = self.d.good("POST", "/tools/run_dla_simulation/execute",
                            {"n_particles": 100, "dimensions": 2, "seed": 14})
        self.assertEqual(alone["data"]["rg"], run["metrics"]["rg"])

    def test_refusals_name_the_field(self):
        def problem(body):
            reply = self.d.post("/studies", body)
            self.assertEqual(reply.status, 422)
            return reply.json["error"]["details"][0]
        self.assertEqual(problem({})["field"], "tool")
        self.assertEqual(problem({"tool": "x"})["message"], 'There is no tool named "x".')
        self.assertEqual(problem({**CHAIN, "parameter_grid": {"n_particles": [100, 2]}})["message"],
                         "n_particles must be at least 10; it is 2.")
        self.assertEqual(problem({**CHAIN, "seeds_per_combination": 0})["field"], "seeds_per_combination")
        self.assertIn("at most 10000 runs", problem(
            {**CHAIN, "parameter_grid": {"n_particles": list(range(10, 1010))}, "seeds_per_combination": 11})["message"])
        self.assertEqual(problem({**CHAIN, "grid": {}})["field"], "grid")
        self.assertEqual(problem({**CHAIN, "project_id": "proj_x"})["field"], "project_id")
        for path in ("/studies/study_1", "/studies/study_" + "0" * 32, "/studies/study_" + "0" * 32 + "/results"):
            self.assertEqual(self.d.get(path).status, 404)
        study = self.create(base_parameters={"n_particles": 10})
        self.ended(study["id"])
        for path in ("runs/0", "runs/2", "runs/x", "runs/01"):
            self.assertEqual(self.d.get(f"/studies/{study['id']}/{path}").status, 404)
        self.assertEqual(self.d.get(f"/studies/{study['id']}/runs?state=lost").status, 422)
        self.assertEqual(self.d.post(f"/studies/{study['id']}/retry").status, 409)

    def test_cancel_go_on_and_delete(self):
        study = self.create(base_parameters={"n_particles": 20_000}, seeds_per_combination=200)
        path = f"/studies/{study['id']}"
        until(lambda: self.d.get(path).json["counts"]["running"] > 0, "a run", A_WHILE_S)
        cancelled = self.d.good("POST", path + "/cancel")
        self.assertEqual(cancelled["status"], "cancelled")
        self.assertEqual(cancelled["counts"]["running"], 0)
        self.assertLess(cancelled["counts"]["completed"], 200)
        going_on = self.d.good("POST", path + "/retry")
        self.assertEqual(going_on["status"], "running")
        self.assertEqual(self.d.post(path + "/retry").status, 409)
        self.assertEqual(self.d.call("DELETE", path).status, 204)
        self.assertEqual(self.d.get(path).status, 404)

    def test_a_model_begins_one_and_its_conversation_is_told(self):
        said = self.d.good("POST", "/tools/create_parametric_study/execute",
                           {"tool": "dla", "name": "by name", "parameter_grid": {"n_particles": [30]},
                            "include_box_counting": True})
        self.assertTrue(said["success"], said)
        study = self.ended(said["data"]["study_id"])
        self.assertEqual((study["tool"], study["then"]), ("run_dla_simulation", "run_box_counting"))
        run = self.d.good("GET", f"/studies/{study['id']}/runs/1")
        self.assertTrue(any(name.startswith("run_box_counting.") for name in run["metrics"]), run)
        conversation = self.d.good("POST", "/conversations", {}, status=201)["id"]
        reply = self.d.good("POST", f"/conversations/{conversation}/chat", {"content": "how is my study doing?"})
        self.assertIn('The study "', reply["content"])

    def test_assistctl(self):
        def assistctl(*arguments, code=0):
            result = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", *arguments],
                                    capture_output=True, text=True, timeout=60)
            self.assertEqual(result.returncode, code, result.stderr)
            return result.stdout + result.stderr
        out = assistctl("studies", "create", "run_dla_simulation", "--set", "n_particles=40", "--vary", "dimensions=2,3",
                        "--seeds", "2", "--name", "dims", "--wait")
        self.assertRegex(out, r"status +completed\n")
        self.assertRegex(out, r"varied +dimensions=\[2,3\]")
        id = json.loads(assistctl("studies", "list", "--limit", "1", "--json"))["studies"][0]["id"]
        self.assertRegex(assistctl("studies"), rf"{id} +DLA simulation \(run_dla_simulation\) +completed +100 % .* dims")
        self.assertRegex(assistctl("studies", "results", id, "--metric", "rg"), r"dimensions=3 +rg +2 ")
        csv = assistctl("studies", "results", id, "--metric", "rg", "--csv").splitlines()
        self.assertEqual(csv[0], "PARAMETERS,NUMBER,RUNS,MEAN,STD,MIN,MAX")
        self.assertEqual(len(csv), 3)
        self.assertRegex(assistctl("studies", "runs", id), r"4 +completed +dimensions=3, seed=\d+ +simulation-\d+")
        assistctl("studies", "create", "list_algorithms", "--name", "names", "--wait")
        self.assertIn('The runs that completed (1) report no numbers; "assistctl studies runs names"',
                      assistctl("studies", "results", "names"))
        self.assertIn("takes NAME=VALUE", assistctl("studies", "create", "x", "--set", "y", code=2))
        self.assertIn(id, assistctl("studies", "show", "dims"))
        self.assertIn('There is no study "dimensions".', assistctl("studies", "show", "dimensions", code=1))
        assistctl("studies", "create", "run_dla_simulation", "--set", "n_particles=40", "--name", "dims", "--wait")
        self.assertIn('2 studies are named "dims"; say which by its id: study_', assistctl("studies", "delete", "dims", code=1))
        self.assertIn("Deleted", assistctl("studies", "delete", id))
        self.assertIn("Deleted", assistctl("studies", "delete", "dims"))

    def test_waiting_goes_on_past_a_restart(self):
        def wait(*arguments):
            command = [BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", *arguments]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.addCleanup(process.kill)
            return process
        listen = self.d.command.index("--listen") + 1
        self.addCleanup(self.d.command.__setitem__, listen, self.d.command[listen])
        self.d.command[listen] = f"127.0.0.1:{self.d.port}"
        study = wait("studies", "create", "run_dla_simulation", "--set", "n_particles=3000", "--seeds", "30", "--wait")
        id = study.stderr.readline().strip()
        self.assertRegex(id, "^study_")
        self.assertIn("of 30 runs completed", study.stderr.readline())
        job = self.d.good("POST", "/tools/run_dla_simulation/execute", {"n_particles": 200_000})["data"]["job_id"]
        waiting = wait("jobs", "wait", job)
        self.assertIn("%", waiting.stderr.readline())
        self.d.kill()
        for process in (study, waiting):
            while "it is waited for" not in (line := process.stderr.readline()):
                self.assertTrue(line, "the end of it")
        self.d.start()
        for process in (study, waiting):
            out, err = process.communicate(timeout=A_WHILE_S)
            self.assertEqual(process.returncode, 0, err)
            self.assertIn("completed", out)


class OverAKill(FolderTest):
    def test_it_goes_on_with_what_is_missing(self):
        d = self.daemon()
        study = d.good("POST", "/studies", {**CHAIN, "base_parameters": {"n_particles": 2_000},
                                            "seeds_per_combination": 60}, status=201)
        path = f"/studies/{study['id']}"
        for done in (5, 20, 40):
            until(lambda: d.get(path).json["counts"]["completed"] >= done, f"{done} runs", A_WHILE_S)
            d.kill()
            d.start()
        until(lambda: d.get(path).json["status"] != "running", "the end", A_WHILE_S)
        self.assertEqual(d.get(path).json["counts"], {"waiting": 0, "running": 0, "completed": 60, "failed": 0})
        # Every run once, with one file each: what a killed run had made was replaced.
        runs, cursor = [], ""
        while cursor is not None:
            page = d.good("GET", f"{path}/runs?limit=100" + (f"&cursor={cursor}" if cursor else ""))
            runs += page["runs"]
            cursor = page["next_cursor"]
        self.assertEqual([run["run"] for run in runs], list(range(1, 61)))
        handles = [handle for run in runs for handle in run["artifacts"]]
        self.assertEqual(len(set(handles)), 60)
        stored, cursor = [], ""
        while cursor is not None:
            page = d.good("GET", "/artifacts?kind=simulation&limit=100" + (f"&cursor={cursor}" if cursor else ""))
            stored += [artifact["handle"] for artifact in page["artifacts"]]
            cursor = page["next_cursor"]
        self.assertEqual(sorted(stored), sorted(handles))


if __name__ == "__main__":
    unittest.main()
