#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the system said when a file could not be used.
public struct FileError: Error, Hashable, CustomStringConvertible {
    public let path: String
    public let description: String

    init(_ path: String, code: Int32) {
        self.path = path
        self.description = "\(path): \(String(cString: strerror(code)))"
    }

    package init(_ path: String, _ sentence: String) {
        self.path = path
        self.description = "\(path): \(sentence)"
    }
}

/// Small files: keys, clocks, configuration.
package enum LocalFile {
    /// The whole file. One with more than `limit` bytes is refused.
    package static func read(_ path: String, atMost limit: Int) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = chunk.withUnsafeMutableBytes { systemRead(descriptor, $0) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(path, code: errno) }
            guard count > 0 else { return bytes }
            bytes.append(contentsOf: chunk[..<count])
            guard bytes.count <= limit else { throw FileError(path, "longer than \(limit) bytes") }
        }
    }

    private static func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
        Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
        Musl.read(descriptor, buffer.baseAddress, buffer.count)
        #else
        Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }

    /// Puts the whole content in place at once, durably: a reader sees the old file or the new one.
    package static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws {
        let draft = "\(path).\(getpid()).new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileError(draft, code: errno) }
        do {
            defer { close(descriptor) }
            try writeAll(bytes, to: descriptor, path: draft)
            guard fsync(descriptor) == 0 else { throw FileError(draft, code: errno) }
        }
        guard rename(draft, path) == 0 else { throw FileError(path, code: errno) }
        // The name is on the disk with its folder. Where a file system can't say so, there is nothing more to do.
        let parent = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard parent >= 0 else { return }
        _ = fsync(parent)
        close(parent)
    }

    /// Adds to the end of a file, durably; makes it where there is none. What is added at once stands together.
    static func append(_ bytes: [UInt8], to path: String, mode: mode_t) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileError(path, code: errno) }
        defer { close(descriptor) }
        try writeAll(bytes, to: descriptor, path: path)
        guard fsync(descriptor) == 0 else { throw FileError(path, code: errno) }
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32, path: String) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { SystemWrite.write($0, to: descriptor) }
            guard count > 0 else { throw FileError(path, code: errno) }
            written += count
        }
    }

    /// Whether others than its owner may do anything with it; not, where it is not there.
    static func isOpenToOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }

    /// The folder that a file lies in.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes the folder and those above it that are missing.
    package static func makeFolder(_ path: String, mode: mode_t) throws {
        guard mkdir(path, mode) != 0 else { return }
        switch errno {
        case EEXIST:
            return
        case ENOENT:
            guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { throw FileError(path, code: ENOENT) }
            try makeFolder(String(path[..<slash]), mode: mode)
            guard mkdir(path, mode) == 0 || errno == EEXIST else { throw FileError(path, code: errno) }
        default:
            throw FileError(path, code: errno)
        }
    }
}
