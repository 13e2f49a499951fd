import Contracts
import NIOHTTP1
import RPC
import ServiceKit

/// The methods that gRPC reaches at the public port: every one that people may call, through the services' own channels. A method
/// for services alone is not known here.
final class PublicMethods: Sendable {
    final class Method: Sendable {
        let descriptor: MethodDescriptor
        /// The service's short name: `patient`.
        let service: String
        /// Nil where no such service is configured.
        let channel: (any RPCChannel)?
        /// Where calls are counted: by the status that REST would answer.
        let durations: RequestDurations

        init(_ descriptor: MethodDescriptor, channels: [String: any RPCChannel], _ metrics: RequestMetrics) {
            self.descriptor = descriptor
            service = descriptor.serviceName
            channel = channels[service]
            durations = metrics.durations(of: "/\(descriptor.name)", .POST)
        }
    }

    private let methods: [String: Method]
    /// `hms.patient.v1.PatientService`, and the way there.
    private let channelByService: [String: any RPCChannel]
    let authenticator: Authenticator
    let rateLimits: RateLimits
    let transcoder: Transcoder
    let requestLog: RequestLog
    let metrics: RequestMetrics
    let recorder: SpanRecorder

    init(
        _ descriptors: [MethodDescriptor], channels: [String: any RPCChannel], authenticator: Authenticator, rateLimits: RateLimits,
        transcoder: Transcoder, requestLog: RequestLog, metrics: RequestMetrics, recorder: SpanRecorder
    ) {
        self.recorder = recorder
        let served = descriptors.filter { $0.isForPeople && !$0.name.hasPrefix("hms.rpc.") }
        methods = Dictionary(served.map { ($0.name, Method($0, channels: channels, metrics)) }) { first, _ in first }
        channelByService = Dictionary(
            methods.values.compactMap { method in
                method.channel.map { (String(method.descriptor.name.prefix { $0 != "/" }), $0) }
            }
        ) { first, _ in first }
        self.authenticator = authenticator
        self.rateLimits = rateLimits
        self.transcoder = transcoder
        self.requestLog = requestLog
        self.metrics = metrics
    }

    subscript(name: String) -> Method? { methods[name] }

    var services: [String] { channelByService.keys.sorted() }

    /// Whether the service can do its work that serves under a name, or all can where it is empty; nil where nobody does.
    func isServing(_ service: String) async -> Bool? {
        if let channel = channelByService[service] { return await isServing(channel) }
        guard service.isEmpty else { return nil }
        for channel in channelByService.values where await !isServing(channel) { return false }
        return true
    }

    private func isServing(_ channel: any RPCChannel) async -> Bool {
        let answer = try? await HealthServiceClient(channel).check(CheckRequest(), CallOptions(timeout: .seconds(2), retry: false))
        return answer?.status == .serving
    }
}

extension MethodDescriptor {
    /// Whether anybody but the hospital's services may call it.
    var isForPeople: Bool { !roles.subtracting(.service).isEmpty }
}
