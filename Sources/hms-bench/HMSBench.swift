import ArgumentParser

/// The figures of the house, each measured beside its floor in one run.
@main
struct HMSBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hms-bench", abstract: "Measures the house, each part beside its floor in the same run.",
        subcommands: [
            CodecBench.self, RPCBench.self, RPCServerBench.self, GRPCBench.self, StorageBench.self, SearchBench.self,
            BookingBench.self, BookingPostgresBench.self, MetricsBench.self, RESTBench.self, CacheBench.self, VisitBench.self,
            EventBench.self, OverloadBench.self,
        ])
}
