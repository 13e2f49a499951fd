import Foundation

/// Reads the lines of ``LogFiles``, from the oldest on and then those that are written, over every exchange of the file.
///
/// Used by one task at a time.
public final class LogReader {
    private let files: LogFiles
    private var lines = LineAssembler()
    private var current: (handle: FileHandle, number: UInt64)?

    public init(_ files: LogFiles) {
        self.files = files
    }

    /// The lines that have come since it was last asked; all that are kept, when it is asked first.
    public func next() throws -> [String] {
        var bytes = Data()
        if current == nil {
            for path in files.existing.dropLast() { bytes += try Data(contentsOf: URL(filePath: path)) }
        }
        try readCurrent(&bytes)
        // The file that was read may have been put aside meanwhile: what followed stands in a new one.
        if let present = Self.number(of: files.path), present != current?.number {
            current = nil
            try readCurrent(&bytes)
        }
        return lines.add(bytes).map { String(decoding: $0, as: UTF8.self) }
    }

    private func readCurrent(_ bytes: inout Data) throws {
        if current == nil, let number = Self.number(of: files.path) {
            current = (try FileHandle(forReadingFrom: URL(filePath: files.path)), number)
        }
        if let rest = try current?.handle.readToEnd() { bytes += rest }
    }

    /// What tells a file from another of the same name.
    private static func number(of path: String) -> UInt64? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.systemFileNumber] as? NSNumber)?.uint64Value
    }
}
