import Logging
import Storage

/// Finishes what the erasure of a person has begun in one service: no file keeps him, and no call that was under way brings
/// him back.
///
/// Rows are erased by whoever hears that he is to be forgotten. Then, as ``ErasureStage`` has it, files beside the database and
/// the database's free pages and log; and once every call of that time has ended, rows are looked at again. A database that came
/// out of a backup begins anew.
struct ErasureWorker: BackgroundWorker {
    let name = "erasure"
    let database: Database
    let logger: Logger
    let erase: Erasure
    /// Takes him out of files that the service keeps beside its database.
    let eraseFiles: @Sendable (ForgottenPerson) async throws -> Void

    /// No call takes longer, nor what it has left to be done.
    private static let longestCall: Int64 = 120_000

    func run() async {
        await Sweep(name, every: .seconds(2), on: database, logger: logger) { try await makeRound(at: database.realTime()) }.run()
    }

    /// `now` is of the database's clock, in milliseconds.
    func makeRound(at now: Int64) async throws {
        let people = try await database.read { try $0.unsettledForgottenPeople() }
        let told = people.filter { $0.stage == .told }
        if !told.isEmpty {
            for person in told { _ = try await eraseAgain(person) }
            try await database.scrub()
            try await note(.scrubbed, of: told)
        }
        let due = people.filter { $0.stage == .scrubbed && now - $0.toldAt > Self.longestCall }
        var isTouched = false
        for person in due { isTouched = try await eraseAgain(person) || isTouched }
        if isTouched { try await database.scrub() }
        try await note(.settled, of: due)
    }

    /// - Returns: whether there was something left.
    private func eraseAgain(_ person: ForgottenPerson) async throws -> Bool {
        let rows = try await database.write { [erase] in try erase(person, $0) }
        try await eraseFiles(person)
        return rows > 0
    }

    private func note(_ stage: ErasureStage, of people: [ForgottenPerson]) async throws {
        if people.isEmpty { return }
        try await database.write { transaction in
            for person in people { try transaction.note(stage, of: person.id) }
        }
        logger.notice("People were forgotten", metadata: ["patient_ids": "\(people.map(\.id))", "stage": "\(stage)"])
    }
}
