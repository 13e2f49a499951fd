import Contracts
import Foundation
import HMSTestKit
import ServiceKit

/// The plans, a book for each service and one for storage's own tables, which every service has.
enum PlanBooks {
    static let names = ["appointment", "billing", "doctor", "notification", "patient", "payment", "prescription", "storage"]

    /// Has everything asked of a hospital, and explains each statement that ran or that stands whole in the sources.
    static func record() async throws -> [String: String] {
        let hospital = try TestHospital { $0.audit = .all }
        let recorder = StatementRecorder(hospital.folder.path)
        // Migrations run once, and their statements are none that anybody waits for.
        try await BusyHospital.run(hospital) { _ in }
        recorder.start()
        try await BusyHospital.run(hospital) { busy in
            let patients = try await busy.askOfPatients()
            let doctor = try await busy.askOfDoctors()
            let visits = try await busy.askOfAppointments(patients, doctor)
            try await busy.askOfPrescriptions(visits[0])
            try await busy.askOfMoney(visits, patients[6], doctor)
            try await busy.askOfNotifications(patients[0])
            try await busy.askOfExports()
            try await busy.askOfAudits()
            try await busy.askOfCourier()
            try await busy.askToForget(patients[4].patientID)
        }
        recorder.stop()
        var books: [String: Set<String>] = [:]
        for (service, statements) in recorder.recorded {
            for statement in statements { books[isOfStorage(statement) ? "storage" : service, default: []].insert(statement) }
        }
        for statement in try SourceStatement.all() {
            if let whole = statement.whole { for book in statement.books { books[book, default: []].insert(whole) } }
        }
        return try books.reduce(into: [:]) { texts, book in
            let service = book.key == "storage" ? "appointment" : book.key
            let plans = try QueryPlans(databaseAt: "\(hospital.folder.path)/\(service)/\(service).sqlite")
            let entries = try book.value.sorted().map { ([$0] + (try plans.plan(of: $0))).joined(separator: "\n") }
            plans.close()
            texts[book.key] = ([Judgement.heading(of: book.key)] + entries).joined(separator: "\n") + "\n"
        }
    }

    /// Whether it asks for storage's own tables. The clock is for everybody to look at.
    private static func isOfStorage(_ statement: String) -> Bool {
        statement.replacing("(SELECT milliseconds FROM hms_clock)", with: "").contains(" hms_")
    }

    static func judged(_ book: String) throws -> String {
        try String(contentsOf: file(book), encoding: .utf8)
    }

    static func write(_ text: String, _ book: String) throws {
        try text.write(to: file(book), atomically: true, encoding: .utf8)
    }

    /// The statements of a book, each with the steps of its plan.
    static func statements(_ book: String) throws -> [(statement: String, steps: [String])] {
        try judged(book).split(separator: "\n").reduce(into: []) { statements, line in
            if line.hasPrefix("--") { return }
            if line.hasPrefix(" ") {
                statements[statements.count - 1].steps.append(String(line.drop { $0 == " " }))
            } else {
                statements.append((String(line), []))
            }
        }
    }

    private static func file(_ book: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(book).txt")
    }
}
