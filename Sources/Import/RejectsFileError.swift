/// The file for refused rows can't be written.
public enum RejectsFileError: Error, Hashable, CustomStringConvertible {
    case exists(String)
    case notWritable(String)

    public var description: String {
        switch self {
        case .exists(let path): "\(path) is there already and stays as it is: choose another file with --rejects"
        case .notWritable(let path): "can't write the refused rows to \(path): choose another file with --rejects"
        }
    }
}
