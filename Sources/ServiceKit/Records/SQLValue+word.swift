public import ProtobufJSON
public import Storage

// Tables hold a value of an enum as its word. What has no word is never written, and a word that nobody knows is never read as
// another value: both throw, and the call is INTERNAL.

extension SQLValue {
    /// - Throws: ``StoredWordError``.
    public static func word(_ value: some ProtobufEnum) throws(StoredWordError) -> SQLValue {
        .text(try value.storedWord)
    }

    /// An enum of the rules is stored as it says itself.
    public static func word(_ value: some RawRepresentable<String>) -> SQLValue {
        .text(value.rawValue)
    }
}

extension Row {
    /// - Throws: ``StoredWordError``.
    public func word<Value: ProtobufEnum>(_ column: Int) throws(StoredWordError) -> Value {
        try Value(storedWord: text(column))
    }

    /// - Throws: ``StoredWordError``.
    public func word<Value: RawRepresentable<String>>(_ column: Int) throws(StoredWordError) -> Value {
        let word = text(column)
        guard let value = Value(rawValue: word) else { throw StoredWordError(type: "\(Value.self)", word: word) }
        return value
    }

    /// - Throws: ``StoredWordError``.
    public func wordOrNil<Value: RawRepresentable<String>>(_ column: Int) throws(StoredWordError) -> Value? {
        isNull(column) ? nil : try word(column)
    }
}
