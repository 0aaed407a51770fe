"""Whole conversations of a physicist with the built-in offline provider, over the real plugins."""

import io
import json
import unittest
import zipfile

from daemon import DaemonTest, until


class Talk:
    def __init__(self, test):
        self.test, self.d, self.id = test, test.d, test.d.conversation()

    def say(self, sentence):
        """One turn: the reply's text, and what ran, as (tool, arguments, result)."""
        reply = self.d.chat(self.id, sentence)
        messages = self.d.messages(self.id)
        last = max(i for i, message in enumerate(messages) if message["role"] == "user")
        calls, results = {}, {}
        for message in messages[last:]:
            for call in message.get("tool_calls") or []:
                calls[call["id"]] = (call["function"]["name"], json.loads(call["function"]["arguments"]))
            if message["role"] == "tool":
                results[message["tool_call_id"]] = json.loads(message["content"])
        self.ran = [(*calls[id], results[id]) for id in calls]
        self.reply = reply["content"]
        for tool, _, result in self.ran:
            self.test.assertTrue(result["success"], f"{sentence}: {tool}: {result}")
        return self

    def tools(self):
        return [tool for tool, _, _ in self.ran]

    def made(self, kind):
        """The handles of that kind in this turn's results."""
        return [artifact["handle"] for _, _, result in self.ran for artifact in result.get("artifacts", [])
                if artifact["kind"] == kind]

    def files(self):
        return [artifact["name"] for _, _, result in self.ran for artifact in result.get("artifacts", [])]


class Talks(DaemonTest):
    def test_simulate_analyze_compare_export(self):
        talk = Talk(self)
        talk.say("grow a 2d dla of 1k particles with seed 7")
        self.assertEqual(talk.ran[0][:2], ("run_dla_simulation", {"dimensions": 2, "n_particles": 1000, "seed": 7}))
        first, = talk.made("simulation")
        talk.say("analyze it")
        self.assertEqual(talk.ran[0][:2], ("run_box_counting", {"simulation": first}))
        talk.say("plot Rg against N for the last simulation as pdf")
        tool, arguments, result = talk.ran[0]
        self.assertEqual((tool, arguments), ("generate_plot", {"format": "pdf", "plot": "rg_vs_n", "source": first}))
        self.assertTrue(result["artifacts"][0]["name"].endswith(".pdf"))
        talk.say("make a linear chain with 100 particles")
        chain, = talk.made("simulation")
        talk.say(f"compare it with {first}")
        self.assertEqual(talk.ran[0][:2], ("compare_simulations", {"simulations": [chain, first]}))
        talk.say(f"export {first} as xyz and csv")
        self.assertEqual(sorted(arguments["format"] for _, arguments, _ in talk.ran), ["csv", "xyz"])
        talk.say("which simulations do I have?")
        self.assertEqual(talk.tools(), ["list_simulations"])
        self.assertLessEqual({first, chain}, {each.get("handle") for each in talk.ran[0][2]["data"]["simulations"]})
        talk.say(f"show the details of {first}")
        self.assertEqual(talk.ran[0][2]["data"]["seed"], 7)
        # The details are about an existing one, which "it" then means.
        talk.say("plot it")
        self.assertEqual(talk.ran[0][1]["source"], first)

    def test_what_can_be_grown_is_told_by_name(self):
        talk = Talk(self).say("which algorithms can you grow?")
        for name in ("dla", "cca", "ballistic_cc", "tunable", "limiting"):
            self.assertRegex(talk.reply, rf"(?m)^- \*\*{name}\*\*: [A-Z]")

    def test_a_chain_of_orders_in_one_sentence(self):
        talk = Talk(self)
        talk.say("Grow a dla cluster with 300 particles, analyze it, plot rg vs n as svg and export it as vtp")
        self.assertEqual(sorted(talk.tools()),
                         ["export_geometry", "generate_plot", "run_box_counting", "run_dla_simulation"])
        simulation, = talk.made("simulation")
        analysis, = talk.made("analysis")
        for tool, arguments, _ in talk.ran:
            if tool != "run_dla_simulation":  # an analysis holds what it was made of, so it can be plotted, too
                self.assertTrue({simulation, analysis} & set(arguments.values()), tool)
        self.assertTrue(any(name.endswith(".svg") for name in talk.files()), talk.files())

    def study(self, sentence, runs):
        talk = Talk(self)
        talk.say(sentence)
        self.assertEqual(talk.tools(), ["create_parametric_study"])
        study = self.d.good("GET", "/studies?limit=1")["studies"][0]
        self.assertEqual(study["runs"], runs)
        self.assertIn("Show the results of my study", talk.reply)
        until(lambda: self.d.good("GET", f"/studies/{study['id']}")["status"] != "running", "the study's end", 200)
        return talk, self.d.good("GET", f"/studies/{study['id']}")

    def test_fifty_clusters_are_a_study(self):
        talk, study = self.study("make fifty dla clusters of 64 particles and compare their Df", 50)
        self.assertEqual((study["status"], study["counts"]["completed"]), ("completed", 50))
        talk.say("how is my study doing?")
        self.assertEqual(talk.tools(), ["get_study_status"])
        talk.say("show the results of my study")
        combination, = talk.ran[0][2]["data"]["combinations"]
        self.assertEqual(combination["metrics"]["df"]["count"], 50)
        self.assertGreater(combination["metrics"]["df"]["std"], 0)
        self.assertRegex(talk.reply, r"50 runs completed, mean ± standard deviation: df = \d\.\d+ ± 0\.\d+, kf = [\d.]+ ± [\d.]+, rg = ")

    def test_fifty_agglomerates_and_what_came_of_them(self):
        talk, study = self.study("make fifty cca clusters of 256 and compare their Df", 50)
        self.assertEqual((study["status"], study["counts"]["completed"]), ("completed", 50))
        talk.say("how is it going?")
        self.assertEqual(talk.tools(), ["get_study_status"])
        self.assertIn("50 of 50 runs completed", talk.reply)
        talk.say("what was the mean Df?")
        self.assertEqual((talk.tools(), talk.ran[0][2]["data"]["overall"]["count"]), (["get_study_results"], 50))
        talk.say("which run has the highest Df?")
        self.assertEqual((talk.tools(), talk.ran[0][1]["sort_by"]), (["get_study_results"], "df"))
        talk.say("show the results of my study")
        self.assertEqual(talk.ran[0][2]["data"]["combinations"][0]["metrics"]["df"]["count"], 50)
        talk.say("plot the df distribution of the study as pdf")
        self.assertEqual(talk.ran[0][1]["plot"], "df_distribution")
        talk.say("export the study as csv")
        self.assertEqual(talk.tools(), ["export_study_csv"])

    def test_simulate_analyze_and_report(self):
        talk = Talk(self)
        talk.say("grow a tunable cluster of 200 particles with df 1.8 and kf 1.3")
        self.assertEqual(talk.ran[0][1], {"n_particles": 200, "target_df": 1.8, "target_kf": 1.3})
        simulation, = talk.made("simulation")
        talk.say("run a fraktal analysis of it")
        self.assertEqual(talk.ran[0][:2], ("run_fraktal_analysis", {"simulation": simulation}))
        talk.say(f"render {simulation} from the top")
        self.assertEqual(talk.ran[0][:2], ("render_3d_image", {"simulation": simulation, "view": "top"}))
        talk.say(f"write a latex report about {simulation}")
        self.assertEqual(talk.tools(), ["generate_latex_report"])
        talk.say(f"summarize {simulation}")
        self.assertEqual(talk.tools(), ["generate_quick_summary"])

    def test_a_grid_with_seeds(self):
        talk, study = self.study("study dla of 50 particles with sticking probability 0.1, 0.5 and 1 and 3 seeds each", 9)
        results = self.d.good("GET", f"/studies/{study['id']}/results")["combinations"]
        self.assertEqual([row["parameters"] for row in results],
                         [{"sticking_probability": value} for value in (0.1, 0.5, 1.0)])
        self.assertEqual([row["completed"] for row in results], [3, 3, 3])
        talk.say("analyze the study")
        self.assertEqual(talk.tools(), ["analyze_parametric_study"])
        self.assertIn("sticking_probability", talk.reply)

    def test_what_is_missing_in_a_study_is_asked_for(self):
        talk = Talk(self)
        talk.say("study 2d dla with sticking probability 0.2 and 1 and 2 seeds each")
        self.assertEqual(talk.tools(), [])
        self.assertIn("How many particles", talk.reply)
        talk.say("40 particles")
        self.assertEqual(talk.ran[0][:2], ("create_parametric_study", {
            "base_parameters": {"dimensions": 2, "n_particles": 40}, "parameter_grid": {"sticking_probability": [0.2, 1.0]},
            "seeds_per_combination": 2, "tool": "run_dla_simulation"}))

    def test_a_report_is_summed_up_by_what_it_was_made_of(self):
        talk = Talk(self)
        talk.say("grow a dla of 200 particles with a=25 nm and seed 3")
        self.assertEqual(talk.ran[0][1],
                         {"length_unit": "nm", "n_particles": 200, "particle_radius": 25.0, "seed": 3})
        self.assertIn("a = 25 nm", talk.reply)
        simulation, = talk.made("simulation")
        talk.say("write a report about it")
        report, = talk.made("report")
        talk.say("summarize the report")
        tool, arguments, result = talk.ran[0]
        self.assertEqual((tool, arguments), ("generate_quick_summary", {"sources": [report]}))
        self.assertIn(f"The fractal dimension of {simulation}", result["data"]["text"])

    def test_what_is_counted_and_what_is_needed_first(self):
        talk = Talk(self)
        talk.say("grow 300 particles of 2D DLA with seed 1")
        self.assertEqual(talk.ran[0][:2], ("run_dla_simulation", {"dimensions": 2, "n_particles": 300, "seed": 1}))
        first, = talk.made("simulation")
        talk.say("make a 100-particle cca cluster with primary particle diameter 30 nm and analyze it")
        self.assertEqual(talk.ran[0][1], {"length_unit": "nm", "n_particles": 100, "particle_radius": 15.0})
        self.assertIn("I took 30 nm as particle_radius 15 nm", talk.reply)
        second, = talk.made("simulation")
        talk.say("plot both simulations in one figure")
        self.assertEqual(talk.ran[0][1], {"overlay": [first, second], "source": first})
        reply = self.d.chat(talk.id, "plot the box counting of the first one")["content"]
        # The plot needs the analysis, which is made first.
        counting = self.d.good("GET", "/artifacts?kind=analysis&limit=1")["artifacts"][0]
        self.assertEqual(counting["parents"], [first])
        self.assertIn(counting["handle"], reply)
        self.assertRegex(reply, r"Box counting of .*: stored as .*box-counting\.svg")
        talk.say("which simulation has the lowest N?")
        self.assertEqual(talk.ran[0][1], {"order": "ascending", "sort_by": "n_particles"})

    def test_ranges_pairs_and_reports_of_everything(self):
        talk = Talk(self)
        first, second, third = (talk.say("make a linear chain with 20 particles").made("simulation")[0] for _ in range(3))
        numbers = [int(handle.rsplit("-", 1)[1]) for handle in (first, second, third)]
        talk.say(f"compare simulations {numbers[0]} to {numbers[2]}")
        self.assertEqual(talk.ran[0][1], {"simulations": [first, second, third]})
        talk.say(f"compare {first} to {third}")
        self.assertEqual(talk.ran[0][1], {"simulations": [first, third]})
        self.assertIn(f"simulations {numbers[0]} to {numbers[2]}", talk.reply)
        talk.say("write a report")
        self.assertLessEqual({first, second, third}, set(talk.ran[0][1]["sources"]))
        self.assertIn("comparison-", " ".join(talk.ran[0][1]["sources"]))

    def test_three_clusters_are_in_one_plot(self):
        talk = Talk(self)
        talk.say("make 3 dlca clusters of 200 and plot the df distribution")
        made = talk.made("simulation")
        self.assertEqual(talk.ran[-1][1], {"overlay": made, "plot": "df_distribution", "source": made[0]})
        talk.say("analyze the last one")
        analysis, = talk.made("analysis")
        talk.say("run a fraktal analysis of it")
        talk.say("plot the box counting")
        self.assertEqual(talk.ran[0][1], {"plot": "box_counting", "source": analysis})
        talk.say(f"plot df against n of {made[0]}, {made[1]}")
        self.assertEqual(len(talk.made("plot")), 1)

    def test_a_unit_stays_with_its_lengths(self):
        talk = Talk(self)
        talk.say("grow a dla of 200 particles with radius 15 nm and seed 4")
        self.assertRegex(talk.reply, r"Rg = [\d.]+ nm \([\d.]+ a, a = 15 nm\)")
        simulation, = talk.made("simulation")
        talk.say("export the properties of it as a csv file")
        table = self.d.good("GET", f"/artifacts/{talk.made('table')[0]}")
        self.assertIn("rg [nm]", self.d.get(f"/artifacts/{table['handle']}/content").body.decode())
        talk.say(f"write a report about {simulation}")
        report = self.d.get(f"/artifacts/{talk.made('report')[0]}/content").body
        self.assertRegex(zipfile.ZipFile(io.BytesIO(report)).read("main.tex").decode(), r"which is .* nm\b")
        talk.say(f"analyze {simulation}")
        self.assertRegex(talk.reply, r"box sizes [\d.]+ to [\d.]+ nm")
        talk.say(f"what is the Rg of {simulation}?")
        self.assertRegex(talk.reply, r"radius of gyration [\d.]+ nm")
        talk.say("how many contacts does it have?")
        self.assertIn("199 contacts", talk.reply)

    def test_what_there_is_not_is_named(self):
        talk = Talk(self)
        talk.say("make a linear chain with 20 particles")
        talk.say("export it as foo")
        self.assertEqual(talk.tools(), [])
        self.assertRegex(talk.reply, "There is no format “foo”.*csv, xyz")
        talk.say("write a report as pdf")
        self.assertEqual(talk.tools(), [])
        for part in ("but not “as pdf”", "**LaTeX report**", "pdflatex", "**Word report**"):
            self.assertIn(part, talk.reply)

    def test_the_failed_runs_of_a_study_are_listed(self):
        # Twenty radii wide, a box cannot hold a thousand particles.
        study = self.d.good("POST", "/studies", {"tool": "run_cca_simulation", "base_parameters": {"n_particles": 1000},
                                                 "parameter_grid": {"box_size": [20, 400]}}, status=201)
        until(lambda: self.d.good("GET", f"/studies/{study['id']}")["status"] != "running", "the study's end", 200)
        talk = Talk(self).say("list my failed simulations")
        failed, = talk.ran[0][2]["data"]["simulations"]
        self.assertEqual((failed["run"], failed["algorithm"], failed["status"]), (1, "cca", "failed"))
        self.assertIn(f"run 1 of {failed['study']}", talk.reply)

    def test_a_name_gives_way_to_what_is_said(self):
        talk = Talk(self)
        talk.say("RLCA with sticking probability 0.1")
        self.assertEqual(talk.tools(), [])
        self.assertIn("How many particles", talk.reply)
        talk.say("60 particles")
        self.assertEqual(talk.ran[0][:2], ("run_cca_simulation", {"n_particles": 60, "sticking_probability": 0.1}))
        self.assertIn("without it, this would be 0.001", talk.reply)

    def test_what_is_deleted_was_agreed_to(self):
        talk = Talk(self)
        talk.say("make a linear chain with 10 particles")
        chain, = talk.made("simulation")
        for decision in ("refuse", "allow"):
            stream = self.d.stream(talk.id, f"delete {chain}")
            self.addCleanup(stream.close)
            about = stream.until("approval.required")[-1].data
            self.assertEqual((about["name"], about["arguments"]), ("delete_artifacts", {"artifacts": [chain]}))
            self.assertEqual(self.d.get(f"/artifacts/{chain}").status, 200)
            self.d.good("POST", f"/conversations/{talk.id}/turns/{about['turn_id']}/approvals",
                        {"call_id": about["tool_call_id"], "decision": decision})
            self.assertEqual(stream.all()[-1].name, "turn.completed")
            self.assertEqual(self.d.get(f"/artifacts/{chain}").status, 200 if decision == "refuse" else 404)
        self.assertIn(f"Deleted {chain}.", self.d.messages(talk.id)[-1]["content"])

    def test_which_documents_there_are(self):
        talk = Talk(self)
        talk.say("which documents do I have?")
        self.assertEqual(talk.ran[0][2]["data"]["count"], 0)
        self.d.good("POST", "/documents?name=soot.md", b"# Soot\n\nIts particles are small.\n", status=201)
        talk.say("which documents do I have?")
        self.assertEqual([each["name"] for each in talk.ran[0][2]["data"]["artifacts"]], ["soot.md"])
        self.assertIn("soot.md", talk.reply)

    def test_a_few_sizes_run_one_by_one(self):
        talk = Talk(self)
        talk.say("run dla with 50, 100 and 200 particles and compare them")
        self.assertEqual([arguments["n_particles"] for tool, arguments, _ in talk.ran if tool == "run_dla_simulation"],
                         [50, 100, 200])
        self.assertEqual(talk.tools()[-1], "compare_simulations")


if __name__ == "__main__":
    unittest.main()
