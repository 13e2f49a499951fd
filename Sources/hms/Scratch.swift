import Archive
import Foundation
import ServiceKit

/// A folder for what is not whole yet, on the disk where it is to go. What killed processes have left there goes.
struct Scratch {
    let path: String

    init(beside target: String) throws {
        let target = URL(fileURLWithPath: target)
        let mark = target.lastPathComponent + ArchiveWriter.draftMark
        Leftovers.remove(in: target.deletingLastPathComponent().path) { name in
            name.hasPrefix(mark) ? Int32(name.dropFirst(mark.count).prefix { $0.isNumber }) : nil
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
