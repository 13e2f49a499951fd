/// One step of a schema, frozen once released: a later change is a new migration.
///
/// The statements of `sql` run in one transaction together with the record that they ran. A record keeps the SHA-256 of
/// the SQL, so an edited or missing migration stops the start instead of surprising the data. One that the program does not know
/// yet stops it where it contracts.
public struct Migration: Hashable, Sendable {
    /// Ascending from 1 without gaps.
    public let version: Int
    /// What it does, in a few words.
    public let name: String
    public let sql: String
    /// Whether it takes away or narrows what the version of the program before it works with, which then starts no more on this
    /// database. All others only add, so that two versions serve at once, and going back needs no other data.
    public let contracts: Bool

    public init(version: Int, name: String, sql: String, contracts: Bool = false) {
        self.version = version
        self.name = name
        self.sql = sql
        self.contracts = contracts
    }
}
