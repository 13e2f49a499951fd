import Foundation
import ServiceKit
import Synchronization
import Testing

@testable import Supervision

@Suite(.timeLimit(.minutes(10))) struct SupervisorTests {
    @Test func `a program that dies is started again at once`() async throws {
        let stage = try Stage()
        await stage.run([.shell("exec cat")]) {
            let first = try await stage.nextStart()
            kill(first, SIGKILL)
            let second = try await stage.nextStart()
            #expect(second != first)
        }
        #expect(stage.deaths == [.killed(signal: SIGKILL)])
        #expect(stage.pauses == [.zero])
    }

    @Test func `a program that keeps dying is waited for longer and longer`() async throws {
        let stage = try Stage(
            policy: RestartPolicy(settledAge: .seconds(60), firstPause: .milliseconds(5), longestPause: .milliseconds(10)))
        await stage.run([.shell("exit 3")]) {
            for _ in 0..<5 { _ = try await stage.nextStart() }
        }
        #expect(stage.deaths.allSatisfy { $0 == .exited(code: 3) })
        #expect(Array(stage.pauses.prefix(4)) == [.zero, .milliseconds(5), .milliseconds(10), .milliseconds(10)])
    }

    @Test func `a program that can't be started is told and tried again`() async throws {
        let stage = try Stage()
        await stage.run([ProcessCommand(name: "none", executable: "/no/such/program", arguments: [])]) {
            await stage.until { !$0.deaths.isEmpty }
        }
        guard case .notStarted = stage.deaths[0] else {
            Issue.record("ended as \(stage.deaths[0])")
            return
        }
    }

    @Test func `what a program says of its start arrives in whole lines, the last one too`() async throws {
        let stage = try Stage()
        await stage.run([.shell("printf 'one\\ntw' >&3; printf 'o\\nthree' >&3; exec cat >/dev/null")]) {
            _ = try await stage.nextStart()
            await stage.until { $0.lines.count >= 2 }
        }
        #expect(stage.lines == ["one", "two", "three"])
    }

    @Test func `a program that drains is given the time it needs`() async throws {
        let stage = try Stage(grace: .seconds(30))
        await stage.run([.shell("trap 'echo drained >&3; exit 0' TERM; echo ready >&3; while :; do read line || sleep 0.01; done")]) {
            await stage.until { !$0.lines.isEmpty }
        }
        #expect(stage.lines == ["ready", "drained"])
        #expect(stage.stops == [.exited(code: 0)])
    }

    @Test func `a program that will not stop is killed when its time is over`() async throws {
        let stage = try Stage(grace: .milliseconds(50))
        await stage.run([.shell("trap '' TERM; echo ready >&3; while :; do sleep 0.01; done")]) {
            await stage.until { !$0.lines.isEmpty }
        }
        #expect(stage.stops == [.killed(signal: SIGKILL)])
    }

    @Test func `the front has stopped before the back is asked to`() async throws {
        let stage = try Stage(grace: .seconds(30))
        let trap = { (word: String) in
            ProcessCommand.shell("trap 'sleep 0.05; echo \(word) >&3; exit 0' TERM; echo up >&3; while :; do sleep 0.01; done")
        }
        await stage.run(front: [trap("front")], back: [trap("back")]) {
            await stage.until { $0.lines.count >= 2 }
        }
        #expect(stage.lines == ["up", "up", "front", "back"])
    }

    @Test func `the lifeline ends with the process that holds it`() throws {
        let lifeline = try Descriptors.makePipe()
        let lines = Mutex<[String]>([])
        let ended = DispatchSemaphore(value: 0)
        let child = try ChildProcess(.shell("echo up >&3; cat; echo over >&3"), input: lifeline.reading) { line in
            lines.withLock { $0.append(line) }
            ended.signal()
        }
        #expect(ended.wait(timeout: .now() + 30) == .success)
        close(lifeline.writing)
        #expect(ended.wait(timeout: .now() + 30) == .success)
        #expect(lines.withLock { $0 } == ["up", "over"])
        child.signal(SIGKILL)
        close(lifeline.reading)
    }

    @Test func `a program gets the descriptors that are named for it, and no other`() async throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        let given = try ListeningSocket(NetworkAddress(host: "127.0.0.1", port: 0), for: "a test", flag: "--test")
        let stage = try Stage()
        let script = "ls /proc/self/fd >&3; readlink /proc/$$/fd/4 >&3; echo $HMS_DESCRIPTORS >&3; exec cat"
        await stage.run([.shell(script, descriptors: [(.rpc, given.descriptor)])]) {
            await stage.until { $0.lines.contains("progress=3,rpc=4") }
        }
        #expect(stage.lines.dropLast().last?.hasPrefix("socket:") == true)
        // The highest is the folder that `ls` reads.
        #expect(stage.lines.compactMap { Int($0) }.sorted() == [0, 1, 2, 3, 4, 5])
    }

    @Test func `a socket listens on while the program it is for is started again`() async throws {
        let given = try ListeningSocket(NetworkAddress(host: "127.0.0.1", port: 0), for: "a test", flag: "--test")
        let stage = try Stage()
        await stage.run([.shell("exec cat", descriptors: [(.rpc, given.descriptor)])]) {
            kill(try await stage.nextStart(), SIGKILL)
            #expect(canConnect(to: given.address))
            _ = try await stage.nextStart()
            #expect(canConnect(to: given.address))
        }
        #expect(!canConnect(to: given.address), "a hospital that stops must not let callers queue in vain")
    }

    @Test func `whoever does not want to wait kills everything, and nothing is started again`() async throws {
        let stage = try Stage(grace: .seconds(600))
        await stage.run([.shell("trap '' TERM; echo ready >&3; while :; do sleep 0.01; done")]) {
            await stage.until { !$0.lines.isEmpty }
            stage.killAll()
        }
        #expect(stage.stops == [.killed(signal: SIGKILL)])
        #expect(stage.deaths.isEmpty)
    }

    @Test func `a settled program starts with a clean slate`() {
        var policy = RestartPolicy(settledAge: .seconds(5), firstPause: .milliseconds(100), longestPause: .seconds(1))
        let pauses = [1, 1, 4.999, 5, 1].map { policy.pause(afterAge: .seconds($0)) }
        #expect(pauses == [.zero, .milliseconds(100), .milliseconds(200), .zero, .milliseconds(100)])
    }
}

extension ProcessCommand {
    static func shell(
        _ script: String, descriptors: [(name: InheritedDescriptors.Name, descriptor: SharedDescriptor)] = []
    ) -> ProcessCommand {
        ProcessCommand(name: "sh", executable: "/bin/sh", arguments: ["-c", script], descriptors: descriptors)
    }
}

/// Runs a supervisor and remembers what happened.
private final class Stage: Sendable {
    private struct Seen {
        var deaths: [(end: ProcessEnd, pause: Duration)] = []
        var stops: [ProcessEnd] = []
        var lines: [String] = []
    }

    private let seen: SeenBox
    private let supervisor: Supervisor
    private let starts: AsyncStream<Int32>

    private final class SeenBox: Sendable {
        let value = Mutex(Seen())
    }

    init(policy: RestartPolicy = RestartPolicy(), grace: Duration = .seconds(10)) throws {
        let seen = SeenBox()
        let (starts, started) = AsyncStream.makeStream(of: Int32.self)
        self.seen = seen
        self.starts = starts
        supervisor = try Supervisor(policy: policy, grace: grace) { event in
            switch event {
            case .told(_, let line): seen.value.withLock { $0.lines.append(line) }
            case .started(_, let pid): started.yield(pid)
            case .died(_, let end, _, let pause): seen.value.withLock { $0.deaths.append((end, pause)) }
            case .stopped(_, let end): seen.value.withLock { $0.stops.append(end) }
            }
        }
    }

    var deaths: [ProcessEnd] { seen.value.withLock { $0.deaths.map(\.end) } }
    var pauses: [Duration] { seen.value.withLock { $0.deaths.map(\.pause) } }
    var stops: [ProcessEnd] { seen.value.withLock { $0.stops } }
    var lines: [String] { seen.value.withLock { $0.lines } }

    /// Waits until what was seen is as wanted.
    func until(_ isSo: (Stage) -> Bool) async {
        while !isSo(self), !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
    }

    func killAll() { supervisor.killAll() }

    func nextStart() async throws -> Int32 {
        for await pid in starts { return pid }
        throw CancellationError()
    }

    func run(_ commands: [ProcessCommand], _ body: () async throws -> Void) async {
        await run(front: commands, back: [], body)
    }

    /// Runs until `body` is through, then stops everything.
    func run(front: [ProcessCommand], back: [ProcessCommand], _ body: () async throws -> Void) async {
        let running = Task { [supervisor] in await supervisor.run(front: front, back: back) }
        await #expect(throws: Never.self) { try await body() }
        running.cancel()
        await running.value
    }
}

/// Whether anything listens there.
private func canConnect(to address: NetworkAddress) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_port = in_port_t(address.port).bigEndian
    place.sin_addr.s_addr = inet_addr(address.host)
    return withUnsafePointer(to: &place) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}
