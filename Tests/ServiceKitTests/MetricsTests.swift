import Contracts
import HMSTestKit
import MetricsRegistry
import RPC
import Testing

@testable import ServiceKit

@Suite(.timeLimit(.minutes(10))) struct MetricsTests {
    private static let anywhere = NetworkAddress(host: "127.0.0.1", port: 0)

    @Test func `a service tells what was called and how it ended, at an address of its own`() async throws {
        let hospital = try TestHospital { $0.metricsListen = Self.anywhere }
        let host = try await hospital.start(Notebook.definition())
        let client = hospital.client(to: host)
        let options = try await hospital.options(.reception)
        for _ in 1...3 { _ = await client.send("milk", to: Notebook.add, options) }
        #expect(await client.send("milk", to: Notebook.add).code == .unauthenticated)
        let text = try await Self.answer(of: host, to: "GET", "/metrics").body
        let name = "rpc_server_call_duration_seconds_count{rpc_method=\"\(Notebook.add.name)\",rpc_response_status_code="
        #expect(text.contains("\(name)\"OK\"} 3\n"), "\(text)")
        #expect(text.contains("\(name)\"UNAUTHENTICATED\"} 1\n"))
        #expect(!text.contains("hms_storage_writes_total 0\n") && text.contains("process_resident_memory_bytes "))
        #expect(text.contains("rpc_server_connections 1\n") && text.contains("rpc_server_calls_in_flight 0\n"))
        await client.close()
        await host.stop()
    }

    @Test func `nothing but metrics is told there, and nobody is listened to`() async throws {
        let hospital = try TestHospital { $0.metricsListen = Self.anywhere }
        let host = try await hospital.start(Notebook.definition())
        #expect(try await Self.answer(of: host, to: "GET", "/").status == 404)
        #expect(try await Self.answer(of: host, to: "POST", "/metrics").status == 405)
        let head = try await Self.answer(of: host, to: "HEAD", "/metrics")
        #expect(head.status == 200 && head.body.isEmpty)
        let open = try await Self.answer(of: host, to: "GET", "/metrics", accept: "application/openmetrics-text")
        #expect(open.body.hasSuffix("# EOF\n") && open.header("content-type")?.hasPrefix("application/openmetrics-text") == true)
        await host.stop()
    }

    @Test func `a service that is given no address tells nobody`() async throws {
        let hospital = try TestHospital()
        let host = try await hospital.start(Notebook.definition())
        #expect(host.metricsAddress == nil)
        await host.stop()
    }

    @Test func `metrics are told beyond this machine only where that is allowed`() throws {
        let everywhere = NetworkAddress(host: "0.0.0.0", port: 9_100)
        var configuration = HospitalConfiguration(dataFolder: "/nowhere")
        #expect(throws: OpenDoor.self) { try configuration.openDoors(rpc: nil, http: nil, metrics: everywhere) }
        configuration.isInsecure = true
        #expect(try configuration.openDoors(rpc: nil, http: nil, metrics: everywhere).count == 1)
    }

    @Test func `a call to a method that nobody knows has no name of its own`() async {
        let metrics = Metrics()
        let calls = CallMetrics.ofServer([Notebook.add], in: metrics)
        calls?.callEnded(Notebook.add, .ok, after: .milliseconds(3))
        calls?.callEnded(Notebook.pay, .notFound, after: .milliseconds(3))
        calls?.callEnded(.unknown, .unimplemented, after: .zero)
        let text = Exposition.prometheus.text(of: await metrics.families())
        #expect(!text.contains(Notebook.pay.name))
        #expect(text.contains("_count{rpc_method=\"unknown\",rpc_response_status_code=\"NOT_FOUND\"} 1\n"))
        #expect(text.contains("rpc_server_calls_refused_total{rpc_response_status_code=\"UNIMPLEMENTED\"} 1\n"))
    }

    @Test func `every method of the contract is found in a table of all of them, and no other`() {
        let table = MethodTable(Contracts.methods) { $0.name }
        for method in Contracts.methods { #expect(table[method] == method.name) }
        #expect(table[MethodDescriptor(name: "hms.none.v1.NoService/None")] == nil)
    }

    private static func answer(
        of host: ServiceHost, to method: String, _ path: String, accept: String? = nil
    ) async throws -> HTTPProbe.Answer {
        let address = try #require(host.metricsAddress)
        return try await HTTPProbe("http://\(address)").send(method, path, headers: accept.map { ["Accept": $0] } ?? [:])
    }
}
