import Vocabulary

/// The active appointments of a doctor that stand against a change.
public struct StandingAppointments: Hashable, Sendable {
    public let count: Int
    /// The ids of the first of them, by their start: at most 20.
    public let named: [String]

    public init(count: Int, named: [String]) {
        self.count = count
        self.named = Array(named.prefix(Self.namedAtMost))
    }

    private static let namedAtMost = 20

    /// A "no" that names them, so that the desk can go through them; nil where there are none.
    func rejection(_ code: RejectionCode, _ place: String) -> Rejection? {
        guard count > 0 else { return nil }
        let appointments = count == 1 ? "1 active appointment" : "\(count) active appointments"
        return Rejection(code, "The doctor has \(appointments) \(place)\(words).")
    }

    /// `: apt_1, apt_2 and 3 more`
    private var words: String {
        guard !named.isEmpty else { return "" }
        let rest = count - named.count
        return ": " + named.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
