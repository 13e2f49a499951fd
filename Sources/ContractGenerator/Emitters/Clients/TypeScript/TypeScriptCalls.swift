/// The class with a method for every operation, and what each takes.
struct TypeScriptCalls {
    private let client: ClientModel

    init(_ client: ClientModel) {
        self.client = client
    }

    // MARK: What is taken

    private func parameters(_ operation: ClientOperation) -> [ClientOperation.Parameter] {
        operation.parameters.filter { $0.place != .path }
    }

    private func takesRequest(_ operation: ClientOperation) -> Bool {
        !parameters(operation).isEmpty || operation.isPaged
    }

    var requests: CodeWriter {
        var code = CodeWriter()
        code.line("// What the operations take.")
        code.line()
        let all = client.operations.flatMap { parameters($0) }.map(\.type)
        importNames(of: all, to: &code)
        TypeScriptValues.importValues(TypeScriptValues.values(in: all.map(TypeScriptType.given)), to: &code)
        for operation in client.operations where takesRequest(operation) {
            code.line()
            code.jsdoc(["What `\(operation.name)` takes."])
            code.block("export interface \(TypeScriptName.request(operation))") { code in
                for parameter in parameters(operation) { emit(parameter, to: &code) }
                if operation.isPaged {
                    code.jsdoc(["Where to begin: the `nextPageToken` of an earlier page."])
                    code.line("readonly pageToken?: string | undefined;")
                }
            }
        }
        return code
    }

    private func emit(_ parameter: ClientOperation.Parameter, to code: inout CodeWriter) {
        code.jsdoc(parameter.comment + (parameter.isClearable ? ["null clears it."] : []))
        let type = TypeScriptType.given(parameter.type)
        let name = TypeScriptName.field(parameter.name)
        let absent = parameter.isRequired ? "" : (parameter.isClearable ? " | null" : "") + " | undefined"
        code.line("readonly \(name)\(parameter.isRequired ? "" : "?"): \(type)\(absent);")
    }

    /// Imports the enums and records that these types name.
    private func importNames(of types: [ClientType], to code: inout CodeWriter) {
        let enums = Set(types.flatMap(\.enums))
        let enumNames = client.enums.filter { enums.contains($0.fullName) }.map { ClientTypes.recordName($0.swiftName) }
        let records = Set(types.compactMap(\.recordName))
        let recordNames = client.records.map(\.name).filter { records.contains($0) }
        if !enumNames.isEmpty { code.line("import type { \(enumNames.joined(separator: ", ")) } from \"./enums.js\";") }
        if !recordNames.isEmpty { code.line("import type { \(recordNames.joined(separator: ", ")) } from \"./records.js\";") }
    }

    // MARK: The methods

    var module: CodeWriter {
        var code = CodeWriter()
        code.line("import { Pages } from \"./paging.js\";")
        code.line("import * as records from \"./records.js\";")
        code.line("import type * as requests from \"./requests.js\";")
        code.line("import type { AccessOptions, CallOptions, ChangeOptions, KeyedOptions, ReadOptions } from \"./retrying.js\";")
        code.line("import { HospitalOptions, Sender } from \"./sending.js\";")
        code.line("import * as wire from \"./wire.js\";")
        code.line()
        code.jsdoc([
            "The hospital: a method for every operation of its public API.", "",
            "What creates or changes is sent under an idempotency key, so that it happens once however often it is sent; the client makes",
            "one where none is given. What the hospital refuses is thrown as the error of its code.",
        ])
        code.block("export class Hospital") { code in
            code.line("private readonly sender: Sender;")
            code.line()
            code.block("constructor(options: HospitalOptions)") { code in code.line("this.sender = new Sender(options);") }
            for operation in client.operations { emit(operation, to: &code) }
        }
        return code
    }

    private func emit(_ operation: ClientOperation, to code: inout CodeWriter) {
        code.line()
        let errors = operation.errors.map { "@throws {\($0.className)} \($0.status) `\($0.code)`" }
        code.jsdoc(operation.comment + (errors.isEmpty ? [] : [""]) + errors)
        code.block("\(operation.name)(\(arguments(operation))): \(result(operation))") { code in
            switch operation.result {
            case .nothing: code.line("return this.sender.send(")
            case .record: code.line("return this.sender.send(")
            case .pages: code.line("return new Pages(")
            }
            code.indented { code in
                if operation.isPaged { code.line("this.sender,") }
                emitCall(operation, to: &code)
                switch operation.result {
                case .nothing: code.line("() => undefined);")
                case .record(let name, _): code.line("records.read\(name));")
                case .pages(let field, let type): code.line("\"\(field)\", \(qualified(TypeScriptType.reader(type))));")
                }
            }
        }
    }

    private func arguments(_ operation: ClientOperation) -> String {
        let path = operation.pathParameters.map { "\(TypeScriptName.field($0.name)): string" }
        var request: [String] = []
        if takesRequest(operation) {
            let isNeeded = parameters(operation).contains(where: \.isRequired)
            request = ["request: requests.\(TypeScriptName.request(operation))\(isNeeded ? "" : " = {}")"]
        }
        return (path + request + ["options: \(options(operation)) = {}"]).joined(separator: ", ")
    }

    private func options(_ operation: ClientOperation) -> String {
        if operation.takesKey { return "KeyedOptions" }
        if operation.route.ifMatch != nil { return "ChangeOptions" }
        let options = [operation.route.isConditionalRead ? "ReadOptions" : nil, operation.takesReason ? "AccessOptions" : nil]
            .compactMap(\.self)
        return options.isEmpty ? "CallOptions" : options.joined(separator: " & ")
    }

    private func result(_ operation: ClientOperation) -> String {
        switch operation.result {
        case .nothing: "Promise<void>"
        case .record(let name, _): "Promise<records.\(name)>"
        case .pages(_, let type): "Pages<records.\(TypeScriptType.had(type))>"
        }
    }

    /// What reads and writes records lies in their file.
    private func qualified(_ function: String) -> String {
        function.hasPrefix("read") || function.hasPrefix("write") ? "records." + function : function
    }

    private func emitCall(_ operation: ClientOperation, to code: inout CodeWriter) {
        code.line("{")
        code.indented { code in
            code.line("operation: \"\(operation.name)\",")
            code.line("method: \"\(operation.route.http.method)\",")
            code.line("path: \(path(operation)),")
            emitMembers("query", operation.parameters(in: .query), isPaged: operation.isPaged, to: &code)
            emitMembers("body", operation.parameters(in: .body) + operation.parameters(in: .change), isPaged: false, to: &code)
            if case .whole = operation.route.body, operation.parameters(in: .body).isEmpty { code.line("body: {},") }
            if operation.takesKey { code.line("keyed: true,") }
            if !operation.isRepeatable { code.line("repeatable: false,") }
            code.line("options,")
        }
        code.line("},")
    }

    private func emitMembers(_ name: String, _ parameters: [ClientOperation.Parameter], isPaged: Bool, to code: inout CodeWriter) {
        guard !parameters.isEmpty || isPaged else { return }
        code.block("\(name):", closing: "},") { code in
            for parameter in parameters {
                let value = "request.\(TypeScriptName.field(parameter.name))"
                let text = TypeScriptType.writer(parameter.type).map { "wire.given(\(value), \(recordsIn($0)))" } ?? value
                code.line("\(parameter.name): \(text),")
            }
            if isPaged { code.line("page_token: request.pageToken,") }
        }
    }

    private func recordsIn(_ writer: String) -> String {
        if writer.hasPrefix("write") { return "records." + writer }
        return writer.replacing("(write", with: "(records.write")
    }

    private func path(_ operation: ClientOperation) -> String {
        guard !operation.pathParameters.isEmpty else { return "\"\(operation.route.http.path)\"" }
        let parts = operation.route.segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .field(let name): "${wire.segment(\(TypeScriptName.field(name)))}"
            }
        }
        return "`/\(parts.joined(separator: "/"))`"
    }
}

extension ClientType {
    /// The record that a value is, or that the elements of a list are.
    var recordName: String? {
        switch self {
        case .record(let name, _): name
        case .list(let inner), .map(let inner): inner.recordName
        case .text, .integer, .real, .flag, .binary, .day, .instant, .duration, .money, .json, .enumeration: nil
        }
    }
}
