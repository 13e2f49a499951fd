import Foundation

/// Ties a child process to the one that keeps it running: when the parent is gone, even by `kill -9`, the child stops.
///
/// The parent hands the read end of a pipe to each child as its standard input and keeps the other end to itself, so
/// that the pipe ends exactly when the parent does. It says so by `HMS_LIFELINE=1` in the child's environment.
public enum Lifeline {
    public static let variable = "HMS_LIFELINE"

    /// How long a child may drain before it is ended the hard way.
    private static let graceSeconds: UInt32 = 10

    /// Watches, where there is a parent to watch. To be called once, first thing in `main`.
    public static func watch() {
        guard let value = getenv(variable), String(cString: value) == "1" else { return }
        #if canImport(Darwin)
        var thread: pthread_t?
        #else
        var thread = pthread_t()
        #endif
        let error = pthread_create(
            &thread, nil,
            { _ in
                Lifeline.waitForParent()
                return nil
            }, nil)
        // A child that can't watch must not run on unwatched.
        if error != 0 { exit(EXIT_FAILURE) }
    }

    /// Nothing is ever written to the pipe, so a read returns only at its end.
    private static func waitForParent() {
        Thread.current.name = "hms-lifeline"
        var byte: UInt8 = 0
        while true {
            let count = read(STDIN_FILENO, &byte, 1)
            if count > 0 || (count < 0 && errno == EINTR) { continue }
            break
        }
        kill(getpid(), SIGTERM)
        sleep(graceSeconds)
        _exit(EXIT_FAILURE)
    }
}
