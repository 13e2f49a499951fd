import Foundation
import Glibc
import Synchronization

/// A network of its own for one test: hosts that are network namespaces, on a bridge in one more. Nothing of it is reached from
/// outside, and it goes with the test.
final class TestNetwork {
    private let name: String
    private var hosts: [Host] = []

    private static let count = Atomic(0)

    /// - Throws: ``CommandFailed`` where namespaces can't be made.
    init() throws {
        name = "hms\(getpid())n\(Self.count.add(1, ordering: .relaxed).newValue)"
        try Self.ip("netns", "add", hub)
        try inHub("ip", "link", "add", "bridge", "type", "bridge")
        try inHub("ip", "link", "set", "bridge", "up")
    }

    deinit {
        for namespace in hosts.map(\.namespace) + [hub] { try? Self.ip("netns", "del", namespace) }
    }

    private var hub: String { "\(name)h" }

    /// A host with the next free address.
    func addHost() throws -> Host {
        let number = hosts.count + 1
        let host = Host(namespace: "\(name)x\(number)", address: "10.77.0.\(number)")
        try Self.ip("netns", "add", host.namespace)
        hosts.append(host)
        try inHub("ip", "link", "add", "port\(number)", "type", "veth", "peer", "name", "wire", "netns", host.namespace)
        try inHub("ip", "link", "set", "port\(number)", "master", "bridge", "up")
        try host.run("ip", "address", "add", "\(host.address)/24", "dev", "wire")
        try host.run("ip", "link", "set", "wire", "up")
        return host
    }

    private func inHub(_ command: String...) throws {
        try Command.run(["ip", "netns", "exec", hub] + command)
    }

    private static func ip(_ arguments: String...) throws {
        try Command.run(["ip"] + arguments)
    }

    /// Why there can be no such network here; nil where there can.
    static let obstacle: String? = {
        do {
            let network = try TestNetwork()
            try network.addHost().drop(percent: 1)
            return nil
        } catch {
            return "network namespaces can't be made here: \(error). They need root, and iproute2 and nftables."
        }
    }()

    /// Whether these tests must run: then a machine that can't make networks fails them.
    static let isRequired = ProcessInfo.processInfo.environment["HMS_NETWORK_TESTS"] == "required"
}

/// A machine of its own, as far as the network goes.
struct Host {
    let namespace: String
    let address: String

    func run(_ command: String...) throws {
        try Command.run(["ip", "netns", "exec", namespace] + command)
    }

    /// Loses so many of a hundred packets that arrive here. All of them: nobody hears of it, and connections stand half open.
    func drop(percent: Int) throws {
        try run("nft", "add", "table", "ip", "weather")
        try run("nft", "add", "chain", "ip", "weather", "arriving", "{ type filter hook input priority 0 ; }")
        let chance = percent < 100 ? "numgen random mod 100 < \(percent)" : ""
        try run("nft", "add rule ip weather arriving \(chance) drop")
    }

    func dropNothing() throws {
        try run("nft", "delete", "table", "ip", "weather")
    }

    /// Sends no faster.
    func limit(kilobitsPerSecond rate: Int) throws {
        try run("tc", "qdisc", "add", "dev", "wire", "root", "tbf", "rate", "\(rate)kbit", "burst", "4kb", "latency", "2s")
    }

    /// Does something with the calling thread on this host. It stays there: sockets that it makes belong to the host.
    func enter() throws {
        let file = open("/var/run/netns/\(namespace)", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw CommandFailed(description: "\(namespace) is gone") }
        defer { close(file) }
        guard try Self.setNamespace(file, 0) == 0 else { throw CommandFailed(description: "setns: \(String(cString: strerror(errno)))") }
    }

    /// glibc declares `setns` for those only who ask for GNU's additions, which Swift can't.
    private static var setNamespace: @convention(c) (CInt, CInt) -> CInt {
        get throws {
            guard let symbol = dlsym(nil, "setns") else { throw CommandFailed(description: "there is no setns") }
            return unsafeBitCast(symbol, to: (@convention(c) (CInt, CInt) -> CInt).self)
        }
    }

    /// A socket that is bound to a port of this host, made by a thread that ends with it.
    func boundSocket(port: Int) async throws -> CInt {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try enter()
                        return try bind(port: port)
                    })
            }
        }
    }

    private func bind(port: Int) throws -> CInt {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = in_port_t(port).bigEndian
        inet_pton(AF_INET, address, &name.sin_addr)
        let result = withUnsafePointer(to: &name) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else { throw CommandFailed(description: "bind: \(String(cString: strerror(errno)))") }
        return socket
    }
}

/// A command of the system, until it ends.
enum Command {
    static func run(_ words: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw CommandFailed(description: "\(words.joined(separator: " ")): \(text.trimmingCharacters(in: .whitespacesAndNewlines))")
        }
    }
}

struct CommandFailed: Error, CustomStringConvertible {
    let description: String
}
