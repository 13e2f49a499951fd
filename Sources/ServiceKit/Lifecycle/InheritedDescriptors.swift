#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What the process that keeps this one running has opened for it: its socket is there before it is, and stays while it
/// is started again.
///
/// The environment names each descriptor: `HMS_DESCRIPTORS=lock=4,rpc=5`. A process that is started alone inherits none.
public struct InheritedDescriptors: Sendable {
    public enum Name: String, Hashable, Sendable {
        /// Where the start says how far it has come, see ``StartProgress``.
        case progress
        /// The lock of the data folder, held for as long as it is open: the folder is taken while one child lives.
        case lock
        /// The listening socket of a service.
        case rpc
        /// The listening socket of the REST shim.
        case http
        /// The listening socket of the metrics.
        case metrics
    }

    public static let variable = "HMS_DESCRIPTORS"
    public static let none = InheritedDescriptors(descriptors: [:])

    private let descriptors: [Name: Int32]

    private init(descriptors: [Name: Int32]) {
        self.descriptors = descriptors
    }

    /// Takes what is named there, and keeps children of this process from inheriting it too.
    ///
    /// - Throws: ``ConfigurationError`` where the variable names what is not open.
    public init(environment: [String: String]) throws {
        var descriptors: [Name: Int32] = [:]
        for part in (environment[Self.variable] ?? "").split(separator: ",") {
            let words = part.split(separator: "=", maxSplits: 1).map(String.init)
            guard words.count == 2, let name = Name(rawValue: words[0]), let descriptor = Int32(words[1]), descriptor > STDERR_FILENO,
                fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0
            else { throw ConfigurationError([.init(Self.variable, "“\(part)” names no open descriptor")]) }
            descriptors[name] = descriptor
        }
        self.init(descriptors: descriptors)
    }

    public subscript(name: Name) -> Int32? { descriptors[name] }

    /// Whether there is a process that keeps this one running.
    public var isSupervised: Bool { descriptors[.progress] != nil }

    /// How the variable names these descriptors.
    public static func text(_ descriptors: [(name: Name, number: Int32)]) -> String {
        descriptors.map { "\($0.name.rawValue)=\($0.number)" }.joined(separator: ",")
    }
}
