import Foundation
import HMSTestKit
import HospitalCommand

/// One import of a file into a hospital that is played.
struct Trial: Sendable {
    private let text: String
    private let kind: ImportKind
    private let rules: [String]
    private let defaults: [String]
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
        self.rules = rules
        self.defaults = defaults
        self.options = options
        self.inFlightLimit = inFlightLimit
        self.patience = patience
        self.stop = stop
        self.spoil = spoil
    }

    func run(in hospital: FakeHospital) async throws -> Ended {
        let folder = try TemporaryFolder()
        let summary = try await hospital.whileServing(patience: patience, stop: stop) { sender in
            var rest = Array(text.utf8)[...]
            var rows = try CSVReader {
                defer { rest = rest.dropFirst(16) }
                return Array(rest.prefix(16))
            }
            let header = try rows.readHeader() ?? CSVRow(line: 1, fields: [])
            let map = try ColumnMap(rules, defaults: defaults, kind: kind, header: header.fields)
            let rejects = try RejectsFile(.beside("trial.csv", in: folder.path), header: header)
            try spoil(folder.path)
            var run = ImportRun(
                kind: kind, rows: rows, map: map, options: options, sender: sender, rejects: rejects, inFlightLimit: inFlightLimit,
                stop: stop)
            return "\(try await run.run())"
        }
        return Ended(summary: summary, rejects: try? folder.read("trial-rejects.csv"))
    }
}
