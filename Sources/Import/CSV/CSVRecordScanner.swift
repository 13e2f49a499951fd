/// Finds the fields of one record: where they end, and what breaks the rules of quoting.
struct CSVRecordScanner {
    private(set) var fields: [[UInt8]] = []
    private(set) var problem: CSVProblem?
    /// Line breaks inside quotes.
    private(set) var lineBreaks = 0
    /// The index behind the record and its line break.
    private(set) var end: Int
    private let start: Int
    private let delimiter: UInt8
    private let lineBreak: UInt8
    private let limits: CSVLimits

    init(start: Int, dialect: CSVDialect, limits: CSVLimits) {
        self.start = start
        end = start
        delimiter = dialect.delimiter.byte
        lineBreak = dialect.lineBreak
        self.limits = limits
    }

    mutating func scan(_ bytes: inout CSVByteWindow) throws {
        repeat {
            let field = try bytes.byte(at: end) == ASCII.quote ? scanQuoted(&bytes) : scanPlain(&bytes)
            fields.append(field)
        } while try problem == nil && endsInDelimiter(&bytes)
    }

    /// The values as text, cut at the limit, invalid UTF-8 replaced.
    func text(_ limits: CSVLimits) -> [String] {
        fields.map { String(decoding: $0.prefix(limits.fieldBytes), as: UTF8.self) }
    }

    /// What is wrong with the values of a record whose quoting is right.
    func contentProblem(_ limits: CSVLimits) -> CSVProblem? {
        for (index, field) in fields.enumerated() {
            if field.count > limits.fieldBytes { return .fieldTooLong(column: index + 1, limitBytes: limits.fieldBytes) }
            if String(validating: field, as: UTF8.self) == nil { return .notUTF8(column: index + 1) }
        }
        return nil
    }

    /// The fields of a line whose quoting is broken, taken apart at every delimiter.
    static func roughFields(of line: [UInt8], _ dialect: CSVDialect) -> [String] {
        line.split(separator: dialect.delimiter.byte, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }

    private mutating func scanPlain(_ bytes: inout CSVByteWindow) throws -> [UInt8] {
        var field: [UInt8] = []
        while let byte = try bytes.byte(at: end), try !isEnd(byte, &bytes) {
            if byte == ASCII.quote { problem = .strayQuote }
            guard admits(1), problem == nil else { return field }
            field.append(byte)
            end += 1
        }
        return field
    }

    private mutating func scanQuoted(_ bytes: inout CSVByteWindow) throws -> [UInt8] {
        var field: [UInt8] = []
        end += 1
        while let byte = try bytes.byte(at: end) {
            guard admits(1) else {
                if lineBreaks > 0 { problem = .unclosedQuote }
                return field
            }
            end += 1
            if byte == ASCII.quote {
                guard try bytes.byte(at: end) == ASCII.quote else { return try closed(field, &bytes) }
                end += 1
            }
            if byte == lineBreak { lineBreaks += 1 }
            field.append(byte)
        }
        problem = .unclosedQuote
        return field
    }

    private mutating func closed(_ field: [UInt8], _ bytes: inout CSVByteWindow) throws -> [UInt8] {
        if let next = try bytes.byte(at: end), try !isEnd(next, &bytes) {
            problem = lineBreaks > 0 ? .unclosedQuote : .textAfterQuote
        }
        return field
    }

    private func isEnd(_ byte: UInt8, _ bytes: inout CSVByteWindow) throws -> Bool {
        if byte == delimiter || byte == lineBreak { return true }
        return try byte == ASCII.carriageReturn && bytes.byte(at: end + 1) == ASCII.lineFeed
    }

    private mutating func admits(_ count: Int) -> Bool {
        guard end - start + count > limits.rowBytes else { return true }
        problem = .rowTooLong(limitBytes: limits.rowBytes)
        return false
    }

    /// Moves behind the delimiter or line break that ends a field; true where another field follows.
    private mutating func endsInDelimiter(_ bytes: inout CSVByteWindow) throws -> Bool {
        guard let byte = try bytes.byte(at: end) else { return false }
        end += byte == ASCII.carriageReturn && lineBreak != byte ? 2 : 1
        return byte == delimiter
    }
}
