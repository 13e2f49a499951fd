import Contracts
import NIOCore
import ProtobufC
import RPC
import SeededRandom
import ServiceKit
import Testing

@testable import RESTShim

/// The audits of several services, shown as one.
@Suite(.timeLimit(.minutes(10))) struct AuditOfAllServicesTests {
    /// A service that has recorded calls at these seconds, and answers as every service does.
    private struct Recorded: RPCChannel {
        let name: String
        let seconds: [Int64]

        func call(_ method: MethodDescriptor, _ payload: ByteBuffer, _ options: CallOptions) async throws -> ClientReply {
            let request = try ListAuditedCallsRequest(payload: payload)
            let page = try PageRequest<Int64>(request.pageSize, after: request.pageToken, filters: request.filters)
            let calls = seconds.enumerated().map { number, second in
                AuditedCall(service: name, sequence: Int64(number + 1), at: ProtobufTimestamp(seconds: second))
            }
            let rest = calls.reversed().filter { $0.sequence < page.position ?? .max }
            let found = page.page(of: Array(rest.prefix(page.limit)), \.sequence)
            return ClientReply(payload: ListAuditedCallsResponse(calls: Array(found.rows), nextPageToken: found.nextToken).payload())
        }
    }

    private func pages(
        _ channel: AuditOfAllServices, size: Int32, _ request: ListAuditedCallsRequest = ListAuditedCallsRequest()
    ) async throws -> [[AuditedCall]] {
        var (request, pages) = (request, [] as [[AuditedCall]])
        request.pageSize = size
        repeat {
            let page = try await AuditServiceClient(channel).listAuditedCalls(request, CallOptions())
            pages.append(page.calls)
            request.pageToken = page.nextPageToken
        } while !request.pageToken.isEmpty && pages.count < 1_000
        return pages
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `every call of every service is shown once, the latest first`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let recorded = ["billing", "doctor", "patient"].map { name in
            (name, (0..<Int.random(in: 0...30, using: &random)).map { _ in Int64.random(in: 0...40, using: &random) }.sorted())
        }
        let channel = AuditOfAllServices(services: Dictionary(uniqueKeysWithValues: recorded.map { ($0, Recorded(name: $0, seconds: $1)) }))
        let pages = try await pages(channel, size: Int32.random(in: 1...20, using: &random))
        let shown = pages.flatMap(\.self)
        #expect(shown.count == recorded.map(\.1.count).reduce(0, +))
        #expect(Set(shown.map { "\($0.service) \($0.sequence)" }).count == shown.count)
        let seconds = shown.compactMap(\.at?.seconds)
        #expect(seconds == seconds.sorted(by: >))
    }

    /// A refusal is kept before the reads of the same moment, and reads that wait for one another after changes that came later.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func `every call is shown once where a service has kept its calls in another order than that of time`(seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let recorded = ["billing", "doctor", "patient"].map { name in
            (name, (0..<Int.random(in: 0...30, using: &random)).map { Int64($0) + Int64.random(in: 0...10, using: &random) })
        }
        let channel = AuditOfAllServices(services: Dictionary(uniqueKeysWithValues: recorded.map { ($0, Recorded(name: $0, seconds: $1)) }))
        let pages = try await pages(channel, size: Int32.random(in: 1...20, using: &random))
        let shown = pages.flatMap(\.self)
        #expect(shown.count == recorded.map(\.1.count).reduce(0, +))
        #expect(Set(shown.map { "\($0.service) \($0.sequence)" }).count == shown.count)
        for page in pages {
            let seconds = page.compactMap(\.at?.seconds)
            #expect(seconds == seconds.sorted(by: >), "a page by itself is in the order of time")
        }
    }

    @Test func `where one service can't be asked nobody is shown half of it`() async throws {
        let away = FakeChannel { _ in throw RPCError.unavailable("down") }
        let channel = AuditOfAllServices(services: ["patient": Recorded(name: "patient", seconds: [1, 2]), "billing": away])
        let refused = await #expect(throws: RPCError.self) { try await pages(channel, size: 5) }
        #expect(refused?.code == .unavailable)
    }

    @Test func `a page token of another question is refused`() async throws {
        let channel = AuditOfAllServices(services: ["patient": Recorded(name: "patient", seconds: [1, 2, 3])])
        let client = AuditServiceClient(channel)
        let token = try await client.listAuditedCalls(ListAuditedCallsRequest(pageSize: 1), CallOptions()).nextPageToken
        #expect(!token.isEmpty)
        let refused = await #expect(throws: RPCError.self) {
            try await client.listAuditedCalls(ListAuditedCallsRequest(actor: "anna", pageToken: token), CallOptions())
        }
        #expect(refused?.reason == "INVALID_ARGUMENT")
    }
}
