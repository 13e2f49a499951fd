import ArgumentParser
import Foundation
import ServiceKit

/// A caller's token, as every command takes it. One that stands in a file or in `HMS_TOKEN` is not shown by a list of
/// processes.
struct TokenOption: ParsableArguments {
    @Option(help: "The caller's token, instead of one signed with the data folder's key. Others can see it in a list of processes.")
    var token: String?

    @Option(help: ArgumentHelp("A file that holds the caller's token (environment: HMS_TOKEN holds the token itself).", valueName: "file"))
    var tokenFile: String?

    /// A token is a few hundred bytes long.
    private static let limitBytes = 16 * 1024

    func validate() throws {
        guard token == nil || tokenFile == nil else { throw ValidationError("Give the token by --token or by --token-file, not by both.") }
    }

    /// The token that was given, the flags first; nil where none was.
    func given() throws -> String? {
        if let token { return token }
        if let tokenFile { return try Self.read(tokenFile) }
        return ProcessInfo.processInfo.environment[Settings.tokenVariable].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func read(_ path: String) throws -> String {
        guard let file = FileHandle(forReadingAtPath: path) else { throw ValidationError("--token-file: can't read \(path).") }
        let text = String(decoding: try file.read(upToCount: limitBytes) ?? Data(), as: UTF8.self)
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !token.isEmpty else { throw ValidationError("--token-file: \(path) holds no token.") }
        return token
    }
}
