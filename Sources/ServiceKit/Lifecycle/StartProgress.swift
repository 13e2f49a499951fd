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

    /// Never waits: a supervisor that does not read hears the next line instead. One that is gone needs none. After the last
    /// word nobody has to listen any more, and nothing is heard.
    public func tell(_ phase: StartPhase) {
        guard let descriptor else { return }
        let line = Array(phase.line.utf8.prefix(Self.lineLimit - 1)) + [0x0A]
        _ = line.withUnsafeBytes { SystemWrite.write($0, to: descriptor) }
        if phase.isLast { Self.end(descriptor) }
    }

    /// Lets the supervisor read the end of the pipe. The number stays taken, by what leads nowhere, so that no later word can
    /// reach a file that has got it meanwhile.
    private static func end(_ descriptor: Int32) {
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard nowhere >= 0 else { return }
        _ = dup2(nowhere, descriptor)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = close(nowhere)
    }
}
