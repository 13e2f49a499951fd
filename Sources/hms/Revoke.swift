import ArgumentParser
import ServiceKit

/// `hms revoke`
struct Revoke: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Refuses every token of somebody that was issued until now.",
        discussion: """
            All parts of the hospital hear of it within a second, and remember it. Tokens that are issued later are accepted again: an \
            account is closed where it is kept.

            EXAMPLES
              hms revoke doc_01hv…
              hms revoke --data /srv/clinic reception-2
            """)

    @OptionGroup var data: DataOption

    @Argument(help: ArgumentHelp("Whose tokens: the subject (sub) that they name.", valueName: "subject"))
    var subject: String

    func validate() throws {
        guard (1...255).contains(subject.utf8.count) else { throw ValidationError("A subject has 1 to 255 bytes.") }
    }

    func run() throws {
        try TokenRevocation.revoke(subject: subject, try data.configuration().identity)
        Output.print("No token of \(subject) that was issued until now is accepted any more.")
    }
}
