import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(10))) struct GroupCommitTests {
    @Test func `one failing write among 64 undoes only itself`() async throws {
        try await withDatabase { database in
            let gate = Gate()
            let holder = Task.immediate { try await database.write { _ in gate.pass() } }
            await gate.isEntered()
            let writes = (0..<64).map { index in
                Task.immediate {
                    try await database.write { transaction in
                        try transaction.insertPatient("pat_\(index)")
                        if index == 31 { throw Refusal() }
                    }
                }
            }
            gate.open()
            try await holder.value
            for (index, write) in writes.enumerated() {
                switch await write.result {
                case .success: #expect(index != 31)
                case .failure(let error): #expect(index == 31 && error is Refusal)
                }
            }
            let ids = try await database.patientIDs()
            #expect(ids.count == 63)
            #expect(!ids.contains("pat_31"))
        }
    }

    /// The second of three writes of one commit fails.
    @Test(.sqliteOnly, arguments: [(false, 3), (true, 5)])
    func `writes run again only where one has changed something and then fails`(changesSomething: Bool, runs: Int) async throws {
        try await withDatabase { database in
            let (gate, tally) = (Gate(), Tally())
            let holder = Task.immediate { try await database.write { _ in gate.pass() } }
            await gate.isEntered()
            let writes = (0..<3).map { index in
                Task.immediate {
                    try await database.write { transaction in
                        tally.add()
                        if index == 1 && !changesSomething { throw Refusal() }
                        try transaction.insertPatient("pat_\(index)")
                        if index == 1 { throw Refusal() }
                    }
                }
            }
            gate.open()
            try await holder.value
            for write in writes { _ = await write.result }
            #expect(try await database.patientIDs() == ["pat_0", "pat_2"])
            #expect(tally.count == runs)
        }
    }

    @Test func `a violated constraint undoes the whole write and is thrown`() async throws {
        try await withDatabase { database in
            try await database.insertPatient("pat_1")
            let error = await storageError {
                try await database.write { transaction in
                    try transaction.insertPatient("pat_2")
                    try transaction.insertPatient("pat_1")
                }
            }
            #expect(error == .uniqueViolation(index: "patients_pkey", columns: ["id"]))
            #expect(try await database.patientIDs() == ["pat_1"])
        }
    }

    @Test func `whoever was answered reads what was written`() async throws {
        try await withDatabase { database in
            for index in 0..<200 {
                try await database.insertPatient("pat_\(index)")
                #expect(try await database.patientCount() == index + 1)
            }
        }
    }

    @Test func `a write returns what its body returns, and reads what it wrote`() async throws {
        try await withDatabase { database in
            let names = try await database.write { transaction in
                try transaction.insertPatient("pat_1", name: "Grace")
                return try transaction.rows("SELECT name FROM patients") { $0.text(0) }
            }
            #expect(names == ["Grace"])
        }
    }

    @Test func `more writes than may wait are refused at once, and nothing of them happens`() async throws {
        try await withDatabase {
            $0.waitingWritesBound = 4
            $0.connections = 1
        } _: { database in
            let gate = Gate()
            let holder = Task.immediate { try await database.write { _ in gate.pass() } }
            await gate.isEntered()
            let waiting = (0..<4).map { index in Task.immediate { try await database.insertPatient("pat_\(index)") } }
            #expect(await storageError { try await database.insertPatient("pat_4") } == .overloaded)
            gate.open()
            try await holder.value
            for write in waiting { try await write.value }
            #expect(try await database.patientCount() == 4)
        }
    }

    @Test func `a write cancelled before it starts does nothing`() async throws {
        try await withDatabase {
            $0.connections = 1
        } _: { database in
            let gate = Gate()
            let holder = Task.immediate { try await database.write { _ in gate.pass() } }
            await gate.isEntered()
            let write = Task.immediate { try await database.insertPatient("pat_1") }
            write.cancel()
            await #expect(throws: CancellationError.self) { try await write.value }
            gate.open()
            try await holder.value
            #expect(try await database.patientCount() == 0)
        }
    }

    @Test(.sqliteOnly) func `a write that started is answered truthfully although its task was cancelled`() async throws {
        try await withDatabase { database in
            let gate = Gate()
            let write = Task.immediate {
                try await database.write { transaction in
                    gate.pass()
                    try transaction.insertPatient("pat_1")
                }
            }
            await gate.isEntered()
            write.cancel()
            gate.open()
            try await write.value
            #expect(try await database.patientCount() == 1)
        }
    }

    @Test func `commit hooks run for what was kept and for nothing else`() async throws {
        try await withDatabase { database in
            let (undone, kept) = (Tally(), Tally())
            _ = try? await database.write { transaction in
                transaction.onCommit { undone.add() }
                throw Refusal()
            }
            try await database.write { transaction in transaction.onCommit { kept.add() } }
            // Hooks run before the writer takes the next write.
            try await database.write { _ in }
            #expect(kept.count == 1)
            #expect(undone.count == 0)
        }
    }

    @Test(.sqliteOnly) func `a full disk fails the write, keeps what was acknowledged, and takes smaller writes again`() async throws {
        try await withDatabase {
            $0.maximumPages = 60
        } _: { database in
            try await database.insertPatient("pat_1")
            let error = await storageError {
                try await database.write { transaction in
                    for index in 0..<100 { try transaction.insertPatient("pat_big\(index)", name: String(repeating: "x", count: 4000)) }
                }
            }
            #expect(error == .full)
            try await database.insertPatient("pat_2")
            #expect(try await database.patientIDs() == ["pat_1", "pat_2"])
        }
    }

    @Test(.sqliteOnly) func `a trigger that ends the transaction fails every write of the commit, and the next one works`() async throws {
        let trigger = Migration(
            version: 2, name: "trigger",
            sql: """
                CREATE TRIGGER ending BEFORE INSERT ON patients WHEN new.name = 'Nobody'
                BEGIN SELECT RAISE(ROLLBACK, 'nobody'); END
                """)
        try await withDatabase(schema: Schema(patientMigrations + [trigger])) { database in
            let gate = Gate()
            let holder = Task.immediate { try await database.write { _ in gate.pass() } }
            await gate.isEntered()
            let writes = ["Ada", "Nobody", "Grace"].map { name in
                Task.immediate { await storageError { try await database.insertPatient(name, name: name) } }
            }
            gate.open()
            try await holder.value
            for write in writes { #expect(await write.value == .transactionEnded) }
            try await database.insertPatient("pat_1")
            #expect(try await database.patientIDs() == ["pat_1"])
        }
    }

    @Test func `hundreds of callers at once all get through`() async throws {
        try await withDatabase { database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<500 {
                    group.addTask { try await database.insertPatient("pat_\(index)") }
                }
                try await group.waitForAll()
            }
            #expect(try await database.patientCount() == 500)
        }
    }
}

struct Refusal: Error {}
