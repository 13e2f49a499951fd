import ProtobufJSON

/// How generated code checks fields. A field that is absent breaks no rule but `required`; one without presence is absent
/// at its default value.
extension Violations {
    // MARK: Text

    public mutating func check(
        _ field: StaticString, _ text: String, required: Bool = false, minLength: Int = 0, maxLength: Int = .max,
        format: TextFormat? = nil, pattern: TextPattern? = nil
    ) {
        guard !text.isEmpty else { return checkPresence(field, false, required) }
        if required, LineText.isBlank(text) { return add("\(field)", "must not be blank") }
        let rule = TextRule(minLength: minLength, maxLength: maxLength, format: format, pattern: pattern)
        if let breach = rule.breach(by: text) { add("\(field)", breach) }
    }

    public mutating func check(
        _ field: StaticString, _ text: String?, required: Bool = false, minLength: Int = 0, maxLength: Int = .max,
        format: TextFormat? = nil, pattern: TextPattern? = nil
    ) {
        guard let text, !(required && text.isEmpty) else { return checkPresence(field, false, required) }
        if required, LineText.isBlank(text) { return add("\(field)", "must not be blank") }
        let rule = TextRule(minLength: minLength, maxLength: maxLength, format: format, pattern: pattern)
        if let breach = rule.breach(by: text) { add("\(field)", breach) }
    }

    public mutating func check(
        _ field: StaticString, each texts: some Collection<String>, required: Bool = false, maxItems: Int = .max, minLength: Int = 0,
        maxLength: Int = .max, format: TextFormat? = nil, pattern: TextPattern? = nil
    ) {
        guard checkCount(field, texts.count, required: required, maxItems: maxItems) else { return }
        let rule = TextRule(minLength: minLength, maxLength: maxLength, format: format, pattern: pattern)
        for (index, text) in texts.enumerated() {
            if let breach = rule.breach(by: text) { add("\(field)[\(index)]", breach) }
        }
    }

    // MARK: Bytes

    public mutating func check(
        _ field: StaticString, _ bytes: [UInt8]?, required: Bool = false, minLength: Int = 0, maxLength: Int = .max
    ) {
        guard let bytes, !bytes.isEmpty else { return checkPresence(field, false, required) }
        if bytes.count < minLength { add("\(field)", "must have at least \(minLength) bytes") }
        if bytes.count > maxLength { add("\(field)", "must have at most \(maxLength) bytes") }
    }

    // MARK: Numbers

    /// A number without presence is checked at 0 too.
    public mutating func check(
        _ field: StaticString, _ number: some BinaryInteger, required: Bool = false, min: Int64 = .min, max: Int64 = .max
    ) {
        if required, number == 0 { return add("\(field)", "is required") }
        if !(number >= min && number <= max) { add("\(field)", Self.range(min, max)) }
    }

    public mutating func check<Number: BinaryInteger>(
        _ field: StaticString, _ number: Number?, required: Bool = false, min: Int64 = .min, max: Int64 = .max
    ) {
        guard let number else { return checkPresence(field, false, required) }
        check(field, number, min: min, max: max)
    }

    public mutating func check(
        _ field: StaticString, each numbers: some Collection<some BinaryInteger>, required: Bool = false, maxItems: Int = .max,
        min: Int64 = .min, max: Int64 = .max
    ) {
        guard checkCount(field, numbers.count, required: required, maxItems: maxItems) else { return }
        for (index, number) in numbers.enumerated() where !(number >= min && number <= max) {
            add("\(field)[\(index)]", Self.range(min, max))
        }
    }

    /// A number that is not one breaks every range.
    public mutating func check(_ field: StaticString, _ number: Double?, required: Bool = false, min: Int64 = .min, max: Int64 = .max) {
        guard let number, !(required && number == 0) else { return checkPresence(field, false, required) }
        if !(number >= Double(min) && number <= Double(max)) { add("\(field)", Self.range(min, max)) }
    }

    private static func range(_ min: Int64, _ max: Int64) -> String {
        if min == .min { return "must be at most \(max)" }
        if max == .max { return "must be at least \(min)" }
        return "must be from \(min) to \(max)"
    }

    // MARK: Enums

    public mutating func check<Value: ProtobufEnum>(_ field: StaticString, _ value: Value, required: Bool = false) {
        if required, value.isDefault { return add("\(field)", "is required") }
        if !value.isKnown { add("\(field)", Value.names.expectation(.api)) }
    }

    public mutating func check<Value: ProtobufEnum>(_ field: StaticString, _ value: Value?, required: Bool = false) {
        guard let value else { return checkPresence(field, false, required) }
        check(field, value, required: required)
    }

    public mutating func check<Value: ProtobufEnum>(
        _ field: StaticString, each values: some Collection<Value>, required: Bool = false, maxItems: Int = .max
    ) {
        guard checkCount(field, values.count, required: required, maxItems: maxItems) else { return }
        for (index, value) in values.enumerated() where !value.isKnown {
            add("\(field)[\(index)]", Value.names.expectation(.api))
        }
    }

    // MARK: Ids

    /// An id of another kind names nothing: the whole request is answered with `notFound`, not with a violation.
    public mutating func check(
        id field: StaticString, _ id: String, prefix: StaticString, notFound code: StaticString, required: Bool = false
    ) {
        guard !id.isEmpty else { return checkPresence(field, false, required) }
        if !RecordIDShape.isID(id, prefix: prefix) { addNotFound(code: "\(code)") }
    }

    /// An id that is there is not empty: as a filter it would leave all records standing.
    public mutating func check(
        id field: StaticString, _ id: String?, prefix: StaticString, notFound code: StaticString, required: Bool = false
    ) {
        guard let id else { return checkPresence(field, false, required) }
        guard !id.isEmpty else { return add("\(field)", "must not be empty") }
        check(id: field, id, prefix: prefix, notFound: code)
    }

    public mutating func check(
        ids field: StaticString, _ ids: some Collection<String>, prefix: StaticString, notFound code: StaticString, required: Bool = false,
        maxItems: Int = .max
    ) {
        guard checkCount(field, ids.count, required: required, maxItems: maxItems) else { return }
        if !ids.allSatisfy({ RecordIDShape.isID($0, prefix: prefix) }) { addNotFound(code: "\(code)") }
    }

    // MARK: Messages

    public mutating func check<Value: CheckedMessage>(_ field: StaticString, _ message: Value?, required: Bool = false) {
        guard let message else { return checkPresence(field, false, required) }
        nest("\(field)") { message.check(into: &$0) }
    }

    public mutating func check<Value: CheckedMessage>(
        _ field: StaticString, each messages: some Collection<Value>, required: Bool = false, maxItems: Int = .max
    ) {
        guard checkCount(field, messages.count, required: required, maxItems: maxItems) else { return }
        for (index, message) in messages.enumerated() {
            nest("\(field)[\(index)]") { message.check(into: &$0) }
        }
    }

    // MARK: Times

    public mutating func checkTimestamp(seconds: Int64, nanos: Int32) {
        let isTime = CivilTime.timestampRange.contains(seconds) && 0..<1_000_000_000 ~= nanos
        if !isTime { add("", "must be a time within the years 1 to 9999") }
    }

    public mutating func checkDuration(seconds: Int64, nanos: Int32) {
        let isDuration =
            CivilTime.durationRange.contains(seconds) && nanos.magnitude < 1_000_000_000
            && (seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0))
        if !isDuration { add("", "must be a length of time of less than 10,000 years") }
    }

    // MARK: Changes

    /// A mask that says which fields of a message change: every path names one.
    public mutating func check(mask field: StaticString, _ paths: [String]?, names: [StaticString]) {
        for (index, path) in (paths ?? []).enumerated() where !names.contains(where: { path.equals($0, ignoringCase: false) }) {
            add("\(field)[\(index)]", "names no field that can be changed")
        }
    }

    /// A field that may change but not be taken away.
    public mutating func check(kept field: StaticString, isAbsent: Bool, name: String, mask: [String]?) {
        if isAbsent, mask?.contains(name) == true { add("\(field)", "cannot be cleared") }
    }

    // MARK: Presence

    /// For fields whose only rule is that they are there.
    public mutating func checkPresence(_ field: StaticString, _ isPresent: Bool, _ required: Bool = true) {
        if required, !isPresent { add("\(field)", "is required") }
    }

    /// Counts the entries of a list or map. False where there are too many to look at.
    @discardableResult
    public mutating func checkCount(_ field: StaticString, _ count: Int, required: Bool = false, maxItems: Int = .max) -> Bool {
        if required, count == 0 { add("\(field)", "is required") }
        guard count > maxItems else { return true }
        add("\(field)", "must have at most \(maxItems) entries")
        return false
    }
}
