import ArgumentParser
import Contracts

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
