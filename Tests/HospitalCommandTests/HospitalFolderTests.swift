import Foundation
import ServiceKit
import Testing

@testable import HospitalCommand

@Suite struct HospitalFolderTests {
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
            #expect(throws: DataFolderError.self) { try folder.runningHospital() }
        }
    }

    @Test func `a folder is for one hospital at a time`() async throws {
        try await Self.withFolder { folder in
            let lock = try await folder.lock()
            try await folder.publishing(HospitalAddresses(pid: getpid(), url: "http://127.0.0.1:1", services: [:])) {
                let refusal = await #expect(throws: DataFolderError.self) { _ = try await folder.lock() }
                #expect(refusal?.description.contains("already runs") == true)
            }
            lock.release()
            let next = try await folder.lock()
            next.release()
        }
    }

    @Test func `a taken port is refused with the flag that chooses another`() throws {
        var ports = FreePorts()
        let port = try ports.next(host: "127.0.0.1")
        let address = NetworkAddress(host: "127.0.0.1", port: port)
        #expect(FreePorts.isFree(address))
        let listener = try Listener(port: port)
        defer { listener.close() }
        #expect(!FreePorts.isFree(address))
        let plan = try HospitalPlan(folder: DataFolder("/tmp"), http: address, services: ["patient"], rpcBasePort: 0, clockFile: nil)
        #expect(throws: PortError.self) { try plan.checkPorts() }
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

/// Somebody who listens on a port.
private struct Listener {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        try #require(bound == 0 && listen(descriptor, 1) == 0)
    }

    func close() { _ = Foundation.close(descriptor) }
}
