/// Why an archive can't be made, read or put back.
public enum ArchiveError: Error, CustomStringConvertible, Sendable {
    /// The system refused: what was done, to which file, and its reason.
    case system(act: String, path: String, reason: String)
    /// What is in the file is no whole archive of a hospital.
    case unsound(String)
    /// The archive was made by a later program.
    case unknownFormat(Int)
    /// There is something already where it is to go.
    case targetInUse(String)
    case noRoom(needed: Int64, free: Int64)
    /// The archive is encrypted, and no key was given.
    case sealed(String)
    /// A file holds no key, or the other one of the pair.
    case noKey(path: String, wanted: String)
    case keyExists(String)

    public var description: String {
        switch self {
        case .system(let act, let path, let reason): "can't \(act) \(path): \(reason)"
        case .unsound(let reason): "the archive is not sound: \(reason)"
        case .unknownFormat(let format): "the archive has format \(format), which this program does not know: use a newer one"
        case .targetInUse(let path): "\(path) is not empty: an archive is restored into an empty folder only"
        case .sealed(let path): "\(path) is encrypted: give the private key by --key"
        case .noKey(let path, let wanted): "\(path) is no key file that begins with \(wanted)"
        case .keyExists(let path): "\(path) is there already, and may be what opens your archives: choose another name"
        case .noRoom(let needed, let free): "the archive needs \(needed) bytes of disk, and \(free) are free"
        }
    }
}
