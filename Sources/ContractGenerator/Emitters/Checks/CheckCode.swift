/// What makes one message a CheckedMessage: its `check(into:)` and `nameIDs(into:)`, where it has anything for them.
struct CheckCode {
    private let message: MessageModel
    private let checks: CheckedMessages

    init(_ message: MessageModel, _ checks: CheckedMessages) {
        self.message = message
        self.checks = checks
    }

    func emit(to code: inout CodeWriter) throws {
        let patterns = message.fields.filter { $0.rule.pattern != nil }
        for field in patterns { try confirmPattern(of: field) }
        code.line()
        let ids = NamedIDCode(message)
        let isChecked = checks.contains(message)
        guard isChecked || ids != nil else { return code.line("extension \(message.swiftName): CheckedMessage {}") }
        code.block("extension \(message.swiftName): CheckedMessage") { code in
            for field in patterns {
                code.line("private static let \(patternName(field)) = TextPattern(\(field.rule.pattern?.rawLiteral ?? ""))")
            }
            if !patterns.isEmpty { code.line() }
            if isChecked { code.block("public func check(into violations: inout Violations)") { code in emitBody(to: &code) } }
            if isChecked, ids != nil { code.line() }
            ids?.emit(to: &code)
        }
    }

    private func emitBody(to code: inout CodeWriter) {
        switch message.fullName {
        case "google.protobuf.Timestamp": return code.line("violations.checkTimestamp(seconds: seconds, nanos: nanos)")
        case "google.protobuf.Duration": return code.line("violations.checkDuration(seconds: seconds, nanos: nanos)")
        default: break
        }
        for property in message.properties {
            switch property {
            case .field(let field):
                if let line = call(field, value: field.swiftName.shadowedBy("violations")) { code.line(line) }
            case .oneof(let oneof): emit(oneof, to: &code)
            }
        }
        emitMask(to: &code)
    }

    private func emit(_ oneof: OneofModel, to code: inout CodeWriter) {
        let calls = oneof.fields.map { call($0, value: "value") }
        guard calls.contains(where: { $0 != nil }) else { return }
        code.line("switch \(oneof.swiftName.shadowedBy("violations", "value")) {")
        for (field, call) in zip(oneof.fields, calls) {
            code.line(call.map { "case .\(field.swiftName)(let value): \($0)" } ?? "case .\(field.swiftName): break")
        }
        code.line("case nil: break")
        code.line("}")
    }

    // MARK: One field

    /// The call that checks the field's value; nil where nothing can be wrong with it.
    private func call(_ field: FieldModel, value: String) -> String? {
        switch field.shape {
        case .implicit, .optional, .oneof: single(field, value: value)
        case .repeated: each(field, type: field.type, values: value)
        case .map(_, let type): each(field, type: type, values: value + ".values", isMap: true)
        }
    }

    private func single(_ field: FieldModel, value: String) -> String? {
        if let prefix = field.rule.idPrefix { return idCall(field, "id", value, prefix) }
        switch field.type {
        case .string, .bytes, .double, .float, .int32, .int64, .uint32, .uint64, .sint32, .sint64, .fixed32, .fixed64, .sfixed32, .sfixed64:
            let number = field.type == .float ? (field.shape == .optional ? "\(value).map(Double.init)" : "Double(\(value))") : value
            return field.hasRule ? "violations.check(\(arguments(field, number)))" : nil
        case .enumeration: return "violations.check(\(arguments(field, value)))"
        case .message(let reference) where checks.contains(reference.fullName): return "violations.check(\(arguments(field, value)))"
        case .message: return field.rule.required ? "violations.checkPresence(\"\(field.name)\", \(value) != nil)" : nil
        case .bool: return field.rule.required ? "violations.checkPresence(\"\(field.name)\", \(presence(field, value)))" : nil
        }
    }

    private func presence(_ field: FieldModel, _ value: String) -> String {
        field.shape == .optional ? "\(value) != nil" : value
    }

    private func each(_ field: FieldModel, type: FieldType, values: String, isMap: Bool = false) -> String? {
        if let prefix = field.rule.idPrefix { return idCall(field, "ids", values, prefix) }
        switch type {
        case .enumeration: return "violations.check(\(arguments(field, values, each: true)))"
        case .message(let reference) where checks.contains(reference.fullName):
            return "violations.check(\(arguments(field, values, each: true)))"
        case .bool, .bytes, .double, .float, .message:
            guard field.hasRule else { return nil }
            return "violations.checkCount(\((["\"\(field.name)\"", "\(values).count"] + counts(field)).joined(separator: ", ")))"
        default: return field.hasRule ? "violations.check(\(arguments(field, values, each: true)))" : nil
        }
    }

    private func idCall(_ field: FieldModel, _ label: String, _ value: String, _ prefix: String) -> String {
        let parts = ["\(label): \"\(field.name)\"", value, "prefix: \"\(prefix)\"", "notFound: \"\(field.notFoundCode)\""] + counts(field)
        return "violations.check(\(parts.joined(separator: ", ")))"
    }

    private func arguments(_ field: FieldModel, _ value: String, each: Bool = false) -> String {
        let rule = field.rule
        var parts = ["\"\(field.name)\"", each ? "each: \(value)" : value] + counts(field)
        if rule.minLength > 0 { parts.append("minLength: \(rule.minLength)") }
        if rule.maxLength > 0 { parts.append("maxLength: \(rule.maxLength)") }
        if let min = rule.min { parts.append("min: \(min.grouped)") }
        if let max = rule.max { parts.append("max: \(max.grouped)") }
        if rule.format != .unspecified { parts.append("format: .\(rule.format)") }
        if rule.pattern != nil { parts.append("pattern: Self.\(patternName(field))") }
        return parts.joined(separator: ", ")
    }

    private func counts(_ field: FieldModel) -> [String] {
        (field.rule.required || field.isChosenText ? ["required: true"] : [])
            + (field.rule.maxItems > 0 ? ["maxItems: \(field.rule.maxItems)"] : [])
    }

    private func patternName(_ field: FieldModel) -> String { SwiftName.lowerCamel(field.name) + "Pattern" }

    private func confirmPattern(of field: FieldModel) throws {
        guard let pattern = field.rule.pattern, (try? Regex(pattern)) == nil else { return }
        throw GenerationError("\(message.fullName).\(field.name): the pattern is no regular expression")
    }

    // MARK: Masks

    /// A request with one message and an `update_mask` changes the fields of the message that the mask names.
    private func emitMask(to code: inout CodeWriter) {
        guard let mask = message.updateMask, let body = message.maskedField, let changes = checks.message(body) else { return }
        let names = changes.fields.map { "\"\($0.name)\"" }.joined(separator: ", ")
        code.line("violations.check(mask: \"\(mask.name)\", \(mask.swiftName)?.paths, names: [\(names)])")
        for field in changes.fields where field.rule.notNull && field.shape == .optional {
            let path = "\(body.swiftName)?.\(field.swiftName)"
            code.line(
                "violations.check(kept: \"\(body.name).\(field.name)\", isAbsent: \(path) == nil, name: \"\(field.name)\", mask: \(mask.swiftName)?.paths)"
            )
        }
    }
}

extension FieldModel {
    /// Whether the field is the text of a oneof: chosen, it says something.
    fileprivate var isChosenText: Bool {
        if case .oneof = shape { type == .string } else { false }
    }
}

extension MessageModel {
    /// The field that says which fields of the message's one other message change.
    var updateMask: FieldModel? {
        fields.first { $0.name == "update_mask" && $0.checkedMessage == "google.protobuf.FieldMask" && $0.shape == .optional }
    }

    /// The message that the update mask is about.
    var maskedField: FieldModel? {
        guard updateMask != nil else { return nil }
        let candidates = fields.filter { field in
            field.shape == .optional && field.checkedMessage.map { !SpecialJSON.isSpecial($0) } ?? false
        }
        return candidates.count == 1 ? candidates.first : nil
    }
}

extension Int {
    /// `1_000_000`
    var grouped: String {
        let digits = String(magnitude)
        guard digits.count > 4 else { return String(self) }
        let groups = stride(from: digits.count, to: 0, by: -3).map { end in
            digits.dropFirst(Swift.max(end - 3, 0)).prefix(Swift.min(end, 3))
        }
        return (self < 0 ? "-" : "") + groups.reversed().joined(separator: "_")
    }
}

extension String {
    /// A Swift literal in which a backslash is a backslash.
    var rawLiteral: String { "#\"\(self)\"#" }
}
