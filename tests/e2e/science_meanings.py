"""What "it", "the last", "all of them" and "the study" mean, over the real plugins: conversations that were misread."""

import re
import unittest

from daemon import DaemonTest, until
from science_talks import Talk


class Meanings(DaemonTest):
    def grow(self, talk, *sizes):
        return [talk.say(f"grow a 2d dla with {size} particles").made("simulation")[0] for size in sizes]

    def test_handles_in_help_texts_count_for_nothing(self):
        other = Talk(self).say("make a linear chain with 20 particles").made("simulation")[0]
        self.grow(Talk(self), 50, 60)
        talk = Talk(self)
        own, = self.grow(talk, 100)
        talk.say("help with list_simulations")
        self.assertRegex(talk.reply, r"simulation-\d")
        talk.say("export everything as vtp")
        self.assertEqual([arguments["simulation"] for _, arguments, _ in talk.ran], [own])
        talk.say("write a report about everything in this conversation")
        self.assertNotIn(other, talk.ran[0][1]["sources"])

    def test_a_study_that_runs_is_the_study(self):
        earlier = Talk(self).say("study 2d dla with 20 and 30 particles and 2 seeds each")
        until(lambda: self.d.good("GET", "/studies?limit=1")["studies"][0]["status"] != "running", "the study's end", 200)
        self.assertEqual(earlier.tools(), ["create_parametric_study"])
        talk = Talk(self).say("study 3d dla with 200000 and 300000 particles and 6 seeds each")
        for sentence in ("analyze the study", "export the study as csv", "write a report about the study in latex",
                         "analyze it", "render it", "export it", "write a latex report about it"):
            talk.say(sentence)
            self.assertEqual(talk.tools(), [], f"{sentence}: {talk.reply}")
            self.assertIn("has not ended yet", talk.reply, sentence)
        talk.say("how is it going?")
        self.assertEqual(talk.tools(), ["get_study_status"])
        talk.say("cancel my study")
        ends = lambda: [message["content"] for message in self.d.messages(talk.id) if message["role"] == "system"]
        own = re.search(r"study-\d+", until(ends, "the notice of its end", 100)[0]).group()
        # Perhaps no run of it has ended; it is the one that is meant all the same.
        self.d.chat(talk.id, "analyze the study")
        self.assertIn(f'{{"study":"{own}"}}', str(self.d.messages(talk.id)[-3:]))

    def test_all_and_the_last_and_the_first(self):
        talk = Talk(self)
        handles = self.grow(talk, 100, 110, 120)
        talk.say("compare the first two")
        self.assertEqual(talk.ran[0][1]["simulations"], handles[:2])
        talk.say("compare all of them")
        self.assertEqual(talk.ran[0][1]["simulations"], handles)
        talk.say("plot rg of all of them")
        self.assertEqual(talk.ran[0][1]["overlay"], handles)
        talk.say("plot the last two together")
        self.assertEqual([arguments["overlay"] for _, arguments, _ in talk.ran], [handles[1:]])
        talk.say("write a word report about the last two")
        self.assertEqual(talk.ran[0][1]["sources"], handles[1:])
        talk.say(f"details of {handles[0]}")
        talk.say("analyze the last simulation")
        self.assertEqual(talk.ran[0][1]["simulation"], handles[2])
        talk.say("compare the last two simulations")
        self.assertEqual(talk.ran[0][1]["simulations"], handles[1:])
        talk.say("list my dla simulations")
        rows = [row["handle"] for row in talk.ran[0][2]["data"]["simulations"]]
        for words in ("the first one", "the first"):
            talk.say(f"export {words} as csv")
            self.assertEqual(talk.ran[0][1]["simulation"], rows[0])
        talk.say("export the second one as csv")
        self.assertEqual(talk.ran[0][1]["simulation"], rows[1])

    def test_what_was_made_is_exported(self):
        talk = Talk(self)
        self.grow(talk, 100, 110)
        talk.say("compare both and export as csv")
        self.assertEqual(talk.tools(), ["compare_simulations", "export_comparison_csv"])

    def test_values_and_names(self):
        talk = Talk(self)
        own = talk.say("grow a 3d dla with 300 particles and call it test1").made("simulation")[0]
        talk.say("analyze test1")
        self.assertEqual(talk.ran[0][1]["simulation"], own)
        talk.say(f"whats the df of {own}?")
        self.assertRegex(talk.reply, r"(?s)fractal dimension.*\(DLA simulation.*box counting dimension.*\(Box counting")
        talk.say(f"details of {own}")
        talk.say("and kf?")
        self.assertRegex(talk.reply, r"prefactor 1?\d?\.?\d+")
        talk.say("grow a 2d dla with 400 particles")
        talk.say("which one has the highest Df?")
        self.assertIn(f"Of the 2 of this conversation, **{own}**", talk.reply)
        self.assertIn("say “list my simulations by df”", talk.reply)
        # A list is not sorted by this.
        talk.say("which one has the lowest porosity?")
        self.assertIn("Of the 2 of this conversation", talk.reply)
        self.assertNotIn("list my simulations", talk.reply)
        talk.say("analyze the 3d one")
        self.assertEqual(talk.ran[0][1]["simulation"], own)

    def test_what_contradicts_itself_is_refused(self):
        reply = self.d.post("/tools/run_dla_simulation/execute", {
            "arguments": {"n_particles": 50, "radius_min": 1, "radius_max": 2, "particle_radius": 5}})
        self.assertIn("particle_radius is the mean", reply.body.decode())

    def test_studies_are_told_apart(self):
        talk = Talk(self)
        for size in (20, 30):
            talk.say(f"study 2d dla with {size} and {size + 5} particles and 2 seeds each")
        talk.say("list my studies")
        self.assertGreaterEqual(len(set(re.findall(r"study-\d+|study_[0-9a-f]+", talk.reply))), 2)

    def test_dlca_and_rlca_are_told_apart(self):
        talk = Talk(self)
        dlca, = talk.say("make a dlca cluster of 100 particles with seed 1").made("simulation")
        df = talk.ran[0][2]["data"]["df"]
        rlca, = talk.say("make an rlca cluster of 60 particles with seed 2").made("simulation")
        for name, own, other in (("dlca", dlca, rlca), ("rlca", rlca, dlca)):
            talk.say(f"list my {name} clusters")
            rows = [row["handle"] for row in talk.ran[0][2]["data"]["simulations"]]
            self.assertIn(own, rows)
            self.assertNotIn(other, rows)
        self.assertIn("sticking probability 0.001", talk.reply)
        talk.say("render the dlca")
        self.assertEqual(talk.ran[0][1]["simulation"], dlca)
        talk.say("compare the dlca and the rlca")
        self.assertRegex(talk.reply, rf"different kinds .*probability 1: {dlca}; .*probability 0.001: .* One by one: {dlca}: df = .* rg = [0-9.]+ a;")
        talk.say(f"compare {rlca} with a dlca of the same size")
        self.assertEqual(talk.ran[0][:2], ("run_cca_simulation", {"n_particles": 60}))
        self.assertEqual(talk.ran[1][1]["simulations"], [rlca, *talk.made("simulation")])
        talk.say(f"reproduce {dlca}")
        self.assertEqual((talk.ran[0][1]["seed"], talk.ran[0][2]["data"]["df"]), (1, df))

    def test_what_the_runs_of_a_study_warn_of_is_told(self):
        talk = Talk(self).say("study 2d dla of 14 particles with sticking probability 0.1, 0.5 and 1 and 2 seeds each")
        until(lambda: self.d.good("GET", "/studies?limit=1")["studies"][0]["status"] != "running", "the study's end", 200)
        talk.say("show the results of my study")
        self.assertEqual(len(re.findall(r"2 runs warn: Df and kf are fitted over less than one decade", talk.reply)), 3, talk.reply)
        talk.say("plot Df against the sticking probability")
        self.assertEqual(talk.ran[0][2]["data"]["values"], 3)
        talk.say("how does Df depend on the sticking probability?")
        self.assertEqual(talk.tools(), ["analyze_parametric_study"])
        self.assertFalse("…" in talk.reply, talk.reply)


if __name__ == "__main__":
    unittest.main()
