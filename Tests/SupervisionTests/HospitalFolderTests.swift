import Foundation
import HospitalClient
import ServiceKit
import Testing

@testable import Supervision

@Suite(.timeLimit(.minutes(10))) struct HospitalFolderTests {
    /// Another test that starts a program just now holds whatever this process held, until that program has begun.
    private static func waitUntilNobodyHolds(_ folder: DataFolder) async {
        while (try? folder.runningHospital()) != nil { await Task.yield() }
    }

    @Test func `the folder is made for its owner only`() throws {
        try Self.usingFolder { folder in
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
        }
    }

    @Test func `a hospital is found by its folder while it runs`() async throws {
        try await Self.withFolder { folder in
            #expect(throws: DataFolderError.self) { try folder.runningHospital() }
            let addresses = HospitalAddresses(pid: getpid(), url: "http://127.0.0.1:1", services: ["patient": "127.0.0.1:2"])
            try await folder.publishing(addresses) {
                let found = try folder.runningHospital()
                #expect(found == addresses)
            }
            await Self.waitUntilNobodyHolds(folder)
            #expect(throws: DataFolderError.self) { try folder.runningHospital() }
        }
    }

    @Test func `a file left by a hospital that was killed fools nobody, though its process id lives`() async throws {
        try await Self.withFolder { folder in
            try await folder.publishing(HospitalAddresses(pid: getpid(), url: "http://127.0.0.1:1", services: [:])) {}
            #expect(FileManager.default.fileExists(atPath: folder.path + "/hospital.json"))
            await Self.waitUntilNobodyHolds(folder)
            let refusal = #expect(throws: DataFolderError.self) { try folder.runningHospital() }
            #expect(refusal?.description.contains("no hospital runs") == true)
        }
    }

    @Test func `a folder is for one hospital at a time`() async throws {
        try await Self.withFolder { folder in
            let lock = try await folder.lock()
            try await folder.publishing(HospitalAddresses(pid: getpid(), url: "http://127.0.0.1:1", services: [:])) {
                let refusal = await #expect(throws: DataFolderError.self) { _ = try await folder.lock() }
                #expect(refusal?.description.contains("already runs") == true)
            }
            lock?.release()
            let next = try await folder.lock()
            next?.release()
        }
    }

    @Test func `a child that still drains keeps the folder, and is waited for`() async throws {
        try await Self.withFolder { folder in
            let lifeline = try Descriptors.makePipe()
            let lock = try #require(try await folder.lock())
            let up = Latch<Void>()
            let child = try ChildProcess(.shell("echo up >&3; cat", descriptors: [(.lock, lock.descriptor)]), input: lifeline.reading) {
                _ in
                up.set(())
            }
            await up.value()
            // As if this process were killed: only the child has the lock now.
            lock.release()
            let waits = Latch<Void>()
            let next = Task { try await folder.lock { waits.set(()) } }
            await waits.value()
            child.signal(SIGKILL)
            let taken = try await next.value
            #expect(taken != nil)
            taken?.release()
            close(lifeline.reading)
            close(lifeline.writing)
        }
    }

    @Test func `waiting for a folder ends when it is asked to`() async throws {
        try await Self.withFolder { folder in
            let lock = try await folder.lock()
            let stop = StopRequest()
            let next = try await folder.lock(until: stop) { stop.request() }
            #expect(next == nil)
            lock?.release()
        }
    }

    @Test func `a taken port is refused with the flag that chooses another`() async throws {
        try await Self.withFolder { folder in
            let lock = try #require(try await folder.lock())
            let anywhere = NetworkAddress(host: "127.0.0.1", port: 0)
            let taken = try ListeningSocket(anywhere, for: "a test", flag: "--test")
            let refusal = #expect(throws: PortError.self) {
                try HospitalPlan(
                    folder: folder, lock: lock, http: taken.address, rpc: anywhere, services: ["patient"], settings: HospitalSettings())
            }
            #expect(refusal?.description.contains("--http-listen") == true)
        }
    }

    @Test func `a port that nobody names is one that is free, and stays so`() async throws {
        try await Self.withFolder { folder in
            let lock = try #require(try await folder.lock())
            let anywhere = NetworkAddress(host: "127.0.0.1", port: 0)
            let services = Settings.services
            let plan = try HospitalPlan(
                folder: folder, lock: lock, http: anywhere, rpc: anywhere, services: services, settings: HospitalSettings())
            let ports = plan.services.map(\.address.port) + [plan.http.port]
            #expect(Set(ports).count == services.count + 1 && !ports.contains(0))
            for port in ports {
                let address = NetworkAddress(host: "127.0.0.1", port: port)
                #expect(throws: PortError.self) { try ListeningSocket(address, for: "a test", flag: "--test") }
            }
        }
    }

    @Test func `a service that runs elsewhere is spoken to there and not started`() async throws {
        try await Self.withFolder { folder in
            let lock = try #require(try await folder.lock())
            let anywhere = NetworkAddress(host: "127.0.0.1", port: 0)
            let elsewhere = NetworkAddress(host: "10.0.0.7", port: 7003)
            let plan = try HospitalPlan(
                folder: folder, lock: lock, http: anywhere, rpc: anywhere, services: ["patient", "billing"],
                settings: HospitalSettings(peers: ["billing": [elsewhere]], environment: ["HMS_CURRENCY": "EUR"]))
            let program = try HospitalProgram(path: "/bin/sh")
            let commands = plan.back(program) + plan.front(program)
            #expect(commands.map(\.name) == ["patient", "rest"])
            #expect(commands.map { $0.arguments.prefix(2) } == [["serve", "patient"], ["serve", "rest"]])
            #expect(commands.allSatisfy { $0.arguments.contains("10.0.0.7:7003") && $0.environment["HMS_CURRENCY"] == "EUR" })
            #expect(plan.addresses.services["billing"] == "10.0.0.7:7003")
        }
    }

    @Test func `each service has as many processes as are asked for, and everybody knows all of them`() async throws {
        try await Self.withFolder { folder in
            let lock = try #require(try await folder.lock())
            let anywhere = NetworkAddress(host: "127.0.0.1", port: 0)
            let plan = try HospitalPlan(
                folder: folder, lock: lock, http: anywhere, rpc: anywhere, services: ["patient", "billing"], replicas: 2,
                settings: HospitalSettings(peers: ["billing": [anywhere]]))
            let program = try HospitalProgram(path: "/bin/sh")
            #expect(plan.back(program).map(\.name) == ["patient", "patient.2"])
            let ports = plan.services.filter { $0.name == "patient" }.map(\.address.port)
            let all = "127.0.0.1:\(ports[0]),127.0.0.1:\(ports[1])"
            #expect((plan.back(program) + plan.front(program)).allSatisfy { $0.arguments.contains(all) })
        }
    }

    @Test(arguments: [("90s", 90), ("30m", 1800), ("8h", 28800), ("365d", 31_536_000)])
    func `a token's life is read`(text: String, seconds: Int) {
        #expect(TimeToLive(text)?.duration == .seconds(seconds))
    }

    @Test(arguments: ["", "8", "h", "0h", "-1h", "8w", "366d", "1.5h", "99999999999999999999h"])
    func `a life that is none is refused`(text: String) {
        #expect(TimeToLive(text) == nil)
    }

    @Test(arguments: ["http://127.0.0.1:8080", "https://hms.example.org", "http://[::1]:80/"])
    func `a hospital's address is http or https`(text: String) throws {
        #expect(try !HospitalURL(text).description.hasSuffix("/"))
    }

    @Test(arguments: ["", "127.0.0.1:8080", "ftp://x", "file:///etc/passwd", "http://", "http://a?b=c", "http://me:secret@host"])
    func `anything else is refused`(text: String) {
        #expect(throws: HospitalURLError.self) { try HospitalURL(text) }
    }

    private static func withFolder(_ body: (DataFolder) async throws -> Void) async throws {
        let folder = DataFolder(NSTemporaryDirectory() + "/hms-\(UUID().uuidString)")
        try folder.prepare()
        let result = await Result(catching: { try await body(folder) })
        try FileManager.default.removeItem(atPath: folder.path)
        try result.get()
    }

    private static func usingFolder(_ body: (DataFolder) throws -> Void) throws {
        let folder = DataFolder(NSTemporaryDirectory() + "/hms-\(UUID().uuidString)")
        try folder.prepare()
        defer { try? FileManager.default.removeItem(atPath: folder.path) }
        try body(folder)
    }
}
