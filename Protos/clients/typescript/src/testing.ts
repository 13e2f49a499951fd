/**
 * A hospital for tests of programs that use this client: it answers from memory.
 *
 *     const double = new HospitalDouble();
 *     double.answer("getPatient", example("getPatient", { name: "Asha Rao" }));
 *     double.answer("bookAppointment", new DoctorSlotTaken("Somebody was faster."));
 *     const hospital = new Hospital({ url: "http://hospital", token: "any", fetch: double.fetch });
 */

import { Answers, examples } from "./examples.js";
import { Problem } from "./problems.js";
import { readFieldText } from "./wire.js";

/** A request as the double has got it. */
export interface Asked {
    readonly operation: keyof Answers;
    readonly path: Readonly<Record<string, string>>;
    readonly query: Readonly<Record<string, string>>;
    readonly body: any;
    readonly headers: Readonly<Record<string, string>>;
    /** Why the caller says that he needs it, as he has said it. */
    readonly accessReason: string | undefined;
}

/** What is answered: a record, a list of them for pages, a problem, or an error that breaks the connection. */
export type Answer<T> = T | readonly T[] | Error | ((asked: Asked) => T | readonly T[] | Error);

/** The record that the contract gives as an example of the operation's answer, with changes. */
export function example<K extends keyof Answers>(operation: K, changes: Partial<Answers[K]> = {}): Answers[K] {
    const { answer, items, read } = examples[operation];
    const told: any = items === undefined ? answer : (answer as any)[items][0];
    return { ...(read(told) as Answers[K]), ...changes };
}

/** Answers every operation with the contract's example, until it is told something else. `asked` holds every request. */
export class HospitalDouble {
    readonly asked: Asked[] = [];
    private readonly answers = new Map<string, Answer<any>[]>();

    /** Answers the operation's calls with these, one after the other, and the last one again and again. */
    answer<K extends keyof Answers>(operation: K, ...answers: Answer<Answers[K]>[]): void {
        this.answers.set(operation, [...answers]);
    }

    readonly fetch = async (url: string, request: RequestInit): Promise<Response> => {
        const asked = read(url, request);
        if (asked === undefined) return problem(new Problem("No operation has this path.", { code: "ROUTE_NOT_FOUND", status: 404 }));
        this.asked.push(asked);
        const { answer, items, write } = examples[asked.operation];
        const waiting = this.answers.get(asked.operation) ?? [];
        let told: any = waiting.length > 1 ? waiting.shift() : waiting[0];
        if (typeof told === "function") told = told(asked);
        if (told instanceof Problem) return problem(told);
        if (told instanceof Error) throw told;
        if (answer === null) return new Response(null, { status: 204 });
        if (told === undefined) return new Response(JSON.stringify(answer));
        if (items === undefined) return new Response(JSON.stringify(write(told)));
        return new Response(JSON.stringify(page(told.map(write), items, asked)));
    };
}

/** The page that is asked for; its token is the place of its first record. */
function page(everything: readonly unknown[], items: string, asked: Asked): Record<string, unknown> {
    const first = Number(asked.query["page_token"] ?? 0);
    const end = first + Number(asked.query["page_size"] ?? 50);
    return { [items]: everything.slice(first, end), next_page_token: end < everything.length ? String(end) : "" };
}

function read(url: string, request: RequestInit): Asked | undefined {
    const { pathname, searchParams } = new URL(url, "http://hospital");
    for (const operation of Object.keys(examples) as (keyof Answers)[]) {
        const { method, path: template } = examples[operation];
        const path = method === request.method ? matched(template, pathname) : undefined;
        if (path === undefined) continue;
        const headers = { ...(request.headers as Record<string, string>) };
        const reason = headers["X-Access-Reason"];
        return {
            operation, path, query: Object.fromEntries(searchParams),
            body: typeof request.body === "string" ? JSON.parse(request.body) : {},
            headers, accessReason: reason === undefined ? undefined : readFieldText(reason),
        };
    }
    return undefined;
}

/** What stands in the path at the names of the template; nothing where it is another path. */
function matched(template: string, path: string): Record<string, string> | undefined {
    const wanted = template.split("/");
    const found = path.split("/");
    if (wanted.length !== found.length) return undefined;
    const values: Record<string, string> = {};
    for (const [place, name] of wanted.entries()) {
        const value = found[place] ?? "";
        if (name.startsWith("{")) values[name.slice(1, -1)] = decodeURIComponent(value);
        else if (name !== value) return undefined;
    }
    return values;
}

function problem(told: Problem): Response {
    const { code, title, status, detail, violations, retryAfterMs } = told;
    const headers: Record<string, string> = retryAfterMs === null ? {} : { "Retry-After": String(retryAfterMs / 1000) };
    const body = { type: `urn:hms:problem:${code}`, title, status, detail, code, correlation_id: "", violations };
    return new Response(JSON.stringify(body), { status, headers });
}
