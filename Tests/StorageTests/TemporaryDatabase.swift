import Dispatch
import Foundation
import Logging
import StorageTestKit
import Synchronization
import Testing

@testable import Storage

/// A folder of its own for one test, and a schema where it runs on PostgreSQL; gone afterwards.
final class TemporaryFolder: Sendable {
    let path: String
    let schema = TestServer.makeSchemaName()

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "storage-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // A test's leftovers in the temporary folder fail nothing.
        try? FileManager.default.removeItem(atPath: path)
        TestServer.drop([schema])
    }

    /// The database in it, on the engine under test. Only what stands still reaches its limits.
    func configuration() throws -> DatabaseConfiguration {
        var configuration = try TestServer.configuration(schema: schema) ?? .sqlite(path: databasePath)
        configuration.scanTimeLimit = .seconds(240)
        return configuration
    }

    var databasePath: String { path + "/test.sqlite" }
}

extension Trait where Self == ConditionTrait {
    /// For what only a database in a file has: files and locks, the writer and its commits, versions of before.
    static var sqliteOnly: Self { .enabled(if: TestServer.isAbsent, "PostgreSQL has nothing like it") }
}

/// Of the engine under test.
var storageMigrationCount: Int { TestServer.isAbsent ? sqliteStorageMigrations.count : postgresStorageMigrations.count }

let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

let patientMigrations = [
    Migration(
        version: 1, name: "patients",
        sql: """
            CREATE TABLE patients (
                id TEXT NOT NULL PRIMARY KEY,
                name TEXT NOT NULL,
                email TEXT,
                age BIGINT CONSTRAINT patients_age CHECK (age BETWEEN 0 AND 150)
            );
            CREATE UNIQUE INDEX patients_by_email ON patients (email) WHERE email IS NOT NULL;
            CREATE TABLE visits (
                id TEXT NOT NULL PRIMARY KEY,
                patient_id TEXT NOT NULL REFERENCES patients (id),
                day TEXT NOT NULL,
                UNIQUE (patient_id, day)
            );
            """)
]

/// Opens a fresh database, hands it over, and closes it.
@discardableResult
func withDatabase<T>(
    schema: Schema = Schema(patientMigrations), _ adjust: (inout DatabaseConfiguration) -> Void = { _ in },
    _ body: (Database) async throws -> T
) async throws -> T {
    let folder = try TemporaryFolder()
    return try await withDatabase(in: folder, schema: schema, adjust, body)
}

@discardableResult
func withDatabase<T>(
    in folder: TemporaryFolder, schema: Schema = Schema(patientMigrations), _ adjust: (inout DatabaseConfiguration) -> Void = { _ in },
    _ body: (Database) async throws -> T
) async throws -> T {
    var configuration = try folder.configuration()
    adjust(&configuration)
    let database = try await Database.open(configuration, schema: schema, logger: quiet)
    do {
        let result = try await body(database)
        await database.close()
        return result
    } catch {
        await database.close()
        throw error
    }
}

extension Database {
    func insertPatient(_ id: String, name: String = "Ada", email: String? = nil, age: Int = 40) async throws {
        try await write { try $0.insertPatient(id, name: name, email: email, age: age) }
    }

    func patientCount() async throws -> Int {
        try await read { try $0.row("SELECT count(*) FROM patients") { $0.int(0) } ?? -1 }
    }

    func integers(_ sql: String) async throws -> [Int] {
        try await read { try $0.rows(sql) { $0.int(0) } }
    }

    func texts(_ sql: String) async throws -> [String] {
        try await read { try $0.rows(sql) { $0.text(0) } }
    }

    func claim(_ eventID: String, consumer: String, at now: Int64 = 1) async throws -> Bool {
        try await write { try $0.claim(eventID, consumer: consumer, at: now) }
    }

    func revive(_ eventID: String, for subscriber: String) async throws -> Bool {
        try await write { try $0.revive(eventID: eventID, for: subscriber) == 1 }
    }

    func patientIDs() async throws -> [String] {
        try await read { try $0.rows("SELECT id FROM patients ORDER BY id") { $0.text(0) } }
    }
}

extension Transaction {
    func insertPatient(_ id: String, name: String = "Ada", email: String? = nil, age: Int = 40) throws {
        try execute(
            "INSERT INTO patients (id, name, email, age) VALUES (?, ?, ?, ?)",
            [.text(id), .text(name), SQLValue(email), SQLValue(age)])
    }
}

/// Holds the writer's thread inside a write until it is opened, so that a test decides what waits behind it.
final class Gate: Sendable {
    private let entered = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    /// Called within the body of a write or a read.
    func pass() {
        entered.signal()
        opened.wait()
    }

    func open() {
        opened.signal()
    }

    /// Returns once somebody stands in the gate.
    func isEntered() async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [entered] in
                entered.wait()
                continuation.resume()
            }
        }
    }
}

/// The error that `work` throws as a storage error, where it is one.
func storageError(of work: () async throws -> some Any) async -> StorageError? {
    do {
        _ = try await work()
        return nil
    } catch {
        return error as? StorageError
    }
}

/// Counts from any thread.
final class Tally: Sendable {
    private let number = Mutex(0)

    var count: Int { number.withLock { $0 } }

    func add() { number.withLock { $0 += 1 } }
}
