import Foundation

/// An open file. It belongs to one task, and is closed when it goes.
final class SystemFile: ByteSink, ByteSource {
    private let descriptor: Int32
    private let path: String

    init(reading path: String) throws(ArchiveError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("read", path) }
    }

    /// A new file that its owner alone may read.
    init(creating path: String) throws(ArchiveError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.failure("write", path) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Fewer than `count` bytes at the end of the file only.
    func read(upTo count: Int) throws(ArchiveError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var length: Int
        repeat {
            length = bytes.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, count) }
        } while length < 0 && errno == EINTR
        guard length >= 0 else { throw Self.failure("read", path) }
        return Array(bytes.prefix(length))
    }

    func read() throws -> [UInt8] { try read(upTo: 1 << 16) }

    /// The same, however the system hands it out.
    func read(filling count: Int) throws(ArchiveError) -> [UInt8] {
        var bytes = try read(upTo: count)
        while bytes.count < count, case let more = try read(upTo: count - bytes.count), !more.isEmpty { bytes += more }
        return bytes
    }

    func write(_ bytes: [UInt8]) throws(ArchiveError) {
        var place = 0
        while place < bytes.count {
            let length = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress?.advanced(by: place), bytes.count - place) }
            if length < 0, errno == EINTR { continue }
            guard length > 0 else { throw Self.failure("write", path) }
            place += length
        }
    }

    /// Durably.
    func finish() throws(ArchiveError) {
        guard fsync(descriptor) == 0 else { throw Self.failure("flush", path) }
    }

    static func flushFolder(_ path: String) throws(ArchiveError) {
        try SystemFile(reading: path).finish()
    }

    static func folder(of path: String) -> String {
        URL(fileURLWithPath: path).deletingLastPathComponent().path
    }

    static func move(_ path: String, to target: String) throws(ArchiveError) {
        guard rename(path, target) == 0 else { throw failure("rename", path) }
        try flushFolder(folder(of: target))
    }

    static func failure(_ act: String, _ path: String) -> ArchiveError {
        .system(act: act, path: path, reason: String(cString: strerror(errno)))
    }
}
