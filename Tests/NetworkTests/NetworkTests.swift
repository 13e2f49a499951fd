import Foundation
import RPC
import Testing

/// Replicas of a service on hosts of their own, and what networks do to them. No call fails that may be repeated.
@Suite(
    .timeLimit(.minutes(3)), .serialized,
    .enabled(if: TestNetwork.obstacle == nil || TestNetwork.isRequired, "network namespaces can't be made here: see TestNetwork.obstacle"))
struct NetworkTests {
    private static func replicas(_ count: Int, in network: TestNetwork) async throws -> [EchoReplica] {
        var replicas: [EchoReplica] = []
        for _ in 0..<count { replicas.append(try await .start(on: network.addHost())) }
        return replicas
    }

    private func expectEven(_ shares: [Double], _ place: SourceLocation = #_sourceLocation) {
        for share in shares { #expect((0.8...1.2).contains(share), "the shares are \(shares)", sourceLocation: place) }
    }

    /// Runs `body` under load over so many replicas, and expects that no call failed.
    private func underLoad(
        replicas count: Int, bytes: Int = 200, _ configure: (inout RPCClientOptions) -> Void = { _ in },
        _ body: (TestNetwork, Directory, [EchoReplica], Load) async throws -> [EchoReplica]
    ) async throws {
        let network = try TestNetwork()
        let replicas = try await Self.replicas(count, in: network)
        let directory = Directory()
        directory.list(replicas)
        let load = try await Load.start(from: network.addHost(), at: directory, bytes: bytes, configure)
        await load.until { replicas.allSatisfy { $0.calls > 0 } }
        let all = try await body(network, directory, replicas, load)
        let failures = try await load.stop()
        #expect(failures == [])
        for replica in all { await replica.stop(grace: .zero) }
    }

    @Test func `load is even over three hosts`() async throws {
        try await underLoad(replicas: 3) { _, _, replicas, load in
            expectEven(await load.shares(of: replicas))
            return replicas
        }
    }

    @Test func `five of a hundred packets are lost`() async throws {
        try await underLoad(replicas: 3) { _, _, replicas, load in
            for replica in replicas { try replica.host.drop(percent: 5) }
            await load.calls(1_500)
            return replicas
        }
    }

    @Test func `one host goes without a word, and comes back`() async throws {
        try await underLoad(replicas: 3) { _, _, replicas, load in
            try replicas[0].host.drop(percent: 100)
            let frozen = replicas[0].calls
            // Those that waited for it have gone elsewhere by then.
            let start = ContinuousClock.now
            await load.until { ContinuousClock.now - start > .seconds(7) }
            #expect(replicas[0].calls <= frozen + 16)
            try replicas[0].host.dropNothing()
            let back = ContinuousClock.now
            await load.until { replicas[0].calls > frozen + 100 }
            #expect(ContinuousClock.now - back < .seconds(10))
            expectEven(await load.shares(of: replicas))
            return replicas
        }
    }

    @Test func `a service that was on a host which is gone is back under another address`() async throws {
        try await underLoad(replicas: 1) { network, directory, replicas, load in
            try replicas[0].host.drop(percent: 100)
            let new = try await EchoReplica.start(on: network.addHost())
            directory.list([new])
            let start = ContinuousClock.now
            await load.until { new.calls > 500 }
            #expect(ContinuousClock.now - start < .seconds(15))
            return replicas + [new]
        }
    }

    /// Of a client that would wait for longer than the test may take until it gives a connection up.
    private static func patiently(_ options: inout RPCClientOptions) {
        options.busyKeepaliveTimeout = .seconds(600)
        options.connectTimeout = .seconds(600)
        options.defaultTimeout = .seconds(600)
    }

    @Test func `calls that wait for a host which went without a word are made on others before it is given up`() async throws {
        try await underLoad(replicas: 3, Self.patiently) { _, _, replicas, load in
            try replicas[0].host.drop(percent: 100)
            await load.everyCallerGoesOn()
            return replicas
        }
    }

    @Test func `calls that wait for a host which went without a word are made where its service is back`() async throws {
        try await underLoad(replicas: 1, Self.patiently) { network, directory, replicas, load in
            try replicas[0].host.drop(percent: 100)
            let new = try await EchoReplica.start(on: network.addHost())
            directory.list([new])
            await load.everyCallerGoesOn()
            return replicas + [new]
        }
    }

    @Test func `calls that wait for an attempt to reach an address that has gone are made at the new one`() async throws {
        let network = try TestNetwork()
        let (old, new) = (try await EchoReplica.start(on: network.addHost()), try await EchoReplica.start(on: network.addHost()))
        try old.host.drop(percent: 100)
        let directory = Directory()
        directory.list([old])
        let load = try await Load.start(from: network.addHost(), at: directory, Self.patiently)
        await load.until { directory.lookUps > 0 }
        directory.list([new])
        await load.everyCallerGoesOn()
        #expect(try await load.stop() == [])
        for replica in [old, new] { await replica.stop(grace: .zero) }
    }

    @Test func `a host on a slow line gets less than the others`() async throws {
        try await underLoad(replicas: 3, bytes: 2_000) { _, _, replicas, load in
            try replicas[0].host.limit(kilobitsPerSecond: 1_000)
            await load.calls(200)
            let shares = await load.shares(of: replicas, calls: 2_000)
            #expect(shares[0] < 0.5, "the shares are \(shares)")
            return replicas
        }
    }

    @Test func `a replica is added and another drained, and ten seconds later the load is even`() async throws {
        try await underLoad(replicas: 2) { network, directory, replicas, load in
            let added = try await EchoReplica.start(on: network.addHost())
            directory.list(replicas + [added])
            let start = ContinuousClock.now
            await load.until { added.calls > 100 }
            #expect(ContinuousClock.now - start < .seconds(10))
            expectEven(await load.shares(of: replicas + [added]))

            directory.list([replicas[1], added])
            await replicas[0].stop()
            let last = replicas[0].calls
            expectEven(await load.shares(of: [replicas[1], added]))
            #expect(replicas[0].calls == last)
            return [replicas[1], added]
        }
    }
}

/// Where these tests must run, a machine that can't make networks doesn't pass over them in silence.
@Suite struct NetworkRequirementTests {
    @Test(.enabled(if: TestNetwork.isRequired)) func `networks can be made where they must`() {
        #expect(TestNetwork.obstacle == nil)
    }
}
