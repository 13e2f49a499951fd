// What ends a call without its answer. Each code of the API has a class of its own in errors.ts.

/** One wrong field of a request. */
export interface Violation {
    readonly field: string;
    readonly message: string;
}

/** What is known of the call that ended. */
export interface CallEnd {
    /** Under which the hospital's logs know the call. */
    readonly correlationId?: string;
    /** How often the request was sent. */
    readonly attempts?: number;
    readonly cause?: unknown;
}

/** Whatever ends a call without its answer. */
export class HospitalError extends Error {
    /** Under which the hospital's logs know the call. */
    readonly correlationId: string;
    /** How often the request was sent. */
    readonly attempts: number;

    constructor(message: string, end: CallEnd = {}) {
        super(message);
        this.name = new.target.name;
        this.correlationId = end.correlationId ?? "";
        this.attempts = end.attempts ?? 1;
        if (end.cause !== undefined) Object.defineProperty(this, "cause", { value: end.cause, enumerable: false });
    }
}

/**
 * The hospital can't be reached, or the connection broke. What was asked for may have been done all the same, unless it is asked
 * again under the same idempotency key.
 */
export class NoAnswer extends HospitalError {}

/** No answer came within the call's time. */
export class DeadlinePassed extends NoAnswer {}

/** The answer is none that the API describes. */
export class UnreadableAnswer extends HospitalError {}

/** The caller has this version already: the answer to a read with `ifNoneMatch`. */
export class NotModified extends HospitalError {}

/** What the hospital says with a no (RFC 9457). */
export interface ProblemDetails {
    readonly code?: string;
    readonly status?: number;
    readonly title?: string;
    readonly violations?: readonly Violation[];
    readonly retryAfterMs?: number | null;
}

/** The hospital says no, and why. */
export class Problem extends HospitalError {
    static readonly STATUS: number = 0;
    static readonly CODE: string = "";

    /** The stable name of the rule that says no. */
    readonly code: string;
    /** The status of HTTP. */
    readonly status: number;
    readonly title: string;
    /** A sentence for people. */
    readonly detail: string;
    /** All wrong fields of the request at once. */
    readonly violations: readonly Violation[];
    /** Where the hospital says when to come again. */
    readonly retryAfterMs: number | null;

    constructor(detail = "", details: ProblemDetails = {}, end: CallEnd = {}) {
        const fields = (details.violations ?? []).map((one) => `${one.field} ${one.message}`).join("; ");
        super((detail || details.title || "No") + (fields ? ` (${fields})` : ""), end);
        const kind = new.target as typeof Problem;
        this.code = details.code || kind.CODE;
        this.status = details.status || kind.STATUS;
        this.title = details.title ?? "";
        this.detail = detail;
        this.violations = details.violations ?? [];
        this.retryAfterMs = details.retryAfterMs ?? null;
        this.message = `${this.code}: ${this.message}`;
    }
}

export type ProblemClass = new (detail?: string, details?: ProblemDetails, end?: CallEnd) => Problem;

/** What a problem is read from. */
export interface ToldProblem {
    /** What the answer holds as JSON; anything where something else than the hospital has answered. */
    readonly body: unknown;
    readonly status: number;
    readonly retryAfterMs: number | null;
    readonly correlationId: string;
    readonly attempts: number;
}

/** The error of an answer, of the class of its code; where that is new to this client, of its status. */
export function readProblem(
    told: ToldProblem, byCode: ReadonlyMap<string, ProblemClass>, byStatus: ReadonlyMap<number, ProblemClass>,
): Problem {
    const body: Record<string, unknown> = typeof told.body === "object" && told.body !== null ? { ...told.body } : {};
    const text = (name: string): string => (typeof body[name] === "string" ? String(body[name]) : "");
    const code = text("code") || `HTTP_${told.status}`;
    const listed: unknown[] = Array.isArray(body["violations"]) ? body["violations"] : [];
    const violations = listed.map((one): Violation => {
        const { field, message } = (one ?? {}) as Partial<Violation>;
        return { field: String(field ?? ""), message: String(message ?? "") };
    });
    const Kind = byCode.get(code) ?? byStatus.get(told.status) ?? Problem;
    return new Kind(
        text("detail"), { code, status: told.status, title: text("title"), violations, retryAfterMs: told.retryAfterMs },
        { correlationId: text("correlation_id") || told.correlationId, attempts: told.attempts });
}
