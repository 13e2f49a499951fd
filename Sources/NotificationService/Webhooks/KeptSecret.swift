/// The secret of a webhook as the table holds it.
enum KeptSecret: Hashable, Sendable {
    case plain(String)
    /// Closed by a key that is not in the database. `isScrubbed`: its open form is in no free page either.
    case sealed(String, isScrubbed: Bool)

    /// What stands in place of a secret that is sealed, as long as its open form may be left somewhere. No secret is as short.
    private static let unscrubbed = "-"

    /// From the two columns.
    init(plain: String, sealed: String?) {
        self = sealed.map { .sealed($0, isScrubbed: plain.isEmpty) } ?? .plain(plain)
    }

    /// What the column of plain secrets holds.
    var plain: String {
        switch self {
        case .plain(let secret): secret
        case .sealed(_, let isScrubbed): isScrubbed ? "" : Self.unscrubbed
        }
    }

    /// What the column of sealed ones holds.
    var sealed: String? {
        if case .sealed(let text, _) = self { text } else { nil }
    }
}
