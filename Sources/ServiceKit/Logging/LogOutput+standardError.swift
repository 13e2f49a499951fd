import Foundation

extension LogOutput {
    /// The standard error of this process, which has one: all its loggers share it.
    ///
    /// What waits is written when the process exits, and when it crashes, within a bound each.
    public static let standardError: LogOutput = {
        let output = LogOutput(descriptor: STDERR_FILENO)
        // A reader that goes away must not take the process with it.
        signal(SIGPIPE, SIG_IGN)
        atexit { LogOutput.standardError.flush(within: .seconds(1)) }
        for (crash, _) in LastWords.before { LastWords.listen(for: crash) }
        return output
    }()
}

/// Lets the log be written before the process dies of a crash. Whoever looked after crashes before still does, afterwards.
private enum LastWords {
    private static let crashes = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE]

    /// What was done about each crash before.
    static let before: [(crash: Int32, action: sigaction)] = crashes.map { crash in
        var action = sigaction()
        _ = sigaction(crash, nil, &action)
        return (crash, action)
    }

    static func listen(for crash: Int32) {
        var action = sigaction()
        action.sa_flags = SA_SIGINFO
        action.__sigaction_handler.sa_sigaction = { crash, cause, _ in
            LogOutput.standardError.waitForWriter(within: .milliseconds(200))
            LastWords.leave(crash)
            // A fault comes again by itself, once this returns; what somebody has sent does not.
            if crash == SIGABRT || (cause?.pointee.si_code ?? 0) <= 0 { raise(crash) }
        }
        _ = sigaction(crash, &action, nil)
    }

    private static func leave(_ crash: Int32) {
        for entry in before where entry.crash == crash {
            var action = entry.action
            _ = sigaction(crash, &action, nil)
        }
    }
}
