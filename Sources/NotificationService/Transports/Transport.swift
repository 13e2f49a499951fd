import NotificationRules

/// Hands letters over to whatever brings them to people.
protocol Transport: Sendable {
    /// At least once: who takes letters knows one that comes again by its id.
    ///
    /// What comes back is kept with the notification and shown to staff, so it holds nothing of the letter.
    func handOver(_ letter: Letter) async -> Handover
}
