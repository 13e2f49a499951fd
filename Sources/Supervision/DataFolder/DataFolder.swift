import Foundation
import ServiceKit

/// The folder in which a hospital keeps everything it has: addresses, keys and one folder per service.
public struct DataFolder: Sendable {
    public let path: String

    public init(_ path: String) {
        self.path = URL(fileURLWithPath: path).path
    }

    /// Makes the folder where there is none, for its owner only.
    public func prepare() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        } catch {
            throw DataFolderError.unusable(path: path, reason: error.localizedDescription)
        }
    }

    /// The hospital that runs on this folder.
    public func runningHospital() throws -> HospitalAddresses {
        guard let addresses = try addressFile.read() else { throw DataFolderError.noHospital(path: path) }
        return addresses
    }

    /// Says where the hospital is for as long as it runs.
    ///
    /// - Parameter targets: where metrics are told, for a Prometheus beside it.
    public func publishing(
        _ addresses: HospitalAddresses, metrics targets: [MetricsTarget] = [], while running: () async throws -> Void
    ) async throws {
        let file = try addressFile.publish(addresses)
        // On a full disk too a hospital runs; who collects metrics finds nobody then, until the next start.
        try? MetricsTarget.write(targets, to: metricsTargetsPath)
        let result = await Result(catching: running)
        file.close()
        // Who collects metrics finds nobody from here on; what can't be written on a full disk is written at the next start.
        try? MetricsTarget.write([], to: metricsTargetsPath)
        try result.get()
    }

    /// Takes the folder for this process and the children it starts. Children of a hospital that was killed may hold it
    /// a little longer than their parent: they are waited for. A program that was just being started when a hospital let go
    /// has its files open for a moment as well, so that it seems to run: it is asked again.
    ///
    /// - Parameters:
    ///   - onWait: told once, where somebody has to be waited for.
    ///   - stop: ends the waiting; nil is returned then.
    public func lock(
        patience: Duration = .seconds(30), until stop: StopRequest = StopRequest(), onWait: () -> Void = {}
    ) async throws -> FolderLock? {
        let giveUp = ContinuousClock.now + patience
        var runsSince: ContinuousClock.Instant?
        var hasTold = false
        while !stop.isRequested {
            if let lock = try FolderLock(path: path + "/hms.lock") { return lock }
            let now = ContinuousClock.now
            let holder = try? runningHospital()
            runsSince = holder == nil ? nil : runsSince ?? now
            guard now < runsSince.map({ $0 + Self.startingMoment }) ?? giveUp else {
                throw DataFolderError.taken(path: path, by: holder)
            }
            if holder == nil, !hasTold {
                onWait()
                hasTold = true
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        return nil
    }

    /// How long a program may take to let go of what it was not given.
    private static let startingMoment = Duration.milliseconds(500)

    /// The file that a Prometheus finds the processes by (`file_sd_configs`).
    public var metricsTargetsPath: String { path + "/prometheus-targets.json" }

    /// Where the metrics of the hospital that runs on this folder are.
    public func metricsTargets() throws -> [MetricsTarget] {
        _ = try runningHospital()
        return try MetricsTarget.read(metricsTargetsPath)
    }

    private var addressFile: AddressFile { AddressFile(path: path + "/hospital.json") }
}
