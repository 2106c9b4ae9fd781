import unittest

from passerelle import SignatureError, verify
from passerelle.webhooks import TOLERANCE_SECONDS, sign

# The example of the specification of Standard Webhooks.
SECRET, ID, TIME = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
OTHER = "whsec_" + "A" * 43 + "="


def headers(signature: str = SIGNATURE, time: str = str(TIME)) -> dict[str, str]:
    return {"webhook-id": ID, "webhook-timestamp": time, "webhook-signature": signature}


class Signatures(unittest.TestCase):
    def refused(self, given: dict[str, str], body: bytes = BODY, now: float = TIME, secrets: tuple[str, ...] = (SECRET,)) -> None:
        self.assertRaises(SignatureError, verify, secrets, given, body, now)

    def test_the_example_of_the_specification_is_accepted(self) -> None:
        self.assertEqual(verify([SECRET], headers(), BODY, TIME), ID)
        self.assertEqual(sign(SECRET, ID, TIME, BODY), SIGNATURE)

    def test_one_of_several_signatures_and_secrets_is_enough(self) -> None:
        several = f"v1a,AAAA v1,not-base64 {sign(OTHER, ID, TIME, BODY)} {SIGNATURE}"
        self.assertEqual(verify([SECRET], headers(several), BODY, TIME), ID)
        self.assertEqual(verify([OTHER, SECRET], headers(), BODY, TIME), ID)

    def test_another_body_secret_id_or_time_is_refused(self) -> None:
        self.refused(headers(), BODY + b" ")
        self.refused(headers(), secrets=(OTHER,))
        self.refused(headers(), secrets=())
        self.refused(headers() | {"webhook-id": "msg_2"})
        self.refused(headers(time=str(TIME + 1)))
        self.refused(headers(SIGNATURE.replace("v1,", "v2,")))

    def test_the_time_may_differ_by_the_tolerance(self) -> None:
        for now in (TIME - TOLERANCE_SECONDS, TIME + TOLERANCE_SECONDS):
            self.assertEqual(verify([SECRET], headers(), BODY, now), ID)
        for now in (TIME - TOLERANCE_SECONDS - 1, TIME + TOLERANCE_SECONDS + 1):
            self.refused(headers(), now=now)

    def test_headers_that_are_missing_or_no_numbers_are_refused(self) -> None:
        for name in headers():
            self.refused({other: value for other, value in headers().items() if other != name})
        for time in ("", "-1614265330", "1614265330.0", "now"):
            self.refused(headers(time=time))
