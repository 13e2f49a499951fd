import Contracts
import Foundation
import ProtobufC
import ProtobufJSON

extension OutgoingFile {
    /// Writes every file anew that has letters to somebody, without them; others stay as they are.
    ///
    /// - Throws: what keeps it from reading or writing a file. Then it is as it was.
    func removeLetters(to recipientID: String) throws {
        let folder = (path as NSString).deletingLastPathComponent
        guard FileManager.default.fileExists(atPath: folder) else { return }
        let own = (path as NSString).lastPathComponent
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name == own || isOfEarlierDay(name) {
            try removeLetters(to: recipientID, from: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
    }

    private func removeLetters(to recipientID: String, from file: URL) throws {
        let content = try Data(contentsOf: file, options: .mappedIfSafe)
        guard content.range(of: Data(recipientID.utf8)) != nil else { return }
        let lines = content.split(separator: UInt8(ascii: "\n"))
        let kept = try lines.filter { try !Self.isLetter($0, to: recipientID) }
        guard kept.count < lines.count else { return }
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        try replace(file, with: kept.reduce(into: Data()) { $0 += $1 + [UInt8(ascii: "\n")] })
        // By it is known when its letters are too old.
        try FileManager.default.setAttributes([.modificationDate: attributes[.modificationDate] ?? Date()], ofItemAtPath: file.path)
    }

    /// A line that is no letter names nobody.
    private static func isLetter(_ line: Data, to recipientID: String) throws -> Bool {
        guard line.range(of: Data(recipientID.utf8)) != nil else { return false }
        return try ProtobufStruct(json: String(decoding: line, as: UTF8.self)).fields["recipient_id"] == ProtobufValue.text(recipientID)
    }

    private func replace(_ file: URL, with content: Data) throws {
        let draft = file.path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(descriptor) }
        let failure = Self.writeDurably(Array(content), to: descriptor)
        guard failure == 0, rename(draft, file.path) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: failure == 0 ? errno : failure) ?? .EIO)
        }
    }
}
