import Foundation

/// An open file. It belongs to one task, and is closed when it goes.
final class SystemFile {
    let descriptor: Int32
    private let path: String

    init(reading path: String) throws(ArchiveError) {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
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
        let length = bytes.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, count) }
        guard length >= 0 else { throw Self.failure("read", path) }
        return Array(bytes.prefix(length))
    }

    func write(_ bytes: [UInt8]) throws(ArchiveError) {
        var place = 0
        while place < bytes.count {
            let length = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress?.advanced(by: place), bytes.count - place) }
            guard length > 0 else { throw Self.failure("write", path) }
            place += length
        }
    }

    func flush() throws(ArchiveError) {
        guard fsync(descriptor) == 0 else { throw Self.failure("flush", path) }
    }

    static func flushFolder(_ path: String) throws(ArchiveError) {
        try SystemFile(reading: path).flush()
    }

    static func move(_ path: String, to target: String) throws(ArchiveError) {
        guard rename(path, target) == 0 else { throw failure("rename", path) }
    }

    static func failure(_ act: String, _ path: String) -> ArchiveError {
        .system(act: act, path: path, reason: String(cString: strerror(errno)))
    }
}
