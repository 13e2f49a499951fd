/** How many decimals the minor unit stands for, where it is not two (ISO 4217). */
const decimals: ReadonlyMap<string, number> = new Map([
    ..."BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((code): [string, number] => [code, 0]),
    ..."BHD IQD JOD KWD LYD OMR TND".split(" ").map((code): [string, number] => [code, 3]),
]);

/** An amount in minor units: paise, cents. */
export class Money {
    /**
     * @param minor a whole number, below 2^53.
     * @param currency an ISO 4217 code, or null where the answer names none: then it is the clinic's (`getClinic`).
     */
    constructor(readonly minor: number, readonly currency: string | null = null) {
        if (!Number.isSafeInteger(minor)) throw new RangeError(`an amount is a whole number of minor units, not ${minor}`);
    }

    /** The amount in major units: `800.00`. */
    get decimal(): string {
        const places = decimals.get(this.currency ?? "") ?? 2;
        if (places === 0) return String(this.minor);
        const digits = String(Math.abs(this.minor)).padStart(places + 1, "0");
        return `${this.minor < 0 ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
    }

    toString(): string {
        return this.currency === null ? this.decimal : `${this.decimal} ${this.currency}`;
    }

    toJSON(): number {
        return this.minor;
    }
}
