#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Tells the process that keeps this one running how far its start has come, again and again while a phase lasts: that is
/// how a long migration is told from a process that stands still.
public struct StartProgress: Sendable {
    private let descriptor: Int32?

    /// Longest line; a pipe takes it in one piece or not at all (POSIX promises 512 bytes, Linux 4,096).
    private static let lineLimit = 4_096

    /// Tells nobody where nobody listens.
    public init(_ inherited: InheritedDescriptors) {
        descriptor = inherited[.progress]
    }

    private init() {
        descriptor = nil
    }

    public static let untold = StartProgress()

    /// Never waits: a supervisor that does not read hears the next line instead. One that is gone needs none.
    public func tell(_ phase: StartPhase) {
        guard let descriptor else { return }
        let line = Array(phase.line.utf8.prefix(Self.lineLimit - 1)) + [0x0A]
        _ = line.withUnsafeBytes { SystemWrite.write($0, to: descriptor) }
    }
}
