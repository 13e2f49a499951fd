import Testing

@testable import Storage

/// A disk without room: whoever was answered has his row, whoever was refused has none, and room makes all well again.
@Suite(.sqliteOnly, .timeLimit(.minutes(10))) struct FullDiskTests {
    @Test func `a commit for which there is no room refuses every write of it, and keeps none`() async throws {
        try await withDisk { disk, database in
            try await database.insertPatient("pat_before")
            let writes = try await together(["pat_1", "pat_2", "pat_3"], on: database) { disk.setFull(true) }
            #expect(writes == [.full, .full, .full])
            #expect(try await database.patientIDs() == ["pat_before"])
            #expect(await storageError { try await database.insertPatient("pat_4") } == .full)
            disk.setFull(false)
            try await database.insertPatient("pat_after")
            #expect(try await database.patientIDs() == ["pat_after", "pat_before"])
            try await database.check()
        }
    }

    /// SQLite ends the whole transaction, and with it the writes before this one.
    @Test func `a write that fills the disk refuses those of its commit with it, and the next commit is taken`() async throws {
        try await withDisk {
            $0.maximumPages = 60
        } _: { _, database in
            try await database.insertPatient("pat_before")
            let writes = try await together(["pat_1", "pat_big", "pat_2"], on: database)
            #expect(writes == [.full, .full, .full])
            #expect(try await database.patientIDs() == ["pat_before"])
            try await database.insertPatient("pat_after")
            #expect(try await database.patientIDs() == ["pat_after", "pat_before"])
        }
    }

    @Test func `a body that swallows a full disk is not committed`() async throws {
        try await withDisk {
            $0.maximumPages = 60
        } _: { _, database in
            let outcome = await storageError {
                try await database.write { transaction in
                    for index in 0..<100 {
                        // What a careless service might do.
                        try? transaction.insertPatient("pat_\(index)", name: String(repeating: "x", count: 4_000))
                    }
                }
            }
            #expect(outcome == .transactionEnded)
            #expect(try await database.patientCount() == 0)
            try await database.insertPatient("pat_after")
            #expect(try await database.patientIDs() == ["pat_after"])
        }
    }

    @Test func `reads go on while there is no room`() async throws {
        try await withDisk { disk, database in
            try await database.insertPatient("pat_1")
            disk.setFull(true)
            #expect(await storageError { try await database.insertPatient("pat_2") } == .full)
            #expect(try await database.patientIDs() == ["pat_1"])
            #expect(try await database.scan { try $0.rows("SELECT id FROM patients") { $0.text(0) } } == ["pat_1"])
            disk.setFull(false)
        }
    }

    /// Lets writes wait until all are there, so that one commit takes them, and says how each ended.
    ///
    /// - Parameter change: done when the commit has begun.
    private func together(
        _ ids: [String], on database: Database, change: @escaping @Sendable () -> Void = {}
    ) async throws -> [StorageError?] {
        let gate = Gate()
        let holder = Task.immediate { try await database.write { _ in gate.pass() } }
        await gate.isEntered()
        let writes = ids.map { id in
            Task.immediate {
                await storageError {
                    try await database.write { transaction in
                        change()
                        let rows = id == "pat_big" ? 100 : 1
                        for row in 0..<rows {
                            let name = rows == 1 ? "Ada" : String(repeating: "x", count: 4_000)
                            try transaction.insertPatient(rows == 1 ? id : "\(id)\(row)", name: name)
                        }
                    }
                }
            }
        }
        gate.open()
        try await holder.value
        var ends: [StorageError?] = []
        for write in writes { ends.append(await write.value) }
        return ends
    }

    private func withDisk(
        _ adjust: (inout DatabaseConfiguration) -> Void = { _ in }, _ test: (WatchedDisk, Database) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let disk = try WatchedDisk(folder)
        var configuration = DatabaseConfiguration.sqlite(path: disk.databasePath)
        adjust(&configuration)
        let database = try await Database.open(configuration, schema: Schema(patientMigrations), logger: quiet)
        try await test(disk, database)
        await database.close()
        disk.remove()
    }
}
