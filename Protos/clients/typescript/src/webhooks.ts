/**
 * Whether a request comes from the hospital: for whoever is told of things by a webhook.
 *
 *     const event = await readWebhook(body, request.headers["x-hms-signature"], secret);
 */

/** The request is not the hospital's, or not one of now. */
export class WrongSignature extends Error {
    override readonly name = "WrongSignature";
}

export interface WebhookOptions {
    /**
     * By how much the two clocks may differ, transport included; 5 minutes. It bounds how long somebody who has overheard a request
     * can send it again; that it was sent before its `Idempotency-Key` tells.
     */
    readonly toleranceMs?: number | undefined;
    readonly now?: (() => number) | undefined;
}

/**
 * Throws WrongSignature unless the body was signed with this secret, and lately. Needs `crypto.subtle`: a page over TLS, or Node 19.
 *
 * @param body as it came, before anything has read it.
 * @param signature the header `X-HMS-Signature`: `t=<unix time>,v1=<hex of HMAC-SHA-256 of "<unix time>.<body>">`.
 */
export async function verifyWebhook(
    body: string | Uint8Array, signature: string, secret: string, options: WebhookOptions = {},
): Promise<void> {
    const parts = signature.split(",").map((part) => part.trim().split("=") as [string, string?]);
    const values = (name: string): string[] => parts.filter((part) => part[0] === name).map((part) => part[1] ?? "");
    const [time = "", ...others] = values("t");
    const codes = values("v1").filter((code) => /^[0-9a-f]{64}$/.test(code));
    if (!/^\d{1,15}$/.test(time) || others.length > 0 || codes.length === 0) throw new WrongSignature("the signature can't be read");
    const away = Math.abs((options.now ?? Date.now)() - Number(time) * 1000);
    if (away > (options.toleranceMs ?? 300_000)) throw new WrongSignature("the signature is not of now");
    const text = new TextEncoder();
    const head = text.encode(`${time}.`);
    const rest = typeof body === "string" ? text.encode(body) : body;
    const signed = new Uint8Array(head.length + rest.length);
    signed.set(head);
    signed.set(rest, head.length);
    const key = await crypto.subtle.importKey("raw", text.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
    for (const code of codes) {
        const bytes = Uint8Array.from(code.match(/../g) ?? [], (digits) => parseInt(digits, 16));
        if (await crypto.subtle.verify("HMAC", key, bytes, signed)) return;
    }
    throw new WrongSignature("the signature is wrong");
}

/** What the request tells, as JSON. Throws WrongSignature as verifyWebhook does. */
export async function readWebhook(
    body: string | Uint8Array, signature: string, secret: string, options: WebhookOptions = {},
): Promise<unknown> {
    await verifyWebhook(body, signature, secret, options);
    return JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body));
}
