// Calls over fetch.

import { Attempts, Call, Received, RetryPolicy, standardRetries } from "./retrying.js";

/** A token, or what gives one: it is asked before every request, so that a token can be renewed. */
export type Token = string | (() => string | Promise<string>);

/** What carries a request: `fetch`, or what stands for it. */
export type Fetch = (url: string, request: RequestInit) => Promise<Response>;

/** Time: real, or a test's. */
export interface Clock {
    /** Milliseconds that never go back. */
    now(): number;
    /** Rejects when the signal is aborted. */
    sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export interface HospitalOptions {
    /** Where the hospital is: `https://hospital.example`. On a page of the hospital itself, "". */
    readonly url: string;
    readonly token?: Token | undefined;
    /** The time that a call has for all its tries; 30 s. */
    readonly timeoutMs?: number | undefined;
    readonly retry?: Partial<RetryPolicy> | undefined;
    /** What carries requests instead of the global `fetch`: a test double, a proxy. */
    readonly fetch?: Fetch | undefined;
    readonly clock?: Clock | undefined;
}

export const realClock: Clock = {
    now: () => performance.now(),
    sleep: (milliseconds, signal) =>
        new Promise((resolve, reject) => {
            if (signal?.aborted === true) return reject(signal.reason);
            const stop = (): void => {
                clearTimeout(timer);
                reject(signal?.reason);
            };
            const timer = setTimeout(() => {
                signal?.removeEventListener("abort", stop);
                resolve();
            }, milliseconds);
            signal?.addEventListener("abort", stop, { once: true });
        }),
};

/** What a connection says where a request has not left; browsers don't tell. */
const notSent = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"]);

function wasSent(error: unknown): boolean {
    const cause = (error as { cause?: { code?: unknown; errors?: { code?: unknown }[] } } | null)?.cause;
    return !notSent.has(String(cause?.code ?? cause?.errors?.[0]?.code));
}

/** Sends calls. */
export class Sender {
    private readonly url: string;
    private readonly retry: RetryPolicy;
    private readonly clock: Clock;
    private readonly fetch: Fetch;

    constructor(private readonly options: HospitalOptions) {
        this.url = options.url.replace(/\/+$/, "");
        this.retry = { ...standardRetries, ...options.retry };
        this.clock = options.clock ?? realClock;
        this.fetch = options.fetch ?? ((url, request) => fetch(url, request));
    }

    /** The answer to a call. Throws a HospitalError, or the reason of an aborted signal. */
    async send<T>(call: Call, read: (value: unknown) => T): Promise<T> {
        const attempts = new Attempts(call, this.retry, this.options.timeoutMs ?? 30_000, () => this.clock.now());
        const { signal } = call.options;
        for (;;) {
            signal?.throwIfAborted();
            const { token } = this.options;
            const headers = attempts.begin(typeof token === "function" ? await token() : token);
            let pause: number;
            try {
                const outcome = attempts.answered(await this.exchange(call, headers, attempts));
                if ("value" in outcome) return readAnswer(read, outcome.value, attempts);
                pause = outcome.waitMs;
            } catch (error) {
                if (!(error instanceof Broken)) throw error;
                signal?.throwIfAborted();
                pause = attempts.failed(error.reason, wasSent(error.reason));
            }
            await this.clock.sleep(pause, signal);
        }
    }

    /** One request and its answer, within the time that is left. */
    private async exchange(call: Call, headers: Record<string, string>, attempts: Attempts): Promise<Received> {
        const stopping = new AbortController();
        const stop = (): void => stopping.abort(call.options.signal?.reason);
        const timer = setTimeout(() => stopping.abort(), Math.max(0, attempts.leftMs));
        call.options.signal?.addEventListener("abort", stop, { once: true });
        try {
            const response = await this.fetch(this.url + call.path + queryText(call.query), {
                method: call.method,
                headers,
                body: call.body === undefined ? null : JSON.stringify(call.body),
                signal: stopping.signal,
                redirect: "error",
                credentials: "omit",
                cache: "no-store",
            });
            return { status: response.status, retryAfter: response.headers.get("Retry-After"), body: await response.text() };
        } catch (error) {
            if (stopping.signal.aborted && call.options.signal?.aborted !== true) throw attempts.passed(error);
            throw new Broken(error);
        } finally {
            clearTimeout(timer);
            call.options.signal?.removeEventListener("abort", stop);
        }
    }
}

/** That a request has no answer. */
class Broken {
    constructor(readonly reason: unknown) {}
}

function readAnswer<T>(read: (value: unknown) => T, value: unknown, attempts: Attempts): T {
    try {
        return read(value);
    } catch (error) {
        throw attempts.unreadable(error);
    }
}

/** The parameters of what is given; a list is one of several of the same name. */
function queryText(query: Readonly<Record<string, unknown>> = {}): string {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
        if (value === undefined || value === null) continue;
        for (const one of Array.isArray(value) ? value : [value]) parameters.append(name, String(one));
    }
    const text = parameters.toString();
    return text === "" ? "" : `?${text}`;
}
