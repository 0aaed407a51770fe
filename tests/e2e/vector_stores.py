"""Vector stores: the official client, what a crash leaves, and the tool by which models search."""

import json
import os
import pathlib
import subprocess
import unittest

from daemon import DaemonTest, Reply, until

NODE = pathlib.Path(__file__).parent / "node"
PATIENCE_S = 240


def ask(daemon, method, path, body=None):
    connection, response = daemon._send(method, f"/v1{path}", body, None)
    try:
        return Reply(response)
    finally:
        connection.close()


def upload(daemon, text, name="notes.txt"):
    made = daemon.call("POST", f"/artifacts?name={name}", text.encode(), {"Content-Type": "text/plain"})
    return made.json["id"].replace("art_", "file-")


class Clients(DaemonTest):
    def test_the_official_client(self):
        environment = os.environ | {"ASSISTD_OPENAI_URL": f"http://127.0.0.1:{self.d.port}/v1"}
        done = subprocess.run([NODE / "node_modules/.bin/node", "vector_stores.mjs"], cwd=NODE, env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-20000:] + done.stderr[-5000:])


class Documents(DaemonTest):
    def store_of(self, daemon, texts):
        store = ask(daemon, "POST", "/vector_stores", {"name": "documents"}).json["id"]
        ids = [upload(daemon, text, f"text-{i}.txt") for i, text in enumerate(texts)]
        self.assertEqual(ask(daemon, "POST", f"/vector_stores/{store}/file_batches", {"file_ids": ids}).status, 200)
        return store

    def settle(self, daemon, store):
        def settled():
            return ask(daemon, "GET", f"/vector_stores/{store}").json["file_counts"]["in_progress"] == 0
        until(settled, "the files are indexed")

    def test_what_a_kill_interrupts_is_indexed_after_the_restart(self):
        daemon = self.daemon()
        store = self.store_of(daemon, [f"Text {i} tells of dendrites." for i in range(60)])
        daemon.kill()
        daemon.start()
        self.settle(daemon, store)
        counts = ask(daemon, "GET", f"/vector_stores/{store}").json["file_counts"]
        self.assertEqual(counts["completed"], 60)
        found = ask(daemon, "POST", f"/vector_stores/{store}/search", {"query": "dendrites", "max_num_results": 50})
        names = [one["filename"] for one in found.json["data"]]
        self.assertEqual((len(names), len(set(names))), (50, 50))

    def test_models_search_by_a_tool(self):
        store = self.store_of(self.d, ["The porosity of the third cluster was 0.83.", "Lunch is at noon."])
        self.settle(self.d, store)
        done = self.d.good("POST", "/tools/file_search/execute", {"arguments": {"query": "porosity of clusters"}})
        self.assertTrue(done["success"], done)
        passage = done["data"]["passages"][0]
        self.assertEqual(passage["file_name"], "text-0.txt")
        self.assertEqual(passage["marker"], "【1:1†text-0.txt】")
        self.assertEqual((passage["start"], passage["end"]), (0, 43))
        refused = self.d.good("POST", "/tools/file_search/execute", {"arguments": {"query": "x", "store": "none"}})
        self.assertEqual(refused["error"]["error_type"], "ValidationError")
        reply = self.d.chat(self.d.conversation(), "what do the documents say about porosity?")
        self.assertEqual(reply["tools_executed"], ["file_search"], reply)

    def test_a_word_that_nothing_had_is_found_once_something_has_it(self):
        store = self.store_of(self.d, [f"Text {i} is about nothing in particular." for i in range(30)])
        self.settle(self.d, store)
        search = {"query": "xylophonist"}
        self.assertEqual(ask(self.d, "POST", f"/vector_stores/{store}/search", search).json["data"], [])
        ask(self.d, "POST", f"/vector_stores/{store}/files", {"file_id": upload(self.d, "The xylophonist plays at noon.", "x.txt")})
        self.settle(self.d, store)
        self.assertEqual(len(ask(self.d, "POST", f"/vector_stores/{store}/search", search).json["data"]), 1)

    def test_a_file_in_two_stores_is_told_once(self):
        for _ in range(2):
            store = ask(self.d, "POST", "/vector_stores", {"name": "twice"}).json["id"]
            if _ == 0:
                file = upload(self.d, "Magnetorheological fluids stiffen.", "twice.txt")
            ask(self.d, "POST", f"/vector_stores/{store}/files", {"file_id": file})
            self.settle(self.d, store)
        done = self.d.good("POST", "/tools/file_search/execute", {"arguments": {"query": "magnetorheological"}})
        self.assertEqual(len(done["data"]["passages"]), 1)

    def test_a_removed_artifact_is_found_no_more(self):
        store = self.store_of(self.d, ["Ferrofluids have spikes."])
        self.settle(self.d, store)
        search = {"query": "ferrofluids"}
        found = ask(self.d, "POST", f"/vector_stores/{store}/search", search).json["data"]
        self.assertEqual(len(found), 1)
        self.d.good("DELETE", "/artifacts/" + found[0]["file_id"].replace("file-", "art_"), status=204)
        self.assertEqual(ask(self.d, "POST", f"/vector_stores/{store}/search", search).json["data"], [])
        again = upload(self.d, "Ferrofluids have spikes again.", "again.txt")
        ask(self.d, "POST", f"/vector_stores/{store}/files", {"file_id": again})
        self.settle(self.d, store)
        self.assertEqual(ask(self.d, "DELETE", f"/files/{again}").status, 200)
        self.assertEqual(ask(self.d, "POST", f"/vector_stores/{store}/search", search).json["data"], [])

    def test_a_file_that_goes_with_its_conversation_is_found_no_more(self):
        conversation = self.d.conversation()
        reply = self.d.chat(conversation, "Run a DLA simulation with 50 particles and export it as CSV")
        table = [one for one in reply["artifacts"] if one["kind"] == "geometry"][0]
        store = self.store_of(self.d, ["The radius of a gyroscope."])
        ask(self.d, "POST", f"/vector_stores/{store}/files", {"file_id": table["id"].replace("art_", "file-")})
        self.settle(self.d, store)
        def found():
            page = ask(self.d, "POST", f"/vector_stores/{store}/search", {"query": "radius"}).json["data"]
            return {one["filename"] for one in page}
        self.assertEqual(found(), {"text-0.txt", table["name"]})
        self.d.good("DELETE", f"/conversations/{conversation}", status=204)
        self.assertEqual(found(), {"text-0.txt"})
        until(lambda: ask(self.d, "GET", f"/vector_stores/{store}").json["file_counts"]["total"] == 1, "the file is forgotten")

    def test_the_text_of_a_file_comes_without_overlaps(self):
        text = " ".join(f"Wört {i}." for i in range(6000))
        store = self.store_of(self.d, [text])
        self.settle(self.d, store)
        file = ask(self.d, "GET", f"/vector_stores/{store}/files").json["data"][0]["id"]
        content = ask(self.d, "GET", f"/vector_stores/{store}/files/{file}/content").json
        self.assertGreater(len(content["data"]), 2)
        self.assertEqual("".join(one["text"] for one in content["data"]), text)

    def run_of(self, tool, store):
        assistant = ask(self.d, "POST", "/assistants", {"model": "offline", "tools": [tool],
                                                        "tool_resources": {"file_search": {"vector_store_ids": [store]}}}).json
        question = {"role": "user", "content": "what do the documents say about permeability?"}
        run = ask(self.d, "POST", "/threads/runs", {"assistant_id": assistant["id"], "thread": {"messages": [question]}}).json
        path = f"/threads/{run['thread_id']}/runs/{run['id']}"
        until(lambda: ask(self.d, "GET", path).json["status"] == "completed", "the run ends")
        content = "step_details.tool_calls%5B*%5D.file_search.results%5B*%5D.content"
        steps = ask(self.d, "GET", f"{path}/steps?order=asc&include%5B%5D={content}").json["data"]
        message = ask(self.d, "GET", f"/threads/{run['thread_id']}/messages").json["data"][0]
        return steps[0]["step_details"]["tool_calls"][0]["file_search"], message["content"][0]["text"]

    def test_a_run_searches_as_its_assistant_says(self):
        texts = [f"The permeability of cluster {i}." for i in range(30)] + ["Permeability matters, as does much that has nothing to do "
                                                                        "with what anybody asks: " + "lunch and dinner " * 200]
        store = self.store_of(self.d, texts)
        self.settle(self.d, store)
        search, _ = self.run_of({"type": "file_search"}, store)
        self.assertEqual(len(search["results"]), 20)
        self.assertEqual(search["ranking_options"]["score_threshold"], 0)
        search, text = self.run_of({"type": "file_search", "file_search": {"max_num_results": 2}}, store)
        self.assertEqual(len(search["results"]), 2)
        for result in search["results"]:
            self.assertTrue(0.5 < result["score"] <= 1, result)
            self.assertIn("permeability", result["content"][0]["text"])
        self.assertTrue(text["annotations"], text)
        search, _ = self.run_of({"type": "file_search", "file_search": {"max_num_results": 50, "ranking_options": {"score_threshold": 0.8}}},
                                store)
        self.assertEqual(search["ranking_options"]["score_threshold"], 0.8)
        self.assertEqual(len(search["results"]), 30)
        self.assertTrue(all(result["score"] >= 0.8 for result in search["results"]), search)

    def test_chat_completions_say_what_they_rest_on(self):
        self.settle(self.d, self.store_of(self.d, ["Größe: the viscosity of honey is ten pascal seconds."]))
        body = {"model": "offline", "messages": [{"role": "user", "content": "what do the documents say about viscosity of honey?"}]}
        message = ask(self.d, "POST", "/chat/completions", body).json["choices"][0]["message"]
        one = message["annotations"][0]
        place = one["url_citation"]
        self.assertEqual(message["content"][place["start_index"]:place["end_index"]], "【1:1†text-0.txt】")
        self.assertEqual((one["file_citation"]["filename"], place["title"]), ("text-0.txt", "text-0.txt"))
        self.assertIn("honey is ten", one["file_citation"]["quote"])
        self.assertEqual(ask(self.d, "GET", place["url"].removeprefix("/v1")).status, 200)
        streamed = ask(self.d, "POST", "/chat/completions", body | {"stream": True}).body.decode()
        chunks = [json.loads(line[6:]) for line in streamed.splitlines() if line.startswith("data: {")]
        self.assertEqual([chunk["choices"][0]["delta"].get("annotations") for chunk in chunks][-1], message["annotations"])
        self.assertEqual(chunks[-1]["choices"][0]["finish_reason"], "stop")


if __name__ == "__main__":
    unittest.main()
