/// The class with a method for every operation, for programs that wait or for those that do not.
struct PythonCalls {
    private let client: ClientModel
    private let isAsync: Bool

    init(_ client: ClientModel, isAsync: Bool) {
        self.client = client
        self.isAsync = isAsync
    }

    private var className: String { isAsync ? "AsyncHospital" : "Hospital" }
    private var sender: String { isAsync ? "AsyncSender" : "Sender" }
    private var pages: String { isAsync ? "AsyncPages" : "Pages" }

    var module: CodeWriter {
        var code = CodeWriter()
        code.docstring(["The public API, for programs that \(isAsync ? "await" : "wait for") its answers."])
        code.line()
        for line in [
            "from __future__ import annotations", "", "from collections.abc import Mapping, Sequence",
            "from datetime import date, datetime, timedelta", "from typing import Any", "", "from . import wire as _wire",
        ] { code.line(line) }
        imports(from: "enums", client.enums.map { ClientTypes.recordName($0.swiftName) }, to: &code)
        code.line("from .money import Money")
        code.line("from .paging import \(pages)")
        imports(from: "records", client.records.map(\.name), to: &code)
        code.line("from .retrying import Call as _Call")
        code.line("from .sending import \(sender)")
        code.line("from .wire import UNSET, Unset")
        code.line()
        code.line()
        code.line("class \(className)(\(sender)):")
        code.indented { code in
            code.docstring(introduction)
            for operation in client.operations { emit(operation, to: &code) }
        }
        return code
    }

    private var introduction: [String] {
        [
            "The hospital: a method for every operation of its public API.", "",
            "Every method takes `timeout`, the seconds that it has for all its tries, and `correlation_id`, under which the",
            "hospital's logs know it. What creates or changes is sent under an `idempotency_key`, so that it happens once however",
            "often it is sent; the client makes one where none is given. `if_match` refuses a change of another version than this,",
            "`if_none_match` spares reading a version that is known. What the hospital refuses is raised as the error of its code.",
        ]
    }

    private func imports(from module: String, _ names: [String], to code: inout CodeWriter) {
        code.line("from .\(module) import (")
        code.indented { code in for name in names { code.line(name + ",") } }
        code.line(")")
    }

    // MARK: A method

    private func emit(_ operation: ClientOperation, to code: inout CodeWriter) {
        code.line()
        code.line("\(isAsync && !operation.isPaged ? "async " : "")def \(PythonName.method(operation.name))(")
        code.indented { code in
            code.line("self,")
            for parameter in operation.pathParameters {
                code.line("\(PythonName.field(parameter.name)): \(PythonType.given(parameter.type)),")
            }
            code.line("*,")
            for parameter in operation.parameters where parameter.place != .path { code.line(declaration(parameter) + ",") }
            for option in options(of: operation) { code.line("\(option): \(optionType(option)) | None = None,") }
        }
        code.line(") -> \(result(operation)):")
        code.indented { code in
            code.docstring(documentation(of: operation))
            code.line(operation.isPaged ? "return \(pages)(" : "return \(isAsync ? "await " : "")self.send(")
            code.indented { code in
                if operation.isPaged { code.line("self,") }
                emitCall(operation, to: &code)
                for line in answer(operation) { code.line(line + ",") }
            }
            code.line(")")
        }
    }

    private func declaration(_ parameter: ClientOperation.Parameter) -> String {
        let name = PythonName.field(parameter.name)
        let type = PythonType.given(parameter.type)
        if parameter.place == .change { return "\(name): \(type)\(parameter.isClearable ? " | None" : "") | Unset = UNSET" }
        return parameter.isRequired ? "\(name): \(type)" : "\(name): \(type) | None = None"
    }

    private func options(of operation: ClientOperation) -> [String] {
        [
            operation.isPaged ? "page_token" : nil, operation.takesKey ? "idempotency_key" : nil,
            operation.route.ifMatch != nil ? "if_match" : nil, operation.route.isConditionalRead ? "if_none_match" : nil,
            operation.takesReason ? "access_reason" : nil, "timeout", "correlation_id",
        ].compactMap(\.self)
    }

    private func optionType(_ option: String) -> String {
        switch option {
        case "if_match", "if_none_match": "int"
        case "timeout": "float"
        default: "str"
        }
    }

    private func result(_ operation: ClientOperation) -> String {
        switch operation.result {
        case .nothing: "None"
        case .record(let name, _): name
        case .pages(_, let type): "\(pages)[\(PythonType.had(type))]"
        }
    }

    private func answer(_ operation: ClientOperation) -> [String] {
        switch operation.result {
        case .nothing: ["lambda _: None"]
        case .record(let name, _): ["\(name).from_json"]
        case .pages(let field, let type): ["\"\(field)\"", PythonType.reader(type)]
        }
    }

    private func documentation(of operation: ClientOperation) -> [String] {
        let described = operation.parameters.filter { !$0.comment.isEmpty }.flatMap { parameter -> [String] in
            let name = PythonName.field(parameter.name)
            let text = parameter.comment.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: true) }
            return ["\(name): \(text.first ?? "")"] + text.dropFirst().map { "    \($0)" }
        }
        let options = operation.takesReason ? ["access_reason: \(ClientOperation.reasonComment)"] : []
        let errors = operation.errors.map { "`\($0.className)`" }
        let names = described + options
        return operation.comment + (names.isEmpty ? [] : [""] + names)
            + (errors.isEmpty ? [] : ["", "Raises, in the order in which they are checked:"] + errors.map { "    \($0)" })
    }

    // MARK: The request

    private func emitCall(_ operation: ClientOperation, to code: inout CodeWriter) {
        code.line("_Call(")
        code.indented { code in
            code.line("\"\(PythonName.method(operation.name))\",")
            code.line("\"\(operation.route.http.method)\",")
            code.line(path(operation) + ",")
            emitNamed("query", "_wire.query", operation.parameters(in: .query), and: operation.isPaged ? ["page_token"] : [], to: &code)
            emitNamed("body", "_wire.given", operation.parameters(in: .body), and: [], to: &code)
            emitNamed("body", "_wire.changes", operation.parameters(in: .change), and: [], to: &code)
            if case .whole = operation.route.body, operation.parameters(in: .body).isEmpty { code.line("body={},") }
            if operation.takesKey { code.line("keyed=True,") }
            if !operation.isRepeatable { code.line("repeatable=False,") }
            for option in options(of: operation) where option != "page_token" { code.line("\(option)=\(option),") }
        }
        code.line("),")
    }

    private func emitNamed(
        _ argument: String, _ function: String, _ parameters: [ClientOperation.Parameter], and more: [String], to code: inout CodeWriter
    ) {
        let names = parameters.map { PythonName.field($0.name) } + more
        guard !names.isEmpty else { return }
        code.line("\(argument)=\(function)(")
        code.indented { code in for name in names { code.line("\(name)=\(name),") } }
        code.line("),")
    }

    private func path(_ operation: ClientOperation) -> String {
        guard !operation.pathParameters.isEmpty else { return "\"\(operation.route.http.path)\"" }
        let parts = operation.route.segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .field(let name): "{_wire.segment(\(PythonName.field(name)))}"
            }
        }
        return "f\"/\(parts.joined(separator: "/"))\""
    }
}
