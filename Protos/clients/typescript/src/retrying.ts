// When a request is sent again: decided here, without a connection and without waiting.

import { problemsByCode, problemsByStatus } from "./errors.js";
import { DeadlinePassed, NoAnswer, NotModified, Problem, readProblem, UnreadableAnswer } from "./problems.js";
import { fieldText } from "./wire.js";

/** How often, and after how long, a request is sent again. */
export interface RetryPolicy {
    /** Tries at most, the first one among them; the call's deadline ends them as well. */
    readonly attempts: number;
    /** Before the second try. It doubles with every further one. */
    readonly firstDelayMs: number;
    /** A longer `Retry-After` is obeyed all the same. */
    readonly longestDelayMs: number;
    /** Picks a delay between half and all of what it could be, so that many callers don't come at once. */
    readonly chance: (least: number, most: number) => number;
}

export const standardRetries: RetryPolicy = {
    attempts: 10,
    firstDelayMs: 500,
    longestDelayMs: 8000,
    chance: (least, most) => least + Math.random() * (most - least),
};

/** What every call can be told. */
export interface CallOptions {
    /** The time that the call has for all its tries. */
    readonly timeoutMs?: number | undefined;
    /** Under which the hospital's logs know the call; one is made where none is given. */
    readonly correlationId?: string | undefined;
    /** Ends the call when it is aborted. */
    readonly signal?: AbortSignal | undefined;
}

/** What a call that creates or changes can be told. */
export interface KeyedOptions extends CallOptions {
    /** Under which it happens once, however often it is sent; one is made where none is given. */
    readonly idempotencyKey?: string | undefined;
}

/** What a change can be told. */
export interface ChangeOptions extends CallOptions {
    /** Refuses the change of another version than this. */
    readonly ifMatch?: number | undefined;
}

/** What reading one resource can be told. */
export interface ReadOptions extends CallOptions {
    /** Spares the answer where this is still the version: then NotModified is thrown. */
    readonly ifNoneMatch?: number | undefined;
}

/** What reading people can be told. */
export interface AccessOptions extends CallOptions {
    /**
     * Why a doctor reads somebody whom he does not treat: one line of 1 to 500 characters. It is kept in the audit. Without it he is
     * refused with AccessReasonRequired.
     */
    readonly accessReason?: string | undefined;
}

/** One call of the API, whatever it takes to get its answer. */
export interface Call {
    readonly operation: string;
    readonly method: string;
    readonly path: string;
    readonly query?: Readonly<Record<string, unknown>>;
    readonly body?: Readonly<Record<string, unknown>>;
    /** Whether the request carries an idempotency key. */
    readonly keyed?: boolean;
    /** Whether a second request leaves what the first left. */
    readonly repeatable?: boolean;
    readonly options: KeyedOptions & ChangeOptions & ReadOptions & AccessOptions;
}

/** An answer as it came. */
export interface Received {
    readonly status: number;
    readonly retryAfter: string | null;
    readonly body: string;
}

/** What follows from an answer: a pause and another try, or what it holds. */
export type Outcome = { readonly waitMs: number } | { readonly value: unknown };

/** The longest time that the API gives to one request. */
const longestTimeoutMs = 60_000;

/** The tries of one call: what each carries, and what follows from its end. */
export class Attempts {
    readonly correlationId: string;
    count = 0;
    private readonly deadline: number;
    private readonly isSafe: boolean;
    private readonly key: string | undefined;
    private readonly reason: string | undefined;

    constructor(
        private readonly call: Call, private readonly policy: RetryPolicy, timeoutMs: number, private readonly now: () => number,
    ) {
        this.deadline = now() + (call.options.timeoutMs ?? timeoutMs);
        // A change of one version finds another one after it was made: the second request would be refused.
        this.isSafe = call.repeatable !== false && call.options.ifMatch === undefined;
        this.key = call.keyed === true ? call.options.idempotencyKey ?? freshID() : undefined;
        this.reason = call.options.accessReason === undefined ? undefined : fieldText(call.options.accessReason);
        this.correlationId = call.options.correlationId ?? freshID().replace(/-/g, "");
    }

    get leftMs(): number {
        return this.deadline - this.now();
    }

    /** Counts a try, and makes its header. */
    begin(token: string | undefined): Record<string, string> {
        if (this.leftMs <= 0) throw this.passed();
        this.count += 1;
        const headers: Record<string, string> = {
            "Accept": "application/json",
            "X-Correlation-ID": this.correlationId,
            "X-Timeout-Ms": String(Math.min(longestTimeoutMs, Math.max(1, Math.floor(this.leftMs)))),
        };
        if (token !== undefined) headers["Authorization"] = `Bearer ${token}`;
        if (this.call.body !== undefined) headers["Content-Type"] = "application/json";
        if (this.key !== undefined) headers["Idempotency-Key"] = this.key;
        if (this.reason !== undefined) headers["X-Access-Reason"] = this.reason;
        if (this.call.options.ifMatch !== undefined) headers["If-Match"] = `"${this.call.options.ifMatch}"`;
        if (this.call.options.ifNoneMatch !== undefined) headers["If-None-Match"] = `"${this.call.options.ifNoneMatch}"`;
        return headers;
    }

    /** The pause until the next try after one without an answer. Throws where there is none. */
    failed(error: unknown, wasSent: boolean): number {
        if (this.leftMs <= 0) throw this.passed(error);
        const delay = this.isSafe || !wasSent ? this.nextDelay(null) : null;
        if (delay !== null) return delay;
        const text = error instanceof Error ? error.message : String(error);
        throw new NoAnswer(`${this.call.method} ${this.call.path}: ${text}`, this.end(error));
    }

    /** What follows from an answer. Throws what it says no with. */
    answered(answer: Received): Outcome {
        if (answer.status === 200 || answer.status === 201) return { value: this.parsed(answer.body) };
        if (answer.status === 204) return { value: undefined };
        if (answer.status === 304) throw new NotModified("This version is known.", this.end());
        const problem = this.problem(answer);
        const delay = this.mayRepeat(problem) ? this.nextDelay(problem.retryAfterMs) : null;
        if (delay === null) throw problem;
        return { waitMs: delay };
    }

    unreadable(error: unknown): UnreadableAnswer {
        return new UnreadableAnswer(`${this.call.operation}: ${error instanceof Error ? error.message : error}`, this.end(error));
    }

    passed(cause?: unknown): DeadlinePassed {
        return new DeadlinePassed(`${this.call.method} ${this.call.path}: no answer in time`, this.end(cause));
    }

    private mayRepeat(problem: Problem): boolean {
        if (problem.status === 429 || problem.code === "OVERLOADED") return true; // Nothing was begun.
        return this.isSafe && ([502, 503, 504].includes(problem.status) || problem.code === "IDEMPOTENCY_IN_PROGRESS");
    }

    private nextDelay(retryAfterMs: number | null): number | null {
        if (this.count >= this.policy.attempts) return null;
        const most = Math.min(this.policy.longestDelayMs, this.policy.firstDelayMs * 2 ** (this.count - 1));
        const delay = Math.max(this.policy.chance(most / 2, most), retryAfterMs ?? 0);
        return delay < this.leftMs ? delay : null;
    }

    private parsed(body: string): unknown {
        try {
            return JSON.parse(body);
        } catch (error) {
            throw this.unreadable(error);
        }
    }

    private problem(answer: Received): Problem {
        let body: unknown = null;
        try {
            body = JSON.parse(answer.body);
        } catch {
            // Something else than the hospital has answered; its status is all there is.
        }
        const retryAfterMs = milliseconds(answer.retryAfter);
        const told = { body, status: answer.status, retryAfterMs, correlationId: this.correlationId, attempts: this.count };
        return readProblem(told, problemsByCode, problemsByStatus);
    }

    private end(cause?: unknown): { correlationId: string; attempts: number; cause?: unknown } {
        return { correlationId: this.correlationId, attempts: this.count, cause };
    }
}

/** A `Retry-After`, which is a number of seconds or a date. */
function milliseconds(retryAfter: string | null): number | null {
    if (retryAfter === null) return null;
    const seconds = Number(retryAfter);
    if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
    const date = Date.parse(retryAfter);
    return Number.isNaN(date) ? null : Math.max(0, date - Date.now());
}

/** A random UUID. `crypto.randomUUID` is not there on pages without TLS, and in Node 18 nothing of `crypto` is. */
function freshID(): string {
    const bytes = new Uint8Array(16);
    if (typeof crypto === "undefined") bytes.forEach((_, place) => (bytes[place] = Math.floor(Math.random() * 256)));
    else crypto.getRandomValues(bytes);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
