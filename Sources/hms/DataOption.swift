import ArgumentParser
import Foundation
import Logging
import RPC
import ServiceKit
import Supervision

/// `--data`, as every command takes it that looks for a hospital.
struct DataOption: ParsableArguments {
    @Option(
        name: .customLong("data"),
        help: ArgumentHelp("The hospital's data folder (environment: HMS_DATA, or “data” in the file of HMS_CONFIG).", valueName: "dir"))
    var path: String?

    /// What the hospital was told, as far as flags, environment and file tell it to this process too.
    func configuration(_ arguments: [String] = []) throws -> HospitalConfiguration {
        let data = path.map { [Settings.data.flag, $0] } ?? []
        return try HospitalConfiguration.load(arguments: data + arguments, environment: ProcessInfo.processInfo.environment)
            .configuration
    }

    /// What this command shows to the services; nil where they speak without TLS. That is what it is told, or what the hospital
    /// of the data folder has for it.
    func credentials() throws -> TLSCredentials? {
        let configuration = try configuration()
        let silent = Logger(label: "hms") { _ in SwiftLogNoOpLogHandler() }
        if let credentials = try configuration.credentials(logger: silent) { return credentials }
        // Where none runs, whoever calls it says so.
        guard let hospital = try? folder().runningHospital(), hospital.tls == true else { return nil }
        let certificates = ServiceCertificates(dataFolder: configuration.dataFolder, for: [])
        return try TLSCredentials(TLSFiles(certificates.files(of: "command")), for: .services, logger: silent)
    }

    func folder() throws -> DataFolder {
        DataFolder(try configuration().dataFolder)
    }
}

enum Output {
    /// What people and scripts read, at once: standard output may be a pipe, which is buffered otherwise.
    static func print(_ text: String) {
        write(text, to: .standardOutput)
    }

    /// What was asked for, which somebody works with: a command that can't write all of it has failed.
    ///
    /// - Throws: ``OutputLost``; `ExitCode` where nobody reads any more, who needs no word about it.
    static func deliver(_ text: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
        } catch {
            let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
            if cause.domain == NSPOSIXErrorDomain, cause.code == Int(EPIPE) { throw ExitCode(1) }
            throw OutputLost()
        }
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

/// Not all that was asked for could be written.
struct OutputLost: Error, CustomStringConvertible {
    var description: String { "standard output can't be written, as where its disk is full: what is there is not all" }
}
