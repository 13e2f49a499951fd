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

    /// What all processors have done so far, in seconds; that they waited does not count.
    static func machineSeconds() -> Double {
        let text = (try? String(contentsOfFile: "/proc/stat", encoding: .utf8)) ?? ""
        let fields = text.prefix { $0 != "\n" }.split(separator: " ").dropFirst().compactMap { Double($0) }
        guard fields.count > 6 else { return 0 }
        return (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) / 100
    }

    /// A process and those that it has started.
    static func family(of parent: Int32) -> [Int32] {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let children = processes.compactMap { Int32($0) }.filter { process in
            let line = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
            let fields = line[(line.lastIndex(of: ")") ?? line.startIndex)...].split(separator: " ")
            return fields.count > 2 && Int32(fields[2]) == parent
        }
        return [parent] + children
    }

    /// Resident memory in megabytes.
    static func residentMegabytes(of process: Int32) -> Double? {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8),
            let pages = line.split(separator: " ").dropFirst().first.flatMap({ Double($0) })
        else { return nil }
        return pages * 4096 / 1_000_000
    }

    /// The process that has `port` in its command line as a server of this benchmark, or of the peers that are called as it is.
    static func server(onPort port: Int) -> Int32? {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.compactMap { Int32($0) }.first { process in
            let command = (try? String(contentsOfFile: "/proc/\(process)/cmdline", encoding: .utf8)) ?? ""
            let words = command.split(separator: "\0").map(String.init)
            return (words.contains("rpc-server") || words.contains("server")) && words.contains(String(port))
        }
    }
}
