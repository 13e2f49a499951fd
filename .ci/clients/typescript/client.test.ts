// What the client for TypeScript does with answers, and with none: no hospital, no waiting.

import { test } from "node:test";
import assert from "node:assert/strict";
import * as client from "hms-client";
import { Hospital, Money } from "hms-client";
import { example, HospitalDouble } from "hms-client/testing";
import { readWebhook, verifyWebhook, WrongSignature } from "hms-client/webhooks";

/** Time that passes only where somebody sleeps. */
class TestClock {
    time = 1000;
    readonly slept: number[] = [];
    now = (): number => this.time;
    sleep = async (milliseconds: number): Promise<void> => {
        this.slept.push(milliseconds);
        this.time += milliseconds;
    };
}

type Sent = { readonly url: string; readonly headers: Record<string, string>; readonly body: any };

/** A hospital that gives these answers, one after the other; an error breaks the connection. */
function gateway(answers: (Response | Error)[], clock = new TestClock(), timeoutMs = 30_000) {
    const sent: Sent[] = [];
    const fetch = async (url: string, request: RequestInit): Promise<Response> => {
        sent.push({ url, headers: request.headers as Record<string, string>, body: JSON.parse(String(request.body ?? "{}")) });
        const answer = answers.shift();
        if (answer === undefined || answer instanceof Error) throw answer ?? new Error("nothing is left to answer");
        return answer;
    };
    const retry = { chance: (_: number, most: number) => most };
    return { sent, clock, hospital: new Hospital({ url: "http://hospital/", token: "t", timeoutMs, retry, clock, fetch }) };
}

const broken = (code: string): Error => Object.assign(new TypeError("fetch failed"), { cause: { code } });
const patient: unknown = await (await new HospitalDouble().fetch("http://hospital/v1/patients/pat_1", { method: "GET" })).json();

const answered = (status = 200): Response => new Response(JSON.stringify(patient), { status });

function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
    return new Response(JSON.stringify({ code, status, detail: "No.", correlation_id: "abc", violations: [] }), { status, headers });
}

async function refusal(call: Promise<unknown>): Promise<any> {
    try {
        await call;
    } catch (error) {
        return error;
    }
    throw new Error("it was not refused");
}

const asha = { name: "Asha Rao", dob: "1990-04-12" };

test("one key is made for a POST and kept over its tries", async () => {
    const { sent, hospital } = gateway([
        broken("ECONNRESET"), problem(503, "UNAVAILABLE"), problem(409, "IDEMPOTENCY_IN_PROGRESS"), answered(201), answered(201),
    ]);
    await hospital.createPatient(asha);
    await hospital.createPatient(asha);
    const keys = sent.map((one) => one.headers["Idempotency-Key"]);
    assert.equal(new Set(keys.slice(0, 4)).size, 1);
    assert(keys[4] !== keys[0] && /^[0-9a-f-]{36}$/.test(keys[0] ?? ""));
    assert.equal(new Set(sent.slice(0, 4).map((one) => one.headers["X-Correlation-ID"])).size, 1);
});

test("a key of the caller is taken", async () => {
    const { sent, hospital } = gateway([answered(201)]);
    await hospital.createPatient(asha, { idempotencyKey: "mine" });
    assert.equal(sent[0]?.headers["Idempotency-Key"], "mine");
});

test("the pauses double up to eight seconds, and Retry-After is obeyed", async () => {
    const { clock, hospital } = gateway([...Array(6)].map(() => problem(502, "UNAVAILABLE")).concat(answered(201)));
    await hospital.createPatient(asha, { timeoutMs: 120_000 });
    assert.deepEqual(clock.slept, [500, 1000, 2000, 4000, 8000, 8000]);
    const limited = gateway([problem(429, "RATE_LIMITED", { "Retry-After": "7" }), answered(201)]);
    await limited.hospital.createPatient(asha);
    assert.deepEqual(limited.clock.slept, [7000]);
    const pauses = [...Array(100)].map(() => client.standardRetries.chance(500, 1000));
    assert(pauses.every((pause) => pause >= 500 && pause <= 1000));
});

test("what would come after the deadline is not waited for", async () => {
    const { clock, hospital } = gateway([problem(503, "OVERLOADED", { "Retry-After": "60" })]);
    const error = await refusal(hospital.createPatient(asha, { timeoutMs: 5000 }));
    assert(error instanceof client.Overloaded && error.retryAfterMs === 60_000 && error.attempts === 1);
    assert.deepEqual(clock.slept, []);
});

test("no other conflict and no server error is tried again", async () => {
    assert((await refusal(gateway([problem(409, "DOCTOR_SLOT_TAKEN")]).hospital.createPatient(asha))) instanceof client.DoctorSlotTaken);
    assert((await refusal(gateway([problem(500, "INTERNAL")]).hospital.createPatient(asha))) instanceof client.Internal);
});

test("the deadline travels and shrinks", async () => {
    const { sent, hospital } = gateway([problem(503, "UNAVAILABLE"), problem(503, "UNAVAILABLE"), answered(201)], new TestClock(), 10_000);
    await hospital.createPatient(asha);
    assert.deepEqual(sent.map((one) => one.headers["X-Timeout-Ms"]), ["10000", "9500", "8500"]);
    assert((await refusal(hospital.getClinic({ timeoutMs: 0 }))) instanceof client.DeadlinePassed);
    assert.equal(sent.length, 3);
});

test("a connection that stays broken is told", async () => {
    const error = await refusal(gateway([...Array(20)].map(() => broken("ECONNREFUSED"))).hospital.getClinic());
    assert(error instanceof client.NoAnswer && error.attempts > 3 && error.correlationId !== "");
});

test("an answer that takes too long is given up, and so is a call that nobody wants any more", async () => {
    const never = (_: string, request: RequestInit): Promise<Response> =>
        new Promise((_resolve, reject) => request.signal?.addEventListener("abort", () => reject(request.signal?.reason)));
    const hospital = new Hospital({ url: "http://hospital", fetch: never });
    assert((await refusal(hospital.getClinic({ timeoutMs: 20 }))) instanceof client.DeadlinePassed);
    const stopping = new AbortController();
    const call = refusal(hospital.getClinic({ signal: stopping.signal }));
    stopping.abort(new Error("enough"));
    assert.equal((await call).message, "enough");
});

test("a change of one version is not sent twice", async () => {
    for (const failure of [broken("ECONNRESET"), problem(503, "UNAVAILABLE")]) {
        const { sent, hospital } = gateway([failure, answered()]);
        await refusal(hospital.updatePatient("pat_1", { email: null }, { ifMatch: 3 }));
        assert.equal(sent.length, 1);
    }
    const { sent, hospital } = gateway([broken("ECONNREFUSED"), problem(503, "OVERLOADED"), answered()]);
    await hospital.updatePatient("pat_1", { email: null }, { ifMatch: 3 });
    assert.equal(sent[2]?.headers["If-Match"], '"3"');
});

test("errors tell their code, their fields and their call", async () => {
    const read = (answer: Response): Promise<any> => refusal(gateway([answer]).hospital.getPatient("pat_1"));
    const violations = [{ field: "dob", message: "is no date" }];
    const wrong = await read(new Response(JSON.stringify({ code: "INVALID_ARGUMENT", detail: "No.", violations }), { status: 400 }));
    assert(wrong instanceof client.InvalidArgument && wrong.message === "INVALID_ARGUMENT: No. (dob is no date)");
    assert.deepEqual(wrong.violations, violations);
    const unknown = await read(problem(409, "NOT_KNOWN_YET"));
    assert(unknown instanceof client.ConflictProblem && unknown.code === "NOT_KNOWN_YET" && unknown.correlationId === "abc");
    assert.equal((await read(new Response("<html>", { status: 413 }))).code, "HTTP_413");
    assert((await read(new Response("<html>"))) instanceof client.UnreadableAnswer);
    assert((await read(new Response('{"name": "Asha"}'))) instanceof client.UnreadableAnswer);
    assert((await read(new Response(null, { status: 304 }))) instanceof client.NotModified);
});

test("times, days and money are what the language has", async () => {
    const double = new HospitalDouble();
    const hospital = new Hospital({ url: "http://hospital", fetch: double.fetch });
    await hospital.rescheduleAppointment("apt_1", { slotStart: new Date("2026-03-02T11:30:00+05:30") });
    assert.deepEqual(double.asked[0]?.body, { slot_start: "2026-03-02T06:00:00.000Z" });
    await hospital.createPayment({ billId: "bil_1", amount: new Money(84000, "INR"), method: client.PaymentMethod.CARD });
    assert.deepEqual(double.asked[1]?.body, { bill_id: "bil_1", amount: 84000, method: "CARD" });
    assert.equal(String((await hospital.getPayment("pay_1")).amount), "525.00 INR");
    assert.equal(String(new Money(-5, "KWD")), "-0.005 KWD");
    assert((await refusal(Promise.resolve().then(() => new Money(0.5)))) instanceof RangeError);
});

test("null clears, and what is not named stays", async () => {
    const double = new HospitalDouble();
    await new Hospital({ url: "http://hospital", fetch: double.fetch }).updatePatient("pat_1", { email: null, name: "Asha" });
    assert.deepEqual(double.asked[0]?.body, { email: null, name: "Asha" });
});

test("an id can't lead to another path", async () => {
    const double = new HospitalDouble();
    const hospital = new Hospital({ url: "http://hospital", fetch: double.fetch });
    await hospital.getPatient("../doctors?x#y");
    assert.deepEqual(double.asked[0]?.path, { patient_id: "../doctors?x#y" });
    assert((await refusal(Promise.resolve().then(() => hospital.getPatient("")))) instanceof RangeError);
});

test("why a doctor reads travels in any script, with every page", async () => {
    for (const [reason, field] of [
        ["Brought in unconscious, 100 %", "Brought in unconscious, 100 %"], [" Bewußtlos ", "UTF-8''Bewu%C3%9Ftlos"],
        ["two आपात", "UTF-8''two%20%E0%A4%86%E0%A4%AA%E0%A4%BE%E0%A4%A4"], ["utf-8''%41", "UTF-8''utf-8''%2541"],
        ["👩".repeat(500), "UTF-8''" + "%F0%9F%91%A9".repeat(500)],
    ] as [string, string][]) {
        const double = new HospitalDouble();
        double.answer("listPatients", [1, 2, 3].map(() => example("getPatient")));
        const hospital = new Hospital({ url: "http://hospital", fetch: double.fetch });
        await hospital.getPatient("pat_1", { accessReason: reason });
        assert.equal((await hospital.listPatients({ pageSize: 1 }, { accessReason: reason }).all()).length, 3);
        assert.deepEqual(double.asked.map((one) => one.headers["X-Access-Reason"]), Array(4).fill(field));
        assert.deepEqual(double.asked.map((one) => one.accessReason), Array(4).fill(reason.trim()));
        assert.equal(new Headers(double.asked[0]?.headers).get("X-Access-Reason"), field); // fetch takes it.
    }
    const double = new HospitalDouble();
    const hospital = new Hospital({ url: "http://hospital", fetch: double.fetch });
    await hospital.getPatient("pat_1");
    assert(!("X-Access-Reason" in (double.asked[0]?.headers ?? {})) && double.asked[0]?.accessReason === undefined);
    for (const reason of ["", "  ", "two\nlines", "a bell\u0007", "a\u2028b", "\ud800", "x".repeat(501)]) {
        assert((await refusal(hospital.getPatient("pat_1", { accessReason: reason }))) instanceof RangeError, reason);
    }
    assert.equal(double.asked.length, 1);
});

test("a list is every record of every page, or one page", async () => {
    const double = new HospitalDouble();
    double.answer("listPatients", [0, 1, 2, 3, 4, 5, 6].map((number) => example("getPatient", { name: `Patient ${number}` })));
    const hospital = new Hospital({ url: "http://hospital", fetch: double.fetch });
    const list = hospital.listPatients({ query: "pat", pageSize: 3 });
    assert.equal(double.asked.length, 0);
    const names: string[] = [];
    for await (const one of list) names.push(one.name);
    assert.deepEqual(names, [0, 1, 2, 3, 4, 5, 6].map((number) => `Patient ${number}`));
    assert.deepEqual(double.asked.map((one) => one.query["page_token"]), [undefined, "3", "6"]);
    const rest = await hospital.listPatients({ pageSize: 5, pageToken: "5" }).page();
    assert(rest.items.length === 2 && rest.nextPageToken === "");
});

test("a double answers by example, says no, and breaks", async () => {
    const double = new HospitalDouble();
    const hospital = new Hospital({ url: "http://hospital", token: async () => "fresh", fetch: double.fetch, clock: new TestClock() });
    assert.equal((await hospital.getClinic()).currency, "INR");
    assert.equal(await hospital.deletePatient("pat_1"), undefined);
    double.answer("updatePatient", new client.VersionMismatch("Somebody was faster."));
    assert((await refusal(hospital.updatePatient("pat_1", { name: "Asha" }))) instanceof client.VersionMismatch);
    double.answer("createPatient", broken("ECONNRESET"), new client.Overloaded("Later."), example("getPatient", { name: "Asha" }));
    assert.equal((await hospital.createPatient(asha)).name, "Asha");
    assert.equal(new Set(double.asked.slice(-3).map((one) => one.headers["Idempotency-Key"])).size, 1);
    assert.equal(double.asked[0]?.headers["Authorization"], "Bearer fresh");
});

test("a signature of now is taken, and every other refused", async () => {
    const body = '{"event_type": "appointment.booked"}';
    // By openssl: printf '1772422200.%s' "$body" | openssl dgst -sha256 -hmac hush
    const signature = "t=1772422200,v1=91f3b79d201b0e5eda65d4af59a317da033517172ec5f6f66e92cff2d79ea260";
    const at = (seconds: number) => ({ now: () => seconds * 1000 });
    assert.deepEqual(await readWebhook(body, signature, "hush", at(1772422499)), { event_type: "appointment.booked" });
    await verifyWebhook(new TextEncoder().encode(body), `${signature},v1=${"0".repeat(64)}`, "hush", at(1772422200));
    for (const [told, code, secret, now] of [
        [`${body} `, signature, "hush", 1772422200], [body, signature, "loud", 1772422200], [body, signature, "hush", 1772422501],
        [body, signature.replace("2200", "2201"), "hush", 1772422200], [body, `v1=${"0".repeat(64)}`, "hush", 1772422200],
        [body, "t=1772422200", "hush", 1772422200], [body, "", "hush", 1772422200],
    ] as [string, string, string, number][]) {
        assert((await refusal(verifyWebhook(told, code, secret, at(now)))) instanceof WrongSignature);
    }
});
