/// What is not as it was written, a sentence each: the first of them, and how many there are beside.
struct AuditBreaches: Hashable, Sendable {
    /// Nobody reads more, and a table that was changed as a whole would fill the memory.
    private static let told = 100

    private var first: [String] = []
    private var others = 0

    mutating func add(_ sentence: @autoclosure () -> String) {
        if first.count < Self.told { first.append(sentence()) } else { others += 1 }
    }

    var sentences: [String] { others == 0 ? first : first + ["and \(others) more"] }
}
