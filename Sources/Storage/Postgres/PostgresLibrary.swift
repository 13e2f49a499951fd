import CLibPQ

/// libpq, opened where a database of PostgreSQL is, and not before: no other process of the hospital has to carry it.
final class PostgresLibrary: @unchecked Sendable {
    // Sendable because its functions are found once and never change.
    let functions: libpq_library

    private init(_ functions: libpq_library) {
        self.functions = functions
    }

    /// - Throws: ``StorageError/cannotOpen(_:)`` where the system has no libpq.
    static func open() throws(StorageError) -> PostgresLibrary {
        guard let opened else { throw .cannotOpen("libpq, version 14 or later, without which there is no PostgreSQL: apt install libpq5") }
        return opened
    }

    private static let opened: PostgresLibrary? = {
        var functions = libpq_library()
        return libpq_open(&functions) ? PostgresLibrary(functions) : nil
    }()
}
