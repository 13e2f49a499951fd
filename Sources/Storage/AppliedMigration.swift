import Crypto

/// A migration that a database has seen.
struct AppliedMigration {
    let version: Int
    let checksum: String
}

extension SchemaPart {
    /// The migrations that the database has not seen.
    ///
    /// - Throws: ``StorageError/migration(_:)`` where those that it has seen are not the first of these.
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
            throw .migration("\(component): the database has version \(record.version), newer than this program")
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
