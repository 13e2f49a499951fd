import Crypto

/// A migration that a database has seen.
struct AppliedMigration {
    let version: Int
    /// As it is recorded: one that contracts says so, for programs that know of it by its record alone.
    let name: String
    let checksum: String

    fileprivate static let contracting = "contract: "

    var contracts: Bool { name.hasPrefix(Self.contracting) }
}

extension Reader {
    /// The migrations of the service that this database has seen, in their order, and when: UTC milliseconds.
    public func serviceMigrations() throws -> [(name: String, appliedAt: Int64)] {
        try rows("SELECT name, applied_at FROM hms_migrations WHERE component = 'service' ORDER BY version") { ($0.text(0), $0.int64(1)) }
    }
}

extension Migration {
    var recordedName: String { contracts ? AppliedMigration.contracting + name : name }
}

extension SchemaPart {
    /// The migrations that the database has not seen.
    ///
    /// A database may be ahead of the program, by migrations that only add.
    ///
    /// - Throws: ``StorageError/migration(_:)`` where those that it has seen are not the first of these, or go beyond them and contract.
    func pending(after applied: [AppliedMigration]) throws(StorageError) -> ArraySlice<Migration> {
        try requireAscending()
        for (index, record) in applied.enumerated() { try requireUnchanged(record, at: index) }
        return migrations.dropFirst(applied.count)
    }

    private func requireAscending() throws(StorageError) {
        for (index, migration) in migrations.enumerated() where migration.version != index + 1 {
            throw .migration("\(component): version \(migration.version) stands where \(index + 1) belongs")
        }
    }

    private func requireUnchanged(_ record: AppliedMigration, at index: Int) throws(StorageError) {
        guard record.version == index + 1 else {
            throw .migration("\(component): the database lacks version \(index + 1) but has \(record.version)")
        }
        guard index < migrations.count else {
            guard record.contracts else { return }
            throw .migration("\(component): the database has version \(record.version), newer than this program, which can't work with it")
        }
        guard record.checksum == migrations[index].checksum else {
            throw .migration("\(component): version \(record.version) was changed after it ran")
        }
    }
}

extension Migration {
    /// SHA-256 of the SQL, in hexadecimal digits.
    var checksum: String {
        SHA256.hash(data: Array(sql.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return byte < 16 ? "0" + digits : digits
        }.joined()
    }
}
