public import MetricsRegistry
public import RPC

extension Metrics {
    /// Those of one process of the hospital, with what the system tells of it.
    public static func ofProcess(isCounting: Bool = true) -> Metrics {
        let metrics = Metrics(isCounting: isCounting, now: { SystemTime.millisecondsSinceEpoch() })
        metrics.collect { ProcessMetrics.families() }
        return metrics
    }

    /// What a server has taken on.
    func collect(of server: RPCServer) {
        collect { [weak server] in
            guard let server else { return [] }
            return [
                .init("rpc_server_calls_in_flight", "Calls whose answers are not there yet.", .gauge, [.init(server.callsInFlight)]),
                .init(
                    "rpc_server_calls_limit", "Calls that are taken on at once at present; fewer where they wait too long.", .gauge,
                    [.init(server.callsLimit)]),
                .init(
                    "rpc_server_streams_in_flight", "Of them, those that are answered by a stream.", .gauge, [.init(server.streamsInFlight)]
                ),
                .init("rpc_server_connections", "Open connections of callers.", .gauge, [.init(server.connectionCount)]),
                .init(
                    "rpc_server_held_bytes", "Memory of requests, incomplete frames and unread answers.", .gauge, [.init(server.heldBytes)]),
                .init(
                    "rpc_server_calls_shed_total", "Calls that were turned down because too much was in flight.", .counter,
                    [.init(server.callsShed)]),
            ]
        }
    }

    /// What clients have done beside their calls.
    ///
    /// - Parameter clients: by the name of the service that each calls.
    public func collect(of clients: [String: RPCClient]) {
        let clients = clients.sorted { $0.key < $1.key }
        collect {
            func samples(_ count: (ClientCounts) -> Int) -> [MetricFamily.Sample] {
                clients.map { .init(count($0.value.counts), ["peer": $0.key]) }
            }
            return [
                .init("rpc_client_retries_total", "Attempts at calls after their first ones.", .counter, samples(\.retries)),
                .init(
                    "rpc_client_ejections_total", "How often a replica was given no calls for a while.", .counter, samples(\.ejections)),
                .init("rpc_client_connections", "Connections that take calls.", .gauge, samples(\.connectionsOpen)),
                .init("rpc_client_connections_opened_total", "Connections that were made.", .counter, samples(\.connectionsOpened)),
                .init("rpc_client_connections_failed_total", "Attempts to connect that failed.", .counter, samples(\.connectionsFailed)),
            ]
        }
    }
}
