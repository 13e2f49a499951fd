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
            try NewPassword.show(UserFile(data.configuration().signIn).setOneTimePassword(of: name), of: name)
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
            let configuration = try data.configuration()
            let file = UserFile(configuration.signIn)
            if remove {
                try file.removeSecondFactor(of: name)
                Output.print("\(name) has a password alone.")
                return
            }
            try configuration.findOrMakeSealingKey(for: file)
            let enrolment = try file.enrolSecondFactor(of: name)
            try Output.deliver(
                """
                For \(name)'s app, as a link or typed:

                  \(enrolment.link)
                  \(enrolment.secret)

                For paper, each good once in place of the app's code:

                \(enrolment.recoveryCodes.map { "  \($0)" }.joined(separator: "\n"))

                """)
        }
    }

    /// `hms user seal`
    struct Seal: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Closes the secrets of second factors in the file of users now, or opens them for a version before.",
            discussion: """
                They are closed whenever the file is written, by the key in DATA/keys/sealing.json; in a file that an older version has \
                written, only after a day, within which that version can be gone back to.
                """)

        @OptionGroup var data: DataOption
        @Flag(help: "Open them, for a version that reads no others. They stay open for a day.") var open = false

        func run() throws {
            let configuration = try data.configuration()
            let file = UserFile(configuration.signIn)
            if open {
                try file.openSecrets()
                Output.print("The secrets of second factors are open for a day.")
                return
            }
            try configuration.findOrMakeSealingKey(for: file)
            let (sealed, others) = try file.sealSecrets()
            Output.print("\(sealed) secrets of second factors are sealed.")
            guard others == 0 else {
                Output.print("\(others) can't be opened: put the file of keys back that was there, or make new ones with hms user totp.")
                throw ExitCode.failure
            }
        }
    }
}

extension HospitalConfiguration {
    /// None is made where one is gone: the file that is put back would take its place. Nor where an authority hands it out.
    fileprivate func findOrMakeSealingKey(for users: UserFile) throws {
        let keys = SealingKeyFile(identity.sealingKeyFile)
        guard try !SecretSeal(keys).hasKey() else { return }
        if try users.holdsSealedSecrets() { throw SealingKeyGone(path: keys.path) }
        try keys.findOrMake()
    }
}

/// The file of keys is not there, by which secrets were closed.
private struct SealingKeyGone: Error, CustomStringConvertible {
    let path: String

    var description: String {
        "\(path) is gone, whose keys close the secrets of second factors: put it back, as out of a backup. Where it is lost, hms keys rotate "
            + "makes another, and hms user totp everybody's second factor anew."
    }
}
