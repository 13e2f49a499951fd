import ArgumentParser
import Foundation
import MetricsRegistry
import ServiceKit

/// What metrics cost a booking: two hospitals side by side, one that counts and is asked every second, and one that does not.
struct MetricsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metrics", abstract: "Books in a hospital with metrics and in one without, in turns, and compares.")

    @Option(help: "Rounds of each; one more is thrown away.") var rounds = 12
    @Option(help: "Bookings of one round.") var bookings = 4_000
    @Option(help: "Clients that book at once.") var clients = 64
    @Option(help: "A folder on the disk to measure.") var folder = NSTemporaryDirectory()

    func run() async throws {
        let path = folder + "/hms-bench-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let with = try await Side.open("\(path)/with", isCounting: true)
        let without = try await Side.open("\(path)/without", isCounting: false)
        let scraping = Task { try await Self.scrape(with.metrics) }
        var (ratesWith, ratesWithout, cpuWith, cpuWithout) = (Rounds(), Rounds(), Rounds(), Rounds())
        for round in 0...max(1, rounds) {
            // Whoever is second in one round is first in the next, so that what drifts meets both.
            for isCounting in round.isMultiple(of: 2) ? [true, false] : [false, true] {
                let (rate, cpu) = try await book(in: isCounting ? with : without)
                if round == 0 { continue }
                if isCounting {
                    ratesWith.add(rate)
                    cpuWith.add(cpu)
                } else {
                    ratesWithout.add(rate)
                    cpuWithout.add(cpu)
                }
            }
        }
        scraping.cancel()
        print("with metrics:    bookings/s \(ratesWith.summary) · CPU µs \(cpuWith.summary)")
        print("without metrics: bookings/s \(ratesWithout.summary) · CPU µs \(cpuWithout.summary)")
        print(
            "cost: \(percent(1 - ratesWith.median / ratesWithout.median)) of bookings/s, \(percent(cpuWith.median / cpuWithout.median - 1)) of CPU"
        )
        for side in [with, without] { await side.hospital.stop() }
    }

    private func book(in side: Side) async throws -> (perSecond: Double, processorMicroseconds: Double) {
        let before = ProcessUsage.cpuSeconds(of: ProcessUsage.processID) ?? 0
        let perSecond = try await rate(bookings) { try await side.contest.book(bookings, clients: clients) }
        let used = (ProcessUsage.cpuSeconds(of: ProcessUsage.processID) ?? 0) - before
        return (perSecond, used * 1_000_000 / Double(bookings))
    }

    /// Fifteen times as often as a Prometheus usually asks.
    private static func scrape(_ metrics: Metrics) async throws {
        while !Task.isCancelled {
            _ = Exposition.openMetrics.text(of: await metrics.families())
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func percent(_ part: Double) -> String { "\((part * 1_000).rounded() / 10) %" }
}

/// One of the hospitals that are compared.
private struct Side {
    let hospital: BookingHospital
    let contest: BookingContest
    let metrics: Metrics

    static func open(_ path: String, isCounting: Bool) async throws -> Side {
        let configuration = HospitalConfiguration(dataFolder: path)
        let key = try SigningKey.findOrMake(configuration.identity)
        try ServiceKeys.findOrMake(for: Settings.services, configuration.identity)
        let token = try TokenSigner(key: key, configuration.identity).sign(
            subject: "bench", role: .admin, lifetime: .seconds(24 * 3_600))
        let metrics = Metrics.ofProcess(isCounting: isCounting)
        let hospital = try await BookingHospital.start(configuration, metrics: metrics)
        return Side(hospital: hospital, contest: try await BookingContest(hospital, token: token), metrics: metrics)
    }
}
