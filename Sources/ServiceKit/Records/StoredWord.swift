public import ProtobufJSON

/// The word under which a database keeps an enum of the contract: its name without the enum's prefix, as the public API writes
/// it. `CHECKED_IN` of `APPOINTMENT_STATUS_CHECKED_IN`.
extension ProtobufEnum {
    /// - Throws: ``StoredWordError`` for the value that says nothing, and for one that the contract does not name: neither may get
    ///   into a database.
    public var storedWord: String {
        get throws(StoredWordError) {
            guard rawValue != 0, let entry = Self.names.entry(of: rawValue) else {
                throw StoredWordError(type: "\(Self.self)", word: "\(rawValue)")
            }
            return entry.short.description
        }
    }

    /// - Throws: ``StoredWordError`` where the database holds what the contract has no name for.
    public init(storedWord word: String) throws(StoredWordError) {
        guard let entry = Self.names.entries.first(where: { $0.number != 0 && $0.short.isEqual(to: word) }) else {
            throw StoredWordError(type: "\(Self.self)", word: word)
        }
        self.init(rawValue: entry.number)
    }
}

/// A database and the contract disagree about the values of an enum. No caller can mend that: it is logged, and answered INTERNAL.
public struct StoredWordError: Error, Hashable, Sendable, CustomStringConvertible {
    /// `AppointmentStatus`
    public let type: String
    public let word: String

    public init(type: String, word: String) {
        self.type = type
        self.word = word
    }

    public var description: String { "\(word) is no value of \(type) that can be stored" }
}

extension StaticString {
    /// Compares bytes, for a list reads words by the hundred.
    fileprivate func isEqual(to text: String) -> Bool {
        withUTF8Buffer { text.utf8.elementsEqual($0) }
    }
}
