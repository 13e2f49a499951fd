import ArgumentParser
import PlainText
import ServiceKit
import SignIn

/// `hms user`
struct User: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The people who sign in with a password of this hospital's own.",
        discussion: """
            They are in DATA/keys/users.json, of their passwords only hashes (scrypt). A running hospital hears of a change within a second.

            EXAMPLES
              hms user add asha --role reception
              hms user add meera --role doctor --doctor-id doc_01hv…
              hms user list
              hms user set-password asha        # prints one to be used once
              hms user totp root                # a second factor
              hms user seal                     # its secrets, before their time
              hms user disable asha
            """,
        subcommands: [
            Add.self, List.self, Passwd.self, SetPassword.self, TOTP.self, Seal.self, Disable.self, Enable.self, Unlock.self,
        ])

    /// `hms user add`
    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a user. The password is asked for at the terminal, or is the first line of standard input.")

        @OptionGroup var data: DataOption
        @Argument(help: "What he signs in with: letters, digits and . _ @ -") var name: String
        @Option(help: "What he may do: reception, doctor, billing or admin.") var role: String
        @Option(help: ArgumentHelp("Who a doctor is.", valueName: "id")) var doctorID: String?
        @Flag(help: "Make a password that he uses once, to choose his own.") var oneTime = false

        func validate() throws {
            guard let role = CallerRole.person(role) else { throw ValidationError("--role must be reception, doctor, billing or admin.") }
            guard (role == .doctor) == (doctorID != nil) else {
                throw ValidationError("--doctor-id is needed with --role doctor, and with no other.")
            }
            guard UserAccount.name(name) != nil else { throw ValidationError(UserRefusal.badName(name).description) }
        }

        func run() throws {
            guard let role = CallerRole.person(role) else { return }
            let file = UserFile(try data.configuration().signIn)
            if try file.read().contains(where: { $0.name == UserAccount.name(name) }) { throw UserRefusal.exists(name) }
            if oneTime {
                try NewPassword.show(file.addWithOneTimePassword(name, role: role, doctorID: doctorID), of: name)
                return
            }
            try file.add(name, role: role, doctorID: doctorID, password: try NewPassword.read(for: name))
            Output.print("\(name) can sign in.")
        }
    }

    /// `hms user list`
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows who can sign in, and as what.")

        @OptionGroup var data: DataOption

        func run() throws {
            var table = TextTable("NAME", "ROLE", "SUBJECT", "SECOND FACTOR", "STATE")
            for user in try UserFile(try data.configuration().signIn).read().sorted(by: { $0.name < $1.name }) {
                table.add(user.name, user.role.rawValue, user.subject, secondFactor(of: user), state(of: user))
            }
            Output.print("\(table)")
        }

        private func secondFactor(of user: UserAccount) -> String {
            user.secondFactor.map { "totp, \($0.recoveryCodesLeft) codes on paper" } ?? ""
        }

        private func state(of user: UserAccount) -> String {
            if user.isDisabled { return "disabled" }
            return user.oneTimeUntil == nil ? "" : "has to choose a password"
        }
    }

    /// `hms user passwd`
    struct Passwd: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives a user a new password, from the terminal or standard input, and ends his sessions.")

        @OptionGroup var data: DataOption
        @Argument(help: "Whose.") var name: String

        func run() throws {
            let file = UserFile(try data.configuration().signIn)
            guard try file.read().contains(where: { $0.name == UserAccount.name(name) }) else { throw UserRefusal.unknown(name) }
            try file.setPassword(of: name, try NewPassword.read(for: name))
            Output.print("\(name) has a new password.")
        }
    }

    /// `hms user disable`
    struct Disable: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lets a user sign in no more, and ends his sessions.")

        @OptionGroup var data: DataOption
        @Argument(help: "Whom.") var name: String

        func run() throws {
            try UserFile(try data.configuration().signIn).setDisabled(true, name)
            Output.print("\(name) can't sign in any more.")
        }
    }

    /// `hms user enable`
    struct Enable: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lets a user sign in again who was disabled.")

        @OptionGroup var data: DataOption
        @Argument(help: "Whom.") var name: String

        func run() throws {
            try UserFile(try data.configuration().signIn).setDisabled(false, name)
            Output.print("\(name) can sign in again.")
        }
    }

    /// `hms user unlock`
    struct Unlock: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets a user try again at once who has to wait after wrong passwords.")

        @OptionGroup var data: DataOption
        @Argument(help: "Whom.") var name: String

        func run() throws {
            try UserFile(try data.configuration().signIn).unlock(name)
            Output.print("\(name) can try again.")
        }
    }
}
