import ArgumentParser

/// `hms events`
struct Events: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Follows what happens in a hospital; shows events that services refused too often, and sends them again.",
        discussion: """
            A service tells others what has happened in it: a visit that is completed brings a bill. What the other refuses eight \
            times is a dead letter: it is kept, and nothing comes of it until somebody has mended why and revives it. Services \
            that are away, or fail, refuse nothing: what they are to hear waits by itself.

            EXAMPLES
              hms events tail --type appointment.booked
              hms events dead
              hms events revive --service billing --all
              hms events revive evt_01hv…
            """,
        subcommands: [TailEvents.self, DeadEvents.self, RevivedEvents.self])
}
