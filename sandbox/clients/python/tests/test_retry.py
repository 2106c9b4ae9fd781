import unittest
from datetime import UTC, datetime

from passerelle import AccessError, Gateway, GatewayError, PreconditionError, RefusedError, RetryPolicy, UnavailableError, UnreachableError
from passerelle.retry import is_repeatable, parse_retry_after
from passerelle.transport import LostAnswerError

from .fakes import FakeGateway, answer, problem

NOW = datetime(2026, 10, 12, 8, 0, 0, tzinfo=UTC)
LOST = LostAnswerError("reset by peer")
POLICY = RetryPolicy(attempts=4, base=1.0, cap=3.0, longest_wait=60.0)


class Schedule(unittest.TestCase):
    def test_pauses_double_up_to_the_cap_and_are_spread_by_chance(self) -> None:
        self.assertEqual([POLICY.delay(attempt, None, 1.0) for attempt in (1, 2, 3, 4)], [1.0, 2.0, 3.0, None])
        self.assertEqual([POLICY.delay(attempt, None, 0.0) for attempt in (1, 2, 3)], [0.5, 1.0, 1.5])

    def test_retry_after_is_the_least_and_a_long_one_is_not_waited_for(self) -> None:
        self.assertEqual(POLICY.delay(1, 20.0, 0.0), 20.0)
        self.assertEqual(POLICY.delay(1, 0.0, 0.0), 0.5)
        self.assertIsNone(POLICY.delay(1, 61.0, 0.0))

    def test_retry_after_is_a_number_or_a_date(self) -> None:
        given = ["7", "Mon, 12 Oct 2026 08:00:30 GMT", "Mon, 12 Oct 2026 07:00:00 GMT", "soon", None]
        self.assertEqual([parse_retry_after(text, NOW) for text in given], [7.0, 30.0, 0.0, None, None])

    def test_a_post_is_repeatable_with_an_idempotency_key_only(self) -> None:
        self.assertTrue(all(is_repeatable(method, False) for method in ("GET", "PUT", "DELETE")))
        self.assertFalse(is_repeatable("POST", False) or is_repeatable("PATCH", False))
        self.assertTrue(is_repeatable("POST", True))


class Repeats(unittest.TestCase):
    def test_a_put_is_sent_again_as_it_was(self) -> None:
        fake = FakeGateway([LOST, answer(503, retry_after="2"), answer(200, {}, etag='W/"2"')], POLICY)
        deposit = fake.gateway.put_attendance("c", "2026-07", {"lines": []}, if_match='"1"')
        self.assertEqual(deposit.etag, '"2"')
        self.assertEqual({(each.method, each.headers["If-Match"], each.body) for each in fake.requests}, {("PUT", '"1"', b'{"lines": []}')})
        self.assertEqual(len(fake.waits), 2)
        self.assertGreaterEqual(fake.waits[1], 2.0)

    def test_it_ends_with_what_was_the_matter(self) -> None:
        for given, expected in ((LOST, UnreachableError), (answer(503), UnavailableError), (problem(429, "x"), UnavailableError)):
            fake = FakeGateway([given] * 9, POLICY)
            self.assertRaises(expected, fake.gateway.caller)
            self.assertEqual(len(fake.requests), POLICY.attempts)

    def test_refusals_are_not_repeated(self) -> None:
        for status, expected in ((400, RefusedError), (401, AccessError), (412, PreconditionError), (500, UnavailableError)):
            fake = FakeGateway([problem(status, "x")], POLICY)
            self.assertRaises(expected, fake.gateway.caller)
            self.assertEqual(fake.waits, [])

    def test_a_creation_is_repeated_with_the_same_key(self) -> None:
        in_use = problem(409, "passerelle:idempotencyKeyInUse")
        fake = FakeGateway([LOST, in_use, answer(201, {"id": "e"})], POLICY)
        fake.gateway.create_endpoint({"url": "https://vendor.example/hook"}, "k-1")
        self.assertEqual([each.headers["Idempotency-Key"] for each in fake.requests], ["k-1"] * 3)

    def test_a_test_event_is_not_asked_for_twice(self) -> None:
        fake = FakeGateway([LOST], POLICY)
        self.assertRaises(UnreachableError, fake.gateway.verify_endpoint, "e")

    def test_a_certificate_that_is_not_trusted_ends_it(self) -> None:
        fake = FakeGateway([LostAnswerError("unknown issuer", is_permanent=True)], POLICY)
        self.assertRaises(UnreachableError, fake.gateway.caller)

    def test_an_answer_of_something_else_is_no_success(self) -> None:
        self.assertRaises(GatewayError, FakeGateway([answer(200, ["log in"])]).gateway.caller)

    def test_a_key_is_not_sent_in_clear(self) -> None:
        self.assertRaises(ValueError, Gateway, "http://gateway.example/creche/v1", "crk")
        Gateway("http://127.0.0.1:8080/creche/v1", "crk")
