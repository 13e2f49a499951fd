import Foundation
import NotificationRules

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Appends letters to a file, one JSON object a line, each on the disk before it counts as handed over.
///
/// The file holds names and addresses: only its owner may read it.
struct FileTransport: Transport {
    private let path: String
    private let thread = BlockingThreads.one("hms.notification.file")

    init(path: String) {
        self.path = path
    }

    func handOver(_ letter: Letter) async -> Handover {
        guard let line = try? letter.json() else { return .refused("The notification has no JSON form.") }
        return await thread.run { [path] in
            let error = Self.append(line + [UInt8(ascii: "\n")], to: path)
            return error == 0 ? .accepted : .failed("The file cannot be written: \(String(cString: strerror(error))).")
        }
    }

    /// Appends all of it or nothing; the system's error number, or 0.
    private static func append(_ line: [UInt8], to path: String) -> Int32 {
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else { return errno }
        let error = writeDurably(line, to: descriptor)
        if error != 0 { _ = ftruncate(descriptor, end) }
        return error
    }

    private static func writeDurably(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count < 0 ? errno : EIO }
            written += count
        }
        return fsync(descriptor) == 0 ? 0 : errno
    }
}
