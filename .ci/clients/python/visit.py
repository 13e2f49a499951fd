"""The whole visit of README.md by the client for Python, while processes of the hospital are killed in between.

visit.py URL HMS DATA CLOCK HOSPITAL_PID
"""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from hms_client import (
    AccessReasonRequired,
    AllergyConflict,
    AppointmentGrouping,
    AppointmentStatus,
    AsyncHospital,
    BillPaid,
    BillStatus,
    DoctorSlotTaken,
    Hospital,
    InvalidArgument,
    Money,
    NotModified,
    PatientNotFound,
    PaymentMethod,
    PaymentStatus,
    PossibleDuplicate,
    RevenueGrouping,
    VersionMismatch,
)

url, hms, data, clock, hospital_pid = sys.argv[1:]
kolkata = timezone(timedelta(hours=5, minutes=30))


def token(role: str, *more: str) -> str:
    command = [hms, "token", "--data", data, "--role", role, *more]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def at(hour: int, minute: int) -> datetime:
    return datetime(2026, 3, 2, hour, minute, tzinfo=kolkata)


def kill(service: str) -> None:
    """Kills a process of the hospital, which starts it again."""
    processes = [int(pid) for path in Path(f"/proc/{hospital_pid}/task").glob("*/children") for pid in path.read_text().split()]
    [victim] = [pid for pid in processes if f"serve\0{service}\0" in Path(f"/proc/{pid}/cmdline").read_text()]
    os.kill(victim, signal.SIGKILL)
    print(f"killed {service}", flush=True)


def until(holds: Callable[[], bool]) -> None:
    """Waits for what other services make of an event."""
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it never came")


def refused(kind: type[Exception], call: Callable[[], object]) -> Exception:
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was expected")


def visit() -> str:
    admin = Hospital(url, token=token("admin"))
    desk = Hospital(url, token=lambda: token("reception"))  # Renewed for every request.
    cashier = Hospital(url, token=token("billing"))

    doctor = admin.create_doctor(
        name="Dr. Meera Iyer",
        department="Cardiology",
        specialization="Electrophysiology",
        consultation_fee=Money(80000),
        email="meera@hms.example",
    )
    kill("patient")
    patient = desk.create_patient(
        name="Asha Rao",
        dob=date(1990, 4, 12),
        phone="+91 98450 12345",
        email="asha@mail.example",
        allergies=["Penicillin"],
    )
    assert patient.dob == date(1990, 4, 12) and patient.created_at.tzinfo is not None

    wrong = refused(InvalidArgument, lambda: desk.create_patient(name="", dob=date(1990, 4, 12), email="nobody"))
    assert isinstance(wrong, InvalidArgument) and {one.field for one in wrong.violations} == {"name", "email"}
    again = refused(PossibleDuplicate, lambda: desk.create_patient(name="asha  rao", dob=date(1990, 4, 12)))
    assert isinstance(again, PossibleDuplicate) and again.correlation_id and again.status == 409
    missing = refused(
        PatientNotFound, lambda: desk.get_patient("pat_01hv0000000000000000000000", correlation_id="visit-1")
    )
    assert isinstance(missing, PatientNotFound) and missing.correlation_id == "visit-1"

    changed = desk.update_patient(patient.patient_id, email=None, if_match=patient.version)
    assert changed.email is None and changed.phone == patient.phone and changed.version == patient.version + 1
    refused(VersionMismatch, lambda: desk.update_patient(patient.patient_id, phone=None, if_match=patient.version))
    refused(NotModified, lambda: desk.get_patient(patient.patient_id, if_none_match=changed.version))

    today = date(2026, 3, 2)
    slots = desk.list_slots(doctor_id=doctor.doctor_id, from_=today, to=today, page_size=3)
    assert len(slots.page().items) == 3
    everything = list(slots)
    assert len(everything) > 3 and everything[0].start >= at(10, 0) and len({one.start for one in everything}) == len(everything)

    kill("appointment")
    appointment = desk.book_appointment(
        patient_id=patient.patient_id, doctor_id=doctor.doctor_id, department="cardiology", slot_start=at(11, 0)
    )
    other = desk.create_patient(name="Ravi Menon", dob=date(1985, 1, 30))
    refused(
        DoctorSlotTaken,
        lambda: desk.book_appointment(
            patient_id=other.patient_id, doctor_id=doctor.doctor_id, department="Cardiology", slot_start=at(11, 0)
        ),
    )
    assert len(list(desk.list_appointments(doctor_id=doctor.doctor_id))) == 1
    desk.reschedule_appointment(appointment.appointment_id, slot_start=at(11, 30))

    Path(clock).write_text("2026-03-02T11:40:00+05:30\n")
    time.sleep(1)  # The clock's file is looked at now and then.
    himself = Hospital(url, token=token("doctor", "--subject", doctor.doctor_id))
    desk.check_in_appointment(appointment.appointment_id)
    done = himself.complete_appointment(appointment.appointment_id, notes="Better.")
    assert done.status is AppointmentStatus.COMPLETED and done.slot_start == at(11, 30)
    refused(
        AllergyConflict,
        lambda: himself.issue_prescription(
            appointment_id=appointment.appointment_id, medication="Penicillin V 250 MG", dosage="two a day", days=5
        ),
    )
    himself.issue_prescription(
        appointment_id=appointment.appointment_id, medication="Metoprolol 50 MG", dosage="one a day", days=30
    )

    refused(AccessReasonRequired, lambda: himself.get_patient(other.patient_id))
    refused(AccessReasonRequired, lambda: list(himself.list_patients(query="ravi")))
    reason = "Bewußtlos eingeliefert, आपातकाल"
    assert himself.get_patient(other.patient_id, access_reason=reason).name == "Ravi Menon"
    assert [one.name for one in himself.list_patients(query="ravi", page_size=1, access_reason="Who is he?")] == ["Ravi Menon"]
    assert himself.get_patient(patient.patient_id).name == "Asha Rao", "whom he treats he reads without a word"
    broken = list(admin.list_audited_calls(break_glass=True))
    assert [one.reason for one in broken] == ["Who is he?", reason], broken
    assert all((one.actor, one.patient_ids, one.result) == (doctor.doctor_id, (other.patient_id,), "EMERGENCY_ACCESS") for one in broken)

    until(lambda: bool(cashier.list_bills(appointment_id=appointment.appointment_id).page().items))
    [bill] = cashier.list_bills(appointment_id=appointment.appointment_id)
    assert bill.amount == Money(84000, "INR") and str(bill.amount) == "840.00 INR" and bill.status is BillStatus.OPEN
    kill("payment")
    payment = cashier.create_payment(bill_id=bill.bill_id, amount=bill.amount, method=PaymentMethod.CARD)
    assert payment.status is PaymentStatus.CAPTURED
    refused(BillPaid, lambda: cashier.create_payment(bill_id=bill.bill_id, amount=bill.amount, method=PaymentMethod.CARD))
    captured = [one for one in cashier.list_payments(bill_id=bill.bill_id) if one.status is PaymentStatus.CAPTURED]
    assert [one.payment_id for one in captured] == [payment.payment_id]

    until(lambda: any(one.event_type == "payment.captured" for one in desk.list_notifications(recipient_id=patient.patient_id)))
    rows = desk.report_appointments(from_=today, to=today, group_by=AppointmentGrouping.DEPARTMENT).rows
    assert [row.total for row in rows] == [1]
    revenue = cashier.report_revenue(from_=today, to=today, group_by=RevenueGrouping.KIND)
    assert [int(row.paid) for row in revenue.rows] == [84000]
    return patient.patient_id


async def awaited(patient_id: str) -> None:
    """The same API, awaited: many calls at a time, while the public port itself is killed."""

    async def current_token() -> str:
        return desk_token

    desk_token = token("reception")
    async with AsyncHospital(url, token=current_token) as desk:
        before = [one async for one in desk.list_patients(page_size=1)]
        kill("rest")
        made = await asyncio.gather(
            *(desk.create_patient(name=f"Child {number}", dob=date(2020, 1, 1 + number)) for number in range(8))
        )
        assert len({one.patient_id for one in made}) == 8
        assert (await desk.get_patient(patient_id)).name == "Asha Rao"
        after = [one async for one in desk.list_patients(page_size=3)]
        assert len(after) == len(before) + 8, f"{len(before)} patients and 8 are {len(after)}"


asyncio.run(awaited(visit()))
print("The visit went well.")
