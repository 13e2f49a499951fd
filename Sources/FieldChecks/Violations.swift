/// What breaks the rules of a request, all of it at once.
public struct Violations: Hashable, Sendable {
    /// More than this many are not listed: the caller has enough to do.
    static let most = 100

    public private(set) var all: [FieldViolation] = []
    /// The code to refuse with where an id is of another kind, and so names nothing: `PATIENT_NOT_FOUND`.
    public private(set) var notFoundCode: String?

    public init() {}

    public var isEmpty: Bool { all.isEmpty && notFoundCode == nil }

    public mutating func add(_ field: String, _ message: String) {
        guard all.count < Self.most else { return }
        all.append(FieldViolation(field: field, message: message))
    }

    mutating func addNotFound(code: String) {
        notFoundCode = notFoundCode ?? code
    }

    /// Puts `path.` before the fields that `body` adds.
    @inlinable public mutating func nest(_ path: @autoclosure () -> String, _ body: (inout Violations) -> Void) {
        let before = all.count
        body(&self)
        if all.count > before { prefix(from: before, with: path()) }
    }

    @usableFromInline mutating func prefix(from start: Int, with path: String) {
        for place in start..<all.count {
            let inner = all[place].field
            all[place] = FieldViolation(field: inner.isEmpty ? path : "\(path).\(inner)", message: all[place].message)
        }
    }
}
