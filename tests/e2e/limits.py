"""How much may be asked for: requests, turns, tokens of a day; what is refused, how it is told, and that others notice nothing.

The daemon believes its proxy, which is each test, so every test has addresses of its own."""

import datetime
import json
import time
import unittest

from access_support import KEYS, Person, administrator, key
from daemon import API, DaemonTest, FolderTest, in_threads, until
from provider_tests import ProviderTest
from upstream import Gate, Reply, Text, Upstream, Usage

BURST = 5
PROXY = "http: {trusted_proxies: [127.0.0.1, 127.0.0.2]}\n"
ADDRESSES = f"""limits:
  addresses:
    - {{addresses: [10.0.0.0/8], requests_per_minute: 0}}
    - {{addresses: [198.51.100.0/24], requests_per_minute: 30, burst: {BURST}}}
    - {{requests_per_minute: 1, burst: {BURST}}}
"""


def day():
    return datetime.datetime.now(datetime.timezone.utc).date()


class Requests(DaemonTest):
    config = PROXY + ADDRESSES

    def ask(self, address, path=f"{API}/tools", method="GET", body=None, **headers):
        connection = self.d.connect()
        connection.request(method, path, body, {"X-Forwarded-For": address} | headers)
        response = connection.getresponse()
        reply = (response.status, response.headers, response.read())
        connection.close()
        return reply

    def use_up(self, address):
        for left in range(BURST - 1, -1, -1):
            status, headers, _ = self.ask(address)
            self.assertEqual(status, 200)
            self.assertEqual(headers["RateLimit-Policy"], '"address";q=1;w=60')
            self.assertRegex(headers["RateLimit"], rf'^"address";r={left};t=[0-9]+$')
            self.assertEqual(headers["x-ratelimit-limit-requests"], "1")
            self.assertEqual(headers["x-ratelimit-remaining-requests"], str(left))
            self.assertRegex(headers["x-ratelimit-reset-requests"], r"^([0-9]+m)?[0-9.]+s$")

    def test_each_door_refuses_in_its_own_shape(self):
        self.use_up("192.0.2.1")
        chat = json.dumps({"model": "offline", "messages": [{"role": "user", "content": "Hi"}]})
        doors = {
            ("GET", f"{API}/tools"): lambda error: error["error"]["code"],
            ("GET", f"{API}/nowhere"): lambda error: error["error"]["code"],
            ("GET", "/v1/models"): lambda error: error["error"]["code"],
            ("POST", "/v1/chat/completions"): lambda error: error["error"]["code"],
            ("POST", "/v1/threads"): lambda error: error["error"]["code"],
            ("POST", "/api/v1/chatkit/sessions"): lambda error: error["error"]["code"],
        }
        expected = {"/v1": "rate_limit_exceeded", "/api/v1/chatkit": "RATE_LIMITED", API: "rate_limited"}
        for (method, path), code_of in doors.items():
            with self.subTest(path):
                body = chat if method == "POST" else None
                status, headers, text = self.ask("192.0.2.1", path, method, body)
                self.assertEqual(status, 429, text)
                self.assertTrue(0 < int(headers["Retry-After"]) <= 60, headers["Retry-After"])
                self.assertIn("r=0", headers["RateLimit"])
                code, = {code for prefix, code in expected.items() if path.startswith(prefix)}
                self.assertEqual(code_of(json.loads(text)), code, text)
                self.assertIn(b"1 requests a minute", text)
        for path in ("/api/v1/chatkit", "/mcp"):
            status, headers, text = self.ask("192.0.2.1", path, "POST", "{}", **{"Content-Type": "application/json"})
            self.assertEqual(status, 429, text)
            self.assertIn("Retry-After", headers)

    def test_the_bucket_fills_again(self):
        address = "198.51.100.1"
        for _ in range(BURST):
            self.ask(address)
        until(lambda: self.ask(address)[0] == 429, "a refusal", 30)
        until(lambda: self.ask(address)[0] == 200, "another request", 30)

    def test_others_are_not_concerned_and_health_is_always_told(self):
        self.use_up("192.0.2.3")
        self.assertEqual(self.ask("192.0.2.3")[0], 429)
        for _ in range(20):
            self.assertEqual(self.ask("10.1.2.3")[0], 200, "there is no limit for this network")
            for path in ("/livez", "/readyz", "/metrics"):
                self.assertEqual(self.ask("192.0.2.3", path)[0], 200)
        self.use_up("192.0.2.4")

    def test_who_does_not_listen_gets_nothing_more(self):
        connection = self.d.connect()
        began = time.monotonic()
        statuses = []
        for _ in range(500):
            connection.request("POST", f"{API}/conversations", "{}", {"X-Forwarded-For": "192.0.2.5",
                                                                     "Content-Type": "application/json"})
            response = connection.getresponse()
            response.read()
            statuses.append(response.status)
        connection.close()
        allowed = BURST + 1 + (time.monotonic() - began) / 60
        self.assertEqual(set(statuses), {201, 429})
        self.assertLessEqual(statuses.count(201), allowed)

    def test_a_whole_network_of_ipv6_is_one_client(self):
        for number in range(BURST):
            self.assertEqual(self.ask(f"2001:db8:1:2:{number}::1")[0], 200)
        self.assertEqual(self.ask("2001:db8:1:2:ffff::1")[0], 429)
        self.assertEqual(self.ask("2001:db8:1:3::1")[0], 200)
        self.assertEqual(self.ask("::ffff:10.1.2.3")[0], 200)

    def test_what_is_left_is_shown_and_what_was_refused_is_counted(self):
        refused = 'assistd_requests_refused_total{reason="address"}'

        def count():
            text = self.ask("10.0.0.1", "/metrics")[2].decode()
            return float(next(line for line in text.splitlines() if line.startswith(refused)).split()[1])

        before = count()
        for _ in range(BURST - 1):
            self.ask("192.0.2.7")
        limits = json.loads(self.ask("192.0.2.7", f"{API}/limits")[2])
        self.assertEqual(limits["user"], "local")
        self.assertEqual(limits["requests"]["user"], None)
        self.assertEqual((limits["requests"]["address"]["per_minute"], limits["requests"]["address"]["remaining"]), (1, 0))
        self.assertEqual(limits["turns"], {"at_once": None, "running": 0, "waiting_at_most": 64, "waiting": 0})
        self.assertEqual(limits["tokens"], {"per_day": None, "used": 0, "remaining": None})
        self.assertEqual(self.ask("192.0.2.7")[0], 429)
        self.assertGreaterEqual(count(), before + 1)
        for query, status in (("user=local", 200), ("user=bob", 404), ("user=", 422), ("name=bob", 422), ("user=" + "x" * 300, 422)):
            self.assertEqual(self.ask("10.0.0.1", f"{API}/limits?{query}")[0], status, query)


class Turns(ProviderTest):
    # One that waits is to wait for as long as the test takes.
    more_config = ("limits:\n  overload: {{turn_wait_s: 600}}\n  users:\n    - {{turns_at_once: 2, turns_waiting: 1}}\n")

    def status_of_head(self, path, headers=()):
        """Of the answer to a head whose body does not come; None: there is none."""
        connection = self.d.connect()
        connection.timeout = 1
        connection.putrequest("POST", path)
        for name, value in {"Content-Type": "application/json", "Content-Length": "20", **dict(headers)}.items():
            connection.putheader(name, value)
        connection.endheaders()
        try:
            return connection.getresponse().status
        except TimeoutError:
            return None
        finally:
            connection.close()

    def test_what_is_too_much_waits_or_is_refused_by_every_door(self):
        gate = Gate("the others")
        self.script(otherwise=Reply([gate, Text("Done.")]))
        running = [self.d.stream(self.d.conversation(), f"Go {self.words}") for _ in range(2)]
        until(lambda: self.d.good("GET", "/limits")["turns"]["running"] == 2, "two turns")
        late = self.d.conversation()
        refused = self.d.conversation()

        def work(number):
            if number == 0:
                return self.d.chat(late, f"Later {self.words}")["content"]
            until(lambda: self.d.good("GET", "/limits")["turns"]["waiting"] == 1, "a turn that waits")
            reply = self.d.post(f"/conversations/{refused}/chat", {"content": f"No {self.words}"})
            error = self.check_error(reply, 429, "rate_limited")
            self.assertIn("2 at once are allowed, and 1 may wait", error["message"])
            self.assertGreater(int(reply.headers["Retry-After"]), 0)
            completion = {"model": "main:fake", "messages": [{"role": "user", "content": f"Hi {self.words}"}]}
            connection = self.d.connect()
            connection.request("POST", "/v1/chat/completions", json.dumps(completion), {"Content-Type": "application/json"})
            response = connection.getresponse()
            self.assertEqual(response.status, 429)
            self.assertEqual(json.loads(response.read())["error"]["type"], "rate_limit_error")
            connection.close()
            for path in (f"{API}/conversations/{refused}/chat", f"{API}/conversations/{refused}/regenerate"):
                self.assertEqual(self.status_of_head(path), 429, "before its body is there")
            self.assertIsNone(self.status_of_head(f"{API}/conversations/{refused}/chat", {"Idempotency-Key": "k"}),
                              "it may be a turn's that there is already")
            self.assertEqual(self.d.messages(refused), [], "nothing is left of what was refused")
            gate.open()
            return None

        self.assertEqual(in_threads(work, 2)[0], "Done.")
        for stream in running:
            self.assertEqual(stream.all()[-1].name, "turn.completed")
        until(lambda: self.d.good("GET", "/limits")["turns"]["running"] == 0, "free places")
        self.assertEqual(self.d.chat(refused, f"Now {self.words}")["content"], "Done.")


class Days(FolderTest):
    """The day's end is far away; who starts this right before midnight UTC runs it again."""

    def setUp(self):
        super().setUp()
        self.upstream = Upstream().start()
        self.addCleanup(self.upstream.stop)
        self.upstream.script(otherwise=Reply([Text("Hello.")], usage=Usage(100, 20)))
        self.day = day()

    def start(self, figures, whose="users", more=""):
        return self.daemon(f"{more}model: main:fake\ntitles: first_message\nproviders:\n"
                           f"  main: {{kind: openai, base_url: '{self.upstream.url}/v1',"
                           f" models: {{fake: {{price: {{input: 1000, output: 1000}}}}}}}}\n"
                           f"limits:\n  {whose}:\n    - {{{figures}}}\n")

    def check_refused(self, d, words):
        reply = d.post(f"/conversations/{d.conversation()}/chat", {"content": "Hi"})
        if day() != self.day:
            self.skipTest("midnight has passed")
        self.assertEqual(reply.status, 429, reply.body)
        self.assertIn(words, reply.error["message"])
        return reply

    def test_tokens_are_counted_over_a_restart(self):
        d = self.start("tokens_per_day: 200")
        talk = d.conversation()
        d.chat(talk, "Hi")
        d.chat(talk, "Hi")
        reply = self.check_refused(d, "local has used 240 of the 200 tokens that are allowed a day.")
        self.assertGreater(int(reply.headers["Retry-After"]), 0)
        self.assertEqual(reply.headers["x-ratelimit-limit-tokens"], "200")
        self.assertEqual(reply.headers["x-ratelimit-remaining-tokens"], "0")
        d.restart()
        self.check_refused(d, "240 of the 200")
        limits = d.good("GET", "/limits")
        self.assertEqual(limits["tokens"], {"per_day": 200, "used": 240, "remaining": 0})
        self.assertEqual(limits["day_ends_at"], f"{day() + datetime.timedelta(days=1)}T00:00:00.000000Z")
        connection = d.connect()
        connection.request("POST", "/v1/chat/completions",
                           json.dumps({"model": "main:fake", "messages": [{"role": "user", "content": "Hi"}]}),
                           {"Content-Type": "application/json"})
        response = connection.getresponse()
        self.assertEqual((response.status, response.headers["x-should-retry"]), (429, "false"))
        connection.close()

    def test_what_it_costs_is_counted(self):
        d = self.start("cost_per_day: 0.2")
        d.chat(d.conversation(), "Hi")
        d.chat(d.conversation(), "Hi")
        self.check_refused(d, "local has spent $0.24 of the $0.20 that are allowed a day.")

    def test_a_reply_tells_what_is_left_after_it(self):
        d = self.start("tokens_per_day: 500, cost_per_day: 5")
        first = d.post(f"/conversations/{d.conversation()}/chat", {"content": "Hi"})
        self.check_left(first.headers, 380, "4.88")
        connection = d.connect()
        connection.request("POST", "/v1/chat/completions",
                           json.dumps({"model": "main:fake", "messages": [{"role": "user", "content": "Hi"}]}),
                           {"Content-Type": "application/json"})
        self.check_left(connection.getresponse().headers, 260, "4.76")
        connection.close()

    def check_left(self, headers, tokens, dollars):
        if day() != self.day:
            self.skipTest("midnight has passed")
        self.assertEqual((headers["x-ratelimit-limit-tokens"], headers["x-ratelimit-remaining-tokens"]), ("500", str(tokens)))
        self.assertEqual((headers["x-ratelimit-limit-cost"], headers["x-ratelimit-remaining-cost"]), ("5", dollars))
        self.assertRegex(headers["x-ratelimit-reset-cost"], r"^([0-9]+h)?([0-9]+m)?[0-9.]+s$")

    def check_refused_one(self, ask, words):
        reply = ask()
        if day() != self.day:
            self.skipTest("midnight has passed")
        self.assertEqual(reply.status, 429, reply.body)
        self.assertIn(words, json.loads(reply.body)["error"]["message"])

    def test_each_key_has_its_day_over_a_restart(self):
        d = self.start("tokens_per_day: 200, turns_at_once: 4", "keys", KEYS)
        admin = administrator(d)
        first, second = (Person(d, "local", key(admin, name)) for name in ("one", "two"))

        def ask(person):
            talk = admin.good("POST", "/conversations", {})["id"]
            return person.ask("POST", f"{API}/conversations/{talk}/chat", {"content": "Hi"})

        for _ in range(2):
            self.assertEqual(ask(first).status, 200)
        self.check_refused_one(lambda: ask(first), "This key has used 240 of the 200 tokens that are allowed a day.")
        reply = ask(second)
        self.assertEqual(reply.status, 200)
        self.assertEqual(reply.headers["x-ratelimit-remaining-tokens"], "80")
        d.restart()
        self.check_refused_one(lambda: ask(first), "This key has used 240 of the 200")
        self.assertEqual(ask(second).status, 200)
        limits = first.good("GET", "/limits")
        self.assertEqual(limits["key"]["tokens"], {"per_day": 200, "used": 240, "remaining": 0})
        self.assertEqual(limits["key"]["turns"]["at_once"], 4)
        self.assertEqual((limits["address"], limits["tokens"]["per_day"]), (None, None))
        self.assertRegex(first.ctl("limits").stdout, r"tokens a day, of the key +200 +240 +0")

    def test_each_address_has_its_day(self):
        d = self.start("tokens_per_day: 200", "addresses", PROXY)

        def ask(address):
            return d.post(f"/conversations/{d.conversation()}/chat", {"content": "Hi"}, {"X-Forwarded-For": address})

        for _ in range(2):
            self.assertEqual(ask("192.0.2.1").status, 200)
        self.check_refused_one(lambda: ask("192.0.2.1"), "This address has used 240 of the 200")
        self.assertEqual(ask("192.0.2.2").status, 200)
        limits = d.call("GET", "/limits", headers={"X-Forwarded-For": "192.0.2.2"}).json
        self.assertEqual(limits["address"]["tokens"]["used"], 120)
        self.assertEqual(limits["key"], None)


if __name__ == "__main__":
    unittest.main()
