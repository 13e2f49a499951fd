import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(10))) struct AttemptTests {
    @Test func `what fails within an attempt undoes only what is within`() async throws {
        try await withDatabase { database in
            try await database.write { transaction in
                try transaction.insertPatient("pat_1", email: "ada@example.org")
                #expect(throws: StorageError.uniqueViolation(index: "patients_by_email", columns: ["email"])) {
                    try transaction.attempt {
                        try transaction.insertPatient("pat_2", email: "alan@example.org")
                        try transaction.insertPatient("pat_3", email: "ada@example.org")
                    }
                }
                try transaction.insertPatient("pat_4", email: "alan@example.org")
            }
            #expect(try await database.patientIDs() == ["pat_1", "pat_4"])
        }
    }

    @Test func `what succeeds within an attempt is kept, and its value handed on`() async throws {
        try await withDatabase { database in
            let count = try await database.write { transaction in
                try transaction.attempt {
                    try transaction.insertPatient("pat_1")
                    return try transaction.execute("UPDATE patients SET name = ?", ["Grace"])
                }
            }
            #expect(count == 1)
            #expect(try await database.texts("SELECT name FROM patients") == ["Grace"])
        }
    }

    @Test func `an error of the body's own undoes an attempt as well`() async throws {
        try await withDatabase { database in
            try await database.write { transaction in
                #expect(throws: CancellationError.self) {
                    try transaction.attempt {
                        try transaction.insertPatient("pat_1")
                        throw CancellationError()
                    }
                }
                try transaction.insertPatient("pat_2")
            }
            #expect(try await database.patientIDs() == ["pat_2"])
        }
    }

    @Test func `an attempt may fail within an attempt that goes on`() async throws {
        try await withDatabase { database in
            try await database.write { transaction in
                try transaction.attempt {
                    try transaction.insertPatient("pat_1")
                    #expect(throws: StorageError.self) {
                        try transaction.attempt {
                            try transaction.insertPatient("pat_2")
                            try transaction.insertPatient("pat_1")
                        }
                    }
                    try transaction.insertPatient("pat_3")
                }
            }
            #expect(try await database.patientIDs() == ["pat_1", "pat_3"])
        }
    }

    @Test func `a statement that failed outside of an attempt dooms its transaction`() async throws {
        try await withDatabase { database in
            let error = await storageError {
                try await database.write { transaction in
                    try transaction.insertPatient("pat_1")
                    #expect(throws: StorageError.self) { try transaction.insertPatient("pat_1") }
                    #expect(throws: StorageError.doomed) { try transaction.insertPatient("pat_2") }
                    #expect(throws: StorageError.doomed) { try transaction.attempt { try transaction.insertPatient("pat_3") } }
                }
            }
            #expect(error == .doomed)
            #expect(try await database.patientIDs() == [])
            try await database.insertPatient("pat_4")
            #expect(try await database.patientIDs() == ["pat_4"])
        }
    }

    @Test func `a failure that is caught within an attempt dooms the attempt`() async throws {
        try await withDatabase { database in
            try await database.write { transaction in
                try transaction.insertPatient("pat_1")
                #expect(throws: StorageError.doomed) {
                    try transaction.attempt {
                        #expect(throws: StorageError.self) { try transaction.insertPatient("pat_1") }
                    }
                }
                try transaction.insertPatient("pat_2")
            }
            #expect(try await database.patientIDs() == ["pat_1", "pat_2"])
        }
    }

    @Test func `an error of whoever reads rows dooms nothing`() async throws {
        try await withDatabase { database in
            try await database.write { transaction in
                try transaction.insertPatient("pat_1")
                #expect(throws: CancellationError.self) {
                    try transaction.rows("SELECT id FROM patients") { _ in throw CancellationError() }
                }
                try transaction.insertPatient("pat_2")
            }
            #expect(try await database.patientIDs() == ["pat_1", "pat_2"])
        }
    }
}

@Suite(.timeLimit(.minutes(10))) struct EnqueueTests {
    @Test func `what was enqueued is seen by what comes after it, and is kept`() async throws {
        try await withDatabase { database in
            let seen = try await database.write { transaction in
                for number in 0..<3 {
                    try transaction.enqueue("INSERT INTO patients (id, name) VALUES (?, ?)", [.text("pat_\(number)"), "Ada"])
                }
                let count = try transaction.row("SELECT count(*) FROM patients") { $0.int(0) }
                try transaction.enqueue("DELETE FROM patients WHERE id = ?", ["pat_1"])
                return count
            }
            #expect(seen == 3)
            #expect(try await database.patientIDs() == ["pat_0", "pat_2"])
        }
    }

    @Test func `an enqueued statement that fails fails its write, and nothing is kept`() async throws {
        try await withDatabase { database in
            try await database.insertPatient("pat_1")
            let error = await storageError {
                try await database.write { transaction in
                    try transaction.enqueue("INSERT INTO patients (id, name) VALUES (?, ?)", ["pat_2", "Ada"])
                    try transaction.enqueue("INSERT INTO patients (id, name) VALUES (?, ?)", ["pat_1", "Ada"])
                }
            }
            #expect(error == .uniqueViolation(index: "patients_pkey", columns: ["id"]))
            #expect(try await database.patientIDs() == ["pat_1"])
        }
    }

    @Test func `an enqueued statement that fails within an attempt is thrown by it and undone`() async throws {
        try await withDatabase { database in
            try await database.insertPatient("pat_1")
            try await database.write { transaction in
                try transaction.enqueue("INSERT INTO patients (id, name) VALUES (?, ?)", ["pat_2", "Ada"])
                #expect(throws: StorageError.uniqueViolation(index: "patients_pkey", columns: ["id"])) {
                    try transaction.attempt {
                        try transaction.enqueue("INSERT INTO patients (id, name) VALUES (?, ?)", ["pat_3", "Ada"])
                        try transaction.enqueue("INSERT INTO patients (id, name) VALUES (?, ?)", ["pat_1", "Ada"])
                    }
                }
            }
            #expect(try await database.patientIDs() == ["pat_1", "pat_2"])
        }
    }
}
