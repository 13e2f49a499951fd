/// How refused rows are written: what stood in the file, the line, the reason.
struct RejectsLayout: Sendable {
    private static let ownColumns = ["line", "reason"]

    private let separator: UInt8
    private let headerRow: [UInt8]
    /// Whether the imported file holds refused rows itself. Its rows bring the two columns along, which are not stacked up.
    private let isOfRejects: Bool

    init(header: CSVRow, separator: UInt8) {
        self.separator = separator
        isOfRejects = header.fields.suffix(2) == Self.ownColumns[...]
        headerRow = isOfRejects ? Self.withoutOwnColumns(header.raw, separator) : header.raw
    }

    var header: [UInt8] {
        headerRow + Self.ownColumns.flatMap { [separator] + Array($0.utf8) } + [ASCII.lineFeed]
    }

    func line(_ row: CSVRow, reason: String) -> [UInt8] {
        let original = isOfRejects ? Self.withoutOwnColumns(row.raw, separator) : row.raw
        return original + [separator] + Array("\(row.line)".utf8) + [separator] + Self.quoted(reason) + [ASCII.lineFeed]
    }

    /// Always in quotes and without any inside, so that it is found again at the end of a row whose own quotes are broken.
    private static func quoted(_ reason: String) -> [UInt8] {
        let line = reason.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar {
            case "\"": "'"
            case "\n", "\r": " "
            default: scalar
            }
        }
        return [ASCII.quote] + Array(String(String.UnicodeScalarView(line)).utf8) + [ASCII.quote]
    }

    /// Leaves out the last two columns, where they look like ours: words or a number, and a text that has no quote inside.
    private static func withoutOwnColumns(_ row: [UInt8], _ separator: UInt8) -> [UInt8] {
        guard let reason = startOfLastColumn(row[...], separator), reason > 0,
            let line = startOfLastColumn(row[..<(reason - 1)], separator), line > 0
        else { return row }
        let name = row[line..<(reason - 1)].filter { $0 != ASCII.quote }
        guard name.elementsEqual(ownColumns[0].utf8) || (!name.isEmpty && name.allSatisfy(isDigit)) else { return row }
        return Array(row[..<(line - 1)])
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// The index behind the separator before the last column; nil where there is none.
    private static func startOfLastColumn(_ row: ArraySlice<UInt8>, _ separator: UInt8) -> Int? {
        var end = row.endIndex
        if row.last == ASCII.quote {
            guard let opening = row.dropLast().lastIndex(of: ASCII.quote) else { return nil }
            end = opening
        }
        guard let found = row[..<end].lastIndex(of: separator) else { return nil }
        // Between the separator and the quote stands nothing.
        return row.last == ASCII.quote && found + 1 != end ? nil : found + 1
    }
}
