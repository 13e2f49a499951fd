import Foundation

/// Which of our records stands for which of the source's: `import/patients.csv` in the data folder, with a line
/// `source,id` for each. Later imports find by it whom a row means.
public final class ImportedIDs {
    private let folder: String
    private var tables: [ImportKind: [String: String]] = [:]
    private var files: [ImportKind: FileHandle] = [:]

    /// Reads the tables of the imports before this one.
    public init(_ data: DataFolder) throws {
        folder = data.path + "/import"
        for kind in ImportKind.allCases { tables[kind] = try Self.read(path(of: kind)) }
    }

    /// Our id of what `text` names: an id of ours itself, or one of the source. Nil where nothing of that name was
    /// imported.
    func id(of text: String, _ kind: ImportKind) -> String? {
        text.hasPrefix(kind.idPrefix) ? text : tables[kind]?[text]
    }

    /// Remembers that `id` stands for `source`.
    func note(_ source: String, is id: String, _ kind: ImportKind) throws {
        guard tables[kind]?[source] != id else { return }
        tables[kind, default: [:]][source] = id
        try file(of: kind).write(contentsOf: Data(CSVText.line([source, id]).utf8))
    }

    /// Makes what was noted durable.
    public func close() throws {
        for file in files.values {
            try file.synchronize()
            try file.close()
        }
        files = [:]
    }

    private func path(of kind: ImportKind) -> String { "\(folder)/\(kind.rawValue).csv" }

    private func file(of kind: ImportKind) throws -> FileHandle {
        if let file = files[kind] { return file }
        let path = path(of: kind)
        if !FileManager.default.fileExists(atPath: path) {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let header = Data(CSVText.line(["source", "id"]).utf8)
            guard FileManager.default.createFile(atPath: path, contents: header, attributes: [.posixPermissions: 0o600]) else {
                throw ImportedIDsError(path: path)
            }
        }
        guard let file = FileHandle(forUpdatingAtPath: path) else { throw ImportedIDsError(path: path) }
        try file.seekToEnd()
        files[kind] = file
        return file
    }

    /// The last line of a source counts; one that a crash cut off does not.
    private static func read(_ path: String) throws -> [String: String] {
        guard FileManager.default.fileExists(atPath: path) else { return [:] }
        var rows = try CSVReader(path: path)
        guard try rows.readHeader() != nil else { return [:] }
        var table: [String: String] = [:]
        while let row = try rows.next() {
            if row.problem == nil, row.fields.count == 2 { table[row.fields[0]] = row.fields[1] }
        }
        return table
    }
}

/// The table of imported ids can't be written.
public struct ImportedIDsError: Error, CustomStringConvertible {
    let path: String
    public var description: String { "can't write \(path), where the ids of imported records are kept" }
}
