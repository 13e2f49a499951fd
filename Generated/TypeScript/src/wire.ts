// Between values of TypeScript and JSON of the API.

import { Money } from "./money.js";

export type JSONValue = null | boolean | number | string | readonly JSONValue[] | JSONObject;
export interface JSONObject {
    readonly [name: string]: JSONValue | undefined;
}

/** A day of the calendar: `2030-01-07`. */
export type CalendarDay = string;

type Read<T> = (value: unknown) => T;

// From JSON

export function object(value: unknown): Record<string, unknown> {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError(`an object was expected, not ${value}`);
    return value as Record<string, unknown>;
}

/** A field that is always there. */
export function need<T>(data: Record<string, unknown>, name: string, read: Read<T>): T {
    const value = data[name];
    if (value === undefined || value === null) throw new TypeError(`there is no ${name}`);
    return read(value);
}

/** A field whose absence means `fallback`. */
export function fallback<T>(data: Record<string, unknown>, name: string, read: Read<T>, otherwise: T): T {
    return maybe(data, name, read) ?? otherwise;
}

/** A field that may be absent. */
export function maybe<T>(data: Record<string, unknown>, name: string, read: Read<T>): T | null {
    const value = data[name];
    return value === undefined || value === null ? null : read(value);
}

/** The elements of a list. */
export function each<T>(data: Record<string, unknown>, name: string, read: Read<T>): readonly T[] {
    const value = data[name] ?? [];
    if (!Array.isArray(value)) throw new TypeError(`${name} is no list`);
    return value.map((element) => read(element));
}

/** The values of a map. */
export function table<T>(data: Record<string, unknown>, name: string, read: Read<T>): Readonly<Record<string, T>> {
    return Object.fromEntries(Object.entries(object(data[name] ?? {})).map(([key, value]) => [key, read(value)]));
}

export function text(value: unknown): string {
    if (typeof value !== "string") throw new TypeError(`a text was expected, not ${value}`);
    return value;
}

/** A whole number that JavaScript can hold: below 2^53. */
export function integer(value: unknown): number {
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new TypeError(`a whole number was expected, not ${value}`);
    return number;
}

export function real(value: unknown): number {
    return Number(value);
}

export function flag(value: unknown): boolean {
    return value === true;
}

export function binary(value: unknown): Uint8Array {
    return Uint8Array.from(atob(text(value)), (character) => character.charCodeAt(0));
}

export function instant(value: unknown): Date {
    const time = new Date(text(value));
    if (Number.isNaN(time.getTime())) throw new TypeError(`a time was expected, not ${value}`);
    return time;
}

/** Milliseconds. */
export function duration(value: unknown): number {
    return Number(text(value).replace(/s$/, "")) * 1000;
}

export function json(value: unknown): JSONValue {
    return value as JSONValue;
}

/** A name of an enum; one that this client does not know yet is kept as it is. */
export function named<T extends string>(value: unknown): T {
    return text(value) as T;
}

/** Reads amounts in the currency that `data` names, if it does. */
export function money(data: Record<string, unknown>): Read<Money> {
    const currency = typeof data["currency"] === "string" && data["currency"] !== "" ? data["currency"] : null;
    return (value) => new Money(integer(value), currency);
}

// To JSON

export function writeInstant(time: Date): string {
    return time.toISOString();
}

export function writeDuration(milliseconds: number): string {
    return `${(milliseconds / 1000).toFixed(3)}s`;
}

export function writeMoney(amount: Money | number): number {
    return new Money(Number(typeof amount === "number" ? amount : amount.minor)).minor;
}

export function writeBinary(bytes: Uint8Array): string {
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

/** What is given as JSON has it; null and what is not given stay so. */
export function given<T, J>(value: T | null | undefined, write: (value: T) => J): J | null | undefined {
    if (value === null) return null;
    return value === undefined ? undefined : write(value);
}

export function writeEach<T, J>(write: (value: T) => J): (values: readonly T[]) => J[] {
    return (values) => values.map((value) => write(value));
}

export function writeTable<T, J>(write: (value: T) => J): (values: Readonly<Record<string, T>>) => Record<string, J> {
    return (values) => Object.fromEntries(Object.entries(values).map(([key, value]) => [key, write(value)]));
}

export function same<T>(value: T): T {
    return value;
}

/** One segment of a path. */
export function segment(value: unknown): string {
    if (value === "") throw new RangeError("an id in a path can't be empty");
    return encodeURIComponent(String(value));
}

/**
 * A line of text as a field of a request's header, which holds ASCII alone: whatever else is in it is encoded (RFC 8187). Throws
 * RangeError where it is empty, no line, or longer than 500 characters.
 */
export function fieldText(text: string): string {
    const line = text.trim();
    const length = Array.from(line).length;
    if (length < 1 || length > 500 || /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u.test(line)) {
        throw new RangeError("an access reason is one line of 1 to 500 characters");
    }
    return /^[ -~]*$/.test(line) && !/^utf-8'/i.test(line) ? line : `UTF-8''${encodeURIComponent(line)}`;
}

/** What `fieldText` was given. */
export function readFieldText(field: string): string {
    const encoded = /^utf-8'[^']*'(.*)$/i.exec(field)?.[1];
    return encoded === undefined ? field : decodeURIComponent(encoded);
}
