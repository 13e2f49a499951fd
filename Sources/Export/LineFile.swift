public import Foundation

/// Lines, written in pieces: to a file, or to whoever reads standard output.
public final class LineFile {
    private static let pieceByteCount = 64 * 1024

    private let file: FileHandle
    private let path: String
    private var piece = Data()

    public init(_ file: FileHandle, path: String = "standard output") {
        self.file = file
        self.path = path
    }

    /// A file that is not there yet, or, to go on with an export, the end of one that is. Only its owner may read it.
    public convenience init(path: String, appending: Bool) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (appending ? O_APPEND : O_EXCL), 0o600)
        guard descriptor >= 0 else { throw LineFileError(path: path, reason: String(cString: strerror(errno))) }
        self.init(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true), path: path)
    }

    func write(_ line: [UInt8]) throws {
        piece.append(contentsOf: line)
        piece.append(UInt8(ascii: "\n"))
        if piece.count >= Self.pieceByteCount { try flush() }
    }

    func flush() throws {
        guard !piece.isEmpty else { return }
        defer { piece.removeAll(keepingCapacity: true) }
        do {
            try file.write(contentsOf: piece)
        } catch {
            throw LineFileError(path: path, reason: "the rest can't be written: the disk is full, or who reads has gone")
        }
    }
}

/// A file can't be written.
public struct LineFileError: Error, CustomStringConvertible {
    let path: String
    let reason: String

    public var description: String { "\(path): \(reason)" }
}
