import Foundation
import PlainText

/// The file to import, which can be read more than once: what is not a file on disk, as standard input or a pipe, is kept
/// in one that has no name and is gone with this process.
public final class ImportFile: Sendable {
    /// What is looked at to see how the file is written.
    private static let startBytes = 64 * 1024

    /// `-` is standard input.
    public let path: String
    public let encoding: TextEncoding
    public let dialect: CSVDialect
    /// The row that names the columns.
    public let header: CSVRow
    /// Whether the encoding was asked for, so that rows with other bytes are refused one by one.
    private let encodingIsAsked: Bool
    private let bytes: StoredBytes
    private let markLength: Int
    private let limits: CSVLimits
    /// How many lines stand before the header: one that says the delimiter.
    private let preambleLines: Int

    /// - Parameters:
    ///   - encoding: by its name; nil: what the byte order mark says, or UTF-8.
    ///   - delimiter: nil: guessed from the header and the first rows.
    /// - Throws: where the file can't be read, its encoding or delimiter can't be told, or its header can't be.
    public init(
        path: String, encoding name: String? = nil, delimiter: CSVDialect.Delimiter? = nil, limits: CSVLimits = CSVLimits()
    ) throws {
        self.path = path
        self.limits = limits
        bytes = try StoredBytes(path: path)
        let start = try bytes.read(at: 0, count: Self.startBytes)
        let marked = TextEncoding.marked(start)
        encoding = try name.map { try TextEncoding(named: $0, start: start) } ?? marked?.encoding ?? .utf8
        encodingIsAsked = name != nil
        markLength = marked?.encoding == encoding ? marked?.markLength ?? 0 : 0
        let text = try Self.firstText(start.dropFirst(markLength), encoding, isAsked: name != nil)
        let told = Self.toldDelimiter(text)
        preambleLines = told == nil ? 0 : 1
        dialect = try CSVDialect(guessedFrom: Array(text.dropFirst(told?.length ?? 0)), delimiter: delimiter ?? told?.delimiter)
        var rows = try Self.reader(bytes, markLength, encoding, dialect, limits)
        if told != nil { _ = try rows.next() }
        guard let header = try rows.readHeader() else { throw ImportFileError.empty(path: path) }
        if let problem = header.problem { throw ImportFileError.header(path: path, line: header.line, reason: problem.description) }
        try Self.requireNames(header, path: path)
        self.header = header
    }

    /// The rows behind the header, from the first one on, each time it is called.
    public func rows() throws -> CSVReader {
        var rows = try Self.reader(bytes, markLength, encoding, dialect, limits)
        for _ in 0..<preambleLines { _ = try rows.next() }
        _ = try rows.readHeader()
        return rows
    }

    /// What a text is in the encoding of the file.
    public func encode(_ text: [UInt8]) -> [UInt8] { TextDecoder.encode(text, as: encoding) }

    /// The bytes before the text that say its encoding; often none.
    func byteOrderMark() throws -> [UInt8] { try bytes.read(at: 0, count: markLength) }

    /// Stops at a row whose bytes are not of the encoding that nobody asked for.
    func check(_ row: CSVRow) throws {
        if !encodingIsAsked, case .notUTF8? = row.problem { throw ImportFileError.notUTF8(path: path, line: row.line) }
    }

    private static func reader(
        _ bytes: StoredBytes, _ markLength: Int, _ encoding: TextEncoding, _ dialect: CSVDialect, _ limits: CSVLimits
    ) throws -> CSVReader {
        var position = markLength
        var decoder = TextDecoder(encoding)
        var ended = false
        return try CSVReader(dialect: dialect, limits: limits) {
            while !ended {
                let chunk = try bytes.read(at: position, count: startBytes)
                position += chunk.count
                ended = chunk.isEmpty
                // A chunk may hold no whole character, which is no end.
                let text = decoder.decode(chunk)
                if !text.isEmpty { return text }
            }
            return []
        }
    }
}

/// Looking at the first bytes.
extension ImportFile {
    private static func firstText(_ start: ArraySlice<UInt8>, _ encoding: TextEncoding, isAsked: Bool) throws -> [UInt8] {
        var decoder = TextDecoder(encoding)
        let text = decoder.decode(Array(start))
        if text.contains(0) { throw ImportFileError.zeroBytes(isAsked: isAsked) }
        return text
    }

    /// Spreadsheets begin a file with `sep=;` to say its delimiter.
    private static func toldDelimiter(_ text: [UInt8]) -> (delimiter: CSVDialect.Delimiter, length: Int)? {
        let line = text.prefix { $0 != ASCII.lineFeed && $0 != ASCII.carriageReturn }
        let words = String(decoding: line.prefix(8), as: UTF8.self).trimmingSpaces
        guard words.lowercased().hasPrefix("sep="), let delimiter = CSVDialect.Delimiter(named: String(words.dropFirst(4))) else {
            return nil
        }
        return (delimiter, line.count)
    }

    /// Columns without a name may be several: nobody can ask for them.
    private static func requireNames(_ header: CSVRow, path: String) throws {
        var places: [String: Int] = [:]
        for (index, name) in header.fields.map(\.trimmingSpaces).enumerated() where !name.isEmpty {
            guard let first = places.updateValue(index, forKey: name) else { continue }
            throw ImportFileError.header(
                path: path, line: header.line,
                reason: "columns \(first + 1) and \(index + 1) are both called “\(name)”: rename one of them")
        }
    }
}

/// The file can't be imported as it is.
public enum ImportFileError: Error, Hashable, CustomStringConvertible {
    case empty(path: String)
    case header(path: String, line: Int, reason: String)
    case notUTF8(path: String, line: Int)
    case zeroBytes(isAsked: Bool)

    public var description: String {
        switch self {
        case .empty(let path):
            "\(path) is empty: its first row must name the columns"
        case .header(let path, let line, let reason):
            "\(path), line \(line): \(reason)"
        case .notUTF8(let path, let line):
            "\(path), line \(line) is not UTF-8: say how the file is written, often with --encoding windows-1252, or with --encoding utf-8 "
                + "that such rows are to be refused"
        case .zeroBytes(let isAsked):
            isAsked
                ? "the file is not written in the encoding that --encoding says"
                : "the file has bytes that are zero: it is no text, or UTF-16, which --encoding utf-16 reads"
        }
    }
}
