import ArgumentParser
import Foundation
import HospitalCommand

/// `--data`, as every command takes it.
struct DataOption: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The hospital's data folder (environment: HMS_DATA).", valueName: "dir"))
    var path = ProcessInfo.processInfo.environment["HMS_DATA"] ?? "./var"

    var folder: DataFolder { DataFolder(path) }
}

enum Output {
    /// What people and scripts read, at once: standard output may be a pipe, which is buffered otherwise.
    static func print(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// Remarks to a person at a terminal.
    static func remark(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
