import ArgumentParser
import Export
import Foundation
import HospitalClient
import RPC
import ServiceKit
import Supervision
import UnixSignals

/// `hms export`
struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a whole table, one JSON document a line, the oldest row first.",
        discussion: """
            The rows are those of the public API. They are streamed from the service as fast as they are written, in pages that \
            are each read from a moment of their own: every row comes once, as it was when its page was read, and what is made \
            meanwhile comes at the end. Only an administrator may. Where the service is started again in the middle the export \
            goes on by itself; one that was ended goes on with --after and the id of the last row.

            EXAMPLES
              hms export patients --out patients.ndjson
              hms export appointments --after apt_01hv… --out appointments.ndjson
              hms export bills | gzip > bills.ndjson.gz
            """)

    @Argument(help: ArgumentHelp("\(ExportedTable.allCases.map(\.rawValue).joined(separator: ", "))", valueName: "table"))
    var table: ExportedTable

    @Option(
        help: ArgumentHelp(
            "Where the rows go, a file that is not there yet; with --after they go behind those that it has.", valueName: "file"))
    var out: String?

    @Option(help: ArgumentHelp("Goes on after the row of this id.", valueName: "id"))
    var after = ""

    @OptionGroup var data: DataOption

    @Option(help: ArgumentHelp("The service's RPC address, instead of the one of the data folder.", valueName: "host:port"))
    var address: String?

    @OptionGroup var token: TokenOption

    @Option(help: ArgumentHelp("How long it may take.", valueName: "time"))
    var timeout = "1h"

    func validate() throws {
        if let address, NetworkAddress(address) == nil { throw ValidationError("--address must be HOST:PORT.") }
        guard TimeToLive(timeout) != nil else { throw ValidationError("--timeout must be a number and s, m or h.") }
    }

    func run() async throws {
        let folder = try data.folder()
        let order = ExportOrder(
            table: table, after: after, out: out, address: try serviceAddress(in: folder),
            tls: try data.credentials()?.asClient(of: table.service), timeout: TimeToLive(timeout)?.duration, token: try token.given(),
            folder: folder)
        let stop = StopRequest()
        let signals = await UnixSignalsSequence(trapping: StopSignals.all)
        let watch = Task { for await _ in signals { stop.request() } }
        defer { watch.cancel() }
        do {
            try await stop.cancelling { try await order.run() }
        } catch {
            throw stop.isRequested ? ExitCode(128 + SIGINT) : error
        }
    }

    private func serviceAddress(in folder: DataFolder) throws -> NetworkAddress {
        if let address = address.flatMap(NetworkAddress.init) { return address }
        guard let address = try folder.runningHospital().services[table.service].flatMap(NetworkAddress.init) else {
            throw ValidationError("The hospital runs no \(table.service) service. Name one with --address.")
        }
        return address
    }
}

/// What is to be exported, from where and by what right.
private struct ExportOrder: Sendable {
    let table: ExportedTable
    let after: String
    let out: String?
    let address: NetworkAddress
    let tls: ClientTLS?
    let timeout: Duration?
    let token: String?
    let folder: DataFolder

    func run() async throws {
        let file = try out.map { try LineFile(path: $0, appending: !after.isEmpty) } ?? LineFile(.standardOutput)
        try await RPCClient.withClient(to: address, tls: tls) { client in
            let progress = RowProgress()
            var run = ExportRun(of: table, after: after, from: client, to: file, options: options) { progress.show($0) }
            do {
                try await run.run()
                progress.end("\(run.rowCount) \(table.rawValue)")
            } catch {
                // What was counted last is not in the file that can't be written.
                let isWritten = !(error is LineFileError) && !run.lastID.isEmpty
                progress.end("\(run.rowCount) \(table.rawValue) until then" + (isWritten ? "; go on with --after \(run.lastID)" : ""))
                throw ended(by: error)
            }
        }
    }

    private func ended(by error: any Error) -> any Error {
        guard let error = error as? RPCError else { return error }
        if !Task.isCancelled { Output.remark(RPCErrorText(error).description) }
        return ExitCode(100 + Int32(error.code.rawValue))
    }

    private func options() throws -> CallOptions {
        var options = CallOptions(timeout: timeout)
        let token = try token ?? folder.token(subject: "hms-export", role: .admin, lifetime: .seconds(300))
        options.metadata[MetadataName.authorization] = BearerToken.field(token)
        return options
    }
}

extension ExportedTable: ExpressibleByArgument {}

/// How far an export has come, where a person watches.
private final class RowProgress {
    private let isTerminal = isatty(STDERR_FILENO) == 1

    func show(_ rowCount: Int) {
        guard isTerminal, rowCount % 1000 == 0 else { return }
        FileHandle.standardError.write(Data("\r\(rowCount)".utf8))
    }

    func end(_ sentence: String) {
        Output.remark((isTerminal ? "\r\u{1B}[K" : "") + sentence)
    }
}
