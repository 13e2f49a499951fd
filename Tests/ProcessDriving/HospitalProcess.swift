import Foundation
public import HMSTestKit
import PlainText
import ServiceKit
public import Supervision
import Synchronization

/// A hospital as its users have it: the built `hms up` as a process of its own, on free ports and a folder of its own.
public final class HospitalProcess: Sendable {
    /// What the readers of its output have seen; they outlive nothing by holding only this.
    private final class Witness: Sendable {
        private let seen = Mutex(Seen())

        func withLock<Result>(_ body: (inout sending Seen) -> sending Result) -> Result { seen.withLock(body) }
    }

    fileprivate struct Seen {
        var processes: [String: Int32] = [:]
        var url: String?
        var output = ""
        var log: [String] = []
    }

    public let folder: TemporaryFolder
    private let process: Process
    /// Ends with this process, so that the hospital does too, however the tests end.
    private let lifeline = Pipe()
    private let logPipe = Pipe()
    private let seen: Witness

    /// Starts it and returns when it says that it is ready.
    ///
    /// - Parameters:
    ///   - executable: the built `hms`.
    ///   - addresses: where it is and listens, in flags; in its folder and on free ports where not given.
    ///   - environment: settings, beside those of this process.
    ///   - readsLog: false: its log goes to a pipe that nobody reads, and its processes are not known by name.
    ///   - logFile: a file that its log goes to instead, with the same effect.
    public static func start(
        _ executable: String, in folder: TemporaryFolder, addresses: [String]? = nil, arguments: [String] = [],
        environment: [String: String] = [:], readsLog: Bool = true, logFile: String? = nil
    ) async throws -> HospitalProcess {
        let hospital = HospitalProcess(executable, folder, addresses, arguments, environment)
        try hospital.launch(readsLog: readsLog && logFile == nil, logFile)
        try await hospital.wait("ready") { $0.url != nil }
        return hospital
    }

    private init(
        _ executable: String, _ folder: TemporaryFolder, _ addresses: [String]?, _ arguments: [String], _ environment: [String: String]
    ) {
        self.folder = folder
        seen = Witness()
        process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        let usual = ["--data", folder.path + "/var", "--http", "127.0.0.1:0", "--rpc-base-port", "0"]
        process.arguments = ["up"] + (addresses ?? usual) + arguments
        process.environment = ProcessInfo.processInfo.environment
            .merging(environment) { $1 }
            .merging([Lifeline.variable: "1"]) { $1 }
    }

    /// A hospital that its test has let go of must not stay.
    deinit {
        if process.isRunning { _ = Foundation.kill(process.processIdentifier, SIGKILL) }
    }

    public var data: DataFolder { DataFolder(folder.path + "/var") }
    public var pid: Int32 { process.processIdentifier }
    public var url: String { seen.withLock { $0.url ?? "" } }
    /// What it has told people.
    public var output: String { seen.withLock { $0.output } }
    /// The last ten thousand lines of its log, and more.
    public var log: [String] { seen.withLock { $0.log } }
    /// The processes that it keeps running, by name.
    public var processes: [String: Int32] { seen.withLock { $0.processes } }

    /// Asks it to stop and answers its exit status.
    public func stop() async throws -> Int32 {
        process.terminate()
        return try await exitStatus()
    }

    public func kill(_ name: String) {
        if let pid = processes[name] { _ = Foundation.kill(pid, SIGKILL) }
    }

    /// Has a process stand still: its connections stay open, and nobody gets an answer.
    public func freeze(_ name: String) {
        if let pid = processes[name] { _ = Foundation.kill(pid, SIGSTOP) }
    }

    /// Lets a process that stands still go on where it was.
    public func thaw(_ name: String) {
        if let pid = processes[name] { _ = Foundation.kill(pid, SIGCONT) }
    }

    /// Sends a signal to the process that keeps the others running.
    public func signal(_ number: Int32) {
        _ = Foundation.kill(pid, number)
    }

    /// Ends it without a chance to clean up.
    public func killItself() async throws {
        _ = Foundation.kill(pid, SIGKILL)
        _ = try await exitStatus()
    }

    /// Waits for its end.
    public func exitStatus() async throws -> Int32 {
        try await wait("end") { [process] _ in !process.isRunning }
        return process.terminationStatus
    }

    private func launch(readsLog: Bool, _ logFile: String?) throws {
        let output = Pipe()
        process.standardOutput = output
        process.standardError = logPipe
        if let logFile {
            try Data().write(to: URL(fileURLWithPath: logFile))
            process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: logFile))
        }
        process.standardInput = lifeline
        try process.run()
        read(output) { $0.note(output: $1) }
        if readsLog { read(logPipe) { $0.note(log: $1) } }
    }

    private func read(_ pipe: Pipe, _ note: @escaping @Sendable (inout Seen, String) -> Void) {
        let handle = pipe.fileHandleForReading
        Thread.detachNewThread { [seen] in
            var rest = ""
            while true {
                let data = handle.availableData
                guard !data.isEmpty else { return }
                rest += String(decoding: data, as: UTF8.self)
                var lines = rest.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
                rest = lines.removeLast()
                seen.withLock { seen in for line in lines { note(&seen, line) } }
            }
        }
    }

    /// Waits until something is so; a hospital that ends before, or takes longer than a minute, fails with its last words.
    private func wait(_ what: String, until isSo: (Seen) -> Bool) async throws {
        let giveUp = ContinuousClock.now + .seconds(300)
        while !seen.withLock({ isSo($0) }) {
            guard ContinuousClock.now < giveUp, process.isRunning else {
                guard !seen.withLock({ isSo($0) }) else { return }
                throw HospitalProcessError(awaited: what, log: log)
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}

extension HospitalProcess.Seen {
    fileprivate mutating func note(output line: String) {
        output += line + "\n"
        if line.hasPrefix("ready ") { url = String(line.dropFirst("ready ".count)) }
    }

    fileprivate mutating func note(log line: String) {
        log.append(line)
        if log.count > 20_000 { log.removeFirst(10_000) }
        guard line.contains("\"process started\""), let entry = try? JSONValue(parsing: line),
            let name = entry["process"]?.text, case .integer(let pid) = entry["pid"]
        else { return }
        processes[name] = Int32(truncatingIfNeeded: pid)
    }
}

/// A hospital that did not do what was waited for.
public struct HospitalProcessError: Error, CustomStringConvertible {
    let awaited: String
    let log: [String]
    public var description: String { "waited in vain for its \(awaited); its log ends:\n\(log.suffix(50).joined(separator: "\n"))" }
}
