public import Foundation

/// The first file of an archive: what else is in it, and what it has to be.
public struct ArchiveManifest: Codable, Hashable, Sendable {
    public struct File: Codable, Hashable, Sendable {
        /// Below the data folder, parts between `/`.
        public var path: String
        public var bytes: Int64
        /// In hexadecimal digits.
        public var sha256: String
    }

    static let name = "manifest.json"
    static let currentFormat = 1
    /// A manifest names some dozens of files; a longer one is an attack.
    static let maxBytes: Int64 = 1 << 20

    public var format: Int
    /// Of the program that made it.
    public var version: String
    public var madeAt: Date
    public var files: [File]

    /// - Throws: ``ArchiveError`` where it is of another format, or names a file that may not be written.
    init(json: Data) throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            self = try decoder.decode(Self.self, from: json)
        } catch {
            throw ArchiveError.unsound("its manifest can't be read")
        }
        guard format == Self.currentFormat else { throw ArchiveError.unknownFormat(format) }
        guard Set(files.map(\.path)).count == files.count else { throw ArchiveError.unsound("a file is named twice") }
        for file in files where !Self.isPlain(file.path) || file.bytes < 0 {
            throw ArchiveError.unsound("“\(file.path)” is no file of a data folder")
        }
    }

    init(version: String, files: [File]) {
        format = Self.currentFormat
        self.version = version
        madeAt = Date()
        self.files = files
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return try encoder.encode(self)
    }

    /// The total is not trusted to fit a number.
    func totalBytes() throws -> Int64 {
        try files.reduce(0) { sum, file in
            let (total, isOver) = sum.addingReportingOverflow(file.bytes)
            guard !isOver else { throw ArchiveError.unsound("its manifest names more than any disk has") }
            return total
        }
    }

    /// Whether a path stays below the folder that it is put in.
    private static func isPlain(_ path: String) -> Bool {
        guard !path.isEmpty, path != name, path.utf8.count <= TarHeader.maxPathBytes, !path.utf8.contains(0) else { return false }
        return path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { !["", ".", ".."].contains($0) }
    }
}
