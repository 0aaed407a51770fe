"""Vector stores: the official client, what a crash leaves, and the tool by which models search."""

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


if __name__ == "__main__":
    unittest.main()
