import Archive
import Foundation
import ServiceKit

/// A folder for what is not whole yet, on the disk where it is to go. What killed processes have left there goes.
struct Scratch {
    let path: String

    init(beside target: String) throws {
        let target = URL(fileURLWithPath: target)
        Leftovers.remove(in: target.deletingLastPathComponent().path) { name in
            guard let mark = name.range(of: ArchiveWriter.draftMark) else { return nil }
            let whole = String(name[..<mark.lowerBound])
            guard whole == target.lastPathComponent || BackupName(whole) != nil else { return nil }
            return Int32(name[mark.upperBound...].prefix { $0.isNumber })
        }
        path = "\(target.path)\(ArchiveWriter.draftMark)\(getpid())-\(UInt32.random(in: .min ... .max))"
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ArchiveError.system(act: "make", path: path, reason: error.localizedDescription)
        }
    }

    func remove() {
        // It is there no more where it was moved to its place.
        try? FileManager.default.removeItem(atPath: path)
    }
}
