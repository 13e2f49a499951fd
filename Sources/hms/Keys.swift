import Archive
import ArgumentParser
import ServiceKit
import Supervision

/// `hms keys`
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The keys that sign tokens, and those that open backups.", subcommands: [Rotate.self, ForBackups.self])

    /// `hms keys rotate`
    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives the hospital and its services new keys to sign tokens with, and to seal secrets with, while they run.",
            discussion: """
                Secrets of webhooks are sealed anew within a minute; the keys of before stay, because older backups need them.
                Tokens that were signed before are good for some time yet. After a key was stolen, --keep 0s refuses them at once; callers \
                then need new tokens; services sign with their new keys before, so that what runs goes on. Secrets of second factors are \
                sealed anew by who writes the file of users five minutes later. Where keys are handed to other machines, --pause is how long \
                the new public ones need until everybody has them: nobody signs with the private ones before.

                EXAMPLES
                  hms keys rotate
                  hms keys rotate --data /srv/clinic --keep 12h
                  hms keys rotate --data /srv/authority --pause 10m
                """)

        @OptionGroup var data: DataOption

        @Option(help: ArgumentHelp("How long tokens of the old keys are still accepted: 0s, 12h, 7d.", valueName: "time"))
        var keep = "7d"

        @Option(help: ArgumentHelp("How long everybody has to read the new public keys: 3s, 10m.", valueName: "time"))
        var pause = "3s"

        private var keeping: Duration? { keep == "0s" ? .zero : TimeToLive(keep)?.duration }

        func validate() throws {
            guard TimeToLive(pause) != nil else { throw ValidationError("--pause must be a number and s, m, h or d, at most 365d.") }
            guard keeping != nil else { throw ValidationError("--keep must be 0s, or a number and s, m, h or d, at most 365d.") }
        }

        func run() async throws {
            guard let keeping, let pause = TimeToLive(pause)?.duration else { return }
            let identity = try data.configuration().identity
            try await KeyRotation(of: HospitalServices.names, identity).run(keeping: keeping, pause: pause)
            try SealingKeyFile(identity.sealingKeyFile).rotate()
            Output.print("There are new keys. Tokens of the old ones are accepted for \(keep).")
        }
    }

    /// `hms keys backup`
    struct ForBackups: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "backup", abstract: "Makes a pair of keys: one that backups are encrypted to, and one that opens them.",
            discussion: """
                Writes NAME.pub, which “hms backup --to-key” takes, and NAME.key, which “hms restore --key” takes. Keep the second \
                where the hospital burns down without it, and away from the backups: without it they can't be read by anybody.

                EXAMPLES
                  hms keys backup --out backup
                """)

        @Option(help: ArgumentHelp("Where the files go, without .pub and .key.", valueName: "name"))
        var out = "backup"

        func run() throws {
            try BackupKey.make().write(private: "\(out).key", public: "\(out).pub")
            Output.print("\(out).pub encrypts backups, \(out).key opens them: keep it elsewhere.")
        }
    }
}
