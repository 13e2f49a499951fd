/// The databases of several services side by side, to read only: what has to be asked of all of them in one statement.
///
/// A table is `billing.bills` whatever the engine is, and whatever the schema is called. Nothing is migrated, nothing is written.
public protocol DatabasesSideBySide: AnyObject {
    /// Runs statements over one state of each database.
    func read<T>(_ body: (Reader) throws -> T) throws -> T
    /// What is wrong with a database: pages, indexes and rows that contradict one another. On PostgreSQL that is `pg_amcheck`'s to
    /// find, and there is nothing.
    func damage(of service: String) throws -> [String]
    /// Rows that break a reference that the schema declares, one text each. PostgreSQL has none: it checks those at all times.
    func danglingReferences(of service: String) throws -> [String]
    /// Lets go of the databases.
    func close() throws
}
