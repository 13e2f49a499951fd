import NotificationRules

/// Hands letters over to whatever brings them to people.
protocol Transport: Sendable {
    /// How many letters it is best handed over at the same time.
    var lettersAtOnce: Int { get }

    /// At least once: who takes letters knows one that comes again by its id.
    ///
    /// What comes back is kept with the notification and shown to staff, so it holds nothing of the letter.
    func handOver(_ letter: Letter) async -> Handover
}

/// A transport to which many letters cost little more than one.
protocol BatchTransport: Transport {
    /// What came of each letter, in their order.
    func handOver(_ letters: [Letter]) async -> [Handover]
}

extension Transport {
    /// Enough to hide how long others take to answer, and few enough for one of them.
    var lettersAtOnce: Int { 8 }
}
