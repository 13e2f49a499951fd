// What the visit and the tests need of Node, where its own types are not installed.
declare module "node:test" {
    export function test(name: string, body: () => void | Promise<void>): void;
}
declare module "node:assert/strict" {
    const assert: {
        (value: unknown, message?: string): asserts value;
        equal(actual: unknown, expected: unknown, message?: string): void;
        deepEqual(actual: unknown, expected: unknown, message?: string): void;
    };
    export default assert;
}
declare module "node:child_process" {
    export function execFileSync(command: string, given: readonly string[], options: { encoding: "utf8" }): string;
}
declare module "node:fs" {
    export function readFileSync(path: string, encoding: "utf8"): string;
    export function readdirSync(path: string): string[];
    export function writeFileSync(path: string, text: string): void;
}
declare const process: { readonly argv: readonly string[]; kill(pid: number, signal: string): void };
