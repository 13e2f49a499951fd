import Foundation

/// The folder in which a hospital keeps everything it has: addresses, keys and one folder per service.
public struct DataFolder: Sendable {
    public let path: String

    public init(_ path: String) {
        self.path = URL(fileURLWithPath: path).path
    }

    /// Makes the folder where there is none, for its owner only.
    public func prepare() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        } catch {
            throw DataFolderError.unusable(path: path, reason: error.localizedDescription)
        }
    }

    /// The hospital that runs on this folder.
    public func runningHospital() throws -> HospitalAddresses {
        guard let addresses = try addresses(), Self.isAlive(addresses.pid) else { throw DataFolderError.noHospital(path: path) }
        return addresses
    }

    /// Says where the hospital is for as long as it runs.
    public func publishing(_ addresses: HospitalAddresses, while running: () async throws -> Void) async throws {
        try write(addresses)
        let result = await Result(catching: running)
        try FileManager.default.removeItem(at: addressFile)
        try result.get()
    }

    private func write(_ addresses: HospitalAddresses) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(addresses).write(to: addressFile, options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: addressFile.path)
    }

    /// Takes the folder for this process and the children it starts. Children of a hospital that was killed may hold it
    /// a little longer than their parent: they are waited for.
    public func lock(patience: Duration = .seconds(15)) async throws -> FolderLock {
        let giveUp = ContinuousClock.now + patience
        while true {
            if let lock = try FolderLock(path: path + "/hms.lock") { return lock }
            let holder = try? runningHospital()
            guard holder == nil, ContinuousClock.now < giveUp else {
                throw DataFolderError.taken(path: path, by: holder)
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private var addressFile: URL { URL(fileURLWithPath: path + "/hospital.json") }

    private func addresses() throws -> HospitalAddresses? {
        guard let bytes = FileManager.default.contents(atPath: addressFile.path) else { return nil }
        do {
            return try JSONDecoder().decode(HospitalAddresses.self, from: bytes)
        } catch {
            throw DataFolderError.unusable(path: addressFile.path, reason: "it is not the address file of a hospital")
        }
    }

    private static func isAlive(_ pid: Int32) -> Bool {
        pid > 0 && (kill(pid, 0) == 0 || errno == EPERM)
    }
}

/// A file lock that lasts until this process and every child it started have ended.
public struct FolderLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Nil where somebody else holds it.
    fileprivate init?(path: String) throws {
        // Without O_CLOEXEC: the children inherit the lock, and so hold the folder as long as one of them lives.
        descriptor = open(path, O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0 else {
            throw DataFolderError.unusable(path: path, reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
    }

    /// Gives the folder free.
    public consuming func release() {}

    deinit { close(descriptor) }
}

/// Why a data folder can't be used.
public enum DataFolderError: Error, CustomStringConvertible {
    case unusable(path: String, reason: String)
    case noHospital(path: String)
    case noKey(path: String)
    case taken(path: String, by: HospitalAddresses?)

    public var description: String {
        switch self {
        case .unusable(let path, let reason):
            return "can't use \(path): \(reason)"
        case .noHospital(let path):
            return "no hospital runs on \(path): start one with “hms up --data \(path)”, or name another folder with --data"
        case .noKey(let path):
            return "\(path) has no key to sign tokens with: start a hospital on it with “hms up --data \(path)”, or pass a --token"
        case .taken(let path, let holder):
            let who = holder.map { "at \($0.url) (process \($0.pid))" } ?? "and has not answered yet"
            return "a hospital already runs on \(path), \(who): stop it first, or choose another folder with --data"
        }
    }
}
