/// Reads RFC 4180 records one by one from chunks of bytes: quotes, line breaks inside quotes, LF or CRLF, a byte order mark,
/// and any other dialect's separators.
///
/// Memory is bounded by `CSVLimits.rowBytes`, however long the file. Blank lines are passed over. A broken record is
/// returned with its problem and reading goes on behind it. Where a quote was never closed, only the line that opened
/// it is given up: the lines that the open quote had swallowed are read again as records of their own.
public struct CSVReader {
    private var bytes: CSVByteWindow
    private let dialect: CSVDialect
    private let limits: CSVLimits
    /// Where reading has come to.
    private(set) var line = 1
    private var columnCount: Int?

    /// - Parameter nextChunk: the next bytes of the file, empty at its end.
    public init(
        dialect: CSVDialect = CSVDialect(), limits: CSVLimits = CSVLimits(), nextChunk: @escaping () throws -> [UInt8]
    ) throws {
        self.dialect = dialect
        self.limits = limits
        bytes = CSVByteWindow(lineBreak: dialect.lineBreak, nextChunk: nextChunk)
        try bytes.skipByteOrderMark()
    }

    /// Reads the first record; every later one must have as many columns.
    public mutating func readHeader() throws -> CSVRow? {
        let header = try next()
        columnCount = header?.fields.count
        return header
    }

    /// The next record, or nil at the end of the file. Throws only what reading the file throws.
    public mutating func next() throws -> CSVRow? {
        bytes.forgetRead()
        while try skipBlankLine() { line += 1 }
        guard try bytes.byte(at: bytes.position) != nil else { return nil }
        var record = CSVRecordScanner(start: bytes.position, dialect: dialect, limits: limits)
        try record.scan(&bytes)
        if let problem = problem(of: record) {
            return try giveUp(record, problem)
        }
        return accept(record)
    }

    private mutating func skipBlankLine() throws -> Bool {
        let position = bytes.position
        switch try bytes.byte(at: position) {
        case dialect.lineBreak:
            bytes.position += 1
            return true
        case ASCII.carriageReturn where try bytes.byte(at: position + 1) == ASCII.lineFeed:
            bytes.position += 2
            return true
        default:
            return false
        }
    }

    private func problem(of record: CSVRecordScanner) -> CSVProblem? {
        if let problem = record.problem { return problem }
        guard let columnCount else { return nil }
        guard columnCount == record.fields.count else {
            // Quotes that close on another line with the wrong number of columns were not meant to span lines.
            return record.lineBreaks > 0 ? .unclosedQuote : .columnCount(expected: columnCount, found: record.fields.count)
        }
        return looksLikeSeveralRows(record, columnCount) ? .unclosedQuote : nil
    }

    /// Whether every line of a record of several lines has as many columns as the header: then a quote that was left open
    /// has more likely swallowed rows than that a cell has so many delimiters in just these places.
    private func looksLikeSeveralRows(_ record: CSVRecordScanner, _ columnCount: Int) -> Bool {
        guard record.lineBreaks > 0, columnCount > 1 else { return false }
        return bytes.record(to: record.end).split(separator: dialect.lineBreak, omittingEmptySubsequences: false).allSatisfy { line in
            line.count { $0 == dialect.delimiter.byte } == columnCount - 1
        }
    }

    private mutating func accept(_ record: CSVRecordScanner) -> CSVRow {
        let raw = bytes.record(to: record.end)
        bytes.position = record.end
        let row = CSVRow(line: line, fields: record.text(limits), problem: record.contentProblem(limits), raw: raw)
        line += record.lineBreaks + 1
        return row
    }

    private mutating func giveUp(_ record: CSVRecordScanner, _ problem: CSVProblem) throws -> CSVRow {
        if case .columnCount = problem {
            let row = accept(record)
            return CSVRow(line: row.line, fields: row.fields, problem: problem, raw: row.raw)
        }
        let kept = try bytes.takeLine(keeping: limits.rowBytes)
        defer { line += 1 }
        let fields = CSVRecordScanner.roughFields(of: Array(kept.prefix(limits.fieldBytes)), dialect)
        return CSVRow(line: line, fields: fields, problem: problem, raw: kept)
    }
}

enum ASCII {
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let quote = UInt8(ascii: "\"")
    static let comma = UInt8(ascii: ",")
}
