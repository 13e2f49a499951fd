import Foundation
import HMSTestKit
import Import
import ServiceKit
import Vocabulary

/// One import of a file into a hospital that is played.
struct Trial: Sendable {
    private let text: String
    private let kind: ImportKind
    private let reading: ReadingOptions
    private let options: ImportOptions
    private let inFlightLimit: Int
    private let patience: Duration
    private let stop: StopRequest
    private let spoil: @Sendable (_ folder: String) throws -> Void

    struct Ended: Sendable {
        let summary: String
        /// What the file of refused rows holds, nil where there is none.
        let rejects: String?

        /// The last line of the summary.
        var counts: String { summary.split(separator: "\n").last.map(String.init) ?? "" }
    }

    /// - Parameter spoil: what happens to the folder of the refused rows before the first row is sent.
    init(
        _ text: String, kind: ImportKind = .patients, map rules: [String] = [], defaults: [String] = [],
        options: ImportOptions = ImportOptions(), inFlightLimit: Int = 16, patience: Duration = .seconds(60),
        stop: StopRequest = StopRequest(), spoil: @escaping @Sendable (_ folder: String) throws -> Void = { _ in }
    ) {
        self.text = text
        self.kind = kind
        var reading = ReadingOptions()
        (reading.map, reading.defaults, reading.unit) = (rules, defaults, .minor)
        self.reading = reading
        self.options = options
        self.inFlightLimit = inFlightLimit
        self.patience = patience
        self.stop = stop
        self.spoil = spoil
    }

    func run(in hospital: FakePublicAPI) async throws -> Ended {
        let folder = try TemporaryFolder()
        let summary = try await hospital.whileServing(patience: patience, stop: stop) { sender in
            let file = try ImportFile(path: try folder.write(text, to: "trial.csv"))
            let plan = try ReadingPlan(kind, header: file.header.fields, options: reading)
            let clinic = ClinicFacts(timeZone: "Asia/Kolkata", currency: "INR")
            let reader = try plan.reader(of: file, clinic: clinic, today: LocalDate(daysSinceEpoch: 20_000))
            let rejects = try RejectsFile(.beside("trial.csv", in: folder.path), of: file)
            try spoil(folder.path)
            var run = ImportRun(
                kind: kind, rows: try file.rows(), reader: reader, options: options, sender: sender, rejects: rejects,
                inFlightLimit: inFlightLimit,
                stop: stop)
            return "\(try await run.run())"
        }
        return Ended(summary: summary, rejects: try? folder.read("trial-rejects.csv"))
    }
}
