/// The tables of one service, as each engine makes them.
///
/// PostgreSQL begins with one migration that equals what SQLite's have come to; from there on a change is a migration in both,
/// of one text where the engines allow it.
public struct Schema: Hashable, Sendable {
    public let sqlite: [Migration]
    public let postgres: [Migration]

    public init(sqlite: [Migration], postgres: [Migration]) {
        self.sqlite = sqlite
        self.postgres = postgres
    }

    /// Of migrations whose text both engines understand.
    public init(_ migrations: [Migration]) {
        self.init(sqlite: migrations, postgres: migrations)
    }
}

extension Schema: ExpressibleByArrayLiteral {
    /// Of migrations whose text both engines understand.
    public init(arrayLiteral migrations: Migration...) {
        self.init(migrations)
    }
}

/// The migrations of one part of a database: Storage's own, or the service's.
struct SchemaPart {
    let component: String
    let migrations: [Migration]
}
