import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The file of letters, a line each. Every day begins a new one, and so does one that has grown too long; those of before
/// lie beside it under their days, `outgoing-2026-03-02.jsonl`, until they are too old.
///
/// It belongs to one thread. All times are of the real clock, in seconds since 1970.
struct OutgoingFile: Sendable {
    let path: String
    /// How long files of earlier days are kept, in seconds since their last letter.
    let retention: Int64
    var longest: Int64 = 64 << 20
    var unixTime: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

    private static let secondsOfDay: Int64 = 86_400

    /// Appends all of it or nothing, on the disk when it returns; the system's error number, or 0.
    func append(_ line: [UInt8]) -> Int32 {
        let error = setAsideWhereDue()
        guard error == 0 else { return error }
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else { return errno }
        let failure = Self.writeDurably(line, to: descriptor)
        if failure != 0 { _ = ftruncate(descriptor, end) }
        return failure
    }

    /// Begins a new file where one is due, and removes those that are too old.
    ///
    /// - Throws: what keeps it from reading the folder or from removing a file.
    func clean() throws {
        let error = setAsideWhereDue()
        guard error == 0 else { throw POSIXError(POSIXErrorCode(rawValue: error) ?? .EIO) }
        let folder = (path as NSString).deletingLastPathComponent
        guard FileManager.default.fileExists(atPath: folder) else { return }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where isOfEarlierDay(name) {
            let file = "\(folder)/\(name)"
            guard let state = Self.state(of: file), unixTime() - state.lastWrite > retention else { continue }
            try FileManager.default.removeItem(atPath: file)
        }
    }

    func isOfEarlierDay(_ name: String) -> Bool {
        let stem = ((path as NSString).lastPathComponent as NSString).deletingPathExtension
        return name.hasPrefix("\(stem)-") && name.hasSuffix(".jsonl")
    }

    private func setAsideWhereDue() -> Int32 {
        guard let state = Self.state(of: path) else { return 0 }
        let isOfToday = state.lastWrite / Self.secondsOfDay == unixTime() / Self.secondsOfDay
        guard state.bytes > 0, !isOfToday || state.bytes >= longest else { return 0 }
        return rename(path, freeName(forDayOf: state.lastWrite)) == 0 ? 0 : errno
    }

    /// Several files of one day are numbered.
    private func freeName(forDayOf time: Int64) -> String {
        let stem = (path as NSString).deletingPathExtension
        let day = Date(timeIntervalSince1970: TimeInterval(time)).formatted(.iso8601.year().month().day())
        let names = sequence(first: 1) { $0 + 1 }.lazy.map { "\(stem)-\(day)\($0 == 1 ? "" : "-\($0)").jsonl" }
        return names.first { Self.state(of: $0) == nil } ?? path
    }

    /// Nil where there is no such file, or none that can be asked: whoever then opens it hears why.
    private static func state(of path: String) -> (bytes: Int64, lastWrite: Int64)? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path), let size = attributes[.size] as? NSNumber,
            let lastWrite = attributes[.modificationDate] as? Date
        else { return nil }
        return (size.int64Value, Int64(lastWrite.timeIntervalSince1970.rounded(.down)))
    }

    static func writeDurably(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
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
