/// What a test double needs to know: which path is which operation, and what each answers by example.
struct PythonExamples {
    private let client: ClientModel

    init(_ client: ClientModel) {
        self.client = client
    }

    func module() throws -> CodeWriter {
        var code = CodeWriter()
        code.docstring(["The operations, and what each answers by the contract's example."])
        code.line()
        code.line("from __future__ import annotations")
        code.line()
        code.line("import json")
        code.line("from typing import Any")
        code.line()
        code.line("ROUTES: tuple[tuple[str, str, str], ...] = (")
        code.indented { code in
            for operation in client.operations {
                let http = operation.route.http
                code.line("(\"\(PythonName.method(operation.name))\", \"\(http.method)\", \"\(http.path)\"),")
            }
        }
        code.line(")")
        code.line()
        code.line("EXAMPLES: dict[str, Any] = json.loads(")
        code.indented { code in
            code.line("r\"\"\"")
        }
        let examples = try client.operations.map { operation in
            JSONTree.Member(key: PythonName.method(operation.name), value: try client.exampleAnswer(to: operation))
        }
        code.raw(JSONTree.object(examples).document)
        code.indented { code in code.line("\"\"\"") }
        code.line(")")
        return code
    }
}

extension ClientModel {
    /// What the contract gives as an example of an operation's answer.
    func exampleAnswer(to operation: ClientOperation) throws -> JSONTree {
        if case .nothing = operation.result { return .null }
        return try examples.answer(operation.route.resource)
    }
}

/// What the package offers at its top.
struct PythonExports {
    private let client: ClientModel

    init(_ client: ClientModel) {
        self.client = client
    }

    var module: CodeWriter {
        var code = CodeWriter()
        code.docstring(["The public API of the hospital: `Hospital`, and `AsyncHospital` for programs that await its answers."])
        code.line()
        let own = [
            ("async_hospital", ["AsyncHospital"]), ("enums", client.enums.map { ClientTypes.recordName($0.swiftName) }),
            ("errors", SharedResponse.all.map(\.className) + client.errors.map(\.className)), ("hospital", ["Hospital"]),
            ("money", ["Money"]), ("paging", ["AsyncPages", "Page", "Pages"]),
            ("problems", ["DeadlinePassed", "HospitalError", "NoAnswer", "NotModified", "Problem", "UnreadableAnswer", "Violation"]),
            ("records", client.records.map(\.name)), ("retrying", ["RetryPolicy"]), ("wire", ["UNSET", "Unset"]),
        ]
        for (module, names) in own {
            code.line("from .\(module) import (")
            code.indented { code in for name in names.sorted() { code.line(name + ",") } }
            code.line(")")
        }
        code.line("from . import webhooks")
        code.line()
        code.line("__all__ = [")
        code.indented { code in for name in (own.flatMap(\.1) + ["webhooks"]).sorted() { code.line("\"\(name)\",") } }
        code.line("]")
        return code
    }
}
