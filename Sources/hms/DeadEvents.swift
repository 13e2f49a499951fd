import ArgumentParser
import Contracts
import PlainText
import ServiceKit
import Vocabulary

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

extension TextTable {
    fileprivate mutating func add(_ letter: DeadLetter, of producer: String) {
        add(
            letter.eventID, letter.eventType, letter.aggregateID, producer, letter.subscriber, letter.reason,
            letter.diedAt?.instant?.rfc3339 ?? "")
    }
}
