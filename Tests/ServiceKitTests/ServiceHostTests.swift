import Contracts
import Glibc
import HMSTestKit
import NIOCore
import RPC
import Storage
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct ServiceHostTests {
    private let hospital: TestHospital

    init() throws {
        hospital = try TestHospital()
    }

    @Test func `a service answers on its port and keeps its data over a restart`() async throws {
        let options = try await hospital.options(.reception)
        for number in 1...2 {
            let host = try await hospital.start(Notebook.definition())
            let client = hospital.client(to: host)
            #expect(await client.send("milk", to: Notebook.add, options) == Outcome(text: "note \(number): milk"))
            #expect(await client.send("milk", to: Notebook.add).code == .unauthenticated)
            await client.close()
            await host.stop()
        }
    }

    @Test func `metadata of a replay crosses the wire`() async throws {
        let host = try await hospital.start(Notebook.definition())
        let client = hospital.client(to: host)
        let options = try await hospital.options(.billing, idempotencyKey: "k1")
        #expect(await client.send("milk", to: Notebook.pay, options) == Outcome(text: "note 1: milk"))
        #expect(await client.send("milk", to: Notebook.pay, options) == Outcome(text: "note 1: milk", isReplay: true))
        await client.close()
        await host.stop()
    }

    @Test func `a stopping service lets the call under way end`() async throws {
        let (started, startedSignal) = AsyncStream.makeStream(of: Void.self)
        let (release, releaseSignal) = AsyncStream.makeStream(of: Void.self)
        let host = try await hospital.start(
            Notebook.definition {
                startedSignal.yield()
                for await _ in release { break }
            })
        let client = hospital.client(to: host)
        let options = try await hospital.options(.reception)
        async let answer = client.send("milk", to: Notebook.add, options)
        for await _ in started { break }
        async let stopped: Void = host.stop()
        while host.assembly.readiness.isReady { await Task.yield() }
        releaseSignal.yield()
        #expect(await answer == Outcome(text: "note 1: milk"))
        await stopped
        #expect(await client.send("milk", to: Notebook.add, options).code == .unavailable)
        await client.close()
    }

    @Test func `a service that cannot have its port leaves its database to others`() async throws {
        let first = try await hospital.start(Notebook.definition())
        var configuration = hospital.configuration
        configuration.rpcListen.port = first.address.port
        configuration.dataFolder = hospital.folder.path + "/other"
        let options = HostOptions(logger: hospital.log.logger())
        await #expect(throws: (any Error).self) { try await ServiceHost.start(Notebook.definition(), configuration, options: options) }
        configuration.rpcListen.port = 0
        let second = try await ServiceHost.start(Notebook.definition(), configuration, options: options)
        await second.stop()
        await first.stop()
    }

    @Test func `a service tells its supervisor how far its start comes, and takes the socket that it is given`() async throws {
        let first = try await hospital.start(Notebook.definition())
        let address = first.address
        await first.stop()
        let slow = Migration(
            version: 2, name: "slow",
            sql: """
                CREATE TABLE counted (n INTEGER PRIMARY KEY);
                INSERT INTO counted WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 10000000)
                    SELECT max(n) FROM numbers;
                """)
        let notebook = Notebook.definition()
        let later = ServiceDefinition(name: notebook.name, schema: notebook.schema.followed(by: slow), makeParts: notebook.makeParts)
        var pipe: [Int32] = [0, 0]
        try #require(Glibc.pipe(&pipe) == 0)
        let socket = try Self.listen(on: address.port)
        let inherited = try InheritedDescriptors(environment: ["HMS_DESCRIPTORS": "progress=\(pipe[1]),rpc=\(socket)"])
        let host = try await ServiceHost.start(
            later, hospital.configuration(of: later), options: HostOptions(logger: hospital.log.logger(), inherited: inherited))
        #expect(host.address.port == address.port)
        let client = hospital.client(to: host)
        let options = try await hospital.options(.reception)
        #expect(await client.send("milk", to: Notebook.add, options).text == "note 1: milk")
        await client.close()
        await host.stop()
        var buffer = [UInt8](repeating: 0, count: 4_096)
        let lines = String(decoding: buffer[..<read(pipe[0], &buffer, buffer.count)], as: UTF8.self).split(separator: "\n")
        #expect(lines.count >= 3 && lines.dropLast().allSatisfy { $0 == "migrating 1 1" } && lines.last == "ready", "\(lines)")
        for end in pipe { close(end) }
    }

    /// A listening socket as a supervisor has it.
    private static func listen(on port: Int) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = in_port_t(port).bigEndian
        place.sin_addr.s_addr = inet_addr("127.0.0.1")
        let bound = withUnsafePointer(to: &place) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        try #require(bound == 0 && Glibc.listen(descriptor, 16) == 0)
        return descriptor
    }

    @Test func `a service tells anybody whether it wants calls`() async throws {
        let host = try await hospital.start(Notebook.definition())
        let health = HealthServiceClient(host.assembly.channel)
        let well = try await health.check(CheckRequest())
        #expect(well.status == .serving && well.service == "notebook" && well.version == Contracts.version)
        await host.stop()
        #expect(try await health.check(CheckRequest()).status == .notServing)
    }

    @Test func `a service describes all that it serves to those who have a token`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let reflection = ReflectionServiceClient(notebook.channel)
        let described = try await reflection.describe(DescribeRequest(), try await hospital.options(.billing))
        #expect(described.methods.contains("test.Notebook/Add"))
        #expect(described.methods.contains("hms.rpc.v1.HealthService/Check"))
        #expect(described.methods.contains("hms.rpc.v1.ReflectionService/Describe"))
        #expect(described.fileDescriptorSet == Contracts.fileDescriptorSet)
        await #expect(throws: RPCError.self) { try await reflection.describe(DescribeRequest()) }
    }

    @Test func `a peer that is not configured is unavailable`() async throws {
        let notebook = try await hospital.open(Notebook.definition())
        let outcome = await notebook.resources.peers.channel(to: "billing").send("x", to: Notebook.count)
        #expect(outcome == Outcome(code: .unavailable, reason: "UNAVAILABLE", retryAfter: .seconds(30)))
    }

    @Test func `a service calls others in its own name, under the caller's correlation id and deadline`() async throws {
        let peer = try await hospital.open(Notebook.definition())
        let peers = Peers(
            channels: ["notebook": peer.channel], token: ServiceToken(service: "patient", identity: hospital.configuration.identity))
        let context = CallContext(
            method: Notebook.add, deadline: .after(.seconds(5)), metadata: [MetadataName.correlationID: "corr-1"])
        context.principal = Principal(subject: "anna", role: .reception)
        let options = try await peers.asService(context)
        #expect(await peers.channel(to: "notebook").send("x", to: Notebook.deliver, options).text == "done x")
        #expect(options.metadata[MetadataName.correlationID] == "corr-1")
        #expect(try #require(options.timeout) < .seconds(5))
        #expect(hospital.log.lines.contains { $0.contains(#""caller":"patient""#) && $0.contains(#""role":"service""#) })
    }

    @Test func `a service without a key to sign with says so when it must call others`() async throws {
        var identity = hospital.configuration.identity
        identity.givenServiceKeyFile = hospital.folder.path + "/none.pem"
        let token = ServiceToken(service: "patient", identity: identity)
        let error = #expect(throws: RPCError.self) { try token.token() }
        #expect(error?.code == .unavailable)
    }
}
