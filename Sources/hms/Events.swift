import ArgumentParser
import Contracts
import HospitalClient
import PlainText
import RPC
import ServiceKit
import Supervision
import Vocabulary

/// `hms events`
struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows events that services refused too often, and sends them again.",
        discussion: """
            A service tells others what has happened in it: a visit that is completed brings a bill. What the other refuses eight \
            times is a dead letter: it is kept, and nothing comes of it until somebody has mended why and revives it. Services \
            that are away, or fail, refuse nothing: what they are to hear waits by itself.

            EXAMPLES
              hms events dead
              hms events revive --service billing --all
              hms events revive evt_01hv…
            """,
        subcommands: [DeadEvents.self, RevivedEvents.self])
}

/// `hms events dead`
struct DeadEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead", abstract: "Lists the events that were given up.",
        discussion: "The status is 0 where there are none, and 1 where there are some.")

    @OptionGroup var access: EventAccess

    func run() async throws {
        var table = TextTable("EVENT", "TYPE", "OF", "FROM", "REFUSED BY", "REASON", "GIVEN UP")
        var total = 0
        try await access.withEachService { producer, client, options in
            var request = ListDeadLettersRequest(subscriber: access.service ?? "", pageSize: 500)
            repeat {
                let page = try await client.listDeadLetters(request, options)
                for letter in page.deadLetters { table.add(letter, of: producer) }
                total += page.deadLetters.count
                request.pageToken = page.nextPageToken
            } while !request.pageToken.isEmpty
        }
        guard total > 0 else { return Output.print("no dead letters") }
        Output.print("\(table)\n\n\(total) dead letters")
        throw ExitCode(1)
    }
}

/// `hms events revive`
struct RevivedEvents: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revive", abstract: "Sends events again that were given up, with all their tries.")

    @Argument(help: ArgumentHelp("The events to send again.", valueName: "id"))
    var ids: [String] = []

    @Flag(help: "Sends all of them again.")
    var all = false

    @OptionGroup var access: EventAccess

    private static let mostIDs = 500

    func validate() throws {
        guard all == ids.isEmpty else { throw ValidationError("Name the events, or ask for --all.") }
        guard ids.count <= Self.mostIDs else { throw ValidationError("Name at most \(Self.mostIDs) events at once.") }
    }

    func run() async throws {
        var revived = 0
        try await access.withEachService { _, client, options in
            let request = ReviveDeadLettersRequest(eventIds: ids, all: all, subscriber: access.service ?? "")
            var hasMore = true
            while hasMore {
                let response = try await client.reviveDeadLetters(request, options)
                revived += Int(response.revived)
                hasMore = response.hasMore
            }
        }
        Output.print("\(revived) revived")
    }
}

/// Where dead letters lie, and by what right they are looked at.
struct EventAccess: ParsableArguments {
    @Option(help: ArgumentHelp("Only what this service refused.", valueName: "name"))
    var service: String?

    @OptionGroup var data: DataOption

    @OptionGroup var token: TokenOption

    private static let patience: Duration = .seconds(30)

    func validate() throws {
        if let service, HospitalServices.named(service) == nil {
            throw ValidationError("There is no service “\(service)”: there are \(HospitalServices.names.joined(separator: ", ")).")
        }
    }

    /// Asks every service of the running hospital, in the order of their names.
    func withEachService(_ body: (String, DeadLetterServiceClient, CallOptions) async throws -> Void) async throws {
        var options = CallOptions(timeout: Self.patience)
        options.metadata[MetadataName.authorization] = "Bearer \(try callerToken())"
        do {
            for (service, address) in try data.folder().runningHospital().services.sorted(by: { $0.key < $1.key }) {
                guard let address = NetworkAddress(address) else { continue }
                try await RPCClient.withClient(to: address) { try await body(service, DeadLetterServiceClient($0), options) }
            }
        } catch let error as RPCError {
            Output.remark(RPCErrorText(error).description)
            throw ExitCode(100 + Int32(error.code.rawValue))
        }
    }

    private func callerToken() throws -> String {
        if let token = try token.given() { return token }
        return try data.folder().token(subject: "hms-events", role: .admin, lifetime: .seconds(300))
    }
}

extension TextTable {
    fileprivate mutating func add(_ letter: DeadLetter, of producer: String) {
        add(
            letter.eventID, letter.eventType, letter.aggregateID, producer, letter.subscriber, letter.reason,
            letter.diedAt?.instant?.rfc3339 ?? "")
    }
}
