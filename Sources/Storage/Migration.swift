/// One step of a schema, frozen once released: a later change is a new migration.
///
/// The statements of `sql` run in one transaction together with the record that they ran. A record keeps the SHA-256 of
/// the SQL, so an edited, missing or unknown migration stops the start instead of surprising the data.
public struct Migration: Hashable, Sendable {
    /// Ascending from 1 without gaps.
    public let version: Int
    /// What it does, in a few words.
    public let name: String
    public let sql: String

    public init(version: Int, name: String, sql: String) {
        self.version = version
        self.name = name
        self.sql = sql
    }
}
