import ArgumentParser
import Foundation
import PlainText
import ServiceKit

/// `hms doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Looks at the machine and the installation of a hospital, and says what to do about what it finds.",
        discussion: """
            Looks at SQLite's version, the machine's clock, files and permissions of the data folder, its disk, databases, what was \
            left behind, keys and who may read them, lists of users and revoked tokens, certificates and tokens that expire, and, where a hospital runs, at each of its parts: whether it \
            answers, its version, its clock and whether it can store anything. Nothing is changed. What is in the data is looked at \
            by “hms check”.

            The status is 0 where nothing is wrong, warnings included, and 1 where something is.

            EXAMPLES
              hms doctor
              hms doctor --data /srv/clinic --json
            """)

    @OptionGroup var data: DataOption

    @OptionGroup var token: TokenOption

    @Flag(help: "One JSON document: a list of findings.")
    var json = false

    func run() async throws {
        let findings = await Examination(data, token).findings()
        Output.print(try json ? Self.document(of: findings) : Self.text(of: findings))
        if findings.contains(where: { $0.verdict == .wrong }) { throw ExitCode(1) }
    }

    private static func document(of findings: [DoctorFinding]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(findings), as: UTF8.self)
    }

    private static func text(of findings: [DoctorFinding]) -> String {
        var table = TextTable("VERDICT", "WHAT", "FINDING")
        for finding in findings { table.add(finding.verdict.rawValue, finding.subject, finding.finding) }
        let advice = findings.filter { $0.verdict != .fine }.map { "\($0.subject): \($0.remedy)" }
        return ([table.description] + (advice.isEmpty ? [] : ["What to do:\n" + advice.joined(separator: "\n")])).joined(separator: "\n\n")
    }
}
