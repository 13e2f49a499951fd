import Logging

/// Finds what is served under a method id.
package struct ServiceTable: Sendable {
    private let methods: [UInt64: ServedMethod]
    /// `hms.patient.v1.PatientService`
    let serviceNames: Set<Substring>

    /// Where two services claim one method, the first keeps it; ``duplicates(in:)`` names such methods.
    package init(services: [any RPCService], interceptors: [any ServerInterceptor], logger: Logger) {
        let all = services.flatMap { service in
            service.methods.map { ($0.id, ServedMethod($0, of: service, behind: interceptors, logger: logger)) }
        }
        methods = Dictionary(all) { first, _ in first }
        serviceNames = Set(all.compactMap { $1.descriptor.name.split(separator: "/").first })
    }

    /// Methods that more than one service claims, or whose ids collide.
    static func duplicates(in services: [any RPCService]) -> [String] {
        let byID = Dictionary(grouping: services.flatMap(\.methods), by: \.id)
        return byID.values.filter { $0.count > 1 }.flatMap { $0.map(\.name) }.sorted()
    }

    package func method(_ id: UInt64) -> ServedMethod? {
        methods[id]
    }
}
