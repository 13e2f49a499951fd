/// Enums and records as TypeScript has them.
struct TypeScriptValues {
    private let client: ClientModel

    init(_ client: ClientModel) {
        self.client = client
    }

    var enums: CodeWriter {
        var code = CodeWriter()
        code.line("// What the API names. An answer of a newer hospital may hold a name that is not among these.")
        for enumeration in client.enums {
            let name = ClientTypes.recordName(enumeration.swiftName)
            code.line()
            code.jsdoc(enumeration.comment)
            code.block("export const \(name) =", closing: "} as const;") { code in
                for value in enumeration.named {
                    code.jsdoc(value.comment)
                    code.line("\(value.shortName): \"\(value.shortName)\",")
                }
            }
            code.line("export type \(name) = (typeof \(name))[keyof typeof \(name)];")
        }
        return code
    }

    var records: CodeWriter {
        var code = CodeWriter()
        code.line("// What the API takes and answers as objects.")
        code.line()
        let named = Set(client.records.flatMap(\.fields).flatMap(\.type.enums))
        let names = client.enums.filter { named.contains($0.fullName) }.map { ClientTypes.recordName($0.swiftName) }
        if !names.isEmpty { code.line("import type { \(names.joined(separator: ", ")) } from \"./enums.js\";") }
        let imports = Self.values(in: client.records.flatMap(\.fields).map { TypeScriptType.had($0.type) })
        Self.importValues(imports, to: &code)
        code.line("import * as wire from \"./wire.js\";")
        for record in client.records { emit(record, to: &code) }
        return code
    }

    /// Which of the types that are written by hand are named in these.
    static func values(in types: [String]) -> [String] {
        ["CalendarDay", "JSONValue", "Money"].filter { name in types.contains { $0.contains(name) } }
    }

    static func importValues(_ names: [String], to code: inout CodeWriter) {
        if names.contains("Money") { code.line("import type { Money } from \"./money.js\";") }
        let wire = names.filter { $0 != "Money" }
        if !wire.isEmpty { code.line("import type { \(wire.joined(separator: ", ")) } from \"./wire.js\";") }
    }

    private func emit(_ record: ClientRecord, to code: inout CodeWriter) {
        code.line()
        code.jsdoc(record.comment)
        code.block("export interface \(record.name)") { code in
            for field in record.fields {
                code.jsdoc(field.comment)
                let type = TypeScriptType.had(field.type)
                code.line("readonly \(TypeScriptName.field(field.name)): \(type)\(field.isOptional ? " | null" : "");")
            }
        }
        code.line()
        code.jsdoc(["Reads what the API writes."])
        code.block("export function read\(record.name)(value: unknown): \(record.name)") { code in
            code.line("const data = wire.object(value);")
            code.block("return", closing: "};") { code in
                for field in record.fields { code.line("\(TypeScriptName.field(field.name)): \(TypeScriptType.reading(field)),") }
            }
        }
        code.line()
        code.jsdoc(["Writes what the API reads."])
        code.block("export function write\(record.name)(record: \(record.name)): Record<string, unknown>") { code in
            code.block("return", closing: "};") { code in
                for field in record.fields {
                    code.line("\(field.name): \(TypeScriptType.writing("record.\(TypeScriptName.field(field.name))", field.type)),")
                }
            }
        }
    }
}

/// A class for each code, from the table that the server's codes stand in.
struct TypeScriptErrors {
    private let client: ClientModel

    init(_ client: ClientModel) {
        self.client = client
    }

    var classes: CodeWriter {
        var code = CodeWriter()
        code.line("// A class for each code that the API says no with. Those of one status have a class in common.")
        code.line()
        code.line("import { Problem, ProblemClass } from \"./problems.js\";")
        for response in SharedResponse.all {
            emit(response.className, "Problem", "Answers of status \(response.status).", ["STATUS: number = \(response.status)"], to: &code)
        }
        for error in client.errors {
            let base = SharedResponse.of(error.status)?.className ?? "Problem"
            let status = base == "Problem" ? ["STATUS: number = \(error.status)"] : []
            emit(error.className, base, "\(error.status) `\(error.code)`", status + ["CODE: string = \"\(error.code)\""], to: &code)
        }
        code.line()
        table("problemsByCode: ReadonlyMap<string, ProblemClass>", client.errors.map { ("\"\($0.code)\"", $0.className) }, to: &code)
        code.line()
        table("problemsByStatus: ReadonlyMap<number, ProblemClass>", SharedResponse.all.map { ("\($0.status)", $0.className) }, to: &code)
        return code
    }

    private func emit(_ name: String, _ base: String, _ text: String, _ members: [String], to code: inout CodeWriter) {
        code.line()
        code.jsdoc([text])
        code.block("export class \(name) extends \(base)") { code in
            for member in members { code.line("static override readonly \(member);") }
        }
    }

    private func table(_ name: String, _ entries: [(String, String)], to code: inout CodeWriter) {
        code.line("export const \(name) = new Map<\(name.hasPrefix("problemsByCode") ? "string" : "number"), ProblemClass>([")
        code.indented { code in for (key, value) in entries { code.line("[\(key), \(value)],") } }
        code.line("]);")
    }
}
