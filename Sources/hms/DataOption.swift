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
        write(text, to: .standardOutput)
    }

    /// Remarks to a person at a terminal.
    static func remark(_ text: String) {
        write(text, to: .standardError)
    }

    /// A reader that has gone away, as `head` does, is no reason to stop: the work goes on unread.
    private static func write(_ text: String, to stream: FileHandle) {
        _ = try? stream.write(contentsOf: Data((text + "\n").utf8))
    }
}
