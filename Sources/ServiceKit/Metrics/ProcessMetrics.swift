import Contracts
import Foundation
import MetricsRegistry

/// What the system tells of this process, under the names that every Prometheus client uses. Only where there is /proc.
enum ProcessMetrics {
    static func families() -> [MetricFamily] {
        var families = [
            MetricFamily(
                "hms_build_info", "What runs here; the number is always 1.", .gauge,
                [.init(1, ["version": Contracts.version, "contract": String(Contracts.fingerprint, radix: 16)])])
        ]
        if let usage = ProcessStatus.read() {
            families += [
                .init("process_cpu_seconds_total", "Processor time that was used.", .counter, [.init(usage.cpuSeconds)]),
                .init("process_start_time_seconds", "When the process started, in seconds since 1970.", .gauge, [.init(startTime)]),
                .init("process_resident_memory_bytes", "Memory that lies in the machine's.", .gauge, [.init(usage.residentBytes)]),
                .init("process_virtual_memory_bytes", "Addresses that are mapped.", .gauge, [.init(usage.virtualBytes)]),
                .init("process_threads", "Threads.", .gauge, [.init(usage.threads)]),
            ]
        }
        if let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count {
            // One of them was open to read the list.
            families.append(.init("process_open_fds", "Open files and sockets.", .gauge, [.init(open - 1)]))
        }
        families.append(.init("process_max_fds", "How many may be open.", .gauge, [.init(FileDescriptorLimit.current)]))
        return families
    }

    /// The first time that it is asked for, which is when the process starts to listen.
    static let startTime = Double(SystemTime.millisecondsSinceEpoch()) / 1_000 - (ProcessStatus.read()?.age ?? 0)
}

/// A reading of /proc/self/stat.
private struct ProcessStatus {
    let cpuSeconds: Double
    let residentBytes: Int
    let virtualBytes: Int
    let threads: Int
    /// How long the process has been there, in seconds.
    let age: Double

    static func read() -> ProcessStatus? {
        guard let line = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8), let nameEnd = line.lastIndex(of: ")") else {
            return nil
        }
        let fields = line[line.index(after: nameEnd)...].split(separator: " ").map { Int($0) ?? 0 }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        guard fields.count > 21, ticks > 0 else { return nil }
        let uptime = (try? String(contentsOfFile: "/proc/uptime", encoding: .utf8))?.split(separator: " ").first.flatMap { Double($0) }
        return ProcessStatus(
            cpuSeconds: Double(fields[11] + fields[12]) / ticks, residentBytes: fields[21] * Int(sysconf(Int32(_SC_PAGESIZE))),
            virtualBytes: fields[20], threads: fields[17], age: max(0, (uptime ?? 0) - Double(fields[19]) / ticks))
    }
}
