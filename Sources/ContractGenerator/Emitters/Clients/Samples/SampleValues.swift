import Foundation

/// Values of examples as the languages write them.
struct SampleValues {
    private let types: ClientTypes

    init(_ types: ClientTypes) {
        self.types = types
    }

    // MARK: Python

    /// - Parameter names: what has to be imported is added to them.
    func python(_ value: JSONTree, _ type: ClientType, _ names: inout Set<String>) -> String {
        switch (type, value) {
        case (.day, .text(let text)):
            names.insert("date")
            let parts = text.split(separator: "-").compactMap { Int($0) }.map(String.init)
            return "date(\(parts.joined(separator: ", ")))"
        case (.instant, .text(let text)):
            names.insert("datetime")
            return "datetime.fromisoformat(\"\(text)\")"
        case (.money, .integer(let number)):
            names.insert("Money")
            return "Money(\(number))"
        case (.enumeration(let name, _), .text(let text)):
            names.insert(name)
            return "\(name).\(PythonName.member(text))"
        case (.record(let name, let fullName), .object(let members)):
            names.insert(name)
            let fields = members.map { "\(PythonName.field($0.key))=\(python($0.value, typeOf($0.key, in: fullName), &names))" }
            return "\(name)(\(fields.joined(separator: ", ")))"
        case (.list(let inner), .array(let elements)): return "[\(elements.map { python($0, inner, &names) }.joined(separator: ", "))]"
        case (_, .bool(let flag)): return flag ? "True" : "False"
        case (_, .null): return "None"
        default: return value.oneLine
        }
    }

    // MARK: TypeScript

    func typeScript(_ value: JSONTree, _ type: ClientType, _ names: inout Set<String>) -> String {
        switch (type, value) {
        case (.instant, .text(let text)): return "new Date(\"\(text)\")"
        case (.enumeration(let name, _), .text(let text)):
            names.insert(name)
            return "\(name).\(text)"
        case (.record(_, let fullName), .object(let members)):
            let fields = members.map { member in
                "\(TypeScriptName.field(member.key)): \(typeScript(member.value, typeOf(member.key, in: fullName), &names))"
            }
            return "{ \(fields.joined(separator: ", ")) }"
        case (.list(let inner), .array(let elements)):
            return "[\(elements.map { typeScript($0, inner, &names) }.joined(separator: ", "))]"
        default: return value.oneLine
        }
    }

    // MARK: Swift

    func swift(_ value: JSONTree, _ type: ClientType) -> String {
        switch (type, value) {
        case (.instant, .text(let text)):
            let seconds = (try? Date(text, strategy: .iso8601)).map { Int($0.timeIntervalSince1970) } ?? 0
            return "ProtobufTimestamp(seconds: \(seconds))"
        case (.enumeration(_, let fullName), .text(let text)):
            let named = types.contract.enums[fullName]?.values.first { $0.shortName == text }
            return ".\(named?.swiftName ?? "unspecified")"
        case (.record(_, let fullName), .object(let members)):
            let message = types.contract.messages[fullName]
            let fields = members.compactMap { member in
                message?.fields.first { $0.name == member.key }.map { field in
                    "\(field.swiftName): \(swift(member.value, typeOf(member.key, in: fullName)))"
                }
            }
            return "\(message?.swiftName ?? "")(\(fields.joined(separator: ", ")))"
        case (.list(let inner), .array(let elements)): return "[\(elements.map { swift($0, inner) }.joined(separator: ", "))]"
        case (.json, _): return "ProtobufStruct()"
        default: return value.oneLine
        }
    }

    private func typeOf(_ field: String, in fullName: String) -> ClientType {
        guard let message = types.contract.messages[fullName], let found = message.fields.first(where: { $0.name == field }) else {
            return .json
        }
        return types.type(of: found, in: message)
    }
}

extension JSONTree {
    /// What stands in a path or a query.
    var plainText: String {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .bool(let flag): flag ? "true" : "false"
        case .array(let elements): elements.first?.plainText ?? ""
        case .object, .null: ""
        }
    }
}
