// A page of a hospital's own: part of a visit by the client for TypeScript, and calls by gRPC-Web. What came of it is told to serve.py.

import { AccessReasonRequired, AppointmentStatus, DeadlinePassed, DoctorSlotTaken, Hospital, InvalidArgument, Money, PatientNotFound } from "hms-client";

const tokens = await (await fetch("/tokens")).json();
const hospital = (role) => new Hospital({ url: location.origin, token: async () => tokens[role] });
const [admin, desk] = [hospital("admin"), hospital("reception")];

function holds(condition, what) {
    if (!condition) throw new Error(`not so: ${what}`);
}

async function refused(Kind, call) {
    try {
        await call;
    } catch (error) {
        if (error instanceof Kind) return error;
        throw error;
    }
    throw new Error(`${Kind.name} was expected`);
}

async function visit() {
    const doctor = await admin.createDoctor({
        name: "Dr. Meera Iyer", department: "Cardiology", specialization: "Electrophysiology", consultationFee: new Money(80000),
    });
    const patient = await desk.createPatient({ name: "Āśā Räo 👩‍⚕️", dob: "1990-04-12" });
    holds((await desk.getPatient(patient.patientId)).name === "Āśā Räo 👩‍⚕️", "a name comes back as it was sent");
    const day = "2026-03-02";
    const slots = await desk.listSlots({ doctorId: doctor.doctorId, from: day, to: day, pageSize: 3 }).all();
    holds(slots.length > 3, "a list goes over its pages");
    const booking = { patientId: patient.patientId, doctorId: doctor.doctorId, department: "cardiology", slotStart: slots[0].start };
    const appointment = await desk.bookAppointment(booking);
    holds(appointment.status === AppointmentStatus.SCHEDULED, "a slot is booked");
    holds(appointment.slotStart.getTime() === slots[0].start.getTime(), "the slot is the one that was asked for");
    const other = await desk.createPatient({ name: "Ravi Menon", dob: "1985-01-30" });
    await refused(DoctorSlotTaken, desk.bookAppointment({ ...booking, patientId: other.patientId }));
    const wrong = await refused(InvalidArgument, desk.createPatient({ name: "", dob: "1890-02-30" }));
    holds(wrong.violations.length === 2, "all wrong fields are told");
    const missing = await refused(PatientNotFound, desk.getPatient("pat_01hv0000000000000000000000", { correlationId: "browser-1" }));
    holds(missing.correlationId === "browser-1", "the correlation id comes back");
    const stranger = hospital("doctor");
    await refused(AccessReasonRequired, stranger.getPatient(patient.patientId));
    holds((await stranger.getPatient(patient.patientId, { accessReason: "Bewußtlos, आपातकाल" })).name === patient.name, "he says why");
    const [glass] = await admin.listAuditedCalls({ breakGlass: true }).all();
    holds(glass.reason === "Bewußtlos, आपातकाल", "a reason is kept as it was said");
    await refused(DeadlinePassed, desk.getPatient(patient.patientId, { timeoutMs: 0 }));
    return patient.patientId;
}

/** One unary call; the flags and the messages of its answer. */
async function callByWeb(id, isText) {
    const text = new TextEncoder().encode(id);
    const message = new Uint8Array([0, 0, 0, 0, text.length + 2, 0x0a, text.length, ...text]);
    const answer = await fetch("/hms.patient.v1.PatientService/GetPatient", {
        method: "POST",
        headers: {
            "content-type": isText ? "application/grpc-web-text" : "application/grpc-web+proto", "x-grpc-web": "1", "grpc-timeout": "5S",
            authorization: `Bearer ${tokens.reception}`,
        },
        body: isText ? btoa(String.fromCharCode(...message)) : message,
    });
    holds(answer.status === 200, `gRPC-Web answers 200, and not ${answer.status}`);
    const bytes = isText
        ? Uint8Array.from(atob(await answer.text()), (letter) => letter.charCodeAt(0))
        : new Uint8Array(await answer.arrayBuffer());
    const frames = [];
    for (let at = 0; at < bytes.length;) {
        const length = new DataView(bytes.buffer, at + 1, 4).getUint32(0);
        frames.push([bytes[at], new TextDecoder().decode(bytes.subarray(at + 5, at + 5 + length))]);
        at += 5 + length;
    }
    return frames;
}

async function byWeb(patientID, isText) {
    const found = await callByWeb(patientID, isText);
    holds(found.length === 2 && found[0][0] === 0 && found[0][1].includes("Räo"), "gRPC-Web reads the patient");
    holds(found[1][0] === 0x80 && found[1][1].startsWith("grpc-status: 0\r\n"), "the trailers come last");
    const missing = await callByWeb("pat_01hv0000000000000000000000", isText);
    holds(missing.length === 1 && missing[0][0] === 0x80 && missing[0][1].startsWith("grpc-status: 5\r\n"), "NOT_FOUND is a trailer");
}

let said = "all of it held";
try {
    const patientID = await visit();
    await byWeb(patientID, false);
    await byWeb(patientID, true);
} catch (error) {
    said = `${error?.name}: ${error?.message}`;
}
await fetch("/said", { method: "POST", body: said });
