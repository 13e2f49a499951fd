import Foundation

/// The log of a hospital in files of a bounded size: `DATA/logs/hospital.jsonl`, and before it `hospital.jsonl.1`, `.2` and so on,
/// the oldest of which is thrown away for each new one.
public struct LogFiles: Sendable {
    public let folder: String
    /// Bytes of one file.
    let fileSize: Int
    /// Older files that are kept.
    let olderCount: Int

    public init(dataFolder: String, fileSize: Int = 32 << 20, olderCount: Int = 7) {
        folder = dataFolder + "/logs"
        self.fileSize = fileSize
        self.olderCount = olderCount
    }

    /// The file that is written to now.
    public var path: String { folder + "/hospital.jsonl" }

    private func path(_ age: Int) -> String { age == 0 ? path : "\(path).\(age)" }

    /// Those that are there, the oldest first.
    public var existing: [String] {
        (0...olderCount).reversed().map(path).filter { FileManager.default.fileExists(atPath: $0) }
    }

    /// Makes room for a new file: each becomes one older.
    func rotate() throws {
        let files = FileManager.default
        for age in (0...olderCount).reversed() where files.fileExists(atPath: path(age)) {
            if age == olderCount {
                try files.removeItem(atPath: path(age))
            } else {
                try files.moveItem(atPath: path(age), toPath: path(age + 1))
            }
        }
    }
}

/// Writes whole lines into ``LogFiles``. Used by one thread.
final class LogFileWriter {
    private let files: LogFiles
    private var handle: FileHandle?
    private var size = 0

    init(_ files: LogFiles) throws {
        self.files = files
        try FileManager.default.createDirectory(
            atPath: files.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try open()
    }

    /// - Parameter lines: with their line breaks.
    func write(_ lines: [UInt8]) throws {
        if size > 0, size + lines.count > files.fileSize {
            try handle?.close()
            handle = nil
            try files.rotate()
        }
        if handle == nil { try open() }
        try handle?.write(contentsOf: Data(lines))
        size += lines.count
    }

    private func open() throws {
        let descriptor = Foundation.open(files.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        size = Int(try handle.seekToEnd())
        self.handle = handle
    }
}
