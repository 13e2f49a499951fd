import Foundation
import HMSTestKit
import Synchronization

/// A Redis of the test's own: on a free port, in a folder of its own, with nothing on the disk. It ends with whoever has it.
public final class CacheServer: Sendable {
    public let port: Int
    private let folder: TemporaryFolder
    private let arguments: [String]
    private let process = Mutex<Int32>(0)

    /// Starts it and returns when it answers.
    ///
    /// - Parameter more: arguments of `redis-server`.
    public static func start(_ more: [String] = []) async throws -> CacheServer {
        for _ in 1...5 {
            let server = try CacheServer(more)
            // Somebody else may have taken the port meanwhile.
            if try await server.answers(within: .seconds(60)) { return server }
        }
        throw CocoaError(.executableNotLoadable)
    }

    private init(_ more: [String]) throws {
        port = try FreePort.find()
        folder = try TemporaryFolder()
        arguments =
            ["--port", "\(port)", "--bind", "127.0.0.1", "--dir", folder.path, "--save", "", "--appendonly", "no", "--daemonize", "no"]
            + more
        try start()
    }

    deinit {
        kill()
    }

    public func start() throws {
        let server = Process()
        server.executableURL = URL(filePath: "/usr/bin/redis-server")
        server.arguments = arguments
        server.standardOutput = FileHandle.nullDevice
        server.standardError = FileHandle.nullDevice
        try server.run()
        process.withLock { $0 = server.processIdentifier }
    }

    public func kill() { signal(SIGKILL) }
    public func pause() { signal(SIGSTOP) }
    public func goOn() { signal(SIGCONT) }

    /// Runs `redis-cli` against it and answers what it says.
    @discardableResult
    public func command(_ arguments: String...) throws -> String {
        let client = Process()
        let output = Pipe()
        client.executableURL = URL(filePath: "/usr/bin/redis-cli")
        client.arguments = ["-h", "127.0.0.1", "-p", "\(port)"] + arguments
        client.standardOutput = output
        client.standardError = FileHandle.nullDevice
        try client.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        client.waitUntilExit()
        return String(decoding: text, as: UTF8.self)
    }

    private func signal(_ number: Int32) {
        process.withLock { process in
            guard process > 0 else { return }
            _ = Glibc.kill(process, number)
            if number == SIGKILL { process = 0 }
        }
    }

    private func answers(within time: Duration) async throws -> Bool {
        let end = ContinuousClock.now + time
        while ContinuousClock.now < end {
            // One that wants a password answers too.
            if try command("PING").contains(/PONG|NOAUTH/) { return true }
            try await Task.sleep(for: .milliseconds(20))
        }
        return false
    }
}

private enum FreePort {
    static func find() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRINUSE) }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
