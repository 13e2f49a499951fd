public import RPC

/// Writes a table, row by row, and goes on by itself after the last row when the service ends the stream early: it is being
/// replaced, or was started again.
public struct ExportRun {
    /// Streams that may end early, one after another, without a row between.
    private static let failuresInARow = 5

    private let table: ExportedTable
    private let channel: any RPCChannel
    /// Asked for each stream: a token may have run out meanwhile.
    private let options: () throws -> CallOptions
    private let file: LineFile
    private let progress: (Int) -> Void
    private let backoff = Backoff(initial: .milliseconds(200), maximum: .seconds(5))
    /// The row after which to go on; empty before the first.
    public private(set) var lastID: String
    public private(set) var rowCount = 0

    public init(
        of table: ExportedTable, after id: String, from channel: any RPCChannel, to file: LineFile,
        options: @escaping () throws -> CallOptions, progress: @escaping (Int) -> Void = { _ in }
    ) {
        self.table = table
        self.channel = channel
        self.options = options
        self.file = file
        self.progress = progress
        lastID = id
    }

    /// - Throws: ``RPCError`` of the service, or what the file says. What was written until then is whole lines; the export can
    ///   go on after ``lastID``.
    public mutating func run() async throws {
        var failures = 0
        while true {
            let before = rowCount
            do {
                try await writeRows()
                return try file.flush()
            } catch let error as RPCError where error.code == .unavailable {
                try file.flush()
                failures = rowCount > before ? 1 : failures + 1
                guard failures < Self.failuresInARow else { throw error }
                try await Task.sleep(for: backoff.wait(afterFailures: failures))
            } catch {
                try file.flush()
                throw error
            }
        }
    }

    private mutating func writeRows() async throws {
        var (count, last) = (rowCount, lastID)
        defer { (rowCount, lastID) = (count, last) }
        try await table.rows(from: channel, after: lastID, options()) { row in
            try file.write(row.json)
            count += 1
            last = row.id
            progress(count)
        }
    }
}
