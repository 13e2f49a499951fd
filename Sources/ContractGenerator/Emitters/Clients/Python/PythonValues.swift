/// Enums and records as Python has them.
struct PythonValues {
    private let client: ClientModel

    init(_ client: ClientModel) {
        self.client = client
    }

    var enums: CodeWriter {
        var code = CodeWriter()
        code.docstring(["What the API names."])
        code.line()
        code.line("from .wire import Named")
        for enumeration in client.enums { emit(enumeration, to: &code) }
        return code
    }

    private func emit(_ enumeration: EnumModel, to code: inout CodeWriter) {
        code.line()
        code.line()
        code.line("class \(ClientTypes.recordName(enumeration.swiftName))(Named):")
        code.indented { code in
            code.docstring(enumeration.comment)
            if !enumeration.comment.isEmpty { code.line() }
            for value in enumeration.named {
                code.line("\(PythonName.member(value.shortName)) = \"\(value.shortName)\"")
                code.docstring(value.comment)
            }
        }
    }

    var records: CodeWriter {
        var code = CodeWriter()
        code.docstring(["What the API takes and answers as objects."])
        code.line()
        code.line("from __future__ import annotations")
        code.line()
        code.line("from collections.abc import Mapping")
        code.line("from dataclasses import dataclass")
        code.line("from datetime import date, datetime, timedelta")
        code.line("from typing import Any, Self")
        code.line()
        code.line("from . import wire as _wire")
        code.line("from .enums import (")
        code.indented { code in for enumeration in client.enums { code.line(ClientTypes.recordName(enumeration.swiftName) + ",") } }
        code.line(")")
        code.line("from .money import Money")
        code.line("from .wire import Record")
        for record in client.records { emit(record, to: &code) }
        return code
    }

    private func emit(_ record: ClientRecord, to code: inout CodeWriter) {
        code.line()
        code.line()
        code.line("@dataclass(frozen=True, slots=True, kw_only=True)")
        code.line("class \(record.name)(Record):")
        code.indented { code in
            code.docstring(record.comment)
            if !record.comment.isEmpty { code.line() }
            for field in record.fields {
                let type = PythonType.had(field.type)
                code.line("\(PythonName.field(field.name)): \(type)" + (field.isOptional ? " | None = None" : ""))
                code.docstring(field.comment)
            }
            if !record.fields.isEmpty { code.line() }
            code.line("@classmethod")
            code.line("def from_json(cls, data: Mapping[str, Any]) -> Self:")
            code.indented { code in
                code.docstring(["Reads what the API writes."])
                code.line("return cls(")
                code.indented { code in
                    for field in record.fields { code.line("\(PythonName.field(field.name))=\(PythonType.reading(field)),") }
                }
                code.line(")")
            }
        }
    }
}

/// A class for each code, from the table that the server's codes stand in.
struct PythonErrors {
    private let client: ClientModel

    init(_ client: ClientModel) {
        self.client = client
    }

    private var statuses: [SharedResponse] { SharedResponse.all }

    var classes: CodeWriter {
        var code = CodeWriter()
        code.docstring(["A class for each code that the API says no with. Those of one status have a class in common."])
        code.line()
        code.line("from __future__ import annotations")
        code.line()
        code.line("from .problems import Problem")
        for status in statuses {
            emit(status.className, "Problem", "Answers of status \(status.status).", "STATUS = \(status.status)", to: &code)
        }
        for error in client.errors {
            let base = SharedResponse.of(error.status)?.className ?? "Problem"
            let status = base == "Problem" ? "STATUS = \(error.status)" : nil
            emit(error.className, base, "\(error.status) `\(error.code)`", "CODE = \"\(error.code)\"", status, to: &code)
        }
        code.line()
        code.line()
        table("BY_CODE: dict[str, type[Problem]]", client.errors.map { ("\"\($0.code)\"", $0.className) }, to: &code)
        code.line()
        table("BY_STATUS: dict[int, type[Problem]]", statuses.map { ("\($0.status)", $0.className) }, to: &code)
        return code
    }

    private func emit(_ name: String, _ base: String, _ text: String, _ lines: String?..., to code: inout CodeWriter) {
        code.line()
        code.line()
        code.line("class \(name)(\(base)):")
        code.indented { code in
            code.docstring([text])
            code.line()
            for line in lines.compactMap(\.self) { code.line(line) }
        }
    }

    private func table(_ name: String, _ entries: [(String, String)], to code: inout CodeWriter) {
        code.line("\(name) = {")
        code.indented { code in for (key, value) in entries { code.line("\(key): \(value),") } }
        code.line("}")
    }
}
