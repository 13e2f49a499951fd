#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Bytes on disk that can be read from anywhere, as often as needed.
final class StoredBytes: Sendable {
    private let descriptor: Int32

    /// What is no file on disk is copied into one that only this process can find.
    ///
    /// - Parameter path: `-` for standard input.
    init(path: String) throws {
        let opened = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw CSVFileError(path: path) }
        // Standard input that was redirected from a file may stand anywhere in it, and is read from there.
        guard path == "-" || !Self.canBeReadAnywhere(opened) else {
            descriptor = opened
            return
        }
        defer { close(opened) }
        descriptor = try Self.copy(of: opened, path: path)
    }

    deinit {
        close(descriptor)
    }

    /// At most so many bytes from a position on, none behind the end.
    func read(at position: Int, count: Int) throws -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let read = Self.untilDone { pread(descriptor, buffer.baseAddress, count, off_t(position)) }
            if read < 0 { failure = errno }
            filled = max(0, read)
        }
        guard failure == 0 else { throw StoredBytesError(reason: String(cString: strerror(failure))) }
        return bytes
    }

    /// A pipe and a terminal can't be, and neither can a folder, which can't be read at all.
    private static func canBeReadAnywhere(_ descriptor: Int32) -> Bool {
        var byte: UInt8 = 0
        return untilDone { pread(descriptor, &byte, 1, 0) } >= 0
    }

    private static func copy(of source: Int32, path: String) throws -> Int32 {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var name = Array("\(folder)/hms-import-XXXXXX".utf8CString)
        // Made for its owner only; without a name it is gone with the last descriptor, however this process ends.
        let copy = mkstemp(&name)
        guard copy >= 0 else { throw StoredBytesError(reason: "can't keep a copy of it in \(folder): \(String(cString: strerror(errno)))") }
        unlink(name)
        do {
            try pour(source, into: copy, path: path)
            return copy
        } catch {
            close(copy)
            throw error
        }
    }

    private static func pour(_ source: Int32, into copy: Int32, path: String) throws {
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let size = chunk.count
            let count = chunk.withUnsafeMutableBytes { buffer in untilDone { readSome(source, buffer.baseAddress, size) } }
            guard count >= 0 else { throw CSVFileError(path: path) }
            guard count > 0 else { return }
            var written = 0
            while written < count {
                let step = chunk.withUnsafeBytes { buffer in
                    untilDone { write(copy, buffer.baseAddress?.advanced(by: written), count - written) }
                }
                guard step > 0 else { throw StoredBytesError(reason: "can't keep a copy of it: \(String(cString: strerror(errno)))") }
                written += step
            }
        }
    }

    private static func untilDone(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}

/// The system's call, whose name a method has here.
private func readSome(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}

/// The bytes can't be read or kept.
public struct StoredBytesError: Error, Hashable, CustomStringConvertible {
    let reason: String
    public var description: String { "can't read the file: \(reason)" }
}
