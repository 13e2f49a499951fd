import Foundation

/// `hospital.json`: where the hospital of a data folder is. It counts only while the process that wrote it keeps it
/// locked, so a file left behind by a process that was killed fools nobody, whoever has its process id now.
struct AddressFile: Sendable {
    let path: String

    /// Nil where no hospital runs.
    func read() throws -> HospitalAddresses? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw Self.error(path) }
            return nil
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        // A lock of ours on a file that nobody holds goes with the descriptor.
        guard flock(descriptor, LOCK_SH | LOCK_NB) == -1, errno == EWOULDBLOCK else { return nil }
        do {
            return try JSONDecoder().decode(HospitalAddresses.self, from: try file.readToEnd() ?? Data())
        } catch {
            throw DataFolderError.unusable(path: path, reason: "it is not the address file of a hospital")
        }
    }

    /// Puts the file in place, locked. It counts until what is returned is closed; the file itself stays.
    func publish(_ addresses: HospitalAddresses) throws -> SharedDescriptor {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let text = try encoder.encode(addresses)
        let draft = "\(path).new"
        do {
            let file = try write(text, to: draft)
            guard rename(draft, path) == 0 else { throw Self.error(path) }
            return file
        } catch {
            unlink(draft)
            // On a full disk there is no room for a second file, but for the same one again.
            guard FileManager.default.fileExists(atPath: path) else { throw error }
            return try write(text, to: path)
        }
    }

    private func write(_ text: Data, to path: String) throws -> SharedDescriptor {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.error(path) }
        // Whoever reads a file that is left over holds it for a moment only.
        let isWritten =
            flock(descriptor, LOCK_EX) == 0 && text.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) } == text.count
            && ftruncate(descriptor, off_t(text.count)) == 0
        guard isWritten else {
            let error = Self.error(path)
            close(descriptor)
            throw error
        }
        return try SharedDescriptor(taking: descriptor)
    }

    private static func error(_ path: String) -> DataFolderError {
        .unusable(path: path, reason: String(cString: strerror(errno)))
    }
}
