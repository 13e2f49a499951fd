import ArgumentParser
import Foundation
import SignIn

/// A password that somebody chooses: never an argument, which others see in a list of processes.
enum NewPassword {
    /// Typed twice without being shown, or the first line of standard input.
    static func read(for name: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine(strippingNewline: true) else { throw ValidationError("Standard input holds no password.") }
            return line
        }
        let lengths = PasswordPolicy.lengths
        let password = try ask("New password of \(name) (\(lengths.lowerBound) to \(lengths.upperBound) characters, any of them): ")
        if let refusal = PasswordPolicy.refusal(of: password, for: name) { throw ValidationError(refusal) }
        guard try ask("Once more: ") == password else { throw ValidationError("Those are two passwords.") }
        return password
    }

    /// One that was made, for whoever brings it to its owner.
    static func show(_ password: String, of name: String) throws {
        try Output.deliver("\(name) signs in once with this password, within three days, and chooses his own then:\n\n  \(password)\n")
    }

    private static func ask(_ question: String) throws -> String {
        FileHandle.standardError.write(Data(question.utf8))
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else { throw ValidationError("The terminal can't be kept from showing the password.") }
        var silent = shown
        silent.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else {
            throw ValidationError("The terminal can't be kept from showing the password.")
        }
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            FileHandle.standardError.write(Data("\n".utf8))
        }
        guard let line = readLine(strippingNewline: true) else { throw ValidationError("No password was typed.") }
        return line
    }
}
