import Foundation

/// The rows that were refused, as a CSV file that can be mended and imported again: the original columns, then the line
/// of the imported file and the reason.
public final class RejectsFile {
    private static let ownColumns = ["line", "reason"]

    public let path: String
    public private(set) var count = 0
    private let handle: FileHandle
    private let columnCount: Int

    /// Begins the file anew.
    public init(path: String, header: [String]) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw RejectsFileError(path: path) }
        self.path = path
        self.handle = handle
        let original = Self.original(header)
        columnCount = original.count
        try write(original + Self.ownColumns)
    }

    /// Whether two paths lead to one file.
    public static func isSameFile(_ a: String, _ b: String) -> Bool {
        URL(fileURLWithPath: a).resolvingSymlinksInPath() == URL(fileURLWithPath: b).resolvingSymlinksInPath()
    }

    /// Columns beyond those of the header are kept inside the last one.
    public func add(_ row: CSVRow, reason: String) throws {
        var columns = Array(row.fields.prefix(columnCount))
        let surplus = row.fields.dropFirst(columnCount)
        if row.problem != nil, !surplus.isEmpty, let last = columns.popLast() {
            columns.append(([last] + surplus).joined(separator: ","))
        }
        columns += Array(repeating: "", count: columnCount - columns.count)
        try write(columns + ["\(row.line)", reason])
        count += 1
    }

    public func close() throws {
        try handle.close()
    }

    /// Rejects that are imported again bring the two columns along; they are not stacked up.
    private static func original(_ header: [String]) -> [String] {
        header.suffix(2) == ownColumns[...] ? header.dropLast(2) : header
    }

    private func write(_ values: [String]) throws {
        try handle.write(contentsOf: Data(CSVText.line(values).utf8))
    }
}

/// The file for refused rows can't be written.
public struct RejectsFileError: Error, CustomStringConvertible {
    public let path: String
    public var description: String { "can't write the refused rows to \(path): choose another file with --rejects" }
}
