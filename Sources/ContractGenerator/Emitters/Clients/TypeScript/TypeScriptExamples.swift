/// What a test double needs to know: which path is which operation, what each answers by example, and what reads and writes it.
struct TypeScriptExamples {
    private let client: ClientModel

    init(_ client: ClientModel) {
        self.client = client
    }

    func module() throws -> CodeWriter {
        var code = CodeWriter()
        code.line("import * as records from \"./records.js\";")
        code.line()
        code.jsdoc(["What each operation answers: a record, or one of those that its pages hold."])
        code.block("export interface Answers") { code in
            for operation in client.operations { code.line("\(operation.name): \(answer(operation));") }
        }
        code.line()
        code.block("export interface Example") { code in
            code.line("readonly method: string;")
            code.line("readonly path: string;")
            code.jsdoc(["The field that holds the records of a page."])
            code.line("readonly items?: string;")
            code.line("readonly read: (value: unknown) => unknown;")
            code.line("readonly write: (record: any) => unknown;")
            code.line("readonly answer: unknown;")
        }
        code.line()
        code.block("export const examples: { readonly [K in keyof Answers]: Example } =", closing: "};") { code in
            for operation in client.operations {
                code.block("\(operation.name):", closing: "},") { emit(operation, to: &$0) }
            }
        }
        code.line()
        let answers = try client.operations.map { JSONTree.Member(key: $0.name, value: try client.exampleAnswer(to: $0)) }
        code.block("function told(operation: string): unknown") { code in
            code.line("return (answers as Record<string, unknown>)[operation];")
        }
        code.line()
        code.raw("const answers = " + JSONTree.object(answers).document.dropLast() + ";\n")
        return code
    }

    private func answer(_ operation: ClientOperation) -> String {
        switch operation.result {
        case .nothing: "undefined"
        case .record(let name, _): "records.\(name)"
        case .pages(_, let type): "records.\(TypeScriptType.had(type))"
        }
    }

    private func emit(_ operation: ClientOperation, to code: inout CodeWriter) {
        code.line("method: \"\(operation.route.http.method)\",")
        code.line("path: \"\(operation.route.http.path)\",")
        switch operation.result {
        case .nothing:
            code.line("read: () => undefined,")
            code.line("write: () => undefined,")
        case .record(let name, _): readAndWrite(name, to: &code)
        case .pages(let field, let type):
            code.line("items: \"\(field)\",")
            readAndWrite(TypeScriptType.had(type), to: &code)
        }
        code.block("get answer(): unknown", closing: "},") { code in code.line("return told(\"\(operation.name)\");") }
    }

    private func readAndWrite(_ name: String, to code: inout CodeWriter) {
        code.line("read: records.read\(name),")
        code.line("write: records.write\(name),")
    }
}

/// What the package offers at its top.
enum TypeScriptExports {
    static var module: CodeWriter {
        var code = CodeWriter()
        for line in [
            "export * from \"./enums.js\";", "export * from \"./errors.js\";", "export { Hospital } from \"./hospital.js\";",
            "export { Money } from \"./money.js\";", "export { Pages } from \"./paging.js\";", "export type { Page } from \"./paging.js\";",
            "export { DeadlinePassed, HospitalError, NoAnswer, NotModified, Problem, UnreadableAnswer } from \"./problems.js\";",
            "export type { CallEnd, ProblemDetails, Violation } from \"./problems.js\";", "export * from \"./records.js\";",
            "export * from \"./requests.js\";", "export { standardRetries } from \"./retrying.js\";",
            "export type { AccessOptions, CallOptions, ChangeOptions, KeyedOptions, ReadOptions, RetryPolicy } from \"./retrying.js\";",
            "export type { Clock, Fetch, HospitalOptions, Token } from \"./sending.js\";",
            "export type { CalendarDay, JSONObject, JSONValue } from \"./wire.js\";",
        ] { code.line(line) }
        return code
    }
}
