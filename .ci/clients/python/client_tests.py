"""What the client for Python does with answers, and with none: no hospital, no waiting."""

from __future__ import annotations

import asyncio
import unittest
from collections.abc import Sequence
from datetime import date, datetime, timezone
from typing import Any

import hms_client
import httpx
from hms_client import (
    AsyncHospital,
    DeadlinePassed,
    DoctorSlotTaken,
    Hospital,
    InvalidArgument,
    Money,
    NoAnswer,
    NotModified,
    Overloaded,
    Patient,
    PatientStatus,
    PaymentMethod,
    Problem,
    RetryPolicy,
    UnreadableAnswer,
    VersionMismatch,
    Violation,
    webhooks,
)
from hms_client.errors import BY_CODE
from hms_client.testing import HospitalDouble, example


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.time = 1000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    async def sleep_awaited(self, seconds: float) -> None:
        self.sleep(seconds)


class Gateway(httpx.BaseTransport):
    """Answers with these responses, one after the other; an error is raised."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


longest = RetryPolicy(chance=lambda least, most: most)


def client(transport: httpx.BaseTransport, clock: Clock, **more: Any) -> Hospital:
    return Hospital("http://hospital", token="t", retry=longest, transport=transport, sleep=clock.sleep, now=clock.now, **more)


def problem(status: int, code: str, **headers: str) -> httpx.Response:
    told = {"code": code, "status": status, "detail": "No.", "correlation_id": "abc", "violations": []}
    return httpx.Response(status, json=told, headers={name.replace("_", "-"): value for name, value in headers.items()})


patient = example(Patient, "get_patient")


def answered(status: int = 200) -> httpx.Response:
    return httpx.Response(status, json=patient.to_json())


class RetryTests(unittest.TestCase):
    def setUp(self) -> None:
        self.clock = Clock()

    def create(self, gateway: Gateway, **more: Any) -> Patient:
        return client(gateway, self.clock).create_patient(name="Asha Rao", dob=date(1990, 4, 12), **more)

    def test_one_key_is_made_for_a_post_and_kept_over_its_tries(self) -> None:
        gateway = Gateway(httpx.ReadError("cut"), problem(503, "UNAVAILABLE"), problem(409, "IDEMPOTENCY_IN_PROGRESS"), answered(201))
        self.create(gateway)
        keys = {request.headers["Idempotency-Key"] for request in gateway.requests}
        self.assertEqual((len(gateway.requests), len(keys)), (4, 1))
        self.assertEqual(len({request.headers["X-Correlation-ID"] for request in gateway.requests}), 1)
        other = Gateway(answered(201))
        self.create(other)
        self.assertNotIn(other.requests[0].headers["Idempotency-Key"], keys)

    def test_a_key_of_the_caller_is_taken(self) -> None:
        gateway = Gateway(answered(201))
        self.create(gateway, idempotency_key="mine")
        self.assertEqual(gateway.requests[0].headers["Idempotency-Key"], "mine")

    def test_the_pauses_double_up_to_eight_seconds(self) -> None:
        gateway = Gateway(*[problem(502, "UNAVAILABLE") for _ in range(6)], answered(201))
        self.create(gateway, timeout=120)
        self.assertEqual(self.clock.slept, [0.5, 1, 2, 4, 8, 8])

    def test_a_pause_is_at_least_half_of_that(self) -> None:
        policy = RetryPolicy()
        for _ in range(100):
            self.assertTrue(0.5 <= policy.delay(2, None) <= 1.0)

    def test_retry_after_is_obeyed(self) -> None:
        gateway = Gateway(problem(429, "RATE_LIMITED", Retry_After="7"), answered(201))
        self.create(gateway)
        self.assertEqual(self.clock.slept, [7])

    def test_what_would_come_after_the_deadline_is_not_waited_for(self) -> None:
        gateway = Gateway(problem(503, "OVERLOADED", Retry_After="60"))
        with self.assertRaises(Overloaded) as caught:
            self.create(gateway, timeout=5)
        self.assertEqual((self.clock.slept, caught.exception.retry_after, caught.exception.attempts), ([], 60, 1))

    def test_no_other_conflict_is_tried_again(self) -> None:
        gateway = Gateway(problem(409, "DOCTOR_SLOT_TAKEN"))
        with self.assertRaises(DoctorSlotTaken):
            self.create(gateway)
        self.assertEqual(self.clock.slept, [])

    def test_a_server_error_is_not_tried_again(self) -> None:
        gateway = Gateway(problem(500, "INTERNAL"))
        with self.assertRaises(hms_client.Internal):
            self.create(gateway)

    def test_the_deadline_travels_and_shrinks(self) -> None:
        gateway = Gateway(problem(503, "UNAVAILABLE"), problem(503, "UNAVAILABLE"), answered(201))
        self.create(gateway, timeout=10)
        self.assertEqual([int(request.headers["X-Timeout-Ms"]) for request in gateway.requests], [10000, 9500, 8500])
        long = Gateway(answered(201))
        self.create(long, timeout=600)
        self.assertEqual(long.requests[0].headers["X-Timeout-Ms"], "60000")

    def test_a_connection_that_stays_broken_is_told(self) -> None:
        gateway = Gateway(*[httpx.ConnectError("refused") for _ in range(20)])
        with self.assertRaises(NoAnswer) as caught:
            self.create(gateway)
        self.assertTrue(caught.exception.attempts > 3 and caught.exception.correlation_id)

    def test_a_time_that_is_over_sends_nothing(self) -> None:
        gateway = Gateway()
        with self.assertRaises(DeadlinePassed):
            self.create(gateway, timeout=0)
        self.assertEqual(gateway.requests, [])

    def test_a_change_of_one_version_is_not_sent_twice(self) -> None:
        failures: list[httpx.Response | Exception] = [httpx.ReadError("cut"), problem(503, "UNAVAILABLE")]
        for failure in failures:
            gateway = Gateway(failure, answered())
            with self.assertRaises((NoAnswer, Problem)):
                client(gateway, self.clock).update_patient("pat_1", email=None, if_match=3)
            self.assertEqual(len(gateway.requests), 1)
        gateway = Gateway(httpx.ConnectError("refused"), problem(503, "OVERLOADED"), answered())
        client(gateway, self.clock).update_patient("pat_1", email=None, if_match=3)
        self.assertEqual(gateway.requests[2].headers["If-Match"], '"3"')

    def test_the_awaited_client_does_the_same(self) -> None:
        async def story() -> None:
            double = HospitalDouble()
            double.answer("create_patient", httpx.ReadError("cut"), Overloaded("Later."), patient)

            async def token() -> str:
                return "fresh"

            hospital = AsyncHospital(
                "http://hospital", token=token, retry=longest, transport=double, sleep=self.clock.sleep_awaited, now=self.clock.now
            )
            async with hospital:
                found = await hospital.create_patient(name="Asha Rao", dob=date(1990, 4, 12))
            self.assertEqual(found, patient)
            self.assertEqual(len({one.headers["Idempotency-Key"] for one in double.asked}), 1)
            self.assertEqual(double.asked[0].headers["Authorization"], "Bearer fresh")

        asyncio.run(story())
        self.assertEqual(self.clock.slept, [0.5, 1])


class ErrorTests(unittest.TestCase):
    def read(self, response: httpx.Response) -> Exception:
        with self.assertRaises(hms_client.HospitalError) as caught:
            client(Gateway(response), Clock()).get_patient("pat_1")
        return caught.exception

    def test_every_code_has_a_class_and_every_class_a_status(self) -> None:
        for code, kind in BY_CODE.items():
            self.assertEqual(kind.CODE, code)
            self.assertTrue(400 <= kind.STATUS < 600, code)

    def test_all_wrong_fields_are_told(self) -> None:
        told = {"code": "INVALID_ARGUMENT", "detail": "No.", "violations": [{"field": "dob", "message": "is no date"}]}
        error = self.read(httpx.Response(400, json=told))
        assert isinstance(error, InvalidArgument)
        self.assertEqual(error.violations, (Violation("dob", "is no date"),))
        self.assertIn("dob is no date", str(error))

    def test_a_code_of_tomorrow_is_an_error_of_its_status(self) -> None:
        error = self.read(problem(409, "NOT_KNOWN_YET"))
        assert isinstance(error, hms_client.ConflictProblem)
        self.assertEqual((error.code, error.status, error.correlation_id), ("NOT_KNOWN_YET", 409, "abc"))

    def test_an_answer_of_something_else_is_an_error_of_its_status(self) -> None:
        error = self.read(httpx.Response(413, text="<html>too large</html>"))
        assert isinstance(error, Problem)
        self.assertEqual(error.code, "HTTP_413")

    def test_an_answer_that_can_not_be_read_is_told(self) -> None:
        self.assertIsInstance(self.read(httpx.Response(200, text="<html>")), UnreadableAnswer)
        self.assertIsInstance(self.read(httpx.Response(200, json={"name": "Asha"})), UnreadableAnswer)

    def test_a_known_version_is_no_answer(self) -> None:
        self.assertIsInstance(self.read(httpx.Response(304)), NotModified)


class ValueTests(unittest.TestCase):
    def test_a_time_without_a_zone_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            client(HospitalDouble(), Clock()).reschedule_appointment("apt_1", slot_start=datetime(2026, 3, 2, 11, 0))

    def test_times_days_money_and_names_are_what_the_language_has(self) -> None:
        double = HospitalDouble()
        hospital = client(double, Clock())
        hospital.reschedule_appointment("apt_1", slot_start=datetime(2026, 3, 2, 6, 0, tzinfo=timezone.utc))
        self.assertEqual(double.asked[-1].body, {"slot_start": "2026-03-02T06:00:00Z"})
        hospital.create_payment(bill_id="bil_1", amount=Money(84000, "INR"), method=PaymentMethod.CARD)
        self.assertEqual(double.asked[-1].body, {"bill_id": "bil_1", "amount": 84000, "method": "CARD"})
        self.assertEqual(str(Money(1500, "JPY")), "1500 JPY")
        self.assertEqual(hospital.get_payment("pay_1").amount.currency, "INR")

    def test_none_clears_and_what_is_not_named_stays(self) -> None:
        double = HospitalDouble()
        client(double, Clock()).update_patient("pat_1", email=None, name="Asha")
        self.assertEqual(double.asked[-1].body, {"email": None, "name": "Asha"})

    def test_an_id_can_not_lead_to_another_path(self) -> None:
        double = HospitalDouble()
        client(double, Clock()).get_patient("../doctors?x#y")
        self.assertEqual((double.asked[-1].operation, double.asked[-1].path), ("get_patient", {"patient_id": "../doctors?x#y"}))
        with self.assertRaises(ValueError):
            client(double, Clock()).get_patient("")

    def test_why_a_doctor_reads_travels_in_any_script_with_every_page(self) -> None:
        for reason, field in [
            ("Brought in unconscious, 100 %", "Brought in unconscious, 100 %"),
            (" Bewußtlos ", "UTF-8''Bewu%C3%9Ftlos"),
            ("it's आपात", "UTF-8''it%27s%20%E0%A4%86%E0%A4%AA%E0%A4%BE%E0%A4%A4"),
            ("utf-8''%41", "UTF-8''utf-8%27%27%2541"),
            ("👩" * 500, "UTF-8''" + "%F0%9F%91%A9" * 500),
        ]:
            double = HospitalDouble()
            double.answer("list_patients", [patient, patient, patient])
            hospital = client(double, Clock())
            hospital.get_patient("pat_1", access_reason=reason)
            self.assertEqual(len(list(hospital.list_patients(page_size=1, access_reason=reason))), 3)
            self.assertEqual({one.headers["X-Access-Reason"] for one in double.asked}, {field})
            self.assertEqual([one.access_reason for one in double.asked], [reason.strip()] * 4)
        double = HospitalDouble()
        client(double, Clock()).get_patient("pat_1")
        self.assertEqual(("X-Access-Reason" in double.asked[0].headers, double.asked[0].access_reason), (False, None))

    def test_what_is_no_line_is_no_reason_and_is_not_sent(self) -> None:
        for reason in ["", "  ", "two\nlines", "a bell\a", "\u2028", "\ud800", "x" * 501]:
            double = HospitalDouble()
            with self.assertRaises(ValueError):
                client(double, Clock()).get_patient("pat_1", access_reason=reason)
            self.assertEqual(double.asked, [])

    def test_the_awaited_client_says_why_as_well(self) -> None:
        async def story() -> None:
            double = HospitalDouble()
            async with AsyncHospital("http://hospital", token="t", transport=double) as hospital:
                await hospital.get_patient("pat_1", access_reason="Bewußtlos")
                await hospital.list_patients(access_reason="Bewußtlos").page()
            self.assertEqual([one.access_reason for one in double.asked], ["Bewußtlos"] * 2)

        asyncio.run(story())

    def test_a_name_that_is_new_is_kept(self) -> None:
        double = HospitalDouble()
        double.answer("get_patient", {**patient.to_json(), "status": "ARCHIVED"})
        found = client(double, Clock()).get_patient("pat_1").status
        self.assertEqual((found, found.value), ("ARCHIVED", "ARCHIVED"))
        self.assertIs(PatientStatus("ACTIVE"), PatientStatus.ACTIVE)


class ListTests(unittest.TestCase):
    def patients(self) -> Sequence[Patient]:
        return [example(Patient, "get_patient", name=f"Patient {number}") for number in range(7)]

    def test_a_list_is_every_record_of_every_page(self) -> None:
        double = HospitalDouble()
        double.answer("list_patients", self.patients())
        found = client(double, Clock()).list_patients(query="pat", page_size=3)
        self.assertEqual(double.asked, [])
        self.assertEqual([one.name for one in found], [f"Patient {number}" for number in range(7)])
        self.assertEqual([one.query.get("page_token", "") for one in double.asked], ["", "3", "6"])
        self.assertEqual({one.query["query"] for one in double.asked}, {"pat"})

    def test_one_page_can_be_had(self) -> None:
        double = HospitalDouble()
        double.answer("list_patients", self.patients())
        hospital = client(double, Clock())
        page = hospital.list_patients(page_size=5).page()
        self.assertEqual((len(page.items), len(double.asked)), (5, 1))
        rest = hospital.list_patients(page_size=5, page_token=page.next_page_token).page()
        self.assertEqual((len(rest.items), rest.next_page_token), (2, ""))

    def test_a_double_answers_by_example_and_says_no(self) -> None:
        double = HospitalDouble()
        hospital = client(double, Clock())
        self.assertEqual(hospital.get_clinic().currency, "INR")
        self.assertIsNone(hospital.delete_patient("pat_1"))  # type: ignore[func-returns-value]
        double.answer("update_patient", VersionMismatch("Somebody was faster."))
        with self.assertRaises(VersionMismatch):
            hospital.update_patient("pat_1", name="Asha")


class WebhookTests(unittest.TestCase):
    body = b'{"event_type": "appointment.booked"}'
    # By openssl: printf '1772422200.%s' "$body" | openssl dgst -sha256 -hmac hush
    signature = "t=1772422200,v1=91f3b79d201b0e5eda65d4af59a317da033517172ec5f6f66e92cff2d79ea260"

    def test_a_signature_of_now_is_taken(self) -> None:
        told = webhooks.read(self.body, self.signature, "hush", now=lambda: 1772422499)
        self.assertEqual(told["event_type"], "appointment.booked")
        webhooks.verify(self.body, self.signature + ",v1=" + "0" * 64, "hush", now=lambda: 1772422200)

    def test_every_other_is_refused(self) -> None:
        for body, signature, secret, now in [
            (self.body + b" ", self.signature, "hush", 1772422200),
            (self.body, self.signature, "loud", 1772422200),
            (self.body, self.signature, "hush", 1772422501),
            (self.body, self.signature.replace("2200", "2201"), "hush", 1772422200),
            (self.body, "v1=" + "0" * 64, "hush", 1772422200),
            (self.body, "t=1772422200", "hush", 1772422200),
            (self.body, "t=1772422200,v1=é", "hush", 1772422200),
            (self.body, "", "hush", 1772422200),
        ]:
            with self.assertRaises(webhooks.WrongSignature):
                webhooks.verify(body, signature, secret, now=lambda: now)


if __name__ == "__main__":
    unittest.main()
