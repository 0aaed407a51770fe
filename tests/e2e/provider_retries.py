"""Repetition, Retry-After, the fallback chain, and prompts that are too long."""

import email.utils
import time
import unittest

from daemon import in_threads, until
from provider_tests import KINDS, TURN_LIMIT_S, ProviderTest
from upstream import Failure, Fault, Reply, Text, context_too_long, rate_limited

ANSWER = Reply([Text("Here.")])


class Retries:
    def check_repeated(self, words, *failures, least_s=0.0):
        """The failures are not seen by the user; the next attempt waits at least so long."""
        self.script(*failures, ANSWER, words=words)
        conversation, events, took = self.turn_of(words)
        self.check_ended(conversation, events, "completed")
        self.assertEqual(events[-1].data["message"]["content"], "Here.")
        self.assertGreaterEqual(took, least_s)
        self.assertEqual(len(self.upstream.asked(words)), len(failures) + 1)
        self.assertEqual(len(self.d.messages(conversation)), 2)

    def test_what_may_pass_is_tried_again(self):
        failures = [Failure(status) for status in (408, 429, 500, 502, 503, 504, 529)]
        failures += [Reply([Fault("reset")]), Reply([Fault("eof")])]
        in_threads(lambda n: self.check_repeated(f"[passes {n}]", failures[n]), len(failures))

    def test_an_ended_turn_is_nowhere_running(self):
        for number in range(20):
            words = f"[ended {number}]"
            self.script(ANSWER, words=words)
            conversation, events, _ = self.turn_of(words)
            self.assertEqual(self.d.turn(conversation, events[-1].data["turn_id"])["state"], "completed")

    def test_what_will_not_pass_is_not(self):
        for status in (400, 401, 403, 404):
            words = f"[stays {status}]"
            self.script(Failure(status), ANSWER, words=words)
            with self.subTest(status=status):
                self.check_broken(words, "", "provider_failed")
                self.assertEqual(len(self.upstream.asked(words)), 1)

    def test_the_server_says_how_long_to_wait(self):
        def date():  # whole seconds: between 1 and 2 from now
            return email.utils.formatdate(time.time() + 2, usegmt=True)

        cases = [(rate_limited(retry_after="1"), 1.0), (rate_limited(retry_after_ms="700"), 0.7),
                 (rate_limited(x_ratelimit_reset_requests="800ms", x_ratelimit_remaining_requests="0"), 0.8),
                 (rate_limited(x_ratelimit_reset_tokens="1s", x_ratelimit_remaining_tokens="0"), 1.0),
                 (rate_limited(retry_after=date()), 0.9), (Failure(503, headers={"retry-after": "1"}), 1.0)]
        in_threads(lambda n: self.check_repeated(f"[says {n}]", cases[n][0], least_s=cases[n][1]), len(cases))

    def test_longer_than_the_turn_may_take_is_told_at_once(self):
        self.script(otherwise=rate_limited(retry_after="3600"))
        _, error = self.check_broken(self.words, "", "rate_limited", within_s=TURN_LIMIT_S)
        self.assertEqual(error["retry_after_s"], 3600)
        self.assertIn("Try again in 3600 s.", error["message"])
        reply = self.d.post(f"/conversations/{self.d.conversation()}/chat", {"content": self.words})
        self.check_error(reply, 429, "rate_limited")
        self.assertEqual(reply.headers["Retry-After"], "3600")

    def test_never_after_the_first_token(self):
        self.script(Reply([Text("Half"), Fault("reset")]), ANSWER)
        self.check_broken(self.words, "Half", "provider_failed")
        self.assertEqual(len(self.upstream.asked(self.words)), 1)

    def test_a_cancel_ends_the_waiting(self):
        self.script(otherwise=rate_limited(retry_after="2"))
        conversation = self.d.conversation()
        stream = self.d.stream(conversation, self.words)
        stream.until("turn.started")
        self.upstream.wait_for(lambda: self.upstream.asked(self.words), "the first attempt")
        began = time.monotonic()
        self.d.good("POST", f"/conversations/{conversation}/turns/{stream.headers['X-Turn-ID']}/cancel")
        self.assertEqual(stream.all()[-1].name, "turn.cancelled")
        self.assertLess(time.monotonic() - began, 2)  # when the next attempt would have been

    def test_a_prompt_that_is_too_long_is_cut_and_tried_once_more(self):
        self.script(Reply([Text("One.")]), Reply([Text("Two.")]), context_too_long(), Reply([Text("Three.")]))
        conversation = self.d.conversation()
        for number, answer in enumerate(("One.", "Two.", "Three.")):
            content = f"{self.words if number == 0 else ''} {number}: " + "words " * 200
            # The cut takes the first message with its marker away; the others carry it, too.
            self.assertEqual(self.d.chat(conversation, f"{content} {self.words}")["content"], answer)
        sizes = [len(request.body) for request in self.upstream.asked(self.words)]
        self.assertEqual(len(sizes), 4)
        self.assertLess(sizes[3], sizes[2])

    def test_a_prompt_that_stays_too_long_fails_after_the_second_attempt(self):
        self.script(otherwise=context_too_long())
        self.check_broken(self.words, "", "context_too_long")
        self.assertLessEqual(len(self.upstream.asked(self.words)), 2)


class Fallback:
    """The second provider is the same server under a path of its own."""

    # Together well within the turn's time.
    more_keys = ", fallback: ['backup:spare'], retry: {attempts: 2, first_wait_s: 0.1}"
    more_config = ("  backup: {{kind: KIND, base_url: '{url}/backup{path}', api_key_env: FAKE_MODEL_KEY, "
                   "retry: {{attempts: 2, first_wait_s: 0.1}}}}\n")

    def script_both(self, words, first, second):
        for is_backup, reply in ((False, first), (True, second)):
            def fits(request, is_backup=is_backup):
                return words in request.body.decode() and request.path.startswith("/backup") == is_backup
            self.upstream.script(when=fits, otherwise=reply)

    def test_the_next_one_answers(self):
        for number, first in enumerate((Failure(500), Failure(529), Failure(401), Reply([Fault("reset")]))):
            words = f"[next {number}]"
            self.script_both(words, first, ANSWER)
            with self.subTest(number):
                conversation, events, _ = self.turn_of(words)
                self.check_ended(conversation, events, "completed")
                last = self.upstream.asked(words)[-1]
                self.assertEqual((last.path.startswith("/backup"), last.json["model"]), (True, "spare"))
                self.assertEqual(self.d.messages(conversation)[-1]["provider"], "backup")
                self.assertEqual(events[-1].data["message"]["provider"], "backup")
                self.assertEqual(self.d.turn(conversation, events[0].data["turn_id"])["provider"], "main")

    def test_not_after_the_first_token(self):
        self.script_both(self.words, Reply([Text("Half"), Fault("reset")]), ANSWER)
        self.check_broken(self.words, "Half", "provider_failed")

    def test_a_conversation_stays_with_its_provider(self):
        conversation = self.d.conversation(provider="backup", model="one")

        def patched(**change):
            shown = self.d.good("PATCH", f"/conversations/{conversation}", change)
            return shown["provider"], shown["model"]

        self.assertEqual(patched(model="two"), ("backup", "two"))
        self.assertEqual(patched(model="main:three"), ("main", "three"))
        self.assertEqual(patched(model="four"), ("main", "four"))
        self.assertEqual(patched(provider="backup", model="five"), ("backup", "five"))

    def test_all_of_them_fail(self):
        self.script_both(self.words, Failure(500, "Ill."), Failure(503, "Tired."))
        _, error = self.check_broken(self.words, "", "provider_failed")
        self.assertRegex(error["message"], r'^No model could answer\. The provider "main" answered 500: Ill\b.*\. '
                                           r'The provider "backup" answered 503: Tired\b.*\.$')


class Breaker:
    """A server that keeps failing is left alone, and tried again after a pause."""

    breaker = "{failures: 2, pause_s: 3}"
    more_keys = ", retry: {attempts: 1}"

    def circuit(self):
        providers = self.d.good("GET", "/providers")["providers"]
        return {one["name"]: one["circuit"] for one in providers}["main"]

    def test_it_opens_and_closes(self):
        self.assertEqual(self.circuit(), "closed")
        self.script(otherwise=Failure(503))
        for _ in range(2):
            self.check_broken(self.words, "", "provider_failed")
        self.assertEqual(self.circuit(), "open")
        _, error = self.check_broken(self.words, "", "unavailable", within_s=TURN_LIMIT_S)
        self.assertIn('"main"', error["message"])
        self.assertEqual(len(self.upstream.asked(self.words)), 2)
        until(lambda: self.circuit() == "half_open", "the end of the pause", 10)
        words = "[well again]"
        self.script(ANSWER, words=words)
        conversation, events, _ = self.turn_of(words)
        self.check_ended(conversation, events, "completed")
        self.assertEqual(self.circuit(), "closed")


for kind in KINDS:
    for subject in (Retries, Fallback, Breaker):
        name = f"{subject.__name__}_{kind}"
        config = getattr(subject, "more_config", "").replace("KIND", kind)
        globals()[name] = type(name, (subject, ProviderTest), {"kind": kind, "more_config": config})

if __name__ == "__main__":
    unittest.main()
