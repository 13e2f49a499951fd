import Foundation
public import UnixSignals

/// What asks a process to finish what is under way and stop.
public enum StopSignals {
    /// Ctrl-C, SIGTERM, and a terminal that goes away; the last one not where the process was started to outlive it (`nohup`).
    public static var all: [UnixSignal] {
        isIgnored(SIGHUP) ? [.sigterm, .sigint] : [.sigterm, .sigint, .sighup]
    }

    /// Errors of writing are told by the writing itself, and must not end the process: a reader that has gone, a file
    /// that may not grow.
    public static func leaveErrorsToTheirCalls() {
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
    }

    private static func isIgnored(_ number: Int32) -> Bool {
        var present = sigaction()
        guard sigaction(number, nil, &present) == 0 else { return false }
        return unsafeBitCast(present.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
