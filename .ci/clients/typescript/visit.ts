// The whole visit of README.md by the client for TypeScript, while processes of the hospital are killed in between.
//
// visit.js URL HMS DATA CLOCK HOSPITAL_PID

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import assert from "node:assert/strict";
import {
    AccessReasonRequired, AllergyConflict, AppointmentGrouping, AppointmentStatus, BillPaid, DoctorSlotTaken, Hospital, InvalidArgument,
    Money, NotModified, PatientNotFound, PaymentMethod, PaymentStatus, PossibleDuplicate, RevenueGrouping, VersionMismatch,
} from "hms-client";

const [url = "", hms = "", data = "", clock = "", hospitalPID = ""] = process.argv.slice(2);

function token(role: string, ...more: string[]): string {
    return execFileSync(hms, ["token", "--data", data, "--role", role, ...more], { encoding: "utf8" }).trim();
}

const at = (time: string): Date => new Date(`2026-03-02T${time}:00+05:30`);
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Kills a process of the hospital, which starts it again. */
function kill(service: string): void {
    const threads = `/proc/${hospitalPID}/task`;
    const children = readdirSync(threads).flatMap((thread) => readFileSync(`${threads}/${thread}/children`, "utf8").split(" "));
    const victim = children.filter(Boolean).find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(`serve\0${service}\0`));
    assert(victim, `${service} does not run`);
    process.kill(Number(victim), "SIGKILL");
    console.log(`killed ${service}`);
}

/** Waits for what other services make of an event. */
async function until(holds: () => Promise<boolean>): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
        if (await holds()) return;
        await pause(100);
    }
    assert(false, "it never came");
}

async function refused<E extends Error>(Kind: new (...given: any[]) => E, call: Promise<unknown>): Promise<E> {
    try {
        await call;
    } catch (error) {
        if (error instanceof Kind) return error;
        throw error;
    }
    throw new Error(`${Kind.name} was expected`);
}

const admin = new Hospital({ url, token: token("admin") });
const desk = new Hospital({ url, token: async () => token("reception") }); // Renewed for every request.
const cashier = new Hospital({ url, token: token("billing") });

const doctor = await admin.createDoctor({
    name: "Dr. Meera Iyer", department: "Cardiology", specialization: "Electrophysiology", consultationFee: new Money(80000),
    email: "meera@hms.example",
});
kill("patient");
const patient = await desk.createPatient({
    name: "Asha Rao", dob: "1990-04-12", phone: "+91 98450 12345", email: "asha@mail.example", allergies: ["Penicillin"],
});
assert(patient.dob === "1990-04-12" && patient.createdAt instanceof Date);

const wrong = await refused(InvalidArgument, desk.createPatient({ name: "", dob: "1890-02-30" }));
assert.deepEqual(wrong.violations.map((one) => one.field).sort(), ["dob", "name"]);
const again = await refused(PossibleDuplicate, desk.createPatient({ name: "asha  rao", dob: "1990-04-12" }));
assert(again.correlationId !== "" && again.status === 409);
const missing = await refused(PatientNotFound, desk.getPatient("pat_01hv0000000000000000000000", { correlationId: "visit-1" }));
assert.equal(missing.correlationId, "visit-1");

const changed = await desk.updatePatient(patient.patientId, { email: null }, { ifMatch: patient.version });
assert(changed.email === null && changed.phone === patient.phone && changed.version === patient.version + 1);
await refused(VersionMismatch, desk.updatePatient(patient.patientId, { phone: null }, { ifMatch: patient.version }));
await refused(NotModified, desk.getPatient(patient.patientId, { ifNoneMatch: changed.version }));

const today = "2026-03-02";
const slots = desk.listSlots({ doctorId: doctor.doctorId, from: today, to: today, pageSize: 3 });
assert.equal((await slots.page()).items.length, 3);
const starts = (await slots.all()).map((slot) => slot.start.getTime());
assert(starts.length > 3 && starts.every((start) => start >= at("10:00").getTime()) && new Set(starts).size === starts.length);

kill("appointment");
const appointment = await desk.bookAppointment({
    patientId: patient.patientId, doctorId: doctor.doctorId, department: "cardiology", slotStart: at("11:00"),
});
const other = await desk.createPatient({ name: "Ravi Menon", dob: "1985-01-30" });
await refused(DoctorSlotTaken, desk.bookAppointment({
    patientId: other.patientId, doctorId: doctor.doctorId, department: "Cardiology", slotStart: at("11:00"),
}));
assert.equal((await desk.listAppointments({ doctorId: doctor.doctorId }).all()).length, 1);
await desk.rescheduleAppointment(appointment.appointmentId, { slotStart: at("11:30") });

writeFileSync(clock, "2026-03-02T11:40:00+05:30\n");
await pause(1000); // The clock's file is looked at now and then.
const himself = new Hospital({ url, token: token("doctor", "--subject", doctor.doctorId) });
await desk.checkInAppointment(appointment.appointmentId);
const done = await himself.completeAppointment(appointment.appointmentId, { notes: "Better." });
assert(done.status === AppointmentStatus.COMPLETED && done.slotStart.getTime() === at("11:30").getTime());
const prescription = { appointmentId: appointment.appointmentId, dosage: "one a day", days: 30 };
await refused(AllergyConflict, himself.issuePrescription({ ...prescription, medication: "Penicillin V 250 MG" }));
await himself.issuePrescription({ ...prescription, medication: "Metoprolol 50 MG" });

await refused(AccessReasonRequired, himself.getPatient(other.patientId));
await refused(AccessReasonRequired, himself.listPatients({ query: "ravi" }).all());
const reason = "Bewußtlos eingeliefert, आपातकाल";
assert.equal((await himself.getPatient(other.patientId, { accessReason: reason })).name, "Ravi Menon");
const found = await himself.listPatients({ query: "ravi", pageSize: 1 }, { accessReason: "Who is he?" }).all();
assert.deepEqual(found.map((one) => one.name), ["Ravi Menon"]);
assert.equal((await himself.getPatient(patient.patientId)).name, "Asha Rao", "whom he treats he reads without a word");
const glass = await admin.listAuditedCalls({ breakGlass: true }).all();
assert.deepEqual(glass.map((one) => one.reason), ["Who is he?", reason]);
assert(glass.every((one) => one.actor === doctor.doctorId && one.patientIds[0] === other.patientId && one.result === "EMERGENCY_ACCESS"));

const bills = cashier.listBills({ appointmentId: appointment.appointmentId });
await until(async () => (await bills.page()).items.length > 0);
const [bill] = await bills.all();
assert(bill && bill.amount.minor === 84000 && String(bill.amount) === "840.00 INR");
kill("payment");
const payment = await cashier.createPayment({ billId: bill.billId, amount: bill.amount, method: PaymentMethod.CARD });
assert.equal(payment.status, PaymentStatus.CAPTURED);
await refused(BillPaid, cashier.createPayment({ billId: bill.billId, amount: bill.amount, method: PaymentMethod.CARD }));
const payments = await cashier.listPayments({ billId: bill.billId }).all();
assert.deepEqual(payments.filter((one) => one.status === PaymentStatus.CAPTURED).map((one) => one.paymentId), [payment.paymentId]);

await until(async () => {
    for await (const told of desk.listNotifications({ recipientId: patient.patientId })) {
        if (told.eventType === "payment.captured") return true;
    }
    return false;
});
const { rows } = await desk.reportAppointments({ from: today, to: today, groupBy: AppointmentGrouping.DEPARTMENT });
assert.deepEqual(rows.map((row) => row.total), [1]);
const revenue = await cashier.reportRevenue({ from: today, to: today, groupBy: RevenueGrouping.KIND });
assert.deepEqual(revenue.rows.map((row) => row.paid.minor), [84000]);

// Many calls at a time, while the public port itself is killed.
const before = (await desk.listPatients({ pageSize: 1 }).all()).length;
kill("rest");
const made = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((day) => desk.createPatient({ name: `Child ${day}`, dob: `2020-01-0${day}` })));
assert.equal(new Set(made.map((one) => one.patientId)).size, 8);
assert.equal((await desk.listPatients({ pageSize: 3 }).all()).length, before + 8);
console.log("The visit went well.");
