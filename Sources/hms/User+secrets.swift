import ArgumentParser
import ServiceKit
import SignIn

extension User {
    /// `hms user set-password`
    struct SetPassword: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a password that a user uses once, to choose his own, and ends his sessions.")

        @OptionGroup var data: DataOption
        @Argument(help: "Whose.") var name: String

        func run() throws {
            NewPassword.show(try UserFile(try data.configuration().signIn.usersFile).setOneTimePassword(of: name), of: name)
        }
    }

    /// `hms user totp`
    struct TOTP: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "totp", abstract: "Gives a user a second factor: codes of an app (TOTP), and ten on paper. His sessions end.",
            discussion: "Where he has one already, the new one takes its place. It is shown once.")

        @OptionGroup var data: DataOption
        @Argument(help: "Whose.") var name: String
        @Flag(help: "Take it away instead, as when the telephone is lost and the paper too.") var remove = false

        func run() throws {
            let file = UserFile(try data.configuration().signIn.usersFile)
            if remove {
                try file.removeSecondFactor(of: name)
                Output.print("\(name) has a password alone.")
                return
            }
            let enrolment = try file.enrolSecondFactor(of: name)
            Output.print(
                """
                For \(name)'s app, as a link or typed:

                  \(enrolment.link)
                  \(enrolment.secret)

                For paper, each good once in place of the app's code:

                \(enrolment.recoveryCodes.map { "  \($0)" }.joined(separator: "\n"))

                """)
        }
    }
}
