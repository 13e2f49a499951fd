import Foundation

/// The disk below a folder.
public enum Disk {
    /// What is free for who has no privileges; nil where the system does not say.
    public static func freeBytes(at folder: String) -> Int64? {
        var answer = statvfs()
        guard statvfs(folder, &answer) == 0 else { return nil }
        return Int64(clamping: UInt64(answer.f_bavail).multipliedReportingOverflow(by: UInt64(answer.f_frsize)).partialValue)
    }
}
