import HospitalClient
import PlainText
import ServiceKit
import Vocabulary

/// Brings the rows of one file into a hospital, several at a time, and keeps count.
public struct ImportRun {
    private let reader: RowReader
    private let importer: RecordImporter
    private let rejects: RejectsFile
    private let inFlightLimit: Int
    private let stopRequest: StopRequest
    private let report: (ImportCounts) -> Void
    private var rows: CSVReader
    private var summary: ImportSummary
    private var underWay: Set<Int> = []
    private var keysUnderWay: Set<String> = []
    private var end: End?

    /// Why no further row is taken before the file has ended.
    private struct End {
        let line: Int
        let reason: String
        var isInterruption = false
    }

    private struct Job: Sendable {
        let row: CSVRow
        let record: JSONValue
        let sourceID: String?
        let keys: Set<String>
    }

    private struct Finished: Sendable {
        let job: Job
        let outcome: RecordImporter.Outcome
    }

    /// - Parameters:
    ///   - rows: behind its header.
    ///   - stop: ends the import behind the rows that are under way.
    ///   - report: called with the counts as they change.
    public init(
        kind: ImportKind, rows: CSVReader, reader: RowReader, options: ImportOptions = ImportOptions(), sender: PersistentSender,
        rejects: RejectsFile, inFlightLimit: Int = 16, stop: StopRequest = StopRequest(),
        report: @escaping (ImportCounts) -> Void = { _ in }
    ) {
        self.rows = rows
        self.reader = reader
        self.importer = RecordImporter(kind: kind, options: options, sender: sender)
        self.rejects = rejects
        self.inFlightLimit = inFlightLimit
        self.stopRequest = stop
        self.report = report
        summary = ImportSummary(isDryRun: options.isDryRun)
    }

    /// Reads to the end of the file. Throws `ImportStopped` where no row can be taken any more: the hospital is away, the
    /// file can't be read on, the refused rows can't be kept, or somebody asked for an end.
    public mutating func run() async throws -> ImportSummary {
        try await withThrowingTaskGroup(of: Finished.self) { group in
            while end == nil, let row = nextRow() { try await take(row, in: &group) }
            while let finished = try await group.next() { settle(finished) }
        }
        report(summary.counts)
        if let end {
            throw ImportStopped(line: end.line, reason: end.reason, isInterruption: end.isInterruption, summary: summary)
        }
        return summary
    }

    private mutating func nextRow() -> CSVRow? {
        do {
            guard let row = try rows.next(), !isInterrupted(before: row) else { return nil }
            return row
        } catch {
            stop(at: rows.line, "\(error)")
            return nil
        }
    }

    private mutating func isInterrupted(before row: CSVRow) -> Bool {
        if stopRequest.isRequested { stop(at: row.line, "interrupted", isInterruption: true) }
        return stopRequest.isRequested
    }

    private mutating func take(_ row: CSVRow, in group: inout ThrowingTaskGroup<Finished, any Error>) async throws {
        switch job(of: row) {
        case .failure(let refusal): refuse(row, refusal)
        case .success(let job):
            try await makeRoom(for: job.keys, in: &group)
            guard end == nil, !isInterrupted(before: row) else { return }
            summary.counts.read += 1
            underWay.insert(row.line)
            keysUnderWay.formUnion(job.keys)
            group.addTask { [importer] in
                Finished(job: job, outcome: try await importer.bring(job.record, sourceID: job.sourceID))
            }
        }
        report(summary.counts)
    }

    /// Waits until another row may go. Rows that may mean one record go one after another, in the order of the file.
    private mutating func makeRoom(for keys: Set<String>, in group: inout ThrowingTaskGroup<Finished, any Error>) async throws {
        while underWay.count >= inFlightLimit || !keysUnderWay.isDisjoint(with: keys) {
            guard let finished = try await group.next() else { return }
            settle(finished)
        }
    }

    private mutating func settle(_ finished: Finished) {
        let line = finished.job.row.line
        underWay.remove(line)
        keysUnderWay.subtract(finished.job.keys)
        switch finished.outcome {
        case .created(let id, let others):
            summary.counts.created += 1
            summary.noteDuplicate(line: line, id: id, of: others)
        case .updated(let id, let others):
            summary.counts.updated += 1
            summary.noteDuplicate(line: line, id: id, of: others)
        case .alreadyThere: summary.counts.alreadyThere += 1
        case .refused(let refusal):
            summary.counts.read -= 1
            refuse(finished.job.row, refusal)
        case .impossible(let reason):
            summary.counts.read -= 1
            stop(at: line, reason)
        }
        report(summary.counts)
    }

    /// A row counts as refused once it is kept.
    private mutating func refuse(_ row: CSVRow, _ refusal: Refusal) {
        do {
            try rejects.add(row, reason: refusal.sentence)
            summary.counts.read += 1
            summary.refuse(line: row.line, refusal.kind)
        } catch {
            stop(at: row.line, "\(error)")
        }
    }

    private mutating func stop(at line: Int, _ reason: String, isInterruption: Bool = false) {
        // The first reason is told, with the first line that was not taken.
        let first = end ?? End(line: line, reason: reason, isInterruption: isInterruption)
        end = End(line: min(first.line, line), reason: first.reason, isInterruption: first.isInterruption)
    }
}

/// What a row asks for.
extension ImportRun {
    private mutating func job(of row: CSVRow) -> Result<Job, Refusal> {
        if let problem = row.problem { return .failure(Refusal(problem.description)) }
        do {
            let record = try reader.record(from: row.fields)
            let sourceID = reader.sourceID(of: row.fields)
            return .success(Job(row: row, record: record, sourceID: sourceID, keys: keys(of: record, sourceID)))
        } catch {
            return .failure(Refusal(error, of: importer.kind))
        }
    }

    /// What the row shares with other rows that may mean the same record: what the source calls it, and a person's name.
    private func keys(of record: JSONValue, _ sourceID: String?) -> Set<String> {
        var keys: Set<String> = []
        if let sourceID { keys.insert("id \(sourceID)") }
        if importer.kind.canBeDuplicates { keys.insert("name \(FoldedText(record["name"]?.text ?? ""))") }
        return keys
    }
}
