import ArgumentParser
import Contracts
import Foundation
import HMSTestKit
import Logging
import PatientService
import RPC
import ServiceKit

/// Patients found by a part of their name, beside patients read by id, while the hospital grows.
struct SearchBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Reads by id and searches by name, through the patient service, as the number of patients grows.")

    @Option(help: "Numbers of patients at which to measure, ascending.") var sizes = [10_000, 1_000_000]
    @Option(help: "Calls of each kind.") var calls = 400
    @Option(help: "Clients that register patients at once.") var clients = 256
    @Option(help: "A folder on the disk to measure.") var folder = NSTemporaryDirectory()

    func run() async throws {
        let path = folder + "/hms-bench-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let configuration = HospitalConfiguration(dataFolder: path)
        _ = try SigningKey.findOrMake(configuration.identity)
        try ServiceKeys.findOrMake(for: Settings.services, configuration.identity)
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let service = try await ServiceAssembly.open(.patient, configuration, options: HostOptions(logger: logger))
        // Without the interceptors: what is measured is the service over its database.
        let contest = SearchContest(patients: PatientServiceClient(InProcessChannel(services: service.services)))
        for size in sizes { try await measure(contest, at: size) }
        await service.close()
    }

    private func measure(_ contest: SearchContest, at size: Int) async throws {
        let registered = contest.count
        let perSecond = try await rate(max(size - registered, 1)) { try await contest.grow(to: size, clients: clients) }
        print("\(size) patients; durable registrations/s \(Int(perSecond)) with \(clients) clients")
        for measurement in try await contest.measurements(calls: calls) { print("  \(measurement)") }
    }
}
