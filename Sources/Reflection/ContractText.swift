import SwiftProtobuf

extension ContractCatalog {
    /// A method and the messages it needs, as they stand in a contract.
    public func describe(_ method: MethodShape) -> String {
        let service = method.name.split(separator: "/")
        var text = "service \(service[0]) {\n"
        text +=
            "  rpc \(service.count > 1 ? service[1] : "") (\(method.input)) returns (\(method.isStreamed ? "stream " : "")\(method.output));\n}\n"
        for name in typeNames(from: [method.input, method.output]) {
            text += "\n" + (messages[name].map(describe) ?? enums[name].map { describe($0, name) } ?? "")
        }
        return text
    }

    /// The named messages and everything they refer to, in the order in which they are first met. Messages that JSON
    /// writes in a form of their own are not taken apart.
    private func typeNames(from roots: [String]) -> [String] {
        var found: [String] = []
        var next = roots[...]
        while let name = next.popFirst() {
            guard !found.contains(name), WellKnownType.all[name] == nil else { continue }
            if messages[name]?.isMapEntry != true { found.append(name) }
            next += messages[name]?.fields.map(\.typeName).filter { !$0.isEmpty } ?? []
        }
        return found
    }

    private func describe(_ message: MessageShape) -> String {
        let lines = message.fields.map { "  \(label(of: $0))\(typeText(of: $0)) \($0.name) = \($0.number);\n" }
        return "message \(message.name) {\n\(lines.joined())}\n"
    }

    private func describe(_ enumeration: EnumShape, _ name: String) -> String {
        let lines = enumeration.names.sorted { $0.key < $1.key }.map { "  \($0.value) = \($0.key);\n" }
        return "enum \(name) {\n\(lines.joined())}\n"
    }

    private func label(of field: FieldShape) -> String {
        if field.isRepeated { return mapEntry(of: field) == nil ? "repeated " : "" }
        return field.hasPresence && field.oneof == nil && field.type != .message ? "optional " : ""
    }

    private func typeText(of field: FieldShape) -> String {
        if let entry = mapEntry(of: field), let key = entry.field(number: 1), let value = entry.field(number: 2) {
            return "map<\(typeText(of: key)), \(typeText(of: value))>"
        }
        return field.typeName.isEmpty ? "\(field.type)" : field.typeName
    }

    private func mapEntry(of field: FieldShape) -> MessageShape? {
        messages[field.typeName].flatMap { $0.isMapEntry ? $0 : nil }
    }
}
