import ArgumentParser
import Contracts
import Export
import Foundation
import HospitalClient
import RPC
import ServiceKit
import Supervision
import Vocabulary

/// `hms events tail`
struct TailEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Shows what has happened in a running hospital, a line an event, and goes on while it runs.",
        discussion: """
            The events are those that webhooks are told of, the oldest first, as far back as HMS_EVENT_RETENTION says: ids and \
            amounts, nothing personal. Each line ends with the event's id. Where the hospital is started again in the middle it \
            goes on by itself; one that was ended goes on with --after and the id of the last line. Only an administrator may.

            EXAMPLES
              hms events tail
              hms events tail --since 10m --type appointment.booked
              hms events tail --json --no-follow --after evt_01hv…
            """)

    @Option(help: ArgumentHelp("Only events of this type, like appointment.booked.", valueName: "type"))
    var type: String?

    @Option(help: ArgumentHelp("Nothing older, like 10m or 2h, or an RFC 3339 time.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Goes on after the event of this id.", valueName: "id"))
    var after: String?

    @Flag(inversion: .prefixedNo, help: "Goes on with what happens from now on, until Ctrl-C.")
    var follow = true

    @Flag(help: "As webhooks are posted it, one JSON object a line.")
    var json = false

    @OptionGroup var data: DataOption

    @OptionGroup var token: TokenOption

    private static let service = "notification"
    private static let patience: Duration = .seconds(10)

    func validate() throws {
        if let since, Instant(sinceText: since) == nil {
            throw ValidationError("--since must be a number with s, m, h or d, or a time like 2026-11-01T00:00:00Z.")
        }
        if let type, EventType(type) == nil { throw ValidationError("There is no event “\(type)”.") }
    }

    func run() async throws {
        // A reader that goes away is told by the write, not by a signal.
        signal(SIGPIPE, SIG_IGN)
        var request = ListEventsRequest(
            after: after, eventType: type, since: since.flatMap(Instant.init(sinceText:)).map { ProtobufTimestamp($0) }, pageSize: 500)
        let backoff = Backoff(initial: .milliseconds(200), maximum: .seconds(5))
        var (failures, hasAnswered) = (0, false)
        repeat {
            do {
                try await show(&request) { (failures, hasAnswered) = (0, true) }
            } catch  where hasAnswered && follow && error.isAbsence {
                failures += 1
                if failures == 1 { Output.remark("The hospital does not answer; waiting.") }
                try await Task.sleep(for: backoff.wait(afterFailures: failures))
            } catch let error as RPCError {
                Output.remark(RPCErrorText(error).description)
                throw ExitCode(100 + Int32(error.code.rawValue))
            } catch is ReaderGone {
                return
            }
        } while follow
    }

    /// Shows what there is, and goes on with what comes where it is to follow. A hospital that was started again has other addresses.
    private func show(_ request: inout ListEventsRequest, _ answered: () -> Void) async throws {
        guard let address = try data.folder().runningHospital().services[Self.service].flatMap(NetworkAddress.init) else {
            throw ValidationError("The hospital runs no \(Self.service) service.")
        }
        let tls = try data.credentials()?.asClient(of: Self.service)
        try await RPCClient.withClient(to: address, tls: tls) { channel in
            let client = NotificationServiceClient(channel)
            while true {
                let page = try await client.listEvents(request, try options())
                answered()
                for event in page.events {
                    try show(event)
                    request.after = event.eventID
                }
                guard page.nextPageToken.isEmpty else { continue }
                guard follow else { return }
                try await Task.sleep(for: .milliseconds(300))
            }
        }
    }

    private func options() throws -> CallOptions {
        var options = CallOptions(timeout: Self.patience)
        let token = try token.given() ?? data.folder().token(subject: "hms-events", role: .admin, lifetime: .seconds(300))
        options.metadata[MetadataName.authorization] = BearerToken.field(token)
        return options
    }

    private func show(_ event: HospitalEvent) throws {
        let line = json ? try event.jsonLine() : event.line
        do {
            try Output.deliver(line)
        } catch is ExitCode {
            throw ReaderGone()
        }
    }
}

/// Nobody reads the lines any more.
private struct ReaderGone: Error {}

extension Error {
    /// Whether the hospital may answer when it is back.
    fileprivate var isAbsence: Bool {
        if let error = self as? RPCError { return error.code == .unavailable || error.code == .deadlineExceeded }
        if case .noHospital = self as? DataFolderError { return true }
        return false
    }
}

extension HospitalEvent {
    /// `2026-03-02T03:30:00.000Z appointment.booked apt_… doctor_id=doc_… patient_id=pat_… evt_…`
    fileprivate var line: String {
        let details = (data?.fields ?? [:]).sorted { $0.key < $1.key }.compactMap { name, value -> String? in
            guard let text = value.text, !text.isEmpty, text != aggregateID else { return nil }
            return "\(name)=\(text)"
        }
        return ([occurredAt?.instant?.rfc3339 ?? "", eventType, aggregateID] + details + [eventID]).joined(separator: " ")
    }
}

extension ProtobufValue {
    /// What a person reads; nil where there is nothing, or more than one thing.
    fileprivate var text: String? {
        switch kind {
        case .stringValue(let text): text
        case .boolValue(let flag): "\(flag)"
        case .numberValue(let number): Int64(exactly: number).map(String.init) ?? "\(number)"
        case .nullValue, .structValue, .listValue, nil: nil
        }
    }
}
