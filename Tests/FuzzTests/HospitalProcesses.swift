import Foundation

/// The processes of a running hospital: which they are and how much memory each holds.
struct HospitalProcesses {
    private let supervisor: Int32
    private var names: [Int32: String] = [:]
    private var looks: [[Int32: Int]] = []

    init(of supervisor: Int32) { self.supervisor = supervisor }

    /// Notes what is there now.
    mutating func look() {
        var resident: [Int32: Int] = [:]
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        for pid in entries.compactMap({ Int32($0) }) {
            let status = Self.status(of: pid)
            guard pid == supervisor || status["PPid"] == String(supervisor) else { continue }
            guard let kibibytes = status["VmRSS"]?.split(separator: " ").first.flatMap({ Int($0) }) else { continue }
            resident[pid] = kibibytes
            names[pid] = Self.commandLine(of: pid)
        }
        looks.append(resident)
    }

    /// Processes that vanished, or came where none should have.
    var changes: [String] {
        guard let first = looks.first, !first.isEmpty else { return ["no process of the hospital was found in /proc"] }
        return names.keys.sorted().compactMap { pid in
            let seen = looks.map { $0[pid] != nil }
            if seen.allSatisfy({ $0 }) { return nil }
            return "process \(pid) (\(names[pid] ?? "")) \(seen.first == true ? "ended" : "was started anew")"
        }
    }

    var summary: String {
        names.keys.sorted().map { pid in
            let sizes = looks.map { $0[pid].map(String.init) ?? "gone" }.joined(separator: ", ")
            return "    \(pid) \(names[pid] ?? ""): \(sizes)"
        }.joined(separator: "\n")
    }

    private static func status(of pid: Int32) -> [String: String] {
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/status") else { return [:] }
        var fields: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            fields[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces)
        }
        return fields
    }

    /// The program's name and its first argument.
    private static func commandLine(of pid: Int32) -> String {
        let bytes = FileManager.default.contents(atPath: "/proc/\(pid)/cmdline") ?? Data()
        let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        let program = words.first.map { URL(fileURLWithPath: $0).lastPathComponent } ?? "?"
        return ([program] + words.dropFirst().prefix(2)).joined(separator: " ")
    }
}
