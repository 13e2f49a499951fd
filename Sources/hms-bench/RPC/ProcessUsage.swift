import Foundation

/// What the kernel says a process has used.
enum ProcessUsage {
    static var processID: Int32 { ProcessInfo.processInfo.processIdentifier }

    /// User and system time so far, in seconds; nil where /proc has no such process.
    static func cpuSeconds(of process: Int32) -> Double? {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return nil }
        let fields = line[line.index(after: line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ")
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
        return (user + system) / 100
    }

    /// Resident memory in megabytes.
    static func residentMegabytes(of process: Int32) -> Double? {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8),
            let pages = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        else { return nil }
        return pages * 4096 / 1_000_000
    }

    /// The process that has `port` in its command line as a server of this benchmark.
    static func server(onPort port: Int) -> Int32? {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.compactMap { Int32($0) }.first { process in
            let command = (try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8)) ?? ""
            let words = command.split(separator: "\0").map(String.init)
            return words.contains("rpc-server") && words.contains(String(port))
        }
    }
}
