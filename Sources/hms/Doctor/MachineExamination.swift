import Contracts
import Foundation
import ServiceKit
import Storage

/// What the hospital stands on.
struct MachineExamination {
    private static let fewDescriptors = 4096

    func findings() -> [DoctorFinding] {
        [.fine("version", Contracts.version), sqlite, clock, descriptors]
    }

    /// SQLite may reset a log that another process still writes; that can't be where one process alone has the file.
    private var sqlite: DoctorFinding {
        let version = SQLiteLibrary.version
        guard SQLiteLibrary.canResetForeignLogs else { return .fine("SQLite", version) }
        return .fine(
            "SQLite",
            """
            \(version) can corrupt a log that two processes write at once (3.7.0 to 3.51.2); here one process has each database, by a \
            lock, and one connection of it writes
            """, keep: "open the databases with no other program while the hospital runs, also not to copy them: use hms backup")
    }

    /// What such programs leave while they run.
    private static let timeServices = [
        "/run/systemd/timesync/synchronized", "/run/chrony/chronyd.pid", "/run/chronyd.pid", "/run/ntpd.pid", "/run/ntpsec/ntpd.pid",
    ]
    private static let containers = ["/.dockerenv", "/run/.containerenv"]

    private var clock: DoctorFinding {
        if Self.isAnyThere(Self.timeServices) { return .fine("clock", "a program keeps it right by the network") }
        if Self.isAnyThere(Self.containers) { return .fine("clock", "is the one of the machine that this container runs on") }
        return .warning(
            "clock", "no program that keeps it right was found (systemd-timesyncd, chrony, ntpd)",
            do: "run one of them: bookings, tokens and reminders go by the clock")
    }

    private static func isAnyThere(_ paths: [String]) -> Bool { paths.contains(where: FileManager.default.fileExists) }

    private var descriptors: DoctorFinding {
        let limit = FileDescriptorLimit.raise()
        return limit >= Self.fewDescriptors || limit == 0
            ? .fine("open files", "\(limit) for each process")
            : .warning(
                "open files", "\(limit) for each process, and each connection takes one",
                do: "raise the hard limit: LimitNOFILE=65536 or ulimit -n")
    }
}
