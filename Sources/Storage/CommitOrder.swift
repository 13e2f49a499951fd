extension Transaction {
    /// Has the writes that name the same rows end one after the other, from here on: whoever reads these rows in the order of their
    /// `seq` never sees one before another that has a smaller one. With SQLite, which has one writer, they do anyhow.
    public func takeTurn(at rows: String) throws {
        guard dialect == .postgres else { return }
        try enqueue("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", [.text("hms turns of \(rows)")])
    }
}
