/// Brings the rows of one file into a hospital, several at a time, and keeps count.
public struct ImportRun {
    private let map: ColumnMap
    private let creator: RecordCreator
    private let rejects: RejectsFile
    private let ids: ImportedIDs
    private let inFlightLimit: Int
    private let report: (ImportCounts) -> Void
    private var rows: CSVReader
    private var counts = ImportCounts()
    private var underWay: Set<Int> = []
    private var identities: Set<String> = []
    private var stop: ImportStopped?

    private struct Finished: Sendable {
        let row: CSVRow
        let sourceID: String?
        let identity: String?
        let outcome: RecordCreator.Outcome
    }

    /// - Parameters:
    ///   - rows: behind its header.
    ///   - ids: what was imported before.
    ///   - report: called with the counts as they change.
    public init(
        kind: ImportKind, rows: CSVReader, map: ColumnMap, sender: PersistentSender, rejects: RejectsFile, ids: ImportedIDs,
        inFlightLimit: Int = 16, report: @escaping (ImportCounts) -> Void = { _ in }
    ) {
        self.rows = rows
        self.map = map
        self.creator = RecordCreator(kind: kind, sender: sender)
        self.rejects = rejects
        self.ids = ids
        self.inFlightLimit = inFlightLimit
        self.report = report
    }

    /// Reads to the end of the file. Throws `ImportStopped` where no row can be created any more, and what reading the
    /// file or writing the rejects throws.
    public mutating func run() async throws -> ImportCounts {
        try await withThrowingTaskGroup(of: Finished.self) { group in
            while stop == nil, let row = try rows.next() {
                counts.read += 1
                if let body = try body(of: row) {
                    try await makeRoom(for: creator.identity(of: body), in: &group)
                    guard stop == nil else {
                        counts.read -= 1
                        break
                    }
                    start(row, body, in: &group)
                }
                report(counts)
            }
            while let finished = try await group.next() { try settle(finished) }
        }
        report(counts)
        if let stop { throw ImportStopped(line: stop.line, reason: stop.reason, counts: counts) }
        return counts
    }

    /// The request of a row, nil where the row is refused as it stands.
    private mutating func body(of row: CSVRow) throws -> JSONValue? {
        if let problem = row.problem {
            try refuse(row, reason: problem.description)
            return nil
        }
        if map.spansLines(row.fields), try rows.rereadBehindFirstLine() {
            try refuse(row.firstLine, reason: CSVProblem.unclosedQuote.description)
            return nil
        }
        do {
            return try map.request(from: row.fields, id: ids.id)
        } catch {
            try refuse(row, reason: error.sentences.joined(separator: "; "))
            return nil
        }
    }

    /// Waits until another row may go. Rows of the same person go one after another, so that the second finds the first.
    private mutating func makeRoom(
        for identity: String?, in group: inout ThrowingTaskGroup<Finished, any Error>
    ) async throws {
        while underWay.count >= inFlightLimit || identity.map(identities.contains) == true {
            guard let finished = try await group.next() else { return }
            try settle(finished)
        }
    }

    private mutating func start(_ row: CSVRow, _ body: JSONValue, in group: inout ThrowingTaskGroup<Finished, any Error>) {
        let identity = creator.identity(of: body)
        underWay.insert(row.line)
        if let identity { identities.insert(identity) }
        let sourceID = map.sourceID(of: row.fields)
        group.addTask { [creator] in
            Finished(row: row, sourceID: sourceID, identity: identity, outcome: try await creator.create(body))
        }
    }

    private mutating func settle(_ finished: Finished) throws {
        underWay.remove(finished.row.line)
        if let identity = finished.identity { identities.remove(identity) }
        switch finished.outcome {
        case .created(let id):
            counts.created += 1
            try note(id, of: finished)
        case .alreadyThere(let id):
            counts.alreadyThere += 1
            try note(id, of: finished)
        case .refused(let reason): try refuse(finished.row, reason: reason)
        case .impossible(let reason):
            counts.read -= 1
            stop = stop ?? ImportStopped(line: finished.row.line, reason: reason, counts: counts)
        }
        report(counts)
    }

    private func note(_ id: String?, of finished: Finished) throws {
        if let id, let sourceID = finished.sourceID { try ids.note(sourceID, is: id, creator.kind) }
    }

    private mutating func refuse(_ row: CSVRow, reason: String) throws {
        try rejects.add(row, reason: reason)
        counts.refused += 1
    }
}

extension CSVRow {
    /// What stands before the first line break, as far as it can be told from the values.
    fileprivate var firstLine: CSVRow {
        var kept: [String] = []
        for field in fields {
            let scalars = field.unicodeScalars
            guard let end = scalars.firstIndex(of: "\n") else {
                kept.append(field)
                continue
            }
            kept.append(String(scalars[..<end]))
            break
        }
        return CSVRow(line: line, fields: kept, problem: .unclosedQuote)
    }
}
