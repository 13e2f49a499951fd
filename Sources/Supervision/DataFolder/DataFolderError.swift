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
            let who = holder.map { "a hospital already runs on \(path), at \($0.url) (process \($0.pid))" }
            return (who ?? "another process still holds \(path)") + ": stop it first, or choose another folder with --data"
        }
    }
}
